"""Categories, rules for bank lines, and the uses of them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from billify.data.db import db
from billify.data.models import BankRule, BankRuleRun, BankTransaction, Category, User
from billify.domain.banking import WAITING, MatchState, MovementState

MOST = 500
MOST_LINES = 12_000
AT_ONCE = 5_000


def categories() -> Sequence[Category]:
    """The company's categories in their order."""
    return db.session.scalars(
        select(Category).order_by(Category.position, Category.id).limit(MOST)
    ).all()


def category(category_id: UUID) -> Category | None:
    """One category."""
    return db.session.scalars(select(Category).where(Category.id == category_id)).one_or_none()


def rules(*, only_active: bool = False) -> Sequence[BankRule]:
    """The rules in their order."""
    query = select(BankRule).order_by(BankRule.position, BankRule.id).limit(MOST)
    return db.session.scalars(query.where(BankRule.is_active) if only_active else query).all()


def lock_rules() -> Sequence[BankRule]:
    """All rules, locked until the commit, in their order."""
    return db.session.scalars(
        select(BankRule)
        .order_by(BankRule.position, BankRule.id)
        .limit(MOST)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def last_position() -> int:
    """The position of the last rule; 0 when there is none."""
    return db.session.scalar(select(func.max(BankRule.position))) or 0


def waiting(line_ids: Iterable[UUID] | None = None) -> Sequence[BankTransaction]:
    """Booked lines that nothing explains yet, the newest first; of some keys when given."""
    query = select(BankTransaction).where(
        BankTransaction.match_state.in_(WAITING),
        BankTransaction.state == MovementState.BOOKED,
    )
    if line_ids is not None:
        query = query.where(BankTransaction.id.in_(list(line_ids)))
    newest = (BankTransaction.booked_on.desc(), BankTransaction.id.desc())
    return db.session.scalars(query.order_by(*newest).limit(MOST_LINES)).all()


def mark(
    line_ids: Sequence[UUID], *, run_id: UUID, category_id: UUID, state: MatchState | None
) -> None:
    """Give lines the category of a rule and, when it says so, set them aside."""
    values: dict[str, object] = {"category_id": category_id, "rule_run_id": run_id}
    if state is not None:
        values["match_state"] = state
    for at in range(0, len(line_ids), AT_ONCE):
        db.session.execute(
            update(BankTransaction)
            .where(BankTransaction.id.in_(line_ids[at : at + AT_ONCE]))
            .values(values)
            .execution_options(synchronize_session="fetch")
        )


def lock_run(run_id: UUID) -> BankRuleRun | None:
    """One use of a rule, locked until the commit."""
    return db.session.scalars(
        select(BankRuleRun)
        .where(BankRuleRun.id == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def runs(*, most: int = 50) -> Sequence[BankRuleRun]:
    """The last uses of rules, the newest first."""
    return db.session.scalars(select(BankRuleRun).order_by(BankRuleRun.id.desc()).limit(most)).all()


def has_runs(rule_id: UUID) -> bool:
    """Whether a rule was ever used."""
    found = select(BankRuleRun.id).where(BankRuleRun.rule_id == rule_id).limit(1)
    return db.session.scalar(found) is not None


def uses(*, most: int = 50) -> list[tuple[BankRuleRun, str, str | None]]:
    """The last uses of rules, the newest first, with the rule's words and who used it."""
    rows = db.session.execute(
        select(BankRuleRun, BankRule.words, User.name)
        .join(BankRule, BankRule.id == BankRuleRun.rule_id)
        .outerjoin(User, User.id == BankRuleRun.made_by)
        .order_by(BankRuleRun.id.desc())
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def line(line_id: UUID) -> BankTransaction | None:
    """The line that a rule is made of."""
    return db.session.scalars(
        select(BankTransaction).where(BankTransaction.id == line_id)
    ).one_or_none()


def free_lines(run_id: UUID) -> int:
    """Take a rule's use back from its lines; says how many. What a person changed since stays."""
    freed = db.session.execute(
        update(BankTransaction)
        .where(
            BankTransaction.rule_run_id == run_id,
            BankTransaction.match_state.in_([*WAITING, MatchState.SET_ASIDE]),
        )
        .values(match_state=MatchState.NEW, category_id=None, rule_run_id=None)
        .returning(BankTransaction.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    return len(freed)
