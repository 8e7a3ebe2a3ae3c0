"""What people read: one sentence for each kind, also when half of the facts are missing."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from billify.domain.notifications import NotificationKind
from billify.web import mail_paper
from billify.web.notification_words import KINDS, address, sentence

KINDS_AND_FACTS: list[tuple[NotificationKind, dict[str, Any], str]] = [
    (NotificationKind.TO_APPROVE, {}, "An invoice waits for you."),
    (
        NotificationKind.TO_APPROVE,
        {"name": "Molens", "amount": "12.50", "currency": "EUR"},
        "An invoice of Molens for €\N{NO-BREAK SPACE}12,50 waits for you.",
    ),
    (
        NotificationKind.TO_APPROVE,
        {"name": "100 % Bio", "count": 50},
        "50 invoices wait for you, the last one of 100 % Bio.",
    ),
    (NotificationKind.TO_APPROVE, {"name": "", "count": 2}, "2 invoices wait for you."),
    (NotificationKind.READ_FAILED, {"name": "a.pdf"}, "a.pdf could not be read."),
    (
        NotificationKind.CONSENT_ENDING,
        {"name": "Zicht", "days": 7, "ends": "2026-11-27T23:30:00+00:00"},
        "Your consent for Zicht ends in 7 days, on 28/11/2026.",
    ),
    (
        NotificationKind.SYNC_FAILING,
        {"name": "", "partner": "yuki", "trouble": "login_refused"},
        "Nothing new comes in from Yuki. Yuki no longer accepts the login. Connect again.",
    ),
    (
        NotificationKind.BELOW_FLOOR,
        {"day": "2026-12-01", "floor": "500.00"},
        "The balance falls below your floor of 500,00 on 01/12/2026.",
    ),
    (
        NotificationKind.CUSTOMER_SLOWER,
        {"name": "Claes", "before": 2, "now": 9},
        "Claes gets slower: now 9 days late, before 2.",
    ),
    (
        NotificationKind.PAYMENT_RECEIVED,
        {"name": "Claes", "amount": "10.00", "currency": "USD", "number": "7"},
        "Claes paid $\N{NO-BREAK SPACE}10,00 for invoice 7.",
    ),
    (
        NotificationKind.EXPORT_READY,
        {"until": "2026-11-27T10:00:00+00:00"},
        "Your data is ready. You can fetch it until 27/11/2026.",
    ),
    (NotificationKind.ANNOUNCEMENT, {"words": {"nl": "Werken", "en": "Work"}}, "Work"),
    (
        NotificationKind.SUPPORT_ASKS,
        {"name": "Sam", "reason": "a question"},
        "Sam of Billify asks to look along: a question",
    ),
]


def test_every_kind_is_named() -> None:
    assert set(KINDS) == set(NotificationKind)
    assert {kind for kind, _, _ in KINDS_AND_FACTS} == set(NotificationKind)


@pytest.mark.parametrize(("kind", "facts", "said"), KINDS_AND_FACTS)
def test_a_kind_has_its_sentence(
    app: Flask, kind: NotificationKind, facts: dict[str, Any], said: str
) -> None:
    with force_locale("en"):
        assert sentence(kind, facts) == said


def test_an_announcement_is_read_in_ones_language(app: Flask) -> None:
    with force_locale("nl"):
        words = {"nl": "Werken", "en": "Work"}
        assert sentence(NotificationKind.ANNOUNCEMENT, {"words": words}) == "Werken"


def test_a_path_lies_in_the_company_or_on_the_site() -> None:
    assert address("bakkerij-anna", "invoices/1") == "/c/bakkerij-anna/invoices/1"
    assert address("bakkerij-anna", "/account/privacy") == "/account/privacy"


def line(company: str = "Bakkerij Anna") -> dict[str, Any]:
    facts = {"name": "<b>Claes</b>", "amount": "10.00", "currency": "EUR", "number": "7"}
    kind = NotificationKind.PAYMENT_RECEIVED.value
    return {"kind": kind, "facts": facts, "path": "bank", "company": company, "slug": "x"}


def test_a_mail_about_one_thing_says_it_in_its_subject(app: Flask) -> None:
    paper = mail_paper.render(
        kind="notification", language="en", facts={"name": "Anna", "lines": [line()]}
    )

    assert paper.subject.startswith("Bakkerij Anna: <b>Claes</b> paid")
    assert "/c/x/bank" in paper.text
    assert "<b>Claes" not in paper.html
    assert paper.choices_url is not None
    assert paper.choices_url.endswith("/account/notifications")


def test_a_digest_names_each_company_once(app: Flask) -> None:
    lines = [line(), line(), line("Chocolaterie Chloé")]

    paper = mail_paper.render(kind="digest", language="en", facts={"name": "Anna", "lines": lines})

    assert paper.subject == "3 things to know: Bakkerij Anna, Chocolaterie Chloé"
    assert paper.text.count("Bakkerij Anna\n") == 1
    assert paper.text.count("- <b>Claes</b> paid") == 3
    assert paper.html.count("<li>") == 3
