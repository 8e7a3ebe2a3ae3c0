"""Companies, people, and who belongs where."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billify.data.db import Base, CompanyOwned, company_args
from billify.data.types import Amount, Count, Currency, Moment, Words, choice, uuid7
from billify.domain.documents import LEAST_PERCENT, MOST_PERCENT, SURE_PERCENT
from billify.domain.obligations import Every
from billify.domain.people import DateStyle
from billify.domain.roles import Role


class Company(Base):
    """A tenant. Its row is seen by its own scope and by the people who belong to it."""

    __tablename__ = "company"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    slug: Mapped[Words] = mapped_column(unique=True)
    name: Mapped[Words]
    vat_number: Mapped[Words | None]
    enterprise_number: Mapped[Words | None]
    street: Mapped[Words | None]
    postcode: Mapped[Words | None]
    city: Mapped[Words | None]
    country: Mapped[Words] = mapped_column(default="BE")
    language: Mapped[Words] = mapped_column(default="nl")
    currency: Mapped[Currency] = mapped_column(default="EUR")
    floor_amount: Mapped[Amount] = mapped_column(default=Decimal("0.00"))
    sure_percent: Mapped[int] = mapped_column(SmallInteger, default=SURE_PERCENT)
    """From which confidence on, in percent, a value that was read counts as sure."""
    alert_days: Mapped[int] = mapped_column(SmallInteger, default=14, server_default="14")
    """How many days ahead a balance below the floor is told."""
    vat_every: Mapped[Every | None] = mapped_column(
        choice(Every, name="vat_every"), default=Every.QUARTER, server_default="quarter"
    )
    """How long a period of the VAT return is; none for who files no returns."""
    withholding_every: Mapped[Every | None] = mapped_column(choice(Every, name="withholding_every"))
    """The same for the tax withheld from wages; none is as often as it was paid before."""
    counts_budget: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Does what is left of the budget go into the forecast?"""
    asks_slower: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    """Are partners asked less often at night and on holidays?"""
    keep_logs_days: Mapped[int] = mapped_column(SmallInteger, default=90, server_default="90")
    keep_told_days: Mapped[int] = mapped_column(SmallInteger, default=180, server_default="180")
    """How long runs of connections, and what people were told, are kept."""
    keep_put_away_days: Mapped[int | None] = mapped_column(SmallInteger)
    """How long files are kept that never became an invoice; none is for good."""
    suspended_at: Mapped[Moment | None]
    suspended_reason: Mapped[Words | None]
    switched_off: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    """Parts that this company does without, see domain/features.py."""
    support_until: Mapped[Moment | None]
    """Until then there may be somebody of support who asks or looks; after it there is nobody."""
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("alert_days BETWEEN 1 AND 90", name="alert_days"),
        CheckConstraint(
            "keep_logs_days BETWEEN 30 AND 3650 AND keep_told_days BETWEEN 30 AND 3650"
            " AND keep_put_away_days BETWEEN 30 AND 3650",
            name="keeping",
        ),
        CheckConstraint(
            f"sure_percent BETWEEN {LEAST_PERCENT} AND {MOST_PERCENT}", name="sure_percent"
        ),
    )


class User(Base):
    """A person. Not a company's row: one person may belong to many companies."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    email: Mapped[Words] = mapped_column(unique=True)
    name: Mapped[Words]
    password_hash: Mapped[Words]
    language: Mapped[Words] = mapped_column(default="nl")
    is_staff: Mapped[bool] = mapped_column(default=False)
    email_confirmed_at: Mapped[Moment | None]
    failed_logins: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    locked_until: Mapped[Moment | None]
    suspended_at: Mapped[Moment | None]
    removed_at: Mapped[Moment | None]
    """Since then there is no person behind this row, only what the law has us keep."""
    totp_seed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """Sealed. It counts from `totp_since` on, when a first code was right."""
    totp_since: Mapped[Moment | None]
    totp_step: Mapped[Count] = mapped_column(default=0, server_default="0")
    """The step of the last code that was taken, which can't be used again."""
    date_style: Mapped[DateStyle] = mapped_column(
        choice(DateStyle), default=DateStyle.SLASHES, server_default="slashes"
    )
    digest_hour: Mapped[int] = mapped_column(SmallInteger, default=7, server_default="7")
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    """No mails from this hour to that one, in Brussels."""
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint(
            "digest_hour BETWEEN 0 AND 23 AND quiet_from BETWEEN 0 AND 23"
            " AND quiet_until BETWEEN 0 AND 23",
            name="hours",
        ),
        CheckConstraint("totp_since IS NULL OR totp_seed IS NOT NULL", name="totp_has_seed"),
    )


class Membership(CompanyOwned, Base):
    """A person's role in a company; no approval limit means no ceiling."""

    __tablename__ = "membership"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role] = mapped_column(choice(Role))
    approval_limit: Mapped[Amount | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())

    company: Mapped[Company] = relationship(
        primaryjoin="foreign(Membership.company_id) == Company.id", lazy="raise", viewonly=True
    )

    __table_args__ = company_args(UniqueConstraint("company_id", "user_id"), Index(None, "user_id"))


class LoginSession(Base):
    """One signed-in device. Only a hash of the cookie is kept."""

    __tablename__ = "login_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    address: Mapped[Words | None]
    device: Mapped[Words | None]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    seen_at: Mapped[Moment] = mapped_column(server_default=func.now())
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    looking_company: Mapped[UUID | None] = mapped_column(ForeignKey("company.id"))
    looking_access: Mapped[UUID | None]
    """Staff look into this company, as the person of this support access allowed."""

    user: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        Index(None, "user_id"),
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash_is_sha256"),
    )

    def is_live(self, now: datetime) -> bool:
        """May this device still act?"""
        return self.revoked_at is None and self.expires_at > now
