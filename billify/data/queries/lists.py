"""Lists of invoices: filtered, sorted, walked by key. Both desks and a contact's page ask here.

Measured, so mind when changing: rows are column tuples, a page starts from the last row of the
one before (never OFFSET), nothing counts a whole table, and a search finds contacts first and
then their invoices by key. Conditions on a big table only use comparisons that PostgreSQL
trusts below row-level security (dates, keys, text, bigint; not numeric and not LIKE).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Result,
    Select,
    Subquery,
    Uuid,
    and_,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Contact, Invoice
from billify.domain import duplicates, identity
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

MOST_COUNTED = 99
"""A count goes no further: beyond it nobody needs the number, only that it is many."""
FEW_CONTACTS = 100
"""Up to so many found contacts their invoices are looked up one contact after the other."""


class View(StrEnum):
    """The tabs of a list."""

    ALL = "all"
    DRAFT = "draft"
    TO_CHECK = "to_check"
    TO_APPROVE = "to_approve"
    OPEN = "open"
    OVERDUE = "overdue"
    PAID = "paid"
    LEFT = "left"


class Sort(StrEnum):
    """What a list can be sorted by."""

    ISSUED = "issued"
    DUE = "due"
    AMOUNT = "amount"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which invoices, in which order. Amounts are as shown: a credit note is below zero."""

    direction: InvoiceDirection
    view: View = View.ALL
    words: str = ""
    contact_id: UUID | None = None
    issued_from: date | None = None
    issued_until: date | None = None
    amount_from: Decimal | None = None
    amount_until: Decimal | None = None
    sort: Sort = Sort.ISSUED
    is_descending: bool = True


class Place(NamedTuple):
    """A row's place in the order: the next page starts behind it."""

    value: date | int | str
    id: UUID


class Row(NamedTuple):
    """An invoice as a list shows it."""

    id: UUID
    number: str | None
    party_name: str
    kind: InvoiceKind
    status: InvoiceStatus
    issue_date: date
    due_date: date
    currency: str
    gross_amount: Decimal | None
    open_amount: Decimal
    source: str
    document_id: UUID | None


class WholeRow(NamedTuple):
    """An invoice as an export writes it."""

    id: UUID
    number: str | None
    kind: InvoiceKind
    party_name: str
    vat_number: str | None
    issue_date: date
    due_date: date
    status: InvoiceStatus
    currency: str
    net_amount: Decimal | None
    vat_amount: Decimal | None
    gross_amount: Decimal | None
    open_amount: Decimal
    payment_reference: str | None


class Page(NamedTuple):
    """Some rows, and the place after which there are more."""

    rows: Sequence[Row]
    next: Place | None


_COLUMNS: dict[Sort, InstrumentedAttribute[Any]] = {  # Any: dates, numbers, texts
    Sort.ISSUED: Invoice.issue_date,
    Sort.DUE: Invoice.due_date,
    Sort.AMOUNT: Invoice.signed_cents,
    Sort.CONTACT: Invoice.party_key,
}
_Rows = Select[Any]  # Any: rows of whichever columns
_SHOWN = tuple(getattr(Invoice, name) for name in Row._fields)
_WHOLE = tuple(
    getattr(Contact if name == "vat_number" else Invoice, name) for name in WholeRow._fields
)
_CHUNK = 1000
_MOST_WORDS = 6
_LAST_LETTER = "\U0010ffff"
_STATUSES = {
    View.DRAFT: (InvoiceStatus.DRAFT,),
    View.TO_CHECK: (InvoiceStatus.TO_CHECK,),
    View.TO_APPROVE: (InvoiceStatus.TO_APPROVE,),
    View.OPEN: (InvoiceStatus.OPEN,),
    View.OVERDUE: (InvoiceStatus.OPEN,),
    View.PAID: (InvoiceStatus.PAID,),
    View.LEFT: (InvoiceStatus.REJECTED, InvoiceStatus.SET_ASIDE),
}


