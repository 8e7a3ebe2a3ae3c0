"""What a forecast says in codes, in words that people read."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from billify.domain.forecast.shapes import AlertKind, Flow, Reason, Source
from billify.web import forecast_words

FORECAST = Path(forecast_words.__file__).parents[1] / "domain" / "forecast"
HABIT = (("inside", 8), ("of", 9), ("low", 6), ("high", 16))


@pytest.fixture(autouse=True)
def in_english(bare_app: Flask) -> Iterator[None]:
    Babel(bare_app, default_locale="en")
    with bare_app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (11, "pays 11 days late on average; 8 of 9 between 6 and 16"),
        (1, "pays a day late on average; 8 of 9 between 6 and 16"),
        (0, "pays on the due date on average; 8 of 9 between 6 and 16"),
        (-1, "pays a day early on average; 8 of 9 between 6 and 16"),
        (-4, "pays 4 days early on average; 8 of 9 between 6 and 16"),
    ],
)
def test_a_habit_is_told_with_how_often_it_held(days: int, said: str) -> None:
    assert forecast_words.reason(Reason("pays_late", (("days", days), *HABIT))) == said


def test_our_own_habit_is_told_as_ours() -> None:
    ours = Reason("pays_late", (("days", 3), ("inside", 7), ("of", 9), ("low", -2), ("high", 5)))

    said = forecast_words.reason(ours, is_ours=True)

    assert said == "you pay 3 days late on average; 7 of 9 between −2 and 5"


@pytest.mark.parametrize("days", [-2, -1, 0, 1, 2])
def test_the_same_words_do_for_our_own_payments(days: int) -> None:
    said = forecast_words.reason(Reason("pays_late", (("days", days),)), is_ours=True)

    assert said.startswith("you pay")


def test_a_code_without_words_says_nothing_and_lacking_values_do_no_harm() -> None:
    assert forecast_words.reason(Reason("of_the_moon")) == ""
    assert forecast_words.reason(Reason("pays_late")) == "pays on the due date on average"
    assert forecast_words.reason(Reason("vat_final", (("sales", "x"), ("bought", "1.00"))))


def test_every_code_of_the_forecast_has_words() -> None:
    code = "\n".join(path.read_text() for path in FORECAST.rglob("*.py"))
    said = set(re.findall(r"Reason\(\s*\"([a-z_]+)\"", code))

    silent = {one for one in said if not forecast_words.reason(Reason(one))}

    assert said
    assert silent <= SPOKEN_OTHERWISE


def test_amounts_and_days_are_written_as_people_write_them() -> None:
    values = {"floor": "5000.00", "day": "2027-01-14"}

    said = forecast_words.alert(AlertKind.BELOW_FLOOR, values)

    assert said == "The balance falls below your floor of 5.000,00 on 14/01/2027."


def test_without_a_floor_it_is_zero_that_is_told() -> None:
    values = {"floor": "0.00", "day": "2027-01-14"}

    said = forecast_words.alert(AlertKind.BELOW_FLOOR, values)

    assert said == "The balance falls below zero on 14/01/2027."


@pytest.mark.parametrize("kind", AlertKind)
def test_an_alert_without_facts_is_still_a_sentence(kind: AlertKind) -> None:
    assert forecast_words.alert(kind, {}).endswith(".")


@pytest.mark.parametrize("kind", Source)
def test_every_source_has_a_word_and_an_icon(kind: Source) -> None:
    assert forecast_words.source(kind)
    assert forecast_words.SOURCES[kind][1]


def test_a_name_that_a_person_gave_is_not_translated() -> None:
    flow = Flow(date(2027, 1, 4), Decimal(-5), Source.PURCHASE, "x", "VAT")

    assert forecast_words.name(flow) == "VAT"


SPOKEN_OTHERWISE = {"consent_ends", "unmatched"}
"""What the title of an action says already."""


@pytest.mark.parametrize("code", ["vat_part_told", "vat_estimate", "vat_carried"])
def test_vat_that_is_estimated_for_some_invoices_says_so(code: str) -> None:
    said = forecast_words.reason(Reason(code, (("untold", 2), ("untold_gross", "1210.00"))))

    assert said.endswith("; 2 invoices of 1.210,00 in all tell no VAT; their VAT is estimated")


def test_vat_that_is_not_known_is_no_estimate() -> None:
    said = forecast_words.reason(Reason("vat_unknown", (("untold", 1), ("untold_gross", "9.00"))))

    assert said.endswith("; 1 invoice of 9,00 tells no VAT")
    assert forecast_words.missing("vat").startswith("VAT ahead is not known")
