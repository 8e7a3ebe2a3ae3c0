"""What people are told, how they want to be told, and what staff tell everybody."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base, CompanyOwned, company_args
from billify.data.types import Moment, Words, choice, uuid7
from billify.domain.notifications import MailWish, NotificationKind


def _now() -> datetime:
    return datetime.now(UTC)


class Notification(CompanyOwned, Base):
    """One thing one person of a company is told; its words are made when it is shown."""

    __tablename__ = "notification"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    kind: Mapped[NotificationKind] = mapped_column(choice(NotificationKind))
    key: Mapped[Words]
    """What it is about; the same is told a person once."""
    # Any: JSON, what its words need
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    path: Mapped[Words] = mapped_column(default="")
    """Where it leads, below the company's address."""
    is_shown: Mapped[bool] = mapped_column(default=True)
    """In the app too, or by mail alone?"""
    created_at: Mapped[Moment] = mapped_column(default=_now)
    read_at: Mapped[Moment | None]
    mail: Mapped[MailWish] = mapped_column(choice(MailWish), default=MailWish.NONE)
    mail_due: Mapped[Moment | None]
    mailed_at: Mapped[Moment | None]

    __table_args__ = company_args(
        UniqueConstraint("company_id", "user_id", "kind", "key"),
        Index(None, "company_id", "user_id", "created_at"),
        Index(
            "ix_notification_mail_due",
            "company_id",
            "mail_due",
            postgresql_where=text("mail_due IS NOT NULL AND mailed_at IS NULL"),
        ),
    )


class NotificationChoice(Base):
    """How a person wants to be told of one kind of thing."""

    __tablename__ = "notification_choice"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[NotificationKind] = mapped_column(choice(NotificationKind), primary_key=True)
    in_app: Mapped[bool] = mapped_column(default=True)
    mail: Mapped[MailWish] = mapped_column(choice(MailWish), default=MailWish.NONE)


class Announcement(Base):
    """What staff tell everybody, by language."""

    __tablename__ = "announcement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    # Any: JSON, the text by language
    words: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_warning: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    told_at: Mapped[Moment | None]
    """When everybody's notifications were asked for."""
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[Moment] = mapped_column(default=_now)