def page(wanted: Filter, *, today: date, after: Place | None = None, size: int = 50) -> Page:
    """The rows behind a place, by default the first ones."""
    order = _COLUMNS[wanted.sort]
    query = _found(select(*_SHOWN, order.label("place")), wanted, today, after, size + 1)
    if query is None:
        return Page((), None)
    found = _run(query).all()
    rows = [Row._make(row[:-1]) for row in found[:size]]
    if len(found) <= size:
        return Page(rows, None)
    return Page(rows, Place(found[size - 1].place, rows[-1].id))


def place(sort: Sort, text: str) -> Place | None:
    """A place from its text in an address; None when it is no place of this order."""
    value, mark, key = text.rpartition("~")
    if not mark:
        return None
    try:
        if sort is Sort.AMOUNT:
            number = int(value)
            return Place(number, UUID(key)) if abs(number) < 2**62 else None
        if sort is Sort.CONTACT:
            return Place(value.replace("\x00", ""), UUID(key))
        return Place(date.fromisoformat(value), UUID(key))
    except ValueError:
        return None


def counts(direction: InvoiceDirection, views: Sequence[View], *, today: date) -> dict[View, int]:
    """How many stand in each of these views, up to one more than `MOST_COUNTED`."""
    each = []
    for view in views:
        some = select(Invoice.id).where(*_conditions(Filter(direction, view), today))
        some_at_most = some.limit(MOST_COUNTED + 1).subquery()
        each.append(select(func.count()).select_from(some_at_most).scalar_subquery())
    found = _run(select(*each)).one()
    return dict(zip(views, found, strict=True))


def count(wanted: Filter, *, today: date, most: int) -> int:
    """How many invoices a filter finds, up to one more than `most`. Only before an export."""
    query = _found(select(Invoice.id), wanted, today, None, most + 1)
    if query is None:
        return 0
    counted: int = _run(select(func.count()).select_from(query.subquery())).scalar_one()
    return counted


def whole(wanted: Filter, *, today: date, most: int) -> Iterator[WholeRow]:
    """Every invoice of a filter with all its amounts, a thousand rows in hand at a time."""
    order = _COLUMNS[wanted.sort]
    base = select(*_WHOLE, order.label("place")).outerjoin(
        Contact,
        and_(Contact.id == Invoice.contact_id, Contact.company_id == Invoice.company_id),
    )
    after: Place | None = None
    for given in range(0, most, _CHUNK):
        size = min(_CHUNK, most - given)
        query = _found(base, wanted, today, after, size)
        found = _run(query).all() if query is not None else []
        for row in found:
            yield WholeRow._make(row[:-1])
        if len(found) < size:
            return
        after = Place(found[-1].place, found[-1].id)


def _run(query: _Rows) -> Result[Any]:  # Any: rows of whichever columns
    """Ask past the ORM, which takes longer than these queries: they name the company themselves."""
    return db.session.connection().execute(query)


def _found(
    base: _Rows, wanted: Filter, today: date, after: Place | None, limit: int
) -> _Rows | None:
    """The rows of a filter in its order; None when its words can be in nothing."""
    conditions = _conditions(wanted, today)
    if after is not None:
        conditions.append(_behind(wanted, after))
    if not wanted.words:
        return _ordered(base.where(*conditions), wanted, limit)
    words = identity.search_key(wanted.words).split()[:_MOST_WORDS]
    number = duplicates.number_key(wanted.words)
    if not words and not number:
        return None
    names = [
        Contact.company_id == tenancy.company_id(),
        *[Contact.search_key.contains(word, autoescape=True) for word in words],
    ]
    some = select(Contact.id).where(*names).order_by(Contact.id).limit(FEW_CONTACTS + 1)
    contacts = _run(some).scalars().all()
    others = [_unmatched(words), _numbered(number)]
    if len(contacts) > FEW_CONTACTS:
        theirs = Invoice.contact_id.in_(select(Contact.id).where(*names))
        return _ordered(base.where(*conditions, or_(theirs, *others)), wanted, limit)
    keys = [_keys(wanted, [*conditions, other], limit) for other in others]
    if contacts:
        keys.append(_keys_of(contacts, wanted, conditions, limit))
    hits = union(*[select(key.c.id) for key in keys]).subquery("hits")
    found = base.join(hits, hits.c.id == Invoice.id).where(
        Invoice.company_id == tenancy.company_id()
    )
    return _ordered(found, wanted, limit)


