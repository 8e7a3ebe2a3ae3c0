"""How far off what goes on was before: the same forecast, made for days in the past.

Only what was known then is used, but for how contacts pay. An error is a path: by how many cents
the balance came to be above what was said after 1, 2 … weeks.
"""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast import business
from billify.domain.forecast.business import Before

WEEKS = 13
DAYS = WEEKS * 7
STEP = 14
MOST = 14
MANY = 200_000
FEW = 4
"""Of a history of many movements so many days in the past are tried."""
LEAST_BEFORE = 90
Errors = tuple[tuple[int, ...], ...]


def errors(*, before: Before, today: date) -> Errors:
    """The paths of the errors of past forecasts, the latest first; none with too little past."""
    most = FEW if len(before.movements) > MANY else MOST
    step = STEP * (MOST // most)
    found = []
    for at in range(most):
        origin = today - timedelta(days=DAYS + at * step)
        if origin.toordinal() < before.since + LEAST_BEFORE:
            break
        found.append(_error(before, origin))
    return tuple(found)


def guessed(*, before: Before, today: date) -> Errors:
    """Wide paths for a past too short to try: a share of all that moved in a week, both ways."""
    span = max(7, today.toordinal() - before.since)
    moved = sum(float(one.cents.sum()) for one in (before.sold, before.bought))
    moved += float(np.abs(before.movements.cents).sum())
    week = moved / span * 7
    shape = np.sqrt(np.arange(1, WEEKS + 1))
    return tuple(
        tuple(int(share * week * each) for each in shape) for share in (0.0, 0.15, 0.3, 0.45, 0.6)
    )


def _error(before: Before, origin: date) -> tuple[int, ...]:
    learned = business.learn(before=_until(before, origin), today=origin)
    said = business.net_by_day(business=learned, before=before, today=origin, days=DAYS)
    then = business.moved_by_day(before=before, today=origin, days=DAYS)
    off: NDArray[np.float64] = np.cumsum(business.weekly(then - said))
    return tuple(int(cents) for cents in np.rint(off))


def _until(before: Before, origin: date) -> Before:
    """What was known on a day before."""
    now = origin.toordinal()
    return Before(
        before.sold.take(before.sold.days < now),
        before.bought.take(before.bought.days < now),
        before.movements.before(now),
        before.sales,
        before.purchases,
        before.since,
    )
