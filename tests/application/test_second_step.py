"""The second step: setting an app up, codes that are used once, recovery codes, and guesses."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, update

from billify.application import auth, second_step
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import LoginSession, Mail, RecoveryCode, User
from billify.domain import sealing
from billify.domain.refusal import Refusal
from tests.cast import PASSWORD, Cast, Member
from tests.committed import at_once

DEVICE = {"address": "192.0.2.7", "device": "A browser"}


class Clock:
    """The time on the server, which a test moves."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def now(self, _zone: object = None) -> datetime:
        """As `datetime.now`."""
        return self.moment

    def passes(self, **more: float) -> None:
        """Later."""
        self.moment += timedelta(**more)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time that passes when the test says so."""
    clock = Clock()
    for module in ("second_step", "lock_out", "auth"):
        monkeypatch.setattr(f"billify.application.{module}.datetime", clock)
    return clock


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    """Anna, in her own scope as on the pages of her account."""
    with tenancy.user_scope(cast.anna.user_id):
        yield cast.anna


def code_of(app: pyotp.TOTP, clock: Clock, steps: int = 0) -> str:
    """What the app shows, now or some steps off."""
    return app.at(clock.moment, counter_offset=steps)


def begun(who: Member) -> pyotp.TOTP:
    """An app that has scanned the picture."""
    second_step.begin(user_id=who.user_id, password=PASSWORD)
    setup = second_step.setup(user_id=who.user_id)
    assert setup is not None
    return pyotp.TOTP(setup.seed)


def set_up(who: Member, clock: Clock) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """An app whose codes are asked for, and the recovery codes; a moment later."""
    app = begun(who)
    codes = second_step.confirm(user_id=who.user_id, code=code_of(app, clock))
    clock.passes(seconds=30)
    return app, codes


def half(who: Member) -> auth.Half:
    """What the right password gives who has an app."""
    with pytest.raises(auth.SecondStepWanted) as wants:
        auth.log_in(email=who.email, password=PASSWORD, **DEVICE)
    return wants.value.half


def finish(who: auth.Half, code: str) -> auth.SignedIn:
    return second_step.finish(half=who, code=code, **DEVICE)


def row(who: Member) -> User:
    return db.session.scalars(
        select(User).where(User.id == who.user_id).execution_options(populate_existing=True)
    ).one()


def mails(who: Member) -> list[str]:
    with tenancy.user_scope(who.user_id):
        return list(
            db.session.scalars(
                select(Mail.kind).where(Mail.user_id == who.user_id).order_by(Mail.id)
            )
        )


class TestSettingUp:
    def test_the_first_code_turns_it_on(self, anna: Member, clock: Clock) -> None:
        app = begun(anna)
        assert not auth.has_second_step(user_id=anna.user_id)

        codes = second_step.confirm(user_id=anna.user_id, code=code_of(app, clock))

        assert auth.has_second_step(user_id=anna.user_id)
        assert len(codes) == 10
        assert mails(anna) == ["way_in"]

    def test_a_wrong_first_code_leaves_it_off(self, anna: Member, clock: Clock) -> None:
        begun(anna)

        with pytest.raises(Refusal, match="not right"):
            second_step.confirm(user_id=anna.user_id, code="000000")

        assert not auth.has_second_step(user_id=anna.user_id)

    def test_it_wants_the_password(self, anna: Member) -> None:
        with pytest.raises(auth.NotYourPassword):
            second_step.begin(user_id=anna.user_id, password="not that one")

        assert second_step.setup(user_id=anna.user_id) is None

    def test_a_seed_in_use_is_not_shown_or_replaced(self, anna: Member, clock: Clock) -> None:
        set_up(anna, clock)

        assert second_step.setup(user_id=anna.user_id) is None
        with pytest.raises(Refusal, match="already"):
            second_step.begin(user_id=anna.user_id, password=PASSWORD)

    def test_the_seed_is_sealed_for_this_person(self, anna: Member, app: Flask) -> None:
        seed = begun(anna).secret
        kept = db.session.scalars(select(User.totp_seed).where(User.id == anna.user_id)).one()
        keys = app.config["SETTINGS"].secret_keys

        assert kept is not None
        assert seed.encode() not in kept
        opened = sealing.open_sealed(kept, keys=keys, place=f"totp:{anna.user_id}")
        assert opened == {"seed": seed}
        with pytest.raises(sealing.CannotOpen):
            sealing.open_sealed(kept, keys=keys, place="totp:somebody else")

    def test_recovery_codes_are_kept_as_hashes(self, anna: Member, clock: Clock) -> None:
        _, codes = set_up(anna, clock)

        kept = db.session.scalars(select(RecoveryCode.code_hash)).all()
        assert len(kept) == 10
        assert not any(code.replace("-", "").encode() in b"".join(kept) for code in codes)


class TestLoggingIn:
    def test_the_password_alone_opens_no_session(self, anna: Member, clock: Clock) -> None:
        set_up(anna, clock)
        before = len(db.session.scalars(select(LoginSession)).all())

        half(anna)

        assert len(db.session.scalars(select(LoginSession)).all()) == before

    @pytest.mark.parametrize("steps", [-1, 0, 1])
    def test_a_code_of_now_or_one_step_off_opens_it(
        self, anna: Member, clock: Clock, steps: int
    ) -> None:
        app, _ = set_up(anna, clock)
        clock.passes(minutes=2)

        entered = finish(half(anna), code_of(app, clock, steps))

        assert entered.user.id == anna.user_id

    @pytest.mark.parametrize("steps", [-2, 2])
    def test_a_code_two_steps_off_does_not(self, anna: Member, clock: Clock, steps: int) -> None:
        app, _ = set_up(anna, clock)
        clock.passes(minutes=5)

        with pytest.raises(Refusal, match="not right"):
            finish(half(anna), code_of(app, clock, steps))

    def test_a_code_is_good_once(self, anna: Member, clock: Clock) -> None:
        app, _ = set_up(anna, clock)
        code = code_of(app, clock)
        finish(half(anna), code)

        with pytest.raises(Refusal, match="used before"):
            finish(half(anna), code)

    def test_the_code_that_turned_it_on_is_used_up(self, anna: Member, clock: Clock) -> None:
        app = begun(anna)
        code = code_of(app, clock)
        second_step.confirm(user_id=anna.user_id, code=code)

        with pytest.raises(Refusal):
            finish(half(anna), code)

    def test_a_code_of_before_the_last_one_is_not_taken(self, anna: Member, clock: Clock) -> None:
        app, _ = set_up(anna, clock)
        clock.passes(minutes=2)
        finish(half(anna), code_of(app, clock, 1))

        with pytest.raises(Refusal):
            finish(half(anna), code_of(app, clock))

    def test_the_code_of_another_person_is_not_taken(
        self, anna: Member, cast: Cast, clock: Clock
    ) -> None:
        set_up(anna, clock)
        with tenancy.user_scope(cast.chloe.user_id):
            theirs, codes = set_up(cast.chloe, clock)

        for code in (code_of(theirs, clock), codes[0]):
            with pytest.raises(Refusal):
                finish(half(anna), code)

    def test_a_changed_password_ends_what_was_begun(self, anna: Member, clock: Clock) -> None:
        app, _ = set_up(anna, clock)
        waiting = half(anna)
        session = auth.resume(token=anna.token)
        assert session is not None
        auth.change_password(
            user_id=anna.user_id, session_id=session.id, old=PASSWORD, new="een ander wachtwoord"
        )

        with pytest.raises(second_step.HalfEnded):
            finish(waiting, code_of(app, clock))

    def test_a_half_for_who_has_no_app_opens_nothing(self, anna: Member) -> None:
        with pytest.raises(second_step.HalfEnded):
            finish(auth.Half(anna.user_id, auth.mark_of(user=row(anna))), "000000")

    def test_an_unreadable_seed_leaves_the_recovery_codes(self, anna: Member, clock: Clock) -> None:
        app, codes = set_up(anna, clock)
        with transaction() as session:
            session.execute(update(User).values(totp_seed=b"sealed with a lost key"))

        with pytest.raises(Refusal):
            finish(half(anna), code_of(app, clock))
        assert finish(half(anna), codes[0]).user.id == anna.user_id


class TestRecoveryCodes:
    def test_each_is_good_once_and_told_by_mail(self, anna: Member, clock: Clock) -> None:
        _, codes = set_up(anna, clock)
        typed = codes[3].upper().replace("-", " ")

        assert finish(half(anna), typed).user.id == anna.user_id

        assert second_step.codes_left(user_id=anna.user_id) == 9
        assert mails(anna) == ["way_in", "way_in"]
        with pytest.raises(Refusal):
            finish(half(anna), codes[3])

    def test_new_ones_take_the_place_of_the_old(self, anna: Member, clock: Clock) -> None:
        app, old = set_up(anna, clock)

        new = second_step.renew_codes(
            user_id=anna.user_id, password=PASSWORD, code=code_of(app, clock)
        )

        assert not set(old) & set(new)
        assert second_step.codes_left(user_id=anna.user_id) == 10
        with pytest.raises(Refusal):
            finish(half(anna), old[0])
        finish(half(anna), new[0])


class TestRemoving:
    def test_both_steps_turn_it_off(self, anna: Member, clock: Clock) -> None:
        app, _ = set_up(anna, clock)

        second_step.remove(user_id=anna.user_id, password=PASSWORD, code=code_of(app, clock))

        assert not auth.has_second_step(user_id=anna.user_id)
        assert second_step.codes_left(user_id=anna.user_id) == 0
        assert auth.log_in(email=anna.email, password=PASSWORD, **DEVICE).user.id == anna.user_id

    @pytest.mark.parametrize("is_password_right", [True, False])
    def test_one_of_them_does_not(
        self, anna: Member, clock: Clock, is_password_right: bool
    ) -> None:
        app, _ = set_up(anna, clock)
        password, code = (PASSWORD, "000000") if is_password_right else ("no", code_of(app, clock))

        with pytest.raises(Refusal):
            second_step.remove(user_id=anna.user_id, password=password, code=code)

        assert auth.has_second_step(user_id=anna.user_id)
        assert row(anna).failed_logins == 1


class TestGuesses:
    def test_wrong_codes_count_and_the_right_password_does_not_clear_them(
        self, anna: Member, clock: Clock
    ) -> None:
        set_up(anna, clock)
        for _ in range(10):
            with pytest.raises(Refusal, match="not right"):
                finish(half(anna), "000000")

        assert row(anna).locked_until is not None
        assert mails(anna)[-1] == "locked_out"
        with pytest.raises(Refusal, match="The e-mail address or the password is wrong"):
            auth.log_in(email=anna.email, password=PASSWORD, **DEVICE)

    def test_a_closed_account_takes_no_right_code_either(self, anna: Member, clock: Clock) -> None:
        app, codes = set_up(anna, clock)
        waiting = half(anna)
        for _ in range(10):
            with pytest.raises(Refusal):
                finish(waiting, "000000")

        for code in (code_of(app, clock), codes[0]):
            with pytest.raises(Refusal, match="not right"):
                finish(waiting, code)

    def test_a_right_code_clears_the_count(self, anna: Member, clock: Clock) -> None:
        app, _ = set_up(anna, clock)
        with pytest.raises(Refusal):
            finish(half(anna), "000000")
        assert row(anna).failed_logins == 1

        finish(half(anna), code_of(app, clock))

        assert row(anna).failed_logins == 0


def test_of_two_with_one_code_at_the_same_moment_one_gets_in(real: Flask, real_cast: Cast) -> None:
    anna = real_cast.anna
    with tenancy.user_scope(anna.user_id):
        app = begun(anna)
        second_step.confirm(user_id=anna.user_id, code=app.at(datetime.now(UTC), counter_offset=-1))
    waiting = half(anna)
    code = app.at(datetime.now(UTC), counter_offset=1)

    def once() -> str:
        try:
            finish(waiting, code)
        except Refusal:
            return "refused"
        return "in"

    assert sorted(at_once(real, once, once, once)) == ["in", "refused", "refused"]


def test_of_two_with_one_recovery_code_at_the_same_moment_one_gets_in(
    real: Flask, real_cast: Cast
) -> None:
    anna = real_cast.anna
    with tenancy.user_scope(anna.user_id):
        app = begun(anna)
        codes = second_step.confirm(user_id=anna.user_id, code=app.now())
    waiting = half(anna)

    def once() -> str:
        try:
            finish(waiting, codes[0])
        except Refusal:
            return "refused"
        return "in"

    assert sorted(at_once(real, once, once, once)) == ["in", "refused", "refused"]
