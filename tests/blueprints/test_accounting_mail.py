"""The mail to the accountant with all rows that are shown."""

from urllib.parse import unquote

import pytest
from lxml import html

from billify.data.models import Integration
from billify.web import accounting_differences
from tests.blueprints.test_accounting import EXPECTED, differences, planted, server
from tests.cast import Cast

__all__ = ["planted", "server"]


def mail_of(page: str) -> str:
    (link,) = html.fromstring(page).xpath("//div[@class='list__end']//a[starts-with(@href, 'm')]")
    return unquote(link.get("href"))


def test_a_mail_holds_every_row_when_there_is_room(
    planted: Integration, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounting_differences, "LONGEST_MAIL", 100_000)
    shown = differences(cast.bram, language="en")

    said = mail_of(shown)

    assert "more: ask us" not in said
    assert all(sentence in said for _, sentence in EXPECTED.values())


def test_a_mail_says_how_many_rows_it_has_no_room_for(
    planted: Integration, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounting_differences, "LONGEST_MAIL", 700)

    said = mail_of(differences(cast.bram, language="en"))

    assert "more: ask us for the whole list." in said
    assert len(said) <= 700
