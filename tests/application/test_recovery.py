"""Getting back in, and another address: by links that are good once and not for long."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from billify.application import auth, mails, passkeys, recovery, second_step
from billify.application.recovery import LinkEnded, WrongPassword
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import LoginSession, Mail, PersonToken, User
from billify.data.queries import auth as queries
from billify.data.queries import passkeys as passkey_queries
from billify.data.queries import second_step as second_step_queries
from billify.data.types import uuid7
from billify.domain.passkeys import Party
from billify.domain.people import CHANGE_LASTS, RESET_LASTS, UNDO_LASTS
from billify.domain.refusal import Refusal
from tests.cast import PASSWORD, Cast, Member
from tests.fakes.authenticator import Authenticator

HERE = Party(id="billify.example", origin="https://billify.example")
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


def taken(who: Member, link: str) -> str | None:
    """The link is opened where the person is signed in."""
    return recovery.change_address(secret=link, signed_in=who.user_id)


def unconfirmed(who: Member) -> None:
    """Nobody has shown that mails to the address reach the person."""
    db.session.get_one(User, who.user_id).email_confirmed_at = None
    db.session.flush()


def with_ways_in(who: Member) -> pyotp.TOTP:
    """A passkey and an app."""
    with tenancy.user_scope(who.user_id):
        asked_for = passkeys.adding(user_id=who.user_id, password=PASSWORD, party=HERE)
        answer = Authenticator().make(asked_for, origin=HERE.origin)
        passkeys.add(user_id=who.user_id, name="Phone", answer=answer, party=HERE)
        second_step.begin(user_id=who.user_id, password=PASSWORD)
        setup = second_step.setup(user_id=who.user_id)
        assert setup is not None
        made = pyotp.TOTP(setup.seed)
        second_step.confirm(user_id=who.user_id, code=made.now())
    return made


def ways_in(who: Member) -> tuple[int, bool, int]:
    """How many passkeys, whether an app, how many recovery codes."""
    with tenancy.user_scope(who.user_id):
        db.session.expire_all()
        return (
            len(passkey_queries.of_person(who.user_id)),
            second_step_queries.sealed_seed(who.user_id) is not None,
            second_step_queries.codes_left(who.user_id),
        )


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


def test_who_asks_often_gets_no_further_mail_and_all_links_stay_good(cast: Cast) -> None:
    links = [asked(cast.anna) for _ in range(recovery.MOST_OPEN)]

    recovery.ask_for_password(email=cast.anna.email)

    assert len(written()) == recovery.MOST_OPEN
    assert {recovery.check_reset(secret=link) for link in links} == {cast.anna.email}
    with time_machine.travel(datetime.now(UTC) + RESET_LASTS):
        recovery.ask_for_password(email=cast.anna.email)
    assert len(written()) == recovery.MOST_OPEN + 1


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
    assert written() == [("change_email", "anna.nieuw@example.be"), ("way_in", cast.anna.email)]
    assert log_in(cast.anna.email, PASSWORD)

    assert taken(cast.anna, link) is None

    assert log_in("anna.nieuw@example.be", PASSWORD)
    with pytest.raises(Refusal):
        log_in(cast.anna.email, PASSWORD)
    assert written()[-1] == ("email_changed", cast.anna.email)
    with pytest.raises(LinkEnded):
        recovery.change_address(secret=link)


def test_the_address_before_can_take_the_change_back_and_nothing_of_the_thief_stays(
    cast: Cast,
) -> None:
    taken(cast.anna, wants(cast.anna, "dief@example.be"))
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
    taken(cast.anna, wants(cast.anna, "nieuw@example.be"))
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
    taken(cast.bram, wants(cast.bram, "nieuw@example.be"))

    with pytest.raises(Refusal, match="already an account"):
        taken(cast.anna, link)


def test_sessions_stay_when_an_address_changes(cast: Cast) -> None:
    before = live(cast.anna)

    taken(cast.anna, wants(cast.anna, "nieuw@example.be"))

    assert live(cast.anna) == before
    with tenancy.user_scope(cast.anna.user_id):
        assert db.session.query(LoginSession).count() > 0


def test_a_new_password_ends_links_that_were_asked_for_with_the_old_one(cast: Cast) -> None:
    change, reset = wants(cast.anna, "dief@example.be"), asked(cast.anna)

    auth.change_password(
        user_id=cast.anna.user_id, session_id=uuid7(), old=PASSWORD, new=NEW_PASSWORD
    )

    with pytest.raises(LinkEnded):
        taken(cast.anna, change)
    with pytest.raises(LinkEnded):
        recovery.check_reset(secret=reset)


def test_the_address_one_has_is_told_when_another_is_asked_for(cast: Cast) -> None:
    wants(cast.anna, "dief@example.be")

    with tenancy.unscoped("the test looks"):
        row = db.session.scalars(select(Mail.id).where(Mail.recipient == cast.anna.email)).one()
    facts = mails.opened(mail_id=row)[1]
    assert facts is not None
    assert (facts["note"], facts["email"]) == ("email_asked", "dief@example.be")


def test_who_gets_back_into_an_account_made_with_their_address_gets_all_of_it(cast: Cast) -> None:
    with_ways_in(cast.anna)
    unconfirmed(cast.anna)

    recovery.reset_password(secret=asked(cast.anna), password=NEW_PASSWORD)

    assert ways_in(cast.anna) == (0, False, 0)
    assert log_in(cast.anna.email, NEW_PASSWORD)
    assert [kind for kind, _ in written()][-2:] == ["way_in", "password_changed"]


def test_a_forgotten_password_alone_opens_no_confirmed_account_with_an_app(cast: Cast) -> None:
    with_ways_in(cast.anna)

    recovery.reset_password(secret=asked(cast.anna), password=NEW_PASSWORD)

    assert ways_in(cast.anna) == (1, True, 10)
    with pytest.raises(auth.SecondStepWanted):
        log_in(cast.anna.email, NEW_PASSWORD)


def test_taking_a_change_back_takes_away_what_the_thief_has_added(cast: Cast) -> None:
    taken(cast.anna, wants(cast.anna, "dief@example.be"))
    undo = secret("email_changed")
    with_ways_in(cast.anna)

    recovery.change_address(secret=undo)

    assert ways_in(cast.anna) == (0, False, 0)
    assert ("way_in", cast.anna.email) in written()


def test_a_link_to_a_new_address_wants_its_person(cast: Cast) -> None:
    link = wants(cast.anna, "nieuw@example.be")

    for who, password in ((None, None), (cast.bram.user_id, None), (None, "fout fout fout")):
        with pytest.raises(WrongPassword):
            recovery.change_address(secret=link, signed_in=who, password=password)

    assert recovery.change_address(secret=link, password=PASSWORD) is None
    assert log_in("nieuw@example.be", PASSWORD)


def test_an_address_is_confirmed_by_a_link_that_changes_nothing_else(cast: Cast) -> None:
    unconfirmed(cast.anna)
    recovery.ask_to_confirm(user_id=cast.anna.user_id)
    link = secret("confirm_email")
    assert recovery.check_address(secret=link).is_confirming

    taken(cast.anna, link)

    assert auth.is_confirmed(user_id=cast.anna.user_id)
    assert written() == [("confirm_email", cast.anna.email)]
    with pytest.raises(Refusal, match="is confirmed"):
        recovery.ask_to_confirm(user_id=cast.anna.user_id)


def test_a_new_link_to_confirm_ends_the_one_before(cast: Cast) -> None:
    unconfirmed(cast.anna)
    recovery.ask_to_confirm(user_id=cast.anna.user_id)
    link = secret("confirm_email")

    recovery.ask_to_confirm(user_id=cast.anna.user_id)

    with pytest.raises(LinkEnded):
        taken(cast.anna, link)
