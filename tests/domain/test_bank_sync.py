"""What a connection tells against what is there, for any movements in any order and parts."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from billify.domain import bank_sync
from billify.domain.bank_files.twins import Known
from billify.domain.bank_sync import Plan, Row, Told

FIRST = date(2026, 11, 1)


@st.composite
def told(draw: st.DrawFn) -> list[Told]:
    """Movements with keys of their own, many of which look the same."""
    count = draw(st.integers(0, 12))
    return [
        Told(
            booked_on=FIRST + timedelta(days=draw(st.integers(0, 1))),
            amount=Decimal(draw(st.sampled_from(["-2.50", "10.00"]))),
            counterparty_account=draw(st.sampled_from([None, "BE71096123456769"])),
            key=f"key-{at}",
            name=draw(st.sampled_from(["", "Bakker"])),
            message=draw(st.sampled_from(["", "Brood", "brood"])),
        )
        for at in range(count)
    ]


class Table:
    """Rows as a database would keep them."""

    def __init__(self) -> None:
        self.rows: dict[UUID, Row] = {}

    def take(self, part: Sequence[Told], gone: set[str] | None = None) -> Plan:
        """One part as it is told; `gone` are keys that the bank tells no more."""
        by_key = {row.key: row for row in self.rows.values() if row.key}
        known = {one.key: by_key[one.key] for one in part if one.key in by_key}
        keys = {one.key for one in part}
        others = [row for row in self.rows.values() if row.key not in keys]
        asked = bank_sync.suspects(part, by_key=known, others=others)
        really = {row.key for row in asked if row.key in (gone or set())}
        plan = bank_sync.plan(part, by_key=known, others=others, gone=really)
        for one in plan.added:
            self._put(UUID(int=len(self.rows) + 1), one)
        for change in (*plan.changed, *plan.adopted):
            assert change.row.id is not None
            self._put(change.row.id, change.told)
        return plan

    def file(self, movements: Sequence[Known]) -> None:
        """Rows that a bank file brought."""
        for one in movements:
            key = UUID(int=len(self.rows) + 1)
            self.rows[key] = Row(
                one.booked_on, one.amount, "file:x", one.counterparty_account, one.reference, id=key
            )

    def _put(self, key: UUID, one: Told) -> None:
        self.rows[key] = Row(
            one.booked_on,
            one.amount,
            None,
            one.counterparty_account,
            one.reference,
            key=one.key,
            value_date=one.value_date,
            name=one.name,
            message=one.message,
            id=key,
        )

    @property
    def keys(self) -> list[str]:
        return sorted(row.key for row in self.rows.values())

    @property
    def amounts(self) -> Counter[tuple[date, Decimal]]:
        return Counter((row.booked_on, row.amount) for row in self.rows.values())


def amounts(movements: Sequence[Known]) -> Counter[tuple[date, Decimal]]:
    return Counter((one.booked_on, one.amount) for one in movements)


@given(told(), st.data())
def test_in_any_parts_and_order_each_is_there_once(made: list[Told], data: st.DataObject) -> None:
    table = Table()
    for _ in range(data.draw(st.integers(1, 4))):
        order = data.draw(st.permutations(made))
        size = data.draw(st.integers(1, 5))
        for at in range(0, len(order), size):
            table.take(order[at : at + size])

    assert table.keys == sorted(one.key for one in made)
    assert table.amounts == amounts(made)


@given(told())
def test_told_again_nothing_changes(made: list[Told]) -> None:
    table = Table()
    table.take(made)

    again = table.take([*made, *made])

    assert (again.added, again.changed, again.adopted) == ((), (), ())
    assert again.known == len(made)


@given(told(), st.data())
def test_keys_that_the_bank_changes_are_recognised(made: list[Told], data: st.DataObject) -> None:
    """In whole or for some of them, and in any parts."""
    table = Table()
    table.take(made)
    changed = data.draw(st.sets(st.sampled_from([one.key for one in made]))) if made else set()
    fresh = [rekeyed(one) if one.key in changed else one for one in made]

    size = data.draw(st.integers(1, 5))
    order = data.draw(st.permutations(fresh))
    for at in range(0, len(order), size):
        table.take(order[at : at + size], gone=changed)

    assert table.keys == sorted(one.key for one in fresh)
    assert table.amounts == amounts(made)


def rekeyed(one: Told) -> Told:
    from dataclasses import replace

    return replace(one, key=f"new-{one.key}")


@given(told(), st.data())
def test_what_a_file_brought_is_taken_over_once(made: list[Told], data: st.DataObject) -> None:
    table = Table()
    filed = data.draw(st.lists(st.sampled_from(made), unique_by=id)) if made else []
    table.file(filed)

    size = data.draw(st.integers(1, 5))
    for at in range(0, len(made), size):
        table.take(made[at : at + size])

    assert len(table.rows) == len(made)
    assert table.amounts == amounts(made)


def test_a_live_twin_is_no_changed_key() -> None:
    first = Told(FIRST, Decimal("-2.50"), key="a", message="Brood")
    table = Table()
    table.take([first])

    plan = table.take([rekeyed(first)], gone=set())

    assert len(plan.added) == 1


def test_a_name_does_not_become_blank_again() -> None:
    table = Table()
    table.take([Told(FIRST, Decimal(1), key="a", name="Bakker")])

    plan = table.take([Told(FIRST, Decimal(1), key="a", name="")])

    assert (plan.changed, plan.known) == ((), 1)
