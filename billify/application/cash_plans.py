"""What people plan: items by hand, and decisions about recurring movements.

Movements that come back are found by the forecast and read from the stored one; a decision about
one of them counts from the next forecast on, which is asked for in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from billify.application import audit, live
from billify.data.db import transaction
from billify.data.models import PlannedItem, RecurrenceChoice
from billify.data.queries import cash_plans as queries
from billify.data.queries import categories, companies
from billify.data.queries.cash_flow import as_planned
from billify.domain.banking import PlannedSource
from billify.domain.cash_flow import Planned, Rhythm, Shift, expand
from billify.domain.forecast import stored
from billify.domain.forecast.shapes import Recurrence, Verdict
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Right


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned item as a person describes it; money out is below zero."""

    name: str
    amount: Decimal
    rhythm: Rhythm
    starts_on: date
    until: date | None = None
    category_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How a person says that a recurring movement goes on; None stays as it was found."""

    name: str | None = None
    amount: Decimal | None = None
    rhythm: Rhythm | None = None
    day: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Recurring:
    """A recurring movement as it counts: as it was found, with what a person decided about it.

    `found` is None when the bank's history no longer shows it; `choice` while nobody decided.
    """

    key: str
    found: Recurrence | None
    choice: RecurrenceChoice | None

    @property
    def verdict(self) -> Verdict | None:
        """What a person said of it."""
        return self.choice.verdict if self.choice else None

    @property
    def name(self) -> str:
        """Its name as it is shown."""
        return (self.choice.name if self.choice else None) or (
            self.found.name if self.found else self.key.split("|")[0]
        )

    @property
    def amount(self) -> Decimal | None:
        """What it brings or costs (below zero) each time."""
        if self.choice and self.choice.amount is not None:
            return self.choice.amount
        return self.found.amount if self.found else None

    @property
    def rhythm(self) -> str | None:
        """How often it comes."""
        if self.choice and self.choice.rhythm is not None:
            return self.choice.rhythm.value
        return self.found.rhythm if self.found else None

    @property
    def day(self) -> int | None:
        """The day of the month it asks for."""
        if self.choice and self.choice.day is not None:
            return self.choice.day
        return self.found.day if self.found else None

    @property
    def until(self) -> date | None:
        """The last day it may come on."""
        return self.choice.until if self.choice else None

    @property
    def is_changed(self) -> bool:
        """Did a person change how often or on which day it comes?"""
        return bool(self.choice and (self.choice.rhythm or self.choice.day))


@dataclass(frozen=True, slots=True)
class Recurrings:
    """The recurring movements of a company; `made_on` None while there is no forecast yet."""

    made_on: date | None
    rows: tuple[Recurring, ...]


def plan(*, wanted: Plan, by: Actor | None) -> PlannedItem:
    """Plan money that comes or goes without an invoice. Refuses another company's category."""
    _require(by)
    _check(wanted)
    with transaction() as session:
        # One at a time, so that two people at once don't pass the limit together.
        companies.lock_own()
        if queries.planned_count() >= queries.MOST_PLANNED:
            raise Refusal(
                N_("At most %(count)d items can be planned. Delete what is over first."),
                count=queries.MOST_PLANNED,
            )
        row = PlannedItem(source=PlannedSource.MANUAL, shift=Shift.NEXT)
        _fill(row, wanted)
        session.add(row)
        session.flush()
        audit.record("planned.added", row, by=by, after=_plan_facts(row))
        live.touch("cash-flow")
    return row


def change_plan(*, item_id: UUID, wanted: Plan, by: Actor) -> PlannedItem:
    """Change a planned item."""
    _require(by)
    _check(wanted)
    with transaction():
        row = _planned(item_id)
        before = _plan_facts(row)
        if row.starts_on != wanted.starts_on or row.rhythm is not wanted.rhythm:
            row.day = None
        _fill(row, wanted)
        audit.record("planned.changed", row, by=by, before=before, after=_plan_facts(row))
        live.touch("cash-flow")
    return row


def drop_plan(*, item_id: UUID, by: Actor) -> PlannedItem:
    """Take a planned item out of the forecast."""
    _require(by)
    with transaction():
        row = _planned(item_id)
        audit.record("planned.removed", row, by=by, before=_plan_facts(row))
        queries.remove_planned(row)
        live.touch("cash-flow")
    return row


def next_days(rows: Sequence[PlannedItem], *, today: date) -> dict[UUID, date | None]:
    """The next day each planned item falls on within a year and a bit; None when it is over."""
    found: dict[UUID, date | None] = {}
    for row in rows:
        start = max(today, row.starts_on)
        coming = expand([as_planned(row)], start=today, end=start + timedelta(days=380))
        found[row.id] = coming[0].date if coming else None
    return found


def recurring() -> Recurrings:
    """The recurring movements that were found, and those decided about that are gone since."""
    kept = queries.stored()
    is_known = kept.shape == stored.SHAPE
    found = {one.key: one for one in stored.read_recurrences(kept.recurrences)} if is_known else {}
    choices = {one.key: one for one in queries.recurrence_choices()}
    listed = [Recurring(key, one, choices.get(key)) for key, one in found.items()]
    gone = [Recurring(key, None, one) for key, one in choices.items() if key not in found]
    listed.sort(key=_place)
    gone.sort(key=lambda one: one.name.casefold())
    return Recurrings(kept.made_on if is_known else None, (*listed, *gone))


