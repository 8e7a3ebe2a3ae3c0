"""Bank connections at work: each asks its partner once a minute whether there is anything new,
and reads only then.

See docs/flows/integration-synchronisation.md.
"""

import random
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from billify.application import bank_reading, jobs, live, partner_access, ports
from billify.application.bank_ingest import Counted
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import ConnectedAccount, Integration, SyncLog
from billify.data.queries import connections as queries
from billify.domain import connections as rules
from billify.domain.connections import (
    AccountState,
    Cause,
    ConnectionState,
    RunState,
    Trouble,
)
from billify.domain.sealing import CannotOpen
from billify.integrations import ponto

log = structlog.get_logger()
LOOK_SECONDS = 2.0
LONGEST_LOOKS = 90
KEPT_FOR = timedelta(days=90)
SOMEBODY = timedelta(minutes=5)
SUBTYPES = ("accountDetails", "accountTransactionsWithUnsettled")

_TROUBLE: tuple[tuple[type[ponto.PontoError], Trouble], ...] = (
    (ponto.Limited, Trouble.LIMITED),
    (ponto.LoginRefused, Trouble.LOGIN_REFUSED),
    (ponto.TokenEnded, Trouble.LOGIN_REFUSED),
    (ponto.NotAllowedThere, Trouble.NOT_ALLOWED),
    (ponto.Unreachable, Trouble.UNREACHABLE),
    (ponto.Unreadable, Trouble.UNREADABLE),
    (ponto.ServerFault, Trouble.PARTNER_FAULT),
)


@dataclass(slots=True)
class _Run:
    """One run as it goes on."""

    integration_id: UUID
    cause: Cause
    started: datetime
    clock: float
    counted: Counted = field(default_factory=Counted)
    odd: int = 0
    log_id: UUID | None = None
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)

    @property
    def is_quiet(self) -> bool:
        """Nothing came of it."""
        counted = self.counted
        return not (counted.added or counted.changed or counted.pending or self.odd)


def ring_due() -> int:
    """Ask for a run of each connection whose time has come; returns how many."""
    now = datetime.now(UTC)
    with tenancy.unscoped("one clock looks after the connections of all companies"):
        due = queries.due(now, ahead=rules.EVERY)
    return sum(_ring(one, now) for one in due)


def _ring(one: queries.Due, now: datetime) -> bool:
    """One job a connection: while one waits or runs, another is not asked for."""
    until = rules.after_success(now, jitter=_jitter())
    with tenancy.company_scope(one.company_id), transaction():
        if not queries.take_due(one.id, now, ahead=rules.EVERY, until=until):
            return False
        row = queries.lock_connection(one.id)
        if row is None or (row.last_job is not None and jobs.is_waiting(job_id=row.last_job)):
            return False
        if row.last_job is not None:
            jobs.forget(job_id=row.last_job)
        row.last_job = jobs.later("bank.sync", integration_id=one.id)
    return True


def run(*, integration_id: UUID, cause: Cause = Cause.CLOCK, address: str | None = None) -> None:
    """Ask a connection's partner what is new, and write it down.

    With a person waiting at `address` the bank itself is asked first, as often as it allows.
    What goes wrong there is recorded and puts the next run off; it is no failure of the job.
    """
    started = datetime.now(UTC)
    if not _may_run(integration_id, started):
        return
    one = _Run(integration_id, cause, started, time.monotonic())
    if cause is Cause.PERSON:
        _begin_log(one)
    trouble: Trouble | None = None
    error: ponto.PontoError | None = None
    traffic = ponto.Traffic()
    with ExitStack() as otherwise:
        otherwise.callback(_broke_off, one)
        try:
            with partner_access.client(integration_id=integration_id) as client:
                traffic = client.traffic
                trouble = _work(one, client, address)
        except ponto.PontoError as failed:
            error, trouble = failed, trouble_of(failed)
        except CannotOpen:
            trouble = Trouble.LOGIN_REFUSED
        otherwise.pop_all()
    _finish(one, traffic, trouble, error)


def give_up(*, integration_id: UUID) -> None:
    """A run died again and again for a reason of our own: say so, and try only now and then."""
    now = datetime.now(UTC)
    row = queries.lock_connection(integration_id)
    if row is not None:
        row.failures += rules.OPEN_AFTER
        row.trouble = Trouble.UNEXPECTED
        row.next_run = rules.after_failure(now, failures=row.failures, jitter=_jitter())


def trouble_of(error: ponto.PontoError) -> Trouble:
    """What a failure means for a person."""
    for kind, trouble in _TROUBLE:
        if isinstance(error, kind):
            return trouble
    return Trouble.PARTNER_FAULT


def _may_run(integration_id: UUID, now: datetime) -> bool:
    with transaction():
        row = queries.lock_connection(integration_id)
        if row is None or row.state is not ConnectionState.ACTIVE:
            return False
        row.last_run = now
        before = now - rules.ABANDONED_AFTER
        queries.end_dead_runs(integration_id, before=before, now=now)
    return True


