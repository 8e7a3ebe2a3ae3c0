"""The second step of logging in: codes of an app, and recovery codes that stand in for it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from billify.application import auth, lock_out, ports, security_notes
from billify.application.security_notes import Note
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import User
from billify.data.queries import auth as people
from billify.data.queries import second_step as queries
from billify.domain import sealing
from billify.domain import second_step as rules
from billify.domain.refusal import N_, NotFound, Refusal

log = structlog.get_logger()
_WRONG = N_("This code is not right, or it was used before.")


class HalfEnded(Refusal):
    """What was begun with a password can't be finished: one has to log in anew."""

    def __init__(self) -> None:
        super().__init__(N_("That took too long, or something has changed. Log in again."))


class WrongCode(Refusal):
    """A code that is not right, or was used before."""

    def __init__(self) -> None:
        super().__init__(_WRONG)


@dataclass(frozen=True, slots=True)
class Setup:
    """An app that is being set up: its seed, and the address its QR code holds."""

    seed: str
    address: str


def begin(*, user_id: UUID, password: str) -> None:
    """Make the seed of a new app. Refuses a wrong password, and who has an app already."""
    auth.prove(user_id=user_id, password=password)
    seed = sealing.seal(
        {"seed": rules.new_seed()}, keys=ports.settings().secret_keys, place=place(user_id)
    )
    with transaction():
        if not queries.begin(user_id, seed):
            raise Refusal(N_("An app is set up already. Remove it first."))


def setup(*, user_id: UUID) -> Setup | None:
    """The app that is being set up; None when none is, and when it is in use: a seed that is in
    use is never shown again."""
    user = people.user(user_id)
    if user is None or user.totp_since is not None:
        return None
    seed = _seed(user_id)
    return Setup(seed, rules.address(seed=seed, email=user.email)) if seed else None


def confirm(*, user_id: UUID, code: str) -> tuple[str, ...]:
    """Ask for codes from now on, as the first one is right; the recovery codes, shown this once.

    Refuses a wrong code, and when nothing was begun.
    """
    user = _person(user_id)
    seed = _seed(user_id)
    if seed is None or user.totp_since is not None:
        raise Refusal(N_("Begin again: no app is being set up."))
    if not _take_app_code(user, seed, rules.plain(code)):
        raise Refusal(N_("This code is not right. Check that the clock of your phone is."))
    with transaction():
        if not queries.confirm(user_id, datetime.now(UTC)):
            raise Refusal(N_("Begin again: no app is being set up."))
        codes = _new_codes(user_id)
        security_notes.write(user=user, note=Note.APP_ADDED)
    log.info("second_step.on", user=str(user_id))
    return codes


def renew_codes(*, user_id: UUID, password: str, code: str) -> tuple[str, ...]:
    """New recovery codes, shown this once; the old ones are no good. Asks for both steps."""
    user = _prove_both(user_id, password, code)
    with transaction():
        codes = _new_codes(user.id)
        security_notes.write(user=user, note=Note.CODES_MADE)
    return codes


def remove(*, user_id: UUID, password: str, code: str) -> None:
    """Ask for no codes any more. Asks for both steps."""
    user = _prove_both(user_id, password, code)
    with transaction():
        queries.remove(user.id)
        security_notes.write(user=user, note=Note.APP_REMOVED)
    log.info("second_step.off", user=str(user_id))


def prove(*, user_id: UUID, password: str, code: str) -> User:
    """The person, who gives the password again before something grave, and a code where an app is
    set up. Refuses a wrong one, and counts it."""
    user = auth.prove(user_id=user_id, password=password)
    if user.totp_since is not None and not _take(user, code):
        lock_out.count(user=user)
        raise WrongCode
    return user


def finish(*, half: auth.Half, code: str, address: str | None, device: str | None) -> auth.SignedIn:
    """Open the session of who gave the right password, with a code of the app or a recovery code.

    Refuses a wrong code and counts it. Raises HalfEnded when the account has changed meanwhile.
    """
    user = people.user(half.user_id)
    if user is None or user.totp_since is None or auth.mark_of(user=user) != half.mark:
        raise HalfEnded
    auth.refuse_suspended(user=user)
    if lock_out.is_locked(user=user) or not _take(user, code):
        lock_out.count(user=user)
        raise WrongCode
    return auth.enter(user=user, address=address, device=device)


def codes_left(*, user_id: UUID) -> int:
    """How many recovery codes are still good."""
    with tenancy.user_scope(user_id):
        return queries.codes_left(user_id)


def place(user_id: UUID) -> str:
    """Where a seed is sealed for, so that it opens for nobody else."""
    return f"totp:{user_id}"


def _person(user_id: UUID) -> User:
    user = people.user(user_id)
    if user is None:
        raise NotFound
    return user


def _prove_both(user_id: UUID, password: str, code: str) -> User:
    user = prove(user_id=user_id, password=password, code=code)
    if user.totp_since is None:
        raise Refusal(N_("No app is set up."))
    return user


def _take(user: User, code: str) -> bool:
    """Use up a code of the app, or a recovery code."""
    given = rules.plain(code)
    if not rules.is_of_app(given):
        return _take_recovery_code(user, given)
    seed = _seed(user.id)
    return seed is not None and _take_app_code(user, seed, given)


def _take_app_code(user: User, seed: str, code: str) -> bool:
    now = datetime.now(UTC)
    step = rules.matching_step(seed=seed, code=code, now=now, after=user.totp_step)
    if step is None:
        return False
    with transaction():
        return queries.take_step(user.id, step)


def _take_recovery_code(user: User, code: str) -> bool:
    with tenancy.user_scope(user.id), transaction():
        if not queries.take_code(user.id, rules.recovery_hash(code), datetime.now(UTC)):
            return False
        left = queries.codes_left(user.id)
        security_notes.write(user=user, note=Note.CODE_USED, left=left)
    log.info("second_step.recovery_code", user=str(user.id))
    return True


def _new_codes(user_id: UUID) -> tuple[str, ...]:
    codes = rules.new_recovery_codes()
    with tenancy.user_scope(user_id):
        queries.forget_codes(user_id)
        queries.add_codes(user_id, [rules.recovery_hash(code) for code in codes])
    return codes


def _seed(user_id: UUID) -> str | None:
    """The seed; None when there is none, or when no key opens it: recovery codes still do."""
    sealed = queries.sealed_seed(user_id)
    if sealed is None:
        return None
    try:
        secret = sealing.open_sealed(
            sealed, keys=ports.settings().secret_keys, place=place(user_id)
        )
    except sealing.CannotOpen:
        log.error("second_step.unreadable", user=str(user_id))
        return None
    return str(secret["seed"])
