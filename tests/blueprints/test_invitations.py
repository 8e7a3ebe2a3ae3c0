"""The pages of inviting and joining."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from billify.application import mails
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Invitation, Mail
from billify.domain.roles import Role
from tests.cast import PASSWORD, Cast, add_member

PEOPLE = "/c/bakkerij-anna/settings/people"
NEW = "gust@example.be"


def invite(cast: Cast, email: str = NEW, **more: str) -> str:
    """Invite by the form; gives the path of the link in the mail."""
    form = {"email": email, "role": "accountant", "approval_limit": "", "language": "nl", **more}
    assert cast.anna.client().post(f"{PEOPLE}/invitation", data=form).status_code == 303
    with tenancy.unscoped("the test looks"):
        newest = db.session.scalars(select(Mail.id).order_by(Mail.id.desc()).limit(1)).one()
    facts = mails.opened(mail_id=newest)[1]
    assert facts is not None
    return str(facts["opens"])


def key(cast: Cast) -> UUID:
    with tenancy.company_scope(cast.anna.actor.company_id):
        return db.session.scalars(select(Invitation.id)).one()


def test_who_is_invited_stands_on_the_page_of_people(cast: Cast) -> None:
    invite(cast)

    page = cast.anna.client().get(PEOPLE).text

    assert NEW in page
    assert "Waits" in page


def test_a_new_person_makes_an_account_and_stands_in_the_company(
    cast: Cast, client: FlaskClient
) -> None:
    link = invite(cast)
    page = client.get(link)
    assert "Bakkerij Anna" in page.text
    assert NEW in page.text

    answer = client.post(link, data={"name": "Gust", "password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/c/bakkerij-anna/")
    assert client.get("/c/bakkerij-anna/purchases").status_code == 200
    assert client.get(PEOPLE).status_code == 403


def test_bad_input_comes_back_with_the_same_page(cast: Cast, client: FlaskClient) -> None:
    link = invite(cast)

    answer = client.post(link, data={"name": "Gust", "password": "kort"})

    assert answer.status_code == 422
    assert "at least" in answer.text


def test_who_has_an_account_is_led_to_the_login_and_back(cast: Cast, client: FlaskClient) -> None:
    link = invite(cast, cast.chloe.email)

    assert f"/log-in?next={link}" in client.get(link).text
    answer = client.post(link, data={"name": "X", "password": PASSWORD})
    assert answer.location.startswith("/log-in")

    answer = client.post(
        f"/log-in?next={link}", data={"email": cast.chloe.email, "password": PASSWORD}
    )
    assert answer.location == link
    assert client.post(link).location == "/c/bakkerij-anna/"
    assert client.get("/board").status_code == 200


def test_who_is_logged_in_with_another_address_is_told(cast: Cast) -> None:
    page = cast.chloe.client().get(invite(cast)).text

    assert "another address" in page


def test_each_end_of_an_invitation_has_its_page(cast: Cast, client: FlaskClient) -> None:
    link = invite(cast)
    assert client.get(f"{link}x").status_code == 404
    assert "already" in cast.bram.client().get(link).text
    cast.anna.client().post(f"{PEOPLE}/invitations/{key(cast)}/withdrawal")

    answer = client.get(link)

    assert answer.status_code == 410
    assert "withdrawn" in answer.text


def test_sending_again_makes_the_first_link_unknown(cast: Cast, client: FlaskClient) -> None:
    link = invite(cast)

    answer = cast.anna.client().post(f"{PEOPLE}/invitations/{key(cast)}/sending")

    assert answer.status_code == 303
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("email", ["", "no address"])
def test_a_bad_address_is_said_at_its_field(email: str, cast: Cast) -> None:
    form = {"email": email, "role": "viewer", "language": "nl"}

    answer = cast.anna.client().post(f"{PEOPLE}/invitation", data=form)

    assert answer.status_code == 422


def test_an_admin_sees_people_and_invites_nobody(cast: Cast) -> None:
    invite(cast)
    admin = add_member(cast.anna.actor.company_id, cast.anna.slug, "Ada", Role.ADMIN).client()

    assert "Withdraw" not in admin.get(PEOPLE).text
    assert admin.post(f"{PEOPLE}/invitations/{key(cast)}/withdrawal").status_code == 403


def test_anyone_may_leave_and_the_last_owner_is_told_why_not(cast: Cast) -> None:
    client = cast.bram.client()
    assert client.get("/c/bakkerij-anna/leaving").status_code == 200

    assert client.post("/c/bakkerij-anna/leaving").status_code == 303

    assert client.get("/c/bakkerij-anna/").status_code == 404
    answer = cast.anna.client().post("/c/bakkerij-anna/leaving")
    assert answer.status_code == 422
    assert "at least one owner" in answer.text
