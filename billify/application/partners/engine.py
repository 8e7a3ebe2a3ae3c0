"""Connections at work: each asks its partner now and then whether there is anything new.

What is the same for every partner; what is not stands in its adapter. See
docs/flows/integration-synchronisation.md.
"""

import random
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog

from billify.application import jobs, live, news
from billify.application.partners import registry
from billify.application.partners.protocol import (
    Adapter,
    PartnerFailed,
    Run,
)
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Integration, SyncLog
from billify.data.queries import companies
from billify.data.queries import connections as queries
from billify.domain import connections as rules
from billify.domain.brussels import day_of
from billify.domain.connections import Cause, ConnectionState, RunState, Trouble
from billify.domain.sealing import CannotOpen

log = structlog.get_logger()


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
        row.last_job = jobs.later("connection.sync", integration_id=one.id)
    return True


def run(*, integration_id: UUID, cause: Cause = Cause.CLOCK, address: str | None = None) -> None:
    """Ask a connection's partner what is new, and write it down.

    With a person waiting at `address` the partner may go to more trouble than by the clock.
    What goes wrong there is recorded and puts the next run off; it is no failure of the job.
    """
    one = Run(integration_id, cause, datetime.now(UTC), address)
    clock = time.monotonic()
    adapter = _may_run(one)
    if adapter is None:
        return
    if cause is Cause.PERSON:
        one.begin_log()
    trouble: Trouble | None = None
    failed: PartnerFailed | None = None
    with ExitStack() as otherwise:
        otherwise.callback(_broke_off, one)
        try:
            trouble = adapter.sync(run=one)
        except PartnerFailed as error:
            failed, trouble = error, error.trouble
        except CannotOpen:
            trouble = Trouble.LOGIN_REFUSED
        otherwise.pop_all()
    _finish(one, adapter, round((time.monotonic() - clock) * 1000), trouble, failed)


def give_up(*, integration_id: UUID) -> None:
    """A run died again and again for a reason of our own: say so, and try only now and then."""
    now = datetime.now(UTC)
    row = queries.lock_connection(integration_id)
    if row is not None:
        row.failures += rules.OPEN_AFTER
        row.trouble = Trouble.UNEXPECTED
        row.next_run = rules.after_failure(now, failures=row.failures, jitter=_jitter())
        news.connection_went(row=row, was_fresh=row.fresh_at, had_failed=True)


def _may_run(one: Run) -> Adapter | None:
    with transaction():
        row = queries.lock_connection(one.integration_id)
        if row is None or row.state is not ConnectionState.ACTIVE:
            return None
        row.last_run = one.started
        before = one.started - rules.ABANDONED_AFTER
        queries.end_dead_runs(one.integration_id, before=before, now=one.started)
        return registry.of(row.partner)


def _finish(
    one: Run,
    adapter: Adapter,
    milliseconds: int,
    trouble: Trouble | None,
    failed: PartnerFailed | None,
) -> None:
    """Record how it went, and when the next run comes."""
    now = datetime.now(UTC)
    with transaction():
        row = queries.lock_connection(one.integration_id)
        if row is None:
            return
        was_fresh, had_failed = row.fresh_at, row.failures > 0
        _plan_next(row, adapter, trouble, failed, now)
        news.connection_went(row=row, was_fresh=was_fresh, had_failed=had_failed)
        found = _log_row(one, trouble)
        found.state = RunState.DONE if trouble is None else RunState.FAILED
        found.trouble, found.finished_at = trouble, now
        found.requests += one.traffic.requests
        found.bytes += one.traffic.bytes
        found.milliseconds += milliseconds
        found.partner_request = one.partner_request
        found.partner_code = failed.code if failed else ""
        counted = one.counted
        found.added, found.changed, found.known = counted.added, counted.changed, counted.known
        found.pending, found.odd = counted.pending, one.odd
        found.cursor_before, found.cursor_after = one.before or None, one.after or None
        if not one.is_quiet or trouble is not None:
            live.touch("connections", *adapter.describe(partner=row.partner).topics)
    log.info(
        "connection.synchronised",
        integration_id=str(one.integration_id),
        partner=row.partner.value,
        added=one.counted.added,
        changed=one.counted.changed,
        requests=one.traffic.requests,
        bytes=one.traffic.bytes,
        trouble=trouble.value if trouble else None,
        partner_request=one.partner_request,
    )


def _plan_next(
    row: Integration,
    adapter: Adapter,
    trouble: Trouble | None,
    failed: PartnerFailed | None,
    now: datetime,
) -> None:
    row.last_run, row.trouble = now, trouble
    wait = failed.retry_after if failed else None
    if trouble is None or trouble in rules.GETS_THROUGH:
        row.failures = 0
        if failed is None:
            row.fresh_at = now
        row.next_run = _after_success(row, adapter, now)
        if wait is not None:
            row.next_run = max(row.next_run, now + timedelta(seconds=wait))
        return
    row.failures += 1
    if trouble is Trouble.LOGIN_REFUSED:
        row.state = ConnectionState.RECONNECT
    if trouble is Trouble.ACTION_NEEDED:
        wait = max(wait or 0.0, rules.LONGEST_PAUSE.total_seconds())
    row.next_run = rules.after_failure(
        now, failures=row.failures, jitter=_jitter(), retry_after=wait
    )


def _after_success(row: Integration, adapter: Adapter, now: datetime) -> datetime:
    """The partner's own plan, else each minute; slower when the company wants that."""
    is_slow = companies.own().asks_slower and not rules.is_office_time(now)
    planned = adapter.next_run(row=row, now=now, is_slow=is_slow)
    return planned or rules.after_success(now, jitter=_jitter(), is_slow=is_slow)


def _log_row(one: Run, trouble: Trouble | None) -> SyncLog:
    """The row of this run; one that is just like the last of the day is counted there."""
    if one.log_id is not None:
        found = queries.run(one.log_id)
        if found is not None:
            return found
    last = queries.last_run(one.integration_id)
    if one.is_quiet and last is not None and _is_alike(last, one, trouble):
        last.runs += 1
        return last
    row = queries.new_run(one.integration_id, one.cause, one.started)
    queries.keep_run(row)
    return row


def _is_alike(last: SyncLog, one: Run, trouble: Trouble | None) -> bool:
    is_quiet = not (last.added or last.changed or last.pending or last.odd)
    is_over = last.state is not RunState.RUNNING
    is_of_today = day_of(last.started_at) == day_of(one.started)
    is_same = last.cause is Cause.CLOCK and last.trouble is trouble
    return is_quiet and is_over and is_of_today and is_same


def _broke_off(one: Run) -> None:
    """A fault of our own: the job is tried again, and the run does not seem to go on."""
    with transaction():
        row = queries.lock_connection(one.integration_id)
        if row is not None:
            row.trouble, row.failures = Trouble.UNEXPECTED, row.failures + 1
        found = queries.run(one.log_id) if one.log_id is not None else None
        if found is not None:
            found.state, found.trouble = RunState.FAILED, Trouble.UNEXPECTED
            found.finished_at = datetime.now(UTC)
        live.touch("connections")


def _jitter() -> float:
    return random.random()  # noqa: S311  spreads load only
