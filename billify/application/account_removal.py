"""Removing an account: what tells who the person is goes, what the law has us keep stays.

The books of a company stay ten years (domain/keeping.py), and its log stays with them: its rows
keep the person's key and the name they acted under. The row of the account stays behind these
keys, without a person: another name, an address nobody has, no password and no second step.
"""

import secrets
from datetime import UTC, datetime
from uuid import UUID

import structlog

from billify.application import audit, invitations, personal_data, second_step
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Membership, User
from billify.data.queries import account_removal as queries
from billify.data.queries import auth as people
from billify.data.queries import companies
from billify.data.queries import personal_data as files
from billify.domain import passwords
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor, Role

log = structlog.get_logger()
NAME = "Removed person"
NOWHERE = "removed.invalid"
"""RFC 2606 keeps this name free for ever: no mail reaches it."""


def remove(*, user_id: UUID, password: str, code: str = "", address: str | None = None) -> None:
    """Remove a person's own account, for good. Runs in the person's own scope.

    Refuses a wrong password, a wrong code where an app is set up, and the last owner of a company:
    somebody else has to be owner first, or the company ends.
    """
    second_step.prove(user_id=user_id, password=password, code=code)
    now = datetime.now(UTC)
    with transaction() as session:
        user = files.lock_person(user_id)
        if user is None or user.removed_at is not None:
            raise NotFound
        email = user.email
        for place in people.places(user_id):
            with tenancy.company_scope(place.company_id, user_id):
                _leave(place, user, now, address)
        queries.forget_person(user_id, now)
        _anonymise(user, now)
        session.flush()
        with tenancy.unscoped("mails to a person are about several companies, or about none"):
            queries.forget_mails(user_id, email)
    for row in files.files(user_id):
        if row.gone_at is None:
            personal_data.remove(row=row, now=now)
    log.info("account.removed", user_id=str(user_id))


def _leave(place: Membership, user: User, now: datetime, address: str | None) -> None:
    name = place.company.name
    companies.lock_owners()
    member = companies.lock_member(place.id)
    if member is None:
        return
    role = Role(member.role)
    if role is Role.OWNER and companies.count_owners() < 2:
        raise Refusal(
            N_(
                "You are the last owner of %(company)s. Make somebody else owner there first, or"
                " ask us to close the company."
            ),
            company=name,
        )
    by = Actor(user.id, user.name, user.email, member.company_id, role, address=address)
    audit.record("member.left", member, by=by, before={"role": role})
    invitations.withdraw_of(user_id=user.id, by=by)
    queries.forget_in_company(user.id, user.email, now)
    companies.remove(member)


def _anonymise(user: User, now: datetime) -> None:
    user.name, user.email = NAME, f"{secrets.token_hex(16)}@{NOWHERE}"
    user.password_hash = passwords.keep(secrets.token_urlsafe(32))
    user.totp_seed = user.totp_since = user.locked_until = user.email_confirmed_at = None
    user.totp_step = user.failed_logins = 0
    user.is_staff = False
    user.quiet_from = user.quiet_until = None
    user.removed_at = now
    db.session.flush()
