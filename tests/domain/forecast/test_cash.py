"""An account from its history alone, and the command that reads it from stdin."""

import io
import json
import random
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from billify import forecast_command
from billify.domain.forecast import cash, history
from billify.domain.forecast.cash import Ahead
from billify.domain.forecast.history import Row

TODAY = date(2026, 10, 5)


def look(rows: list[Row], *, balance: int = 500_000, days: int = 91) -> Ahead:
    movements = history.gather(rows=rows)
    return cash.ahead(movements=movements, balance_cents=balance, today=TODAY, days=days)


def household(*, seed: int = 3, months: int = 12) -> list[Row]:
    """Wages on the 25th, rent on the 1st, shopping on any day."""
    draw = random.Random(seed)
    rows: list[Row] = []
    for at in range(months):
        year, month = divmod(2026 * 12 + 8 - at, 12)
        rows.append((date(year, month + 1, 25), Decimal("2500.00"), "Employer", ""))
        rows.append((date(year, month + 1, 1), Decimal("-800.00"), "Landlord", ""))
    days = [TODAY - timedelta(days=draw.randrange(1, 30 * months)) for _ in range(8 * months)]
    rows += [(day, Decimal(-draw.randrange(5_000, 37_000)) / 100, "", "card") for day in days]
    return rows


def test_wages_and_rent_come_on_their_days() -> None:
    found = look(household())

    assert found.daily[(date(2026, 10, 25) - TODAY).days] > 200_000
    assert found.daily[(date(2026, 11, 1) - TODAY).days] < -60_000
    assert {each.name for each in found.recurrences} >= {"Employer", "Landlord"}


def test_what_is_saved_is_not_extrapolated() -> None:
    rows = [row for row in household() if row[2]]

    found = look(rows)

    assert abs(int(found.daily.sum())) < 0.35 * 3 * 170_000


def test_the_line_is_inside_the_band() -> None:
    found = look(household())

    line = 500_000 + np.cumsum(found.daily)
    assert np.all(found.low < line)
    assert np.all(line < found.high)


def test_the_band_widens_with_time() -> None:
    found = look(household())

    width = found.high - found.low
    assert width[6] < width[34] < width[90]


def test_the_same_history_gives_the_same_answer() -> None:
    first, second = look(household()), look(household())

    assert np.array_equal(first.daily, second.daily)
    assert np.array_equal(first.low, second.low)


def test_most_days_of_made_accounts_are_inside_the_band() -> None:
    inside: list[bool] = []
    for seed in range(8):
        rows = household(seed=seed, months=18)
        start = TODAY - timedelta(days=91)
        before = history.gather(rows=[row for row in rows if row[0] < start])
        found = cash.ahead(movements=before, balance_cents=0, today=start, days=91)
        moved = np.zeros(91)
        for day, amount, _, _ in rows:
            if day >= start:
                moved[(day - start).days] += float(amount) * 100
        balance = np.cumsum(moved)
        inside += list((found.low <= balance) & (balance <= found.high))

    assert 0.7 <= float(np.mean(inside)) <= 0.93


def test_the_future_is_not_looked_at() -> None:
    later = [(TODAY + timedelta(days=3), Decimal("99999.00"), "Lottery", "")]

    assert np.array_equal(look(household()).daily, look(household() + later).daily)


def test_without_history_nothing_is_claimed() -> None:
    found = look([])

    assert not found.daily.any()
    assert found.rest.errors == ()


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(date(2026, 10, 4), Decimal("0.01"), "", "")], id="one cent yesterday"),
        pytest.param([(date(1970, 1, 1), Decimal("-5.00"), "a", "")], id="1970"),
        pytest.param([(date(2099, 1, 1), Decimal("-5.00"), "a", "")], id="2099"),
        pytest.param([(date(2026, 10, 4), Decimal("0.00"), "", "")], id="zero"),
        pytest.param(
            [(date(2026, 1, day), Decimal("99999999999.99"), "", "") for day in range(1, 28)],
            id="huge",
        ),
    ],
)
def test_odd_history_does_not_fail(rows: list[Row]) -> None:
    found = look(rows, balance=-1)

    assert len(found.daily) == len(found.low) == 91


def test_a_young_account_has_a_wide_band() -> None:
    rows = [row for row in household() if row[0] >= TODAY - timedelta(days=20)]

    found = look(rows)

    moved = sum(abs(int(row[1] * 100)) for row in rows)
    assert found.high[-1] - found.low[-1] > moved


def test_the_command_prints_days_and_band(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"date": day.isoformat(), "amount": float(amount), "counterparty": name, "kind": kind}
        for day, amount, name, kind in household()
    ]

    code = forecast_command.cash_stdin(
        source=io.StringIO(
            json.dumps({"today": "2026-10-05", "balance": 1234.56, "movements": rows, "days": 91})
        )
    )

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert len(told["daily"]) == len(told["p10"]) == len(told["p90"]) == 91
    assert told["p10"][0] < 1234.56 + told["daily"][0] < told["p90"][0]


def test_the_command_gives_no_band_without_history(capsys: pytest.CaptureFixture[str]) -> None:
    code = forecast_command.cash_stdin(
        source=io.StringIO('{"today": "2026-10-05", "balance": 10, "movements": []}')
    )

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["daily"] == [0] * 91
    assert "p10" not in told


@pytest.mark.parametrize(
    "given",
    [
        "",
        "[]",
        "{}",
        '{"today": "5 May", "balance": 1, "movements": []}',
        '{"today": "2026-10-05", "balance": 1, "movements": [], "days": 0}',
    ],
)
def test_the_command_says_what_it_can_not_read(
    given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forecast_command.cash_stdin(source=io.StringIO(given)) == 1
    assert "Not the movements" in capsys.readouterr().err
