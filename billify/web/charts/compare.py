"""Several lines of one amount over the same days, each named by a letter at its end.

Told apart by their dashes and letters as well as by colour, so that they stand in print too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from billify.web.charts.shapes import (
    Frame,
    Hit,
    Scale,
    Size,
    Tick,
    amount_ticks,
    frame_of,
    nice_ticks,
    short_day,
    upward,
)
from billify.web.filters import day as full_day
from billify.web.filters import money

SIZES = (Size(760, 300, every=14), Size(358, 270, every=28))
LETTER = 13
"""So far apart stand the letters of lines that end close together."""
MARGIN = 20
MOST_HITS = 26
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Series:
    """One line: `look` is its class, `letter` stands at its end. `band` is low and high by day."""

    look: str
    letter: str
    name: str
    points: tuple[tuple[date, Decimal], ...]
    band: tuple[tuple[date, Decimal, Decimal], ...] = ()
    marks_low: bool = False
    """Is a dot drawn where it is lowest?"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line laid out: its path, its band, its lowest point, and where its letter stands."""

    look: str
    letter: str
    path: str
    band: str
    marks_low: bool
    low_x: float
    low_y: float
    end_x: float
    end_y: float


@dataclass(frozen=True, slots=True)
class LinesPlot:
    """Lines laid out at one size."""

    frame: Frame
    amounts: tuple[Tick, ...]
    days: tuple[Tick, ...]
    zero: float
    floor: float | None
    today: float | None
    lines: tuple[Drawn, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A chart of several lines, for a wide and a narrow place."""

    wide: LinesPlot
    narrow: LinesPlot
    series: tuple[Series, ...]
    floor: Decimal | None


def lines(
    series: Sequence[Series],
    *,
    floor: Decimal | None = None,
    today: date | None = None,
    by_month: bool = False,
) -> Lines | None:
    """Lines over the same days; None when there is nothing to draw.

    The axis names Mondays, or half-years when the points are ends of months.
    """
    drawn = tuple(one for one in series if len(one.points) > 1)
    if not drawn:
        return None
    plots = [_plot(drawn, floor, today, by_month, size) for size in SIZES]
    return Lines(plots[0], plots[1], drawn, floor)


def _plot(
    series: tuple[Series, ...],
    floor: Decimal | None,
    today: date | None,
    by_month: bool,
    size: Size,
) -> LinesPlot:
    values = [float(value) for value in _heights(series, floor)]
    steps = nice_ticks(min(values), max(values))
    room = frame_of(size, steps, below=24)
    frame = Frame(room.width, room.height, room.left, room.right - MARGIN, room.top, room.bottom)
    first = min(one.points[0][0] for one in series)
    last = max(one.points[-1][0] for one in series)
    across = Scale(0, max((last - first).days, 1), frame.left, frame.right - frame.left)
    up = upward(steps, frame)
    drawn = [_drawn(one, first, across, up) for one in series]
    marks = _half_years(first, last, size) if by_month else _mondays(first, last, size)
    return LinesPlot(
        frame=frame,
        amounts=amount_ticks(steps, up),
        days=tuple(Tick(across((day - first).days), label) for day, label in marks),
        zero=up(0),
        floor=None if floor is None else up(float(floor)),
        today=across((today - first).days) if today and first < today <= last else None,
        lines=tuple(_apart(drawn, frame)),
        hits=tuple(_hits(series, first, across, frame)),
    )


def _heights(series: Iterable[Series], floor: Decimal | None) -> Iterable[Decimal]:
    yield ZERO
    if floor is not None:
        yield floor
    for one in series:
        yield from (amount for _, amount in one.points)
        for _, low, high in one.band:
            yield low
            yield high


def _drawn(one: Series, first: date, across: Scale, up: Scale) -> Drawn:
    at = [(across((day - first).days), up(float(amount))) for day, amount in one.points]
    edge = [(across((day - first).days), up(float(high))) for day, _, high in one.band]
    edge += [(across((day - first).days), up(float(low))) for day, low, _ in reversed(one.band)]
    low_x, low_y = max(at, key=lambda place: place[1])
    return Drawn(
        one.look,
        one.letter,
        _path(at),
        f"{_path(edge)}Z" if len(one.band) > 1 else "",
        one.marks_low,
        low_x,
        low_y,
        at[-1][0],
        at[-1][1],
    )


def _path(at: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in at) if at else ""


def _apart(drawn: Sequence[Drawn], frame: Frame) -> Iterable[Drawn]:
    """Letters one beneath the other where lines end close together."""
    order = sorted(range(len(drawn)), key=lambda at: drawn[at].end_y)
    places: dict[int, float] = {}
    before = frame.top - LETTER
    for at in order:
        before = max(drawn[at].end_y, before + LETTER)
        places[at] = before
    over = max(before - frame.bottom, 0.0)
    for at, one in enumerate(drawn):
        y = round(places[at] - over, 1)
        yield replace(one, end_y=y)


def _mondays(first: date, last: date, size: Size) -> Iterable[tuple[date, str]]:
    start = first.toordinal() + -first.weekday() % 7
    for at in range(start, last.toordinal() + 1, size.every):
        day = date.fromordinal(at)
        yield day, short_day(day)


def _half_years(first: date, last: date, size: Size) -> Iterable[tuple[date, str]]:
    """The first days of half-years; a narrow chart names one a year."""
    every = 6 if size.every < 28 else 12
    month = first.year * 12 + first.month - 1
    for at in range(month + 1, last.year * 12 + last.month + 1):
        if at % every == 0:
            day = date(at // 12, at % 12 + 1, 1)
            yield day, f"{day.month:02d}/{day.year}"


def _hits(series: Sequence[Series], first: date, across: Scale, frame: Frame) -> Iterable[Hit]:
    """Columns that tell the amounts of all lines: hovering shows them."""
    most = max(series, key=lambda one: len(one.points))
    every = max(len(most.points) // MOST_HITS, 1)
    by_day = [dict(one.points) for one in series]
    days = [day for day, _ in most.points][::every]
    left = frame.left
    for at, day in enumerate(days):
        following = days[at + 1] if at + 1 < len(days) else most.points[-1][0]
        middle = (across((day - first).days) + across((following - first).days)) / 2
        right = min(middle, frame.right) if at + 1 < len(days) else frame.right
        told = [
            f"{one.letter or one.name} {money(known[day])}"
            for one, known in zip(series, by_day, strict=True)
            if day in known
        ]
        yield Hit(
            round(left, 1), round(max(right - left, 0), 1), f"{full_day(day)}: {' · '.join(told)}"
        )
        left = right
