"""What makes the forecast of a demo company worth looking at: plans, a budget, a day by hand, a
disputed invoice, saved scenarios, and what was forecast in the weeks before."""

from datetime import date, timedelta
from decimal import Decimal

from billify.application import forecasts, people, scenarios
from billify.application.demo.people import BAKERY, CHOCOLATE
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Budget, PlannedItem
from billify.data.queries import bulk, demo_forecast
from billify.data.queries import categories as category_queries
from billify.data.queries import forecast as queries
from billify.domain.cash_flow import Shift, working_day
from billify.domain.demo import DemoCompany
from billify.domain.forecast.scenarios import Change, Kind, month_after, write
from billify.domain.roles import Actor

WEEKS_BEFORE = {BAKERY: 15, CHOCOLATE: 9}
"""Fewer for the second company, since each takes most of a second."""
EXPECTED_LATE = timedelta(days=12)


def prepare(*, made: DemoCompany, today: date, by: Actor) -> None:
    """Write what people of the company planned and said, within the running transaction."""
    categories = {one.code: one.id for one in category_queries.every()}
    bulk.add(
        PlannedItem,
        [
            {
                "name": one.what,
                "amount": one.amount,
                "rhythm": one.rhythm,
                "starts_on": one.first,
                "until": one.until,
                "day": one.day,
                "shift": one.shift,
                "source": one.kind,
                "category_id": categories.get(one.category),
            }
            for one in made.planned
        ],
    )
    bulk.add(
        Budget,
        [
            {
                "category_id": categories[one.category],
                "month": date(one.year, month, 1),
                "amount": one.amount,
            }
            for one in made.budgets
            for month in range(1, 13)
        ],
    )
    _say_of_invoices(today, by)


def look_ahead(*, slug: str, today: date) -> None:
    """Make the forecasts of the weeks before and the one of today, unless they are there."""
    with tenancy.company_scope(people.company_id(slug=slug)):
        if queries.latest().made_at is not None:
            return
        forecasts.look_back(today=today, weeks=WEEKS_BEFORE[slug])
        forecasts.make(today=today)


def _say_of_invoices(today: date, by: Actor) -> None:
    """The largest sale that is not due yet is expected late; one that is overdue is disputed."""
    coming, late = demo_forecast.open_sales(today)
    if coming is not None:
        day = working_day(coming.due_date + EXPECTED_LATE, shift=Shift.NEXT)
        coming.expected_on, coming.expected_by = day, by.user_id
    if late is not None:
        late.is_disputed = True
    db.session.flush()
    if coming is not None:
        _save_scenarios(str(coming.contact_id), today, by)


def _save_scenarios(contact: str, today: date, by: Actor) -> None:
    """Two that stand ready: a large customer pays late, and the bakery grows."""
    soon = month_after(today, 2)
    grown = (
        Change(Kind.HIRE, amount=Decimal(2800), on=soon),
        Change(Kind.LOAN, amount=Decimal(25000), months=48, percent=Decimal("4.5"), on=soon),
        Change(Kind.PRICE, percent=Decimal(3), on=soon),
    )
    for name, changes in (
        ("Grote klant betaalt later", (Change(Kind.LATE, contact=contact, days=45),)),
        ("Extra bakker met een lening", grown),
    ):
        query = "&".join(f"{one.kind}={write(one)}" for one in changes)
        scenarios.save(name=name, query=query, by=by)
