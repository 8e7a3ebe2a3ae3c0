"""Signing up, logging in and out: what is kept, what is told, what ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from billify.application import audit, auth, mails
from billify.data import tenancy
from billify.data.db import Conflict, db, transaction
from billify.data.models import AuditEvent, Company, LoginSession, Mail, Membership, User
from billify.domain import passwords
from billify.domain.refusal import NotFound, Refusal
from billify.domain.roles import Role
from tests.cast import PASSWORD, Cast
from tests.committed import at_once


def sign_up(**more: Any) -> Company:
    values = {
        "company_name": "Garage Éric SRL",
        "vat_number": None,
        "name": "Éric",
        "email": "Eric@Example.be",
        "password": "une longue phrase",
        "language": "fr",
        **more,
    }
    return auth.sign_up(**values)


def log_in(**more: Any) -> auth.SignedIn:
    values = {
        "email": "eric@example.be",
        "password": "une longue phrase",
        "address": "192.0.2.7",
        "device": "A browser",
        **more,
    }
    return auth.log_in(**values)


class TestSigningUp:
    def test_a_company_gets_its_first_owner_and_its_first_line_in_the_log(self, app: Flask) -> None:
        company = sign_up(vat_number="BE 0403.170.701")

        with tenancy.company_scope(company.id):
            member = db.session.scalars(select(Membership)).one()
            assert member.role is Role.OWNER
            assert [e.verb for e in db.session.scalars(select(AuditEvent))] == ["company.signed_up"]
            assert audit.verify() == []
        assert (company.slug, company.vat_number) == ("garage-eric", "BE0403170701")

    def test_the_password_is_kept_as_argon2id_only(self, app: Flask) -> None:
        sign_up()

        kept = db.session.scalars(select(User.password_hash)).one()
        assert kept.startswith("$argon2id$")
        assert "phrase" not in kept

    def test_the_scope_is_left_as_it_was(self, app: Flask) -> None:
        """A refusal, too, must not leave the next person in somebody's company."""
        with pytest.raises(Refusal):
            sign_up(password="kort")

        assert tenancy.current() == tenancy.NOBODY

    @pytest.mark.parametrize("email", ["eric@example.be", "ERIC@example.BE"])
    def test_a_known_address_is_refused(self, email: str, app: Flask) -> None:
        sign_up()

        with pytest.raises(Refusal, match="already an account"):
            sign_up(email=email, company_name="Other")

    @pytest.mark.parametrize("email", ["geen adres", "a@b@example.be", "eric@example", "a,b"])
    def test_what_is_no_address_is_refused(self, email: str, app: Flask) -> None:
        with pytest.raises(Refusal, match="not an e-mail address"):
            sign_up(email=email)

    def test_a_refused_sign_up_leaves_nothing(self, app: Flask) -> None:
        with pytest.raises(Refusal):
            sign_up(vat_number="BE 0403.170.702")

        assert db.session.scalars(select(User)).all() == []

    def test_companies_of_one_name_get_addresses_of_their_own(self, app: Flask) -> None:
        first = sign_up()
        tenancy.leave()
        second = sign_up(email="other@example.be")

        assert first.slug == "garage-eric"
        assert second.slug.startswith("garage-eric-")

    @pytest.mark.parametrize("name", ["!!!", "日本", "a" * 120, "../x", "C:\\x", "éàü"])
    def test_any_name_gives_an_address(self, name: str, app: Flask) -> None:
        slug = sign_up(company_name=name).slug

        assert slug
        assert all(c.isascii() and (c.isalnum() or c == "-") for c in slug)

    def test_one_address_signed_up_twice_at_the_same_moment_is_one_account(
        self, real: Flask
    ) -> None:
        def once() -> str:
            try:
                sign_up()
            except (Refusal, Conflict):
                return "refused"
            return "taken"

        assert sorted(at_once(real, once, once, once)) == ["refused", "refused", "taken"]
        assert len(db.session.scalars(select(User)).all()) == 1


