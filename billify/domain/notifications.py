"""What a person is told, and by which way; when a mail of it is due."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from billify.domain.brussels import BRUSSELS, day_of

GATHERED_FOR = timedelta(hours=1)
"""What waits of one kind is told anew only so long after the mail about the ones before."""


class NotificationKind(StrEnum):
    """What happened."""

    TO_APPROVE = "to_approve"
    READ_FAILED = "read_failed"
    CONSENT_ENDING = "consent_ending"
    SYNC_FAILING = "sync_failing"
    BELOW_FLOOR = "below_floor"
    CUSTOMER_SLOWER = "customer_slower"
    PAYMENT_RECEIVED = "payment_received"
    EXPORT_READY = "export_ready"
    ANNOUNCEMENT = "announcement"
    SUPPORT_ASKS = "support_asks"


class MailWish(StrEnum):
    """Does a person want a mail of it, at once or gathered once a day?"""

    NONE = "none"
    INSTANT = "instant"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person is told of one kind of thing."""

    in_app: bool
    mail: MailWish


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person wants mails: hours of the clock in Brussels, 0 to 23. No mail comes from
    `quiet_from` until `quiet_until`; without both of them, or with the same hour twice, there is
    no such time."""

    digest: int
    quiet_from: int | None = None
    quiet_until: int | None = None

    def are_quiet(self, moment: datetime) -> bool:
        """Does this moment (aware) lie in the quiet hours?"""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return False
        hour = moment.astimezone(BRUSSELS).hour
        return start <= hour < end if start < end else hour >= start or hour < end


_NO_MAIL = Wish(in_app=True, mail=MailWish.NONE)
_DAILY = Wish(in_app=True, mail=MailWish.DIGEST)
_AT_ONCE = Wish(in_app=True, mail=MailWish.INSTANT)

USUAL: dict[NotificationKind, Wish] = {
    NotificationKind.TO_APPROVE: _DAILY,
    NotificationKind.READ_FAILED: _NO_MAIL,
    NotificationKind.CONSENT_ENDING: _AT_ONCE,
    NotificationKind.SYNC_FAILING: _DAILY,
    NotificationKind.BELOW_FLOOR: _AT_ONCE,
    NotificationKind.CUSTOMER_SLOWER: _DAILY,
    NotificationKind.PAYMENT_RECEIVED: _NO_MAIL,
    NotificationKind.EXPORT_READY: _AT_ONCE,
    NotificationKind.ANNOUNCEMENT: _NO_MAIL,
    # It has a mail of its own, which nobody can turn off.
    NotificationKind.SUPPORT_ASKS: _NO_MAIL,
}
"""How somebody is told who has chosen nothing: by mail what can't wait for the next visit."""


def mail_due(*, wish: MailWish, hours: Hours, now: datetime) -> datetime | None:
    """The moment from which a mail about something of now may leave (UTC); None for no mail.

    The quiet hours win over the hour of the digest. Hours are those of the clock in Brussels: one
    that the change to summer time skips is the one after it, one that comes twice is the first.
    """
    if wish is MailWish.NONE:
        return None
    moment = _next(hours.digest, now) if wish is MailWish.DIGEST else now.astimezone(UTC)
    if hours.quiet_until is not None and hours.are_quiet(moment):
        return _next(hours.quiet_until, moment)
    return moment


def _next(hour: int, after: datetime) -> datetime:
    """When the clock in Brussels says this hour for the next time."""
    day = day_of(after)
    while True:
        moment = datetime.combine(day, time(hour), BRUSSELS).astimezone(UTC)
        if moment > after:
            return moment
        day += timedelta(days=1)
