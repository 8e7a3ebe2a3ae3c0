"""What was known on a day in the past: nothing of what came after it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from billify.application import banking, cash_plans, forecasts
from billify.application.banking import Account, Movement
from billify.application.cash_plans import Plan
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Allocation, BankAccount, ForecastSnapshot, Invoice, Job
from billify.domain.banking import AccountKind
from billify.domain.cash_flow import Rhythm
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from tests import factories
from tests.cast import Cast

TODAY = date(2026, 11, 18)
DAY = date(2026, 9, 30)


@pytest.fixture
def account(cast: Cast) -> Iterator[BankAccount]:
    """Anna's account since January, with a movement each month."""
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        found = banking.open_account(
            account=Account(name="Zicht", iban=None, kind=AccountKind.CURRENT),
            opening_balance=Decimal("1000.00"),
            opening_day=date(2026, 1, 1),
            today=TODAY,
            as_of=datetime(2026, 11, 18, 6, 0, tzinfo=UTC),
            by=None,
        )
        banking.record_movements(
            account_id=found.id,
            movements=[Movement(date(2026, month, 5), Decimal("10.00")) for month in range(1, 12)],
        )
        yield found


def sold(issued: date, **more: Any) -> Invoice:  # Any: columns
    """A sale of 100.00."""
    return factories.invoice(
        gross="100.00", issue_date=issued, direction=InvoiceDirection.SALE, **more
    )


def settle(account: BankAccount, invoice: Invoice, amount: str, on: date) -> None:
    line = factories.movement(on=account, amount=amount, booked_on=on)
    with transaction() as session:
        session.add(
            Allocation(invoice_id=invoice.id, transaction_id=line.id, amount=Decimal(amount))
        )


def opened(day: date) -> dict[UUID, Decimal]:
    return {UUID(one.id): one.amount for one in forecasts.known_on(day=day).open}


def test_the_balance_is_that_of_the_day(account: BankAccount) -> None:
    assert forecasts.known_on(day=DAY).balance == Decimal("1090.00")
    assert forecasts.known_on(day=date(2025, 12, 31)).accounts == ()


def test_an_invoice_counts_from_its_issue_until_it_was_settled(account: BankAccount) -> None:
    before = sold(date(2026, 9, 1))
    later = sold(date(2026, 10, 1))
    settled = sold(date(2026, 9, 1), status=InvoiceStatus.PAID)
    settle(account, settled, "100.00", date(2026, 10, 20))

    assert opened(DAY) == {before.id: Decimal("100.00"), settled.id: Decimal("100.00")}
    assert opened(date(2026, 10, 20)) == {
        before.id: Decimal("100.00"),
        later.id: Decimal("100.00"),
    }


def test_an_invoice_is_as_large_as_it_was_then(account: BankAccount) -> None:
    part = sold(date(2026, 9, 1), open_amount=Decimal("30.00"))
    settle(account, part, "50.00", date(2026, 9, 20))
    settle(account, part, "20.00", date(2026, 10, 20))

    assert opened(DAY) == {part.id: Decimal("50.00")}
    assert opened(TODAY) == {part.id: Decimal("30.00")}


def test_what_was_planned_later_was_not_known(account: BankAccount) -> None:
    cash_plans.plan(wanted=Plan("Oven", Decimal("-300.00"), Rhythm.ONCE, date(2027, 1, 4)), by=None)

    assert forecasts.known_on(day=DAY).planned == ()


def test_looking_back_keeps_one_forecast_a_week_and_only_once(account: BankAccount) -> None:
    made = forecasts.look_back(today=TODAY, weeks=4)

    kept = db.session.scalars(select(ForecastSnapshot).order_by(ForecastSnapshot.made_on)).all()
    assert made == 4
    assert [one.made_on for one in kept] == [
        TODAY - timedelta(weeks=weeks) for weeks in (4, 3, 2, 1)
    ]
    assert kept[0].balance == Decimal("1100.00")
    assert forecasts.look_back(today=TODAY, weeks=4) == 0


def test_a_company_that_began_lately_has_nothing_to_look_back_on(account: BankAccount) -> None:
    assert forecasts.look_back(today=date(2026, 2, 20), weeks=4) == 0


def test_on_its_second_day_a_company_looks_back(account: BankAccount) -> None:
    forecasts.make(today=TODAY)
    assert _asked() == 0, "on the first day a history may still be on its way"

    forecasts.make(today=TODAY + timedelta(days=1))
    forecasts.make(today=TODAY + timedelta(days=1))

    assert _asked() == 1
    assert forecasts.begin_record(today=TODAY + timedelta(days=1)) == forecasts.WEEKS_BACK


def _asked() -> int:
    return len(db.session.scalars(select(Job).where(Job.name == "forecast.look_back")).all())
