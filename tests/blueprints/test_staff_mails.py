"""The outbox in the back office: each mail whole, and nothing that staff have no business in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from billify.application import digests, mails, notifications
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Mail, Membership, NotificationChoice, User
from billify.domain.mails import MailState
from billify.domain.notifications import MailWish, NotificationKind
from billify.domain.roles import Role
from billify.web import mail_paper
from tests.cast import Cast, Member

MAILS = "/back-office/mails"
FACTS = {
    "company": "Bakkerij <b>Anna</b>",
    "inviter": "Anna",
    "role": "accountant",
    "until": "2026-12-21T10:00:00+00:00",
    "opens": "/invitations/abc.GEHEIM",
}


def write(cast: Cast, kind: str = "invitation") -> UUID:
    with tenancy.company_scope(cast.anna.actor.company_id), transaction():
        mails.write(kind=kind, to="gust@example.be", language="nl", facts=FACTS)
    return newest()


def write_digest(to: Member, *companies: Member) -> UUID:
    """What happened in these companies, as one mail."""
    with tenancy.user_scope(to.user_id), transaction() as session:
        kind, wish = NotificationKind.PAYMENT_RECEIVED, MailWish.DIGEST
        session.add(NotificationChoice(user_id=to.user_id, kind=kind, in_app=True, mail=wish))
    for one in companies:
        with tenancy.company_scope(one.actor.company_id), transaction() as session:
            if one is not to:
                session.add(Membership(user_id=to.user_id, role=Role.ACCOUNTANT))
            facts = {"name": "Horeca Claes", "amount": "10.00", "currency": "EUR", "number": "7"}
            notifications.tell(kind=kind, key="paid", facts=facts, path="bank", to=[to.user_id])
    assert digests.send_due(now=datetime.now(UTC) + timedelta(days=2)) == 1
    return newest()


def newest() -> UUID:
    with tenancy.unscoped("the test looks"):
        return db.session.scalars(select(Mail.id).order_by(Mail.id.desc()).limit(1)).one()


def looks(member: Member) -> list[str]:
    """Who of the staff has looked at the company's rows."""
    with tenancy.company_scope(member.actor.company_id):
        looked = select(AuditEvent.actor).where(AuditEvent.verb == "staff.looked")
        return list(db.session.scalars(looked))


def add_second_step(cast: Cast) -> None:
    row = db.session.get_one(User, cast.dirk.user_id)
    row.totp_seed, row.totp_since = b"sealed", datetime.now(UTC)


def with_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = app.config["SETTINGS"]
    settings = replace(before, mail=replace(before.mail, host="mail.example.be"))
    monkeypatch.setitem(app.config, "SETTINGS", settings)


def test_the_outbox_says_that_nothing_leaves_without_a_mail_server(cast: Cast) -> None:
    write(cast)

    page = cast.dirk.client().get(MAILS).text

    assert "SMTP_HOST" in page
    assert "gust@example.be" in page


def test_a_mail_is_shown_whole_and_its_company_can_see_that(cast: Cast) -> None:
    mail_id = write(cast)

    page = cast.dirk.client().get(f"{MAILS}/{mail_id}").text

    assert "/invitations/abc.GEHEIM" in page
    with tenancy.company_scope(cast.anna.actor.company_id):
        seen = db.session.scalars(select(AuditEvent)).one()
    assert (seen.verb, seen.actor) == ("staff.looked", "Dirk")


def test_the_frame_runs_nothing_and_shows_no_markup_of_others(cast: Cast) -> None:
    mail_id = write(cast)

    answer = cast.dirk.client().get(f"{MAILS}/{mail_id}/page")

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox")
    assert "default-src 'none'" in policy
    assert mail_paper.style_source() in policy
    assert "allow-scripts" not in policy
    assert "<b>Anna" not in answer.text


def test_where_mails_leave_staff_see_no_link_that_opens_something(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_server(app, monkeypatch)
    mail_id = write(cast)

    for path in (f"{MAILS}/{mail_id}", f"{MAILS}/{mail_id}/page"):
        assert "GEHEIM" not in cast.dirk.client().get(path).text


def test_in_production_staff_see_no_such_link_even_without_a_mail_server(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.config["SETTINGS"], env="production")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    add_second_step(cast)
    mail_id = write(cast)

    for path in (f"{MAILS}/{mail_id}", f"{MAILS}/{mail_id}/page"):
        answer = cast.dirk.client().get(path)
        assert answer.status_code == 200
        assert "GEHEIM" not in answer.text


@pytest.mark.parametrize("rest", ["", "/page"])
def test_each_company_in_a_digest_can_see_that_staff_read_it(cast: Cast, rest: str) -> None:
    mail_id = write_digest(cast.anna, cast.anna, cast.chloe)

    assert cast.dirk.client().get(f"{MAILS}/{mail_id}{rest}").status_code == 200

    assert looks(cast.anna) == looks(cast.chloe) == ["Dirk"]


def test_a_mail_that_was_sent_still_tells_its_company_who_reads_its_subject(cast: Cast) -> None:
    mail_id = write_digest(cast.anna, cast.anna)
    with tenancy.unscoped("the test says that it was sent"), transaction() as session:
        sent = {"state": MailState.SENT, "body": None, "subject": "Horeca Claes paid € 10,00"}
        session.execute(update(Mail).where(Mail.id == mail_id).values(**sent))

    page = cast.dirk.client().get(f"{MAILS}/{mail_id}").text

    assert "Horeca Claes" in page
    assert looks(cast.anna) == ["Dirk"]


def test_a_mail_without_words_or_templates_has_a_page_too(cast: Cast) -> None:
    mail_id = write(cast, "no_such_kind")

    assert "no longer kept" in cast.dirk.client().get(f"{MAILS}/{mail_id}").text
    assert cast.dirk.client().get(f"{MAILS}/{mail_id}/page").status_code == 404


def test_staff_discard_and_send_again(cast: Cast) -> None:
    client, mail_id = cast.dirk.client(), write(cast)

    assert client.post(f"{MAILS}/{mail_id}/sending").status_code == 303
    assert client.post(f"{MAILS}/{mail_id}/discarding").status_code == 303

    with tenancy.unscoped("the test looks"):
        db.session.expire_all()
        assert db.session.query(Mail).one().state == MailState.DISCARDED
    assert client.post(f"{MAILS}/{mail_id}/sending", follow_redirects=True).status_code == 200


def test_the_list_is_filtered_by_state_and_address(cast: Cast) -> None:
    write(cast)
    client = cast.dirk.client()

    assert "gust@example.be" in client.get(f"{MAILS}?q=GUST&state=waiting").text
    assert "gust@example.be" not in client.get(f"{MAILS}?q=other").text
    assert "gust@example.be" not in client.get(f"{MAILS}?state=sent").text
    assert client.get(f"{MAILS}?state=nonsense&before=nonsense").status_code in (200, 404)
