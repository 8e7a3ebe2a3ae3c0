"""Signing up, logging in and out, and the devices a person is signed in on."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from billify.application import audit, lock_out, person_links, security_notes
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Company, LoginSession, Membership, User
from billify.data.queries import auth as queries
from billify.data.queries import recovery as links
from billify.data.types import uuid7
from billify.domain import devices, email_addresses, identity, names, passwords, references
from billify.domain.people import DateStyle, TokenPurpose
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor, Role

_WRONG = N_("The e-mail address or the password is wrong.")
SIGNED_IN_FOR = timedelta(days=30)
_NOTE_USE_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: `token` goes into the cookie and is kept nowhere else."""

    token: str
    user: User
    slugs: tuple[str, ...]
    """The companies the person belongs to, by name."""


@dataclass(frozen=True, slots=True)
class Half:
    """Who gave the right password and no code yet. It opens no page."""

    user_id: UUID
    mark: str
    """Of the password that was given."""


class NotYourPassword(Refusal):
    """The password that was given again is not the person's."""

    def __init__(self) -> None:
        super().__init__(N_("This is not your password."))


class SecondStepWanted(Exception):
    """The password is right, and a code is wanted as well: see `second_step.finish`."""

    def __init__(self, half: Half):
        super().__init__("a code is wanted")
        self.half = half


def sign_up(
    *,
    company_name: str,
    vat_number: str | None,
    name: str,
    email: str,
    password: str,
    language: str,
) -> Company:
    """A new company with its first owner, who gets a mail to confirm the address.

    Refuses what is no e-mail address, one that is known, a bad VAT number, and a name that is an
    address on the web.
    """
    names.check(company_name, name)
    address = email_addresses.normalised(text=email)
    number = references.normalise_vat(vat_number) if vat_number else None
    kept = passwords.keep(password)
    with transaction() as session:
        if queries.user_by_email(address) is not None:
            raise Refusal(N_("There is already an account with this e-mail address. Log in."))
        user = User(email=address, name=name, password_hash=kept, language=language)
        company = Company(
            id=uuid7(),
            name=company_name,
            slug=_free_slug(company_name),
            vat_number=number,
            enterprise_number=references.enterprise_of(number) if number else None,
            language=language,
        )
        session.add(user)
        session.flush()
        tenancy.enter(tenancy.Scope(company_id=company.id, user_id=user.id))
        session.add(company)
        session.flush()
        session.add(Membership(user_id=user.id, role=Role.OWNER))
        audit.record(
            "company.signed_up",
            company,
            by=Actor(user.id, user.name, user.email, company.id, Role.OWNER),
            after={"name": company.name, "vat_number": number},
        )
        session.flush()
        person_links.send_confirmation(user=user)
    return company


def log_in(*, email: str, password: str, address: str | None, device: str | None) -> SignedIn:
    """Open a session, or raise SecondStepWanted where the password is only half of it.

    One refusal, after the same time, for an unknown address, a wrong password and an account that
    is closed to guesses. Who is suspended is told so after the right password.
    """
    user = _with_password(queries.user_by_email(email), password)
    if user.totp_since is not None:
        raise SecondStepWanted(Half(user.id, mark_of(user=user)))
    return enter(user=user, address=address, device=device)


def enter(*, user: User, address: str | None, device: str | None) -> SignedIn:
    """Open a session for who has proven who they are; what was wrong before is forgotten.

    Refuses like a wrong password when guesses have closed the account in this very moment.
    """
    token = passwords.new_token()
    with transaction() as session:
        if not queries.clear_wrong(user.id, datetime.now(UTC)):
            raise Refusal(_WRONG)
        _tell_of_new_device(user, address, device)
        session.add(
            LoginSession(
                user_id=user.id,
                token_hash=passwords.token_hash(token),
                address=address,
                device=(device or "")[:300] or None,
                expires_at=datetime.now(UTC) + SIGNED_IN_FOR,
            )
        )
    with tenancy.user_scope(user.id):
        places = queries.places(user.id)
    return SignedIn(token=token, user=user, slugs=tuple(one.company.slug for one in places))


def _tell_of_new_device(user: User, address: str | None, device: str | None) -> None:
    """A mail when somebody enters with a kind of browser that the person never used; the first
    one ever is no news."""
    known = {devices.name(one) for one in queries.devices(user.id)}
    name = devices.name(device)
    if known and name not in known:
        security_notes.write(
            user=user,
            note=security_notes.Note.NEW_DEVICE,
            device=name or "?",
            address=address or "?",
        )


