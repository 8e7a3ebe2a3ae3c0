"""Faults of our own, counted by kind and place. Only the system's scope sees them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from billify.data.db import db
from billify.data.models import AppError
from billify.domain.faults import Fault

SHOWN = 50


def count(
    fault: Fault, *, during: str, now: datetime, request_id: str | None, company_id: UUID | None
) -> None:
    """One more of a fault; one that was put away comes back."""
    newest = {
        "during": during,
        "last_at": now,
        "last_request": request_id,
        "last_company": company_id,
        "stack": fault.stack,
        "place": fault.place,
        "put_away_at": None,
    }
    db.session.execute(
        insert(AppError)
        .values(fingerprint=fault.fingerprint, kind=fault.kind, times=1, first_at=now, **newest)
        .on_conflict_do_update(
            index_elements=["fingerprint"], set_=newest | {"times": AppError.times + 1}
        )
    )


def page(*, put_away: bool, before: tuple[datetime, str] | None) -> Sequence[AppError]:
    """A page of faults and one more when there is more, the latest first."""
    query = select(AppError).where(
        AppError.put_away_at.is_not(None) if put_away else AppError.put_away_at.is_(None)
    )
    if before is not None:
        at, fingerprint = before
        query = query.where(
            (AppError.last_at < at)
            | ((AppError.last_at == at) & (AppError.fingerprint < fingerprint))
        )
    return db.session.scalars(
        query.order_by(AppError.last_at.desc(), AppError.fingerprint.desc())
        .limit(SHOWN + 1)
        .execution_options(populate_existing=True)
    ).all()


def count_open() -> int:
    """How many faults have not been put away."""
    return (
        db.session.scalar(
            select(func.count()).select_from(AppError).where(AppError.put_away_at.is_(None))
        )
        or 0
    )


def one(fingerprint: str) -> AppError | None:
    """One fault, as it stands now."""
    return db.session.scalars(
        select(AppError)
        .where(AppError.fingerprint == fingerprint)
        .execution_options(populate_existing=True)
    ).one_or_none()


def put_away(fingerprint: str, at: datetime | None) -> bool:
    """Put a fault away, or take it back with None; False when there is no such fault."""
    found = db.session.execute(
        update(AppError)
        .where(AppError.fingerprint == fingerprint)
        .values(put_away_at=at)
        .returning(AppError.fingerprint)
        .execution_options(synchronize_session=False)
    )
    return found.first() is not None
