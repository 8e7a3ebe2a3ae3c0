"""The forecast as it was last made, whether it is behind, and what was kept of earlier ones."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import ForecastProfile, ForecastRow, ForecastSnapshot, Job
from billify.domain.jobs import JobStatus

JOB = "forecast.make"
GIVEN_UP_FOR = timedelta(hours=1)
"""So long one that failed again and again is not asked for by the clock."""
_UNDONE = ("waiting", "running", "dead")
# As words of the statement, not as parameters: only so a prepared plan may use the partial indexes.
_IS_UNDONE = (Job.name == literal_column(f"'{JOB}'")) & Job.status.in_(
    [literal_column(f"'{status}'") for status in _UNDONE]
)


class Kept(NamedTuple):
    """A stored forecast without its flows, and whether a newer one is asked for."""

    made_at: datetime | None
    made_on: date | None
    shape: int
    seconds: Decimal
    summary: Mapping[str, Any]  # Any: JSON
    is_asked_for: bool


_NONE = Kept(None, None, 0, Decimal(0), {}, is_asked_for=True)


def latest() -> Kept:
    """The stored forecast; without one its moment is None."""
    found = db.session.execute(_kept()).one_or_none()
    return Kept._make(found) if found is not None else _NONE


def whole() -> tuple[Kept, Sequence[Any]]:  # Any: JSON
    """The stored forecast and its flows, in one statement so that they belong together."""
    found = db.session.execute(_kept().add_columns(ForecastRow.flows)).one_or_none()
    return (Kept._make(found[:-1]), found[-1]) if found is not None else (_NONE, [])


def is_due(*, today: date, shape: int, now: datetime) -> bool:
    """Is there no forecast of this day and shape, and nobody who makes or asks for one?

    One that was given up is asked for anew after a while: nothing else might ever do so.
    """
    holds = exists().where(
        ForecastRow.company_id == tenancy.company_id(),
        ForecastRow.made_on == today,
        ForecastRow.shape == shape,
    )
    asked = exists().where(
        Job.company_id == tenancy.company_id(),
        _IS_UNDONE,
        or_(Job.status != JobStatus.DEAD, Job.created_at > now - GIVEN_UP_FOR),
    )
    return bool(db.session.scalar(select(~holds & ~asked)))


def flows() -> tuple[int, Sequence[Any]]:  # Any: JSON
    """The shape and the flows of the stored forecast; none when there is no forecast."""
    found = db.session.execute(select(ForecastRow.shape, ForecastRow.flows)).one_or_none()
    return (found.shape, found.flows) if found else (0, [])


def recurrences() -> tuple[int, Sequence[Any]]:  # Any: JSON
    """The shape and the recurring movements of the stored forecast."""
    found = db.session.execute(select(ForecastRow.shape, ForecastRow.recurrences)).one_or_none()
    return (found.shape, found.recurrences) if found else (0, [])


def undone_jobs() -> list[UUID]:
    """Every asked for forecast that can be seen: what asked for it is committed."""
    return list(db.session.scalars(select(Job.id).where(_IS_UNDONE).order_by(Job.id)))


def forget_waiting(job_ids: Sequence[UUID]) -> None:
    """Remove those that nobody has claimed: the one that is made now does for them."""
    _forget(job_ids, Job.status == "waiting")


def forget(job_ids: Sequence[UUID]) -> None:
    """Remove asked for forecasts that a stored one does for, whatever their state."""
    _forget(job_ids)


def store(values: Mapping[str, Any]) -> bool:  # Any: column values
    """Write a forecast, unless a newer one is there; says whether it was written."""
    values = {"company_id": tenancy.company_id(), **values}
    write = insert(ForecastRow).values(values)
    found = db.session.execute(
        write.on_conflict_do_update(
            index_elements=["company_id"],
            set_={name: write.excluded[name] for name in values if name != "company_id"},
            where=ForecastRow.made_at <= write.excluded.made_at,
        ).returning(ForecastRow.company_id)
    )
    return found.first() is not None


def profile() -> ForecastProfile | None:
    """What was last learned from the company's history."""
    return db.session.scalars(select(ForecastProfile)).one_or_none()


def store_profile(*, made_at: datetime, shape: int, content: Mapping[str, Any]) -> None:
    """Keep what was learned, unless something newer is there."""
    write = insert(ForecastProfile).values(
        company_id=tenancy.company_id(), made_at=made_at, shape=shape, content=content
    )
    db.session.execute(
        write.on_conflict_do_update(
            index_elements=["company_id"],
            set_={name: write.excluded[name] for name in ("made_at", "shape", "content")},
            where=ForecastProfile.made_at <= write.excluded.made_at,
        )
    )


def store_snapshot(
    *, made_on: date, balance: Decimal, days: Sequence[Sequence[str]], made_afterwards: bool
) -> bool:
    """Keep what was forecast on a day, unless one of that day is kept already."""
    write = insert(ForecastSnapshot).values(
        company_id=tenancy.company_id(),
        made_on=made_on,
        balance=balance,
        days=[list(one) for one in days],
        made_afterwards=made_afterwards,
    )
    found = db.session.execute(
        write.on_conflict_do_nothing(index_elements=["company_id", "made_on"]).returning(
            ForecastSnapshot.made_on
        )
    )
    return found.first() is not None


def snapshot_days() -> list[date]:
    """The days of which a forecast is kept, oldest first."""
    return list(
        db.session.scalars(select(ForecastSnapshot.made_on).order_by(ForecastSnapshot.made_on))
    )


def database_now() -> datetime:
    """The database's own clock, so that no two workers differ in what is newer."""
    found: datetime = db.session.scalars(select(func.clock_timestamp())).one()
    return found


def _kept() -> Any:  # Any: a statement with the columns of Kept
    asked = select(
        exists().where(Job.company_id == tenancy.company_id(), _IS_UNDONE)
    ).scalar_subquery()
    return select(
        ForecastRow.made_at,
        ForecastRow.made_on,
        ForecastRow.shape,
        ForecastRow.seconds,
        ForecastRow.summary,
        asked,
    )


def _forget(job_ids: Sequence[UUID], *conditions: Any) -> None:  # Any: SQL conditions
    if job_ids:
        db.session.execute(
            delete(Job)
            .where(Job.id.in_(job_ids), *conditions)
            .execution_options(synchronize_session=False)
        )
