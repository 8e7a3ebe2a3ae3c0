"""Passkeys (W3C Web Authentication, level 3): challenges, and what the browser is asked for.

A challenge is signed instead of kept, so that showing the login page writes nothing; that it is
used once is seen to where it comes back.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from billify.domain.refusal import N_, Refusal

CHALLENGE_LASTS = timedelta(hours=1)
"""Long, as the login page offers passkeys for as long as it stands open."""
MOST_OF_A_PERSON = 20
LONGEST_NAME = 60
LONGEST_ANSWER = 20_000
_RANDOM, _MOMENT, _SIGNATURE = 16, 8, 32
_WAIT_MILLISECONDS = 300_000
# EdDSA, ECDSA with P-256, RSA (IANA's register of COSE algorithms): what devices make.
_ALGORITHMS = (-8, -7, -257)


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks: the name that keys are bound to, and the address pages come from."""

    id: str
    origin: str


def new_challenge(*, purpose: str, key: str, now: datetime) -> bytes:
    """A challenge for one purpose: random, with its end, signed."""
    until = int((now + CHALLENGE_LASTS).timestamp())
    body = secrets.token_bytes(_RANDOM) + until.to_bytes(_MOMENT, "big")
    return body + _signature(body, purpose, key)


def check_challenge(challenge: bytes, *, purpose: str, key: str, now: datetime) -> None:
    """Refuses a challenge that is not ours, is for something else, or has ended."""
    body, signature = challenge[: _RANDOM + _MOMENT], challenge[_RANDOM + _MOMENT :]
    is_ours = hmac.compare_digest(signature, _signature(body, purpose, key))
    if not is_ours or int.from_bytes(body[_RANDOM:], "big") < now.timestamp():
        raise Refusal(N_("This page was open too long. Try again."))


def entering(*, party: Party, challenge: bytes) -> str:
    """What the browser is asked for at login, as JSON: any passkey of this place, and that the
    device makes sure who holds it."""
    return json.dumps(
        {
            "challenge": encode(challenge),
            "rpId": party.id,
            "allowCredentials": [],
            "userVerification": "required",
            "timeout": _WAIT_MILLISECONDS,
        }
    )


def adding(
    *, party: Party, challenge: bytes, user_id: UUID, email: str, name: str, known: Sequence[bytes]
) -> str:
    """What the browser is asked for to make a passkey, as JSON; `known` are those it has."""
    return json.dumps(
        {
            "rp": {"id": party.id, "name": "Billify"},
            "user": {"id": encode(user_id.bytes), "name": email, "displayName": name},
            "challenge": encode(challenge),
            "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in _ALGORITHMS],
            "excludeCredentials": [{"type": "public-key", "id": encode(one)} for one in known],
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": True,
                "userVerification": "required",
            },
            "attestation": "none",
            "timeout": _WAIT_MILLISECONDS,
        }
    )


def answer_of(text: str) -> dict[str, Any]:  # Any: JSON
    """What the browser sent, as JSON. Refuses what no browser sends."""
    try:
        found = json.loads(text) if len(text) <= LONGEST_ANSWER else None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
        raise NotAnAnswer
    return found


def challenge_of(answer: dict[str, Any]) -> bytes:  # Any: JSON
    """The challenge that an answer answers."""
    try:
        client = json.loads(decode(answer["response"]["clientDataJSON"]))
        return decode(client["challenge"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnAnswer from error


class NotAnAnswer(Refusal):
    """What came is no answer of a browser, or does not fit what was asked for."""

    def __init__(self) -> None:
        super().__init__(N_("The passkey was not taken. Try again, or log in with your password."))


def encode(given: bytes) -> str:
    """Bytes as base64url without padding, as browsers write them."""
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of base64url. Raises ValueError, and TypeError for what is no text."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signature(body: bytes, purpose: str, key: str) -> bytes:
    said = b"passkey\0" + purpose.encode() + b"\0" + body
    return hmac.new(key.encode(), said, hashlib.sha256).digest()
