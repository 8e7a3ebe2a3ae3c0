"""Getting back into an account, and giving it another address: by links in mails, each once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from billify.application import auth, lock_out, mails, person_links, security_notes, ways_in
from billify.application.security_notes import Note
from billify.data import tenancy
from billify.data.db import Conflict, transaction
from billify.data.models import PersonToken, User
from billify.data.queries import auth as auth_queries
from billify.data.queries import recovery as queries
from billify.domain import email_addresses, passwords
from billify.domain.people import CHANGE_LASTS, RESET_LASTS, UNDO_LASTS, TokenPurpose
from billify.domain.refusal import N_, NotFound, Refusal

MOST_OPEN = 5
"""So many links for a new password a person may have in the mail at once."""
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
    user_id: UUID
    email: str
    """The address the account has afterwards."""
    is_confirming: bool
    """Is it the one the account has already?"""

    def wants_password(self, *, signed_in: UUID | None) -> bool:
        """A link that a stranger may have opened by mistake wants the person as well. The one that
        takes a change back does not: who made the change may have made the password."""
        return self.purpose is TokenPurpose.CHANGE_EMAIL and signed_in != self.user_id


def ask_for_password(*, email: str) -> None:
    """Send a link for a new password to the person with this address; to nobody, nothing.

    What is asked and what is answered is the same for both; the route sees to the same time. Who
    asks too often gets no further mail: the links that were sent are good, so that nobody can keep
    another one from theirs by asking for them.
    """
    user = auth_queries.user_by_email(email.strip())
    if user is None or user.suspended_at is not None or user.removed_at is not None:
        return
    with tenancy.user_scope(user.id):
        if queries.count_open(user.id, datetime.now(UTC), TokenPurpose.RESET_PASSWORD) < MOST_OPEN:
            send_reset(user=user)


def send_reset(*, user: User) -> None:
    """Send a person a link for a new password."""
    with tenancy.user_scope(user.id), transaction():
        secret, until = person_links.new(
            user=user, purpose=TokenPurpose.RESET_PASSWORD, lasts=RESET_LASTS
        )
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
    open again. Refuses a link that has ended and a password that is too short.

    Where the address was never confirmed, somebody else may have made the account with it: then
    its passkeys and second step go as well.
    """
    kept = passwords.keep(password)
    now = datetime.now(UTC)
    with tenancy.unscoped(_WHY), transaction() as session:
        token = _good(secret, TokenPurpose.RESET_PASSWORD, is_locked=True)
        user = _person(token)
        user.password_hash = kept
        if user.email_confirmed_at is None:
            ways_in.forget(user=user)
        user.email_confirmed_at = user.email_confirmed_at or now
        queries.use_up(user.id, now, TokenPurpose.RESET_PASSWORD, TokenPurpose.CHANGE_EMAIL)
        session.flush()
        lock_out.release(user_id=user.id)
        auth.end_others(user_id=user.id, session_id=None)
        security_notes.write_password_changed(user=user)
    return user


def ask_for_address(*, user_id: UUID, password: str, email: str) -> str:
    """Send a link to an address that a person wants to log in with; gives it as it was written to.

    The address the account has is told, so that nobody changes it unnoticed. Refuses a wrong
    password, what is no address, the one the account has, and one that is taken.
    """
    user = _prove(user_id, password)
    address = email_addresses.normalised(text=email)
    if address == user.email:
        raise Refusal(N_("This is the address your account has."))
    if auth_queries.user_by_email(address) is not None:
        raise Refusal(N_("There is already an account with this e-mail address."))
    with tenancy.user_scope(user.id), transaction():
        queries.use_up(user.id, datetime.now(UTC), TokenPurpose.CHANGE_EMAIL)
        secret, until = person_links.new(
            user=user, purpose=TokenPurpose.CHANGE_EMAIL, lasts=CHANGE_LASTS, email=address
        )
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
        security_notes.write(user=user, note=Note.EMAIL_ASKED, email=address)
    return address


def ask_to_confirm(*, user_id: UUID) -> str:
    """Send anew the link that confirms the address a person has; gives that address. Refuses one
    that is confirmed."""
    user = auth_queries.user(user_id)
    if user is None:
        raise NotFound
    if user.email_confirmed_at is not None:
        raise Refusal(N_("This address is confirmed."))
    with tenancy.user_scope(user.id), transaction():
        queries.use_up(user.id, datetime.now(UTC), TokenPurpose.CHANGE_EMAIL)
        person_links.send_confirmation(user=user)
    return user.email


def check_address(*, secret: str) -> Asked:
    """What a link about an address is for. Refuses a link that has ended."""
    with tenancy.unscoped(_WHY):
        found = _good(secret, TokenPurpose.CHANGE_EMAIL, TokenPurpose.UNDO_EMAIL)
        address = found.email or ""
        return Asked(
            found.purpose, found.user_id, address, is_confirming=_person(found).email == address
        )


def change_address(
    *, secret: str, signed_in: UUID | None = None, password: str | None = None
) -> str | None:
    """Give an account the address of a link. Refuses a link that has ended, an address that is
    taken by now, and who is neither signed in as the person nor has the password.

    The address before is told, with a link to take it back within a week. Taking it back ends all
    sessions and all other links, forgets passkeys and the second step, and gives the secret of a
    link for a new password: who had changed the address knows the old one.
    """
    asked = check_address(secret=secret)
    if asked.wants_password(signed_in=signed_in):
        _prove(asked.user_id, password or "")
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
            ways_in.forget(user=user)
            return person_links.new(
                user=user, purpose=TokenPurpose.RESET_PASSWORD, lasts=RESET_LASTS
            )[0]
        queries.use_up(user.id, now, TokenPurpose.CHANGE_EMAIL, TokenPurpose.RESET_PASSWORD)
        if before != user.email:
            _tell_before(user, before)
    return None


def _tell_before(user: User, before: str) -> None:
    """Tell the address that no longer logs in, and how to take it back."""
    secret, until = person_links.new(
        user=user, purpose=TokenPurpose.UNDO_EMAIL, lasts=UNDO_LASTS, email=before
    )
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


def _prove(user_id: UUID, password: str) -> User:
    try:
        return auth.prove(user_id=user_id, password=password)
    except Refusal as refusal:
        raise WrongPassword(refusal.message) from None


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