def _conditions(wanted: Filter, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Invoice.company_id == tenancy.company_id(),
        Invoice.direction == _written(wanted.direction),
    ]
    if statuses := _STATUSES.get(wanted.view):
        found.append(Invoice.status.in_([_written(status) for status in statuses]))
    if wanted.view is View.OVERDUE:
        found.append(Invoice.due_date < today)
    if wanted.contact_id is not None:
        found.append(Invoice.contact_id == wanted.contact_id)
    if wanted.issued_from is not None:
        found.append(Invoice.issue_date >= wanted.issued_from)
    if wanted.issued_until is not None:
        found.append(Invoice.issue_date <= wanted.issued_until)
    if wanted.amount_from is not None:
        found.append(Invoice.signed_cents >= _cents(wanted.amount_from))
    if wanted.amount_until is not None:
        found.append(Invoice.signed_cents <= _cents(wanted.amount_until))
    return found


def _written(state: StrEnum) -> ColumnElement[Any]:  # Any: fits each column of states
    """A state as a literal: a prepared statement then still knows the partial indexes."""
    return literal_column(f"'{state.value}'")


def _cents(amount: Decimal) -> int:
    return int(amount * 100)


def _behind(wanted: Filter, after: Place) -> ColumnElement[bool]:
    column = _COLUMNS[wanted.sort]
    here = tuple_(column, Invoice.id)
    there = tuple_(literal(after.value, column.type), literal(after.id, Invoice.id.type))
    return here < there if wanted.is_descending else here > there


def _ordered(query: _Rows, wanted: Filter, limit: int) -> _Rows:
    order = (_COLUMNS[wanted.sort], Invoice.id)
    columns = [column.desc() for column in order] if wanted.is_descending else order
    return query.order_by(*columns).limit(limit)


def _unmatched(words: Sequence[str]) -> ColumnElement[bool]:
    """Drafts whose party is no contact yet, by the name that was read."""
    names = [Invoice.party_key.contains(word, autoescape=True) for word in words]
    return and_(Invoice.contact_id.is_(None), *names) if names else false()


def _numbered(start: str) -> ColumnElement[bool]:
    """Numbers that begin so. Not LIKE, which row-level security keeps from the index."""
    if not start:
        return false()
    at_least = Invoice.number_key.op("~>=~", is_comparison=True)(start)
    below = Invoice.number_key.op("~<~", is_comparison=True)(start + _LAST_LETTER)
    return and_(at_least, below)


def _keys(wanted: Filter, conditions: Sequence[ColumnElement[bool]], limit: int) -> Subquery:
    return _ordered(select(Invoice.id).where(*conditions), wanted, limit).subquery()


def _keys_of(
    contacts: Sequence[UUID],
    wanted: Filter,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
) -> Subquery:
    """The first invoices of these contacts: of each its own first ones, walked by its index."""
    given = func.unnest(literal(list(contacts), ARRAY(Uuid())))
    contact = given.table_valued("id", name="contact").render_derived()
    place = _COLUMNS[wanted.sort].label("place")
    each = select(Invoice.id, place).where(Invoice.contact_id == contact.c.id, *conditions)
    own = _ordered(each, wanted, limit).lateral("own")
    order = (own.c.place, own.c.id)
    return (
        select(own.c.id)
        .select_from(contact)
        .join(own, true())
        .order_by(*[column.desc() for column in order] if wanted.is_descending else order)
        .limit(limit)
        .subquery()
    )
