"""Guesses close an account for a while; it opens by time, by staff, by a new password."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from billify.application import auth, lock_out
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import LoginSession, Mail, User
from billify.domain.refusal import Refusal
from tests.cast import PASSWORD, Cast, Member
from tests.committed import at_once

SAME = r"^The e-mail address or the password is wrong\.$"


def log_in(who: Member, password: str = PASSWORD) -> auth.SignedIn:
    return auth.log_in(email=who.email, password=password, address=None, device=None)


def guess(who: Member, times: int) -> None:
    for _ in range(times):
        with pytest.raises(Refusal, match=SAME):
            log_in(who, "not that one")


def row(who: Member) -> User:
    return db.session.scalars(
        select(User).where(User.id == who.user_id).execution_options(populate_existing=True)
    ).one()


def change(who: Member, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(User).where(User.id == who.user_id).values(**values))


def mails(who: Member) -> int:
    with tenancy.user_scope(who.user_id):
        found = select(func.count()).where(Mail.user_id == who.user_id, Mail.kind == "locked_out")
        return db.session.scalar(found) or 0


def test_nine_wrong_ones_leave_it_open_and_the_right_one_forgets_them(cast: Cast) -> None:
    guess(cast.anna, 9)

    assert log_in(cast.anna).user.id == cast.anna.user_id
    assert row(cast.anna).failed_logins == 0
    assert mails(cast.anna) == 0


def test_ten_wrong_ones_close_it_also_to_the_right_password(cast: Cast) -> None:
    guess(cast.anna, 10)

    with pytest.raises(Refusal, match=SAME):
        log_in(cast.anna)
    assert mails(cast.anna) == 1


def test_while_it_is_closed_nothing_counts_and_no_second_mail_is_written(cast: Cast) -> None:
    guess(cast.anna, 10)
    until = row(cast.anna).locked_until

    guess(cast.anna, 15)

    assert row(cast.anna).failed_logins == 10
    assert row(cast.anna).locked_until == until
    assert mails(cast.anna) == 1


def test_the_next_ten_close_it_for_twice_as_long(cast: Cast) -> None:
    guess(cast.anna, 10)
    first = row(cast.anna).locked_until
    change(cast.anna, locked_until=datetime.now(UTC) - timedelta(seconds=1))

    guess(cast.anna, 10)

    second = row(cast.anna).locked_until
    assert first is not None
    assert second is not None
    assert timedelta(minutes=14) < first - datetime.now(UTC) <= timedelta(minutes=15)
    assert timedelta(minutes=29) < second - datetime.now(UTC) <= timedelta(minutes=30)
    assert mails(cast.anna) == 2


def test_it_opens_by_time(cast: Cast) -> None:
    guess(cast.anna, 10)
    change(cast.anna, locked_until=datetime.now(UTC) - timedelta(seconds=1))

    assert log_in(cast.anna).user.id == cast.anna.user_id
    assert row(cast.anna).locked_until is None


def test_it_opens_by_staff(cast: Cast) -> None:
    guess(cast.anna, 10)

    lock_out.release(user_id=cast.anna.user_id)

    assert log_in(cast.anna).user.id == cast.anna.user_id


def test_nobody_else_is_closed_out(cast: Cast) -> None:
    guess(cast.anna, 10)

    assert log_in(cast.bram).user.id == cast.bram.user_id


def test_who_is_signed_in_stays_so(cast: Cast) -> None:
    guess(cast.anna, 10)

    assert auth.resume(token=cast.anna.token) is not None


def test_a_wrong_password_at_an_open_screen_counts(cast: Cast) -> None:
    for _ in range(10):
        with pytest.raises(auth.NotYourPassword):
            auth.prove(user_id=cast.anna.user_id, password="not that one")

    assert lock_out.is_locked(user=row(cast.anna))
    with pytest.raises(auth.NotYourPassword):
        auth.prove(user_id=cast.anna.user_id, password=PASSWORD)


def test_who_guessed_right_while_others_closed_it_stays_outside(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account was open when it was looked at, and closed when the session was to be made."""
    before = len(db.session.scalars(select(LoginSession)).all())
    change(cast.anna, locked_until=datetime.now(UTC) + timedelta(minutes=15))
    monkeypatch.setattr(lock_out, "is_locked", lambda **_: False)

    with pytest.raises(Refusal, match=SAME):
        log_in(cast.anna)

    assert len(db.session.scalars(select(LoginSession)).all()) == before


def test_wrong_ones_at_the_same_moment_all_count(real: Flask, real_cast: Cast) -> None:
    works: list[Callable[[], None]] = [lambda: guess(real_cast.anna, 1)] * 4

    at_once(real, *works)

    assert row(real_cast.anna).failed_logins == 4


class TestSuspension:
    def test_the_right_password_is_told_so(self, cast: Cast) -> None:
        change(cast.anna, suspended_at=datetime.now(UTC))

        with pytest.raises(Refusal, match="suspended"):
            log_in(cast.anna)

    def test_a_wrong_one_learns_nothing(self, cast: Cast) -> None:
        change(cast.anna, suspended_at=datetime.now(UTC))

        with pytest.raises(Refusal, match=SAME):
            log_in(cast.anna, "not that one")

    @pytest.mark.parametrize("column", ["suspended_at", "removed_at"])
    def test_sessions_end(self, cast: Cast, column: str) -> None:
        change(cast.anna, **{column: datetime.now(UTC)})
        db.session.expire_all()

        assert auth.resume(token=cast.anna.token) is None

    def test_who_was_removed_is_nobody(self, cast: Cast) -> None:
        change(cast.anna, removed_at=datetime.now(UTC))

        with pytest.raises(Refusal, match=SAME):
            log_in(cast.anna)


class TestChangingThePassword:
    def test_all_other_sessions_end(self, cast: Cast) -> None:
        here = auth.resume(token=log_in(cast.anna).token)
        assert here is not None

        ended = auth.change_password(
            user_id=cast.anna.user_id, session_id=here.id, old=PASSWORD, new="een ander woord"
        )
        db.session.expire_all()

        assert ended == 1
        assert auth.resume(token=cast.anna.token) is None
        assert log_in(cast.anna, "een ander woord").user.id == cast.anna.user_id
        with tenancy.user_scope(cast.anna.user_id):
            assert db.session.scalars(select(Mail.kind)).all() == ["password_changed"]

    @pytest.mark.parametrize(("old", "new"), [("wrong", "een ander woord"), (PASSWORD, "kort")])
    def test_a_wrong_old_one_or_a_short_new_one_changes_nothing(
        self, cast: Cast, old: str, new: str
    ) -> None:
        here = auth.resume(token=cast.anna.token)
        assert here is not None

        with pytest.raises(Refusal):
            auth.change_password(user_id=cast.anna.user_id, session_id=here.id, old=old, new=new)

        assert log_in(cast.anna).user.id == cast.anna.user_id