class TestLoggingIn:
    def test_the_cookie_s_token_is_kept_as_a_hash_only(self, app: Flask) -> None:
        sign_up()
        tenancy.leave()

        entered = log_in()

        session = db.session.scalars(select(LoginSession)).one()
        assert session.token_hash == passwords.token_hash(entered.token)
        assert entered.token.encode() not in session.token_hash
        assert len(entered.token) >= 43
        assert entered.slugs == ("garage-eric",)
        assert (session.address, session.device) == ("192.0.2.7", "A browser")

    @pytest.mark.parametrize(
        "given", [{"password": "wrong"}, {"email": "nobody@example.be"}, {"password": ""}]
    )
    def test_one_sentence_for_whatever_is_wrong(self, given: dict[str, str], app: Flask) -> None:
        sign_up()
        tenancy.leave()

        with pytest.raises(Refusal, match=r"^The e-mail address or the password is wrong\.$"):
            log_in(**given)

        assert db.session.scalars(select(LoginSession)).all() == []

    def test_each_login_is_a_session_of_its_own(self, cast: Cast) -> None:
        given: dict[str, Any] = {"email": cast.anna.email, "password": PASSWORD}

        tokens = {auth.log_in(**given, address=None, device=None).token for _ in range(2)}

        assert len(tokens) == 2


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{}.0) Gecko/20100101 Firefox/{}.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Safari/604.1"


class TestNewDevices:
    def told(self) -> list[tuple[str, str]]:
        with tenancy.unscoped("the test reads the mails of a person"):
            keys = db.session.scalars(select(Mail.id).where(Mail.kind == "way_in")).all()
            found = [mails.opened(mail_id=key)[1] or {} for key in keys]
        return [(one["device"], one["address"]) for one in found]

    def test_the_first_one_ever_and_its_updates_are_no_news(self, app: Flask) -> None:
        sign_up()
        log_in(device=FIREFOX.format(140, 140))
        log_in(device=FIREFOX.format(151, 151))

        assert self.told() == []

    def test_another_one_is_told_once(self, app: Flask) -> None:
        sign_up()
        log_in(device=FIREFOX.format(140, 140))

        log_in(device=PHONE, address="198.51.100.9")
        log_in(device=PHONE)
        log_in(device=FIREFOX.format(140, 140))

        assert self.told() == [("Safari, iPhone", "198.51.100.9")]

    def test_a_wrong_password_is_no_log_in(self, app: Flask) -> None:
        sign_up()
        log_in(device=FIREFOX.format(140, 140))

        with pytest.raises(Refusal):
            log_in(device=PHONE, password="een verkeerd wachtwoord")

        assert self.told() == []


class TestResuming:
    def test_a_live_session_is_resumed(self, cast: Cast) -> None:
        found = auth.resume(token=cast.anna.token)

        assert found is not None
        assert found.user.email == cast.anna.email

    @pytest.mark.parametrize("token", ["", "x", "a" * 5000, "\0", "é"])
    def test_a_token_nobody_has_is_nobody(self, token: str, cast: Cast) -> None:
        assert auth.resume(token=token) is None

    def test_a_session_ends_by_itself(self, cast: Cast) -> None:
        with transaction() as session:
            session.execute(
                update(LoginSession)
                .where(LoginSession.user_id == cast.anna.user_id)
                .values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
            )
        db.session.expire_all()

        assert auth.resume(token=cast.anna.token) is None

    def test_a_session_that_was_ended_stays_ended(self, cast: Cast) -> None:
        found = auth.resume(token=cast.anna.token)
        assert found is not None

        auth.log_out(session_id=found.id, user_id=cast.anna.user_id)
        auth.log_out(session_id=found.id, user_id=cast.anna.user_id)
        db.session.expire_all()

        assert auth.resume(token=cast.anna.token) is None

    def test_nobody_ends_the_session_of_another(self, cast: Cast) -> None:
        found = auth.resume(token=cast.anna.token)
        assert found is not None

        with pytest.raises(NotFound):
            auth.revoke(session_id=found.id, user_id=cast.chloe.user_id)
        db.session.expire_all()

        assert auth.resume(token=cast.anna.token) is not None

    def test_a_visit_is_noted_every_few_minutes_only(self, cast: Cast) -> None:
        before = db.session.scalars(
            select(LoginSession.seen_at).where(LoginSession.user_id == cast.anna.user_id)
        ).one()
        auth.resume(token=cast.anna.token)
        with transaction() as session:
            session.execute(update(LoginSession).values(seen_at=before - timedelta(minutes=6)))
        db.session.expire_all()

        auth.resume(token=cast.anna.token)

        after = db.session.scalars(
            select(LoginSession.seen_at).where(LoginSession.user_id == cast.anna.user_id)
        ).one()
        assert after >= before
