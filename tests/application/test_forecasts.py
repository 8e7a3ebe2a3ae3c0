"""The forecast is asked for by whatever moves money, made once, stored, and told when behind."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from billify.application import banking, forecasts, live
from billify.application.banking import Account, Movement
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import (
    Allocation,
    BankAccount,
    Budget,
    Category,
    Company,
    ForecastRow,
    ForecastSnapshot,
    Invoice,
    Job,
)
from billify.data.queries import forecast as queries
from billify.domain.banking import AccountKind, MatchState
from billify.domain.forecast.known import Known
from billify.domain.forecast.shapes import Forecast, Source
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.jobs import JobStatus
from tests import factories
from tests.cast import Cast
from tests.committed import at_once

TODAY = date(2026, 11, 18)


@pytest.fixture
def scope(cast: Cast) -> Iterator[UUID]:
    """Anna's company."""
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        yield cast.anna.company_id


def asked() -> list[Job]:
    return list(
        db.session.scalars(
            select(Job)
            .where(Job.name == queries.JOB)
            .order_by(Job.id)
            .execution_options(populate_existing=True)
        )
    )


def an_account(balance: str = "1000.00") -> None:
    banking.open_account(
        account=Account(name="Zicht", iban=None, kind=AccountKind.CURRENT),
        opening_balance=Decimal(balance),
        opening_day=date(2026, 10, 1),
        today=TODAY,
        as_of=datetime(2026, 11, 18, 6, 0, tzinfo=UTC),
        by=None,
    )


def test_a_transaction_asks_once_however_often_it_moves_money(scope: UUID) -> None:
    with transaction():
        live.touch("cash-flow")
        live.touch("bank", "cash-flow")

    assert len(asked()) == 1


def test_what_moves_no_money_asks_for_nothing(scope: UUID) -> None:
    with transaction():
        live.touch("documents", "forecast")

    assert asked() == []


def test_a_transaction_that_fails_asks_for_nothing(scope: UUID) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        live.touch("cash-flow")
        1 / 0  # noqa: B018

    assert asked() == []


def test_before_the_first_one_there_is_none(scope: UUID) -> None:
    assert forecasts.latest(today=TODAY) == forecasts.NOTHING_YET
    assert forecasts.flows(today=TODAY) == []


def test_what_is_open_stands_in_the_stored_one(scope: UUID) -> None:
    an_account()
    factories.invoice(gross="200.00", due_date=date(2026, 12, 1), direction=InvoiceDirection.SALE)
    made = forecasts.make(today=TODAY)

    kept = forecasts.latest(today=TODAY)

    assert kept.forecast is not None
    assert kept.forecast.balance == Decimal("1000.00")
    assert kept.forecast.days == made.days
    assert kept.forecast.lowest == made.lowest
    assert not kept.is_stale
    assert forecasts.flows(today=TODAY) == list(made.flows)
    assert sum(one.amount for one in forecasts.flows(today=TODAY)) == Decimal("200.00")


def test_making_it_does_what_was_asked_for(scope: UUID) -> None:
    an_account()
    with transaction():
        live.touch("cash-flow")
    assert asked()

    forecasts.make(today=TODAY)

    assert asked() == []


def test_it_is_stale_while_another_is_asked_for(scope: UUID) -> None:
    an_account()
    forecasts.make(today=TODAY)
    with transaction():
        live.touch("cash-flow")
    assert forecasts.latest(today=TODAY).is_stale

    forecasts.make(today=TODAY)

    assert not forecasts.latest(today=TODAY).is_stale


