"""Telling: whom, once, by the way each chose, and nobody of another company."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from billify.application import board, notifications
from billify.application.notifications import Thing
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Membership, Notification, NotificationChoice, User
from billify.data.queries import notifications as queries
from billify.domain.notifications import MailWish, NotificationKind
from billify.domain.refusal import NotFound
from billify.domain.roles import Right
from tests.cast import Cast

KIND = NotificationKind.TO_APPROVE


@pytest.fixture(autouse=True)
def bakery(cast: Cast) -> Iterator[None]:
    """The clock works on Anna's company."""
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        yield


def tell(key: str = "one", **more: Any) -> None:
    notifications.tell(kind=KIND, key=key, facts={"name": key}, path=f"purchases/{key}", **more)


def rows() -> list[Notification]:
    return list(
        db.session.scalars(
            select(Notification).order_by(Notification.id).execution_options(populate_existing=True)
        )
    )


def told() -> set[UUID]:
    return {row.user_id for row in rows()}


def choose(user_id: UUID, **wish: Any) -> None:
    with tenancy.user_scope(user_id), transaction() as session:
        session.add(NotificationChoice(user_id=user_id, kind=KIND, **wish))


def test_those_with_the_right_are_told(cast: Cast) -> None:
    tell(right=Right.APPROVE)

    assert told() == {cast.anna.user_id, cast.emma.user_id}


def test_without_a_right_or_names_everybody_here_is_told(cast: Cast) -> None:
    tell()

    assert told() == {cast.anna.user_id, cast.emma.user_id, cast.bram.user_id}


def test_a_stranger_who_is_named_is_not_told(cast: Cast) -> None:
    tell(to=[cast.bram.user_id, cast.chloe.user_id])

    assert told() == {cast.bram.user_id}


def test_a_member_who_was_removed_is_not_told(cast: Cast) -> None:
    with transaction() as session:
        session.execute(delete(Membership).where(Membership.user_id == cast.emma.user_id))

    tell(right=Right.APPROVE)

    assert told() == {cast.anna.user_id}


@pytest.mark.parametrize("column", ["suspended_at", "removed_at"])
def test_who_cant_log_in_is_not_told(cast: Cast, column: str) -> None:
    db.session.execute(
        update(User).where(User.id == cast.emma.user_id).values({column: User.created_at})
    )

    tell(right=Right.APPROVE)

    assert told() == {cast.anna.user_id}


def test_nobody_is_told_what_they_did(cast: Cast) -> None:
    company_id = cast.anna.company_id
    assert company_id is not None
    with tenancy.company_scope(company_id, cast.anna.user_id):
        tell(right=Right.APPROVE, but=[cast.emma.user_id, None])

    assert rows() == []


def test_the_same_is_told_once(cast: Cast) -> None:
    tell(to=[cast.anna.user_id])
    tell(to=[cast.anna.user_id])

    assert len(rows()) == 1


def test_a_mail_is_due_by_choice(cast: Cast) -> None:
    choose(cast.anna.user_id, in_app=True, mail=MailWish.NONE)
    choose(cast.emma.user_id, in_app=False, mail=MailWish.INSTANT)
    tell(to=[cast.anna.user_id, cast.emma.user_id])

    by_person = {row.user_id: row for row in rows()}
    anna, emma = by_person[cast.anna.user_id], by_person[cast.emma.user_id]

    assert (anna.is_shown, anna.mail_due) == (True, None)
    assert (emma.is_shown, emma.mail_due) == (False, emma.created_at)


def test_who_wants_neither_gets_no_row(cast: Cast) -> None:
    choose(cast.anna.user_id, in_app=False, mail=MailWish.NONE)

    tell(to=[cast.anna.user_id])

    assert rows() == []


def test_fifty_uploads_are_one_row(cast: Cast) -> None:
    for number in range(50):
        tell(f"n{number}", to=[cast.anna.user_id], group="purchases")

    (row,) = rows()

    assert (row.facts["count"], row.facts["name"], row.path) == (50, "n49", "purchases")


def test_one_of_a_group_leads_to_itself(cast: Cast) -> None:
    tell("n1", to=[cast.anna.user_id], group="purchases")
    tell("n1", to=[cast.anna.user_id], group="purchases")

    (row,) = rows()

    assert (row.facts["count"], row.path) == (1, "purchases/n1")


def test_after_reading_a_group_begins_anew(cast: Cast) -> None:
    tell("n1", to=[cast.anna.user_id], group="purchases")
    notifications.read_all(by=cast.anna.actor)
    tell("n2", to=[cast.anna.user_id], group="purchases")

    assert [row.facts["count"] for row in rows()] == [1, 1]


def test_many_at_once_are_one_row_of_their_group(cast: Cast) -> None:
    things = [Thing(f"n{number}", {"name": f"n{number}"}) for number in range(300)]
    notifications.tell_of(kind=KIND, things=things, to=[cast.anna.user_id], group="sales")

    (row,) = rows()

    assert row.facts["count"] == 300
    assert len(row.facts["keys"]) == notifications.MOST_GATHERED


def test_what_is_taken_back_leaves_the_unread(cast: Cast) -> None:
    tell("n1", to=[cast.anna.user_id], group="sales")
    tell("n2", to=[cast.anna.user_id], group="sales")
    tell("n3", to=[cast.emma.user_id])

    notifications.withdraw(kind=KIND, key="n1")
    notifications.withdraw(kind=KIND, key="n3")

    (row,) = rows()
    assert (row.facts["count"], row.facts["keys"]) == (1, ["n2"])


def test_what_was_read_is_not_taken_back(cast: Cast) -> None:
    tell(to=[cast.anna.user_id])
    notifications.read_all(by=cast.anna.actor)

    notifications.withdraw(kind=KIND, key="one")

    assert len(rows()) == 1


def test_the_unread_are_counted_for_one_person(cast: Cast) -> None:
    choose(cast.emma.user_id, in_app=False, mail=MailWish.INSTANT)
    tell("n1")
    tell("n2")
    first = queries.page(cast.anna.user_id)[0]
    notifications.read(notification_id=first.id, by=cast.anna.actor)

    assert queries.unread(cast.anna.user_id) == 1
    assert queries.unread(cast.bram.user_id) == 2
    assert queries.unread(cast.emma.user_id) == 0


def test_the_row_of_another_can_not_be_read(cast: Cast) -> None:
    tell(to=[cast.anna.user_id])

    with pytest.raises(NotFound):
        notifications.read(notification_id=rows()[0].id, by=cast.bram.actor)


def test_the_board_counts_what_is_unread_for_its_person(cast: Cast) -> None:
    tell("n1", to=[cast.anna.user_id])
    tell("n2", to=[cast.emma.user_id])
    now = datetime.now(UTC)

    with tenancy.user_scope(cast.anna.user_id):
        (row,) = board.rows(user_id=cast.anna.user_id, now=now, today=now.date())

    assert row.unread == 1
