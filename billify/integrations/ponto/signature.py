"""The HTTP signature of Ponto Connect: RSASSA-PSS over the path, the host and a few headers.

After the Ibanity documentation and its Java client: algorithm hs2019, SHA-256, salt of 32 bytes.
"""

import base64
import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


class Signer:
    """Signs with one key, known to the partner by its id."""

    def __init__(
        self, key_id: str, key: "RSAPrivateKey", *, clock: Callable[[], float] = time.time
    ) -> None:
        self._key_id = key_id
        self._key = key
        self._clock = clock

    @classmethod
    def from_file(cls, key_id: str, path: str, passphrase: str | None) -> "Signer":
        """With a private key in PEM. Raises ValueError when it is none."""
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        with open(path, "rb") as file:  # noqa: PTH123  a path from the settings
            key = load_pem_private_key(file.read(), passphrase.encode() if passphrase else None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("the signature key is no RSA key")
        return cls(key_id, key)

    def sign(
        self, method: str, target: str, host: str, body: bytes, headers: dict[str, str]
    ) -> dict[str, str]:
        """The headers that prove who asked: digest and signature."""
        digest = "SHA-512=" + base64.b64encode(hashlib.sha512(body).digest()).decode()
        created = str(int(self._clock()))
        signed = {
            "(request-target)": f"{method.lower()} {target}",
            "host": host,
            "digest": digest,
            "(created)": created,
        }
        for name, value in headers.items():
            lower = name.lower()
            if lower == "authorization" or lower.startswith("ibanity-"):
                signed[lower] = value
        text = "\n".join(f"{name}: {value}" for name, value in signed.items())
        return {
            "Digest": digest,
            "Signature": (
                f'keyId="{self._key_id}",created="{created}",algorithm="hs2019",'
                f'headers="{" ".join(signed)}",signature="{self._signature(text)}"'
            ),
        }

    def _signature(self, text: str) -> str:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        signed = self._key.sign(
            text.encode(),
            padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32),
            hashes.SHA256(),
        )
        return base64.b64encode(signed).decode()
