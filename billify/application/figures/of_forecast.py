"""Figures of what is expected: all from the same stored forecast, so that cards, lists and these
pages agree. Each tells of when it is and whether something moved since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from billify.application import forecasts
from billify.application.figures.of_accounts import account_rows
from billify.application.figures.parts import Lines, Listed, VatOfInvoices
from billify.application.figures.shapes import MINUS, PLUS, Asked, Built, Figure, Row
from billify.application.forecasts import Whole
from billify.data.queries.figure_lines import LineWindow
from billify.data.queries.figure_vat import VatWindow
from billify.domain.forecast import as_of, stored
from billify.domain.forecast.shapes import Flow, Recurrence, Source
from billify.domain.refusal import N_, NotFound

_INVOICES = frozenset({Source.SALE, Source.PURCHASE})
_OURS = frozenset({Source.TAX, Source.REST})
FIRST_YEAR, LAST_YEAR = 1970, 2099
"""Periods of VAT before and after these are nobody's."""
LEAST_SIZE, MOST_SIZE = Decimal("0.5"), Decimal(2)
"""Past lines of a recurring movement are at least and at most so many times its amount."""


def flow_rows(flows: Sequence[Flow], *, sign: int = PLUS) -> list[Row]:
    """Expected movements as rows; one of an invoice leads to it."""
    return [_row(one, sign) for one in flows]


def _row(one: Flow, sign: int) -> Row:
    is_credit = (one.source is Source.SALE and one.amount < 0) or (
        one.source is Source.PURCHASE and one.amount > 0
    )
    return Row(
        kind="invoice" if one.source in _INVOICES else one.source.value,
        id=one.ref,
        what=one.what,
        detail="",
        on=one.day,
        amount=sign * one.amount,
        is_credit=is_credit,
        is_msgid=one.source in _OURS,
        flow=one,
    )


@dataclass(frozen=True, slots=True)
class _Moving:
    """Expected movements of one direction within some days; out is shown above zero."""

    sign: int

    def __call__(self, asked: Asked) -> Built:
        """The flows of the stored forecast that lie within."""
        whole, given = _whole(asked), asked.given
        found = whole.flows(since=given.since, until=given.until, source=_source(given.ref))
        chosen = [one for one in found if one.amount * self.sign > 0]
        return _built(whole, flow_rows(chosen, sign=self.sign))


def _balance(asked: Asked) -> Built:
    """Refuses days that are over, and those that the forecast does not reach."""
    whole, until = _whole(asked), asked.given.until
    forecast = whole.forecast
    if until is None or not forecast.today <= until <= as_of.reach(forecast):
        raise NotFound
    return _built(whole, _start(asked, whole) + flow_rows(whole.flows(until=until)))


def _lowest(asked: Asked) -> Built:
    whole = _whole(asked)
    day = whole.forecast.lowest.day
    rows = _start(asked, whole) + flow_rows(whole.flows(until=day))
    return _built(whole, rows, day)


def _expected(asked: Asked) -> Built:
    """All that one row brings or takes: an invoice, a planned item, a tax, a recurring one."""
    whole = _whole(asked)
    found = whole.flows(ref=asked.given.ref, until=asked.given.until)
    return _built(whole, flow_rows(found))


def _of_source(asked: Asked) -> Built:
    whole, given = _whole(asked), asked.given
    source = _source(given.ref)
    if source is None:
        raise NotFound
    found = whole.flows(source=source, since=given.since, until=given.until)
    return _built(whole, flow_rows(found))


def _of_category(asked: Asked) -> Built:
    whole, given = _whole(asked), asked.given
    found = whole.flows(since=given.since, until=given.until)
    return _built(whole, flow_rows([one for one in found if one.category == given.category]))


def _not_counted(asked: Asked) -> Built:
    """Only what is in the forecast's own currency: others can't be added to it."""
    whole = _whole(asked)
    found = [one for one in whole.left_out() if not stored.currency_of(one)]
    return _built(whole, flow_rows(found))


def _past(asked: Asked) -> Built:
    """The bank lines that a recurring movement was found in."""
    found = next((one for one in forecasts.recurrences() if one.key == asked.given.ref), None)
    if found is None:
        raise NotFound
    return Built((Lines(_lines_of(found, asked.given.currency)),), (("name", found.name),))


def _lines_of(found: Recurrence, currency: str) -> LineWindow:
    sizes = sorted((found.amount * LEAST_SIZE, found.amount * MOST_SIZE))
    return LineWindow(
        currency,
        category=found.category or None,
        name=found.name if found.name != found.category else None,
        least=sizes[0],
        most=sizes[1],
        explains_nothing=True,
    )


