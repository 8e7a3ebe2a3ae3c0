"""What a chart is made of, and the measures it is laid out with."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billify.web.filters import day as full_day
from billify.web.filters import money, whole_money

LABEL_WIDTH = 7.2  # px a figure of the axis font takes where it is largest
AIR = 0.04
"""Of the height of a line chart, what stays free above the highest and below the lowest."""
TICKS = 5
LONGEST_WEEK = 7


@dataclass(frozen=True, slots=True)
class Point:
    """The balance at the end of a day or month; low and high when it is a forecast with a band.

    `href` opens the rows it comes from.
    """

    day: date
    balance: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """What comes in and goes out in the week that starts on this day; the links open its rows.

    With `end` it is another run of days: the rest of a week, or a month.
    """

    start: date
    incoming: Decimal
    outgoing: Decimal
    href: str | None = None
    out_href: str | None = None
    end: date | None = None

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end or self.start + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; kind is in, out or late."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Hit:
    """The column of one day or week: hovering tells its amounts, and its link opens the rows.

    `y` is where the line stands in a column of a day.
    """

    x: float
    width: float
    text: str
    href: str | None = None
    day: date | None = None
    y: float = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A point worth naming on a line; anchor is how its label is set."""

    x: float
    y: float
    label: str
    anchor: str
    below_zero: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a plot stands inside its picture."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float

    def holds(self, y: float) -> bool:
        """Does a height lie inside?"""
        return self.top - 1 <= y <= self.bottom + 1


@dataclass(frozen=True, slots=True)
class Size:
    """How large a picture is, and after how many days or weeks its axis names one."""

    width: int
    height: int
    every: int


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to coordinates, in one direction."""

    value: float
    span: float
    start: float
    length: float

    def __call__(self, value: float) -> float:
        return round(self.start + (value - self.value) / self.span * self.length, 1)


def nice_ticks(low: float, high: float, count: int = TICKS) -> list[float]:
    """Round steps of 1, 2, 2.5 or 5 times a power of ten that cover a range."""
    if high <= low:
        high = low + 1
    rough = (high - low) / max(count - 1, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * place for place in range(first, last + 1)]


def frame_of(size: Size, steps: Sequence[float], *, below: float) -> Frame:
    """The drawing area that leaves room for the widest amount beside it and what stands below."""
    longest = max(len(whole_money(Decimal(step))) for step in steps)
    left = round(longest * LABEL_WIDTH + 10, 1)
    return Frame(size.width, size.height, left, size.width - 6, 14, size.height - below)


def upward(steps: Sequence[float], frame: Frame) -> Scale:
    """From amounts to heights."""
    return Scale(steps[0], steps[-1] - steps[0], frame.bottom, frame.top - frame.bottom)


def snug(steps: Sequence[float], values: Sequence[float], frame: Frame) -> Scale:
    """The same, but no further than the values need: a step that nothing reaches takes no room."""
    air = (max(values) - min(values)) * AIR
    low, high = max(steps[0], min(values) - air), min(steps[-1], max(values) + air)
    return Scale(low, (high - low) or 1, frame.bottom, frame.top - frame.bottom)


def amount_ticks(steps: Iterable[float], up: Scale) -> tuple[Tick, ...]:
    """A mark for each round amount."""
    return tuple(Tick(up(step), whole_money(Decimal(step))) for step in steps)


def short_day(day: date) -> str:
    """A day without its year, for a narrow axis."""
    return f"{day.day:02d}/{day.month:02d}"


def short_month(day: date) -> str:
    """A month as people write it: 01/2027."""
    return f"{day.month:02d}/{day.year}"


def pair(week: Week, left: float, place: float, up: Scale, kind: str) -> Iterable[Bar]:
    """The two bars of a week: what comes in and what goes out."""
    width = round(min(place * 0.62, 30), 1)
    x = round(left + (place - width) / 2, 1)
    zero, high, low = up(0), up(float(week.incoming)), up(-float(week.outgoing))
    if week.incoming > 0:
        yield Bar(x, high, width, round(zero - high, 1), kind or "in")
    if week.outgoing > 0:
        yield Bar(x, zero, width, round(low - zero, 1), kind or "out")


def hit_of(week: Week, left: float, place: float) -> Hit:
    """The area of a week that shows its amounts and leads to them."""
    is_month = (week.last - week.start).days > LONGEST_WEEK
    name = short_month(week.start) if is_month else full_day(week.start)
    text = f"{name}: +{money(week.incoming)} / \N{MINUS SIGN}{money(week.outgoing)}"
    return Hit(round(left, 1), round(place, 1), text, week.href)


def day_hit(point: Point, left: float, width: float, y: float, *, is_month: bool) -> Hit:
    """The column of a day: its balance, and between what it should lie."""
    name = short_month(point.day) if is_month else full_day(point.day)
    text = f"{name}: {money(point.balance)}"
    if point.low is not None and point.high is not None:
        text += f" ({money(point.low)} \N{EN DASH} {money(point.high)})"
    return Hit(round(left, 1), round(width, 1), text, point.href, point.day, y)
