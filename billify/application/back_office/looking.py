"""Staff look at a company's rows: what they saw is a line in that company's own audit log.

In the back office they see how a company runs. Its books they see only with the eyes of a person
of the company who has allowed it, for an hour, without touching anything: docs/adr/0019.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from billify.application import audit, mails, news
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Company, SupportAccess, User
from billify.data.queries import companies, staff_people
from billify.data.queries import support as queries
from billify.domain.people import SUPPORT_LASTS, SUPPORT_WAITS, SupportState, support_now
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor, Role, Staff


@dataclass(frozen=True, slots=True)
class Eyes:
    """With whose eyes staff look, at which company, until when."""

    access_id: UUID
    company: Company
    user_id: UUID
    name: str
    email: str
    role: Role
    approval_limit: Decimal | None
    until: datetime


def note(*, what: str, company_id: UUID, by: Staff, eyes_of: str | None = None) -> None:
    """Write down that staff look at a company's rows, before they are shown.

    `what` is a word of `web/verbs.py` PAGES, or the path of a page of the company.
    """
    after = {"page": what} | ({"eyes_of": eyes_of} if eyes_of else {})
    with tenancy.company_scope(company_id), transaction():
        audit.record("staff.looked", companies.own(), by=by, after=after)


def note_each(*, what: str, company_ids: Iterable[UUID], by: Staff) -> None:
    """The same for a page that shows rows of several companies, in all of them or in none."""
    with transaction():
        for company_id in set(company_ids):
            note(what=what, company_id=company_id, by=by)


def ask(*, company_id: UUID, user_id: UUID, reason: str, by: Staff) -> UUID:
    """Ask a person of a company whether one may look along. Refuses without a reason, a person
    who can't log in, and while a question to the same person is open."""
    if not reason.strip():
        raise Refusal(N_("Say why: the person reads it before they decide."))
    now = datetime.now(UTC)
    with tenancy.company_scope(company_id), transaction() as session:
        user = staff_people.get(user_id)
        if user is None or all(one.user_id != user_id for one in companies.members()):
            raise NotFound
        if user.suspended_at is not None:
            raise Refusal(N_("This person is suspended and can't answer."))
        for earlier in queries.lock_open(user_id=user_id, staff_id=by.user_id):
            if _now(earlier, now) is not SupportState.ENDED:
                raise Refusal(N_("You have asked this person already."))
        access = SupportAccess(
            user_id=user_id,
            staff_id=by.user_id,
            staff_name=by.name,
            reason=reason.strip(),
            until=now + SUPPORT_WAITS,
        )
        session.add(access)
        session.flush()
        _mark_company()
        audit.record("support.asked", access, by=by, after=_facts(access, user))
        _tell(access, user)
    return access.id


def allow(*, access_id: UUID, by: Actor) -> None:
    """Let support look with one's eyes for an hour. Refuses what is another's or was decided."""
    with transaction():
        access = _own(access_id, by)
        _refuse_unless(access, SupportState.ASKED)
        access.state = SupportState.ALLOWED
        access.decided_at = datetime.now(UTC)
        access.until = access.decided_at + SUPPORT_LASTS
        _mark_company()
        audit.record("support.allowed", access, by=by, after=_told(access))


def refuse(*, access_id: UUID, by: Actor) -> None:
    """Let support not look. Refuses what is another's or was decided."""
    with transaction():
        access = _own(access_id, by)
        _refuse_unless(access, SupportState.ASKED)
        access.state, access.decided_at = SupportState.REFUSED, datetime.now(UTC)
        _mark_company()
        audit.record("support.refused", access, by=by, after=_told(access))


def end(*, access_id: UUID, by: Actor) -> None:
    """Take a permission back; the next page that support asks for is not there."""
    with transaction():
        access = _own(access_id, by)
        _refuse_unless(access, SupportState.ALLOWED)
        _end(access, by)


