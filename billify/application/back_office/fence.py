"""The fence between companies, as it stands: policies, a live probe, and the last result of the
tests that ask every route as every role and as a stranger."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from billify.application import ports
from billify.application.back_office import version
from billify.data import tenancy
from billify.data.fence import OPEN, OTHERWISE
from billify.data.queries import fence as queries
from billify.data.queries.fence import Locks, Policy, Probed, Role
from billify.domain import fence as rules

MOST_MS = 2000
"""How long a table is counted at most."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy in words: parts as `domain/fence.py` gives them."""

    policy: Policy
    sees: list[tuple[str, bool]]
    writes: list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Fenced:
    """A table with its locks, its policies, and why it is open where it is."""

    locks: Locks
    rules: tuple[Rule, ...]
    reason: str | None

    @property
    def is_open(self) -> bool:
        """Has it no fence at all?"""
        return not (self.locks.is_on and self.locks.is_forced)

    @property
    def is_wrong(self) -> bool:
        """Is it open, and nobody has said why?"""
        return self.is_open and self.locks.table not in OPEN


@dataclass(frozen=True, slots=True)
class Matrix:
    """The last result of the tests on who may call what."""

    is_passed: bool
    routes: int
    callers: int
    requests: int
    refusals: int
    failures: tuple[str, ...]
    version: str
    mark: str
    at: datetime

    @property
    def is_of_this_version(self) -> bool:
        """Was it this very code that was asked?"""
        return self.mark == version.mark()


def tables() -> list[Fenced]:
    """Every table: the wrong ones first, then those that are open, then by name."""
    policies = queries.policies()
    found = [_fenced(locks, policies) for locks in queries.tables()]
    return sorted(found, key=lambda one: (not one.is_wrong, not one.is_open, one.locks.table))


def role() -> Role:
    """The role this process works as; it should have no power of its own."""
    return queries.role()


def probe(*, company_id: UUID) -> list[Probed]:
    """Ask each table of companies, within one of them, for rows of others: there must be none."""
    with tenancy.company_scope(company_id):
        return [queries.probe(table, most_ms=MOST_MS) for table in queries.company_tables()]


def matrix() -> Matrix | None:
    """What the tests wrote down last; None when there is nothing that can be read."""
    return read_matrix(file=ports.settings().fence_result)


def read_matrix(*, file: Path) -> Matrix | None:
    """A result as the tests write it; None when there is none, or it is not whole."""
    try:
        told: dict[str, Any] = json.loads(file.read_text())  # Any: JSON
        return Matrix(
            is_passed=told["passed"] is True,
            routes=int(told["routes"]),
            callers=int(told["callers"]),
            requests=int(told["requests"]),
            refusals=int(told["refusals"]),
            failures=tuple(str(name) for name in told["failures"]),
            version=str(told["version"]),
            mark=str(told["mark"]),
            at=datetime.fromisoformat(told["at"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _fenced(locks: Locks, policies: Sequence[Policy]) -> Fenced:
    own = tuple(_rule(one) for one in policies if one.table == locks.table)
    return Fenced(locks, own, OPEN.get(locks.table) or OTHERWISE.get(locks.table))


def _rule(policy: Policy) -> Rule:
    return Rule(policy, rules.parts(policy.sees), rules.parts(policy.writes))
