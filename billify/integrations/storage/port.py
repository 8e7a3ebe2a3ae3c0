"""What every store of document bytes promises, and the ways it may fail.

Bytes under one key never change: the key holds the hash of the content, or of the document the
content was made from. So putting twice is harmless and any copy of a key is as good as another.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

_KEY = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"/[0-9a-f]{64}"
    r"(?:\.[a-z0-9][a-z0-9-]{0,30}(?:\.[a-z0-9]{1,8})?)?"
)


class StorageDown(Exception):
    """The store can't be used now; the message says why in words for the operator."""


class NotStored(Exception):
    """The store answers, and has nothing under this key."""


class BadKey(ValueError):
    """A key that isn't `<company uuid>/<sha256>` with at most one plain suffix."""


class Stored(StrEnum):
    """Where a put ended up: in the store itself, or on local disk to be moved later."""

    PRIMARY = "primary"
    SPOOLED = "spooled"


class Storage(Protocol):
    """A place that keeps bytes by key."""

    def put(self, key: str, content: bytes, media_type: str) -> None:
        """Keep the bytes durably. Raises StorageDown; then nothing half-written is left."""

    def get(self, key: str) -> bytes:
        """The bytes under a key. Raises NotStored or StorageDown."""

    def delete(self, key: str) -> None:
        """Forget a key; one that isn't there is fine. Raises StorageDown."""

    def exists(self, key: str) -> bool:
        """Whether the key is kept here. Raises StorageDown."""

    def keys(self) -> Iterable[str]:
        """Every key kept here; for a backup, not for a request. Raises StorageDown."""

    def check(self) -> None:
        """Raise StorageDown when a put would fail now; cheap enough for a health probe."""

    def prepare(self) -> None:
        """Do what is slow once and before forking, so that children needn't; asks no server."""


def require_key(key: str) -> str:
    """The key itself when it is well-formed, so no path or header can be smuggled in one."""
    if not _KEY.fullmatch(key):
        raise BadKey(f"not a storage key: {key[:120]!r}")
    return key
