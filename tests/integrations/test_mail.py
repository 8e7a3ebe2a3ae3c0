"""Letters on the wire: what arrives, and what is told when nothing does."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from billify.config import MailSettings
from billify.integrations import mail
from billify.integrations.mail import Letter, Post, Trouble
from tests.fakes.smtp import FakeServer, smtp_server


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with smtp_server() as server:
        yield server


def settings(port: int, **more: str | None) -> MailSettings:
    given = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "Billify <post@billify.example>",
    }
    return MailSettings.load(given | {key: value for key, value in more.items() if value})


def letter(to: str = "anna@example.be") -> Letter:
    return Letter(
        to=to,
        subject="Uw uitnodiging – één",
        text="Goeiedag Chloé,\n.een punt\n",
        html="<p>Goeiedag Chloé</p>",
        message_id="<1@billify.example>",
        sent_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
        headers={"List-Unsubscribe": "<https://billify.example/x>"},
    )


def trouble(fake: FakeServer, **more: str | None) -> Trouble:
    with Post(settings(fake.port, **more)) as post, pytest.raises(Trouble) as caught:
        post.send(letter())
    return caught.value


def test_a_letter_arrives_with_both_its_parts(fake: FakeServer) -> None:
    with Post(settings(fake.port)) as post:
        post.send(letter())

    found = fake.letters[0]
    assert found["From"] == "Billify <post@billify.example>"
    assert found["To"] == "anna@example.be"
    assert found["Subject"] == "Uw uitnodiging – één"
    assert found["Message-ID"] == "<1@billify.example>"
    assert found["Date"].datetime == datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    assert found["List-Unsubscribe"] == "<https://billify.example/x>"
    plain, page = found.get_body(("plain",)), found.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().splitlines() == ["Goeiedag Chloé,", ".een punt"]
    assert page.get_content().strip() == "<p>Goeiedag Chloé</p>"


def test_one_connection_serves_many_letters(fake: FakeServer) -> None:
    with Post(settings(fake.port)) as post:
        for name in ("anna", "bram", "chloe"):
            post.send(letter(f"{name}@example.be"))

    assert (fake.connections, len(fake.letters)) == (1, 3)


@pytest.mark.parametrize(
    ("where", "answer", "is_final", "is_about_server"),
    [
        ("RCPT", "450 4.2.0 try again later", False, False),
        ("RCPT", "550 5.1.1 nobody here", True, False),
        ("letter", "451 4.3.0 no room", False, False),
        ("letter", "554 5.7.1 looks like spam", True, False),
        ("MAIL", "550 5.7.1 who are you", False, True),
        ("connect", "554 go away", False, True),
        ("connect", "421 busy", False, True),
    ],
)
def test_a_refusal_is_told_for_what_it_is(
    where: str, answer: str, is_final: bool, is_about_server: bool, fake: FakeServer
) -> None:
    fake.refuses[where] = answer

    found = trouble(fake)

    assert (found.is_final, found.is_about_server) == (is_final, is_about_server)
    assert answer in found.sentence
    assert fake.letters == []


def test_after_a_refusal_the_next_letter_goes_its_way(fake: FakeServer) -> None:
    fake.refuses["RCPT"] = "550 5.1.1 nobody here"
    with Post(settings(fake.port)) as post:
        with pytest.raises(Trouble):
            post.send(letter())
        fake.refuses.clear()
        post.send(letter("bram@example.be"))

    assert [one["To"] for one in fake.letters] == ["bram@example.be"]


def test_a_server_that_hangs_up_is_asked_anew_for_the_next_letter(fake: FakeServer) -> None:
    fake.hangs_up_before = "RCPT"
    with Post(settings(fake.port)) as post:
        with pytest.raises(Trouble, match="hung up") as caught:
            post.send(letter())
        fake.hangs_up_before = ""
        post.send(letter())

    assert not caught.value.is_final
    assert (fake.connections, len(fake.letters)) == (2, 1)


def test_silence_is_told_and_is_about_the_server(
    fake: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SECONDS", 0.1)
    fake.is_silent = True

    found = trouble(fake)

    assert found.is_about_server
    assert "in time" in found.sentence


def test_no_server_at_all_is_told() -> None:
    with Post(settings(1)) as post, pytest.raises(Trouble, match="can't be reached") as caught:
        post.send(letter())

    assert caught.value.is_about_server


def test_nothing_is_said_in_the_clear_where_safety_is_asked_for(fake: FakeServer) -> None:
    found = trouble(fake, SMTP_SECURITY="starttls", SMTP_USER="us", SMTP_PASSWORD="secret")

    assert found.is_about_server
    assert fake.letters == []


def test_an_address_can_write_no_second_header() -> None:
    with pytest.raises(mail.Trouble, match="not an address"):
        mail._message(letter("a@example.be\nBcc: b@example.be"), "Billify <post@billify.example>")
