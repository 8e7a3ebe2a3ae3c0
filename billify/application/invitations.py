"""Inviting people to a company, and joining it.

The link holds the company and a secret, of which only a hash is kept: who has it may join, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from billify.application import audit, auth, mails
from billify.application.auth import SignedIn
from billify.data import tenancy
from billify.data.db import Conflict, db, transaction
from billify.data.models import Invitation, Membership, User
from billify.data.queries import auth as auth_queries
from billify.data.queries import companies as company_queries
from billify.data.queries import invitations as queries
from billify.data.queries import people as people_queries
from billify.data.types import uuid7
from billify.domain import email_addresses, names, passwords
from billify.domain.invitations import InvitationState, state
from billify.domain.people import INVITATION_LASTS
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Role, Staff

MOST_A_DAY = 100
"""So many mails of invitations a company may ask for: we write to no strangers for others."""


class Ended(Refusal):
    """An invitation that was good once: it has expired, was withdrawn, or was used."""

    def __init__(self, how: InvitationState):
        super().__init__(_ENDED[how])
        self.how = how


_ENDED = {
    InvitationState.EXPIRED: N_("This invitation has expired. Ask for a new one."),
    InvitationState.WITHDRAWN: N_("This invitation was withdrawn."),
    InvitationState.USED: N_("This invitation was used."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of an invitation tells who has the link."""

    company_name: str
    slug: str
    inviter: str | None
    email: str
    role: Role
    approval_limit: Decimal | None
    language: str
    state: InvitationState
    has_account: bool
    """Is there an account with the address it was sent to?"""
    is_member: bool
    """Does who is signed in belong to the company already?"""


@dataclass(frozen=True, slots=True)
class Pending:
    """An invitation as its company sees it."""

    id: UUID
    email: str
    role: Role
    approval_limit: Decimal | None
    sent_at: datetime
    times_sent: int
    expires_at: datetime
    state: InvitationState


def pending(*, now: datetime) -> Sequence[Pending]:
    """The company's invitations that nobody took or withdrew, newest first."""
    return [
        Pending(
            one.id,
            one.email,
            one.role,
            one.approval_limit,
            one.sent_at,
            one.times_sent,
            one.expires_at,
            _state(one, now),
        )
        for one in queries.pending()
    ]


def may_write(*, by: Actor) -> bool:
    """Has who acts an address of their own that is confirmed? Before that we write to nobody."""
    return by.user_id is not None and auth.is_confirmed(user_id=by.user_id)


def invite(
    *, email: str, role: Role, approval_limit: Decimal | None, language: str, by: Actor
) -> Invitation:
    """Write to somebody that they may join. Who is invited already gets a new link and role.

    Refuses who is no owner or has not confirmed their own address, what is no address, and who
    belongs to the company already.
    """
    _refuse_others(by)
    _refuse_unconfirmed(by)
    address = email_addresses.normalised(text=email)
    with transaction() as session:
        company_queries.lock_own()
        if any(one.email == address for one in company_queries.members()):
            raise Refusal(N_("%(email)s belongs to the company already."), email=address)
        row = queries.pending_of(address)
        if row is None:
            row = Invitation(id=uuid7(), email=address, times_sent=0)
        else:
            mails.take_back(key=_key(row))
        row.role, row.approval_limit, row.language = role, approval_limit, language
        _send(row, by)
        session.add(row)
        session.flush()
        audit.record("invitation.sent", row, by=by, after=_facts(row))
    return row


def resend(*, invitation_id: UUID, by: Actor | Staff) -> Invitation:
    """Write again, with a new link and time anew; the link before is good for nothing then.

    Refuses one that was used or withdrawn, and who has not confirmed their own address. Staff may
    do it within the company's scope.
    """
    _refuse_others(by)
    _refuse_unconfirmed(by)
    with transaction():
        company_queries.lock_own()
        row = _pending(invitation_id)
        mails.take_back(key=_key(row))
        _send(row, by)
        audit.record("invitation.resent", row, by=by, after=_facts(row))
    return row


def withdraw_of(*, user_id: UUID, by: Actor) -> None:
    """Let every open invitation of a person who is no owner any more be good for nothing, within
    the running transaction: by one of their own they would come back in."""
    for row in queries.pending_by(user_id):
        _withdraw(row, by)


def withdraw(*, invitation_id: UUID, by: Actor) -> Invitation:
    """Let an invitation be good for nothing. Refuses one that was used or withdrawn."""
    _refuse_others(by)
    with transaction():
        row = _pending(invitation_id)
        _withdraw(row, by)
    return row


def show(*, company_id: UUID, secret: str, user_id: UUID | None) -> Shown:
    """What a link is about. Refuses one that never was; ended ones are shown as such."""
    with tenancy.company_scope(company_id):
        row = queries.by_hash(passwords.token_hash(secret))
        if row is None:
            raise NotFound(N_("There is no such invitation. Was the whole address copied?"))
        company = company_queries.own()
        return Shown(
            company_name=company.name,
            slug=company.slug,
            inviter=company_queries.name_of(row.invited_by) if row.invited_by else None,
            email=row.email,
            role=row.role,
            approval_limit=row.approval_limit,
            language=row.language,
            state=_state(row, datetime.now(UTC)),
            has_account=auth_queries.user_by_email(row.email) is not None,
            is_member=user_id is not None and people_queries.member(user_id) is not None,
        )


