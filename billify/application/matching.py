"""Reconciliation: bank lines find their invoices; a person accepts, splits, rejects, undoes.

What is sure is booked by `propose` itself, with its evidence; for the rest proposals wait. Every
booking is an allocation that can be undone, and what was undone or rejected does not come back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from billify.application import audit, jobs, live, matching_case, settlements
from billify.data.db import before_commit, transaction
from billify.data.models import Allocation, BankTransaction, Invoice
from billify.data.queries import matching as queries
from billify.data.queries import matching_case as unsettled
from billify.domain import matching
from billify.domain.banking import WAITING, MatchState
from billify.domain.matching import Match, MatchKind
from billify.domain.matching.settling import Part
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Right

MOST_NEW = 10_000
MOST_OTHERS = 2_000
"""So many lines that were looked at before are looked at again, since an invoice may have come."""
LOOK_BACK = timedelta(days=400)
RECENT = timedelta(days=120)
ZERO = Decimal(0)
JOB = "matching.propose"
_CLOSING = (MatchKind.ROUNDING, MatchKind.AGREED_DISCOUNT)
"""Kinds in which the little that is left open is nobody's to ask: it is written off at once."""


@dataclass(slots=True)
class Counted:
    """What a run of the matcher came to."""

    looked_at: int = 0
    booked: int = 0
    proposed: int = 0
    transfers: int = 0
    unexplained: list[UUID] = field(default_factory=list)
    """Lines without a likely proposal: for the rules that a person made."""


def ask() -> None:
    """Have the lines looked at after this transaction: something has changed."""
    before_commit(JOB, _ring)


def catch_up(*, now: datetime, today: date) -> Counted | None:
    """Look at the lines, unless another job that is due will: it sees all that this one would."""
    with transaction():
        if queries.is_asked_again(JOB, now):
            return None
    return propose(today=today)


def propose(*, today: date) -> Counted:
    """Look at every line that nothing explains yet, book what is sure, propose the rest."""
    counted = Counted()
    with transaction():
        queries.take_turn()
        queries.mark_settled()
        lines = unsettled.waiting(new=MOST_NEW, others=MOST_OTHERS)
        if not lines:
            return counted
        cases = matching_case.by_currency(
            lines, settled_since=today - LOOK_BACK, earlier_since=today - RECENT
        )
        matches = [one for case in cases for one in matching.match(case)]
        counted.looked_at = len(matches)
        _write(matches, counted)
        if len(lines) >= MOST_NEW:
            ask()
        live.touch(*settlements.TOPICS)
    return counted


def verify() -> list[str]:
    """Open amounts that do not follow from what settles the invoice, in words."""
    return [
        f"invoice {key}: {kept} is kept as open, its payments leave {truth}"
        for key, kept, truth in queries.differences()
    ]


def accept(*, line_id: UUID, rank: int, by: Actor, writes_off: bool = False) -> BankTransaction:
    """Book a proposal; with `writes_off` the small rest it leaves is let go."""
    _require(by)
    with transaction():
        line = _waiting_line(line_id)
        proposal = next((one for one in _proposals(line_id) if one.rank == rank), None)
        if proposal is None:
            raise Refusal(N_("This proposal is no longer there. Look at the line again."))
        parts = [Part(invoice, Decimal(amount)) for invoice, amount in proposal.links]
        if writes_off:
            parts = settlements.with_rest(parts)
        evidence = {
            "kind": proposal.kind,
            "probability": str(proposal.probability),
            "reasons": proposal.evidence,
        }
        settlements.settle(line=line, parts=parts, evidence=evidence, by=by)
    return line


def settle(*, line_id: UUID, parts: Sequence[Part], by: Actor) -> BankTransaction:
    """Book what a person chose: one line over several invoices, in parts, with a write-off."""
    _require(by)
    with transaction():
        line = _line(line_id)
        evidence = {"kind": "by_hand", "reasons": []}
        settlements.settle(line=line, parts=parts, evidence=evidence, by=by)
    return line


def reject(*, line_id: UUID, rank: int, by: Actor) -> BankTransaction:
    """Refuse a proposal: its invoices are never proposed for this line again."""
    _require(by)
    with transaction():
        line = _waiting_line(line_id)
        proposals = _proposals(line_id)
        refused = next((one for one in proposals if one.rank == rank), None)
        if refused is None:
            raise Refusal(N_("This proposal is no longer there. Look at the line again."))
        invoices = {invoice for invoice, _ in refused.links}
        queries.reject(line_id, map(UUID, sorted(invoices)), by.user_id, datetime.now(UTC))
        gone = [one.rank for one in proposals if invoices & {link[0] for link in one.links}]
        queries.drop_proposals(line_id, ranks=gone)
        if len(gone) == len(proposals):
            line.match_state = MatchState.UNMATCHED
        audit.record("match.rejected", line, by=by, after={"invoices": sorted(invoices)})
        ask()
        live.touch("bank")
    return line


