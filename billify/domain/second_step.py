"""Codes of an app (TOTP, RFC 6238) and recovery codes: how they are made, written and compared."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

ISSUER = "Billify"
STEP_SECONDS = 30
STEPS_OFF = 1
"""So many steps a phone's clock may be off, either way (RFC 6238, 5.2)."""
DIGITS = 6
RECOVERY_CODES = 10
# Without letters and digits that look alike on paper; 16 of 32 are 80 bits, which nobody tries
# out even with the hashes at hand.
_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
_GROUPS, _GROUP = 4, 4


def new_seed() -> str:
    """A seed of 160 bits, as RFC 4226 advises, in base32."""
    import pyotp

    return pyotp.random_base32(32)


def address(*, seed: str, email: str) -> str:
    """What the QR code says: the otpauth:// address that apps understand."""
    import pyotp

    made = pyotp.TOTP(seed, digits=DIGITS, interval=STEP_SECONDS)
    return made.provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(*, moment: datetime) -> int:
    """The number of the 30 seconds that a moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(*, seed: str, code: str, now: datetime, after: int) -> int | None:
    """The step whose code this is, of those that may be used now and come after the last one.

    None for a wrong code and for one that was taken before.
    """
    import pyotp

    made = pyotp.TOTP(seed, digits=DIGITS, interval=STEP_SECONDS)
    here = step_of(moment=now)
    found = None
    for step in range(here - STEPS_OFF, here + STEPS_OFF + 1):
        is_it = hmac.compare_digest(made.at(step * STEP_SECONDS).encode(), code.encode())
        if is_it and step > after and found is None:
            found = step
    return found


def plain(code: str) -> str:
    """A code as it was typed, without blanks and dashes, in small letters."""
    return re.sub(r"[\s\-\u2010-\u2015.]", "", code).lower()


def is_of_app(code: str) -> bool:
    """Does this look like a code of the app? Else it is taken for a recovery code."""
    return re.fullmatch(rf"[0-9]{{{DIGITS}}}", code) is not None


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes in groups of four, each of which stands in for the app once."""
    return tuple(_recovery_code() for _ in range(RECOVERY_CODES))


def recovery_hash(code: str) -> bytes:
    """What is kept of a recovery code. It is random, so one SHA-256 is enough."""
    return hashlib.sha256(plain(code).encode()).digest()


def grouped(seed: str) -> str:
    """A seed in groups of four, for who types it over."""
    return " ".join(seed[at : at + 4] for at in range(0, len(seed), 4))


def _recovery_code() -> str:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
