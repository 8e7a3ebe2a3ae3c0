"""The budget as its pages show it: rows in words, spans of months, what was typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from billify.application import budgets
from billify.application.budgets import MONTHS, Compared, Other, OtherRow, Row, Wanted, Way, Year
from billify.domain import money
from billify.domain.refusal import N_, NotFound, Refusal
from billify.web import category_choices, languages, plan_words
from billify.web.access import today
from billify.web.budget_figures import actual_url

OTHERS = {
    Other.CUSTOMERS: N_("Received on invoices"),
    Other.SUPPLIERS: N_("Paid on invoices"),
    Other.UNSORTED_IN: N_("Received without a category"),
    Other.UNSORTED_OUT: N_("Paid without a category"),
}
WHOLE_YEAR, BY_MONTH = "year", "months"
MOST_FAULTS = 10
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Span:
    """Months that are shown together, from one until another, both included."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A budget beside what moved; a row without a budget has only the latter."""

    compared: Compared
    has_budget: bool
    href: str | None = None
    is_over: bool = False
    has_left: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the budget in words."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one direction with their sum."""

    title: str
    lines: tuple[Line, ...]
    total: Line


@dataclass(frozen=True, slots=True)
class Shown:
    """The budget page: a year through some spans of months."""

    year: Year
    view: str
    spans: tuple[Span, ...]
    groups: tuple[Group, ...]
    net: Line
    others: tuple[Line, ...]
    moved: tuple[Decimal, ...]
    tabs: list[tuple[str, str, bool, None]]
    first_day: date
    last_day: date

    @property
    def is_by_month(self) -> bool:
        """Are all months side by side?"""
        return self.view == BY_MONTH


@dataclass(frozen=True, slots=True)
class Typed:
    """A category's row as it stands in the form."""

    key: str
    name: str
    way: Way
    texts: tuple[str, ...]
    faults: frozenset[int] = frozenset()

    @property
    def first_filled(self) -> str:
        """The first month's text that is not empty."""
        return next((text for text in self.texts if text), "")


@dataclass(frozen=True, slots=True)
class Form:
    """The rows of the form, its faults in words, and the version it was opened with."""

    year: int
    rows: tuple[Typed, ...]
    seen: str
    faults: tuple[str, ...] = ()
    is_unsaved: bool = False

    def wanted(self) -> list[Wanted]:
        """What the rows say; only where there are no faults."""
        return [
            Wanted(
                row.key, row.way, tuple(money.parse(text) if text else None for text in row.texts)
            )
            for row in self.rows
        ]


def asked_year() -> int:
    """The year of the address; by default that of today. Raises NotFound for another text."""
    text = request.args.get("year", "")
    if not text:
        return today().year
    if not text.isascii() or not text.isdigit() or len(text) > len("9999"):
        raise NotFound
    budgets.check_year(int(text))
    return int(text)


def shown(year: Year, *, view: str) -> Shown:
    """A year as the page shows it. Raises NotFound for a view that there is not."""
    spans = _spans(year.year, view)
    groups = tuple(
        Group(str(title), tuple(_lines(year.budgeted(way), spans, year.year)), total)
        for way, title, total in (
            (Way.IN, _("Money in"), _sum(year, Way.IN, spans, _("Total in"))),
            (Way.OUT, _("Money out"), _sum(year, Way.OUT, spans, _("Total out"))),
        )
        if year.budgeted(way)
    )
    net = Line(
        str(_("In less out")),
        tuple(_net(year, span) for span in spans),
    )
    return Shown(
        year=year,
        view=view,
        spans=spans,
        groups=groups,
        net=net,
        others=tuple(_lines([*year.unbudgeted, *year.others], spans, year.year)),
        moved=tuple(year.moved(span.first, span.last) for span in spans),
        tabs=_tabs(year.year, view),
        first_day=date(year.year, 1, 1),
        last_day=_last_day(year.year, max(span.last for span in spans)),
    )


def asked_view(year: int) -> str:
    """Which months the address asks for; by default the running one, else the whole year."""
    text = request.args.get("month", "")
    if text in (WHOLE_YEAR, BY_MONTH):
        return text
    if text.isascii() and text.isdigit() and text.lstrip("0") and int(text[:3]) <= MONTHS:
        return str(int(text[:3]))
    if text:
        raise NotFound
    return str(today().month) if year == today().year else WHOLE_YEAR


def opened(year: Year) -> Form:
    """The form as the budget stands."""
    return Form(year.year, tuple(_typed(row) for row in _offered(year)), year.version)


def posted(year: Year) -> Form:
    """The form as it was typed, with a sentence for each mistake.

    Raises NotFound for rows that are no category of the company.
    """
    rows, faults = [], []
    known = {row.code: row for row in year.rows if row.code} | {row.key: row for row in year.rows}
    for key in _posted_keys():
        if key not in known:
            raise NotFound
        name = category_choices.name(known[key].name, known[key].code)
        texts = tuple(
            request.form.get(f"m-{key}-{at}", "").replace("\x00", "").strip()
            for at in range(1, MONTHS + 1)
        )
        wrong = dict(_wrongs(texts))
        faults += [
            _("%(name)s, %(month)s: %(said)s", name=name, month=plan_words.month(at), said=said)
            for at, said in wrong.items()
        ]
        way = Way.IN if request.form.get(f"way-{key}") == Way.IN.value else Way.OUT
        rows.append(Typed(key, name, way, texts, frozenset(wrong)))
    return Form(year.year, tuple(rows), request.form.get("seen", ""), tuple(faults[:MOST_FAULTS]))


