"""Connections to partners: their states, how often they run, and when a person is warned.

After the partner's own rules, see docs/flows/integration-synchronisation.md.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from billify.domain.brussels import BRUSSELS
from billify.domain.closed_days import closed_days
from billify.domain.refusal import N_

SATURDAY = 5
_closed = lru_cache(maxsize=8)(closed_days)


class Partner(StrEnum):
    """Who brings the rows: Ponto with keys of the company's own or as Ponto Connect, or Yuki."""

    PONTO = "ponto"
    PONTO_CONNECT = "ponto_connect"
    YUKI = "yuki"


class ConnectionState(StrEnum):
    """A connection begins with a person's consent, and a person may have to renew it."""

    ASKED = "asked"
    CHOOSING = "choosing"
    ACTIVE = "active"
    RECONNECT = "reconnect"
    DISCONNECTED = "disconnected"


class AccountState(StrEnum):
    """How an account stands at the partner."""

    OFFERED = "offered"
    FOLLOWED = "followed"
    CONSENT_ENDED = "consent_ended"
    FROZEN = "frozen"
    GONE = "gone"


class RunState(StrEnum):
    """How a run went."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Cause(StrEnum):
    """What made a run begin."""

    CLOCK = "clock"
    PERSON = "person"


class Trouble(StrEnum):
    """Why a run failed, by what can be done about it."""

    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    PARTNER_FAULT = "partner_fault"
    LIMITED = "limited"
    LOGIN_REFUSED = "login_refused"
    NOT_ALLOWED = "not_allowed"
    CONSENT_ENDED = "consent_ended"
    CALLS_SPENT = "calls_spent"
    ACTION_NEEDED = "action_needed"
    STOPPED = "stopped"
    UNEXPECTED = "unexpected"


FOLLOWING = frozenset({AccountState.FOLLOWED, AccountState.CONSENT_ENDED, AccountState.FROZEN})
"""The states of accounts that a person has picked."""

TROUBLES = {
    Trouble.UNREACHABLE: N_("%(partner)s did not answer, or only in part. Billify tries again."),
    Trouble.UNREADABLE: N_("%(partner)s gave an answer that can't be read. Billify tries again."),
    Trouble.PARTNER_FAULT: N_("Something failed at %(partner)s. Billify tries again."),
    Trouble.LIMITED: N_("%(partner)s asks to wait a while. Billify goes on after that."),
    Trouble.LOGIN_REFUSED: N_("%(partner)s no longer accepts the login. Connect again."),
    Trouble.NOT_ALLOWED: N_(
        "%(partner)s does not allow this. Look at your subscription and rights there."
    ),
    Trouble.CONSENT_ENDED: N_("Your consent for the bank has ended. Renew it at %(partner)s."),
    Trouble.CALLS_SPENT: N_("Today's calls to %(partner)s are spent. Billify goes on tomorrow."),
    Trouble.ACTION_NEEDED: N_("%(partner)s asks for something that only you can do there."),
    Trouble.STOPPED: N_(
        "The run was cut short. What it had brought is kept, and the rest follows."
    ),
    Trouble.UNEXPECTED: N_("Something failed in Billify itself. It tries again."),
}
"""What a person is told; a partner may have words of its own (`Description.words`)."""

GETS_THROUGH = frozenset({Trouble.CONSENT_ENDED, Trouble.CALLS_SPENT})
"""Troubles of a partner that answers well: no failures to be counted."""
WANTS_PERSON = frozenset({Trouble.LOGIN_REFUSED, Trouble.NOT_ALLOWED, Trouble.ACTION_NEEDED})
"""Troubles that don't pass by themselves."""

EVERY = timedelta(seconds=60)
SLOWER_EVERY = timedelta(minutes=10)
"""How often at night, on weekends and holidays; less than what counts as old."""
OFFICE_OPENS, OFFICE_CLOSES = time(7), time(20)
"""Office hours in Brussels, Monday to Friday."""
JITTER = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=30)
OPEN_AFTER = 5
"""Failures in a row after which a connection only tries now and then."""
WARN_DAYS = (14, 7, 1)
READ_BACK = timedelta(days=10)
"""How far before the last known day each reading goes, for lines that come in late."""
STALE_AFTER = timedelta(minutes=15)
ABANDONED_AFTER = timedelta(minutes=20)
"""A run that says nothing for so long has died."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person should know about the consent for an account."""

    account: str
    ends: datetime
    days: int

    @property
    def is_urgent(self) -> bool:
        """The last day has come, or is over."""
        return self.days <= WARN_DAYS[-1]

    @property
    def has_ended(self) -> bool:
        """Nothing new comes in until it is renewed."""
        return self.days < 0


def is_office_time(now: datetime) -> bool:
    """Whether people are likely at work: then news are worth a call each minute."""
    here = now.astimezone(BRUSSELS)
    if here.weekday() >= SATURDAY or here.date() in _closed(here.year):
        return False
    return OFFICE_OPENS <= here.time() < OFFICE_CLOSES


def after_success(now: datetime, *, jitter: float, is_slow: bool = False) -> datetime:
    """When a connection runs next; `jitter` in 0..1 spreads many of them over the minute.

    A slow pause ends when the office opens, so that the day begins with today's figures.
    """
    soon = now + EVERY + JITTER * (2 * jitter - 1)
    if not is_slow:
        return soon
    later = now + SLOWER_EVERY + JITTER * (2 * jitter - 1)
    opens = datetime.combine(later.astimezone(BRUSSELS), OFFICE_OPENS, BRUSSELS) + JITTER * jitter
    return max(soon, opens) if now < opens < later and is_office_time(opens) else later


def after_failure(
    now: datetime, *, failures: int, jitter: float, retry_after: float | None = None
) -> datetime:
    """Twice as long after each failure in a row, half an hour at most; never before the partner
    wants to be asked again (`retry_after` seconds). A partner's own time is never shortened."""
    pause = min(EVERY * (1 << min(max(failures - 1, 0), 10)), LONGEST_PAUSE)
    waited = pause * (0.75 + jitter / 2)
    if retry_after is not None:
        waited = max(waited, timedelta(seconds=retry_after) + JITTER * jitter)
    return now + waited


def may_ask_bank(asked_at: datetime | None, *, now: datetime, between: timedelta) -> bool:
    """Whether the bank may be asked for what is new, which it allows only now and then."""
    return asked_at is None or asked_at > now or now - asked_at >= between


def consent_notice(account: str, ends: datetime | None, *, now: datetime) -> Notice | None:
    """A notice from two weeks before a consent ends, until it is renewed."""
    if ends is None:
        return None
    days = (ends - now).days
    return Notice(account, ends, days) if days <= WARN_DAYS[0] else None


def stale_since(
    account: AccountState,
    connection: ConnectionState,
    *,
    account_fresh: datetime | None,
    fresh: datetime | None,
    now: datetime,
) -> datetime | None:
    """Since when what an account shows is old; None while its connection brings it up to date.

    An account the bank no longer gives is as old as its last reading; one whose connection does
    not get through is as old as the last time that it did.
    """
    if account is not AccountState.FOLLOWED:
        return account_fresh or fresh
    is_late = fresh is None or now - fresh > STALE_AFTER
    return fresh if connection is not ConnectionState.ACTIVE or is_late else None
