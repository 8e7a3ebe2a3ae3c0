"""How amounts, dates and codes are written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from billify.domain.people import DateStyle
from billify.web import filters, forms


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1234.5"), "1.234,50"),
        (Decimal("-89.95"), "−89,95"),
        (Decimal("0"), "0,00"),
        (Decimal("12345678.9"), "12.345.678,90"),
        (7, "7,00"),
        (None, ""),
    ],
)
def test_an_amount_is_written_as_belgians_do(amount: Decimal | int | None, text: str) -> None:
    assert filters.money(amount) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("2.000000"), "2"),
        (Decimal("0.125000"), "0,125"),
        (Decimal("1000.50"), "1.000,5"),
        (Decimal("1E+3"), "1.000"),
        (100, "100"),
        (None, ""),
    ],
)
def test_a_quantity_has_no_idle_zeros(value: Decimal | int | None, text: str) -> None:
    assert filters.quantity(value) == text


def test_a_rate_keeps_its_sign_on_the_same_line() -> None:
    assert filters.percent(Decimal("21.00")) == "21\N{NO-BREAK SPACE}%"
    assert filters.percent(None) == ""


def test_large_amounts_can_be_shown_to_the_euro() -> None:
    assert filters.whole_money(Decimal("12345.67")) == "12.346"


def test_a_day_is_written_day_first() -> None:
    assert filters.day(date(2026, 3, 5)) == "05/03/2026"
    assert filters.day(None) == ""


def test_a_moment_is_told_on_the_clock_of_brussels() -> None:
    summer = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)

    assert filters.moment(summer) == "02/07/2026 00:30"


def test_an_iban_stands_in_groups_of_four() -> None:
    assert filters.iban("BE71096123456769") == "BE71 0961 2345 6769"
    assert filters.iban("BE71 0961 2345 6769") == "BE71 0961 2345 6769"
    assert filters.iban(None) == ""


def test_a_structured_communication_gets_its_plus_signs() -> None:
    assert filters.communication("090933755493") == "+++090/9337/55493+++"


@pytest.mark.parametrize("free", ["INV 2026-12", "12345", "", None])
def test_any_other_communication_stays_as_it_is(free: str | None) -> None:
    assert filters.communication(free) == (free or "")


def test_a_file_size_is_told_in_words_of_a_person() -> None:
    assert filters.file_size(12) == "1\N{NO-BREAK SPACE}kB"
    assert filters.file_size(812_400) == "812\N{NO-BREAK SPACE}kB"
    assert filters.file_size(1_440_000) == "1,4\N{NO-BREAK SPACE}MB"


def test_an_uncommon_currency_keeps_its_code() -> None:
    assert filters.currency_sign("EUR") == "€"
    assert filters.currency_sign("CHF") == "CHF"


def test_attributes_of_a_macro_are_escaped_and_renamed() -> None:
    given = {"hx_post": '/a?b="<', "data_x": True, "disabled": False, "lang": None}

    assert str(filters.attributes(given)) == ' hx-post="/a?b=&#34;&lt;" data-x'


class TestDateStyles:
    @pytest.fixture(autouse=True)
    def _as_before(self) -> Iterator[None]:
        yield
        filters.write_days(DateStyle.SLASHES)

    @pytest.mark.parametrize(
        ("style", "text"),
        [
            (DateStyle.SLASHES, "05/03/2026"),
            (DateStyle.DASHES, "05-03-2026"),
            (DateStyle.YEAR_FIRST, "2026-03-05"),
        ],
    )
    def test_days_and_moments_are_written_as_the_person_prefers(
        self, style: DateStyle, text: str
    ) -> None:
        filters.write_days(style)

        assert filters.day(date(2026, 3, 5)) == text
        assert filters.moment(datetime(2026, 3, 5, 8, 7, tzinfo=UTC)) == f"{text} 09:07"
        assert forms.parse_day(text) == date(2026, 3, 5)

    def test_a_hint_says_how_a_day_is_typed(self, app: Flask) -> None:
        filters.write_days(DateStyle.YEAR_FIRST)

        with app.test_request_context():
            assert filters.day_pattern() == "yyyy-mm-dd"

    def test_amounts_stay_as_they_are(self) -> None:
        filters.write_days(DateStyle.YEAR_FIRST)

        assert filters.money(Decimal("1234.56")) == "1.234,56"
