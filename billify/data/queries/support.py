"""Who of the staff asked to look along with whom, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update

from billify.data.db import db
from billify.data.models import Company, LoginSession, Membership, SupportAccess, User
from billify.domain.people import SupportState

SHOWN = 20


class Eyes(NamedTuple):
    """An access with the person whose eyes it lends, and that person's place in the company."""

    access: SupportAccess
    user: User
    member: Membership
    company: Company


def eyes(*, access_id: UUID) -> Eyes | None:
    """The access with its person and their place; None once the person left the company."""
    row = db.session.execute(
        select(SupportAccess, User, Membership, Company)
        .join(User, User.id == SupportAccess.user_id)
        .join(Membership, Membership.user_id == SupportAccess.user_id)
        .join(Company, Company.id == SupportAccess.company_id)
        .where(SupportAccess.id == access_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else Eyes._make(row)


def lock(access_id: UUID) -> SupportAccess | None:
    """One access, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(SupportAccess)
        .where(SupportAccess.id == access_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def lock_open(*, user_id: UUID, staff_id: UUID) -> Sequence[SupportAccess]:
    """What one of the staff has asked a person and is neither refused nor ended."""
    return db.session.scalars(
        select(SupportAccess)
        .where(
            SupportAccess.user_id == user_id,
            SupportAccess.staff_id == staff_id,
            SupportAccess.state.in_([SupportState.ASKED, SupportState.ALLOWED]),
        )
        .order_by(SupportAccess.id)
        .with_for_update()
    ).all()


def of_person(user_id: UUID) -> Sequence[SupportAccess]:
    """What a person was asked in this company, newest first."""
    return db.session.scalars(
        select(SupportAccess)
        .where(SupportAccess.user_id == user_id)
        .order_by(SupportAccess.asked_at.desc(), SupportAccess.id)
        .limit(SHOWN)
    ).all()


def of_company() -> list[tuple[SupportAccess, str]]:
    """What was asked in this company, newest first, with the name of who was asked."""
    rows = db.session.execute(
        select(SupportAccess, User.name)
        .join(User, User.id == SupportAccess.user_id)
        .order_by(SupportAccess.asked_at.desc(), SupportAccess.id)
        .limit(SHOWN)
    )
    return [(access, name) for access, name in rows]


def latest_end() -> datetime | None:
    """Until when the last of the open ones of this company counts."""
    return db.session.scalar(
        select(func.max(SupportAccess.until)).where(
            SupportAccess.state.in_([SupportState.ASKED, SupportState.ALLOWED])
        )
    )


def look_through(session_id: UUID, company_id: UUID | None, access_id: UUID | None) -> None:
    """Let a session of staff look into a company with an access, or no longer."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id)
        .values(looking_company=company_id, looking_access=access_id)
        .execution_options(synchronize_session=False)
    )
