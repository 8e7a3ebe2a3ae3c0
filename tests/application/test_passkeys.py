"""Passkeys: made for this place, person and moment, and each answer good once."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from billify.application import auth, lock_out, passkeys, ports
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Mail, Passkey, User
from billify.domain.passkeys import NotAnAnswer, Party
from billify.domain.refusal import NotFound, Refusal
from billify.integrations import valkey
from tests.cast import PASSWORD, Cast, Member
from tests.committed import at_once
from tests.fakes.authenticator import BACKED_UP, MAY_BACK_UP, PRESENT, VERIFIED, Authenticator

HERE = Party(id="billify.example", origin="https://billify.example")
BROWSER = "this browser"


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    """Anna, in her own scope as on the pages of her account."""
    with tenancy.user_scope(cast.anna.user_id):
        yield cast.anna


def asked_to_add(who: Member) -> str:
    return passkeys.adding(user_id=who.user_id, password=PASSWORD, party=HERE)


def add(who: Member, device: Authenticator, name: str = "Phone") -> Passkey:
    answer = device.make(asked_to_add(who), origin=HERE.origin)
    return passkeys.add(user_id=who.user_id, name=name, answer=answer, party=HERE)


def device_of(who: Member, **more: Any) -> Authenticator:
    """A device with a passkey of the person."""
    device = Authenticator(**more)
    add(who, device)
    return device


def asked(browser: str = BROWSER) -> str:
    return passkeys.entering(browser=browser, party=HERE)


def enter(answer: str, *, browser: str = BROWSER, party: Party = HERE) -> auth.SignedIn:
    with tenancy.unscoped("nobody is signed in"):
        tenancy.enter(tenancy.NOBODY)
        return passkeys.enter(
            browser=browser, answer=answer, party=party, address=None, device=None
        )


def kept(device: Authenticator) -> Passkey:
    return db.session.scalars(
        select(Passkey)
        .where(Passkey.credential_id == device.credential_id)
        .execution_options(populate_existing=True)
    ).one()


class TestAdding:
    def test_its_public_half_is_kept_and_a_mail_told(self, anna: Member) -> None:
        device = device_of(anna)

        row = kept(device)
        assert (row.name, row.sign_count, row.is_backed_up) == ("Phone", 0, False)
        assert row.transports == ["internal"]
        assert db.session.scalars(select(Mail.kind)).all() == ["way_in"]

    def test_it_asks_for_a_key_that_is_found_by_itself_and_unlocked_by_its_owner(
        self, anna: Member
    ) -> None:
        found = json.loads(asked_to_add(anna))

        assert found["authenticatorSelection"]["residentKey"] == "required"
        assert found["authenticatorSelection"]["userVerification"] == "required"
        assert found["rp"]["id"] == "billify.example"

    def test_it_wants_the_password(self, anna: Member) -> None:
        with pytest.raises(auth.NotYourPassword):
            passkeys.adding(user_id=anna.user_id, password="not that one", party=HERE)

    def test_one_that_is_kept_on_several_devices_is_said_so(self, anna: Member) -> None:
        device = device_of(anna, flags=PRESENT | VERIFIED | MAY_BACK_UP | BACKED_UP)

        assert kept(device).is_backed_up

    def test_who_did_not_unlock_the_device_is_refused(self, anna: Member) -> None:
        with pytest.raises(NotAnAnswer):
            add(anna, Authenticator(flags=PRESENT))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"origin": "https://billify.example.evil.test"},
            {"origin": "http://billify.example"},
            {"origin": HERE.origin, "rp_id": "evil.test"},
        ],
    )
    def test_one_made_for_another_place_is_refused(
        self, anna: Member, wrong: dict[str, str]
    ) -> None:
        answer = Authenticator().make(asked_to_add(anna), **wrong)

        with pytest.raises(NotAnAnswer):
            passkeys.add(user_id=anna.user_id, name="x", answer=answer, party=HERE)

    def test_the_challenge_of_another_person_is_refused(self, anna: Member, cast: Cast) -> None:
        with tenancy.user_scope(cast.chloe.user_id):
            answer = Authenticator().make(asked_to_add(cast.chloe), origin=HERE.origin)

        with pytest.raises(Refusal, match="open too long"):
            passkeys.add(user_id=anna.user_id, name="x", answer=answer, party=HERE)

    def test_a_challenge_is_good_once(self, anna: Member) -> None:
        asked = asked_to_add(anna)
        first = Authenticator().make(asked, origin=HERE.origin)
        second = Authenticator().make(asked, origin=HERE.origin)
        passkeys.add(user_id=anna.user_id, name="x", answer=first, party=HERE)

        with pytest.raises(NotAnAnswer):
            passkeys.add(user_id=anna.user_id, name="y", answer=second, party=HERE)

    def test_a_passkey_of_another_account_is_not_taken_over(self, anna: Member, cast: Cast) -> None:
        with tenancy.user_scope(cast.chloe.user_id):
            theirs = device_of(cast.chloe)
        twin = Authenticator(credential_id=theirs.credential_id)

        with pytest.raises(Refusal, match="known already"):
            add(anna, twin)

    def test_known_ones_are_named_so_that_no_device_makes_a_second(self, anna: Member) -> None:
        device_of(anna)

        assert len(json.loads(asked_to_add(anna))["excludeCredentials"]) == 1


class TestEntering:
    def test_a_passkey_alone_opens_a_session(self, anna: Member) -> None:
        device = device_of(anna)
        device.count = 1

        entered = enter(device.sign(asked(), origin=HERE.origin))

        assert entered.user.id == anna.user_id
        assert auth.resume(token=entered.token) is not None
        assert (kept(device).sign_count, kept(device).used_at is not None) == (1, True)

    def test_one_whose_counter_stays_at_zero_enters_again(self, anna: Member) -> None:
        device = device_of(anna)

        for _ in range(2):
            assert enter(device.sign(asked(), origin=HERE.origin)).user.id == anna.user_id

    def test_an_answer_is_good_once(self, anna: Member) -> None:
        answer = device_of(anna).sign(asked(), origin=HERE.origin)
        enter(answer)

        with pytest.raises(NotAnAnswer):
            enter(answer)

    @pytest.mark.parametrize("count", [4, 5])
    def test_a_counter_that_does_not_move_on_is_refused(self, anna: Member, count: int) -> None:
        """Two devices with one key: somebody has made a copy."""
        device = device_of(anna)
        device.count = 5
        enter(device.sign(asked(), origin=HERE.origin))
        device.count = count

        with pytest.raises(NotAnAnswer):
            enter(device.sign(asked(), origin=HERE.origin))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"origin": "https://billify.example.evil.test"},
            {"origin": HERE.origin, "rp_id": "evil.test"},
            {"origin": HERE.origin, "kind": "create"},
            {"origin": HERE.origin, "key": ec.generate_private_key(ec.SECP256R1())},
            {"origin": HERE.origin, "user_handle": ""},
            {"origin": HERE.origin, "user_handle": "AAAA"},
            {"origin": HERE.origin, "user_handle": None},
        ],
        ids=["origin", "place", "kind", "key", "nobody", "somebody", "nothing"],
    )
    def test_a_wrong_answer_is_refused(self, anna: Member, wrong: dict[str, Any]) -> None:
        device = device_of(anna)

        with pytest.raises(NotAnAnswer):
            enter(device.sign(asked(), **wrong))

    def test_who_did_not_unlock_the_device_is_refused(self, anna: Member) -> None:
        device = device_of(anna)
        device.flags = PRESENT

        with pytest.raises(NotAnAnswer):
            enter(device.sign(asked(), origin=HERE.origin))

    def test_the_user_handle_of_another_account_is_refused(self, anna: Member, cast: Cast) -> None:
        device = device_of(anna)
        with tenancy.user_scope(cast.chloe.user_id):
            theirs = device_of(cast.chloe)
        device.user_handle = theirs.user_handle

        with pytest.raises(NotAnAnswer):
            enter(device.sign(asked(), origin=HERE.origin))

    def test_an_unknown_passkey_is_said_so(self, anna: Member) -> None:
        device = device_of(anna)
        passkeys.remove(passkey_id=kept(device).id, user_id=anna.user_id, password=PASSWORD)

        with pytest.raises(Refusal, match="not known here"):
            enter(device.sign(asked(), origin=HERE.origin))

    def test_a_challenge_of_another_browser_is_refused(self, anna: Member) -> None:
        answer = device_of(anna).sign(asked("another browser"), origin=HERE.origin)

        with pytest.raises(Refusal, match="open too long"):
            enter(answer)

    def test_a_challenge_that_was_made_to_add_one_is_refused(self, anna: Member) -> None:
        device = device_of(anna)
        to_add = json.loads(asked_to_add(anna))
        answer = device.sign(
            json.dumps({"challenge": to_add["challenge"], "rpId": HERE.id}), origin=HERE.origin
        )

        with pytest.raises(Refusal, match="open too long"):
            enter(answer)

    def test_a_made_up_challenge_is_refused(self, anna: Member) -> None:
        options = json.dumps({"challenge": "A" * 75, "rpId": HERE.id})
        answer = device_of(anna).sign(options, origin=HERE.origin)

        with pytest.raises(Refusal, match="open too long"):
            enter(answer)

    def test_a_challenge_ends(self, anna: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = device_of(anna).sign(asked(), origin=HERE.origin)
        later = datetime.now(UTC) + timedelta(minutes=61)

        class Later(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # always the same
                return later

        monkeypatch.setattr("billify.application.passkeys.datetime", Later)

        with pytest.raises(Refusal, match="open too long"):
            enter(answer)

    def test_without_a_place_to_note_it_no_challenge_is_taken(
        self, anna: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer = device_of(anna).sign(asked(), origin=HERE.origin)
        away = valkey.connect("redis://127.0.0.1:1/0")
        monkeypatch.setattr(ports, "redis", lambda: away)

        with pytest.raises(Refusal, match="away for a moment"):
            enter(answer)

    def test_guesses_at_the_password_do_not_close_the_passkey_out(self, anna: Member) -> None:
        device = device_of(anna)
        for _ in range(10):
            with pytest.raises(auth.NotYourPassword):
                auth.prove(user_id=anna.user_id, password="not that one")
        user = db.session.get(User, anna.user_id)
        assert user is not None
        assert lock_out.is_locked(user=user)

        assert enter(device.sign(asked(), origin=HERE.origin)).user.id == anna.user_id

        db.session.expire_all()
        assert user.locked_until is None

    def test_who_is_suspended_stays_outside(self, anna: Member) -> None:
        device = device_of(anna)
        with transaction() as session:
            session.execute(update(User).values(suspended_at=datetime.now(UTC)))

        with pytest.raises(Refusal, match="suspended"):
            enter(device.sign(asked(), origin=HERE.origin))


class TestKeeping:
    def test_it_is_called_something_else(self, anna: Member) -> None:
        row = kept(device_of(anna))

        passkeys.rename(passkey_id=row.id, user_id=anna.user_id, name="Old phone")

        assert kept_names(anna) == ["Old phone"]

    def test_removing_one_wants_the_password(self, anna: Member) -> None:
        row_id = kept(device_of(anna)).id

        with pytest.raises(auth.NotYourPassword):
            passkeys.remove(passkey_id=row_id, user_id=anna.user_id, password="niet dit")

        assert kept_names(anna) == ["Phone"]

    def test_nobody_touches_those_of_another(self, anna: Member, cast: Cast) -> None:
        row_id = kept(device_of(anna)).id
        with tenancy.user_scope(cast.chloe.user_id):
            with pytest.raises(NotFound):
                passkeys.rename(passkey_id=row_id, user_id=cast.chloe.user_id, name="Mine")
            with pytest.raises(NotFound):
                passkeys.remove(passkey_id=row_id, user_id=cast.chloe.user_id, password=PASSWORD)

        assert kept_names(anna) == ["Phone"]

    def test_the_database_hides_those_of_another(self, anna: Member, cast: Cast) -> None:
        device_of(anna)

        with tenancy.user_scope(cast.chloe.user_id):
            assert db.session.scalars(select(Passkey.name)).all() == []


def kept_names(who: Member) -> list[str]:
    found = select(Passkey.name).where(Passkey.user_id == who.user_id)
    return list(db.session.scalars(found))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from(["id", "rawId", "type", "response"]), value=ANY_JSON)
def test_whatever_comes_in_place_of_an_answer_is_refused(
    app: Flask, part: str, value: object
) -> None:
    answer = json.loads(Authenticator().sign(asked(), origin=HERE.origin)) | {part: value}

    with pytest.raises(Refusal):
        enter(json.dumps(answer))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]),
    value=ANY_JSON | st.from_regex(r"[A-Za-z0-9_-]{0,80}", fullmatch=True),
)
def test_whatever_comes_in_place_of_a_part_is_refused(
    anna: Member, part: str, value: object
) -> None:
    device = device_of(anna)
    answer = json.loads(device.sign(asked(), origin=HERE.origin))
    answer["response"][part] = value

    with pytest.raises(Refusal):
        enter(json.dumps(answer))
    tenancy.enter(tenancy.Scope(user_id=anna.user_id))
    passkeys.remove(passkey_id=kept(device).id, user_id=anna.user_id, password=PASSWORD)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(["clientDataJSON", "attestationObject", "transports"]),
    value=ANY_JSON | st.from_regex(r"[A-Za-z0-9_-]{0,80}", fullmatch=True),
)
def test_whatever_comes_in_place_of_a_new_one_is_refused_or_harmless(
    anna: Member, part: str, value: object
) -> None:
    device = Authenticator()
    answer = json.loads(device.make(asked_to_add(anna), origin=HERE.origin))
    answer["response"][part] = value

    try:
        row = passkeys.add(user_id=anna.user_id, name="x", answer=json.dumps(answer), party=HERE)
    except Refusal:
        return
    assert part == "transports"
    assert all(isinstance(one, str) for one in row.transports)
    passkeys.remove(passkey_id=row.id, user_id=anna.user_id, password=PASSWORD)


def test_of_two_with_one_answer_at_the_same_moment_one_gets_in(
    real: Flask, real_cast: Cast
) -> None:
    with tenancy.user_scope(real_cast.anna.user_id):
        device = device_of(real_cast.anna)
    answer = device.sign(asked(), origin=HERE.origin)

    def once() -> str:
        try:
            passkeys.enter(browser=BROWSER, answer=answer, party=HERE, address=None, device=None)
        except Refusal:
            return "refused"
        return "in"

    assert sorted(at_once(real, once, once, once)) == ["in", "refused", "refused"]
