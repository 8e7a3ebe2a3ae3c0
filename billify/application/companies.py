"""The company itself: its particulars, and who belongs to it with which role."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from billify.application import audit, digests, invitations, live
from billify.data.db import transaction
from billify.data.models import Company, Membership
from billify.data.queries import companies as queries
from billify.data.queries.account_removal import forget_told
from billify.domain import names, references
from billify.domain.documents import SURE_PERCENT
from billify.domain.obligations import Every
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import RIGHTS, Actor, Right, Role

ALERT_DAYS = 14
MOST_ALERT_DAYS = 91


@dataclass(frozen=True, slots=True)
class Particulars:
    """A company as it describes itself."""

    name: str
    vat_number: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str
    language: str
    floor_amount: Decimal
    sure_percent: int = SURE_PERCENT
    """From which confidence on a value that was read counts as sure."""
    alert_days: int = ALERT_DAYS
    """How many days ahead a balance below the floor is told."""
    vat_every: Every | None = Every.QUARTER
    withholding_every: Every | None = None
    """How long the periods of returns are; none for a tax that is not owed."""
    counts_budget: bool = False
    asks_slower: bool = True
    """Are partners asked less often outside of office hours?"""


def change(*, particulars: Particulars, by: Actor) -> Company:
    """Change the company's particulars. Refuses a VAT number that can't be right, and a name that
    is an address on the web."""
    if not by.can(Right.MANAGE_COMPANY):
        raise NotAllowed
    names.check(particulars.name)
    vat = references.normalise_vat(particulars.vat_number) if particulars.vat_number else None
    with transaction():
        company = queries.lock_own()
        before = _facts(company)
        company.name, company.vat_number = particulars.name, vat
        company.enterprise_number = references.enterprise_of(vat) if vat else None
        company.street, company.postcode = particulars.street, particulars.postcode
        company.city, company.country = particulars.city, particulars.country
        company.language, company.floor_amount = particulars.language, particulars.floor_amount
        company.sure_percent = particulars.sure_percent
        company.alert_days = particulars.alert_days
        company.vat_every = particulars.vat_every
        company.withholding_every = particulars.withholding_every
        company.counts_budget = particulars.counts_budget
        company.asks_slower = particulars.asks_slower
        audit.record("company.changed", company, by=by, before=before, after=_facts(company))
        live.touch("cash-flow", "documents")
    return company


def change_member(
    *, membership_id: UUID, role: Role, approval_limit: Decimal | None, by: Actor
) -> Membership:
    """Give a person another role or approval limit. Refuses to leave a company without owner.

    Who may do less from now on loses what they were told, and who is no owner any more the
    invitations they have sent.
    """
    with transaction():
        member = _locked(membership_id, by)
        before = _member_facts(member)
        if role is not Role.OWNER:
            _keep_an_owner(member)
        if not RIGHTS[role] >= RIGHTS[member.role]:
            _forget_told(member)
        if role is not Role.OWNER:
            invitations.withdraw_of(user_id=member.user_id, by=by)
        member.role, member.approval_limit = role, approval_limit
        audit.record("member.changed", member, by=by, before=before, after=_member_facts(member))
    return member


def remove_member(*, membership_id: UUID, by: Actor) -> None:
    """End a person's place in the company. Refuses to remove the last owner."""
    with transaction():
        member = _locked(membership_id, by)
        _keep_an_owner(member)
        audit.record("member.removed", member, by=by, before=_member_facts(member))
        _end(member, by)


def leave(*, by: Actor) -> None:
    """End one's own place in the company, whatever the role. Refuses the last owner."""
    with transaction():
        queries.lock_owners()
        member = queries.lock_member_of(by.user_id) if by.user_id else None
        if member is None:
            raise NotFound
        _keep_an_owner(member)
        audit.record("member.left", member, by=by, before=_member_facts(member))
        _end(member, by)


def _end(member: Membership, by: Actor) -> None:
    invitations.withdraw_of(user_id=member.user_id, by=by)
    _forget_told(member)
    queries.remove(member)


def _forget_told(member: Membership) -> None:
    """What a person was told of the company goes, and what waits to be mailed of it."""
    forget_told(member.user_id)
    digests.take_back(user_id=member.user_id, company_id=member.company_id)


def _locked(membership_id: UUID, by: Actor) -> Membership:
    """The person's place. All owners are locked too, so two can't leave at the same moment."""
    if by.role is not Role.OWNER:
        raise NotAllowed(N_("Only an owner can change who belongs to the company."))
    queries.lock_owners()
    member = queries.lock_member(membership_id)
    if member is None:
        raise NotFound
    return member


def _keep_an_owner(member: Membership) -> None:
    if member.role is Role.OWNER and queries.count_owners() < 2:
        raise Refusal(N_("A company keeps at least one owner. Make somebody else owner first."))


def _facts(company: Company) -> dict[str, object]:
    return {
        name: getattr(company, name)
        for name in (
            "name",
            "vat_number",
            "street",
            "postcode",
            "city",
            "country",
            "language",
            "floor_amount",
            "sure_percent",
            "alert_days",
            "vat_every",
            "withholding_every",
            "counts_budget",
            "asks_slower",
        )
    }


def _member_facts(member: Membership) -> dict[str, object]:
    return {
        "name": queries.name_of(member.user_id),
        "user_id": member.user_id,
        "role": member.role,
        "approval_limit": member.approval_limit,
    }