def end_by_staff(*, company_id: UUID, access_id: UUID, session_id: UUID, by: Staff) -> None:
    """Stop looking, or take a question back. Refuses what another of the staff has asked."""
    with tenancy.company_scope(company_id), transaction():
        access = queries.lock(access_id)
        if access is None or access.staff_id != by.user_id:
            raise NotFound
        queries.look_through(session_id, None, None)
        if _now(access, datetime.now(UTC)) in (SupportState.ASKED, SupportState.ALLOWED):
            _end(access, by)


def begin(*, company_id: UUID, access_id: UUID, session_id: UUID, by: Staff) -> str:
    """Look with the eyes of the person who has allowed it; gives the company's address. Refuses
    what nobody has allowed, and what another of the staff has asked."""
    with tenancy.company_scope(company_id), transaction():
        found = _eyes(access_id, by.user_id)
        if found is None:
            raise NotFound
        access = queries.lock(access_id)
        queries.look_through(session_id, company_id, access_id)
        audit.record("support.began", access, by=by, after={"eyes_of": found.name})
    return found.company.slug


def eyes(*, company_id: UUID, access_id: UUID, staff_id: UUID) -> Eyes | None:
    """Whose eyes one of the staff has right now. None when the permission was taken back or has
    run out, when the person left the company or was suspended, or the company was."""
    with tenancy.company_scope(company_id, user_id=staff_id):
        return _eyes(access_id, staff_id)


def state_of(access: SupportAccess) -> SupportState:
    """How an access stands at this moment."""
    return _now(access, datetime.now(UTC))


def is_open(access: SupportAccess) -> bool:
    """Is it a question without an answer, or a permission that counts?"""
    return state_of(access) in (SupportState.ASKED, SupportState.ALLOWED)


def _eyes(access_id: UUID, staff_id: UUID) -> Eyes | None:
    found = queries.eyes(access_id=access_id)
    if found is None or found.access.staff_id != staff_id:
        return None
    access, user, company = found.access, found.user, found.company
    allowed = _now(access, datetime.now(UTC)) is SupportState.ALLOWED
    if not allowed or access.until is None or user.suspended_at or company.suspended_at:
        return None
    return Eyes(
        access_id=access.id,
        company=company,
        user_id=user.id,
        name=user.name,
        email=user.email,
        role=Role(found.member.role),
        approval_limit=found.member.approval_limit,
        until=access.until,
    )


def _now(access: SupportAccess, now: datetime) -> SupportState:
    return support_now(state=access.state, until=access.until, now=now)


def _own(access_id: UUID, by: Actor) -> SupportAccess:
    """Only the person who was asked decides, whatever the role of others."""
    access = queries.lock(access_id)
    if access is None or access.user_id != by.user_id:
        raise NotFound
    return access


def _refuse_unless(access: SupportAccess, wanted: SupportState) -> None:
    if _now(access, datetime.now(UTC)) is not wanted:
        raise Refusal(N_("This was decided already, or it has ended."))


def _end(access: SupportAccess, by: Actor | Staff) -> None:
    access.state, access.ended_at = SupportState.ENDED, datetime.now(UTC)
    _mark_company()
    audit.record("support.ended", access, by=by, after=_told(access))


def _mark_company() -> None:
    """The company's row says until when its people's pages have to ask for what is open."""
    company = companies.lock_own()
    company.support_until = queries.latest_end()


def _told(access: SupportAccess) -> dict[str, object]:
    return {"staff": access.staff_name}


def _facts(access: SupportAccess, user: User) -> dict[str, object]:
    return {"eyes_of": user.name, "reason": access.reason}


def _tell(access: SupportAccess, user: User) -> None:
    company = companies.own()
    news.support_asks(
        access_id=access.id, user_id=user.id, staff_name=access.staff_name, reason=access.reason
    )
    mails.write(
        kind="support_asks",
        to=user.email,
        language=user.language,
        facts={
            "staff": access.staff_name,
            "reason": access.reason,
            "name": user.name,
            "company": company.name,
            "path": f"/c/{company.slug}/support",
            "until": access.until.isoformat() if access.until else None,
        },
        user_id=user.id,
        key=f"support:{access.id}",
    )
