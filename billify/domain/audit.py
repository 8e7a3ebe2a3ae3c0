"""The audit chain: how a row is written down and tied to the one before it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

START = bytes(32)
"""What the first row of a chain follows."""


def plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:  # Any: JSON
    """Values as JSON keeps them: numbers, dates and keys as text, so that no digit is lost."""
    if values is None:
        return None
    return {key: _plain(value) for key, value in values.items()}


def link(previous: bytes, facts: Mapping[str, Any]) -> bytes:
    """The hash of a row that follows another: SHA-256 over the last hash and sorted JSON."""
    written = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + written.encode()).digest()


def _plain(value: Any) -> Any:  # Any: JSON
    if value is None or isinstance(value, bool | int | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return str(value)
