"""Why an invoice is expected when it is: the codes that the web has words for."""

import math
from collections.abc import Sequence

from billify.domain.forecast.payments.habits import Habits
from billify.domain.forecast.shapes import Reason

OWN_AT_LEAST = 4
"""From so many payments on the reason speaks of the contact itself."""
_MOST_OF = 0.8


def reasons_of(
    habits: Habits, contacts: Sequence[str], days_overdue: Sequence[int]
) -> list[Reason]:
    """The reason for each invoice, by its contact and how many days it is past its due day.

    - `overdue {days_overdue, days, of}`: past its due day; the contact is `days` late as a rule,
      by `of` payments (0: others are, in the median).
    - `pays_late {days, inside, of, low, high}`: average of its own payments (below zero: early),
      of which `inside` of `of` fell between `low` and `high` days after the due day.
    - `like_others {days, count}`: it has `count` payments of its own, too few; others are `days`
      late (the median).
    - `by_terms {}`: nothing is known of anyone.
    """
    as_a_rule = {contact: _as_a_rule(habits, contact) for contact in dict.fromkeys(contacts)}
    return [
        _overdue(days, habits, contact) if days > 0 else as_a_rule[contact]
        for contact, days in zip(contacts, days_overdue, strict=True)
    ]


def _overdue(days_overdue: int, habits: Habits, contact: str) -> Reason:
    own = habits.latest_of(contact)
    days = round(sum(own) / len(own)) if own else habits.usual_late
    return _reason("overdue", days_overdue=days_overdue, days=days, of=len(own))


def _as_a_rule(habits: Habits, contact: str) -> Reason:
    own = habits.latest_of(contact)
    if len(own) >= OWN_AT_LEAST:
        low, high = _shortest(own)
        inside = sum(low <= days <= high for days in own)
        average = round(sum(own) / len(own))
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
