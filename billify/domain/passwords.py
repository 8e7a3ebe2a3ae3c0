"""Passwords and opaque tokens: how they are kept."""

import hashlib
import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from billify.domain.refusal import N_, Refusal

SHORTEST = 10
LONGEST = 200
# OWASP's smallest argon2id profile: 19 MiB and two passes keep 64 threads within memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def keep(password: str) -> str:
    """The argon2id hash of a new password. Refuses one that is too short or far too long."""
    if len(password) < SHORTEST:
        raise Refusal(N_("Choose a password of at least %(count)s characters."), count=SHORTEST)
    if len(password) > LONGEST:
        raise Refusal(N_("This password is too long."))
    return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Is this the password? Without a kept hash it takes as long and says no.

    So the time of an answer does not tell whether an address is known.
    """
    try:
        is_right = _hasher.verify(kept or _decoy(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return is_right and kept is not None


def new_token() -> str:
    """An opaque token of 256 bits for a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a token. It is random, so one SHA-256 is enough."""
    return hashlib.sha256(token.encode()).digest()


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
