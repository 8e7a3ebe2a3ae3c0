"""From days and amounts to where they stand in a picture."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from billify.web import charts
from billify.web.charts import Point, Week

TODAY = date(2026, 11, 20)
ZERO = Decimal(0)


def balances(*amounts: int) -> list[Point]:
    return [Point(TODAY + timedelta(days=n), Decimal(amount)) for n, amount in enumerate(amounts)]


def week(number: int, incoming: int, outgoing: int) -> Week:
    return Week(date(2026, 11, 16) + timedelta(weeks=number), Decimal(incoming), Decimal(outgoing))


def project(points: list[Point], **more: object) -> charts.Projection:
    made = charts.projection(points, today=TODAY, **more)  # type: ignore[arg-type]
    assert made is not None
    return made


def bars(weeks: list[Week], **more: object) -> charts.Weekly:
    made = charts.weekly(weeks, **more)  # type: ignore[arg-type]
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 30_000, [0, 10_000, 20_000, 30_000]),
        (-4_000, 9_000, [-5_000, 0, 5_000, 10_000]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
        (0, 3, [0, 1, 2, 3]),
    ],
)
def test_an_axis_has_round_steps(low: float, high: float, ticks: list[float]) -> None:
    assert charts.nice_ticks(low, high) == ticks


@pytest.mark.parametrize("reach", [1, 7, 99, 1_234, 56_789, 10_000_000])
def test_an_axis_covers_its_range_with_few_steps(reach: float) -> None:
    ticks = charts.nice_ticks(-reach / 3, reach)

    assert ticks[0] <= -reach / 3
    assert ticks[-1] >= reach
    assert len(ticks) <= 8


def test_without_a_point_there_is_no_chart() -> None:
    assert charts.projection([], today=TODAY) is None
    assert charts.weekly([]) is None


def test_more_money_stands_higher() -> None:
    plot = project(balances(0, 1000)).wide

    (_, first), (_, last) = coordinates(plot.ahead)

    assert last < first
    assert first == plot.zero


def test_every_coordinate_stays_inside_the_picture() -> None:
    made = project(balances(-900, 25_000, 3_100), floor=Decimal(5_000))

    for plot in (made.wide, made.narrow):
        for x, y in coordinates(plot.ahead):
            assert plot.frame.left <= x <= plot.frame.right
            assert plot.frame.top <= y <= plot.frame.bottom


def test_the_past_and_what_is_ahead_meet_today() -> None:
    yesterday = Point(TODAY - timedelta(days=1), Decimal(50))

    plot = project([yesterday, *balances(100, 200)]).wide

    assert coordinates(plot.past)[-1] == coordinates(plot.ahead)[0]
    assert coordinates(plot.past)[-1][0] == plot.today


def test_days_may_come_in_any_order() -> None:
    points = balances(100, 200, 300)

    assert project(points[::-1]).wide == project(points).wide


def test_the_lowest_point_is_looked_for_ahead_only() -> None:
    last_week = Point(TODAY - timedelta(days=7), Decimal(-5_000))

    assert project([last_week, *balances(900, 400, 800)]).lowest.balance == 400


def test_the_area_below_zero_ends_where_the_line_crosses() -> None:
    plot = project(balances(100, -100)).wide

    [(start, zero), *_, (end, _)] = coordinates(plot.below.removesuffix("Z"))
    middle = (coordinates(plot.ahead)[0][0] + coordinates(plot.ahead)[1][0]) / 2

    assert zero == plot.zero
    assert start == pytest.approx(middle, abs=0.1)
    assert end == coordinates(plot.ahead)[1][0]


def test_above_zero_no_area_is_marked() -> None:
    assert project(balances(100, 50)).wide.below == ""


def test_a_band_needs_two_days_that_have_one() -> None:
    sure = [Point(point.day, point.balance, Decimal(0), Decimal(900)) for point in balances(1, 2)]

    assert project(balances(1, 2)).wide.band == ""
    assert len(coordinates(project(sure).wide.band.removesuffix("Z"))) == 4


def test_a_single_day_draws_no_line_and_does_not_fail() -> None:
    plot = project(balances(100)).wide

    assert (plot.past, plot.ahead) == ("", "")
    assert plot.lowest is not None


def test_the_weeks_stand_in_a_strip_beneath_the_line() -> None:
    made = project(balances(*range(100, 121)), weeks=[week(0, 50, 20), week(1, 0, 80)])

    tops = [bar.y for bar in made.wide.bars]

    assert min(tops) > made.wide.frame.bottom
    assert [bar.kind for bar in made.wide.bars] == ["in", "out", "out"]


def test_the_twin_table_has_one_row_a_week() -> None:
    made = project(balances(*range(100, 121)), weeks=[week(0, 50, 20), week(1, 0, 80)])

    assert [point.day for point in made.points] == [date(2026, 11, 22), date(2026, 11, 29)]
    assert [point.balance for point in made.points] == [102, 109]


def test_overdue_stands_apart_on_the_left() -> None:
    made = bars([week(0, 500, 300), week(1, 200, 100)], overdue=week(0, 900, 0))

    late, first, *_ = made.wide.bars

    assert late.kind == "late"
    assert first.x - late.x > made.wide.bars[3].x - first.x


def test_incoming_rises_and_outgoing_falls_from_zero() -> None:
    made = bars([week(0, 500, 300)])

    up, down = made.wide.bars

    assert up.y + up.height == pytest.approx(made.wide.zero, abs=0.1)
    assert down.y == made.wide.zero
    assert up.height > down.height


def test_a_week_without_money_has_a_place_but_no_bar() -> None:
    made = bars([week(0, 500, 300), week(1, 0, 0)])

    assert len(made.wide.bars) == 2
    assert len(made.wide.hits) == 2


def test_a_week_tells_its_amounts() -> None:
    made = bars([Week(date(2026, 11, 16), Decimal("1234.5"), Decimal(0))])

    hit = made.wide.hits[0]

    assert hit.text == "16/11/2026: +1.234,50 / −0,00"


def test_weeks_of_nothing_still_make_a_chart() -> None:
    made = bars([week(0, 0, 0)])

    assert made.wide.bars == ()


def coordinates(path: str) -> list[tuple[float, float]]:
    pairs = path.removeprefix("M").split("L")
    return [(float(x), float(y)) for x, y in (pair.split() for pair in pairs)]


def test_each_day_with_a_page_has_a_column_and_today_takes_the_focus() -> None:
    yesterday = Point(TODAY - timedelta(days=1), Decimal(50))
    ahead = [replace(point, href=f"/days/{point.day}") for point in balances(100, 200, 300)]

    plot = project([yesterday, *ahead]).wide

    assert [column.day for column in plot.columns] == [point.day for point in ahead]
    assert plot.entry == TODAY
    assert plot.leads_on
    for before, after in pairwise(plot.columns):
        assert before.x + before.width == pytest.approx(after.x, abs=0.2)
    assert plot.columns[-1].x + plot.columns[-1].width == pytest.approx(plot.frame.right, abs=0.2)


def test_a_chart_that_leads_nowhere_is_a_picture() -> None:
    plot = project(balances(100, 200)).wide

    assert plot.columns == ()
    assert not plot.leads_on


def test_a_column_says_the_balance_and_between_what_it_should_lie() -> None:
    sure = Point(TODAY, Decimal("1234.5"), Decimal(-10), Decimal(2000), "/day")

    [column] = project([sure]).wide.columns

    assert column.text == "20/11/2026: 1.234,50 (−10,00 – 2.000,00)"


def test_the_first_day_below_the_floor_is_marked_apart_from_the_lowest() -> None:
    points = balances(*([900] * 40), 400, *([450] * 40), 100)
    first = TODAY + timedelta(days=40)

    crossing = project(points, floor=Decimal(500), crossing=first).wide.crossing

    assert crossing is not None
    assert crossing.label == "30/12"


def test_a_fall_today_and_the_lowest_point_itself_need_no_second_mark() -> None:
    points = balances(100, 50)

    for day in (TODAY, TODAY + timedelta(days=1), None):
        assert project(points, floor=Decimal(500), crossing=day).wide.crossing is None


def test_months_are_named_as_months() -> None:
    ends = [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)]
    points = [Point(TODAY, Decimal(100)), *(Point(day, Decimal(200), href="/m") for day in ends)]
    months = [Week(day.replace(day=1), Decimal(9), Decimal(8), "/in", end=day) for day in ends]

    made = project(points, weeks=months, is_monthly=True)

    assert [tick.label for tick in made.wide.days] == ["01/2027"]
    assert made.wide.hits[1].text == "12/2026: +9,00 / −8,00"
    assert made.wide.columns[1].text == "12/2026: 200,00"
    assert [point.day for point in made.points] == ends


def test_a_step_that_nothing_reaches_takes_no_room() -> None:
    sure = [
        Point(TODAY + timedelta(days=n), Decimal(60_000), Decimal(-800), Decimal(61_000))
        for n in range(3)
    ]

    plot = project(sure).wide

    assert [tick.label for tick in plot.amounts] == ["0", "20.000", "40.000", "60.000"]
    assert max(y for _, y in coordinates(plot.band.removesuffix("Z"))) <= plot.frame.bottom


@pytest.mark.parametrize("amount", [Decimal(0), Decimal("1234567.89"), Decimal("-1234567.89")])
def test_any_amount_makes_a_chart(amount: Decimal) -> None:
    made = project([Point(TODAY + timedelta(days=n), amount) for n in range(91)], floor=ZERO)

    for plot in (made.wide, made.narrow):
        assert plot.frame.top <= plot.zero <= plot.frame.bottom
        assert plot.frame.left < plot.frame.right