def _work(one: _Run, client: ponto.Client, address: str | None) -> Trouble | None:
    """The cheap question, and the reading of what has changed since the last one."""
    told = {found.id: found for found in client.accounts()}
    connected = [row for row in _accounts(one.integration_id) if row.account_id is not None]
    if _should_ask_bank(one):
        _ask_bank(client, _followed(connected, told), address)
        told = {found.id: found for found in client.accounts()}
    _note_states(connected, told)
    for row, found in _followed(connected, told):
        if found.synchronized != row.cursor or row.resume:
            _begin_log(one)
            one.before[row.external_id] = row.cursor
            one.odd += bank_reading.read(client=client, row=row, found=found, counted=one.counted)
            one.after[row.external_id] = found.synchronized
    states = {row.state for row in _accounts(one.integration_id) if row.account_id is not None}
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
    now = datetime.now(UTC)
    for row in connected:
        state = _state_of(told.get(row.external_id), now)
        found = told.get(row.external_id)
        ends = found.consent_ends if found else row.consent_ends
        if (state, ends) == (row.state, row.consent_ends):
            continue
        with transaction():
            kept = queries.lock_account(row.id)
            if kept is not None and kept.account_id is not None:
                kept.state, kept.consent_ends = state, ends
                live.touch("bank", "connections")


def _state_of(found: ponto.Account | None, now: datetime) -> AccountState:
    if found is None:
        return AccountState.GONE
    has_ended = found.consent_ends is not None and found.consent_ends <= now
    if has_ended or {"authorizationInvalid", "authorizationExpired"} & set(found.errors):
        return AccountState.CONSENT_ENDED
    return AccountState.FROZEN if found.is_readonly else AccountState.FOLLOWED


def _should_ask_bank(one: _Run) -> bool:
    """When a person asks, or while one looks on; no oftener than the settings say."""
    now = datetime.now(UTC)
    with transaction():
        row = queries.lock_connection(one.integration_id)
        if row is None:
            return False
        between = timedelta(minutes=ports.settings().ponto.sync_minutes)
        wants = one.cause is Cause.PERSON or (
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


def _begin_log(one: _Run) -> None:
    """A run that does something is seen while it goes on."""
    if one.log_id is not None:
        return
    with transaction():
        row = queries.new_run(one.integration_id, one.cause, one.started)
        queries.keep_run(row, forget_before=one.started - KEPT_FOR)
        one.log_id = row.id
        live.touch("connections")


def _finish(
    one: _Run,
    traffic: ponto.Traffic,
    trouble: Trouble | None,
    error: ponto.PontoError | None,
) -> None:
    """Record how it went, and when the next run comes."""
    now = datetime.now(UTC)
    with transaction():
        row = queries.lock_connection(one.integration_id)
        if row is None:
            return
        _plan_next(row, trouble, error, now)
        found = _log_row(one, trouble)
        found.state = RunState.DONE if trouble is None else RunState.FAILED
        found.trouble, found.finished_at = trouble, now
        found.requests += traffic.requests
        found.bytes += traffic.bytes
        found.milliseconds += round((time.monotonic() - one.clock) * 1000)
        found.partner_request = traffic.last_request
        found.partner_code = error.code if error else ""
        counted = one.counted
        found.added, found.changed, found.known = counted.added, counted.changed, counted.known
        found.pending, found.odd = counted.pending, one.odd
        found.cursor_before, found.cursor_after = one.before or None, one.after or None
        if not one.is_quiet or trouble is not None:
            live.touch("connections", "bank")
    log.info(
        "bank.synchronised",
        integration_id=str(one.integration_id),
        added=one.counted.added,
        changed=one.counted.changed,
        requests=traffic.requests,
        bytes=traffic.bytes,
        trouble=trouble.value if trouble else None,
        partner_request=traffic.last_request,
    )


def _plan_next(
    row: Integration, trouble: Trouble | None, error: ponto.PontoError | None, now: datetime
) -> None:
    row.last_run = now
    if trouble is None or trouble is Trouble.CONSENT_ENDED:
        row.failures, row.trouble, row.fresh_at = 0, trouble, now
        row.next_run = rules.after_success(now, jitter=_jitter())
        return
    row.failures += 1
    row.trouble = trouble
    if trouble is Trouble.LOGIN_REFUSED:
        row.state = ConnectionState.RECONNECT
    wait = error.retry_after if isinstance(error, ponto.Limited) else None
    row.next_run = rules.after_failure(
        now, failures=row.failures, jitter=_jitter(), retry_after=wait
    )


def _log_row(one: _Run, trouble: Trouble | None) -> SyncLog:
    """The row of this run; one that is just like the last is counted there."""
    if one.log_id is not None:
        found = queries.run(one.log_id)
        if found is not None:
            return found
    last = queries.last_run(one.integration_id)
    if one.is_quiet and last is not None and _is_alike(last, trouble):
        last.runs += 1
        return last
    row = queries.new_run(one.integration_id, one.cause, one.started)
    queries.keep_run(row, forget_before=one.started - KEPT_FOR)
    return row


def _is_alike(last: SyncLog, trouble: Trouble | None) -> bool:
    is_quiet = not (last.added or last.changed or last.pending or last.odd)
    is_over = last.state is not RunState.RUNNING
    return is_quiet and is_over and last.cause is Cause.CLOCK and last.trouble is trouble


def _broke_off(one: _Run) -> None:
    """A fault of our own: the job is tried again, and the run does not seem to go on."""
    if one.log_id is None:
        return
    with transaction():
        found = queries.run(one.log_id)
        if found is not None:
            found.state, found.trouble = RunState.FAILED, Trouble.UNEXPECTED
            found.finished_at = datetime.now(UTC)
            live.touch("connections")


def _jitter() -> float:
    return random.random()  # noqa: S311  spreads load only
