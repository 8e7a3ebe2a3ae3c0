"""Charts of several lines: each in its place, and each told apart at its end."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from billify.web.charts import compare
from billify.web.charts.compare import LETTER, Series

DAY = date(2026, 11, 21)


def series(letter: str, *amounts: int, by: int = 7, band: bool = False) -> Series:
    days = [DAY + timedelta(days=by * at) for at in range(len(amounts))]
    return Series(
        letter.lower() or "base",
        letter,
        f"Scenario {letter}",
        tuple((day, Decimal(amount)) for day, amount in zip(days, amounts, strict=True)),
        tuple(
            (day, Decimal(amount - 10), Decimal(amount + 10))
            for day, amount in zip(days, amounts, strict=True)
        )
        if band
        else (),
    )


def test_without_two_points_there_is_no_line() -> None:
    assert compare.lines([]) is None
    assert compare.lines([series("A", 5)]) is None


def test_a_higher_balance_stands_higher() -> None:
    chart = compare.lines([series("", 100, 100), series("A", 100, 200)])

    assert chart is not None
    base, other = chart.wide.lines
    assert base.path.startswith("M")
    assert other.end_y < base.end_y
    assert other.end_x == base.end_x <= chart.wide.frame.right


def test_letters_of_lines_that_end_together_do_not_lie_over_each_other() -> None:
    chart = compare.lines([series(letter, 100, 100) for letter in "ABC"])

    assert chart is not None
    ends = sorted(line.end_y for line in chart.wide.lines)
    assert all(after - before >= LETTER for before, after in pairwise(ends))
    assert ends[-1] <= chart.wide.frame.bottom


def test_the_lowest_point_the_floor_and_today_have_their_places() -> None:
    chart = compare.lines(
        [series("A", 100, -50, 100)], floor=Decimal(20), today=DAY + timedelta(days=7)
    )

    assert chart is not None
    plot = chart.wide
    (line,) = plot.lines
    assert plot.floor is not None
    assert plot.floor < plot.zero < line.low_y
    assert line.low_x == plot.today


def test_a_band_is_a_closed_area_around_its_line() -> None:
    chart = compare.lines([series("A", 100, 200, band=True)])

    assert chart is not None
    assert chart.wide.lines[0].band.endswith("Z")
    assert chart.wide.lines[0].band.count("L") == 3


def test_hovering_tells_the_amounts_of_every_line() -> None:
    chart = compare.lines([series("", 100, 100), series("A", 100, 200)])

    assert chart is not None
    assert chart.wide.hits[-1].text == "28/11/2026: Scenario  100,00 · A 200,00"


def test_an_axis_of_months_names_half_years_and_a_narrow_one_years() -> None:
    months = series("A", *range(100, 136), by=31)
    chart = compare.lines([months], by_month=True)

    assert chart is not None
    assert [tick.label for tick in chart.wide.days][:3] == ["01/2027", "07/2027", "01/2028"]
    assert [tick.label for tick in chart.narrow.days] == ["01/2027", "01/2028", "01/2029"]


def test_a_year_of_days_has_no_more_columns_than_a_hand_can_point_at() -> None:
    chart = compare.lines([series("A", *range(364), by=1)])

    assert chart is not None
    assert 20 <= len(chart.narrow.hits) <= 30
    widths = sum(hit.width for hit in chart.narrow.hits)
    frame = chart.narrow.frame
    assert abs(widths - (frame.right - frame.left)) < 2