def has_second_step(*, user_id: UUID) -> bool:
    """Does it take more than the password to enter as this person?

    A passkey beside the password does not count: the password would still open the door alone.
    """
    return queries.second_step_since(user_id) is not None


def is_confirmed(*, user_id: UUID) -> bool:
    """Has the person shown that mails to their address reach them?"""
    user = queries.user(user_id)
    return user is not None and user.email_confirmed_at is not None


def mark_of(*, user: User) -> str:
    """What changes with the password: a log-in begun with another one can't be finished."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]


def prove(*, user_id: UUID, password: str) -> User:
    """The person, who gives the password again before something grave. Refuses a wrong one.

    A wrong one counts, so that who sits down at an open screen can't try them out.
    """
    user = queries.user(user_id)
    fits = passwords.fits(user.password_hash if user else None, password)
    if user is None or not fits or lock_out.is_locked(user=user):
        lock_out.count(user=user)
        raise NotYourPassword
    return user


def resume(*, token: str) -> LoginSession | None:
    """The live session of a cookie, or None."""
    found = queries.session_by_token(passwords.token_hash(token))
    now = datetime.now(UTC)
    if found is None or not found.is_live(now) or not _may_enter(found.user):
        return None
    if now - found.seen_at > _NOTE_USE_EVERY:
        with transaction():
            queries.seen(found.id, now)
    return found


def log_out(*, session_id: UUID, user_id: UUID) -> None:
    """End this session; ending it twice is the same."""
    with transaction():
        queries.revoke(session_id, user_id, datetime.now(UTC))


def revoke(*, session_id: UUID, user_id: UUID) -> None:
    """End another device's session. Refuses one that is not the person's own."""
    with transaction():
        if not queries.revoke(session_id, user_id, datetime.now(UTC)):
            raise NotFound(N_("This session has already ended."))


def end_others(*, user_id: UUID, session_id: UUID | None) -> int:
    """End all sessions of a person but this one, or all of them; how many there were."""
    with transaction():
        return queries.revoke_others(user_id, datetime.now(UTC), but=session_id)


def change_password(*, user_id: UUID, session_id: UUID, old: str, new: str) -> int:
    """Change the password and end all other sessions; how many those were.

    Links that were asked for with the old one, for another address or password, end with it.
    Refuses a wrong old password and a new one that is too short. The person gets a mail.
    """
    kept = passwords.keep(new)
    user = prove(user_id=user_id, password=old)
    with transaction() as session:
        user.password_hash = kept
        session.flush()
        with tenancy.user_scope(user.id):
            links.use_up(
                user.id, datetime.now(UTC), TokenPurpose.CHANGE_EMAIL, TokenPurpose.RESET_PASSWORD
            )
        security_notes.write_password_changed(user=user)
        return queries.revoke_others(user_id, datetime.now(UTC), but=session_id)


def prefer(*, user_id: UUID, name: str, language: str, date_style: DateStyle) -> None:
    """Keep how a person is called, and how texts and days are written for them. Refuses a name
    that is an address on the web."""
    names.check(name)
    with transaction() as session:
        user = queries.user(user_id)
        if user is not None:
            user.name, user.language, user.date_style = name, language, date_style
            session.flush()


def choose_language(*, user_id: UUID, language: str) -> None:
    """Remember the language a person wants."""
    with transaction() as session:
        user = queries.user(user_id)
        if user is not None:
            user.language = language
            session.flush()


def _with_password(user: User | None, password: str) -> User:
    """The person, when this is the password and the account is open."""
    fits = passwords.fits(user.password_hash if user else None, password)
    if user is None or not fits or user.removed_at is not None or lock_out.is_locked(user=user):
        lock_out.count(user=user)
        raise Refusal(_WRONG)
    refuse_suspended(user=user)
    return user


def refuse_suspended(*, user: User) -> None:
    """Refuses who may not enter for now; said only to who has proven to be the person."""
    if not _may_enter(user):
        raise Refusal(N_("This account is suspended. Write to Billify's support."))


def _may_enter(user: User) -> bool:
    return user.suspended_at is None and user.removed_at is None


def _free_slug(name: str) -> str:
    """An address that no company has, close to the company's name."""
    wanted = identity.slug(name) or "company"
    with tenancy.unscoped("an address must be free among all companies"):
        if not queries.slug_is_taken(wanted):
            return wanted
    return f"{wanted}-{secrets.token_hex(3)}"
