"""How often the accounting is asked: calls that stay within what its maker allows for a day.

Yuki counts calls by domain and by day in Brussels: 1,000 a day are free, 5,000 and 10,000 cost a
subscription (its support pages on web services). One look at what is open takes two calls, so
looking each minute would be 2,880.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from billify.domain.brussels import BRUSSELS, day_of

CAPS = (1_000, 5_000, 10_000)
USUAL_CAP = CAPS[0]
DOCUMENTS_A_DAY = 200
"""Files of the archive that are fetched on one day, at most."""
CONTACT_PAGES_A_DAY = 40
CALLS_A_LOOK = 2
"""The list of what customers owe, and that of what is owed to suppliers."""
CALLS_A_LOGIN = 2
"""The login itself, and the choice of the domain."""
DAY_BEGINS, DAY_ENDS = time(7), time(20)
EARLIEST = time(6)
"""What is asked once a day waits until then: before, it would be as good as yesterday's."""
AFTER_MIDNIGHT = time(0, 5)
_BY_DAY, _BY_NIGHT = timedelta(minutes=15), timedelta(hours=1)
_OFTEN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Budget:
    """The calls of a day: what is allowed, kept for the customer's other tools, and spent."""

    day: date
    cap: int
    reserved: int
    spent: int
    plan: int
    """What a whole day takes when nobody asks for more."""

    @property
    def left(self) -> int:
        """Calls that Billify may still make on this day."""
        return max(self.cap - self.reserved - self.spent, 0)

    @property
    def usable(self) -> int:
        """Calls that Billify may make on the whole day."""
        return self.cap - self.reserved


def reserve(cap: int) -> int:
    """A fifth of what is allowed stays for the other tools of the same customer."""
    return cap // 5


def next_look(now: datetime, *, left: int, cap: int, is_slow: bool = False) -> datetime:
    """When to look at what is open again.

    Each 15 minutes from 07 to 20 h in Brussels (each 5 with a larger subscription), each hour at
    night and whenever the company wants to be slow. Where `left` calls would not last until
    midnight, as when several companies share a domain, they are spread; with none left it is
    shortly after midnight.
    """
    planned = _planned(now, cap=cap, is_slow=is_slow)
    midnight = _at(day_of(now) + timedelta(days=1), time(0))
    looks = left // CALLS_A_LOOK
    if not looks:
        return resumes(now)
    if looks >= _looks_until(midnight, now, cap=cap, is_slow=is_slow):
        return planned
    return max(planned, now + (midnight - now) / looks)


def resumes(now: datetime) -> datetime:
    """Shortly after the next midnight in Brussels, when a new day of calls has begun."""
    return _at(day_of(now) + timedelta(days=1), AFTER_MIDNIGHT)


def is_daily_due(done_on: date | None, *, now: datetime) -> bool:
    """Whether it is time for what is asked once a day; the first time it is at once."""
    local = now.astimezone(BRUSSELS)
    return done_on is None or (done_on < local.date() and local.time() >= EARLIEST)


def calls_of_a_day(day: date, *, cap: int = USUAL_CAP, is_slow: bool = False) -> int:
    """What the plan takes on a day on which nobody asks for more: two lists a look, a login, and
    the balances."""
    begin = _at(day, time(0))
    looks = _looks_until(_at(day + timedelta(days=1), time(0)), begin, cap=cap, is_slow=is_slow)
    return (looks + 1) * CALLS_A_LOOK + CALLS_A_LOGIN + 1


def _looks_until(end: datetime, now: datetime, *, cap: int, is_slow: bool) -> int:
    count, at = 0, _planned(now, cap=cap, is_slow=is_slow)
    while at < end:
        count, at = count + 1, _planned(at, cap=cap, is_slow=is_slow)
    return count


def _planned(now: datetime, *, cap: int, is_slow: bool) -> datetime:
    local = now.astimezone(BRUSSELS)
    if DAY_BEGINS <= local.time() < DAY_ENDS:
        pause = _BY_DAY if cap <= USUAL_CAP else _OFTEN
        return now + (_BY_NIGHT if is_slow else pause)
    morning = _at(local.date(), DAY_BEGINS)
    return now + _BY_NIGHT if is_slow or not now < morning < now + _BY_NIGHT else morning


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, BRUSSELS).astimezone(UTC)
