"""The outbox of mails."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from billify.data.db import Base
from billify.data.types import Count, Moment, Words, choice, uuid7
from billify.domain.mails import MailState


def _now() -> datetime:
    return datetime.now(UTC)


class Mail(Base):
    """A mail to one person. Its body may hold a link that opens something: it is sealed, and gone
    once the mail is sent."""

    __tablename__ = "mail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    about_company: Mapped[UUID | None] = mapped_column(ForeignKey("company.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[Words]
    recipient: Mapped[Words]
    language: Mapped[Words]
    subject: Mapped[Words]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[MailState] = mapped_column(choice(MailState), default=MailState.WAITING)
    attempts: Mapped[Count] = mapped_column(default=0)
    send_at: Mapped[Moment] = mapped_column(default=_now)
    lease_until: Mapped[Moment | None]
    sent_at: Mapped[Moment | None]
    error: Mapped[Words | None]
    key: Mapped[Words | None] = mapped_column(unique=True)
    """What it is about; a second mail about the same is not written."""
    created_at: Mapped[Moment] = mapped_column(default=_now)

    __table_args__ = (
        Index("ix_mail_due", "send_at", postgresql_where=text("state = 'waiting'")),
        Index(None, "about_company"),
        Index(None, "user_id"),
        Index(None, "created_at"),
    )