def accept(*, company_id: UUID, secret: str, user_id: UUID, address: str | None) -> str:
    """Join as a person who is signed in; gives the company's address.

    Refuses an invitation that has ended, who belongs to the company already, and a company that is
    suspended. The account may have another address than the invitation was sent to: both stand in
    the audit log.
    """
    with tenancy.company_scope(company_id, user_id), transaction():
        row = _taken(secret)
        user = auth_queries.user(user_id)
        if user is None:
            raise NotFound
        _join(row, user, address)
        return company_queries.own().slug


def accept_as_new(
    *,
    company_id: UUID,
    secret: str,
    name: str,
    password: str,
    language: str,
    address: str | None,
    device: str | None,
) -> SignedIn:
    """Join with a new account for the address of the invitation, and sign in.

    Refuses an invitation that has ended, a bad password or name, and an address that has an
    account: then its person logs in first. The address is confirmed, for the link was sent there.
    """
    names.check(name)
    kept = passwords.keep(password)
    now = datetime.now(UTC)
    with tenancy.company_scope(company_id), transaction() as session:
        row = _taken(secret)
        user = User(
            email=row.email,
            name=name,
            password_hash=kept,
            language=language,
            email_confirmed_at=now,
        )
        if auth_queries.user_by_email(row.email) is not None:
            raise Refusal(_KNOWN)
        session.add(user)
        try:
            session.flush()
        except Conflict:
            raise Refusal(_KNOWN) from None
        _join(row, user, address)
    return auth.enter(user=user, address=address, device=device)


_KNOWN = N_("There is already an account with this e-mail address. Log in.")


def _join(row: Invitation, user: User, address: str | None) -> None:
    """Make a member of a person, within the company's scope and the running transaction."""
    if people_queries.member(user.id) is not None:
        raise Refusal(N_("You belong to this company already."))
    member = Membership(
        id=uuid7(), user_id=user.id, role=row.role, approval_limit=row.approval_limit
    )
    db.session.add(member)
    row.accepted_at, row.accepted_by = datetime.now(UTC), user.id
    audit.record(
        "member.joined",
        member,
        by=Actor(
            user.id, user.name, user.email, row.company_id, row.role, row.approval_limit, address
        ),
        after=_facts(row) | {"name": user.name, "user_id": user.id, "account": user.email},
    )


def _taken(secret: str) -> Invitation:
    """The open invitation of a link, locked so that nobody else takes it."""
    row = queries.lock_by_hash(passwords.token_hash(secret))
    if row is None:
        raise NotFound(N_("There is no such invitation. Was the whole address copied?"))
    found = _state(row, datetime.now(UTC))
    if found is not InvitationState.OPEN:
        raise Ended(found)
    if company_queries.own().suspended_at is not None:
        raise Refusal(N_("This company is suspended. Nobody can join it for now."))
    return row


def _pending(invitation_id: UUID) -> Invitation:
    row = queries.lock(invitation_id)
    if row is None:
        raise NotFound
    found = _state(row, datetime.now(UTC))
    if found in (InvitationState.USED, InvitationState.WITHDRAWN):
        raise Ended(found)
    return row


def _withdraw(row: Invitation, by: Actor) -> None:
    row.withdrawn_at = datetime.now(UTC)
    mails.take_back(key=_key(row))
    audit.record("invitation.withdrawn", row, by=by, before=_facts(row))


def _send(row: Invitation, by: Actor | Staff) -> None:
    """A new secret, time anew, and a mail with it."""
    now = datetime.now(UTC)
    if queries.count_since(now - timedelta(days=1)) >= MOST_A_DAY:
        raise Refusal(N_("That is enough invitations for today. Go on tomorrow."))
    company = company_queries.own()
    secret = passwords.new_token()
    row.token_hash = passwords.token_hash(secret)
    row.sent_at, row.expires_at = now, now + INVITATION_LASTS
    row.times_sent += 1
    if isinstance(by, Actor):
        row.invited_by = by.user_id
    inviter = company_queries.name_of(row.invited_by) if row.invited_by else None
    mails.write(
        kind="invitation",
        to=row.email,
        language=row.language,
        facts={
            "company": company.name,
            "inviter": inviter or by.name,
            "role": row.role,
            "until": row.expires_at.isoformat(),
            "opens": f"/invitations/{company.id}.{secret}",
        },
        company_id=company.id,
        key=_key(row),
    )


def _key(row: Invitation) -> str:
    return f"invitation:{row.id}:{row.times_sent}"


def _refuse_others(by: Actor | Staff) -> None:
    if isinstance(by, Actor) and by.role is not Role.OWNER:
        raise NotAllowed(N_("Only an owner can change who belongs to the company."))


def _refuse_unconfirmed(by: Actor | Staff) -> None:
    """Mails in somebody's name go out once we know that the name has an address."""
    if isinstance(by, Actor) and not may_write(by=by):
        raise Refusal(N_("Confirm your e-mail address first: open the link in the mail to you."))


def _state(row: Invitation, now: datetime) -> InvitationState:
    return state(
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
        withdrawn_at=row.withdrawn_at,
        now=now,
    )


def _facts(row: Invitation) -> dict[str, object]:
    return {"email": row.email, "role": row.role, "approval_limit": row.approval_limit}
