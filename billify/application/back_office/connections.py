"""Connections of all companies by their health, and one with its runs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billify.data import tenancy
from billify.data.queries import staff_connections as queries
from billify.data.queries.staff_connections import Health, Line, Run
from billify.domain.brussels import BRUSSELS
from billify.domain.connections import ConnectionState
from billify.domain.refusal import NotFound


@dataclass(frozen=True, slots=True)
class Seen:
    """A connection, and how many calls its runs of today have made."""

    line: Line
    calls: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many connections stand in each tab."""

    all: int
    trouble: int
    late: int


def page(*, health: Health, words: str, now: datetime) -> tuple[list[Seen], bool]:
    """Connections, the worst first, and whether there are more than are shown."""
    with tenancy.unscoped("staff look after the connections of all companies"):
        found = queries.page(health=health, words=words, now=now)
    shown = found[: queries.SHOWN]
    calls = _calls(shown, now)
    return [_seen(line, calls, now) for line in shown], len(found) > queries.SHOWN


def counts(*, now: datetime) -> Counts:
    """How many there are, in trouble, and late."""
    with tenancy.unscoped("staff look after the connections of all companies"):
        return Counts(*queries.counts(now=now))


def one(*, integration_id: UUID, now: datetime) -> tuple[Seen, list[Run]]:
    """One connection with its newest runs. Raises NotFound for one that staff don't see."""
    with tenancy.unscoped("staff look after the connections of all companies"):
        line = queries.one(integration_id)
    if line is None:
        raise NotFound
    with tenancy.company_scope(line.company_id):
        runs = queries.runs(integration_id, since=_midnight(now))
    calls = int(runs[0].calls_today) if runs else 0
    return _seen(line, {line.id: calls}, now), runs


def _seen(line: Line, calls: dict[UUID, int], now: datetime) -> Seen:
    is_late = line.state is ConnectionState.ACTIVE and line.next_run < now - queries.LATE
    return Seen(line, calls.get(line.id, 0), is_late)


def _calls(lines: Sequence[Line], now: datetime) -> dict[UUID, int]:
    """In each company's own scope, since its runs are nobody else's."""
    by_company: dict[UUID, list[UUID]] = defaultdict(list)
    for line in lines:
        by_company[line.company_id].append(line.id)
    found: dict[UUID, int] = {}
    for company_id, ids in by_company.items():
        with tenancy.company_scope(company_id):
            found |= queries.calls(since=_midnight(now), integration_ids=ids)
    return found


def _midnight(now: datetime) -> datetime:
    return now.astimezone(BRUSSELS).replace(hour=0, minute=0, second=0, microsecond=0)
