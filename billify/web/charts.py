"""Charts worked out on the server: from days and amounts to the coordinates of an SVG.

Nothing here draws: `templates/ui/_chart.html` puts the numbers into elements and gives the twin
table. Each chart is laid out twice, wide and narrow, since text in an SVG shrinks with it; CSS
shows the one that fits its place. Amounts become floats only for where a line stands on screen.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from billify.web.filters import day as full_day
from billify.web.filters import money, whole_money

ZERO = Decimal(0)
LABEL_WIDTH = 6.4  # px a figure of the 11 px axis font takes
TICKS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """The balance at the end of a day; low and high when it is a forecast with a band."""

    day: date
    balance: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """What comes in and goes out in the week that starts on this day; href opens its rows."""

    start: date
    incoming: Decimal
    outgoing: Decimal
    href: str | None = None


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
    """The column of one week: hovering tells its amounts, a click opens its rows."""

    x: float
    width: float
    text: str
    href: str | None


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


@dataclass(frozen=True, slots=True)
class LinePlot:
    """A projection laid out at one size."""

    frame: Frame
    amounts: tuple[Tick, ...]
    days: tuple[Tick, ...]
    zero: float
    past: str
    ahead: str
    band: str
    below: str
    floor: float | None
    today: float | None
    lowest: Mark | None
    bars: tuple[Bar, ...]
    bars_zero: float | None
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Weekly bars laid out at one size."""

    frame: Frame
    amounts: tuple[Tick, ...]
    weeks: tuple[Tick, ...]
    zero: float
    bars: tuple[Bar, ...]
    hits: tuple[Hit, ...]
    late: float | None


@dataclass(frozen=True, slots=True)
class Projection:
    """The balance ahead, with what the twin table shows."""

    wide: LinePlot
    narrow: LinePlot
    points: tuple[Point, ...]
    weeks: tuple[Week, ...]
    lowest: Point
    floor: Decimal | None


@dataclass(frozen=True, slots=True)
class Weekly:
    """Receivables and payables by week, the overdue ones apart."""

    wide: BarPlot
    narrow: BarPlot
    weeks: tuple[Week, ...]
    overdue: Week | None


def projection(
    points: Sequence[Point],
    *,
    today: date,
    floor: Decimal | None = None,
    weeks: Sequence[Week] = (),
) -> Projection | None:
    """The line of the balance, over the bars of each week; nothing when there is no point."""
    if not points:
        return None
    ordered = tuple(sorted(points, key=lambda point: point.day))
    ahead = [point for point in ordered if point.day >= today] or list(ordered)
    lowest = min(ahead, key=lambda point: point.balance)
    plots = [
        _line_plot(ordered, tuple(weeks), today, floor, lowest, width, height, every)
        for width, height, every in ((760, 270, 14), (358, 250, 28))
    ]
    twin = tuple(_week_ends(ordered, weeks))
    return Projection(plots[0], plots[1], twin, tuple(weeks), lowest, floor)


def weekly(weeks: Sequence[Week], *, overdue: Week | None = None) -> Weekly | None:
    """Bars up for what comes in and down for what goes out; nothing when there is no week."""
    if not weeks:
        return None
    plots = [
        _bar_plot(tuple(weeks), overdue, width, height, every)
        for width, height, every in ((760, 230, 2), (358, 210, 4))
    ]
    return Weekly(plots[0], plots[1], tuple(weeks), overdue)


