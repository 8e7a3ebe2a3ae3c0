"""The flows of a forecast as lists show them: rows by week or month, and what a list counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from billify.domain.cash_flow import week_start
from billify.domain.forecast import stored
from billify.domain.forecast.shapes import Flow, Forecast, MonthAhead, Source
from billify.domain.refusal import NotFound
from billify.domain.roles import Right
from billify.web import filters, forecast_view, forecast_words
from billify.web.access import actor
from billify.web.forms import EARLIEST, LATEST

ZERO = Decimal("0.00")
ROWS_OF_A_WEEK = 25
"""Rows of a week before one asks for all of it."""
ROWS_AT_ONCE = 200
OPEN_WEEKS = 2
"""So many weeks stand open at first."""
_INVOICES = (Source.SALE, Source.PURCHASE)


class Way(StrEnum):
    """Which way the money goes."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which flows a list shows, as its address says."""

    source: Source | None = None
    way: Way | None = None

    @property
    def is_set(self) -> bool:
        """Does it leave anything out?"""
        return self.source is not None or self.way is not None

    def fits(self, flow: Flow) -> bool:
        """Does a list with this filter show the flow?"""
        if self.source is not None and flow.source is not self.source:
            return False
        return self.way is None or (flow.amount > 0) == (self.way is Way.IN)

    def url(self, **more: str) -> str:
        """The address of the weeks with this filter, and what else is asked for."""
        asked = {"source": self.source, "way": self.way, **more}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{url_for('cash_flow.weeks')}?{query}"


@dataclass(frozen=True, slots=True)
class Row:
    """One expected movement, in words."""

    day: date
    name: str
    href: str
    source: str
    icon: str
    why: str
    amount: Decimal
    early: date | None
    late: date | None
    due: date | None
    is_by_hand: bool
    invoice: str | None
    """The invoice whose day a person may say."""
    currency: str = ""
    """Only of what is not counted for it."""


@dataclass(frozen=True, slots=True)
class Group:
    """A week or a month: its sums, the balance at its end, and its rows."""

    start: date
    end: date
    title: str
    money_in: Decimal
    money_out: Decimal
    balance: Decimal
    low: Decimal | None
    high: Decimal | None
    rows: tuple[Row, ...]
    count: int
    href: str
    is_open: bool = False
    links: tuple[date, date] | None = None
    """The days that its sums open, where they are links and hold all that is expected."""

    @property
    def left_out(self) -> int:
        """How many rows it has beyond those shown."""
        return self.count - len(self.rows)


def asked_filter() -> Filter:
    """The filter of the address; a word that nobody knows is left out."""
    source, way = request.args.get("source", ""), request.args.get("way", "")
    return Filter(
        Source(source) if source in set(Source) else None, Way(way) if way in set(Way) else None
    )


def asked_month(name: str = "month") -> date | None:
    """The first day of the month an address names as 2027-03. Refuses what is not a month, and
    one beyond what calendars reach."""
    text = request.args.get(name)
    if not text:
        return None
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    return _known_to_calendars(found)