def next_day(one: Recurring, *, today: date) -> date | None:
    """The next day a recurring movement is expected on; None when it is refused or over."""
    if one.found is None or one.verdict is Verdict.REFUSED:
        return None
    day = _changed_day(one, today) if one.is_changed else one.found.next
    return None if day and one.until and day > one.until else day


def one_recurring(*, key: str) -> Recurring:
    """One recurring movement. Refuses a key that is found no longer."""
    one = next((each for each in recurring().rows if each.key == key), None)
    if one is None:
        raise _gone()
    return one


def confirm(*, key: str, by: Actor) -> None:
    """Say that a recurring movement is right as it was found."""
    _decide(key, Verdict.CONFIRMED, Change(), by)


def refuse(*, key: str, by: Actor) -> None:
    """Say that a recurring movement won't come again: it counts no longer."""
    _decide(key, Verdict.REFUSED, Change(), by)


def change(*, key: str, wanted: Change, by: Actor) -> None:
    """Say how a recurring movement goes on. Refuses an amount of zero and a last day gone by."""
    if wanted.amount is not None and not wanted.amount:
        raise Refusal(N_("An amount of zero changes nothing. Refuse it if it won't come again."))
    is_as_found = wanted == Change()
    _decide(key, Verdict.CONFIRMED if is_as_found else Verdict.CHANGED, wanted, by)


def take_back(*, key: str, by: Actor) -> None:
    """Forget what was decided about a recurring movement. Refuses one without a decision."""
    _require(by)
    with transaction():
        row = queries.lock_recurrence_choice(key)
        if row is None:
            raise _gone()
        audit.record("recurrence.taken_back", row, by=by, before=_choice_facts(row))
        queries.forget(row)
        live.touch("cash-flow")


def _changed_day(one: Recurring, today: date) -> date | None:
    """The next day in the rhythm that a person gave, as the forecast reckons it."""
    found = one.found
    if found is None or one.rhythm not in set(Rhythm):
        return found.next if found else None
    rhythm = Rhythm(one.rhythm)
    first = max(found.next.replace(day=1), found.last + timedelta(days=1))
    item = Planned(
        id=one.key,
        what=one.name,
        amount=one.amount or Decimal(0),
        rhythm=rhythm,
        first=found.next if rhythm is Rhythm.WEEKLY else first,
        day=one.day,
        shift=Shift(found.shift),
    )
    coming = expand([item], start=today, end=found.next + timedelta(days=380))
    return coming[0].date if coming else None


def _place(one: Recurring) -> tuple[bool, date, str]:
    """What was refused goes last; the others by their next day."""
    day = one.found.next if one.found else date.max
    return one.verdict is Verdict.REFUSED, day, one.key


def _decide(key: str, verdict: Verdict, wanted: Change, by: Actor) -> None:
    _require(by)
    with transaction() as session:
        # Two people may decide at once about what nobody decided before.
        companies.lock_own()
        known = one_recurring(key=key)
        row = queries.lock_recurrence_choice(key)
        before = _choice_facts(row) if row else None
        if row is None:
            row = RecurrenceChoice(key=key)
            session.add(row)
        row.verdict, row.name, row.amount = verdict, wanted.name, wanted.amount
        row.rhythm, row.day, row.until = wanted.rhythm, wanted.day, wanted.until
        row.shift = None
        row.decided_by, row.decided_at = by.user_id, datetime.now(UTC)
        session.flush()
        after = _choice_facts(row) | {"name": known.name}
        audit.record(f"recurrence.{verdict.value}", row, by=by, before=before, after=after)
        live.touch("cash-flow")


def _gone() -> Refusal:
    return Refusal(
        N_("This movement is no longer found in the bank's history. Load the page again.")
    )


def _fill(row: PlannedItem, wanted: Plan) -> None:
    row.name, row.amount, row.rhythm = wanted.name, wanted.amount, wanted.rhythm
    row.starts_on, row.until = wanted.starts_on, wanted.until
    row.category_id = wanted.category_id


def _check(wanted: Plan) -> None:
    if not wanted.amount:
        raise Refusal(N_("An amount of zero changes nothing. Fill in what comes in or goes out."))
    if wanted.until is not None and wanted.until < wanted.starts_on:
        raise Refusal(N_("The last day is before the first one."))
    if wanted.category_id is not None and categories.get(wanted.category_id) is None:
        raise NotFound


def _planned(item_id: UUID) -> PlannedItem:
    row = queries.lock_planned(item_id)
    if row is None:
        raise NotFound
    return row


def _require(by: Actor | None) -> None:
    """Nobody in particular means Billify itself: a seed."""
    if by is not None and not by.can(Right.EDIT_INVOICES):
        raise NotAllowed


def _plan_facts(row: PlannedItem) -> dict[str, object]:
    return {
        "name": row.name,
        "amount": row.amount,
        "rhythm": row.rhythm,
        "starts_on": row.starts_on,
        "until": row.until,
        "category_id": row.category_id,
    }


def _choice_facts(row: RecurrenceChoice) -> dict[str, object]:
    return {
        "verdict": row.verdict,
        "name": row.name,
        "amount": row.amount,
        "rhythm": row.rhythm,
        "day": row.day,
        "until": row.until,
    }
