"""What is told once, while it lasts: the balance below the floor, a large outflow, a customer who
gets slower."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from billify.application import audit, live, news
from billify.data.db import transaction
from billify.data.models import Alert, Company
from billify.data.queries import alerts as queries
from billify.domain.forecast import alerting
from billify.domain.forecast.alerting import Due
from billify.domain.forecast.known import Known
from billify.domain.forecast.shapes import Forecast
from billify.domain.invoices import InvoiceDirection
from billify.domain.refusal import NotAllowed, NotFound
from billify.domain.roles import Actor, Right

if TYPE_CHECKING:
    from billify.domain.forecast.profile import Profile

TOPIC = "forecast"
LOOK_BACK = timedelta(days=14)
"""A large outflow is told for so long."""
A_YEAR = timedelta(days=365)
AGAIN = timedelta(days=7)
"""What holds again so soon after it ended is the same as before, and not told anew."""
LEAST = Decimal(500)


def showing() -> Sequence[Alert]:
    """What holds now and nobody has dismissed, newest first."""
    return queries.showing()


def dismiss(*, alert_id: UUID, by: Actor) -> Alert:
    """Show an alert no more, to anybody, for as long as it lasts."""
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
    with transaction():
        row = queries.lock(alert_id)
        if row is None:
            raise NotFound
        if row.dismissed_at is None:
            row.dismissed_at, row.dismissed_by = datetime.now(UTC), by.user_id
            audit.record("alert.dismissed", row, by=by, after={"kind": row.kind.value})
            live.touch(TOPIC)
    return row


def raise_due(
    *, forecast: Forecast, known: Known, profile: "Profile | None", company: Company
) -> None:
    """Tell what has become so, and end what no longer is."""
    now = datetime.now(UTC)
    due = {(one.kind, one.key): one for one in _due(forecast, known, profile, company)}
    with transaction():
        for row in queries.running_or_ended_since(now - AGAIN):
            holds = due.pop((row.kind, row.key), None)
            if holds is None:
                row.ended_at = row.ended_at or now
            else:
                row.ended_at, row.facts = None, holds.facts
        for one in due.values():
            added = queries.add(kind=one.kind, key=one.key, facts=one.facts)
            if added is not None:
                news.alert_raised(alert_id=added, kind=one.kind, key=one.key, facts=one.facts)


def _due(
    forecast: Forecast, known: Known, profile: "Profile | None", company: Company
) -> Iterator[Due]:
    low = alerting.below_floor(forecast=forecast, within_days=company.alert_days)
    if low is not None:
        yield low
    yield from _large_outflows(forecast, known)
    if profile is not None:
        yield from _slower(known, profile)


def _large_outflows(forecast: Forecast, known: Known) -> list[Due]:
    since = known.today - LOOK_BACK
    payments = queries.large_payments(since=since, currency=known.currency, least=LEAST)
    if not payments:
        return []
    a_year = since - A_YEAR
    largest = queries.largest_to(
        {one.name for one in payments}, since=a_year, before=since, currency=known.currency
    )
    return alerting.large_outflows(
        payments=[
            replace(one, largest_before=largest.get(one.name.lower(), Decimal(0)))
            for one in payments
        ],
        usual=queries.usual(since=a_year, before=since, currency=known.currency),
        balance=known.balance,
        planned=known.planned,
        recurrences=forecast.recurrences,
    )


def _slower(known: Known, profile: "Profile") -> Iterator[Due]:
    """Customers who owe something now and pay later than they used to."""
    names = {
        one.contact: one.name
        for one in known.open
        if one.direction is InvoiceDirection.SALE and one.contact
    }
    for contact, name in names.items():
        found = profile.sales.slower(contact)
        if found is not None:
            yield alerting.slower(
                contact=contact, name=name, before=found.before, lately=found.lately
            )
