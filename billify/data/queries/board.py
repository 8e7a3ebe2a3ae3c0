"""How a company stands, in one question to the database: asked for each company of a person.

It runs in the scope of that company, so its policies hold; and past the ORM, which would take
longer than the database does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from billify.data import tenancy
from billify.data.db import db
from billify.data.queries.forecast import JOB
from billify.domain.banking import WAITING
from billify.domain.connections import AccountState, ConnectionState
from billify.domain.forecast.stored import OUTLOOK

MOST_LINES = 999


@dataclass(frozen=True, slots=True)
class Source:
    """An account that a connection brings: how both stand and when they were last up to date."""

    name: str
    account: AccountState
    connection: ConnectionState
    account_fresh: datetime | None
    fresh: datetime | None
    consent_ends: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored forecast: `parts` are those of `forecast.stored.OUTLOOK`, as JSON."""

    made_at: datetime
    made_on: date
    shape: int
    parts: dict[str, Any]  # Any: JSON
    is_asked_for: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for a person. Lines of the bank are counted up to one more than `MOST_LINES`."""

    to_check: int
    to_approve: int
    sales_to_check: int
    lines: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Balances by currency, the forecast, what brings movements, and what waits."""

    balances: Mapping[str, Decimal]
    as_of: datetime | None
    """The freshest balance of all."""
    forecast: Kept | None
    sources: tuple[Source, ...]
    counts: Counts
    active_at: datetime | None
    unread: int = 0
    """How much of what the person of the scope was told is unread."""


def standing() -> Standing:
    """How the company of the scope stands."""
    company_id = tenancy.company_id()
    row = (
        db.session.connection()
        .execute(_STANDING, {"company": company_id, "person": tenancy.current().user_id, **_ALWAYS})
        .one()
    )
    return Standing(
        balances={code: Decimal(total) for code, total in (row.balances or {}).items()},
        as_of=row.as_of,
        forecast=_kept(row) if row.made_at is not None else None,
        sources=tuple(_source(*one) for one in row.sources or ()),
        counts=Counts(
            row.to_check, row.to_approve, row.sales_to_check, row.waiting_lines, row.alerts
        ),
        active_at=row.active_at,
        unread=row.unread,
    )


def _kept(row: Any) -> Kept:  # Any: a row of the statement
    return Kept(row.made_at, row.made_on, row.shape, row.parts, row.is_asked_for)


def _source(
    name: str,
    account: str,
    connection: str,
    account_fresh: str | None,
    fresh: str | None,
    consent_ends: str | None,
) -> Source:
    return Source(
        name,
        AccountState(account),
        ConnectionState(connection),
        _moment(account_fresh),
        _moment(fresh),
        _moment(consent_ends),
    )


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


_STANDING = text("""
    SELECT
        (SELECT jsonb_object_agg(currency, total::text) FROM (
            SELECT currency, sum(balance) AS total FROM bank_account
            WHERE company_id = :company GROUP BY currency
        ) AS held) AS balances,
        (SELECT max(as_of) FROM bank_account WHERE company_id = :company) AS as_of,
        forecast.made_at, forecast.made_on, forecast.shape,
        (SELECT jsonb_object_agg(key, value) FROM jsonb_each(forecast.summary)
            WHERE key = ANY(:parts)) AS parts,
        (EXISTS (SELECT FROM job WHERE company_id = :company AND name = :job
            AND status IN ('waiting', 'running'))
        OR EXISTS (SELECT FROM job WHERE company_id = :company AND name = :job
            AND status = 'dead')) AS is_asked_for,
        (SELECT jsonb_agg(jsonb_build_array(
            connected_account.name, connected_account.state, integration.state,
            connected_account.fresh_at, integration.fresh_at, connected_account.consent_ends
        )) FROM connected_account JOIN integration
            ON integration.company_id = :company
            AND integration.id = connected_account.integration_id
        WHERE connected_account.company_id = :company
            AND connected_account.account_id IS NOT NULL
            AND integration.state IN ('active', 'reconnect')
        ) AS sources,
        (SELECT count(*) FROM invoice WHERE company_id = :company
            AND direction = 'purchase' AND status = 'to_check') AS to_check,
        (SELECT count(*) FROM invoice WHERE company_id = :company
            AND direction = 'purchase' AND status = 'to_approve') AS to_approve,
        (SELECT count(*) FROM invoice WHERE company_id = :company
            AND direction = 'sale' AND status = 'to_check') AS sales_to_check,
        (SELECT count(*) FROM (
            SELECT FROM bank_transaction WHERE company_id = :company
            AND match_state = ANY(:waiting) AND state = 'booked'
            LIMIT :most_lines
        ) AS waiting) AS waiting_lines,
        (SELECT count(*) FROM alert WHERE company_id = :company
            AND ended_at IS NULL AND dismissed_at IS NULL) AS alerts,
        (SELECT count(*) FROM notification WHERE company_id = :company
            AND user_id = :person AND is_shown AND read_at IS NULL) AS unread,
        (SELECT at FROM audit_event WHERE company_id = :company
            AND verb <> 'staff.looked'
            ORDER BY seq DESC LIMIT 1) AS active_at
    FROM (SELECT) AS here LEFT JOIN forecast ON forecast.company_id = :company
""")
_ALWAYS = {
    "parts": list(OUTLOOK),
    "job": JOB,
    "waiting": [state.value for state in WAITING],
    "most_lines": MOST_LINES + 1,
}
