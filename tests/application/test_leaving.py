"""Leaving a company, or staying with less: nothing sent or told before leads back in."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from billify.application import account_removal, companies, invitations, mails
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Invitation, Mail, Membership, Notification
from billify.domain.mails import MailState
from billify.domain.notifications import NotificationKind
from billify.domain.roles import Role
from tests.cast import PASSWORD, Cast, Member, add_member


def second_owner(cast: Cast) -> Member:
    return add_member(cast.anna.actor.company_id, "bakkerij-anna", "Els", Role.OWNER)


def membership_of(who: Member) -> UUID:
    with tenancy.company_scope(who.actor.company_id):
        return db.session.scalars(
            select(Membership.id).where(Membership.user_id == who.user_id)
        ).one()


def removed(cast: Cast, els: Member) -> None:
    companies.remove_member(membership_id=membership_of(els), by=cast.anna.actor)


def demoted(cast: Cast, els: Member) -> None:
    companies.change_member(
        membership_id=membership_of(els),
        role=Role.ADMIN,
        approval_limit=None,
        by=cast.anna.actor,
    )


def left(cast: Cast, els: Member) -> None:
    companies.leave(by=els.actor)


def gone(cast: Cast, els: Member) -> None:
    tenancy.leave()
    with tenancy.user_scope(els.user_id):
        account_removal.remove(user_id=els.user_id, password=PASSWORD)


@pytest.mark.parametrize("ended", [removed, demoted, left, gone])
def test_who_is_no_owner_any_more_comes_back_by_no_invitation_of_theirs(
    ended: Callable[[Cast, Member], None], cast: Cast
) -> None:
    els = second_owner(cast)
    company_id = cast.anna.actor.company_id
    with tenancy.company_scope(company_id):
        for by, email in ((els.actor, "els.2@example.be"), (cast.anna.actor, "b@example.be")):
            invitations.invite(
                email=email, role=Role.OWNER, approval_limit=None, language="nl", by=by
            )

    with tenancy.company_scope(company_id, cast.anna.user_id):
        ended(cast, els)

    with tenancy.company_scope(company_id):
        db.session.expire_all()
        found = db.session.scalars(select(Invitation).order_by(Invitation.id)).all()
        assert [one.withdrawn_at is not None for one in found] == [True, False]
        waiting = db.session.scalars(select(Mail.state).where(Mail.kind == "invitation"))
        assert sorted(waiting) == [MailState.DISCARDED, MailState.WAITING]
        verbs = db.session.scalars(select(AuditEvent.verb)).all()
    assert "invitation.withdrawn" in verbs


@pytest.mark.parametrize("ended", [removed, left])
def test_who_has_left_is_mailed_nothing_that_they_were_told_before(
    ended: Callable[[Cast, Member], None], cast: Cast
) -> None:
    els, here, there = second_owner(cast), cast.anna.actor.company_id, cast.chloe.actor.company_id
    with tenancy.user_scope(els.user_id), transaction():
        for about in ([here], [there], [here, there]):
            lines = [{"company_id": str(one), "facts": {}} for one in about]
            mails.write(
                kind="digest",
                to=els.email,
                language="nl",
                facts={"name": "Els", "lines": lines},
                user_id=els.user_id,
            )

    with tenancy.company_scope(here, cast.anna.user_id):
        ended(cast, els)

    assert told(els) == [None, [str(there)], [str(there)]]


@pytest.mark.parametrize(("role", "stays"), [(Role.ADMIN, 1), (Role.VIEWER, 0), (Role.EMPLOYEE, 0)])
def test_who_may_do_less_loses_what_they_were_told(role: Role, stays: int, cast: Cast) -> None:
    els, here = second_owner(cast), cast.anna.actor.company_id
    with tenancy.company_scope(here), transaction() as session:
        session.add(
            Notification(
                user_id=els.user_id,
                kind=NotificationKind.BELOW_FLOOR,
                key="one",
                facts={},
                path="",
            )
        )
    with tenancy.user_scope(els.user_id), transaction():
        mails.write(
            kind="notification",
            to=els.email,
            language="nl",
            facts={"name": "Els", "lines": [{"company_id": str(here), "facts": {}}]},
            user_id=els.user_id,
        )

    with tenancy.company_scope(here, cast.anna.user_id):
        companies.change_member(
            membership_id=membership_of(els),
            role=role,
            approval_limit=None,
            by=cast.anna.actor,
        )

    with tenancy.company_scope(here):
        assert len(db.session.scalars(select(Notification)).all()) == stays
    assert [one for one in told(els) if one] == [[str(here)]] * stays


def told(who: Member) -> list[list[str] | None]:
    """The companies that each mail to a person tells of, or nothing."""
    with tenancy.unscoped("the test looks"):
        db.session.expire_all()
        keys = db.session.scalars(
            select(Mail.id).where(Mail.user_id == who.user_id).order_by(Mail.id)
        ).all()
    found = [mails.opened(mail_id=key) for key in keys]
    return [
        [line["company_id"] for line in facts["lines"]]
        if facts is not None and mail.state is MailState.WAITING
        else None
        for mail, facts in found
    ]
