"""Change the keys that seal what is secret, while everything runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from billify.application import mails, people, ports, second_step
from billify.application.partners import credentials
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.queries import connections as connection_queries
from billify.data.queries import keys as queries
from billify.domain import sealing
from billify.domain.sealing import CannotOpen


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many secrets are sealed with the newest key now, and which ones no key opens: a word
    on what each is, and its key."""

    sealed: int
    unreadable: tuple[tuple[str, UUID], ...]


def rotate() -> Rotated:
    """Seal anew with the newest key what is sealed: credentials of connections, seeds of apps,
    and what mails say that wait. Afterwards the older keys can go.

    Nothing at work loses anything: each row is locked for as long as it is sealed anew. What no
    key opens stays as it is: its owner has to connect again, the person needs a recovery code.
    """
    sealed, unreadable = 0, []
    for what, key, is_sealed in _all():
        sealed += is_sealed
        if not is_sealed:
            unreadable.append((what, key))
    return Rotated(sealed, tuple(unreadable))


def _all() -> Iterator[tuple[str, UUID, bool]]:
    for company in people.companies():
        with tenancy.company_scope(company.id):
            for one in connection_queries.sealed():
                yield "connection", one, _connection(one)
    for one in queries.seeded():
        yield "second step of person", one, _seed(one)
    for one in mails.sealed():
        yield "mail", one, mails.seal_again(mail_id=one)


def _connection(integration_id: UUID) -> bool:
    with transaction():
        row = connection_queries.lock_connection(integration_id)
        if row is None or row.credentials is None:
            return True
        try:
            credentials.seal(row, secret=credentials.unseal(row))
        except CannotOpen:
            return False
    return True


def _seed(user_id: UUID) -> bool:
    keys, place = ports.settings().secret_keys, second_step.place(user_id)
    with transaction():
        user = queries.lock_seeded(user_id)
        if user is None or user.totp_seed is None:
            return True
        try:
            secret = sealing.open_sealed(user.totp_seed, keys=keys, place=place)
        except CannotOpen:
            return False
        user.totp_seed = sealing.seal(secret, keys=keys, place=place)
    return True
