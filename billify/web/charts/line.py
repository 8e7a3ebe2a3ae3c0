"""The line of the balance ahead with its band, over the bars of each week or month."""

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
    day_hit,
    frame_of,
    hit_of,
    nice_ticks,
    pair,
    short_day,
    short_month,
    snug,
)
from billify.web.filters import money

ZERO = Decimal(0)
SIZES = (Size(820, 316, every=14), Size(358, 290, every=28))
MONTHS_BETWEEN = {14: 6, 28: 12}
"""Of an axis of months every how many months one is named, by what the size says of days."""
STRIP = 72
NEAR = 96
"""Two labels closer than this, in px, would lie over each other."""


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
    crossing: Mark | None = None
    columns: tuple[Hit, ...] = ()
    """One a day or month that leads somewhere; the one of today, or the first, takes the focus."""
    entry: date | None = None

    @property
    def leads_on(self) -> bool:
        """Does a part of it lead somewhere? Then it is more than a picture."""
        return bool(self.columns) or any(hit.href for hit in self.hits)


@dataclass(frozen=True, slots=True)
class Projection:
    """The balance ahead, with what the twin table shows."""

    wide: LinePlot
    narrow: LinePlot
    points: tuple[Point, ...]
    weeks: tuple[Week, ...]
    lowest: Point
    floor: Decimal | None
    is_monthly: bool = False

    @property
    def last(self) -> Point:
        """The point that it ends with."""
        return self.points[-1]

    @property
    def has_band(self) -> bool:
        """Is there something to say how sure it is?"""
        return bool(self.wide.band)


def projection(
    points: Sequence[Point],
    *,
    today: date,
    floor: Decimal | None = None,
    weeks: Sequence[Week] = (),
    crossing: date | None = None,
    is_monthly: bool = False,
) -> Projection | None:
    """The line of the balance, over the bars of each week; nothing when there is no point.

    `crossing` is the first day below the floor. With `is_monthly` the points are ends of months
    and the axis names months.
    """
    if not points:
        return None
    ordered = tuple(sorted(points, key=lambda point: point.day))
    ahead = [point for point in ordered if point.day >= today] or list(ordered)
    lowest = min(ahead, key=lambda point: point.balance)
    drawing = _Drawing(ordered, tuple(weeks), today, floor, lowest, crossing, is_monthly)
    plots = [drawing.at(size) for size in SIZES]
    twin = tuple(_week_ends(ordered, weeks))
    return Projection(
        plots[0],
        plots[1],
        twin,
        tuple(weeks),
        lowest,
        floor,
        is_monthly,
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    """All that is drawn, before it has a size."""

    points: tuple[Point, ...]
    weeks: tuple[Week, ...]
    today: date
    floor: Decimal | None
    lowest: Point
    crossing: date | None
    is_monthly: bool

    def at(self, size: Size) -> LinePlot:
        """The drawing at one size."""
        values = [float(value) for value in self._heights()]
        steps = nice_ticks(min(values), max(values))
        strip = STRIP if self.weeks else 0
        frame = frame_of(size, steps, below=24 + strip)
        first, last = self.points[0].day, self.points[-1].day
        across = Scale(0, max((last - first).days, 1), frame.left, frame.right - frame.left)
        up = snug(steps, values, frame)

        def x(day: date) -> float:
            return across((day - first).days)

        def y(amount: Decimal) -> float:
            return up(float(amount))

        at = [(x(point.day), y(point.balance)) for point in self.points]
        now = sum(point.day <= self.today for point in self.points)
        bars, zero, hits = _strip(self.weeks, first, last, across, frame, strip)
        lowest = _mark(self.lowest, x(self.lowest.day), y(self.lowest.balance), frame)
        columns = tuple(_columns(self.points, at, frame, is_month=self.is_monthly))
        return LinePlot(
            frame=frame,
            amounts=tuple(tick for tick in amount_ticks(steps, up) if frame.holds(tick.at)),
            days=tuple(self._ticks(x, size.every)),
            zero=up(0),
            past=_path(at[:now]),
            ahead=_path(at[max(now - 1, 0) :]) if now < len(at) else "",
            band=_band(self.points, x, y),
            below=_below_zero(at, up(0)) if min(values) < 0 else "",
            floor=None if self.floor is None else y(self.floor),
            today=x(self.today) if first <= self.today <= last else None,
            lowest=lowest,
            bars=bars,
            bars_zero=zero,
            hits=hits,
            crossing=self._crossing(x, y, lowest),
            columns=columns,
            entry=_entry(columns, self.today),
        )

    def _heights(self) -> Iterable[Decimal]:
        yield ZERO
        if self.floor is not None:
            yield self.floor
        for point in self.points:
            yield point.balance
            yield point.balance if point.low is None else point.low
            yield point.balance if point.high is None else point.high

    def _ticks(self, x: Callable[[date], float], every: int) -> Iterable[Tick]:
        first, last = self.points[0].day, self.points[-1].day
        if self.is_monthly:
            wanted = MONTHS_BETWEEN[every]
            ends = (one.day for one in self.points if one.day.month % wanted == 1 % wanted)
            return (Tick(x(day), short_month(day)) for day in ends if day != self.today)
        return (Tick(x(day), short_day(day)) for day in _mondays(first, last, every))

    def _crossing(
        self, x: Callable[[date], float], y: Callable[[Decimal], float], lowest: Mark
    ) -> Mark | None:
        """Where the balance first falls below the floor; its label keeps off the lowest one's."""
        found = [point for point in self.points if point.day == self.crossing]
        if not found or found[0].day in (self.lowest.day, self.today):
            return None
        at, level = x(found[0].day), y(found[0].balance)
        label = "" if abs(at - lowest.x) < NEAR else short_day(found[0].day)
        anchor = "end" if at < lowest.x else "start"
        return Mark(at, level, label, anchor, below_zero=found[0].balance < 0)


def _columns(
    points: Sequence[Point], at: Sequence[tuple[float, float]], frame: Frame, *, is_month: bool
) -> Iterable[Hit]:
    """The column of each day that leads somewhere, from half-way to half-way."""
    middles = [(before[0] + after[0]) / 2 for before, after in pairwise(at)]
    edges = [frame.left, *middles, frame.right]
    for point, (_x, y), left, right in zip(points, at, edges, edges[1:], strict=False):
        if point.href is not None:
            yield day_hit(point, left, right - left, y, is_month=is_month)


def _entry(columns: Sequence[Hit], today: date) -> date | None:
    """The day where the keyboard comes in."""
    days = [column.day for column in columns if column.day is not None]
    return next((day for day in days if day >= today), days[-1] if days else None)


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
    inside = [week for week in weeks if week.start <= last and week.last >= first]
    most = max([*(w.incoming for w in inside), *(w.outgoing for w in inside)], default=ZERO)
    if most <= 0:
        return (), None, ()
    zero = round(frame.bottom + 6 + height / 2, 1)
    up = Scale(0, float(most), zero, -(height / 2 - 8))
    bars: list[Bar] = []
    hits: list[Hit] = []
    for week in inside:
        left = max(across((week.start - first).days), frame.left)
        place = min(across((week.last - first).days + 1), frame.right) - left
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
        end = min(week.last, points[-1].day)
        yield by_day.get(end) or points[-1]
