"""Inviting and joining: who may, what a link opens, and how often."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from billify.application import auth, companies, invitations, mails
from billify.application.invitations import Ended
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import AuditEvent, Invitation, Mail, Membership
from billify.data.queries import auth as queries
from billify.data.queries import companies as company_queries
from billify.domain.invitations import InvitationState
from billify.domain.people import INVITATION_LASTS
from billify.domain.refusal import NotAllowed, NotFound, Refusal
from billify.domain.roles import Role
from tests.cast import Cast, add_member

PASSWORD = "nog een lang wachtwoord"
NEW = "gust@example.be"


def invite(cast: Cast, email: str = NEW, role: Role = Role.APPROVER) -> tuple[UUID, str]:
    """The company and secret of a new invitation's link, as its mail says them."""
    with tenancy.company_scope(cast.anna.actor.company_id):
        invitations.invite(
            email=email,
            role=role,
            approval_limit=Decimal("250.00"),
            language="fr",
            by=cast.anna.actor,
        )
    return link()


def link() -> tuple[UUID, str]:
    """What the newest mail opens."""
    with tenancy.unscoped("the test looks"):
        newest = db.session.scalars(select(Mail.id).order_by(Mail.id.desc()).limit(1)).one()
    facts = mails.opened(mail_id=newest)[1]
    assert facts is not None
    company, _, secret = facts["opens"].removeprefix("/invitations/").partition(".")
    return UUID(company), secret


def join(company_id: UUID, secret: str) -> auth.SignedIn:
    return invitations.accept_as_new(
        company_id=company_id,
        secret=secret,
        name="Gust",
        password=PASSWORD,
        language="fr",
        address="192.0.2.1",
        device="A browser",
    )


def places(user_id: UUID) -> dict[str, tuple[Role, Decimal | None]]:
    with tenancy.user_scope(user_id):
        return {one.company.slug: (one.role, one.approval_limit) for one in queries.places(user_id)}


def row(cast: Cast) -> Invitation:
    with tenancy.company_scope(cast.anna.actor.company_id):
        db.session.expire_all()
        return db.session.scalars(select(Invitation)).one()


def verbs(cast: Cast) -> list[str]:
    with tenancy.company_scope(cast.anna.actor.company_id):
        return list(db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)))


def test_a_new_person_joins_with_the_role_and_limit_of_the_invitation(cast: Cast) -> None:
    entered = join(*invite(cast))

    assert places(entered.user.id) == {"bakkerij-anna": (Role.APPROVER, Decimal("250.00"))}
    assert (entered.user.email, entered.user.email_confirmed_at is not None) == (NEW, True)
    assert auth.resume(token=entered.token) is not None
    assert verbs(cast) == ["invitation.sent", "member.joined"]
    assert row(cast).accepted_by == entered.user.id


def test_only_a_hash_of_the_secret_is_kept(cast: Cast) -> None:
    _, secret = invite(cast)

    kept = row(cast)

    assert secret.encode() not in kept.token_hash
    assert len(kept.token_hash) == 32


def test_a_link_is_good_once(cast: Cast) -> None:
    where = invite(cast)
    join(*where)

    with pytest.raises(Ended) as caught:
        invitations.accept(
            company_id=where[0], secret=where[1], user_id=cast.chloe.user_id, address=None
        )

    assert caught.value.how is InvitationState.USED


def test_who_has_an_account_joins_with_it_and_belongs_to_both_companies(cast: Cast) -> None:
    company_id, secret = invite(cast, cast.chloe.email, Role.ACCOUNTANT)

    slug = invitations.accept(
        company_id=company_id, secret=secret, user_id=cast.chloe.user_id, address=None
    )

    assert slug == "bakkerij-anna"
    assert set(places(cast.chloe.user_id)) == {"bakkerij-anna", "chocolaterie-chloe"}


def test_an_address_with_an_account_makes_no_second_one(cast: Cast) -> None:
    where = invite(cast, cast.chloe.email)

    with pytest.raises(Refusal, match="already an account"):
        join(*where)

    assert row(cast).accepted_at is None


def test_an_account_of_another_address_may_join_and_both_stand_in_the_log(cast: Cast) -> None:
    company_id, secret = invite(cast)

    invitations.accept(
        company_id=company_id, secret=secret, user_id=cast.chloe.user_id, address=None
    )

    with tenancy.company_scope(company_id):
        event = db.session.scalars(
            select(AuditEvent).where(AuditEvent.verb == "member.joined")
        ).one()
    assert event.after is not None
    assert (event.after["email"], event.after["account"]) == (NEW, cast.chloe.email)


def test_a_member_does_not_join_again(cast: Cast) -> None:
    company_id, secret = invite(cast)

    with pytest.raises(Refusal, match="belong to this company already"):
        invitations.accept(
            company_id=company_id, secret=secret, user_id=cast.bram.user_id, address=None
        )


def test_a_member_is_not_invited(cast: Cast) -> None:
    with pytest.raises(Refusal, match="belongs to the company already"):
        invite(cast, cast.bram.email.upper())


