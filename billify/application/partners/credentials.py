"""The logins of connections, sealed: read and written nowhere else."""

from typing import Any

from billify.application import ports
from billify.data.models import Integration
from billify.domain import sealing

Secret = dict[str, Any]  # Any: JSON


def seal(row: Integration, *, secret: Secret) -> None:
    """Keep a connection's credentials, sealed with the newest key."""
    keys = ports.settings().secret_keys
    row.credentials = sealing.seal(secret, keys=keys, place=_place(row))


def unseal(row: Integration) -> Secret:
    """A connection's credentials. Raises sealing.CannotOpen."""
    if row.credentials is None:
        return {}
    keys = ports.settings().secret_keys
    return sealing.open_sealed(row.credentials, keys=keys, place=_place(row))


def _place(row: Integration) -> str:
    return f"integration:{row.company_id}:{row.id}"