def parse_day(text: str) -> date:
    """A day of an address. Refuses what is not a day, and one beyond what calendars reach."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    return _known_to_calendars(found)


def _known_to_calendars(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise NotFound
    return day


def row(flow: Flow) -> Row:
    """A flow as a row."""
    word, icon = forecast_words.SOURCES[flow.source]
    may_say = flow.source in _INVOICES and actor().can(Right.EDIT_INVOICES)
    return Row(
        day=flow.day,
        name=forecast_words.name(flow),
        href=forecast_view.flow_url(flow),
        source=str(_(word)),
        icon=icon,
        why=forecast_words.reason(flow.reason, is_ours=flow.source is Source.PURCHASE),
        amount=flow.amount,
        early=flow.early,
        late=flow.late,
        due=flow.due,
        is_by_hand=flow.is_by_hand,
        invoice=flow.ref if may_say else None,
        currency=stored.currency_of(flow),
    )


def weeks(forecast: Forecast, flows: Iterable[Flow], *, wanted: Filter, today: date) -> list[Group]:
    """The thirteen weeks ahead; with a filter the sums are of what it shows."""
    by_week: dict[date, list[Flow]] = {}
    for flow in flows:
        if wanted.fits(flow):
            by_week.setdefault(week_start(max(flow.day, today)), []).append(flow)
    days = [one for one in forecast.days if one.day >= today]
    found = []
    for at, (monday, inside) in enumerate(forecast_view.week_sums(days)):
        own = by_week.get(monday, [])
        last = inside[-1]
        is_banded = last.low != last.high
        found.append(
            Group(
                start=inside[0].day,
                end=last.day,
                title=_week_title(inside[0].day, last.day),
                money_in=_sum(own, incoming=True),
                money_out=_sum(own, incoming=False),
                balance=last.balance,
                low=last.low if is_banded else None,
                high=last.high if is_banded else None,
                rows=tuple(row(one) for one in own[:ROWS_OF_A_WEEK]),
                count=len(own),
                href=wanted.url(week=monday.isoformat()),
                is_open=at < OPEN_WEEKS,
            )
        )
    return found


def months(forecast: Forecast, *, today: date) -> list[Group]:
    """The months ahead, without their rows."""
    return [_month(one, today) for one in forecast.months if one.end >= today]


def run(
    forecast: Forecast, flows: Sequence[Flow], *, wanted: Filter, start: date, end: date, shown: int
) -> Group:
    """One week or month on its own, with up to `shown` of its rows.

    Its end balance is that of now with all that is expected until then.
    """
    inside = [one for one in flows if start <= one.day <= end and wanted.fits(one)]
    balance = forecast.balance + sum((one.amount for one in flows if one.day <= end), ZERO)
    return Group(
        start=start,
        end=end,
        title="",
        money_in=_sum(inside, incoming=True),
        money_out=_sum(inside, incoming=False),
        balance=balance,
        low=None,
        high=None,
        rows=tuple(row(one) for one in inside[:shown]),
        count=len(inside),
        href="",
        is_open=True,
        links=None if wanted.is_set else (max(start, forecast.today), end),
    )


def run_title(start: date, end: date) -> str:
    """A week or a month in words."""
    return month_title(start) if (end - start).days > 7 else _week_title(start, end)


def month_title(day: date) -> str:
    """A month in words: March 2027."""
    words = str(format_date(day, "LLLL yyyy"))
    return words[:1].upper() + words[1:]


def day_title(day: date) -> str:
    """A day in words: Thursday 03/12/2026."""
    return f"{weekday(day).capitalize()} {filters.day(day)}"


def weekday(day: date, *, short: bool = False) -> str:
    """The name of a day of the week."""
    return str(format_date(day, "ccc" if short else "cccc"))


def source_options() -> list[tuple[str, str]]:
    """What a list can be limited to, as a select shows it."""
    kinds = [kind for kind in Source if kind is not Source.SCENARIO]
    return [("", str(_("All sources"))), *((kind, forecast_words.source(kind)) for kind in kinds)]


def way_options() -> list[tuple[str, str]]:
    """In, out or both, as a select shows them."""
    return [("", str(_("In and out"))), (Way.IN, str(_("In"))), (Way.OUT, str(_("Out")))]


def _month(one: MonthAhead, today: date) -> Group:
    is_banded = one.low != one.high
    start = one.end.replace(day=1)
    return Group(
        start=start,
        end=one.end,
        title=month_title(start),
        money_in=one.money_in,
        money_out=one.money_out,
        balance=one.balance,
        low=one.low if is_banded else None,
        high=one.high if is_banded else None,
        rows=(),
        count=0,
        href=url_for("cash_flow.weeks", month=f"{start:%Y-%m}"),
        links=(max(start, today), one.end),
    )


def _week_title(start: date, end: date) -> str:
    number = week_start(start).isocalendar().week
    monday = week_start(start)
    if end > monday + timedelta(days=6):
        return f"{filters.day(start)} – {filters.day(end)}"
    return str(
        _(
            "Week %(number)d: %(start)s – %(end)s",
            number=number,
            start=filters.day(start)[:5],
            end=filters.day(end),
        )
    )


def _sum(flows: Iterable[Flow], *, incoming: bool) -> Decimal:
    """What comes in, or what goes out; both above zero."""
    found = sum((one.amount for one in flows if (one.amount > 0) == incoming), ZERO)
    return found if incoming else -found
