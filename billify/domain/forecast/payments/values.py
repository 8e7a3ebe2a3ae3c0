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


def issued_of(invoices: Sequence[Settled] | Sequence[Open]) -> Ints:
    """The days of issue as ordinals."""
    return np.fromiter((one.issued.toordinal() for one in invoices), np.int64, len(invoices))


def due_of(invoices: Sequence[Settled] | Sequence[Open]) -> Ints:
    """The due days as ordinals, as they are stated."""
    return np.fromiter((one.due.toordinal() for one in invoices), np.int64, len(invoices))


def usual_term(issued: Ints, due: Ints) -> int:
    """The days between issue and due of most invoices; 30 when none can be believed."""
    terms = due - issued
    terms = terms[(terms >= 0) & (terms <= LONGEST_TERM)]
    return int(np.median(terms)) if len(terms) else 30


def believed_due(issued: Ints, due: Ints, usual: int) -> Ints:
    """The due days, with those that can't be meant set to the usual term."""
    terms = due - issued
    return np.where((terms >= 0) & (terms <= LONGEST_TERM), due, issued + usual)
