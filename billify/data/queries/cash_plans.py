"""What is planned by hand, and what people decided about recurring movements and taxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from billify.data.db import db
from billify.data.models import ForecastRow, ObligationChoice, PlannedItem, RecurrenceChoice

PAGE = 50
MOST_PLANNED = 10_000
MOST_CHOICES = 2000


@dataclass(frozen=True, slots=True)
class Stored:
    """What a stored forecast found to come back; `made_on` None while there is no forecast."""

    made_on: date | None = None
    shape: int = 0
    recurrences: Sequence[Any] = ()  # Any: JSON


def stored() -> Stored:
    """The recurring movements of the stored forecast."""
    found = db.session.execute(
        select(ForecastRow.made_on, ForecastRow.shape, ForecastRow.recurrences)
    ).one_or_none()
    return Stored(*found) if found else Stored()


def recurrence_choices() -> Sequence[RecurrenceChoice]:
    """What people decided about recurring movements."""
    return db.session.scalars(
        select(RecurrenceChoice).order_by(RecurrenceChoice.key).limit(MOST_CHOICES)
    ).all()


def lock_recurrence_choice(key: str) -> RecurrenceChoice | None:
    """What was decided about one recurring movement, locked until the commit."""
    return db.session.scalars(
        select(RecurrenceChoice)
        .where(RecurrenceChoice.key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def tax_choices() -> Sequence[ObligationChoice]:
    """What people decided about payments to the state."""
    order = (ObligationChoice.tax, ObligationChoice.period)
    return db.session.scalars(select(ObligationChoice).order_by(*order).limit(MOST_CHOICES)).all()


def lock_tax_choice(tax: str, period: str) -> ObligationChoice | None:
    """What was decided about one payment to the state, locked until the commit."""
    return db.session.scalars(
        select(ObligationChoice)
        .where(ObligationChoice.tax == tax, ObligationChoice.period == period)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def forget(choice: RecurrenceChoice | ObligationChoice) -> None:
    """Take a decision away."""
    db.session.delete(choice)
    db.session.flush()


def planned_items(after: tuple[date, UUID] | None = None) -> Sequence[PlannedItem]:
    """A page of planned items by first day, and one more when there is more."""
    query = select(PlannedItem)
    if after is not None:
        query = query.where(tuple_(PlannedItem.starts_on, PlannedItem.id) > after)
    order = (PlannedItem.starts_on, PlannedItem.id)
    return db.session.scalars(query.order_by(*order).limit(PAGE + 1)).all()


def planned_count() -> int:
    """How many items are planned."""
    return db.session.scalar(select(func.count(PlannedItem.id))) or 0


def planned_item(item_id: UUID) -> PlannedItem | None:
    """One planned item."""
    return db.session.scalars(select(PlannedItem).where(PlannedItem.id == item_id)).one_or_none()


def lock_planned(item_id: UUID) -> PlannedItem | None:
    """One planned item, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(PlannedItem)
        .where(PlannedItem.id == item_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def remove_planned(item: PlannedItem) -> None:
    """Take a planned item away."""
    db.session.delete(item)
    db.session.flush()
