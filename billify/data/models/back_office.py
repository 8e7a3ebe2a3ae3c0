"""What staff need: faults of our own, grouped."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base
from billify.data.types import Count, Moment, Words


def _now() -> datetime:
    return datetime.now(UTC)


class AppError(Base):
    """A fault of our own, counted by its kind and place. Messages are not kept: they may hold
    what belongs to a company."""

    __tablename__ = "app_error"

    fingerprint: Mapped[Words] = mapped_column(primary_key=True)
    kind: Mapped[Words]
    place: Mapped[Words]
    during: Mapped[Words]
    """The route or the job in which it happened last."""
    times: Mapped[Count] = mapped_column(default=1)
    first_at: Mapped[Moment] = mapped_column(default=_now)
    last_at: Mapped[Moment] = mapped_column(default=_now)
    last_request: Mapped[Words | None]
    last_company: Mapped[UUID | None]
    stack: Mapped[Words] = mapped_column(default="")
    put_away_at: Mapped[Moment | None]

    __table_args__ = (Index(None, "last_at"),)
