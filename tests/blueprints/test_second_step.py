"""The pages of the way in: the second step, what a half log-in opens, security and preferences."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import update
from werkzeug.test import TestResponse

from billify.application import second_step
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import User
from billify.domain import passwords
from billify.web.access import COOKIE
from tests.cast import PASSWORD, Cast, Member

SECURITY = "/account/security"


@pytest.fixture
def app_of_anna(cast: Cast) -> pyotp.TOTP:
    """Anna has an app, set up a minute ago."""
    with tenancy.user_scope(cast.anna.user_id):
        second_step.begin(user_id=cast.anna.user_id, password=PASSWORD)
        setup = second_step.setup(user_id=cast.anna.user_id)
        assert setup is not None
        made = pyotp.TOTP(setup.seed)
        second_step.confirm(user_id=cast.anna.user_id, code=made.now())
    with transaction() as session:
        session.execute(update(User).values(totp_step=User.totp_step - 2))
    return made


def log_in(client: FlaskClient, who: Member, **query: str) -> TestResponse:
    return client.post(
        "/log-in", query_string=query, data={"email": who.email, "password": PASSWORD}
    )


class TestLoggingIn:
    def test_the_password_leads_to_the_code_and_the_code_inside(
        self, cast: Cast, client: FlaskClient, app_of_anna: pyotp.TOTP
    ) -> None:
        answer = log_in(client, cast.anna)
        assert (answer.status_code, answer.location) == (303, "/log-in/code")
        assert COOKIE not in str(answer.headers)
        assert client.get("/log-in/code").status_code == 200

        entered = client.post("/log-in/code", data={"code": app_of_anna.now()})

        assert (entered.status_code, entered.location) == (303, "/c/bakkerij-anna/")
        assert client.get("/account").status_code == 200

    def test_the_page_that_was_wanted_comes_after_the_code(
        self, cast: Cast, client: FlaskClient, app_of_anna: pyotp.TOTP
    ) -> None:
        wanted = "/c/bakkerij-anna/purchases"
        answer = log_in(client, cast.anna, next=wanted)
        assert answer.location == f"/log-in/code?next={quote(wanted, safe='/')}"

        entered = client.post(answer.location, data={"code": app_of_anna.now()})

        assert entered.location == wanted

    @pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test", "/\\evil.test"])
    def test_no_code_leads_elsewhere(
        self, cast: Cast, client: FlaskClient, app_of_anna: pyotp.TOTP, elsewhere: str
    ) -> None:
        log_in(client, cast.anna, next=elsewhere)

        entered = client.post(
            "/log-in/code", query_string={"next": elsewhere}, data={"code": app_of_anna.now()}
        )

        assert entered.location == "/c/bakkerij-anna/"

    def test_a_wrong_code_gets_a_sentence_at_its_field(
        self, cast: Cast, client: FlaskClient, app_of_anna: pyotp.TOTP
    ) -> None:
        log_in(client, cast.anna)

        answer = client.post("/log-in/code", data={"code": "000000"})

        assert answer.status_code == 422
        assert "This code is not right, or it was used before." in answer.text

    @pytest.mark.parametrize(
        "path",
        ["/account", SECURITY, "/board", "/c/bakkerij-anna/", "/c/bakkerij-anna/purchases"],
    )
    def test_half_a_log_in_opens_no_page(
        self, cast: Cast, client: FlaskClient, app_of_anna: pyotp.TOTP, path: str
    ) -> None:
        log_in(client, cast.anna)

        answer = client.get(path)

        assert answer.status_code == 302
        assert answer.location.startswith("/log-in?")

    def test_half_a_log_in_ends_after_five_minutes(
        self,
        cast: Cast,
        client: FlaskClient,
        app_of_anna: pyotp.TOTP,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        log_in(client, cast.anna)
        later = datetime.now(UTC) + timedelta(minutes=5, seconds=1)
        monkeypatch.setattr("billify.web.access.now", lambda: later)

        answer = client.post("/log-in/code", data={"code": app_of_anna.now()})

        assert (answer.status_code, answer.location) == (303, "/log-in")

    def test_without_a_password_there_is_no_second_step(
        self, cast: Cast, client: FlaskClient, app_of_anna: pyotp.TOTP
    ) -> None:
        answer = client.post("/log-in/code", data={"code": app_of_anna.now()})

        assert (answer.status_code, answer.location) == (303, "/log-in")

    def test_a_made_up_half_is_not_taken(
        self, cast: Cast, client: FlaskClient, app_of_anna: pyotp.TOTP
    ) -> None:
        log_in(client, cast.bram)
        log_in(client, cast.anna)
        cookie = client.get_cookie("billify_form")
        assert cookie is not None
        body, _, rest = cookie.value.partition(".")
        client.set_cookie("billify_form", f"{body[:-2]}AA.{rest}")

        answer = client.post("/log-in/code", data={"code": app_of_anna.now()})

        assert answer.location == "/log-in"

    def test_a_session_laid_out_by_somebody_else_is_not_used(
        self, cast: Cast, client: FlaskClient
    ) -> None:
        laid_out = passwords.new_token()
        client.set_cookie(COOKIE, laid_out)
        client.set_cookie(COOKIE, cast.bram.token)

        log_in(client, cast.anna)

        cookie = client.get_cookie(COOKIE)
        assert cookie is not None
        assert cookie.value not in (laid_out, cast.bram.token)
        assert cast.anna.name in client.get("/account").text

    def test_what_the_browser_held_before_is_forgotten(
        self, cast: Cast, client: FlaskClient, app_of_anna: pyotp.TOTP
    ) -> None:
        log_in(client, cast.anna)
        client.post("/log-in/code", data={"code": app_of_anna.now()})

        with client.session_transaction() as held:
            assert "half" not in held


class TestSettingUp:
    def test_the_picture_the_code_and_the_recovery_codes(self, cast: Cast) -> None:
        anna = cast.anna.client()
        assert "qr" not in anna.get(f"{SECURITY}/app").text

        begun = anna.post(f"{SECURITY}/app", data={"password": PASSWORD}, follow_redirects=True)
        seed = re.sub(r"\s", "", html.document_fromstring(begun.text).xpath("string(//code)"))
        codes = anna.post(f"{SECURITY}/app/confirmation", data={"code": pyotp.TOTP(seed).now()})

        assert '<svg class="qr"' in begun.text
        assert begun.headers["Cache-Control"] == codes.headers["Cache-Control"] == "no-store"
        assert len(html.document_fromstring(codes.text).xpath("//li/code")) == 10
        assert "10 of 10 recovery codes are left" in anna.get(SECURITY).text

    def test_a_seed_is_shown_to_who_gave_the_password_in_this_browser_only(
        self, cast: Cast
    ) -> None:
        anna = cast.anna.client()
        anna.post(f"{SECURITY}/app", data={"password": PASSWORD})
        assert '<svg class="qr"' in anna.get(f"{SECURITY}/app").text

        other = cast.anna.client()

        assert '<svg class="qr"' not in other.get(f"{SECURITY}/app").text
        again = other.post(f"{SECURITY}/app/confirmation", data={"code": "000000"})
        assert (again.status_code, again.location) == (303, f"{SECURITY}/app")

    @pytest.mark.parametrize(
        ("path", "data", "sentence"),
        [
            ("app", {"password": "wrong"}, "This is not your password."),
            ("app", {}, "Fill this in."),
            ("password", {"old": "wrong", "new": "een lange zin"}, "This is not your password."),
            ("password", {"old": PASSWORD, "new": "kort"}, "at least 10 characters"),
        ],
    )
    def test_mistakes_stand_at_their_field(
        self, cast: Cast, path: str, data: dict[str, str], sentence: str
    ) -> None:
        answer = cast.anna.client().post(f"{SECURITY}/{path}", data=data)

        assert answer.status_code == 422
        assert sentence in answer.text

    def test_where_there_is_an_app_a_grave_deed_wants_its_code_too(
        self, cast: Cast, app_of_anna: pyotp.TOTP
    ) -> None:
        anna, path = cast.anna.client(), "/account/privacy/removal"
        assert "Code of the app" in anna.get(path).text

        for code in ({}, {"code": "000000"}):
            answer = anna.post(path, data={"password": PASSWORD} | code)
            assert (answer.status_code, "last owner" in answer.text) == (422, False)

        answer = anna.post(path, data={"password": PASSWORD, "code": app_of_anna.now()})
        assert "last owner" in answer.text

    @pytest.mark.parametrize("path", ["app/removal", "recovery-codes"])
    def test_what_takes_it_away_wants_both_steps(
        self, cast: Cast, app_of_anna: pyotp.TOTP, path: str
    ) -> None:
        anna = cast.anna.client()
        assert anna.get(f"{SECURITY}/{path}").status_code == 200

        for given in (
            {"password": PASSWORD, "code": "000000"},
            {"password": "wrong", "code": app_of_anna.now()},
        ):
            assert anna.post(f"{SECURITY}/{path}", data=given).status_code == 422

        right = {"password": PASSWORD, "code": app_of_anna.now()}
        assert anna.post(f"{SECURITY}/{path}", data=right).status_code in (200, 303)

    @pytest.mark.parametrize("path", ["app/removal", "recovery-codes"])
    def test_who_has_no_app_has_nothing_to_take_away(self, cast: Cast, path: str) -> None:
        assert cast.anna.client().get(f"{SECURITY}/{path}").location == SECURITY


class TestAccount:
    def test_a_new_password_ends_the_other_devices(self, cast: Cast, client: FlaskClient) -> None:
        log_in(client, cast.anna)

        answer = client.post(
            f"{SECURITY}/password", data={"old": PASSWORD, "new": "een ander wachtwoord"}
        )

        assert (answer.status_code, answer.location) == (303, SECURITY)
        db.session.expunge_all()
        assert cast.anna.client().get("/account").status_code == 302
        assert client.get("/account").status_code == 200

    def test_all_other_sessions_end_at_once(self, cast: Cast, client: FlaskClient) -> None:
        log_in(client, cast.anna)
        assert "End all other sessions" in client.get("/account").text

        client.post("/account/sessions/others/end")

        db.session.expunge_all()
        assert cast.anna.client().get("/account").status_code == 302
        assert "End all other sessions" not in client.get("/account").text
        assert cast.bram.client().get("/account").status_code == 200

    def test_name_language_and_dates_are_kept(self, cast: Cast) -> None:
        anna = cast.anna.client()

        answer = anna.post(
            "/account", data={"name": "Anna B.", "language": "en", "date_style": "year_first"}
        )

        assert answer.status_code == 303
        text = anna.get("/account").text
        assert "Anna B." in text
        assert datetime.now(UTC).strftime("%Y-%m-") in text

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"name": " "}, "Fill this in."),
            ({"language": "xx"}, "Choose one from the list."),
            ({"date_style": "roman"}, "Choose one from the list."),
        ],
    )
    def test_what_can_not_be_kept_is_said(
        self, cast: Cast, data: dict[str, str], sentence: str
    ) -> None:
        given = {"name": "Anna", "language": "en", "date_style": "dashes"} | data

        answer = cast.anna.client().post("/account", data=given)

        assert answer.status_code == 422
        assert sentence in answer.text

    def test_the_next_person_s_days_are_written_as_theirs(self, cast: Cast) -> None:
        with transaction() as session:
            session.execute(
                update(User).where(User.id == cast.anna.user_id).values(date_style="dashes")
            )
        db.session.expire_all()

        assert datetime.now(UTC).strftime("-%m-%Y") in cast.anna.client().get("/account").text
        assert datetime.now(UTC).strftime("/%m/%Y") in cast.bram.client().get("/account").text


FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/log-in", {"email": "x@example.be", "password": "x"}),
    ("/log-in/code", {"code": "000000"}),
    ("/log-in/passkey", {"answer": "{}"}),
    ("/account", {"name": "x", "language": "en", "date_style": "dashes"}),
    ("/account/sessions/others/end", {}),
    (f"{SECURITY}/password", {"old": PASSWORD, "new": "een ander wachtwoord"}),
    (f"{SECURITY}/app", {"password": PASSWORD}),
    (f"{SECURITY}/app/confirmation", {"code": "000000"}),
    (f"{SECURITY}/app/removal", {"password": PASSWORD, "code": "000000"}),
    (f"{SECURITY}/recovery-codes", {"password": PASSWORD, "code": "000000"}),
    (f"{SECURITY}/passkeys/new", {"name": "x", "password": PASSWORD}),
    (f"{SECURITY}/passkeys", {"name": "x", "answer": "{}"}),
    (f"{SECURITY}/passkeys/00000000-0000-0000-0000-000000000007", {"name": "x"}),
)


@pytest.mark.parametrize(("path", "data"), FORMS, ids=[path for path, _ in FORMS])
def test_a_form_without_its_token_is_refused(
    application: Flask, cast: Cast, path: str, data: dict[str, str]
) -> None:
    application.config["WTF_CSRF_ENABLED"] = True
    try:
        assert cast.anna.client().post(path, data=data).status_code == 400
    finally:
        application.config["WTF_CSRF_ENABLED"] = False


def test_every_form_of_these_pages_has_a_token(
    application: Flask, cast: Cast, client: FlaskClient, app_of_anna: pyotp.TOTP
) -> None:
    """The test browser checks each page that it opens."""
    application.config["WTF_CSRF_ENABLED"] = True
    try:
        for path in ("/log-in", "/sign-up"):
            assert client.get(path).status_code == 200
        anna, bram = cast.anna.client(), cast.bram.client()
        for path in ("/account", SECURITY, f"{SECURITY}/recovery-codes", f"{SECURITY}/app/removal"):
            assert anna.get(path).status_code == 200
        for path in (f"{SECURITY}/app", f"{SECURITY}/passkeys/new"):
            assert bram.get(path).status_code == 200
    finally:
        application.config["WTF_CSRF_ENABLED"] = False