def nice_ticks(low: float, high: float, count: int = TICKS) -> list[float]:
    """Round steps of 1, 2, 2.5 or 5 times a power of ten that cover a range."""
    if high <= low:
        high = low + 1
    rough = (high - low) / max(count - 1, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * place for place in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to coordinates, in one direction."""

    value: float
    span: float
    start: float
    length: float

    def __call__(self, value: float) -> float:
        return round(self.start + (value - self.value) / self.span * self.length, 1)


def _line_plot(
    points: tuple[Point, ...],
    weeks: tuple[Week, ...],
    today: date,
    floor: Decimal | None,
    lowest: Point,
    width: int,
    height: int,
    every: int,
) -> LinePlot:
    values = [float(value) for value in _heights(points, floor)]
    steps = nice_ticks(min(values), max(values))
    strip = 64 if weeks else 0
    frame = _frame(width, height, steps, below=24 + strip)
    first, last = points[0].day, points[-1].day
    across = _Scale(0, max((last - first).days, 1), frame.left, frame.right - frame.left)
    up = _up(steps, frame)

    def x(day: date) -> float:
        return across((day - first).days)

    def y(amount: Decimal) -> float:
        return up(float(amount))

    at = [(x(point.day), y(point.balance)) for point in points]
    now = sum(point.day <= today for point in points)
    bars, zero, hits = _strip(weeks, first, last, across, frame, strip)
    return LinePlot(
        frame=frame,
        amounts=_amount_ticks(steps, up),
        days=tuple(Tick(x(day), f"{day.day:02d}/{day.month:02d}") for day in _days(first, last, every)),
        zero=up(0),
        past=_path(at[:now]),
        ahead=_path(at[max(now - 1, 0) :]) if now < len(at) else "",
        band=_band(points, x, y),
        below=_below_zero(at, up(0)) if lowest.balance < 0 or min(values) < 0 else "",
        floor=None if floor is None else y(floor),
        today=x(today) if first <= today <= last else None,
        lowest=_mark(lowest, x(lowest.day), y(lowest.balance), frame),
        bars=bars,
        bars_zero=zero,
        hits=hits,
    )  # fmt: skip


def _bar_plot(
    weeks: tuple[Week, ...], overdue: Week | None, width: int, height: int, every: int
) -> BarPlot:
    shown = (*weeks, overdue) if overdue else weeks
    most = float(max(week.incoming for week in shown))
    least = -float(max(week.outgoing for week in shown))
    steps = nice_ticks(min(least, 0), max(most, 0))
    frame = _frame(width, height, steps, below=24)
    up = _up(steps, frame)
    places = len(weeks) + (1.5 if overdue else 0)
    place = (frame.right - frame.left) / places
    bars: list[Bar] = []
    hits: list[Hit] = []
    columns = [(frame.left, overdue, "late")] if overdue else []
    start = frame.left + (1.5 * place if overdue else 0)
    columns += [(start + place * number, week, "") for number, week in enumerate(weeks)]
    for left, week, kind in columns:
        bars += _pair(week, left, place, up, kind)
        hits.append(_hit(week, left, place))
    ticks = tuple(
        Tick(round(start + place * (number + 0.5), 1), f"{week.start.day:02d}/{week.start.month:02d}")
        for number, week in enumerate(weeks)
        if number % every == every // 2
    )  # fmt: skip
    late = round(frame.left + place / 2, 1) if overdue else None
    return BarPlot(frame, _amount_ticks(steps, up), ticks, up(0), tuple(bars), tuple(hits), late)


def _frame(width: int, height: int, steps: Sequence[float], *, below: float) -> Frame:
    longest = max(len(whole_money(Decimal(step))) for step in steps)
    left = round(longest * LABEL_WIDTH + 10, 1)
    return Frame(width, height, left, width - 6, 14, height - below)


def _up(steps: Sequence[float], frame: Frame) -> _Scale:
    return _Scale(steps[0], steps[-1] - steps[0], frame.bottom, frame.top - frame.bottom)


def _amount_ticks(steps: Iterable[float], up: _Scale) -> tuple[Tick, ...]:
    return tuple(Tick(up(step), whole_money(Decimal(step))) for step in steps)


def _heights(points: Iterable[Point], floor: Decimal | None) -> Iterable[Decimal]:
    yield ZERO
    if floor is not None:
        yield floor
    for point in points:
        yield point.balance
        yield point.balance if point.low is None else point.low
        yield point.balance if point.high is None else point.high


def _days(first: date, last: date, every: int) -> Iterable[date]:
    """Mondays, so the marks agree with the weeks of the bars."""
    day = first + timedelta(days=-first.weekday() % 7)
    while day <= last:
        yield day
        day += timedelta(days=every)


def _path(at: Sequence[tuple[float, float]]) -> str:
    if len(at) < 2:
        return ""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in at)


def _band(
    points: Iterable[Point], x: Callable[[date], float], y: Callable[[Decimal], float]
) -> str:
    sure = [point for point in points if point.low is not None and point.high is not None]
    edge = [(x(point.day), y(point.high or ZERO)) for point in sure]
    edge += [(x(point.day), y(point.low or ZERO)) for point in reversed(sure)]
    return _path(edge) + "Z" if len(sure) > 1 else ""


def _below_zero(at: Sequence[tuple[float, float]], zero: float) -> str:
    """The area between the line and zero wherever the line is under it (larger y)."""
    parts = []
    for (x1, y1), (x2, y2) in pairwise(at):
        if y1 <= zero and y2 <= zero:
            continue
        if (y1 > zero) != (y2 > zero):
            cross = round(x1 + (zero - y1) / (y2 - y1) * (x2 - x1), 1)
            x1, y1, x2, y2 = (x1, y1, cross, zero) if y1 > zero else (cross, zero, x2, y2)
        parts.append(f"M{x1:g} {zero:g}L{x1:g} {y1:g}L{x2:g} {y2:g}L{x2:g} {zero:g}Z")
    return "".join(parts)


def _mark(lowest: Point, x: float, y: float, frame: Frame) -> Mark:
    middle = (frame.left + frame.right) / 2
    anchor = "start" if x < middle else "end"
    return Mark(x, y, money(lowest.balance), anchor, below_zero=lowest.balance < 0)


def _strip(
    weeks: tuple[Week, ...],
    first: date,
    last: date,
    across: _Scale,
    frame: Frame,
    height: float,
) -> tuple[tuple[Bar, ...], float | None, tuple[Hit, ...]]:
    """The bars of in and out, in a strip of their own beneath the line."""
    inside = [week for week in weeks if week.start <= last and week.start >= first - timedelta(6)]
    most = max([*(w.incoming for w in inside), *(w.outgoing for w in inside)], default=ZERO)
    if most <= 0:
        return (), None, ()
    zero = round(frame.bottom + 4 + height / 2, 1)
    up = _Scale(0, float(most), zero, -(height / 2 - 6))
    bars: list[Bar] = []
    hits: list[Hit] = []
    for week in inside:
        left = max(across((week.start - first).days), frame.left)
        place = min(across((week.start - first).days + 7), frame.right) - left
        bars += _pair(week, left, place, up, "")
        hits.append(_hit(week, left, place))
    return tuple(bars), zero, tuple(hits)


def _pair(week: Week, left: float, place: float, up: _Scale, kind: str) -> Iterable[Bar]:
    width = round(min(place * 0.62, 30), 1)
    x = round(left + (place - width) / 2, 1)
    zero, high, low = up(0), up(float(week.incoming)), up(-float(week.outgoing))
    if week.incoming > 0:
        yield Bar(x, high, width, round(zero - high, 1), kind or "in")
    if week.outgoing > 0:
        yield Bar(x, zero, width, round(low - zero, 1), kind or "out")


def _hit(week: Week, left: float, place: float) -> Hit:
    text = f"{full_day(week.start)}: +{money(week.incoming)} / \N{MINUS SIGN}{money(week.outgoing)}"
    return Hit(round(left, 1), round(place, 1), text, week.href)


def _week_ends(points: Sequence[Point], weeks: Sequence[Week]) -> Iterable[Point]:
    """The balance at the end of each week: as many rows as a table twin can bear."""
    by_day = {point.day: point for point in points}
    if not weeks:
        yield from points[:: max(len(points) // 26, 1)]
        return
    for week in weeks:
        end = min(week.start + timedelta(days=6), points[-1].day)
        yield by_day.get(end) or points[-1]
