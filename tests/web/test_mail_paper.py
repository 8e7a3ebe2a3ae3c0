"""What mails say: made without a request, whole as text, harmless as HTML."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from flask import Flask

from billify.application.mails import Paper
from billify.web import mail_paper
from tests.servers import CHECKOUT

FOLDER = CHECKOUT / "billify" / "templates" / "mail"
KINDS = sorted(file.stem for file in FOLDER.glob("[a-z]*.txt"))
FACTS = {
    "company": "Bakkerij & <b>Anna</b>",
    "inviter": "Anna\r\nBcc: dief@example.be",
    "name": "Anna <Wouters>",
    "role": "accountant",
    "email": "nieuw@example.be",
    "until": "2026-12-05T10:00:00+00:00",
    "opens": "/invitations/bedrijf.GEHEIM",
    "path": "/forgot-password",
}
OWN = (
    "change_email",
    "confirm_email",
    "email_changed",
    "invitation",
    "password_changed",
    "reset_password",
)


def made(app: Flask, kind: str, language: str = "en", **more: bool) -> Paper:
    with app.app_context():
        return mail_paper.render(kind=kind, language=language, facts=FACTS, **more)


class Links(HTMLParser):
    """The addresses that a page leads to or asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.leads: set[str] = set()
        self.asks: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.leads.add(value or "")
            elif name in ("src", "srcset", "background", "href"):
                self.asks.add(value or "")


def links(html: str) -> Links:
    found = Links()
    found.feed(html)
    return found


def test_every_kind_has_both_its_parts_and_a_name() -> None:
    pages = sorted(file.stem for file in FOLDER.glob("[a-z]*.html"))

    assert pages == KINDS
    assert set(KINDS) == set(mail_paper.KINDS)


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_the_text_holds_every_link_of_the_page_and_nothing_is_asked_for(
    kind: str, language: str, application: Flask
) -> None:
    paper = made(application, kind, language)
    found = links(paper.html)

    assert found.asks == set()
    assert all(address in paper.text for address in found.leads)
    assert f'lang="{language}"' in paper.html


@pytest.mark.parametrize("kind", OWN)
def test_what_people_are_called_is_no_markup_and_no_header(kind: str, application: Flask) -> None:
    paper = made(application, kind)

    assert "<b>" not in paper.html
    assert "<Wouters>" not in paper.html
    assert "\n" not in paper.subject
    assert "\r" not in paper.subject


@pytest.mark.parametrize("kind", [one for one in OWN if one != "password_changed"])
def test_without_secrets_what_opens_something_is_cut_short(kind: str, application: Flask) -> None:
    whole, shown = made(application, kind), made(application, kind, has_secrets=False)

    assert "GEHEIM" in whole.text
    assert "GEHEIM" in whole.html
    assert "GEHEIM" not in shown.text + shown.html


def test_a_text_has_no_gaps_and_no_tags(application: Flask) -> None:
    paper = made(application, "invitation")

    assert "\n\n\n" not in paper.text
    assert not re.search(r"</?(p|td|a|br)\b", paper.text)


def test_the_policy_of_the_frame_names_the_style_that_is_there(application: Flask) -> None:
    paper = made(application, "invitation")
    style = paper.html.split("<style>")[1].split("</style>")[0]

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert mail_paper.style_source() == f"'sha256-{digest}'"