def undo(*, line_id: UUID, by: Actor) -> BankTransaction:
    """Take back what a line settled. The evidence stays, and it is not proposed again."""
    _require(by)
    with transaction():
        line = _line(line_id)
        rows = queries.allocations(line_id)
        if line.match_state is MatchState.TRANSFER:
            freed = queries.part_transfer(line_id) or [line_id]
            queries.set_state(freed, MatchState.SET_ASIDE)
        elif not rows:
            raise Refusal(N_("This bank line settles no invoice."))
        invoices = queries.lock_invoices({row.invoice_id for row in rows})
        for row in rows:
            settlements.take_back(row=row, invoice=invoices[row.invoice_id], line=line)
        if rows:
            line.match_state = MatchState.UNMATCHED
            queries.reject(line_id, sorted(invoices), by.user_id, datetime.now(UTC))
        audit.record("match.undone", line, by=by, before=_told(rows, invoices))
        ask()
        live.touch(*settlements.TOPICS)
    return line


def set_aside(*, line_ids: Sequence[UUID], by: Actor, category_id: UUID | None = None) -> int:
    """Say that lines need no invoice, and what they were for; says how many were changed."""
    _require(by)
    with transaction():
        lines = queries.lock_lines(line_ids)
        waiting = [one for one in lines.values() if one.match_state in WAITING]
        for line in waiting:
            line.match_state, line.category_id = MatchState.SET_ASIDE, category_id
            queries.drop_proposals(line.id)
            audit.record("line.set_aside", line, by=by, after={"category": category_id})
        live.touch("bank")
    return len(waiting)


def take_up(*, line_id: UUID, by: Actor) -> BankTransaction:
    """Look for invoices of a line that was set aside."""
    _require(by)
    with transaction():
        line = _line(line_id)
        if line.match_state is not MatchState.SET_ASIDE:
            raise Refusal(N_("This bank line was not set aside."))
        line.match_state, line.category_id, line.rule_run_id = MatchState.NEW, None, None
        audit.record("line.taken_up", line, by=by)
        ask()
        live.touch("bank")
    return line


def _ring() -> None:
    jobs.later("matching.propose")


def _write(matches: Sequence[Match], counted: Counted) -> None:
    """Book what is sure and keep proposals of the rest, in few statements."""
    transfers = [one for one in matches if one.kind is MatchKind.TRANSFER]
    sure = [one for one in matches if one.is_sure and one.best]
    booked = _book(sure)
    counted.transfers, counted.booked = len(transfers), len(booked)
    _keep_transfers(transfers)
    rest = [
        one for one in matches
        if one.kind is not MatchKind.TRANSFER and UUID(one.movement_id) not in booked
    ]  # fmt: skip
    proposed = [one for one in rest if one.proposals]
    rows = [
        matching_case.proposal_row(line_id=UUID(one.movement_id), rank=rank, one=each)
        for one in proposed for rank, each in enumerate(one.proposals)
    ]  # fmt: skip
    queries.replace_proposals([UUID(one.movement_id) for one in matches], rows)
    counted.proposed = len(proposed)
    counted.unexplained = [UUID(one.movement_id) for one in rest if one.best is None]
    queries.set_state([UUID(one.movement_id) for one in proposed], MatchState.PROPOSED)
    unknown = [UUID(one.movement_id) for one in rest if not one.proposals]
    queries.set_state(unknown, MatchState.UNMATCHED)


def _book(sure: Sequence[Match]) -> set[UUID]:
    """Write sure matches down, oldest first; one that no longer fits stays a proposal."""
    lines = queries.lock_lines(UUID(one.movement_id) for one in sure)
    invoices = queries.lock_invoices(
        {UUID(link.invoice_id) for one in sure if one.best for link in one.best.links}
    )
    booked: set[UUID] = set()
    for one in sure:
        line, proposal = lines.get(UUID(one.movement_id)), one.best
        if line is None or proposal is None or line.match_state not in WAITING:
            continue
        parts = [Part(link.invoice_id, link.amount) for link in proposal.links]
        if proposal.kind in _CLOSING:
            parts = settlements.rest_of(parts=parts, invoices=invoices)
        try:
            settlements.settle(
                line=line,
                parts=parts,
                evidence=matching_case.evidence(proposal),
                by=None,
                invoices=invoices,
                left=line.amount,
            )
        except Refusal:
            continue
        booked.add(line.id)
    return booked


def _keep_transfers(found: Sequence[Match]) -> None:
    ids = [UUID(one.movement_id) for one in found]
    lines = queries.lock_lines(ids)
    pairs = {
        (one.movement_id, one.pair)
        for one in found
        if one.pair and lines[UUID(one.movement_id)].amount < 0
    }
    queries.join_transfers(
        [(UUID(out), UUID(into)) for out, into in sorted(pairs)], datetime.now(UTC)
    )
    queries.set_state(ids, MatchState.TRANSFER)


def _told(rows: Iterable[Allocation], invoices: Mapping[UUID, Invoice]) -> dict[str, object]:
    """What was taken back, for the audit log."""
    return {"parts": [[invoices[row.invoice_id].number, row.amount] for row in rows]}


def _proposals(line_id: UUID) -> Sequence[Any]:  # Any: rows of proposals
    return queries.proposals([line_id]).get(line_id, [])


def _waiting_line(line_id: UUID) -> BankTransaction:
    line = _line(line_id)
    if line.match_state not in WAITING:
        raise Refusal(N_("This bank line has been dealt with already."))
    return line


def _line(line_id: UUID) -> BankTransaction:
    line = queries.lock_lines([line_id]).get(line_id)
    if line is None:
        raise NotFound
    return line


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
