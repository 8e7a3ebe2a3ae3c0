"""Alerts: told once while they last, ended by themselves, dismissed by a person."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from billify.application import alerts, banking, forecasts
from billify.application.banking import Account, Movement
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Alert, Allocation, BankAccount, Company, Contact, Invoice
from billify.domain.banking import AccountKind
from billify.domain.forecast.shapes import AlertKind
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.refusal import NotAllowed, NotFound
from tests import factories
from tests.cast import Cast

TODAY = date(2026, 11, 18)


@pytest.fixture
def account(cast: Cast) -> Iterator[BankAccount]:
    """Anna's account with 1000, and a floor of 500."""
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        with transaction() as session:
            session.execute(update(Company).values(floor_amount=Decimal(500), alert_days=14))
        yield banking.open_account(
            account=Account(name="Zicht", iban=None, kind=AccountKind.CURRENT),
            opening_balance=Decimal("1000.00"),
            opening_day=date(2025, 10, 1),
            today=TODAY,
            as_of=datetime(2026, 11, 18, 6, 0, tzinfo=UTC),
            by=None,
        )


def rows() -> list[Alert]:
    return list(
        db.session.scalars(
            select(Alert).order_by(Alert.id).execution_options(populate_existing=True)
        )
    )


def a_bill(due: date) -> Invoice:
    return factories.invoice(gross="800.00", due_date=due, expected_on=due)


def test_a_balance_below_the_floor_is_told_once(account: BankAccount) -> None:
    a_bill(TODAY + timedelta(days=5))
    forecasts.make(today=TODAY)
    forecasts.make(today=TODAY)

    (told,) = alerts.showing()

    assert told.kind is AlertKind.BELOW_FLOOR
    assert told.facts["day"] == "2026-11-23"
    assert told.facts["floor"] == "500.00"
    assert len(rows()) == 1


def test_it_is_told_only_within_the_days_of_the_settings(account: BankAccount) -> None:
    a_bill(TODAY + timedelta(days=15))

    forecasts.make(today=TODAY)

    assert rows() == []


def test_it_ends_by_itself_and_is_the_same_when_it_holds_again_soon(account: BankAccount) -> None:
    bill = a_bill(TODAY + timedelta(days=5))
    forecasts.make(today=TODAY)
    bill.expected_on = TODAY + timedelta(days=60)
    with transaction() as session:
        session.merge(bill)
    forecasts.make(today=TODAY)
    (ended,) = rows()
    assert ended.ended_at is not None
    assert alerts.showing() == []

    bill.expected_on = TODAY + timedelta(days=5)
    with transaction() as session:
        session.merge(bill)
    forecasts.make(today=TODAY)

    (again,) = rows()
    assert (again.id, again.ended_at) == (ended.id, None)


def test_one_that_ended_long_ago_is_told_anew(account: BankAccount) -> None:
    a_bill(TODAY + timedelta(days=5))
    forecasts.make(today=TODAY)
    long_ago = datetime.now(UTC) - timedelta(days=30)
    with transaction() as session:
        session.execute(update(Alert).values(ended_at=long_ago))

    forecasts.make(today=TODAY)

    assert [one.ended_at for one in rows()] == [long_ago, None]


def test_a_dismissed_one_is_shown_no_more(account: BankAccount, cast: Cast) -> None:
    a_bill(TODAY + timedelta(days=5))
    forecasts.make(today=TODAY)
    (told,) = alerts.showing()

    alerts.dismiss(alert_id=told.id, by=cast.anna.actor)
    forecasts.make(today=TODAY)

    assert alerts.showing() == []
    assert len(rows()) == 1


def test_who_may_only_read_dismisses_nothing(account: BankAccount, cast: Cast) -> None:
    a_bill(TODAY + timedelta(days=5))
    forecasts.make(today=TODAY)

    with pytest.raises(NotAllowed):
        alerts.dismiss(alert_id=rows()[0].id, by=cast.bram.actor)


def test_an_alert_of_another_company_is_not_found(account: BankAccount, cast: Cast) -> None:
    a_bill(TODAY + timedelta(days=5))
    forecasts.make(today=TODAY)
    (told,) = rows()

    assert cast.chloe.company_id is not None
    with tenancy.company_scope(cast.chloe.company_id):
        assert alerts.showing() == []
        with pytest.raises(NotFound):
            alerts.dismiss(alert_id=told.id, by=cast.chloe.actor)


def _a_year_of_payments(account: BankAccount) -> None:
    start = TODAY - timedelta(days=360)
    banking.record_movements(
        account_id=account.id,
        movements=[
            Movement(
                start + timedelta(days=5 * at),
                Decimal(sign * (40 + at * 7 % 60)),
                counterparty_name=name,
            )
            for at in range(66)
            for sign, name in ((-1, f"Winkel {at % 7}"), (1, "Terminal"))
        ],
    )


def test_a_payment_out_of_all_proportion_is_told(account: BankAccount) -> None:
    _a_year_of_payments(account)
    banking.record_movements(
        account_id=account.id,
        movements=[
            Movement(TODAY - timedelta(days=2), Decimal("-3900.00"), counterparty_name="Garage"),
            Movement(TODAY - timedelta(days=2), Decimal("-90.00"), counterparty_name="Winkel 3"),
        ],
    )

    forecasts.make(today=TODAY)

    told = [one for one in rows() if one.kind is AlertKind.LARGE_OUTFLOW]
    assert [one.facts for one in told] == [
        {"amount": "3900.00", "name": "Garage", "day": "2026-11-16"}
    ]


def test_a_large_payment_that_settles_an_invoice_is_no_news(account: BankAccount) -> None:
    _a_year_of_payments(account)
    bill = factories.invoice(gross="3900.00", status=InvoiceStatus.PAID)
    line = factories.movement(
        on=account, amount="-3900.00", booked_on=TODAY, counterparty_name="Garage"
    )
    with transaction() as session:
        session.add(
            Allocation(invoice_id=bill.id, transaction_id=line.id, amount=Decimal("3900.00"))
        )

    forecasts.make(today=TODAY)

    assert [one for one in rows() if one.kind is AlertKind.LARGE_OUTFLOW] == []


def test_a_customer_who_gets_slower_is_told(account: BankAccount) -> None:
    hotel = factories.contact("Hotel Zilver", is_customer=True)
    for at in range(20):
        due = TODAY - timedelta(days=15 * (21 - at))
        late = timedelta(days=(2 + at % 2) if at < 14 else 24 + at % 3)
        paid(hotel, due, due + late)
    factories.invoice(of=hotel, gross="10.00", due_date=TODAY, direction=InvoiceDirection.SALE)

    forecasts.make(today=TODAY)

    told = [one for one in rows() if one.kind is AlertKind.CUSTOMER_SLOWER]
    assert [(one.key, one.facts["name"]) for one in told] == [(str(hotel.id), "Hotel Zilver")]
    assert int(told[0].facts["now"]) > int(told[0].facts["before"]) + 10


def paid(customer: Contact, due: date, on: date) -> None:
    """A sale of 100.00 that was paid by one bank line."""
    sold = factories.invoice(
        of=customer,
        gross="100.00",
        status=InvoiceStatus.PAID,
        direction=InvoiceDirection.SALE,
        issue_date=due - timedelta(days=30),
        due_date=due,
    )
    account_id = db.session.scalars(select(BankAccount)).one()
    line = factories.movement(on=account_id, amount="100.00", booked_on=on)
    with transaction() as session:
        session.add(
            Allocation(invoice_id=sold.id, transaction_id=line.id, amount=Decimal("100.00"))
        )
