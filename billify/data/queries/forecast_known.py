"""How things stand, as a forecast reads it: accounts, open invoices, taxes, budgets, decisions."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    Engine,
    String,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.sql.elements import ColumnElement

from billify.data.db import db, transaction
from billify.data.models import (
    BankTransaction,
    Budget,
    Category,
    ConnectedAccount,
    Integration,
    Invoice,
    ObligationChoice,
    RecurrenceChoice,
)
from billify.data.models import PlannedItem as PlannedRow
from billify.data.queries import invoice_vat
from billify.data.queries.cash_flow import as_planned
from billify.data.queries.figure_lines import settles
from billify.domain.banking import WAITING, MovementState
from billify.domain.connections import AccountState, ConnectionState
from billify.domain.forecast import known
from billify.domain.forecast.known import (
    BudgetLine,
    Consent,
    OpenInvoice,
    PlannedItem,
    TaxChoice,
    UnmatchedLine,
    VatMonth,
)
from billify.domain.invoices import InvoiceDirection

MOST_PLANNED = 100_000
MOST_UNMATCHED = 200
MOST_COUNTED = 1000
_IS_OPEN: ColumnElement[bool] = Invoice.status == literal_column("'open'")
_BOOKED: ColumnElement[bool] = BankTransaction.state == MovementState.BOOKED
_CATEGORY: ColumnElement[str] = func.coalesce(Category.code, cast(Category.id, String))


class TaxLine(NamedTuple):
    """A bank line that may pay a tax: the code of its category, and whom it went to."""

    category: str
    iban: str | None
    day: date
    amount: Decimal


@contextmanager
def snapshot() -> Iterator[None]:
    """Read all within as it stood at one moment, whatever is committed meanwhile.

    Within a transaction that runs already its own view holds.
    """
    session = db.session()
    with transaction():
        if isinstance(session.get_bind(), Engine) and not session.in_transaction():
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield


def open_invoices() -> tuple[OpenInvoice, ...]:
    """Every open invoice and credit note, those due first before the others."""
    found = db.session.execute(
        select(
            Invoice.id,
            Invoice.direction,
            Invoice.kind,
            Invoice.contact_id,
            Invoice.party_name,
            Invoice.issue_date,
            Invoice.due_date,
            Invoice.open_amount,
            Invoice.gross_amount,
            Invoice.currency,
            Invoice.expected_on,
            Invoice.is_disputed,
            Invoice.discount_percent,
            Invoice.discount_until,
        )
        .where(_IS_OPEN, Invoice.open_amount > 0)
        .order_by(Invoice.due_date, Invoice.id)
    )
    return tuple(
        OpenInvoice(
            str(key), direction, kind, str(contact or ""), name, issued, due, amount,
            amount if gross is None else gross, *more,
        )
        for key, direction, kind, contact, name, issued, due, amount, gross, *more in found
    )  # fmt: skip


def planned(
    since: date, *, made_until: date | None = None, codes: Iterable[str] | None = None
) -> tuple[PlannedItem, ...]:
    """Planned items that may still come on a day or after it, with the code of their category.

    With `codes` only those of these categories. Here and below `made_until` leaves out what people
    said after that day.
    """
    found = db.session.execute(
        select(PlannedRow, _CATEGORY)
        .outerjoin(Category, Category.id == PlannedRow.category_id)
        .where(
            or_(PlannedRow.until.is_(None), PlannedRow.until >= since),
            _was_made(PlannedRow.created_at, made_until),
            true() if codes is None else Category.code.in_(codes),
        )
        .order_by(PlannedRow.starts_on, PlannedRow.id)
        .limit(MOST_PLANNED)
    )
    return tuple(PlannedItem(as_planned(row), category or "") for row, category in found)


def recurrence_choices(*, made_until: date | None = None) -> tuple[known.RecurrenceChoice, ...]:
    """What people decided about recurring movements."""
    rows = db.session.scalars(
        select(RecurrenceChoice)
        .where(_was_made(RecurrenceChoice.decided_at, made_until))
        .order_by(RecurrenceChoice.key)
    )
    return tuple(
        known.RecurrenceChoice(
            row.key, row.verdict, row.name, row.amount, row.rhythm, row.day, row.shift, row.until
        )
        for row in rows
    )


def tax_choices(*, made_until: date | None = None) -> tuple[TaxChoice, ...]:
    """What people decided about payments to the state."""
    rows = db.session.scalars(
        select(ObligationChoice)
        .where(_was_made(ObligationChoice.decided_at, made_until))
        .order_by(ObligationChoice.tax, ObligationChoice.period)
    )
    return tuple(
        TaxChoice(row.tax, row.period, row.amount, row.pay_on, row.is_left_out) for row in rows
    )


def vat_months(*, since: date, until: date, currency: str) -> tuple[VatMonth, ...]:
    """What open and paid invoices tell of VAT by month of issue, credit notes taken off."""
    one = invoice_vat.approved(currency=currency, since=since, until=until)
    month = func.date_trunc("month", one.c.issue_date)
    is_by_now = func.extract("day", one.c.issue_date) <= until.day
    is_told = one.c.vat.is_not(None)

    def of(column: ColumnElement[Any], *limits: ColumnElement[bool]) -> list[ColumnElement[Any]]:
        return [
            func.coalesce(
                func.sum(one.c.sign * column).filter(one.c.direction == direction, *limits), 0
            )
            for direction in (InvoiceDirection.SALE, InvoiceDirection.PURCHASE)
        ]

    found = db.session.execute(
        select(
            month,
            func.count().filter(~is_told),
            *of(one.c.vat),
            *of(one.c.vat, is_by_now),
            *of(one.c.gross_amount, is_told),
            *of(one.c.gross_amount, ~is_told),
            *of(one.c.gross_amount, ~is_told, is_by_now),
        )
        .group_by(month)
        .order_by(month)
    )
    return tuple(
        VatMonth(at.date(), *map(Decimal, sums), untold_count=count) for at, count, *sums in found
    )


def tax_lines(
    *, since: date, until: date, codes: Iterable[str], ibans: Iterable[str], currency: str
) -> list[TaxLine]:
    """Bank lines of some categories or to some accounts, oldest first."""
    found = db.session.execute(
        select(
            Category.code,
            BankTransaction.counterparty_iban,
            BankTransaction.booked_on,
            BankTransaction.amount,
        )
        .outerjoin(Category, Category.id == BankTransaction.category_id)
        .where(
            _BOOKED,
            BankTransaction.currency == currency,
            BankTransaction.booked_on.between(since, until),
            or_(
                Category.code.in_(list(codes)),
                BankTransaction.counterparty_iban.in_(list(ibans)),
            ),
        )
        .order_by(BankTransaction.booked_on, BankTransaction.id)
    )
    return [TaxLine(code or "", iban, day, amount) for code, iban, day, amount in found]


def budgets(*, since: date, today: date, currency: str) -> tuple[BudgetLine, ...]:
    """Budgets of a month and those after it; only a month that has begun has actual amounts."""
    month = cast(func.date_trunc("month", BankTransaction.booked_on), Budget.month.type)
    actual = (
        select(func.coalesce(func.sum(BankTransaction.amount), 0))
        .where(
            BankTransaction.category_id == Budget.category_id,
            BankTransaction.booked_on.between(since, today),
            month == Budget.month,
            BankTransaction.currency == currency,
            _BOOKED,
        )
        .correlate(Budget)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(
            _CATEGORY,
            Category.name,
            Budget.month,
            Budget.amount,
            case((Budget.month <= today, actual), else_=0),
        )
        .join(Category, Category.id == Budget.category_id)
        .where(Budget.month >= since)
        .order_by(Budget.month, Category.position, Category.id)
    )
    return tuple(
        BudgetLine(category, name, at, amount, Decimal(moved))
        for category, name, at, amount, moved in found
    )


def unmatched() -> tuple[tuple[UnmatchedLine, ...], int]:
    """The newest lines that nobody explained, and how many there are among the newest ones.

    Those are taken first and looked at then: to look for allocations of all took a second.
    """
    newest = (BankTransaction.booked_on.desc(), BankTransaction.id.desc())
    chosen = (
        select(BankTransaction.id)
        .where(_BOOKED, BankTransaction.match_state.in_(WAITING))
        .order_by(*newest)
        .limit(MOST_COUNTED)
        .cte("chosen")
        .prefix_with("MATERIALIZED")
    )
    found = db.session.execute(
        select(
            BankTransaction.id,
            BankTransaction.booked_on,
            BankTransaction.amount,
            BankTransaction.counterparty_name,
            BankTransaction.remittance_information,
        )
        .join(chosen, chosen.c.id == BankTransaction.id)
        .where(~settles())
        .order_by(*newest)
    ).all()
    lines = tuple(
        UnmatchedLine(str(key), day, amount, name or text[:80])
        for key, day, amount, name, text in found[:MOST_UNMATCHED]
    )
    return lines, len(found)


def booked_on(day: date, *, currency: str) -> tuple[UnmatchedLine, ...]:
    """Bank lines of a day that settle no invoice."""
    found = db.session.execute(
        select(BankTransaction.id, BankTransaction.amount, BankTransaction.counterparty_name)
        .where(
            _BOOKED,
            BankTransaction.currency == currency,
            BankTransaction.booked_on == day,
            ~settles(),
        )
        .order_by(BankTransaction.id)
        .limit(MOST_COUNTED)
    )
    return tuple(UnmatchedLine(str(key), day, amount, name) for key, amount, name in found)


def consents(*, until: datetime) -> tuple[Consent, ...]:
    """Followed accounts whose consent ends before a moment, the first one of each connection."""
    found = db.session.execute(
        select(Integration.id, Integration.name, func.min(ConnectedAccount.consent_ends))
        .join(ConnectedAccount, ConnectedAccount.integration_id == Integration.id)
        .where(
            Integration.state == ConnectionState.ACTIVE,
            ConnectedAccount.state == AccountState.FOLLOWED,
            ConnectedAccount.consent_ends < until,
        )
        .group_by(Integration.id, Integration.name)
        .order_by(func.min(ConnectedAccount.consent_ends), Integration.id)
    )
    return tuple(Consent(str(key), name, ends.date()) for key, name, ends in found if ends)


def first_day(*, currency: str) -> date | None:
    """The day of the first bank line of any kind."""
    return db.session.scalar(
        select(BankTransaction.booked_on)
        .where(_BOOKED, BankTransaction.currency == currency)
        .order_by(BankTransaction.booked_on, BankTransaction.id)
        .limit(1)
    )


def _was_made(moment: Any, until: date | None) -> ColumnElement[bool]:  # Any: a column
    """Was it said by the end of a day?"""
    if until is None:
        return true()
    made: ColumnElement[bool] = moment < datetime.combine(until + timedelta(days=1), time.min, UTC)
    return made
