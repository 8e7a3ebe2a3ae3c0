"""The registry of figures: an amount on a screen or on paper, and the rows that sum to it.

Each figure is a name, the parameters it takes, the rows and their sum. Rows are open invoices,
told as windows of `queries.cash_flow`, and few others (accounts, planned items). Cards, lists,
reports and exports ask here, so that none of them can differ.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from billify.application import cash_flow
from billify.application.cash_flow import Position
from billify.data.queries import cash_flow as queries
from billify.data.queries.cash_flow import Late, OpenRow, Window
from billify.domain import cash_flow as rules
from billify.domain.invoices import InvoiceDirection, InvoiceKind
from billify.domain.refusal import N_, NotFound

PURCHASE, SALE = InvoiceDirection.PURCHASE, InvoiceDirection.SALE
PLUS, MINUS = 1, -1
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Given:
    """What a figure is asked for; `since` and `until` where it takes them."""

    today: date
    currency: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a figure. `kind` says what `id` points to: invoice, account or planned."""

    kind: str
    id: str
    what: str
    detail: str
    on: date | None
    amount: Decimal
    is_credit: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Open invoices that a figure adds or takes off."""

    window: Window
    sign: int = PLUS


@dataclass(frozen=True, slots=True)
class Figure:
    """A name, the words for it, what it takes, and where its rows come from."""

    name: str
    title: str
    formula: str
    takes: tuple[str, ...] = ()
    parts: Callable[[Given], Sequence[Part]] = field(default=lambda _given: ())
    others: Callable[[Given, Position], list[Row]] = field(default=lambda _given, _held: [])


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page of a figure's rows begins: behind a row, or at the start of a part."""

    part: int
    due: date = date.min
    id: UUID = _FIRST


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure opened: its sum, how many rows it has, and a page of them."""

    figure: Figure
    given: Given
    held: Position
    total: Decimal
    count: int
    rows: list[Row]
    next: Place | None


def find(name: str) -> Figure:
    """The figure of a name. Refuses an unknown one."""
    figure = REGISTRY.get(name)
    if figure is None:
        raise NotFound
    return figure


def opened(*, name: str, given: Given, after: Place | None = None) -> Sheet:
    """A figure with its sum and a page of rows. Refuses when a parameter is missing."""
    figure = find(name)
    if any(getattr(given, wanted) is None for wanted in figure.takes):
        raise NotFound
    held = cash_flow.position(currency=given.currency)
    others = figure.others(given, held)
    parts = figure.parts(given)
    sums = [queries.total(part.window) for part in parts]
    total = sum((row.amount for row in others), Decimal("0.00"))
    total += sum((part.sign * amount for part, (amount, _) in zip(parts, sums, strict=True)), 0)
    rows, place = _page(parts, after)
    return Sheet(
        figure=figure,
        given=given,
        held=held,
        total=total,
        count=len(others) + sum(count for _, count in sums),
        rows=rows if after else others + rows,
        next=place,
    )


def every_row(*, name: str, given: Given) -> Iterator[Row]:
    """All rows of a figure, page by page."""
    sheet = opened(name=name, given=given)
    yield from sheet.rows
    while sheet.next is not None:
        sheet = opened(name=name, given=given, after=sheet.next)
        yield from sheet.rows


def _page(parts: Sequence[Part], after: Place | None) -> tuple[list[Row], Place | None]:
    """Rows of the part that `after` lies in, then of those behind it, until a page is full."""
    rows: list[Row] = []
    first = after.part if after else 0
    for at in range(first, len(parts)):
        key = (after.due, after.id) if after and at == first else None
        room = queries.ROWS_AT_ONCE - len(rows)
        found = queries.rows(parts[at].window, after=key, limit=room + 1)
        rows += [_row(one, parts[at].sign) for one in found[:room]]
        if len(found) > room:
            return rows, Place(at, found[room - 1].due, found[room - 1].id) if room else Place(at)
    return rows, None


def _row(one: OpenRow, sign: int) -> Row:
    is_credit = one.kind is InvoiceKind.CREDIT_NOTE
    return Row(
        "invoice", str(one.id), one.party, one.number or "", one.due, sign * one.amount, is_credit
    )


def _accounts(_given: Given, held: Position) -> list[Row]:
    return [
        Row("account", str(one.id), one.name, one.iban or "", one.as_of.date(), one.balance)
        for one in held.counted
    ]


def _planned(given: Given, held: Position) -> list[Row]:
    """Planned items that fall within the window; late ones of before today count today."""
    if given.since is None or given.until is None:
        return []
    start = given.since
    if start <= given.today:
        start = cash_flow.counted_since(held, given.today)
    coming = rules.expand(queries.planned(start), start=start, end=given.until)
    return [Row("planned", one.id, one.what, "", one.date, one.amount) for one in coming]


def _planned_in(given: Given, held: Position) -> list[Row]:
    return [row for row in _planned(given, held) if row.amount > 0]


def _planned_out(given: Given, held: Position) -> list[Row]:
    out = [row for row in _planned(given, held) if row.amount < 0]
    return [replace(row, amount=-row.amount) for row in out]


def _all(direction: InvoiceDirection) -> Callable[[Given], Sequence[Part]]:
    return lambda given: (Part(Window(direction, given.currency)),)


def _overdue(direction: InvoiceDirection) -> Callable[[Given], Sequence[Part]]:
    def parts(given: Given) -> Sequence[Part]:
        until = given.today - timedelta(days=1)
        return (Part(Window(direction, given.currency, until=until, only_invoices=True)),)

    return parts


def _due(
    direction: InvoiceDirection, *, sign: int = PLUS, late: Late = Late.CREDIT_NOTES
) -> Callable[[Given], Sequence[Part]]:
    """Due within the window. In the window that holds today, late rows come along."""

    def parts(given: Given) -> Sequence[Part]:
        since = max(given.since or given.today, given.today)
        is_first = since == given.today
        along = late if is_first else Late.NONE
        window = Window(direction, given.currency, since=since, until=given.until, late=along)
        return (Part(window, sign),)

    return parts


def _until(given: Given) -> Given:
    return Given(given.today, given.currency, since=given.today, until=given.until)


def _flows(given: Given) -> Sequence[Part]:
    """What is expected from today until a day, both ways."""
    asked = _until(given)
    return (*_due(SALE)(asked), *_due(PURCHASE, sign=MINUS, late=Late.ALL)(asked))


_WINDOW = ("since", "until")
_FIGURES = (
    Figure(
        "cash_position",
        N_("Cash position"),
        N_("The balances of all accounts in this currency, as they were last told."),
        others=_accounts,
    ),
    Figure(
        "open_receivables",
        N_("To receive"),
        N_("What is still open on sales invoices, less open credit notes."),
        parts=_all(SALE),
    ),
    Figure(
        "open_payables",
        N_("To pay"),
        N_("What is still open on approved purchase invoices, less open credit notes."),
        parts=_all(PURCHASE),
    ),
    Figure(
        "overdue_receivables",
        N_("Overdue to receive"),
        N_("What is still open on sales invoices due before today."),
        parts=_overdue(SALE),
    ),
    Figure(
        "overdue_payables",
        N_("Overdue to pay"),
        N_("What is still open on approved purchase invoices due before today."),
        parts=_overdue(PURCHASE),
    ),
    Figure(
        "due_receivables",
        N_("To receive from %(since)s until %(until)s"),
        N_(
            "Open sales invoices due in these days, less credit notes; late credit notes "
            "count today."
        ),
        _WINDOW,
        parts=_due(SALE),
    ),
    Figure(
        "due_payables",
        N_("To pay from %(since)s until %(until)s"),
        N_(
            "Open purchase invoices due in these days, less credit notes; late credit notes "
            "count today."
        ),
        _WINDOW,
        parts=_due(PURCHASE),
    ),
    Figure(
        "later_receivables",
        N_("To receive from %(since)s on"),
        N_("Open sales invoices due on this day or after it, less credit notes."),
        ("since",),
        parts=_due(SALE),
    ),
    Figure(
        "later_payables",
        N_("To pay from %(since)s on"),
        N_("Open purchase invoices due on this day or after it, less credit notes."),
        ("since",),
        parts=_due(PURCHASE),
    ),
    Figure(
        "money_in",
        N_("Expected in from %(since)s until %(until)s"),
        N_(
            "Open sales invoices due in these days and planned items that come in. Overdue "
            "ones are not counted."
        ),
        _WINDOW,
        parts=_due(SALE),
        others=_planned_in,
    ),
    Figure(
        "money_out",
        N_("Expected out from %(since)s until %(until)s"),
        N_(
            "Open purchase invoices due in these days and planned items that go out. Overdue "
            "ones count today."
        ),
        _WINDOW,
        parts=_due(PURCHASE, late=Late.ALL),
        others=_planned_out,
    ),
    Figure(
        "expected_balance",
        N_("Expected balance on %(until)s"),
        N_(
            "The balances of the accounts, and all that is expected to come in and go out "
            "until this day."
        ),
        ("until",),
        parts=_flows,
        others=lambda given, held: _accounts(given, held) + _planned(_until(given), held),
    ),
)

#: Every figure by its name.
REGISTRY: Mapping[str, Figure] = MappingProxyType({one.name: one for one in _FIGURES})
