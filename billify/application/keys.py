"""Change the keys that seal credentials, while everything runs."""

from dataclasses import dataclass
from uuid import UUID

from billify.application import people
from billify.application.partners import credentials
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.queries import connections as queries
from billify.domain.sealing import CannotOpen


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many credentials are sealed with the newest key now, and which no key opens."""

    sealed: int
    unreadable: tuple[UUID, ...]


def rotate() -> Rotated:
    """Seal all credentials anew with the newest key; afterwards the older keys can go.

    A connection at work loses nothing: its row is locked for as long as it is sealed anew. One
    that no key opens stays as it is, and its owner has to connect again.
    """
    found: dict[UUID, bool] = {}
    for company in people.companies():
        with tenancy.company_scope(company.id):
            found |= {one: _seal_again(one) for one in queries.sealed()}
    unreadable = [one for one, is_sealed in found.items() if not is_sealed]
    return Rotated(len(found) - len(unreadable), tuple(unreadable))


def _seal_again(integration_id: UUID) -> bool:
    with transaction():
        row = queries.lock_connection(integration_id)
        if row is None or row.credentials is None:
            return True
        try:
            credentials.seal(row, secret=credentials.unseal(row))
        except CannotOpen:
            return False
    return True
