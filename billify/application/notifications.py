"""Telling people what happened, each by the way they chose. Words are made where it is shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from billify.application import live
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Notification
from billify.data.queries import notifications as queries
from billify.data.queries.notifications import Reader
from billify.domain import notifications as rules
from billify.domain.notifications import MailWish, NotificationKind, Wish
from billify.domain.refusal import NotFound
from billify.domain.roles import RIGHTS, Actor, Right

TOPIC = "notifications"
NEITHER = Wish(in_app=False, mail=MailWish.NONE)
MOST_GATHERED = 200
"""So many things are told apart within one row; more are only counted."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that happened: what it is about, what its words need, where it leads."""

    key: str
    facts: Mapping[str, Any]  # Any: JSON
    path: str = ""


def tell(
    *,
    kind: NotificationKind,
    key: str,
    facts: dict[str, Any],  # Any: JSON, what its words need
    path: str = "",
    to: Collection[UUID] | None = None,
    right: Right | None = None,
    but: Collection[UUID | None] = (),
    group: str = "",
) -> None:
    """Tell people of the company something, once for each `key`, within the running transaction.

    To those named in `to`, those whose role covers `right`, or both; without either to everybody.
    Nobody is told what they did themselves: who acts in this scope, and whom `but` names, is left
    out. Strangers and people who can't log in are left out too. `path` leads there, below the
    company's address (without a slash in front), or on the site (with one).

    What shares a `group` gathers in one row for as long as it is unread and, once mailed, for an
    hour: fifty uploads are one line and one mail. The row then leads to `group`, a path too, and
    its facts are those of the last one and a `count`.
    """
    things = [Thing(key, facts, path)]
    tell_of(kind=kind, things=things, to=to, right=right, but=but, group=group)


def tell_of(
    *,
    kind: NotificationKind,
    things: Sequence[Thing],
    to: Collection[UUID] | None = None,
    right: Right | None = None,
    but: Collection[UUID | None] = (),
    group: str = "",
) -> None:
    """Tell people of many things of one kind at once, as `tell` does of one."""
    with transaction():
        readers = _readers(to=to, right=right, but=but) if things else []
        if not readers:
            return
        wishes = _wishes(readers, kind)
        readers = [one for one in readers if wishes[one.user_id] != NEITHER]
        now = datetime.now(UTC)
        if group:
            readers = _gather(readers, kind=kind, things=things, group=group, now=now)
            things = [_gathered(things, group)]
        rows = [
            {"kind": kind, "key": thing.key, "facts": dict(thing.facts), "path": thing.path}
            | _way(reader, wishes[reader.user_id], now)
            for reader in readers
            for thing in things
        ]
        if rows:
            queries.add(rows)
        live.touch(TOPIC)


def withdraw(*, kind: NotificationKind, key: str) -> None:
    """Take back something that no longer is so, where nobody has read it or had a mail of it."""
    with transaction():
        if queries.withdraw(kind, key):
            live.touch(TOPIC)


def read(*, notification_id: UUID, by: Actor) -> Notification:
    """Mark one's own row as read. Refuses another's, as if it were not there."""
    with transaction():
        row = queries.lock(notification_id, _person(by))
        if row is None:
            raise NotFound
        if row.read_at is None:
            row.read_at = datetime.now(UTC)
            live.touch(TOPIC)
    return row


def read_all(*, by: Actor) -> None:
    """Mark all that one was told in this company as read."""
    with transaction():
        if queries.read_all(_person(by), datetime.now(UTC)):
            live.touch(TOPIC)


def _readers(
    *, to: Collection[UUID] | None, right: Right | None, but: Collection[UUID | None]
) -> list[Reader]:
    left_out = {*but, tenancy.current().user_id}
    is_for_all = to is None and right is None
    return [
        reader
        for reader in queries.readers()
        if reader.user_id not in left_out
        and (
            is_for_all
            or (to is not None and reader.user_id in to)
            or (right is not None and right in RIGHTS[reader.role])
        )
    ]


def _wishes(readers: Collection[Reader], kind: NotificationKind) -> dict[UUID, Wish]:
    """What each chose. Choices belong to the people and not to a company, so they are read
    outside of its scope, after what the transaction has written went out within it."""
    users = [reader.user_id for reader in readers]
    db.session.flush()
    with tenancy.unscoped("people of the company are told by the way they chose"):
        chosen = queries.choices(users, kind)
    return {user_id: chosen.get((user_id, kind), rules.USUAL[kind]) for user_id in users}


def _gather(
    readers: Collection[Reader],
    *,
    kind: NotificationKind,
    things: Sequence[Thing],
    group: str,
    now: datetime,
) -> list[Reader]:
    """Add to the unread rows of this group; gives those who have none."""
    rows = queries.lock_gathering(
        kind, group, [reader.user_id for reader in readers], now - rules.GATHERED_FOR
    )
    for row in rows.values():
        known = row.facts["keys"]
        fresh = [thing for thing in things if thing.key not in known]
        if fresh:
            more = _gathered(fresh, group, known=known, count=row.facts["count"])
            row.facts, row.path, row.created_at = dict(more.facts), more.path, now
    db.session.flush()
    return [reader for reader in readers if reader.user_id not in rows]


def _gathered(
    things: Sequence[Thing], group: str, *, known: Sequence[str] = (), count: int = 0
) -> Thing:
    """Several things as one, told by the last of them."""
    last, count = things[-1], count + len(things)
    keys = [*known, *(thing.key for thing in things)][-MOST_GATHERED:]
    facts = {**last.facts, "group": group, "count": count, "keys": keys}
    return Thing(last.key, facts, last.path if count == 1 else group)


def _way(reader: Reader, wish: Wish, now: datetime) -> dict[str, Any]:  # Any: columns
    return {
        "user_id": reader.user_id,
        "is_shown": wish.in_app,
        "created_at": now,
        "mail": wish.mail,
        "mail_due": rules.mail_due(wish=wish.mail, hours=reader.hours, now=now),
    }


def _person(by: Actor) -> UUID:
    if by.user_id is None:
        raise NotFound
    return by.user_id
