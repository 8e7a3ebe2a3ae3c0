"""What is told of invoices, what is said of them, and both as columns of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from billify.domain.forecast.shapes import Reason

STEPS = 33
"""A timing is given at the probabilities (k + 0.5) / 33."""
NEVER = 1096
"""Days from today; an offset from here on means: not within the time ahead."""
LONGEST_TERM = 400
"""A due date further behind its invoice, or before it, is taken for a slip of the pen."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settled:
    """An invoice that was paid in full on the day `settled`."""

    contact: str
    issued: date
    due: date
    amount: Decimal
    settled: date


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice that is not paid in full yet."""

    id: str
    contact: str
    issued: date
    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """The median day, the days between which it falls in 4 of 5 cases, and the reason.

    `timing` holds 33 days from today at the probabilities (k + 0.5) / 33, never falling;
    `NEVER` means not within the time ahead. No day is before today.
    """

    id: str
    day: date
    early: date
    late: date
    timing: NDArray[np.int16]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Terms:
    """The days of issue and the due days of some invoices, as ordinals."""

    issued: Ints
    due: Ints

    def usual(self) -> int:
        """The days between issue and due of most of them; 30 when none can be believed."""
        terms = (self.due - self.issued)[self._are_meant()]
        return int(np.median(terms)) if len(terms) else 30

    def believed(self, usual: int, now: int) -> "Terms":
        """The same, where a day that can't be meant follows from the other one.

        Of the two the day that is closer to now is believed.
        """
        meant = self._are_meant()
        by_issue = np.abs(self.issued - now) <= np.abs(self.due - now)
        return Terms(
            issued=np.where(meant | by_issue, self.issued, self.due - usual),
            due=np.where(meant | ~by_issue, self.due, self.issued + usual),
        )

    def _are_meant(self) -> NDArray[np.bool_]:
        terms = self.due - self.issued
        meant: NDArray[np.bool_] = (terms >= 0) & (terms <= LONGEST_TERM)
        return meant


def terms_of(invoices: Sequence[Settled] | Sequence[Open]) -> Terms:
    """The terms as they are stated."""
    many = len(invoices)
    return Terms(
        issued=np.fromiter([one.issued.toordinal() for one in invoices], np.int64, many),
        due=np.fromiter([one.due.toordinal() for one in invoices], np.int64, many),
    )
