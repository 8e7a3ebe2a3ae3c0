"""Why an invoice is expected when it is: the codes that the web has words for."""

import math

from billify.domain.forecast.payments.habits import Habits
from billify.domain.forecast.shapes import Reason

OWN_AT_LEAST = 4
"""From so many payments on the reason speaks of the contact itself."""
_MOST_OF = 0.8


def reason_of(habits: Habits, contact: str, days_overdue: int) -> Reason:
    """The reason for an invoice of a contact.

    - `overdue {days_overdue, days, of}`: past its due day; the contact is `days` late as a rule,
      by `of` payments (0 when it has none).
    - `pays_late {days, inside, of, low, high}`: average of its own payments (below zero: early),
      of which `inside` of `of` fell between `low` and `high` days after the due day.
    - `like_others {days, count}`: it has `count` payments of its own, too few; others are `days`
      late (the median).
    - `by_terms {}`: nothing is known of anyone.
    """
    row = habits.rows.get(contact)
    own = habits.latest[row] if row is not None else ()
    average = round(sum(own) / len(own)) if own else habits.usual_late
    if days_overdue > 0:
        return _reason("overdue", days_overdue=days_overdue, days=average, of=len(own))
    if len(own) >= OWN_AT_LEAST:
        low, high = _shortest(own)
        inside = sum(low <= days <= high for days in own)
        return _reason("pays_late", days=average, inside=inside, of=len(own), low=low, high=high)
    if any(habits.counts):
        return _reason("like_others", days=habits.usual_late, count=len(own))
    return Reason("by_terms")


def _shortest(own: tuple[int, ...]) -> tuple[int, int]:
    """The closest two days between which four of five payments lie."""
    days = sorted(own)
    many = math.ceil(_MOST_OF * len(days))
    spans = [(days[at + many - 1] - days[at], at) for at in range(len(days) - many + 1)]
    at = min(spans)[1]
    return days[at], days[at + many - 1]


def _reason(code: str, **values: int) -> Reason:
    return Reason(code, tuple(values.items()))
