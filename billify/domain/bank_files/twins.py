"""Which movements of a file are already known: the same file twice, overlapping days, or the same
movement told by another source. Two real equal payments on a day are two.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from billify.domain import identity
from billify.domain.bank_files.shapes import Format, Movement

PREFIX = "file"


@dataclass(frozen=True, slots=True)
class Known:
    """A movement that is there, as far as recognising it needs."""

    booked_on: date
    amount: Decimal
    external_id: str | None = None
    counterparty_account: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A movement of a file with its key, and whether it is there already."""

    movement: Movement
    external_id: str
    is_known: bool


def keys(movements: Sequence[Movement], *, format: Format) -> list[str]:
    """A key for each movement: what it says, and how many that say the same came before it.

    Which of several equal ones is meant does not matter, so the order of the file does not either.
    """
    seen: Counter[str] = Counter()
    made = []
    for movement in movements:
        said = _said(movement)
        seen[said] += 1
        made.append(f"{PREFIX}:{format}:{said}:{seen[said]}")
    return made


def judge(
    movements: Sequence[Movement], *, format: Format, known: Sequence[Known]
) -> tuple[Told, ...]:
    """Each movement with its key: known by the key, else by a twin of another source.

    A twin has the same day and amount, and no other side or reference that contradicts; each row
    that is there can be the twin of one movement only.
    """
    there = {one.external_id for one in known if one.external_id}
    made = keys(movements, format=format)
    own, taken = f"{PREFIX}:{format}:", set(made) & there
    # A row of the same format that has another key says something else: it is no twin.
    twins = Twins(
        one
        for one in known
        if not (one.external_id or "").startswith(own) and one.external_id not in taken
    )
    return tuple(
        Told(movement, key, is_known=key in there or twins.take(_as_known(movement)) is not None)
        for movement, key in zip(movements, made, strict=True)
    )


Row = TypeVar("Row", bound=Known)


class Twins(Generic[Row]):
    """The rows that are there and have not been recognised yet."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._left: defaultdict[tuple[date, Decimal], list[Row]] = defaultdict(list)
        for one in rows:
            self._left[one.booked_on, one.amount].append(one)

    def take(self, told: Known) -> Row | None:
        """The row that is the same movement, if any; it is no one else's twin any more."""
        left = self._left.get((told.booked_on, told.amount), [])
        found = next((one for one in left if _may_be(one, told)), None)
        if found is not None:
            left.remove(found)
        return found


def _as_known(movement: Movement) -> Known:
    return Known(
        movement.booked_on,
        movement.amount,
        counterparty_account=movement.counterparty_account,
        reference=movement.structured or movement.creditor_reference,
    )


def _may_be(known: Known, told: Known) -> bool:
    pairs = (
        (known.counterparty_account, told.counterparty_account),
        (known.reference, told.reference),
    )
    return all(not a or not b or a == b for a, b in pairs)


def _said(movement: Movement) -> str:
    words = "|".join(_words(movement))
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _words(movement: Movement) -> Iterator[str]:
    """Blanks, accents and capitals differ between two downloads of one export; words do not."""
    yield movement.booked_on.isoformat()
    yield f"{movement.amount:.2f}"
    yield movement.counterparty_account or ""
    yield identity.search_key(movement.counterparty_name)
    yield movement.structured or movement.creditor_reference or ""
    yield identity.search_key(movement.message)