def with_same(form: Form, key: str) -> Form:
    """A row's first amount for all months."""
    return _with(form, key, lambda row: replace(row, texts=(row.first_filled,) * MONTHS))


def emptied(form: Form, key: str) -> Form:
    """A row without a budget."""
    return _with(form, key, lambda row: replace(row, texts=("",) * MONTHS))


def with_actuals(
    form: Form, before: Mapping[str, tuple[Way, tuple[Decimal, ...]]], key: str | None = None
) -> Form:
    """A row, or all of them, with what really moved in the year before."""

    def filled(row: Typed) -> Typed:
        if row.key not in before:
            return row
        way, amounts = before[row.key]
        texts = tuple(money.show(amount) if amount else "" for amount in amounts)
        return replace(row, way=way, texts=texts, faults=frozenset())

    return _with(form, key, filled)


def columns() -> list[tuple[str, int]]:
    """The heads of the export with their widths."""
    return [
        (_("Category"), 34),
        (_("Direction"), 14),
        (_("Month"), 12),
        (_("Budget"), 14),
        (_("Actual"), 14),
        (_("Left"), 14),
    ]


def cells(year: Year) -> Iterator[list[Any]]:
    """A row of the export for each category and month with a budget or a movement."""
    ways = {Way.IN: _("Money in"), Way.OUT: _("Money out")}
    rows: Sequence[Row | OtherRow] = (*year.rows, *year.others)
    for row in rows:
        for at in range(1, MONTHS + 1):
            one = row.at(at, at)
            has_budget = isinstance(row, Row) and row.budgets[at - 1] is not None
            if has_budget or one.actual:
                yield [
                    _name(row),
                    ways[row.way],
                    date(year.year, at, 1),
                    one.budget if has_budget else None,
                    one.actual,
                    one.left if has_budget else None,
                ]


def _lines(rows: Sequence[Row | OtherRow], spans: Sequence[Span], year: int) -> Iterator[Line]:
    for row in rows:
        yield Line(_name(row), tuple(_cell(row, span, year) for span in spans))


def _cell(row: Row | OtherRow, span: Span, year: int) -> Cell:
    one = row.at(span.first, span.last)
    has_budget = isinstance(row, Row) and row.has_budget
    href = actual_url(row, date(year, span.first, 1), _last_day(year, span.last))
    is_over = has_budget and row.way is Way.OUT and one.left < 0
    return Cell(one, has_budget, href if one.actual else None, is_over)


def _sum(year: Year, way: Way, spans: Sequence[Span], title: str) -> Line:
    cells = []
    for span in spans:
        one = year.sum(way, span.first, span.last)
        cells.append(Cell(one, has_budget=True, is_over=way is Way.OUT and one.left < 0))
    return Line(title, tuple(cells))


def _net(year: Year, span: Span) -> Cell:
    """What is left of a difference says nothing."""
    return Cell(year.net(span.first, span.last), has_budget=True, has_left=False)


def _name(row: Row | OtherRow) -> str:
    if isinstance(row, OtherRow):
        return str(_(OTHERS[row.kind]))
    return category_choices.name(row.name, row.code)


def _spans(year: int, view: str) -> tuple[Span, ...]:
    whole = Span(str(year), 1, MONTHS)
    if view == WHOLE_YEAR:
        return (whole,)
    if view == BY_MONTH:
        months = (Span(plan_words.short_month(at), at, at) for at in range(1, MONTHS + 1))
        return (*months, whole)
    at = int(view)
    month = Span(f"{plan_words.month_head(at)} {year}", at, at)
    if at == 1:
        return (month,)
    so_far = _(
        "%(first)s until %(last)s", first=plan_words.month_head(1), last=plan_words.month(at)
    )
    return (month, Span(str(so_far), 1, at))


def _tabs(year: int, view: str) -> list[tuple[str, str, bool, None]]:
    offered = [(str(at), plan_words.short_month(at)) for at in range(1, MONTHS + 1)]
    offered += [(WHOLE_YEAR, _("Whole year")), (BY_MONTH, _("All months"))]
    return [
        (label, url_for("cash_plans.budget", year=year, month=key), key == view, None)
        for key, label in offered
    ]


def _amount(text: str) -> Decimal | None:
    return money.parse(text) if text else None


def _offered(year: Year) -> list[Row]:
    """Categories in use, and those that have something in the year."""
    return [row for row in year.rows if row.is_active or row.has_budget or row.has_actual]


def _typed(row: Row) -> Typed:
    texts = tuple("" if amount is None else money.show(amount) for amount in row.budgets)
    return Typed(row.key, category_choices.name(row.name, row.code), row.way, texts)


def _posted_keys() -> list[str]:
    """The categories of the form in its order."""
    names = (name for name in request.form if name.startswith("m-"))
    return list(dict.fromkeys(name[2:].rpartition("-")[0] for name in names))


def _wrongs(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    for at, text in enumerate(texts, start=1):
        try:
            if text:
                money.parse(text)
        except Refusal as refusal:
            yield at, languages.sentence(refusal)


def _with(form: Form, key: str | None, change: Any) -> Form:
    """Any: from a row to a row."""
    rows = tuple(change(row) if key in (None, row.key) else row for row in form.rows)
    return replace(form, rows=rows, faults=(), is_unsaved=True)


def _last_day(year: int, month: int) -> date:
    following = date(year + month // MONTHS, month % MONTHS + 1, 1)
    return following - timedelta(days=1)
