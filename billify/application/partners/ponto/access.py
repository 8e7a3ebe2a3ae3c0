"""The way in to Ponto: tokens renewed under a row lock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from billify.application import ports
from billify.application.partners.credentials import Secret, seal, unseal
from billify.data.db import transaction
from billify.data.queries import connections as queries
from billify.domain.connections import ConnectionState, Partner
from billify.domain.refusal import NotFound
from billify.integrations import ponto

EARLY_SECONDS = 60
"""A token is renewed this long before it ends, so that it lasts through a run of calls."""
GOOD_SECONDS = 30.0
"""So long the row need not be asked again: its token lasts longer than that."""


@contextmanager
def client(*, integration_id: UUID) -> Iterator[ponto.Client]:
    """A client of a connection. Its token is taken from the row, or renewed when that ends."""
    row = queries.connection(integration_id)
    if row is None:
        raise NotFound
    transport = transport_of(partner=row.partner)
    used, taken_at = "", -GOOD_SECONDS

    def token(is_refused: bool) -> str:
        nonlocal used, taken_at
        if is_refused or time.monotonic() - taken_at >= GOOD_SECONDS:
            wrong = used if is_refused else None
            used, taken_at = _token(integration_id, transport, wrong), time.monotonic()
        return used

    try:
        yield ponto.Client(transport, token, limit_name=ports.settings().ponto.limit_name)
    finally:
        transport.close()


def transport_of(*, partner: Partner) -> ponto.Transport:
    """The wire to Ponto: certificate and signature are for Ponto Connect only."""
    wanted = ports.settings().ponto
    if partner is Partner.PONTO:
        return ponto.Transport(wanted.api_url, context=_tls(wanted.api_url))
    signer = None
    if wanted.signature_key and wanted.signature_key_id:
        signer = ponto.Signer.from_file(
            wanted.signature_key_id, wanted.signature_key, wanted.signature_passphrase
        )
    return ponto.Transport(
        wanted.connect_url, context=_tls(wanted.connect_url, is_ours=True), signer=signer
    )


def logins_of(*, partner: Partner, transport: ponto.Transport, secret: Secret) -> ponto.Logins:
    """The login door: with the company's own keys, or as our client at Ponto Connect."""
    if partner is Partner.PONTO:
        return ponto.Logins(transport, str(secret["client_id"]), str(secret["client_secret"]))
    wanted = ports.settings().ponto
    return ponto.Logins(transport, wanted.client_id or "", wanted.client_secret or "")


def with_grant(secret: Secret, *, grant: ponto.Grant, now: datetime) -> Secret:
    """Credentials with the tokens of a login; a refresh token that was spent is replaced."""
    return secret | {
        "access_token": grant.access_token,
        "access_until": now.timestamp() + grant.expires_in,
        "refresh_token": grant.refresh_token or secret.get("refresh_token"),
    }


def _token(integration_id: UUID, transport: ponto.Transport, wrong: str | None) -> str:
    """The access token that is kept, unless it ends or is the one that was not taken."""
    row = queries.connection(integration_id)
    if row is None:
        raise NotFound
    kept = _kept_token(unseal(row), wrong)
    if kept is not None:
        return kept
    try:
        return _renewed(integration_id, transport, wrong)
    except ponto.LoginRefused:
        _needs_person(integration_id)
        raise


def _renewed(integration_id: UUID, transport: ponto.Transport, wrong: str | None) -> str:
    """A refresh token opens once and the answer holds the next one, so nobody else may use it
    meanwhile: the one call outside that happens while a row is locked."""
    with transaction():
        row = queries.lock_connection(integration_id)
        if row is None:
            raise NotFound
        secret = unseal(row)
        kept = _kept_token(secret, wrong)
        if kept is not None:
            return kept
        logins = logins_of(partner=row.partner, transport=transport, secret=secret)
        if row.partner is Partner.PONTO:
            grant = logins.by_keys()
        else:
            grant = logins.by_refresh(str(secret.get("refresh_token") or ""))
        seal(row, secret=with_grant(secret, grant=grant, now=datetime.now(UTC)))
    return grant.access_token


def _kept_token(secret: Secret, wrong: str | None) -> str | None:
    token = secret.get("access_token")
    until = float(secret.get("access_until") or 0)
    is_good = until - EARLY_SECONDS > datetime.now(UTC).timestamp()
    return str(token) if token and token != wrong and is_good else None


def _needs_person(integration_id: UUID) -> None:
    with transaction():
        row = queries.lock_connection(integration_id)
        if row is not None and row.state is ConnectionState.ACTIVE:
            row.state = ConnectionState.RECONNECT


def _tls(url: str, *, is_ours: bool = False) -> Any:  # Any: ssl.SSLContext, loaded where used
    """TLS for https addresses; the stand-in on this machine speaks without."""
    if not url.startswith("https://"):
        return None
    wanted = ports.settings().ponto
    return ponto.tls(
        ca_file=wanted.ca_file,
        certificate=wanted.certificate if is_ours else None,
        key=wanted.certificate_key,
        passphrase=wanted.certificate_passphrase,
    )