def test_what_changes_while_one_is_made_asks_for_the_next(
    scope: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    reckon = forecasts._reckon

    def reckon_meanwhile(known: Known, profile: Any) -> Forecast:  # Any: numpy stays out
        with transaction():
            live.touch("cash-flow")
        return reckon(known, profile)

    monkeypatch.setattr(forecasts, "_reckon", reckon_meanwhile)
    forecasts.make(today=TODAY)

    assert len(asked()) == 1
    assert forecasts.latest(today=TODAY).is_stale


def test_one_that_runs_already_is_done_by_whoever_reads_after_it(scope: UUID) -> None:
    with transaction():
        live.touch("cash-flow")
    with transaction() as session:
        session.execute(update(Job).values(status=JobStatus.RUNNING))

    forecasts.make(today=TODAY)

    assert asked() == []


def test_one_that_could_not_be_made_leaves_the_last_one_stale(scope: UUID) -> None:
    forecasts.make(today=TODAY)
    with transaction():
        live.touch("cash-flow")
    with transaction() as session:
        session.execute(update(Job).values(status=JobStatus.DEAD))

    assert forecasts.latest(today=TODAY).is_stale


def test_one_that_could_not_be_made_is_asked_for_anew_after_a_while(scope: UUID) -> None:
    with transaction():
        live.touch("cash-flow")
    with transaction() as session:
        session.execute(update(Job).values(status=JobStatus.DEAD))
    now = datetime.now(UTC)

    soon, later = now + timedelta(minutes=50), now + timedelta(minutes=70)

    assert not queries.is_due(today=TODAY, shape=1, now=soon)
    assert queries.is_due(today=TODAY, shape=1, now=later)


def test_one_of_yesterday_is_stale(scope: UUID) -> None:
    forecasts.make(today=TODAY)

    assert forecasts.latest(today=TODAY + timedelta(days=1)).is_stale


def test_one_of_another_shape_is_as_if_there_were_none(scope: UUID) -> None:
    forecasts.make(today=TODAY)
    with transaction() as session:
        session.execute(update(ForecastRow).values(shape=0))

    assert forecasts.latest(today=TODAY) == forecasts.NOTHING_YET
    assert forecasts.flows(today=TODAY) == []
    assert queries.is_due(today=TODAY, shape=1, now=datetime.now(UTC))


def test_an_older_one_never_replaces_a_newer_one(scope: UUID) -> None:
    forecasts.make(today=TODAY)
    later = datetime.now(UTC) + timedelta(minutes=5)
    with transaction() as session:
        session.execute(update(ForecastRow).values(made_at=later))

    an_account()
    forecasts.make(today=TODAY)

    kept = forecasts.latest(today=TODAY)
    assert kept.made_at == later
    assert kept.forecast is not None
    assert kept.forecast.balance == Decimal("0")


def test_the_first_of_a_day_is_kept(scope: UUID) -> None:
    an_account()
    forecasts.make(today=TODAY)
    factories.invoice(gross="200.00", due_date=TODAY, direction=InvoiceDirection.SALE)
    forecasts.make(today=TODAY)

    row = db.session.scalars(select(ForecastSnapshot)).one()
    assert (row.made_on, row.balance, len(row.days)) == (TODAY, Decimal("1000.00"), 91)
    assert row.days[-1][0] == "1000.00"


def test_one_is_asked_for_where_it_is_missing_or_of_another_day(cast: Cast, scope: UUID) -> None:
    assert forecasts.ring_due() == 2
    assert forecasts.ring_due() == 0, "they are asked for"

    forecasts.make()

    assert len(asked()) == 0
    assert forecasts.ring_due() == 0
    with transaction() as session:
        session.execute(update(ForecastRow).values(made_on=date(2026, 1, 1)))
    assert forecasts.ring_due() == 1


def test_another_company_sees_nothing_of_it(app: Flask, cast: Cast) -> None:
    assert cast.anna.company_id is not None
    assert cast.chloe.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        an_account()
        forecasts.make(today=TODAY)
    with tenancy.company_scope(cast.chloe.company_id):
        assert forecasts.latest(today=TODAY).forecast is None
        with transaction():
            live.touch("cash-flow")
    with tenancy.company_scope(cast.anna.company_id):
        assert not forecasts.latest(today=TODAY).is_stale


RENT_DAY = date(2026, 11, 5)


def a_year_of_rent() -> UUID:
    """Rent on the fifth of each month until October."""
    an_account("50000.00")
    account_id = db.session.scalars(select(BankAccount.id)).one()
    banking.record_movements(account_id=account_id, movements=[rent(date(2026, 10, 5))])
    banking.record_history(
        account_id=account_id,
        movements=[
            *(rent(date(2025, month, 5)) for month in range(9, 13)),
            *(rent(date(2026, month, 5)) for month in range(1, 10)),
        ],
    )
    return account_id


def rent(day: date, amount: str = "-1250.00") -> Movement:
    return Movement(day, Decimal(amount), counterparty_name="Verhuur Leiekaai")


def test_what_comes_back_today_is_expected_until_it_was_booked(scope: UUID) -> None:
    account_id = a_year_of_rent()
    made = forecasts.make(today=RENT_DAY)
    assert next(one.day for one in made.flows if one.what == "Verhuur Leiekaai") == RENT_DAY

    banking.record_movements(account_id=account_id, movements=[rent(RENT_DAY)])
    made = forecasts.make(today=RENT_DAY)

    rents = [one.day for one in made.flows if one.what == "Verhuur Leiekaai"]
    assert rents[0] > RENT_DAY
    assert (rents[0].year, rents[0].month) == (2026, 12)


def test_an_invoice_issued_today_is_not_foreseen_once_more(scope: UUID) -> None:
    an_account("50000.00")
    buyer = factories.contact("Hotel", is_customer=True)

    def sell(day: date, **more: Any) -> None:  # Any: columns
        factories.invoice(
            of=buyer, gross="500.00", issue_date=day, direction=InvoiceDirection.SALE, **more
        )

    account = db.session.scalars(select(BankAccount)).one()
    for weeks in range(30, 0, -1):
        day = TODAY - timedelta(weeks=weeks)
        if weeks > 4:
            sell(day, status=InvoiceStatus.PAID)
            settle_last(account, day + timedelta(days=20))
        else:
            sell(day)
    made = forecasts.make(today=TODAY)
    foreseen = [one for one in made.flows if one.reason.code == "next_invoice"]
    assert next(dict(one.reason.values)["issued"] for one in foreseen) == "2026-11-18"

    sell(TODAY)
    made = forecasts.make(today=TODAY)

    foreseen = [one for one in made.flows if one.reason.code == "next_invoice"]
    assert next(dict(one.reason.values)["issued"] for one in foreseen) == "2026-11-25"


def settle_last(account: BankAccount, on: date) -> None:
    """A bank line for the last invoice, its whole amount."""
    sold = db.session.scalars(select(Invoice).order_by(Invoice.id.desc()).limit(1)).one()
    line = factories.movement(on=account, amount="500.00", booked_on=on)
    with transaction() as session:
        session.add(
            Allocation(invoice_id=sold.id, transaction_id=line.id, amount=Decimal("500.00"))
        )


def test_two_workers_at_once_leave_one_forecast(real: Flask, real_cast: Cast) -> None:
    company_id = real_cast.anna.company_id
    assert company_id is not None

    def make() -> date:
        with tenancy.company_scope(company_id):
            return forecasts.make(today=TODAY).today

    with tenancy.company_scope(company_id):
        an_account()
    at_once(real, make, make, make)

    with tenancy.company_scope(company_id):
        kept = forecasts.latest(today=TODAY)
        assert kept.forecast is not None
        assert kept.forecast.balance == Decimal("1000.00")
        assert not kept.is_stale


def test_an_invoice_and_the_budget_it_was_meant_for_count_once(scope: UUID) -> None:
    """A rent of 2,000 in the budget of each month: in November its bill was paid, in December
    it is open, in January there is none yet."""
    an_account("50000.00")
    company = db.session.scalars(select(Company)).one()
    with transaction() as session:
        company.counts_budget = True
        rented = Category(name="Rent", code="rent", position=1)
        session.add(rented)
        session.flush()
        session.add_all(
            Budget(category_id=rented.id, month=month, amount=Decimal("-2000.00"))
            for month in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
        )
    landlord = factories.contact("Verhuur BV")
    factories.invoice(
        of=landlord, gross="2000.00", issue_date=date(2026, 11, 16), due_date=date(2026, 12, 10)
    )
    account = db.session.scalars(select(BankAccount)).one()
    factories.movement(
        on=account,
        amount="-2000.00",
        booked_on=date(2026, 11, 4),
        match_state=MatchState.MATCHED,
    )

    made = forecasts.make(today=TODAY)

    rents = [(row.source, row.day.month, row.amount) for row in made.flows]
    assert rents[:2] == [
        (Source.PURCHASE, 12, Decimal("-2000.00")),
        (Source.BUDGET, 1, Decimal("-2000.00")),
    ]
