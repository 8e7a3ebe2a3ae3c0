"""Amounts, days, icons and states as HTML."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel

from billify.web import assets, marks


@pytest.fixture
def icons() -> Iterator[marks.Icons]:
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield marks.Icons(assets.Assets(assets.STATIC))


def test_an_amount_keeps_its_exact_value_for_machines() -> None:
    shown = marks.money(Decimal("1234.50"))

    assert shown == '<data class="money" value="1234.50">1.234,50</data>'


def test_an_amount_leads_to_the_rows_behind_it() -> None:
    shown = marks.money(Decimal("5"), "EUR", late=True, href='/c/anna?a="b')

    assert shown.startswith('<a href="/c/anna?a=&#34;b"><data class="money money--late"')
    assert '<span class="money__currency">€</span> 5,00' in shown


def test_no_value_is_a_dash() -> None:
    assert marks.money(None) == marks.day(None) == marks.moment(None) == marks.NOTHING


def test_a_day_is_a_time_element() -> None:
    assert marks.day(date(2026, 3, 5)) == '<time datetime="2026-03-05">05/03/2026</time>'


def test_a_moment_has_its_time() -> None:
    shown = marks.moment(datetime(2026, 1, 5, 7, 30, tzinfo=UTC))

    assert shown == '<time datetime="2026-01-05T07:30:00+00:00">05/01/2026 08:30</time>'


def test_an_icon_beside_a_word_is_silent(icons: marks.Icons) -> None:
    assert 'aria-hidden="true"' in icons.icon("x")
    assert 'aria-label="Close"' in icons.icon("x", label="Close")


def test_a_chip_escapes_its_word(icons: marks.Icons) -> None:
    assert icons.chip("<b>") == '<span class="chip chip--neutral">&lt;b&gt;</span>'


def test_a_status_has_icon_and_word(icons: marks.Icons) -> None:
    shown = icons.status("TO_CHECK")

    assert "#eye" in shown
    assert "To check" in shown


def test_an_unknown_status_shows_its_own_name(icons: marks.Icons) -> None:
    assert "in_orbit" in icons.status("in_orbit")


def test_every_status_has_its_icon_in_the_sprite() -> None:
    sprite = (assets.STATIC / "img" / "icons.svg").read_text()

    assert {icon for _, _, icon in marks.LOOKS.values() if f'id="{icon}"' not in sprite} == set()
