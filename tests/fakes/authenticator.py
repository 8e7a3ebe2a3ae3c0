"""A device that makes and uses passkeys, in software: real CBOR, COSE keys and signatures.

What it answers is what a browser's `credential.toJSON()` gives (W3C Web Authentication, level 3).
Each part can be made wrong, to see that it is refused.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, MAY_BACK_UP, BACKED_UP, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class Authenticator:
    """One passkey on one device."""

    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    user_handle: str = ""
    count: int = 0
    flags: int = PRESENT | VERIFIED

    def make(self, asked: str, *, origin: str, rp_id: str | None = None) -> str:
        """The answer to `navigator.credentials.create`."""
        options = json.loads(asked)
        self.user_handle = options["user"]["id"]
        about = self._about(rp_id or options["rp"]["id"], self.flags | HAS_KEY)
        about += bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        about += cbor2.dumps(self._cose())
        kept = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        response = {
            "clientDataJSON": encode(client_data("create", options["challenge"], origin)),
            "attestationObject": encode(kept),
            "transports": ["internal"],
        }
        return self._answer(response)

    def sign(self, asked: str, *, origin: str, rp_id: str | None = None, **wrong: Any) -> str:
        """The answer to `navigator.credentials.get`; `wrong` takes the place of a right part."""
        options = json.loads(asked)
        said = client_data(wrong.get("kind", "get"), options["challenge"], origin)
        about = self._about(rp_id or options["rpId"], self.flags)
        signed = about + hashlib.sha256(said).digest()
        key = wrong.get("key", self.key)
        response = {
            "clientDataJSON": encode(said),
            "authenticatorData": encode(about),
            "signature": encode(key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": wrong.get("user_handle", self.user_handle),
        }
        return self._answer(response)

    def _about(self, rp_id: str, flags: int) -> bytes:
        place = hashlib.sha256(rp_id.encode()).digest()
        return place + bytes([flags]) + self.count.to_bytes(4, "big")

    def _cose(self) -> dict[int, Any]:
        """The public half as an EC2 key with P-256 for ES256 (RFC 9053)."""
        point = self.key.public_key().public_numbers()
        x, y = (value.to_bytes(32, "big") for value in (point.x, point.y))
        return {1: 2, 3: -7, -1: 1, -2: x, -3: y}

    def _answer(self, response: dict[str, Any]) -> str:
        name = encode(self.credential_id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
                "authenticatorAttachment": "platform",
            }
        )


def client_data(kind: str, challenge: str, origin: str) -> bytes:
    """What the browser says about the moment, as the device signs it."""
    said = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": origin}
    return json.dumps(said | {"crossOrigin": False}).encode()


def encode(given: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()
