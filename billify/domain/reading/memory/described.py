"""What a memory holds, item by item, for people to look at, change and forget."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from billify.domain.reading.memory.lesson import CONSTANT, PRINTED, Told
from billify.domain.reading.memory.recall import Memory
from billify.domain.reading.memory.spans import in_words
from billify.domain.refusal import N_, Refusal

_LONGEST = 200
_MOST_DAYS = 365


class ItemKind(StrEnum):
    """What is remembered: the web room has a sentence for each."""

    BESIDE = "beside"  # stands behind or under `label`
    PLACE = "place"  # stands at a fixed place without a label
    ALWAYS = "always"  # has always this `value`
    ABSENT = "absent"  # these papers do not have it
    TERMS = "terms"  # due so many days after the issue date: `value`
    VAT = "vat"  # rate and category: `value` as "21 S"
    TABLE = "table"  # the columns of the lines: `value` as words of the head


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is remembered of a layout."""

    name: str
    """The field of a reading, or "terms_days", "vat", "table"."""
    kind: ItemKind
    value: str = ""
    label: str = ""
    shape: str = ""
    """The form of a number, as A-9999."""
    is_fixed: bool = False
    """A person typed it."""

    @property
    def can_change(self) -> bool:
        """Whether its value may be typed."""
        return self.name in CHANGEABLE


CHANGEABLE = frozenset(["supplier_name", "currency", "terms_days"])
"""An account is no such item: a bill that asks for another one must be looked at each time."""


def items(*, memory: Memory) -> Iterator[Item]:
    """Everything a memory holds, in the order people read an invoice."""
    for name in CONSTANT:
        value = memory.usual(name)
        if value:
            yield Item(name, ItemKind.ALWAYS, value, is_fixed=name in memory.fixed)
    for name in PRINTED:
        told = memory.told(name)
        if told:
            yield from _printed(name, told)
    days = memory.usual_terms
    if days is not None:
        is_fixed = "terms_days" in memory.fixed
        yield Item("terms_days", ItemKind.TERMS, str(days), is_fixed=is_fixed)
    if memory.usual_vat:
        pairs = ", ".join(f"{rate} {category}" for rate, category in memory.usual_vat.items())
        yield Item("vat", ItemKind.VAT, pairs)
    tables = [one.table for one in memory.lessons if one.table is not None]
    if tables:
        yield Item("table", ItemKind.TABLE, " ".join(column.kind for column in tables[-1].columns))


def shown_value(*, memory: Memory, item: str) -> str | None:
    """The value of an item as it is shown and audited."""
    return next((one.value for one in items(memory=memory) if one.name == item), None)


def checked(*, item: str, value: str) -> str:
    """A typed value in the form it is kept in. Refuses what no such item can be."""
    bare = " ".join(value.split())
    if item == "terms_days":
        try:
            days = Decimal(bare)
        except InvalidOperation:
            days = Decimal(-1)
        if days != days.to_integral_value() or not 0 <= days <= _MOST_DAYS:
            raise Refusal(N_("Type a number of days from 0 to %(most)s."), most=_MOST_DAYS)
        return str(int(days))
    if item == "currency" and re.fullmatch(r"[A-Za-z]{3}", bare):
        return bare.upper()
    if item == "supplier_name" and 0 < len(bare) <= _LONGEST:
        return bare
    raise Refusal(
        N_("This can't be changed to that. Forget it instead; the next document teaches.")
    )


def _printed(name: str, told: list[Told]) -> Iterator[Item]:
    values = [one.value for one in told if one.value]
    if not values:
        if any(one.said for one in told):
            yield Item(name, ItemKind.ABSENT)
        return
    if name == "iban":
        yield Item(name, ItemKind.ALWAYS, ", ".join(dict.fromkeys(values)))
        return
    anchors = [anchor for one in told for anchor in one.anchors]
    if not anchors:
        return
    shapes = [writing.shape for one in told for writing in one.writings if writing.shape]
    shape = in_words(shapes[0]) if shapes and name not in ("buyer_name",) else ""
    label = anchors[0].label
    kind = ItemKind.BESIDE if label else ItemKind.PLACE
    yield Item(name, kind, values[0], label, shape)
