"""What mails about the ways into an account say, in each language."""

import pytest
from flask import Flask

from billify.application.security_notes import ACCOUNT, RESET, Note
from billify.web import languages, mail_paper

FACTS = {
    "name": "Anna & Co",
    "path": ACCOUNT,
    "passkey": "Anna's <phone>",
    "left": 9,
    "email": "x@example.be",
    "device": "Firefox, Windows",
    "address": "192.0.2.7",
}


@pytest.mark.parametrize("language", languages.LANGUAGES)
@pytest.mark.parametrize("note", Note)
def test_each_change_has_a_sentence(app: Flask, note: Note, language: str) -> None:
    paper = mail_paper.render(kind="way_in", language=language, facts=FACTS | {"note": note.value})

    said = paper.text.split("\n\n")[1]
    assert len(said) > 30
    assert paper.subject
    assert f"{app.config['SETTINGS'].public_url}{ACCOUNT}" in paper.text
    assert "<phone>" not in paper.html


def test_a_passkey_is_named_as_it_is_called(app: Flask) -> None:
    paper = mail_paper.render(kind="way_in", language="en", facts=FACTS | {"note": "passkey_added"})

    assert "A passkey was added to your account: Anna's <phone>." in paper.text
    assert "Anna&#39;s &lt;phone&gt;" in paper.html


def test_who_is_locked_out_is_told_until_when_and_what_opens_it(app: Flask) -> None:
    facts = {"name": "Anna", "locked_until": "2026-11-21T09:15:00+00:00", "path": RESET}

    paper = mail_paper.render(kind="locked_out", language="en", facts=facts)

    assert "until 21/11/2026 10:15" in paper.text
    assert f"{app.config['SETTINGS'].public_url}{RESET}" in paper.text
