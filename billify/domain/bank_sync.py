"""What a bank connection tells, against what is there: new, changed, known, or known otherwise.

The partner's key is a movement's identity. Where the key is new the movement may still be there:
told by a bank file, or under another key before the bank changed its keys. Two real equal payments
on a day have two keys that are both alive, and are two.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from billify.domain import identity
from billify.domain.bank_files.twins import Known, Twins

Said = tuple[date, Decimal, str, str, str]


@dataclass(frozen=True, slots=True)
class Told(Known):
    """A movement as the partner tells it; `reference` is a checked payment reference."""

    key: str = ""
    value_date: date | None = None
    name: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Row(Told):
    """A movement that is there; without a key no connection has told it yet."""

    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A row and what it should say from now on."""

    row: Row
    told: Told


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written."""

    added: tuple[Told, ...]
    changed: tuple[Change, ...]
    """The same key says something else now."""
    adopted: tuple[Change, ...]
    """The same movement under a key that was not known."""
    known: int


def suspects(
    told: Sequence[Told], *, by_key: Mapping[str, Row], others: Sequence[Row]
) -> tuple[Row, ...]:
    """Rows that say the same as a movement with a new key, and have another key themselves.

    Whether the bank still tells them under their own key decides: then both are real.
    """
    keyed = [row for row in others if row.key]
    if not keyed:
        return ()
    keys = {one.key for one in told}
    new = [one for one in told if one.key not in by_key]
    unclaimed = Twins(row for row in others if not row.key)
    left = {_said(one) for one in new if unclaimed.take(one) is None}
    return tuple(row for row in keyed if row.key not in keys and _said(row) in left)


def plan(
    told: Sequence[Told],
    *,
    by_key: Mapping[str, Row],
    others: Sequence[Row],
    gone: Collection[str] = (),
) -> Plan:
    """What to write for movements that were told; `gone` are keys the bank tells no more.

    `by_key` are the rows with a key that is told, `others` further rows of the days of new ones.
    A movement that is told twice counts once.
    """
    unclaimed = Twins(row for row in others if not row.key)
    orphans: defaultdict[Said, list[Row]] = defaultdict(list)
    for row in others:
        if row.key in gone and row.key not in by_key:
            orphans[_said(row)].append(row)
    added: list[Told] = []
    changed: list[Change] = []
    adopted: list[Change] = []
    known = 0
    for one in {one.key: one for one in told}.values():
        own = by_key.get(one.key)
        if own is not None:
            wanted = _filled(one, own)
            if _is_other(own, wanted):
                changed.append(Change(own, wanted))
            else:
                known += 1
            continue
        twin = unclaimed.take(one) or (_first(orphans[_said(one)]) if orphans else None)
        if twin is None:
            added.append(one)
        else:
            adopted.append(Change(twin, _completed(twin, one)))
    return Plan(tuple(added), tuple(changed), tuple(adopted), known)


def _first(rows: list[Row]) -> Row | None:
    return rows.pop(0) if rows else None


def _said(one: Known) -> Said:
    """What makes two movements with different keys look the same. Names are left out: a bank fills
    them in later."""
    message = one.message if isinstance(one, Told) else ""
    return (
        one.booked_on,
        one.amount,
        one.counterparty_account or "",
        one.reference or "",
        identity.search_key(message),
    )


def _filled(told: Told, row: Row) -> Told:
    """A name or an account that was known does not become blank again."""
    return replace(
        told,
        name=told.name or row.name,
        counterparty_account=told.counterparty_account or row.counterparty_account,
    )


def _completed(row: Row, told: Told) -> Told:
    """A row that another source told keeps what it says; only what it lacks is filled in."""
    return replace(
        told,
        name=row.name or told.name,
        message=row.message or told.message,
        counterparty_account=row.counterparty_account or told.counterparty_account,
        reference=row.reference or told.reference,
        value_date=row.value_date or told.value_date,
    )


def _is_other(row: Row, told: Told) -> bool:
    return _facts(row) != _facts(told)


def _facts(one: Told) -> tuple[object, ...]:
    return (
        one.booked_on,
        one.value_date,
        one.amount,
        one.name,
        one.counterparty_account,
        one.message,
        one.reference,
    )
