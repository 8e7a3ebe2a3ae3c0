"""Getting back in, and another address: by links that are good once and not for long."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from billify.application import auth, mails, recovery
from billify.application.recovery import LinkEnded, WrongPassword
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import LoginSession, Mail, PersonToken, User
from billify.data.queries import auth as queries
from billify.domain.people import CHANGE_LASTS, RESET_LASTS, UNDO_LASTS
from billify.domain.refusal import Refusal
from tests.cast import PASSWORD, Cast, Member

NEW_PASSWORD = "een heel ander wachtwoord"


def written() -> list[tuple[str, str]]:
    """The mails there are, by kind and recipient."""
    with tenancy.unscoped("the test looks"):
        return [
            (one.kind, one.recipient)
            for one in db.session.scalars(select(Mail).order_by(Mail.id)).all()
        ]


def secret(kind: str) -> str:
    """What the newest mail of a kind opens."""
    with tenancy.unscoped("the test looks"):
        newest = db.session.scalars(
            select(Mail.id).where(Mail.kind == kind).order_by(Mail.id.desc()).limit(1)
        ).one()
    facts = mails.opened(mail_id=newest)[1]
    assert facts is not None
    return str(facts["opens"]).rpartition("/")[2]


def asked(who: Member) -> str:
    recovery.ask_for_password(email=who.email)
    return secret("reset_password")


def wants(who: Member, email: str) -> str:
    recovery.ask_for_address(user_id=who.user_id, password=PASSWORD, email=email)
    return secret("change_email")


def log_in(email: str, password: str) -> auth.SignedIn:
    return auth.log_in(email=email, password=password, address=None, device=None)


def live(who: Member) -> int:
    return len(queries.live_sessions(who.user_id, datetime.now(UTC)))


def test_a_link_gives_a_new_password_once_and_ends_every_session(cast: Cast) -> None:
    link = asked(cast.anna)

    recovery.reset_password(secret=link, password=NEW_PASSWORD)

    assert live(cast.anna) == 0
    assert log_in(cast.anna.email, NEW_PASSWORD)
    with pytest.raises(Refusal):
        log_in(cast.anna.email, PASSWORD)
    with pytest.raises(LinkEnded):
        recovery.reset_password(secret=link, password=PASSWORD)
    assert written()[-1] == ("password_changed", cast.anna.email)


def test_all_links_asked_for_end_with_the_first_that_is_used(cast: Cast) -> None:
    first, second = asked(cast.anna), asked(cast.anna)

    recovery.reset_password(secret=second, password=NEW_PASSWORD)

    with pytest.raises(LinkEnded):
        recovery.check_reset(secret=first)


def test_a_link_ends_after_an_hour(cast: Cast) -> None:
    link = asked(cast.anna)

    with (
        time_machine.travel(datetime.now(UTC) + RESET_LASTS + timedelta(seconds=1)),
        pytest.raises(LinkEnded),
    ):
        recovery.check_reset(secret=link)


def test_nobody_gets_no_mail(cast: Cast) -> None:
    recovery.ask_for_password(email="nobody@example.be")

    assert written() == []


def test_only_a_hash_of_a_link_is_kept(cast: Cast) -> None:
    link = asked(cast.anna)

    with tenancy.unscoped("the test looks"):
        kept = db.session.scalars(select(PersonToken.token_hash)).one()
    assert (len(kept), link.encode() in kept) == (32, False)


def test_a_short_password_uses_no_link_up(cast: Cast) -> None:
    link = asked(cast.anna)

    with pytest.raises(Refusal, match="at least"):
        recovery.reset_password(secret=link, password="kort")

    assert recovery.check_reset(secret=link) == cast.anna.email


def test_a_new_password_opens_an_account_that_was_closed_to_guesses(app: Flask, cast: Cast) -> None:
    for _ in range(10):
        with pytest.raises(Refusal):
            log_in(cast.anna.email, "geraden wachtwoord")
    with pytest.raises(Refusal):
        log_in(cast.anna.email, PASSWORD)

    recovery.reset_password(secret=asked(cast.anna), password=NEW_PASSWORD)

    assert log_in(cast.anna.email, NEW_PASSWORD)


def test_who_is_suspended_gets_no_link(cast: Cast) -> None:
    db.session.get_one(User, cast.anna.user_id).suspended_at = datetime.now(UTC)
    db.session.flush()

    recovery.ask_for_password(email=cast.anna.email)

    assert written() == []


def test_a_new_address_counts_once_its_link_was_opened(cast: Cast) -> None:
    link = wants(cast.anna, "Anna.Nieuw@Example.be")
    assert written() == [("change_email", "anna.nieuw@example.be")]
    assert log_in(cast.anna.email, PASSWORD)

    assert recovery.change_address(secret=link) is None

    assert log_in("anna.nieuw@example.be", PASSWORD)
    with pytest.raises(Refusal):
        log_in(cast.anna.email, PASSWORD)
    assert written()[-1] == ("email_changed", cast.anna.email)
    with pytest.raises(LinkEnded):
        recovery.change_address(secret=link)


def test_the_address_before_can_take_the_change_back_and_nothing_of_the_thief_stays(
    cast: Cast,
) -> None:
    recovery.change_address(secret=wants(cast.anna, "dief@example.be"))
    undo = secret("email_changed")
    recovery.ask_for_password(email="dief@example.be")
    stolen = secret("reset_password")

    link = recovery.change_address(secret=undo)

    assert link is not None
    assert recovery.check_reset(secret=link) == cast.anna.email
    assert live(cast.anna) == 0
    with pytest.raises(LinkEnded):
        recovery.check_reset(secret=stolen)


def test_each_kind_of_link_has_its_time(cast: Cast) -> None:
    link = wants(cast.anna, "nieuw@example.be")
    with (
        time_machine.travel(datetime.now(UTC) + CHANGE_LASTS + timedelta(seconds=1)),
        pytest.raises(LinkEnded),
    ):
        recovery.check_address(secret=link)
    recovery.change_address(secret=wants(cast.anna, "nieuw@example.be"))
    undo = secret("email_changed")
    with time_machine.travel(datetime.now(UTC) + UNDO_LASTS - timedelta(minutes=1)):
        assert recovery.check_address(secret=undo).email == cast.anna.email


def test_a_link_is_good_for_its_own_purpose_only(cast: Cast) -> None:
    reset, change = asked(cast.anna), wants(cast.anna, "nieuw@example.be")

    with pytest.raises(LinkEnded):
        recovery.change_address(secret=reset)
    with pytest.raises(LinkEnded):
        recovery.reset_password(secret=change, password=NEW_PASSWORD)


def test_another_address_wants_the_password(cast: Cast) -> None:
    with pytest.raises(WrongPassword):
        recovery.ask_for_address(
            user_id=cast.anna.user_id, password="fout fout fout", email="nieuw@example.be"
        )

    assert written() == []


def test_an_address_that_is_taken_is_refused_also_when_it_was_free_before(cast: Cast) -> None:
    with pytest.raises(Refusal, match="already an account"):
        wants(cast.anna, cast.bram.email)
    link = wants(cast.anna, "nieuw@example.be")
    recovery.change_address(secret=wants(cast.bram, "nieuw@example.be"))

    with pytest.raises(Refusal, match="already an account"):
        recovery.change_address(secret=link)


def test_sessions_stay_when_an_address_changes(cast: Cast) -> None:
    before = live(cast.anna)

    recovery.change_address(secret=wants(cast.anna, "nieuw@example.be"))

    assert live(cast.anna) == before
    with tenancy.user_scope(cast.anna.user_id):
        assert db.session.query(LoginSession).count() > 0
