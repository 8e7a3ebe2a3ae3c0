"""What staff tell everybody: a bar while it stands, and a notification once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from billify.application.back_office import announcements
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Announcement, Job, Notification, User
from billify.domain.announcements import text_in
from billify.domain.brussels import BRUSSELS
from tests.cast import Cast, Member

LIST = "/back-office/announcements"


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """What this process remembers belongs to one test."""
    announcements.forget()
    yield
    announcements.forget()


@pytest.fixture
def dirk(cast: Cast) -> FlaskClient:
    """The browser of the staff."""
    return cast.dirk.client()


def filled(*, begin: timedelta, end: timedelta, **more: str) -> dict[str, Any]:
    """A form whose times lie so far from now."""
    now = datetime.now(BRUSSELS)
    start, stop = now + begin, now + end
    return {
        "en": "Billify rests on Sunday.",
        "starts_on": f"{start:%d/%m/%Y}",
        "starts_at": f"{start:%H:%M}",
        "ends_on": f"{stop:%d/%m/%Y}",
        "ends_at": f"{stop:%H:%M}",
    } | more


NOW = {"begin": timedelta(hours=-1), "end": timedelta(hours=2)}


def home(person: Member) -> str:
    return person.client().get(f"/c/{person.slug}/").text


def test_everybody_who_is_signed_in_sees_it_while_it_stands(
    dirk: FlaskClient, cast: Cast, client: FlaskClient
) -> None:
    dirk.post(f"{LIST}/new", data=filled(**NOW))
    dirk.post(
        f"{LIST}/new",
        data=filled(begin=timedelta(hours=1), end=timedelta(hours=2), en="Not yet."),
    )

    for person in (cast.anna, cast.bram, cast.chloe):
        assert "Billify rests on Sunday." in home(person)
        assert "Not yet." not in home(person)
    assert "Billify rests" not in client.get("/log-in").text


def test_a_missing_language_falls_back_and_says_which_it_is(dirk: FlaskClient, cast: Cast) -> None:
    with transaction() as session:
        session.execute(update(User).where(User.id == cast.anna.user_id).values(language="fr"))
    db.session.expire_all()
    dirk.post(f"{LIST}/new", data=filled(**NOW, nl="Billify rust zondag."))

    assert '<p class="notice__text" lang="en">Billify rests on Sunday.' in home(cast.anna)
    assert "fr, de" in dirk.get(LIST).text
    assert text_in(words={"de": "Ruhe"}, language="nl") == ("Ruhe", "de")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"en": ""}, "Write the text in at least one language."),
        ({"ends_on": "01/01/2020"}, "It ends before it begins."),
        ({"starts_at": "25:99"}, "Write the time as hh:mm."),
    ],
)
def test_bad_input_comes_back(more: dict[str, str], said: str, dirk: FlaskClient) -> None:
    answer = dirk.post(f"{LIST}/new", data=filled(**NOW) | more)

    assert answer.status_code == 422
    assert said in answer.text


def test_it_is_put_away_on_a_device(dirk: FlaskClient, cast: Cast) -> None:
    dirk.post(f"{LIST}/new", data=filled(**NOW))
    row = db.session.scalars(select(Announcement)).one()
    browser = cast.anna.client()
    where = f"http://localhost/c/{cast.anna.slug}/purchases"

    answer = browser.post(f"/announcements/{row.id}/dismissal", headers={"Referer": where})

    assert answer.location == f"/c/{cast.anna.slug}/purchases"
    assert "Billify rests" not in browser.get(f"/c/{cast.anna.slug}/").text
    assert "Billify rests" in home(cast.bram)


def test_the_way_back_stays_here(cast: Cast) -> None:
    for referrer in ("https://evil.example/", "http://localhost//evil.example/"):
        answer = cast.anna.client().post(
            "/announcements/01980000-0000-7000-8000-000000000000/dismissal",
            headers={"Referer": referrer},
        )

        assert answer.location in ("/", "/evil.example/")


def test_it_is_changed_and_taken_back(dirk: FlaskClient, cast: Cast) -> None:
    dirk.post(f"{LIST}/new", data=filled(**NOW))
    row = db.session.scalars(select(Announcement)).one()

    dirk.post(f"{LIST}/{row.id}", data=filled(**NOW, en="On Monday."))
    assert "On Monday." in home(cast.anna)
    dirk.post(f"{LIST}/{row.id}/removal")

    assert "On Monday." not in home(cast.anna)


def test_every_company_is_told_once(dirk: FlaskClient, cast: Cast) -> None:
    dirk.post(f"{LIST}/new", data=filled(**NOW))
    row = db.session.scalars(select(Announcement)).one()

    assert announcements.ring_due() == count_companies()
    assert announcements.ring_due() == 0

    for person in (cast.anna, cast.chloe):
        with tenancy.company_scope(person.actor.company_id):
            jobs = db.session.scalars(select(Job).where(Job.name == "announcements.tell")).all()
            assert [job.arguments for job in jobs] == [{"announcement_id": str(row.id)}]
            announcements.tell(announcement_id=row.id)
            announcements.tell(announcement_id=row.id)
            told = db.session.scalars(
                select(Notification.user_id).where(Notification.kind == "announcement")
            ).all()
            assert person.user_id in told
            assert len(told) == len(set(told))


def test_who_is_late_is_not_told_what_is_over(dirk: FlaskClient, cast: Cast) -> None:
    dirk.post(f"{LIST}/new", data=filled(**NOW))
    row = db.session.scalars(select(Announcement)).one()
    with tenancy.unscoped("as the test"), transaction() as session:
        session.execute(
            update(Announcement).values(ends_at=datetime.now(UTC) - timedelta(minutes=1))
        )
    db.session.expire_all()

    with tenancy.company_scope(cast.anna.actor.company_id):
        announcements.tell(announcement_id=row.id)
        assert not db.session.scalar(select(func.count(Notification.id)))


def count_companies() -> int:
    from billify.data.queries import staff_companies

    with tenancy.unscoped("as the test"):
        return len(staff_companies.ids())
