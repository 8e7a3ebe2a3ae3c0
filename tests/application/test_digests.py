"""Telling by mail: once, for all companies of a person, not what was read, not to who left."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from billify.application import digests, mails, notification_choices, notifications
from billify.application.notification_choices import CHOOSABLE, Choices
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Company, Mail, Membership, Notification, NotificationChoice, User
from billify.domain.notifications import Hours, MailWish, NotificationKind, Wish
from billify.domain.roles import Role
from tests import factories
from tests.cast import Cast, Member, make_cast
from tests.committed import at_once

KIND = NotificationKind.PAYMENT_RECEIVED
LATER = timedelta(days=2)
FACTS = {"name": "Horeca Claes", "amount": "10.00", "currency": "EUR", "number": "7"}


def wants(user_id: UUID, mail: MailWish, kind: NotificationKind = KIND) -> None:
    with tenancy.user_scope(user_id), transaction() as session:
        session.add(NotificationChoice(user_id=user_id, kind=kind, in_app=True, mail=mail))


def tell(member: Member, key: str = "one", to: UUID | None = None, **more: Any) -> None:
    with factories.books_of(member), transaction():
        notifications.tell(
            **{"kind": KIND, "facts": FACTS, "path": "bank", **more},
            key=key,
            to=[to or member.user_id],
        )


def sent() -> list[Mail]:
    with tenancy.unscoped("the test looks at all mails"):
        found = db.session.scalars(
            select(Mail)
            .where(Mail.kind.in_(["notification", "digest"]))
            .order_by(Mail.created_at, Mail.id)
            .execution_options(populate_existing=True)
        )
        return list(found)


def lines_of(mail: Mail) -> list[dict[str, Any]]:
    with tenancy.unscoped("the test opens a mail"):
        _, facts = mails.opened(mail_id=mail.id)
    assert facts is not None
    lines: list[dict[str, Any]] = facts["lines"]
    return lines


def send(after: timedelta = timedelta(0)) -> int:
    return digests.send_due(now=datetime.now(UTC) + after)


def test_one_thing_at_once_is_a_mail_of_its_own(cast: Cast) -> None:
    wants(cast.anna.user_id, MailWish.INSTANT)
    tell(cast.anna)

    assert send() == 1

    (mail,) = sent()
    assert (mail.kind, mail.recipient, mail.user_id) == (
        "notification",
        cast.anna.email,
        cast.anna.user_id,
    )
    (line,) = lines_of(mail)
    assert (line["company"], line["path"]) == ("Bakkerij Anna", "bank")


def test_it_is_never_mailed_twice(cast: Cast) -> None:
    wants(cast.anna.user_id, MailWish.INSTANT)
    tell(cast.anna)
    send()

    assert send(LATER) == 0
    assert len(sent()) == 1


def test_who_wants_no_mail_gets_none(cast: Cast) -> None:
    wants(cast.anna.user_id, MailWish.NONE)
    tell(cast.anna)

    assert send(LATER) == 0


def test_a_digest_waits_for_its_hour(cast: Cast) -> None:
    wants(cast.anna.user_id, MailWish.DIGEST)
    tell(cast.anna, "one")
    tell(cast.anna, "two")

    assert send() == 0
    assert send(LATER) == 1

    (mail,) = sent()
    assert mail.kind == "digest"
    assert len(lines_of(mail)) == 2


def test_a_digest_is_one_mail_for_all_companies(cast: Cast) -> None:
    joins(cast.anna, cast.chloe)
    wants(cast.anna.user_id, MailWish.DIGEST)
    tell(cast.anna)
    tell(cast.chloe, to=cast.anna.user_id)

    send(LATER)

    (mail,) = sent()
    companies = {line["company"] for line in lines_of(mail)}
    assert companies == {"Bakkerij Anna", "Chocolaterie Chloé"}


def test_an_announcement_comes_once_for_all_companies(cast: Cast) -> None:
    joins(cast.anna, cast.chloe)
    wants(cast.anna.user_id, MailWish.DIGEST, NotificationKind.ANNOUNCEMENT)
    more: dict[str, Any] = {
        "kind": NotificationKind.ANNOUNCEMENT,
        "facts": {"words": {"en": "Work tonight"}},
    }
    tell(cast.anna, "news", **more)
    tell(cast.chloe, "news", to=cast.anna.user_id, **more)

    send(LATER)

    (mail,) = sent()
    assert len(lines_of(mail)) == 1


def test_what_was_read_meanwhile_is_not_mailed(cast: Cast) -> None:
    wants(cast.anna.user_id, MailWish.DIGEST)
    tell(cast.anna)
    with factories.books_of(cast.anna):
        notifications.read_all(by=cast.anna.actor)

    assert send(LATER) == 0


def test_who_left_the_company_is_not_mailed(cast: Cast) -> None:
    wants(cast.emma.user_id, MailWish.DIGEST)
    tell(cast.anna, to=cast.emma.user_id)
    with factories.books_of(cast.anna), transaction() as session:
        session.execute(delete(Membership).where(Membership.user_id == cast.emma.user_id))

    assert send(LATER) == 0


def test_who_is_suspended_is_not_mailed(cast: Cast) -> None:
    wants(cast.emma.user_id, MailWish.DIGEST)
    tell(cast.anna, to=cast.emma.user_id)
    db.session.execute(
        update(User).where(User.id == cast.emma.user_id).values(suspended_at=datetime.now(UTC))
    )

    assert send(LATER) == 0


def test_a_suspended_company_mails_nobody(cast: Cast) -> None:
    wants(cast.anna.user_id, MailWish.DIGEST)
    tell(cast.anna)
    with factories.books_of(cast.anna), transaction() as session:
        session.execute(update(Company).values(suspended_at=datetime.now(UTC)))

    assert send(LATER) == 0


def test_a_choice_moves_the_mails_that_wait(cast: Cast) -> None:
    wants(cast.anna.user_id, MailWish.DIGEST)
    tell(cast.anna)
    none = dict.fromkeys(CHOOSABLE, Wish(in_app=True, mail=MailWish.NONE))
    with tenancy.user_scope(cast.anna.user_id):
        notification_choices.choose(user_id=cast.anna.user_id, choices=Choices(none, Hours(7)))

    assert send(LATER) == 0


def test_choices_are_kept(cast: Cast) -> None:
    wishes = dict.fromkeys(CHOOSABLE, Wish(in_app=False, mail=MailWish.DIGEST))
    wanted = Choices(wishes, Hours(18, quiet_from=22, quiet_until=6))
    with tenancy.user_scope(cast.anna.user_id):
        for _ in range(2):
            notification_choices.choose(user_id=cast.anna.user_id, choices=wanted)

        assert notification_choices.current(user_id=cast.anna.user_id) == wanted


def test_the_mail_and_its_mark_stand_or_fall_together(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(cast.anna.user_id, MailWish.INSTANT)
    tell(cast.anna)

    def broken(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(mails, "write", broken)
    with pytest.raises(ZeroDivisionError):
        send()
    monkeypatch.undo()

    assert send() == 1


def test_two_workers_at_once_write_one_mail(real: Flask) -> None:
    cast = make_cast()
    wants(cast.anna.user_id, MailWish.INSTANT)
    for number in range(5):
        tell(cast.anna, f"n{number}")

    written = at_once(real, *[send] * 4)

    assert sum(written) == 1
    assert len(lines_of(sent()[0])) == 5
    with factories.books_of(cast.anna):
        rows = list(db.session.scalars(select(Notification)))
    assert all(row.mailed_at is not None for row in rows)


def joins(member: Member, other: Member) -> None:
    with factories.books_of(other), transaction() as session:
        session.add(Membership(user_id=member.user_id, role=Role.ACCOUNTANT))
