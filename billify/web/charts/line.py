"""The line of the balance ahead, over the bars of each week."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from billify.web.charts.shapes import (
    Bar,
    Frame,
    Hit,
    Mark,
    Point,
    Scale,
    Size,
    Tick,
    Week,
    amount_ticks,
    frame_of,
    hit_of,
    nice_ticks,
    pair,
    short_day,
    upward,
)
from billify.web.filters import money

ZERO = Decimal(0)
SIZES = (Size(760, 270, every=14), Size(358, 250, every=28))
STRIP = 64


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
class Projection:
    """The balance ahead, with what the twin table shows."""

    wide: LinePlot
    narrow: LinePlot
    points: tuple[Point, ...]
    weeks: tuple[Week, ...]
    lowest: Point
    floor: Decimal | None


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
    plots = [_line_plot(ordered, tuple(weeks), today, floor, lowest, size) for size in SIZES]
    twin = tuple(_week_ends(ordered, weeks))
    return Projection(plots[0], plots[1], twin, tuple(weeks), lowest, floor)


def _line_plot(
    points: tuple[Point, ...],
    weeks: tuple[Week, ...],
    today: date,
    floor: Decimal | None,
    lowest: Point,
    size: Size,
) -> LinePlot:
    values = [float(value) for value in _heights(points, floor)]
    steps = nice_ticks(min(values), max(values))
    strip = STRIP if weeks else 0
    frame = frame_of(size, steps, below=24 + strip)
    first, last = points[0].day, points[-1].day
    across = Scale(0, max((last - first).days, 1), frame.left, frame.right - frame.left)
    up = upward(steps, frame)

    def x(day: date) -> float:
        return across((day - first).days)

    def y(amount: Decimal) -> float:
        return up(float(amount))

    at = [(x(point.day), y(point.balance)) for point in points]
    now = sum(point.day <= today for point in points)
    bars, zero, hits = _strip(weeks, first, last, across, frame, strip)
    return LinePlot(
        frame=frame,
        amounts=amount_ticks(steps, up),
        days=tuple(Tick(x(day), short_day(day)) for day in _mondays(first, last, size.every)),
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
    )


def _heights(points: Iterable[Point], floor: Decimal | None) -> Iterable[Decimal]:
    yield ZERO
    if floor is not None:
        yield floor
    for point in points:
        yield point.balance
        yield point.balance if point.low is None else point.low
        yield point.balance if point.high is None else point.high


def _mondays(first: date, last: date, every: int) -> Iterable[date]:
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
    across: Scale,
    frame: Frame,
    height: float,
) -> tuple[tuple[Bar, ...], float | None, tuple[Hit, ...]]:
    """The bars of in and out, in a strip of their own beneath the line."""
    inside = [week for week in weeks if week.start <= last and week.start >= first - timedelta(6)]
    most = max([*(w.incoming for w in inside), *(w.outgoing for w in inside)], default=ZERO)
    if most <= 0:
        return (), None, ()
    zero = round(frame.bottom + 4 + height / 2, 1)
    up = Scale(0, float(most), zero, -(height / 2 - 6))
    bars: list[Bar] = []
    hits: list[Hit] = []
    for week in inside:
        left = max(across((week.start - first).days), frame.left)
        place = min(across((week.start - first).days + 7), frame.right) - left
        bars += pair(week, left, place, up, "")
        hits.append(hit_of(week, left, place))
    return tuple(bars), zero, tuple(hits)


def _week_ends(points: Sequence[Point], weeks: Sequence[Week]) -> Iterable[Point]:
    """The balance at the end of each week: as many rows as a table twin can bear."""
    by_day = {point.day: point for point in points}
    if not weeks:
        yield from points[:: max(len(points) // 26, 1)]
        return
    for week in weeks:
        end = min(week.start + timedelta(days=6), points[-1].day)
        yield by_day.get(end) or points[-1]
