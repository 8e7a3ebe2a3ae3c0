"""The pages of one's own data and of the company's privacy: who sees them, and what they do."""

import re

from sqlalchemy import select

from billify.application import personal_data
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Company, User
from billify.data.queries import personal_data as queries
from billify.web import personal_paper
from tests.cast import PASSWORD, Cast, Member

PATH = "/account/privacy"


def make(member: Member) -> str:
    """Ask for the file on the page and have it made; gives where it is fetched."""
    member.client().post(f"{PATH}/exports")
    personal_data.make_due(render=personal_paper.render)
    with tenancy.user_scope(member.user_id):
        row = queries.files(member.user_id)[0]
    return f"{PATH}/exports/{row.id}"


def test_the_file_is_asked_for_made_and_fetched(cast: Cast) -> None:
    client = cast.anna.client()
    client.post(f"{PATH}/exports")
    assert "Being made" in client.get(PATH).get_data(as_text=True)
    personal_data.make_due(render=personal_paper.render)

    page = client.get(PATH).get_data(as_text=True)
    found = re.search(rf'href="({PATH}/exports/[^"]+)"', page)
    assert found is not None
    answer = client.get(found[1])

    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data[:2] == b"PK"


def test_the_file_of_somebody_else_is_not_there(cast: Cast) -> None:
    address = make(cast.anna)

    for other in (cast.bram, cast.chloe, cast.dirk):
        assert other.client().get(address).status_code == 404


def test_without_a_login_there_is_no_file(cast: Cast) -> None:
    address = make(cast.anna)

    answer = cast.anna.client().application.test_client().get(address)

    assert answer.status_code == 302


def test_removal_wants_the_password(cast: Cast) -> None:
    for given in ({}, {"password": "niet dit"}):
        answer = cast.emma.client().post(f"{PATH}/removal", data=given)
        assert answer.status_code == 422


def test_removal_says_what_stays(cast: Cast) -> None:
    page = cast.emma.client().get(f"{PATH}/removal").get_data(as_text=True)

    assert "article 60" in page
    assert "10 years" in page


def test_after_removal_the_session_is_over(cast: Cast) -> None:
    client = cast.emma.client()

    answer = client.post(f"{PATH}/removal", data={"password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/log-in")
    assert client.get(PATH).status_code == 302
    row = db.session.scalars(
        select(User).where(User.id == cast.emma.user_id).execution_options(populate_existing=True)
    ).one()
    assert row.removed_at is not None


def test_the_last_owner_reads_the_way_out(cast: Cast) -> None:
    answer = cast.anna.client().post(f"{PATH}/removal", data={"password": PASSWORD})

    assert answer.status_code == 422
    assert "last owner of Bakkerij Anna" in answer.get_data(as_text=True)


def test_owners_say_how_long_things_are_kept(cast: Cast) -> None:
    given = {"keep_logs_days": "60", "keep_told_days": "61", "keep_put_away_days": ""}

    answer = cast.anna.client().post(f"/c/{cast.anna.slug}/settings/privacy", data=given)

    assert answer.status_code == 303
    with tenancy.company_scope(cast.anna.actor.company_id):
        row = db.session.scalars(
            select(Company)
            .where(Company.id == cast.anna.company_id)
            .execution_options(populate_existing=True)
        ).one()
    assert (row.keep_logs_days, row.keep_told_days, row.keep_put_away_days) == (60, 61, None)


def test_less_than_a_month_is_refused(cast: Cast) -> None:
    given = {"keep_logs_days": "7", "keep_told_days": "61"}

    answer = cast.anna.client().post(f"/c/{cast.anna.slug}/settings/privacy", data=given)

    assert answer.status_code == 422


def test_an_export_stands_in_the_log_of_exports(cast: Cast) -> None:
    client = cast.anna.client()
    client.post(f"/c/{cast.anna.slug}/purchases/exports", data={"format": "csv"})

    for path in ("settings/privacy", "settings/privacy/exports"):
        page = client.get(f"/c/{cast.anna.slug}/{path}").get_data(as_text=True)
        assert "Invoices exported" in page


def test_the_log_of_another_company_is_its_own(cast: Cast) -> None:
    cast.anna.client().post(f"/c/{cast.anna.slug}/purchases/exports", data={"format": "csv"})

    page = cast.chloe.client().get(f"/c/{cast.chloe.slug}/settings/privacy").get_data(as_text=True)

    assert "Invoices exported" not in page