def _vat(asked: Asked) -> Built:
    """The VAT of a period's own invoices: of `vat 2026-Q4`, or of `2026-11`."""
    name, window = _vat_window(asked)
    untold = VatOfInvoices(replace(window, is_told=False))
    words = (("name", name),)
    return Built((VatOfInvoices(window),), words, lacking=("vat_not_told", untold))


def _vat_not_told(asked: Asked) -> Built:
    """The invoices of a period that tell no VAT."""
    name, window = _vat_window(asked)
    return Built((VatOfInvoices(replace(window, is_told=False)),), (("name", name),))


def _vat_window(asked: Asked) -> tuple[str, VatWindow]:
    """The period that was asked for, and the days of its invoices."""
    period = (asked.given.ref or "").split(" ")[-1]
    since, until = _period(period)
    return period, VatWindow(asked.given.currency, since, until)


def _period(text: str) -> tuple[date, date]:
    year, _, rest = text.partition("-")
    try:
        first, months = (int(rest[1:]) * 3 - 2, 3) if rest[:1] == "Q" else (int(rest), 1)
        since = date(int(year), first, 1)
    except (ValueError, OverflowError):
        raise NotFound from None
    if not FIRST_YEAR <= since.year <= LAST_YEAR:
        raise NotFound
    behind = since
    for _month in range(months):
        behind = (behind + timedelta(days=32)).replace(day=1)
    return since, behind - timedelta(days=1)


def _whole(asked: Asked) -> Whole:
    """The stored forecast. Refuses another currency than its own, and when there is none yet."""
    whole = forecasts.whole(today=asked.given.today)
    if whole is None or whole.forecast.currency != asked.given.currency:
        raise NotFound
    return whole


def _start(asked: Asked, whole: Whole) -> list[Row]:
    """The accounts, when they still hold what the forecast began with; else that as one row."""
    balance, on = whole.forecast.balance, whole.latest.made_on
    if asked.held.total == balance:
        return account_rows(asked.held.counted)
    return [Row("position", "", N_("Cash position"), "", on, balance, False, True)]


def _source(text: str | None) -> Source | None:
    if not text:
        return None
    try:
        return Source(text)
    except ValueError:
        raise NotFound from None


def _built(whole: Whole, rows: Sequence[Row], day: date | None = None) -> Built:
    words = (("day", day.isoformat()),) if day else ()
    return Built((Listed(rows),), words, whole.latest.made_at, whole.latest.is_stale)


Build = Callable[[Asked], Built]


def _figure(name: str, title: str, formula: str, build: Build, *takes: str) -> Figure:
    return Figure(name, title, formula, build, takes, is_of_forecast=True)


FIGURES: Sequence[Figure] = (
    _figure(
        "money_in",
        N_("Expected in from %(since)s until %(until)s"),
        N_("All that the forecast expects to come in on these days."),
        _Moving(PLUS),
        "since",
        "until",
    ),
    _figure(
        "money_out",
        N_("Expected out from %(since)s until %(until)s"),
        N_("All that the forecast expects to go out on these days."),
        _Moving(MINUS),
        "since",
        "until",
    ),
    _figure(
        "expected_balance",
        N_("Expected balance on %(until)s"),
        N_(
            "The balances of the accounts, and all that is expected to come in and go out "
            "until this day."
        ),
        _balance,
        "until",
    ),
    _figure(
        "lowest_point",
        N_("Lowest point of the forecast"),
        N_(
            "The balances of the accounts, and all that is expected to come in and go out "
            "until the day on which the balance is lowest."
        ),
        _lowest,
    ),
    _figure(
        "expected",
        N_("Expected movement"),
        N_("Every time that the forecast expects this one."),
        _expected,
        "ref",
    ),
    _figure(
        "expected_from",
        N_("Expected from one source"),
        N_("All that the forecast expects from this source, both ways."),
        _of_source,
        "ref",
    ),
    _figure(
        "expected_category",
        N_("Expected on a category"),
        N_("All that the forecast expects with this category, both ways."),
        _of_category,
        "category",
    ),
    _figure(
        "not_counted",
        N_("Not counted in the forecast"),
        N_("Open amounts that are disputed, or not expected within the time ahead."),
        _not_counted,
    ),
    Figure(
        "recurring_past",
        N_("Past movements of %(name)s"),
        N_("Bank lines of this counterparty, about as large, that settle no invoice."),
        _past,
        ("ref",),
    ),
    Figure(
        "vat_of_period",
        N_("VAT of invoices in %(name)s"),
        N_("VAT of own sales invoices less VAT of approved purchase invoices, by day of issue."),
        _vat,
        ("ref",),
    ),
    Figure(
        "vat_not_told",
        N_("Invoices of %(name)s that tell no VAT"),
        N_(
            "Totals of own sales invoices and approved purchase invoices whose VAT is not known "
            "here, as the accounting told only their total; credit notes are taken off."
        ),
        _vat_not_told,
        ("ref",),
    ),
)
