"""Weekly bars: up for what comes in, down for what goes out, the overdue apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from billify.web.charts.shapes import (
    Bar,
    Frame,
    Hit,
    Size,
    Tick,
    Week,
    amount_ticks,
    frame_of,
    hit_of,
    nice_ticks,
    pair,
    short_day,
    snug,
)

SIZES = (Size(820, 190, every=2), Size(358, 190, every=4))


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

    @property
    def leads_on(self) -> bool:
        """Does a part of it lead somewhere? Then it is more than a picture."""
        return any(hit.href for hit in self.hits)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Receivables and payables by week, the overdue ones apart."""

    wide: BarPlot
    narrow: BarPlot
    weeks: tuple[Week, ...]
    overdue: Week | None


def weekly(weeks: Sequence[Week], *, overdue: Week | None = None) -> Weekly | None:
    """Bars up for what comes in and down for what goes out; nothing when there is no week."""
    if not weeks:
        return None
    plots = [_bar_plot(tuple(weeks), overdue, size) for size in SIZES]
    return Weekly(plots[0], plots[1], tuple(weeks), overdue)


def _bar_plot(weeks: tuple[Week, ...], overdue: Week | None, size: Size) -> BarPlot:
    shown = (*weeks, overdue) if overdue else weeks
    most = float(max(week.incoming for week in shown))
    least = -float(max(week.outgoing for week in shown))
    steps = nice_ticks(min(least, 0), max(most, 0))
    frame = frame_of(size, steps, below=24)
    up = snug(steps, (least, most), frame)
    places = len(weeks) + (1.5 if overdue else 0)
    place = (frame.right - frame.left) / places
    bars: list[Bar] = []
    hits: list[Hit] = []
    columns = [(frame.left, overdue, "late")] if overdue else []
    start = frame.left + (1.5 * place if overdue else 0)
    columns += [(start + place * number, week, "") for number, week in enumerate(weeks)]
    for left, week, kind in columns:
        bars += pair(week, left, place, up, kind)
        hits.append(hit_of(week, left, place))
    ticks = tuple(
        Tick(round(start + place * (number + 0.5), 1), short_day(week.start))
        for number, week in enumerate(weeks)
        if number % size.every == size.every // 2
    )
    late = round(frame.left + place / 2, 1) if overdue else None
    amounts = tuple(tick for tick in amount_ticks(steps, up) if frame.holds(tick.at))
    return BarPlot(frame, amounts, ticks, up(0), tuple(bars), tuple(hits), late)
