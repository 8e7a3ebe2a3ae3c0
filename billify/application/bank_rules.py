"""Rules for bank lines: made by a person, tried before they count, logged, taken back.

The first rule that fits a line has it. A rule never touches a line that settles an invoice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from billify.application import audit, live, matching
from billify.data.db import transaction
from billify.data.models import BankRule, BankRuleRun, BankTransaction, Category
from billify.data.queries import bank_rules as queries
from billify.data.queries import matching as matches
from billify.domain import bank_rules as rules
from billify.domain.banking import Flow, MatchState
from billify.domain.categories import CATEGORIES
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Right


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule as a person describes it."""

    words: str
    category_id: UUID
    flow: Flow = Flow.ANY
    account_id: UUID | None = None
    needs_invoice: bool = False
    is_active: bool = True


def ensure_categories() -> Sequence[Category]:
    """The company's categories; the default set when it has none yet."""
    with transaction() as session:
        found = queries.categories()
        if not found:
            matches.take_turn()
            found = queries.categories()
        if not found:
            session.add_all(
                Category(code=code, name=name, position=at)
                for at, (code, name) in enumerate(CATEGORIES, 1)
            )
            session.flush()
            found = queries.categories()
    return found


def add(*, wanted: Wanted, by: Actor) -> BankRule:
    """Add a rule behind the others; it does nothing to lines until it is run or new ones come."""
    _require(by)
    with transaction() as session:
        row = BankRule(position=queries.last_position() + 1, made_by=by.user_id)
        _fill(row, wanted)
        session.add(row)
        session.flush()
        audit.record("rule.added", row, by=by, after=_facts(row))
    return row


def change(*, rule_id: UUID, wanted: Wanted, by: Actor) -> BankRule:
    """Change a rule; what it did before stays until that is taken back."""
    _require(by)
    with transaction():
        row = _rule(rule_id)
        before = _facts(row)
        _fill(row, wanted)
        audit.record("rule.changed", row, by=by, before=before, after=_facts(row))
    return row


def drop(*, rule_id: UUID, by: Actor) -> BankRule:
    """Delete a rule that was never used; the log keeps the others."""
    _require(by)
    with transaction() as session:
        row = _rule(rule_id)
        if queries.has_runs(rule_id):
            raise Refusal(N_("This rule has been used. Switch it off: the log keeps what it did."))
        audit.record("rule.removed", row, by=by, before=_facts(row))
        session.delete(row)
    return row


def put_in_order(*, rule_ids: Sequence[UUID], by: Actor) -> None:
    """Say in which order the rules are tried. Refuses a list that is not all of them."""
    _require(by)
    with transaction():
        found = {row.id: row for row in queries.lock_rules()}
        if len(rule_ids) != len(found) or set(rule_ids) != set(found):
            raise Refusal(N_("The rules have changed meanwhile. Look at them again."))
        for position, rule_id in enumerate(rule_ids, 1):
            found[rule_id].position = position
        for row in found.values():
            audit.record("rule.moved", row, by=by, after={"position": row.position})


def preview(*, wanted: Wanted) -> list[BankTransaction]:
    """The waiting lines a rule would change, the newest first; nothing is written."""
    rule = rules.Rule(
        id="",
        words=rules.words(wanted.words),
        category_id=str(wanted.category_id),
        flow=wanted.flow,
        account_id=str(wanted.account_id) if wanted.account_id else None,
    )
    return [row for row in queries.waiting() if rules.fits(rule, _line(row))]


def run(*, rule_id: UUID, by: Actor) -> BankRuleRun | None:
    """Use a rule on the lines that wait; None when it fits none."""
    _require(by)
    with transaction():
        matches.take_turn()
        rule = _rule(rule_id)
        fitting = [row for row in queries.waiting() if rules.fits(_value(rule), _line(row))]
        return _use(rule, [row.id for row in fitting], by)


def explain_lines(*, now: datetime) -> None:
    """Find the invoices of new bank lines, then let the rules have what is left."""
    looked_at = matching.catch_up(now=now, today=now.date())
    if looked_at is not None:
        use_all(line_ids=looked_at.unexplained)


def use_all(*, line_ids: Sequence[UUID]) -> int:
    """Use every active rule on lines that the matcher could not explain; says on how many."""
    active = {str(row.id): row for row in queries.rules(only_active=True)}
    if not active or not line_ids:
        return 0
    with transaction():
        lines = [_line(row) for row in queries.waiting(line_ids)]
        sorted_out = rules.sort_out(lines, rules=[_value(row) for row in active.values()])
        for key, found in sorted_out.items():
            _use(active[key], [UUID(one.id) for one in found], None)
    return sum(map(len, sorted_out.values()))


def undo(*, run_id: UUID, by: Actor) -> int:
    """Take a use of a rule back; says how many lines are free again."""
    _require(by)
    with transaction():
        row = queries.lock_run(run_id)
        if row is None:
            raise NotFound
        if row.undone_at is not None:
            raise Refusal(N_("This was taken back already."))
        row.undone_at = datetime.now(UTC)
        count = queries.free_lines(run_id)
        rule = _rule(row.rule_id)
        rule.is_active = False
        audit.record("rule.undone", rule, by=by, before={"lines": row.count})
        matching.ask()
        live.touch("bank")
    return count


def _use(rule: BankRule, line_ids: Sequence[UUID], by: Actor | None) -> BankRuleRun | None:
    if not line_ids:
        return None
    with transaction() as session:
        row = BankRuleRun(rule_id=rule.id, count=len(line_ids), made_by=by.user_id if by else None)
        session.add(row)
        session.flush()
        state = None if rule.needs_invoice else MatchState.SET_ASIDE
        queries.mark(line_ids, run_id=row.id, category_id=rule.category_id, state=state)
        if state is not None:
            matches.replace_proposals(line_ids, [])
        audit.record("rule.used", rule, by=by, after={"lines": len(line_ids)})
        live.touch("bank")
    return row


def _fill(row: BankRule, wanted: Wanted) -> None:
    if queries.category(wanted.category_id) is None:
        raise Refusal(N_("Choose a category."))
    row.words = rules.words(wanted.words)
    row.category_id, row.flow = wanted.category_id, wanted.flow
    row.account_id, row.needs_invoice = wanted.account_id, wanted.needs_invoice
    row.is_active = wanted.is_active


def _value(row: BankRule) -> rules.Rule:
    return rules.Rule(
        id=str(row.id),
        words=row.words,
        category_id=str(row.category_id),
        flow=row.flow,
        account_id=str(row.account_id) if row.account_id else None,
        needs_invoice=row.needs_invoice,
    )


def _line(row: BankTransaction) -> rules.Line:
    return rules.Line(
        id=str(row.id),
        account_id=str(row.account_id),
        amount=row.amount,
        name=row.counterparty_name,
        text=row.remittance_information,
    )


def _rule(rule_id: UUID) -> BankRule:
    found = next((row for row in queries.lock_rules() if row.id == rule_id), None)
    if found is None:
        raise NotFound
    return found


def _facts(row: BankRule) -> dict[str, object]:
    return {
        "words": row.words,
        "category": row.category_id,
        "flow": row.flow,
        "needs_invoice": row.needs_invoice,
        "is_active": row.is_active,
    }


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
