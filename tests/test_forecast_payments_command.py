"""`billify forecast payments` on JSON."""

import io
import json

import pytest

from billify import forecast_command

PAID = [
    {
        "invoice": str(month),
        "customer": "Peeters",
        "date": f"2026-{month:02d}-01",
        "due": f"2026-{month:02d}-28",
        "amount": "50.39",
        "settled": f"2026-{month + 1:02d}-05",
    }
    for month in range(1, 9)
]
OPEN = [
    {
        "invoice": "9",
        "customer": "Peeters",
        "date": "2026-11-01",
        "due": "2026-11-28",
        "amount": 75.5,
    }
]


def test_each_open_invoice_has_a_day_and_a_band() -> None:
    told = {"today": "2026-11-01", "paid": PAID, "open": OPEN}

    answer = forecast_command.payments(told)

    assert "2026-12-03" <= answer["dates"]["9"] <= "2026-12-08"
    assert answer["p10"]["9"] <= answer["dates"]["9"] <= answer["p90"]["9"]
    assert answer["reasons"]["9"]["code"] == "pays_late"


def test_nothing_is_enough() -> None:
    told = {"today": "2026-11-01", "paid": [], "open": []}

    assert forecast_command.payments(told)["dates"] == {}


def test_unpaid_ones_may_be_told() -> None:
    told = {"today": "2027-06-01", "paid": PAID, "open": OPEN, "unpaid": OPEN}

    assert forecast_command.payments(told)["reasons"]["9"]["code"] == "overdue"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"today": "x", "paid": [], "open": []}',
             '{"today": "2026-01-01", "paid": [{}], "open": []}']
)  # fmt: skip
def test_what_is_no_history_is_refused_with_a_sentence(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forecast_command.payments_stdin(source=io.StringIO(text)) == 1
    assert "Not a list of paid and open invoices" in capsys.readouterr().err


def test_the_answer_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    told = {"today": "2026-11-01", "paid": PAID, "open": OPEN}

    assert forecast_command.payments_stdin(source=io.StringIO(json.dumps(told))) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"dates", "p10", "p90", "reasons"}
