"""What moved on the bank accounts so far, in columns: a million rows stay cheap to reckon with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]
Cents = NDArray[np.int64]
Row = tuple[date, Decimal, str, str]
"""Day, amount (above zero comes in), key of the counterparty or "", kind or category or ""."""


@dataclass(frozen=True, slots=True)
class Movements:
    """Movements by day, oldest first; all columns have the same length.

    `days` are proleptic ordinals (`date.toordinal`), `cents` amounts (above zero comes in), `who`
    an index into `names` and `kind` one into `kinds`. A name may be "": nobody is known. Own
    transfers do not belong in here.
    """

    days: Days
    cents: Cents
    who: NDArray[np.int32]
    names: tuple[str, ...]
    kind: NDArray[np.int32]
    kinds: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.days)

    def take(self, chosen: NDArray[np.bool_]) -> "Movements":
        """Those of the movements for which `chosen` is true, in the same order."""
        return Movements(
            self.days[chosen],
            self.cents[chosen],
            self.who[chosen],
            self.names,
            self.kind[chosen],
            self.kinds,
        )

    def before(self, day: int) -> "Movements":
        """What was known before a day (an ordinal)."""
        end = int(np.searchsorted(self.days, day))
        return Movements(
            self.days[:end],
            self.cents[:end],
            self.who[:end],
            self.names,
            self.kind[:end],
            self.kinds,
        )


def columns(
    *,
    days: Days,
    cents: Cents,
    who: NDArray[np.int32],
    names: tuple[str, ...],
    kind: NDArray[np.int32],
    kinds: tuple[str, ...],
) -> Movements:
    """Movements from columns in any order."""
    if len(days) > 1 and bool(np.any(days[1:] < days[:-1])):
        order = np.argsort(days, kind="stable")
        days, cents, who, kind = days[order], cents[order], who[order], kind[order]
    return Movements(days, cents, who, names, kind, kinds)


def gather(*, rows: Iterable[Row]) -> Movements:
    """Movements from rows in any order; amounts are rounded to cents."""
    names: dict[str, int] = {}
    kinds: dict[str, int] = {}
    listed = [
        (
            day.toordinal(),
            round(amount * 100),
            names.setdefault(name, len(names)),
            kinds.setdefault(kind, len(kinds)),
        )
        for day, amount, name, kind in rows
    ]
    table = np.array(listed, dtype=np.int64).reshape(len(listed), 4)
    return columns(
        days=table[:, 0].astype(np.int32),
        cents=table[:, 1].copy(),
        who=table[:, 2].astype(np.int32),
        names=tuple(names),
        kind=table[:, 3].astype(np.int32),
        kinds=tuple(kinds),
    )