def test_who_is_invited_twice_has_one_invitation_and_the_first_link_is_dead(cast: Cast) -> None:
    first = invite(cast)
    second = invite(cast, NEW.upper(), Role.VIEWER)

    with pytest.raises(NotFound):
        join(*first)

    assert (row(cast).times_sent, row(cast).role) == (2, Role.VIEWER)
    assert places(join(*second).user.id)["bakkerij-anna"][0] is Role.VIEWER


def test_an_invitation_sent_again_has_a_new_link_and_takes_the_waiting_mail_back(
    cast: Cast,
) -> None:
    first = invite(cast)
    with tenancy.company_scope(first[0]):
        invitations.resend(invitation_id=row(cast).id, by=cast.anna.actor)
    second = link()

    with tenancy.unscoped("the test looks"):
        states = db.session.scalars(select(Mail.state).order_by(Mail.id)).all()
    assert states == ["discarded", "waiting"]
    with pytest.raises(NotFound):
        join(*first)
    join(*second)


def test_an_expired_link_opens_nothing_until_it_is_sent_again(cast: Cast) -> None:
    where = invite(cast)
    with time_machine.travel(datetime.now(UTC) + INVITATION_LASTS + timedelta(minutes=1)):
        with pytest.raises(Ended) as caught:
            join(*where)
        with tenancy.company_scope(where[0]):
            invitations.resend(invitation_id=row(cast).id, by=cast.anna.actor)
        join(*link())

    assert caught.value.how is InvitationState.EXPIRED


def test_a_withdrawn_link_opens_nothing_and_is_not_sent_again(cast: Cast) -> None:
    where = invite(cast)
    with tenancy.company_scope(where[0]):
        invitations.withdraw(invitation_id=row(cast).id, by=cast.anna.actor)
        with pytest.raises(Ended):
            invitations.resend(invitation_id=row(cast).id, by=cast.anna.actor)

    with pytest.raises(Ended) as caught:
        join(*where)

    assert caught.value.how is InvitationState.WITHDRAWN


def test_a_link_is_good_for_its_own_company_only(cast: Cast) -> None:
    _, secret = invite(cast)

    with pytest.raises(NotFound):
        join(cast.chloe.actor.company_id, secret)


def test_only_an_owner_invites_sends_again_and_withdraws(cast: Cast) -> None:
    where = invite(cast)
    admin = add_member(where[0], cast.anna.slug, "Ada", Role.ADMIN).actor
    invitation_id = row(cast).id

    with tenancy.company_scope(where[0]):
        with pytest.raises(NotAllowed):
            invitations.invite(
                email="x@example.be",
                role=Role.VIEWER,
                approval_limit=None,
                language="nl",
                by=admin,
            )
        with pytest.raises(NotAllowed):
            invitations.resend(invitation_id=invitation_id, by=admin)
        with pytest.raises(NotAllowed):
            invitations.withdraw(invitation_id=invitation_id, by=admin)


@pytest.mark.parametrize(
    "email", ["no address", "a@b", "@example.be", "a@@example.be", "a@example.be\nBcc: x@y.be", "."]
)
def test_what_is_no_address_is_not_written_to(email: str, cast: Cast) -> None:
    with pytest.raises(Refusal, match="not an e-mail address"):
        invite(cast, email)


def test_a_company_does_not_write_to_the_whole_world(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    invite(cast, "one@example.be")
    invite(cast, "two@example.be")

    with pytest.raises(Refusal, match="enough invitations"):
        invite(cast, "three@example.be")


def test_who_leaves_has_no_place_any_more_and_the_last_owner_stays(cast: Cast) -> None:
    with tenancy.company_scope(cast.anna.actor.company_id):
        companies.leave(by=cast.bram.actor)
        with pytest.raises(Refusal, match="at least one owner"):
            companies.leave(by=cast.anna.actor)
        left = db.session.scalars(select(Membership.user_id)).all()

    assert cast.bram.user_id not in left
    assert cast.anna.user_id in left
    assert verbs(cast) == ["member.left"]


def test_an_invitation_is_of_who_has_sent_it_last(cast: Cast) -> None:
    els = add_member(cast.anna.actor.company_id, "bakkerij-anna", "Els", Role.OWNER)
    invite(cast)

    with tenancy.company_scope(cast.anna.actor.company_id):
        invitations.resend(invitation_id=row(cast).id, by=els.actor)

    assert row(cast).invited_by == els.user_id


def test_nobody_joins_a_company_that_is_suspended(cast: Cast) -> None:
    where = invite(cast)
    with tenancy.company_scope(cast.anna.actor.company_id), transaction():
        company_queries.own().suspended_at = datetime.now(UTC)

    with pytest.raises(Refusal, match="suspended"):
        join(*where)
    with pytest.raises(Refusal, match="suspended"):
        invitations.accept(
            company_id=where[0], secret=where[1], user_id=cast.chloe.user_id, address=None
        )
