"""Passkeys: adding, naming and removing them, and logging in with one.

The device proves that it holds the key and that its owner unlocked it (user verification), so a
passkey is both steps at once.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from billify.application import auth, lock_out, ports, second_step, security_notes
from billify.application.security_notes import Note
from billify.data import tenancy
from billify.data.db import Conflict, transaction
from billify.data.models import Passkey, User
from billify.data.queries import auth as people
from billify.data.queries import passkeys as queries
from billify.domain import passkeys as rules
from billify.domain.passkeys import NotAnAnswer, Party
from billify.domain.refusal import N_, NotFound, Refusal
from billify.integrations import valkey

if TYPE_CHECKING:
    from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
    from webauthn.registration.verify_registration_response import VerifiedRegistration

log = structlog.get_logger()
_WHY = "who logs in with a passkey is known by the passkey alone"
Answer = dict[str, Any]  # Any: JSON


def entering(*, browser: str, party: Party) -> str:
    """What a browser that nobody is signed in on is asked for, as JSON."""
    return rules.entering(party=party, challenge=_challenge(_to_enter(browser)))


def adding(*, user_id: UUID, password: str, party: Party) -> str:
    """What the browser is asked for to make a passkey, as JSON. Refuses a wrong password.

    The challenge stands for the password, so `add` needs none.
    """
    user = auth.prove(user_id=user_id, password=password)
    known = queries.of_person(user_id)
    if len(known) >= rules.MOST_OF_A_PERSON:
        raise Refusal(N_("These are many passkeys. Remove one that you no longer use."))
    return rules.adding(
        party=party,
        challenge=_challenge(_to_add(user_id)),
        user_id=user_id,
        email=user.email,
        name=user.name,
        known=[one.credential_id for one in known],
    )


def add(*, user_id: UUID, name: str, answer: str, party: Party) -> Passkey:
    """Keep the public half of a new passkey. Refuses what was not made for this place, person
    and moment, and one that is known already."""
    given = rules.answer_of(answer)
    made = _verified_new(given, _use_up(given, _to_add(user_id)), party)
    row = Passkey(
        user_id=user_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(given),
        is_backed_up=made.credential_backed_up,
        name=name,
    )
    try:
        with transaction() as session:
            session.add(row)
            session.flush()
            security_notes.write(user=_person(user_id), note=Note.PASSKEY_ADDED, passkey=name)
    except Conflict:
        raise Refusal(N_("This passkey is known already.")) from None
    log.info("passkey.added", user=str(user_id))
    return row


def rename(*, passkey_id: UUID, user_id: UUID, name: str) -> Passkey:
    """Call a passkey something else."""
    with transaction() as session:
        row = queries.one(passkey_id, user_id)
        if row is None:
            raise NotFound
        row.name = name
        session.flush()
    return row


def remove(*, passkey_id: UUID, user_id: UUID, password: str, code: str = "") -> None:
    """Forget a passkey: it opens nothing any more. Refuses a wrong password, and a wrong code where
    an app is set up."""
    if queries.one(passkey_id, user_id) is None:
        raise NotFound
    second_step.prove(user_id=user_id, password=password, code=code)
    with transaction():
        row = queries.one(passkey_id, user_id)
        if row is None or not queries.remove(passkey_id, user_id):
            raise NotFound
        security_notes.write(user=_person(user_id), note=Note.PASSKEY_REMOVED, passkey=row.name)
    log.info("passkey.removed", user=str(user_id))


def enter(
    *, browser: str, answer: str, party: Party, address: str | None, device: str | None
) -> auth.SignedIn:
    """Open a session with a passkey.

    A key can't be guessed, so an account that guesses have closed opens with it, and stays open.
    Refuses an unknown passkey, a wrong signature, place or challenge, and who is suspended.
    """
    given = rules.answer_of(answer)
    challenge = _use_up(given, _to_enter(browser))
    with tenancy.unscoped(_WHY):
        row = queries.by_credential(_credential_id(given))
    if row is None:
        raise Refusal(N_("This passkey is not known here. Log in with your password."))
    if _owner(given) != row.user_id.bytes:
        raise NotAnAnswer
    seen = _verified(given, challenge, party, row)
    user = _person(row.user_id)
    auth.refuse_suspended(user=user)
    with tenancy.user_scope(user.id), transaction():
        now = datetime.now(UTC)
        if not queries.used(row.id, seen.new_sign_count, seen.credential_backed_up, now):
            raise NotAnAnswer
    lock_out.release(user_id=user.id)
    return auth.enter(user=user, address=address, device=device)


def _person(user_id: UUID) -> User:
    user = people.user(user_id)
    if user is None:
        raise NotFound
    return user


def _to_enter(browser: str) -> str:
    return f"enter:{browser}"


def _to_add(user_id: UUID) -> str:
    return f"add:{user_id}"


def _challenge(purpose: str) -> bytes:
    key = ports.settings().secret_key
    return rules.new_challenge(purpose=purpose, key=key, now=datetime.now(UTC))


def _use_up(given: Answer, purpose: str) -> bytes:
    """The challenge of an answer, when it is ours and comes back for the first time."""
    challenge = rules.challenge_of(given)
    key = ports.settings().secret_key
    rules.check_challenge(challenge, purpose=purpose, key=key, now=datetime.now(UTC))
    seconds = int(rules.CHALLENGE_LASTS.total_seconds())
    try:
        is_first = valkey.once(ports.redis(), f"passkey:{rules.encode(challenge)}", seconds)
    except valkey.Down:
        raise Refusal(N_("Passkeys are away for a moment. Use your password.")) from None
    if not is_first:
        raise NotAnAnswer
    return challenge


def _verified(
    given: Answer, challenge: bytes, party: Party, row: Passkey
) -> "VerifiedAuthentication":
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, *_MALFORMED) as error:
        log.warning("passkey.refused", passkey=str(row.id), why=str(error)[:200])
        raise NotAnAnswer from error


def _verified_new(given: Answer, challenge: bytes, party: Party) -> "VerifiedRegistration":
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return webauthn.verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, *_MALFORMED) as error:
        log.warning("passkey.refused", why=str(error)[:200])
        raise NotAnAnswer from error


_MALFORMED = (ValueError, TypeError, KeyError, IndexError)
"""What the library lets through when an answer is not what a browser writes."""


def _credential_id(given: Answer) -> bytes:
    try:
        return rules.decode(given["rawId"])
    except _MALFORMED as error:
        raise NotAnAnswer from error


def _owner(given: Answer) -> bytes:
    """The person that the device keeps with a passkey that it found by itself."""
    try:
        return rules.decode(given["response"]["userHandle"])
    except _MALFORMED as error:
        raise NotAnAnswer from error


def _transports(given: Answer) -> list[str]:
    found = given["response"].get("transports")
    return [str(one)[:20] for one in found[:10]] if isinstance(found, list) else []
