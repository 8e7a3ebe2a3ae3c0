"""The reconciliation screen: bank lines with what they may settle or have settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    and_,
    cast,
    false,
    func,
    or_,
    select,
    tuple_,
)

from billify.data.db import db
from billify.data.models import (
    Allocation,
    BankAccount,
    BankTransaction,
    Category,
    Invoice,
    MatchProposal,
    OwnTransfer,
    User,
)
from billify.domain import identity
from billify.domain.banking import WAITING, MatchState, MovementState
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

MOST_COUNTED = 999
MOST_PARTS = 5_000
MOST_CANDIDATES = 30
FEW_CANDIDATES = 8


class View(StrEnum):
    """What part of the lines a list shows."""

    TO_DO = "to_do"
    PROPOSED = "proposed"
    UNMATCHED = "unmatched"
    SETTLED = "settled"
    ALL = "all"


STATES: dict[View, tuple[MatchState, ...]] = {
    View.TO_DO: WAITING,
    View.PROPOSED: (MatchState.PROPOSED,),
    View.UNMATCHED: (MatchState.NEW, MatchState.UNMATCHED),
    View.SETTLED: (MatchState.MATCHED, MatchState.TRANSFER, MatchState.SET_ASIDE),
    View.ALL: tuple(MatchState),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines; `kept` stay in sight although they were dealt with a moment ago."""

    view: View = View.TO_DO
    account_id: UUID | None = None
    since: date | None = None
    words: str = ""
    amount: Decimal | None = None
    kept: tuple[UUID, ...] = ()


class Line(NamedTuple):
    """A bank line as the screen shows it."""

    id: UUID
    account_id: UUID
    account: str
    booked_on: date
    amount: Decimal
    currency: str
    name: str
    iban: str | None
    text: str
    structured: str | None
    state: MovementState
    match_state: MatchState
    category_id: UUID | None
    category: str | None
    category_code: str | None
    rule_run_id: UUID | None


class Brief(NamedTuple):
    """An invoice in a few words; amounts above zero."""

    id: UUID
    direction: InvoiceDirection
    kind: InvoiceKind
    status: InvoiceStatus
    number: str | None
    party: str
    issued: date | None
    due: date | None
    currency: str
    gross: Decimal | None
    open: Decimal


class Suggested(NamedTuple):
    """A proposal with its invoices, each with the amount in the invoice's own sign."""

    rank: int
    kind: str
    probability: Decimal
    evidence: list[Any]  # Any: JSON, code, values and weight of each reason
    links: list[Any]  # Any: JSON, as they are stored
    parts: list[tuple[Brief, Decimal]]


class Paid(NamedTuple):
    """A part of a line that settles an invoice, on whose word or what evidence."""

    id: UUID
    invoice: Brief
    amount: Decimal
    written_off: Decimal
    reopens: bool
    evidence: dict[str, Any] | None  # Any: JSON
    by: str | None
    at: datetime
    undone_at: datetime | None


_LINE = (
    BankTransaction.id,
    BankTransaction.account_id,
    BankAccount.name.label("account"),
    BankTransaction.booked_on,
    BankTransaction.amount,
    BankTransaction.currency,
    BankTransaction.counterparty_name,
    BankTransaction.counterparty_iban,
    BankTransaction.remittance_information,
    BankTransaction.structured_communication,
    BankTransaction.state,
    BankTransaction.match_state,
    BankTransaction.category_id,
    Category.name.label("category"),
    Category.code,
    BankTransaction.rule_run_id,
)
_BRIEF = (
    Invoice.id,
    Invoice.direction,
    Invoice.kind,
    Invoice.status,
    Invoice.number,
    Invoice.party_name,
    Invoice.issue_date,
    Invoice.due_date,
    Invoice.currency,
    Invoice.gross_amount,
    Invoice.open_amount,
)


def lines(wanted: Filter, *, after: tuple[date, UUID] | None, size: int) -> list[Line]:
    """Lines and one more when there are more, the newest first."""
    query = _lines().where(_is_wanted(wanted))
    if after is not None:
        query = query.where(tuple_(BankTransaction.booked_on, BankTransaction.id) < after)
    newest = (BankTransaction.booked_on.desc(), BankTransaction.id.desc())
    return [Line(*row) for row in db.session.execute(query.order_by(*newest).limit(size + 1))]


def line(line_id: UUID) -> Line | None:
    """One line of the company."""
    row = db.session.execute(_lines().where(BankTransaction.id == line_id)).one_or_none()
    return Line(*row) if row else None


def counts() -> dict[View, int]:
    """How many lines wait, with a proposal and without."""
    rows = db.session.execute(
        select(BankTransaction.match_state, func.count())
        .where(
            BankTransaction.match_state.in_(WAITING),
            BankTransaction.state == MovementState.BOOKED,
        )
        .group_by(BankTransaction.match_state)
    )
    found = {row[0]: row[1] for row in rows}
    return {
        view: sum(found.get(state, 0) for state in STATES[view])
        for view in (View.TO_DO, View.PROPOSED, View.UNMATCHED)
    }


def suggested(line_ids: Sequence[UUID]) -> dict[UUID, list[Suggested]]:
    """The proposals of lines, the likeliest first, each with its invoices."""
    if not line_ids:
        return {}
    link = func.jsonb_array_elements(MatchProposal.links).table_valued("value").alias("link")
    invoice_id = cast(link.c.value.op("->>")(0), Uuid)
    amount = link.c.value.op("->>")(1)
    rows = db.session.execute(
        select(MatchProposal, amount, *_BRIEF)
        .join(link, MatchProposal.transaction_id.in_(line_ids))
        .join(Invoice, Invoice.id == invoice_id)
        .order_by(MatchProposal.transaction_id, MatchProposal.rank, Invoice.due_date, Invoice.id)
        .limit(MOST_PARTS)
    )
    found: dict[UUID, list[Suggested]] = {}
    for one, part, *brief in rows:
        known = found.setdefault(one.transaction_id, [])
        if not known or known[-1].rank != one.rank:
            known.append(
                Suggested(one.rank, one.kind, one.probability, one.evidence, one.links, [])
            )
        known[-1].parts.append((Brief(*brief), Decimal(part)))
    return found


