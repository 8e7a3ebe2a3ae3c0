"""A forecast for tests: made of given rows by hand, and stored as a worker would store it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from billify.data.db import transaction
from billify.data.queries import forecast as queries
from billify.domain.forecast import course, stored
from billify.domain.forecast.shapes import DAYS_AHEAD, MONTHS_AHEAD, Flow, Forecast


def forecast_of(
    flows: Sequence[Flow], *, today: date, balance: str = "5000.00", floor: str = "1000.00"
) -> Forecast:
    """The sums of these rows, with a band of 100 below and 200 above."""
    widths = (Decimal("100.00"), Decimal("200.00"))
    start, sums = Decimal(balance), course.sums(flows)
    days = course.days_ahead(today=today, balance=start, total=sums, widths=[widths] * DAYS_AHEAD)
    months = course.months_ahead(
        today=today, balance=start, total=sums, widths=[widths] * MONTHS_AHEAD
    )
    return Forecast(
        today=today,
        currency="EUR",
        balance=start,
        floor=Decimal(floor),
        days=tuple(days),
        months=tuple(months),
        lowest=course.lowest(days),
        below_floor=None,
        below_zero=None,
        actions=(),
        flows=tuple(flows),
    )


def store(forecast: Forecast) -> None:
    """Keep it as the latest of the scope's company."""
    with transaction():
        queries.store(values(forecast))


def values(forecast: Forecast) -> dict[str, Any]:  # Any: column values
    """The columns of its row."""
    return {
        "made_at": datetime.now(UTC),
        "made_on": forecast.today,
        "shape": stored.SHAPE,
        "seconds": Decimal("0.1"),
        "summary": stored.summary(forecast),
        "flows": stored.flows(forecast),
        "recurrences": stored.recurrences(forecast),
    }
