"""Secrets of companies, sealed before they are kept: only who holds a key opens them.

Each sealed text names the row it belongs to, so that it opens nowhere else.
"""

import base64
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class CannotOpen(Exception):
    """Sealed with a key that is no longer known, changed since, or of another row."""


def seal(secret: dict[str, Any], *, keys: Sequence[str], place: str) -> bytes:  # Any: JSON
    """Seal with the newest key, the first of `keys`, for one place."""
    text = json.dumps({"place": place, "secret": secret})
    return _fernet(tuple(keys)).encrypt(text.encode())


def open_sealed(sealed: bytes, *, keys: Sequence[str], place: str) -> dict[str, Any]:  # Any: JSON
    """What was sealed for this place with any of the keys. Raises CannotOpen."""
    from cryptography.fernet import InvalidToken

    try:
        found = json.loads(_fernet(tuple(keys)).decrypt(bytes(sealed)))
    except InvalidToken as error:
        raise CannotOpen("no key opens it") from error
    if found["place"] != place:
        raise CannotOpen("it belongs to another row")
    secret: dict[str, Any] = found["secret"]  # Any: JSON
    return secret


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    """A key of the right length from a setting of any (RFC 5869)."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    made = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"billify credentials")
    return base64.urlsafe_b64encode(made.derive(key.encode()))
