"""One run of a connection to Ponto: the cheap question, and the reading of what has changed."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from billify.application import live, ports
from billify.application.partners.ponto import reading
from billify.application.partners.protocol import Run
from billify.data.db import transaction
from billify.data.models import ConnectedAccount
from billify.data.queries import connections as queries
from billify.domain import connections as rules
from billify.domain.connections import AccountState, Cause, Trouble
from billify.integrations import ponto

log = structlog.get_logger()
LOOK_SECONDS = 2.0
LONGEST_LOOKS = 90
SOMEBODY = timedelta(minutes=5)
SUBTYPES = ("accountDetails", "accountTransactionsWithUnsettled")
GOOD, ENDED = AccountState.FOLLOWED, AccountState.CONSENT_ENDED


def work(*, run: Run, client: ponto.Client) -> Trouble | None:
    """Ask which accounts there are, and read those that were synchronised since the last time.

    With a person waiting the bank itself is asked first, as often as it allows.
    """
    told = {found.id: found for found in client.accounts()}
    connected = [row for row in _accounts(run.integration_id) if row.account_id is not None]
    if _should_ask_bank(run):
        _ask_bank(client, _followed(connected, told), run.address)
        told = {found.id: found for found in client.accounts()}
    _note_states(connected, told)
    for row, found in _followed(connected, told):
        if found.synchronized != row.cursor or row.resume:
            run.begin_log()
            run.before[row.external_id] = row.cursor
            run.odd += reading.read(client=client, row=row, found=found, counted=run.counted)
            run.after[row.external_id] = found.synchronized
    states = {row.state for row in _accounts(run.integration_id) if row.account_id is not None}
    return Trouble.CONSENT_ENDED if AccountState.CONSENT_ENDED in states else None


def _accounts(integration_id: UUID) -> list[ConnectedAccount]:
    with transaction():
        return list(queries.accounts(integration_id))


def _followed(
    connected: Sequence[ConnectedAccount], told: Mapping[str, ponto.Account]
) -> list[tuple[ConnectedAccount, ponto.Account]]:
    pairs = [(row, told.get(row.external_id)) for row in connected]
    return [(row, found) for row, found in pairs if found is not None and not found.is_readonly]


def _note_states(connected: Sequence[ConnectedAccount], told: Mapping[str, ponto.Account]) -> None:
    """How each account stands there now: consent, frozen, gone. Written when it changed."""
    for row in connected:
        state = state_of(told.get(row.external_id))
        found = told.get(row.external_id)
        ends = found.consent_ends if found else row.consent_ends
        if (state, ends) == (row.state, row.consent_ends):
            continue
        with transaction():
            kept = queries.lock_account(row.id)
            if kept is not None and kept.account_id is not None:
                kept.state, kept.consent_ends = state, ends
                live.touch("bank", "connections")


def state_of(found: ponto.Account | None) -> AccountState:
    """How an account stands at Ponto now, by what it tells of it."""
    if found is None:
        return AccountState.GONE
    has_ended = found.consent_ends is not None and found.consent_ends <= datetime.now(UTC)
    if has_ended or {"authorizationInvalid", "authorizationExpired"} & set(found.errors):
        return AccountState.CONSENT_ENDED
    return AccountState.FROZEN if found.is_readonly else AccountState.FOLLOWED


def _should_ask_bank(run: Run) -> bool:
    """When a person asks, or while one looks on; no oftener than the settings say."""
    now = datetime.now(UTC)
    with transaction():
        row = queries.lock_connection(run.integration_id)
        if row is None:
            return False
        between = timedelta(minutes=ports.settings().ponto.sync_minutes)
        wants = run.cause is Cause.PERSON or (
            rules.may_ask_bank(row.bank_asked_at, now=now, between=between)
            and queries.is_somebody_here(now - SOMEBODY)
        )
        if wants:
            row.bank_asked_at = now
    return wants


def _ask_bank(
    client: ponto.Client,
    followed: Sequence[tuple[ConnectedAccount, ponto.Account]],
    address: str | None,
) -> None:
    """Let Ponto fetch from the bank, and wait until it has."""
    waiting: list[str] = []
    for row, _found in followed:
        for subtype in SUBTYPES:
            try:
                asked = client.synchronize(row.external_id, subtype, person_address=address)
                waiting.append(asked.id)
            except ponto.TooSoon:
                log.info("bank.asked_already", connected=str(row.id))
    for _ in range(LONGEST_LOOKS):
        waiting = [key for key in waiting if not client.synchronization(key).is_over]
        if not waiting:
            return
        time.sleep(LOOK_SECONDS)
