"""The outbox: written with the work, sent once, tried again, given up, and forgotten once sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from billify.application import mails
from billify.config import MailSettings
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Mail
from billify.domain.mails import LEASE, MOST_ATTEMPTS, MailState
from billify.domain.refusal import Refusal
from billify.integrations.mail import Letter
from billify.tasks import mails as tasks
from tests.cast import Cast
from tests.fakes.smtp import FakeServer, smtp_server

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def fake(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """A mail server, and settings that lead there."""
    with smtp_server() as server:
        wanted = MailSettings.load(
            {
                "SMTP_HOST": "127.0.0.1",
                "SMTP_PORT": str(server.port),
                "SMTP_SECURITY": "none",
                "MAIL_FROM": "Billify <post@billify.example>",
            }
        )
        settings = replace(
            app.config["SETTINGS"], mail=wanted, public_url="https://billify.example"
        )
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        yield server


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def write(cast: Cast, to: str = "anna@example.be", **more: str) -> None:
    facts = {
        "name": "Anna",
        "opens": "/reset-password/geheim",
        "until": "2026-12-21T10:00:00+00:00",
    }
    with tenancy.user_scope(cast.anna.user_id), transaction():
        mails.write(
            kind="reset_password",
            to=to,
            language="nl",
            facts=facts | more,
            user_id=cast.anna.user_id,
        )


def only() -> Mail:
    with tenancy.unscoped("the test looks"):
        db.session.expire_all()
        return db.session.query(Mail).one()


def test_a_mail_is_sent_once_and_what_it_said_is_gone(cast: Cast, fake: FakeServer) -> None:
    write(cast)

    assert tasks.send_due() == 1
    assert tasks.send_due() == 0

    letter = fake.letters[0]
    assert letter["To"] == "anna@example.be"
    assert letter["Message-ID"].endswith("@billify.example>")
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_body(("plain",))
    assert body is not None
    assert "https://billify.example/reset-password/geheim" in body.get_content()
    row = only()
    assert (row.state, row.body, row.error) == (MailState.SENT, None, None)
    assert row.subject == letter["Subject"]


@pytest.mark.parametrize("to", ["geen adres", "a@b@c.be", "a,b", "x@", "", "a\r\nBcc: b@c.be"])
def test_what_is_no_address_holds_up_no_other(to: str, cast: Cast, fake: FakeServer) -> None:
    write(cast, to)
    write(cast, "bram@example.be")

    tasks.send_due()

    assert [one["To"] for one in fake.letters] == ["bram@example.be"]
    with tenancy.unscoped("the test looks"):
        kept = db.session.scalars(select(Mail).where(Mail.recipient == to)).one()
    assert (kept.state, kept.error) == (MailState.FAILED, "not an address")


def test_whatever_breaks_at_one_mail_holds_up_no_other(
    cast: Cast, fake: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(cast, "anna@example.be")
    write(cast, "bram@example.be")
    letter = mails._letter

    def broken(mail: mails.Claimed, paper: mails.Paper) -> Letter:
        if mail.to == "anna@example.be":
            raise RuntimeError
        return letter(mail, paper)

    monkeypatch.setattr(mails, "_letter", broken)

    assert tasks.send_due() == 2

    assert [one["To"] for one in fake.letters] == ["bram@example.be"]


def test_what_it_says_is_not_readable_while_it_waits(cast: Cast) -> None:
    write(cast)

    row = only()

    assert row.body is not None
    assert b"geheim" not in row.body


def test_without_a_mail_server_it_waits(cast: Cast) -> None:
    write(cast)

    assert tasks.send_due() == 0
    assert (only().state, only().attempts) == (MailState.WAITING, 0)


def test_a_second_mail_about_the_same_is_not_written(cast: Cast) -> None:
    with tenancy.user_scope(cast.anna.user_id):
        for _ in range(2):
            with transaction():
                mails.write(
                    kind="way_in",
                    to="a@b.be",
                    language="nl",
                    facts={},
                    user_id=cast.anna.user_id,
                    key="one",
                )

    assert only().key == "one"


def test_a_mail_falls_with_the_work_that_wrote_it(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), tenancy.user_scope(cast.anna.user_id), transaction():
        mails.write(kind="x", to="a@b.be", language="nl", facts={}, user_id=cast.anna.user_id)
        raise ZeroDivisionError

    with tenancy.unscoped("the test looks"):
        assert db.session.query(Mail).count() == 0


def test_what_is_refused_for_now_is_tried_again_later_and_longer(
    cast: Cast, fake: FakeServer, clock: time_machine.Traveller
) -> None:
    write(cast)
    fake.refuses["RCPT"] = "450 4.2.0 later"
    pauses = []
    for _ in range(3):
        tasks.send_due()
        row = only()
        pauses.append(row.send_at - datetime.now(UTC))
        assert tasks.send_due() == 0
        clock.move_to(row.send_at)

    assert (only().state, only().attempts) == (MailState.WAITING, 3)
    assert pauses == sorted(pauses)
    assert pauses[0] >= timedelta(minutes=1)
    fake.refuses.clear()
    tasks.send_due()
    assert only().state == MailState.SENT


def test_it_is_given_up_after_the_last_try_and_can_be_sent_anew(
    cast: Cast, fake: FakeServer, clock: time_machine.Traveller
) -> None:
    write(cast)
    fake.refuses["RCPT"] = "450 4.2.0 later"
    for _ in range(MOST_ATTEMPTS):
        tasks.send_due()
        clock.move_to(only().send_at)

    row = only()
    assert (row.state, row.attempts) == (MailState.FAILED, MOST_ATTEMPTS)
    assert tasks.send_due() == 0
    fake.refuses.clear()
    assert mails.retry_failed() == 1
    tasks.send_due()
    assert only().state == MailState.SENT


def test_what_is_refused_for_good_is_not_tried_again(cast: Cast, fake: FakeServer) -> None:
    write(cast)
    fake.refuses["RCPT"] = "550 5.1.1 nobody here"

    tasks.send_due()

    assert only().state == MailState.FAILED
    assert "nobody here" in (only().error or "")


def test_a_server_of_no_use_is_asked_once_and_not_for_each_mail(
    cast: Cast, fake: FakeServer
) -> None:
    for number in range(3):
        write(cast, f"p{number}@example.be")
    fake.refuses["connect"] = "421 busy"

    assert tasks.send_due() == 1
    assert fake.connections == 1


def test_a_mail_held_by_one_process_is_not_taken_by_another(
    cast: Cast, fake: FakeServer, clock: time_machine.Traveller
) -> None:
    write(cast)
    held = mails.claim()

    assert held is not None
    assert mails.claim() is None
    clock.shift(LEASE + timedelta(seconds=1))
    again = mails.claim()
    assert again is not None
    assert (again.id, again.attempts) == (held.id, 2)


def test_who_lost_the_claim_notes_nothing(
    cast: Cast, fake: FakeServer, clock: time_machine.Traveller
) -> None:
    write(cast)
    held = mails.claim()
    clock.shift(LEASE + timedelta(seconds=1))
    again = mails.claim()
    assert held is not None
    assert again is not None

    mails._failed(held, "late", is_final=True)

    assert only().state == MailState.WAITING
    assert only().lease_until == again.lease_until


def test_a_letter_whose_answer_never_came_comes_twice_under_one_name(
    cast: Cast, fake: FakeServer, clock: time_machine.Traveller
) -> None:
    write(cast)
    fake.hangs_up_after_data = True
    tasks.send_due()
    fake.hangs_up_after_data = False
    clock.move_to(only().send_at)

    tasks.send_due()

    assert len(fake.letters) == 2
    assert len({one["Message-ID"] for one in fake.letters}) == 1


def test_a_mail_whose_link_has_ended_is_not_sent(cast: Cast, fake: FakeServer) -> None:
    write(cast, until="2020-01-01T00:00:00+00:00")

    assert tasks.send_due() == 0
    assert (only().state, only().body, fake.letters) == (MailState.DISCARDED, None, [])


def test_a_mail_that_cannot_be_made_holds_up_no_other(cast: Cast, fake: FakeServer) -> None:
    with tenancy.user_scope(cast.anna.user_id), transaction():
        mails.write(
            kind="no_such_kind", to="a@b.be", language="nl", facts={}, user_id=cast.anna.user_id
        )
    write(cast)

    assert tasks.send_due() == 2
    assert [one["To"] for one in fake.letters] == ["anna@example.be"]


def test_a_discarded_mail_says_nothing_any_more(cast: Cast, fake: FakeServer) -> None:
    write(cast)

    mails.discard(mail_id=only().id)

    assert (only().state, only().body) == (MailState.DISCARDED, None)
    assert tasks.send_due() == 0
    with pytest.raises(Refusal):
        mails.retry(mail_id=only().id)


def test_a_mail_of_one_person_is_seen_by_no_other(cast: Cast) -> None:
    write(cast)

    for scope in (
        tenancy.user_scope(cast.bram.user_id),
        tenancy.company_scope(cast.anna.actor.company_id),
    ):
        with scope:
            assert db.session.query(Mail).count() == 0
