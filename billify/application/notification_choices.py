"""How a person wants to be told: of which kinds, by which way, at which hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.queries import auth, digests
from billify.data.queries import notifications as queries
from billify.domain import notifications as rules
from billify.domain.notifications import Hours, NotificationKind, Wish
from billify.domain.refusal import NotFound

CHOOSABLE: tuple[NotificationKind, ...] = tuple(
    kind for kind in NotificationKind if kind is not NotificationKind.SUPPORT_ASKS
)
"""Support that asks to look along is always told, by a mail of its own too."""


@dataclass(frozen=True, slots=True)
class Choices:
    """A wish for each kind, and the hours for mails."""

    wishes: Mapping[NotificationKind, Wish]
    hours: Hours


def current(*, user_id: UUID) -> Choices:
    """What a person has chosen, or what is usual. Runs in the person's own scope."""
    user = auth.user(user_id)
    if user is None:
        raise NotFound
    chosen = queries.choices([user_id])
    wishes = {kind: chosen.get((user_id, kind), rules.USUAL[kind]) for kind in CHOOSABLE}
    return Choices(wishes, Hours(user.digest_hour, user.quiet_from, user.quiet_until))


def choose(*, user_id: UUID, choices: Choices) -> None:
    """Keep a person's choices. Mails that wait follow them. Runs in the person's own scope."""
    now = datetime.now(UTC)
    hours = choices.hours
    with transaction():
        user = auth.user(user_id)
        if user is None:
            raise NotFound
        user.digest_hour, user.quiet_from, user.quiet_until = (
            hours.digest,
            hours.quiet_from,
            hours.quiet_until,
        )
        queries.keep_choices(user_id, {kind: choices.wishes[kind] for kind in CHOOSABLE})
        for place in auth.places(user_id):
            with tenancy.company_scope(place.company_id, user_id):
                _follow(user_id, choices, now)


def _follow(user_id: UUID, choices: Choices, now: datetime) -> None:
    for row in digests.pending(user_id):
        wish = choices.wishes.get(row.kind)
        if wish is not None:
            row.mail = wish.mail
            row.mail_due = rules.mail_due(wish=wish.mail, hours=choices.hours, now=now)
    db.session.flush()
