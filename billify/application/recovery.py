"""Getting back into an account, and giving it another address: by links in mails, each once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from billify.application import auth, lock_out, mails, security_notes
from billify.data import tenancy
from billify.data.db import Conflict, db, transaction
from billify.data.models import PersonToken, User
from billify.data.queries import auth as auth_queries
from billify.data.queries import recovery as queries
from billify.domain import email_addresses, passwords
from billify.domain.people import CHANGE_LASTS, RESET_LASTS, UNDO_LASTS, TokenPurpose
from billify.domain.refusal import N_, NotFound, Refusal

_WHY = "who follows a link in a mail is known by nothing else"


class LinkEnded(NotFound):
    """A link that has expired, was used, or never was: all look the same."""

    def __init__(self) -> None:
        super().__init__(N_("This link is no longer good. It works once, and not for long."))


class WrongPassword(Refusal):
    """Who sits at the screen did not give the account's password."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link about an address is for."""

    purpose: TokenPurpose
    email: str
    """The address the account has afterwards."""


def ask_for_password(*, email: str) -> None:
    """Send a link for a new password to the person with this address; to nobody, nothing.

    What is asked and what is answered is the same for both; the route sees to the same time.
    """
    user = auth_queries.user_by_email(email.strip())
    if user is None or user.suspended_at is not None or user.removed_at is not None:
        return
    with tenancy.user_scope(user.id), transaction():
        secret, until = _token(user, TokenPurpose.RESET_PASSWORD, RESET_LASTS)
        mails.write(
            kind="reset_password",
            to=user.email,
            language=user.language,
            facts={
                "name": user.name,
                "until": until.isoformat(),
                "opens": f"/reset-password/{secret}",
            },
            user_id=user.id,
        )


def check_reset(*, secret: str) -> str:
    """The address whose password a link is good for. Refuses a link that has ended."""
    with tenancy.unscoped(_WHY):
        found = _good(secret, TokenPurpose.RESET_PASSWORD)
        return _person(found).email


def reset_password(*, secret: str, password: str) -> User:
    """Set a new password by a link. All sessions end, and an account that was closed to guesses is
    open again. Refuses a link that has ended and a password that is too short."""
    kept = passwords.keep(password)
    now = datetime.now(UTC)
    with tenancy.unscoped(_WHY), transaction() as session:
        token = _good(secret, TokenPurpose.RESET_PASSWORD, is_locked=True)
        user = _person(token)
        user.password_hash = kept
        user.email_confirmed_at = user.email_confirmed_at or now
        queries.use_up(user.id, now, TokenPurpose.RESET_PASSWORD, TokenPurpose.CHANGE_EMAIL)
        session.flush()
        lock_out.release(user_id=user.id)
        auth.end_others(user_id=user.id, session_id=None)
        security_notes.write_password_changed(user=user)
    return user


def ask_for_address(*, user_id: UUID, password: str, email: str) -> str:
    """Send a link to an address that a person wants to log in with; gives it as it was written to.

    Refuses a wrong password, what is no address, the one the account has, and one that is taken.
    """
    try:
        user = auth.prove(user_id=user_id, password=password)
    except Refusal as refusal:
        raise WrongPassword(refusal.message) from None
    address = email_addresses.normalised(text=email)
    if address == user.email:
        raise Refusal(N_("This is the address your account has."))
    if auth_queries.user_by_email(address) is not None:
        raise Refusal(N_("There is already an account with this e-mail address."))
    with tenancy.user_scope(user.id), transaction():
        queries.use_up(user.id, datetime.now(UTC), TokenPurpose.CHANGE_EMAIL)
        secret, until = _token(user, TokenPurpose.CHANGE_EMAIL, CHANGE_LASTS, email=address)
        mails.write(
            kind="change_email",
            to=address,
            language=user.language,
            facts={
                "name": user.name,
                "email": address,
                "until": until.isoformat(),
                "opens": f"/email-address/{secret}",
            },
            user_id=user.id,
        )
    return address


def check_address(*, secret: str) -> Asked:
    """What a link about an address is for. Refuses a link that has ended."""
    with tenancy.unscoped(_WHY):
        found = _good(secret, TokenPurpose.CHANGE_EMAIL, TokenPurpose.UNDO_EMAIL)
        return Asked(found.purpose, found.email or "")


def change_address(*, secret: str) -> str | None:
    """Give an account the address of a link. Refuses a link that has ended and an address that is
    taken by now.

    The address before is told, with a link to take it back within a week. Taking it back ends all
    sessions and all other links, and gives the secret of a link for a new password: who had
    changed the address knows the old one.
    """
    now = datetime.now(UTC)
    with tenancy.unscoped(_WHY), transaction() as session:
        token = _good(secret, TokenPurpose.CHANGE_EMAIL, TokenPurpose.UNDO_EMAIL, is_locked=True)
        user = _person(token)
        before, user.email = user.email, token.email or user.email
        user.email_confirmed_at = now
        try:
            session.flush()
        except Conflict:
            raise Refusal(N_("There is already an account with this e-mail address.")) from None
        if token.purpose is TokenPurpose.UNDO_EMAIL:
            queries.use_up(user.id, now, *TokenPurpose)
            auth.end_others(user_id=user.id, session_id=None)
            return _token(user, TokenPurpose.RESET_PASSWORD, RESET_LASTS)[0]
        queries.use_up(user.id, now, TokenPurpose.CHANGE_EMAIL, TokenPurpose.RESET_PASSWORD)
        _tell_before(user, before)
    return None


def _tell_before(user: User, before: str) -> None:
    """Tell the address that no longer logs in, and how to take it back."""
    secret, until = _token(user, TokenPurpose.UNDO_EMAIL, UNDO_LASTS, email=before)
    mails.write(
        kind="email_changed",
        to=before,
        language=user.language,
        facts={
            "name": user.name,
            "email": user.email,
            "until": until.isoformat(),
            "opens": f"/email-address/{secret}",
        },
        user_id=user.id,
    )


def _token(
    user: User, purpose: TokenPurpose, lasts: timedelta, *, email: str | None = None
) -> tuple[str, datetime]:
    """A new link's secret, and until when it is good; within the running transaction."""
    secret, until = passwords.new_token(), datetime.now(UTC) + lasts
    db.session.add(
        PersonToken(
            user_id=user.id,
            purpose=purpose,
            token_hash=passwords.token_hash(secret),
            email=email,
            expires_at=until,
        )
    )
    db.session.flush()
    return secret, until


def _good(secret: str, *purposes: TokenPurpose, is_locked: bool = False) -> PersonToken:
    find = queries.lock_by_hash if is_locked else queries.by_hash
    found = find(passwords.token_hash(secret))
    if (
        found is None
        or found.purpose not in purposes
        or found.used_at is not None
        or found.expires_at <= datetime.now(UTC)
    ):
        raise LinkEnded
    return found


def _person(token: PersonToken) -> User:
    user = auth_queries.user(token.user_id)
    if user is None or user.suspended_at is not None or user.removed_at is not None:
        raise LinkEnded
    return user