def paid(line_ids: Sequence[UUID], *, with_undone: bool = False) -> dict[UUID, list[Paid]]:
    """What lines have settled, oldest first; with what was taken back when asked."""
    if not line_ids:
        return {}
    query = (
        select(
            Allocation.transaction_id,
            Allocation.id,
            Allocation.amount,
            Allocation.written_off,
            Allocation.reopens,
            Allocation.evidence,
            User.name,
            Allocation.created_at,
            Allocation.undone_at,
            *_BRIEF,
        )
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .outerjoin(User, User.id == Allocation.made_by)
        .where(Allocation.transaction_id.in_(line_ids))
        .order_by(Allocation.transaction_id, Allocation.created_at, Allocation.id)
        .limit(MOST_PARTS)
    )
    if not with_undone:
        query = query.where(Allocation.undone_at.is_(None))
    found: dict[UUID, list[Paid]] = {}
    for row in db.session.execute(query):
        line_id, key, amount, written_off, reopens, evidence, by, at, undone, *brief = row
        part = Paid(key, Brief(*brief), amount, written_off, reopens, evidence, by, at, undone)
        found.setdefault(line_id, []).append(part)
    return found


def other_half(line_id: UUID) -> Line | None:
    """The other line of an own transfer."""
    pair = db.session.execute(
        select(OwnTransfer.out_id, OwnTransfer.in_id).where(
            or_(OwnTransfer.out_id == line_id, OwnTransfer.in_id == line_id)
        )
    ).first()
    if pair is None:
        return None
    return line(pair[1] if pair[0] == line_id else pair[0])


def candidates(
    *, incoming: bool, currency: str, near: Decimal, words: str, chosen: Iterable[UUID]
) -> list[Brief]:
    """Invoices a line may settle: those already chosen, then what the words find, else the
    nearest amounts. Money in looks among sales, money out among purchases."""
    direction = InvoiceDirection.SALE if incoming else InvoiceDirection.PURCHASE
    fits = and_(
        Invoice.status == InvoiceStatus.OPEN,
        or_(Invoice.direction == direction, Invoice.kind == InvoiceKind.CREDIT_NOTE),
        *[_named(word) for word in words.split()[:6]],
    )
    keys = list(chosen)
    is_chosen = Invoice.id.in_(keys)
    query = select(*_BRIEF).where(Invoice.currency == currency, or_(is_chosen, fits))
    nearest = (func.abs(Invoice.open_amount - near), Invoice.due_date, Invoice.id)
    most = len(keys) + (MOST_CANDIDATES if words else FEW_CANDIDATES)
    rows = db.session.execute(query.order_by(is_chosen.desc(), *nearest).limit(most))
    return [Brief(*row) for row in rows]


def settling(line_ids: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """The invoices that lines have settled, by key and number, for a list of movements."""
    rows = db.session.execute(
        select(Allocation.transaction_id, Invoice.id, func.coalesce(Invoice.number, ""))
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .where(Allocation.transaction_id.in_(line_ids), Allocation.undone_at.is_(None))
        .order_by(Allocation.transaction_id, Allocation.id)
        .limit(MOST_PARTS)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for line_id, invoice_id, number in rows:
        found.setdefault(line_id, []).append((invoice_id, number))
    return found


def _lines() -> Any:  # Any: a select of _LINE, longer than its type can say
    return (
        select(*_LINE)
        .join(BankAccount, BankAccount.id == BankTransaction.account_id)
        .outerjoin(Category, Category.id == BankTransaction.category_id)
    )


def _is_wanted(wanted: Filter) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if wanted.view is not View.ALL:
        parts.append(BankTransaction.match_state.in_(STATES[wanted.view]))
    if wanted.view in (View.TO_DO, View.PROPOSED, View.UNMATCHED):
        parts.append(BankTransaction.state == MovementState.BOOKED)
    if wanted.account_id is not None:
        parts.append(BankTransaction.account_id == wanted.account_id)
    if wanted.since is not None:
        parts.append(BankTransaction.booked_on >= wanted.since)
    if wanted.amount is not None:
        parts.append(func.abs(BankTransaction.amount) == abs(wanted.amount))
    else:
        parts += [_is_said(word) for word in wanted.words.split()[:6]]
    kept = BankTransaction.id.in_(wanted.kept) if wanted.kept else false()
    return or_(and_(*parts), kept) if parts else or_(BankTransaction.id.is_not(None), kept)


def _is_said(word: str) -> ColumnElement[bool]:
    return or_(
        BankTransaction.counterparty_name.icontains(word, autoescape=True),
        BankTransaction.remittance_information.icontains(word, autoescape=True),
    )


def _named(word: str) -> ColumnElement[bool]:
    key = identity.search_key(word)
    parts = [Invoice.number.icontains(word, autoescape=True)]
    if key:
        parts.append(Invoice.party_key.contains(key, autoescape=True))
    bare = word.replace(".", "").replace(",", ".")
    if bare.replace(".", "", 1).isdigit():
        parts.append(cast(Invoice.open_amount, Text).startswith(bare))
    return or_(*parts)
