"""What Home reckons, the balances it stands on, and that each figure is the sum of its rows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text

from billify.application import banking, cash_flow, cash_plans, figures
from billify.application.banking import Account, Movement
from billify.application.cash_plans import Plan
from billify.application.figures import Given
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import BankAccount
from billify.data.queries import banking as queries
from billify.data.queries import cash_flow as rows
from billify.domain.banking import AccountKind, MovementState
from billify.domain.cash_flow import Rhythm
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.refusal import NotAllowed, NotFound, Refusal
from tests import factories
from tests.cast import Cast

TODAY = date(2026, 11, 18)  # a Wednesday
MONDAY = date(2026, 11, 16)
AS_OF = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)


@pytest.fixture
def scope(cast: Cast) -> Iterator[UUID]:
    """Anna's company."""
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        yield cast.anna.company_id


def opened(balance: str = "1000.00", **more: object) -> BankAccount:
    """An account with this balance since the first of October."""
    return banking.open_account(
        account=Account(**{"name": "Zicht", "iban": None, "kind": AccountKind.CURRENT, **more}),
        opening_balance=Decimal(balance),
        opening_day=date(2026, 10, 1),
        today=TODAY,
        as_of=AS_OF,
        by=None,
    )


def sale(gross: str, due: date, **more: object) -> None:
    """An open sales invoice."""
    factories.invoice(gross=gross, due_date=due, direction=InvoiceDirection.SALE, **more)


def bill(gross: str, due: date, **more: object) -> None:
    """An open purchase invoice."""
    factories.invoice(gross=gross, due_date=due, **more)


def reckoned() -> cash_flow.OpenAmounts:
    """What Home shows of what is open."""
    return cash_flow.open_amounts(open_days=rows.open_days(TODAY), today=TODAY, currency="EUR")


def total(name: str, since: date | None = None, until: date | None = None) -> Decimal:
    """A figure's sum, which its rows have to add up to."""
    given = Given(TODAY, "EUR", since, until)
    sheet = figures.opened(name=name, given=given)
    found = list(figures.every_row(name=name, given=given))
    assert sum((row.amount for row in found), Decimal(0)) == sheet.total
    assert len(found) == sheet.count
    return sheet.total


def everything() -> None:
    """One of each kind that Home has to tell apart."""
    opened()
    opened("250.00", name="Spaar", kind=AccountKind.SAVINGS)
    opened("900.00", name="Dollars", currency="USD")
    sale("121.00", TODAY - timedelta(days=40))
    sale("242.00", TODAY + timedelta(days=9))
    sale("50.00", TODAY - timedelta(days=3), kind=InvoiceKind.CREDIT_NOTE)
    sale("77.00", TODAY + timedelta(days=200))
    sale("500.00", TODAY, currency="USD")
    sale("60.00", TODAY, status=InvoiceStatus.PAID)
    bill("363.00", TODAY - timedelta(days=1))
    bill("484.00", TODAY + timedelta(days=2))
    bill("20.00", TODAY + timedelta(days=9), kind=InvoiceKind.CREDIT_NOTE)
    bill("999.00", TODAY, status=InvoiceStatus.TO_APPROVE)
    cash_plans.plan(
        wanted=Plan("Huur", Decimal("-300.00"), Rhythm.MONTHLY, date(2026, 1, 25)), by=None
    )
    cash_plans.plan(wanted=Plan("Subsidie", Decimal("150.00"), Rhythm.ONCE, TODAY), by=None)


def test_open_amounts_are_net_of_credit_notes_with_overdue_and_later_apart(scope: UUID) -> None:
    everything()

    amounts = reckoned()

    assert amounts.receivable.open == Decimal("390.00")
    assert amounts.receivable.overdue == Decimal("121.00")
    assert amounts.receivable.later == Decimal("77.00")
    assert amounts.receivable.weeks[:3] == (Decimal("-50.00"), Decimal("242.00"), Decimal("0.00"))
    assert amounts.payable.open == Decimal("827.00")
    assert amounts.payable.overdue == Decimal("363.00")
    assert amounts.payable.weeks[:2] == (Decimal("484.00"), Decimal("-20.00"))


def test_another_currency_stands_apart_and_is_not_added(scope: UUID) -> None:
    everything()

    amounts = reckoned()
    held = cash_flow.position(currency="EUR")

    assert [(one.currency, one.receivable.open) for one in amounts.foreign] == [
        ("USD", Decimal("500.00"))
    ]
    assert held.total == Decimal("1250.00")
    assert [one.name for one in held.accounts] == ["Dollars", "Zicht", "Spaar"]


def test_each_amount_of_home_is_the_sum_of_the_rows_of_its_figure(scope: UUID) -> None:
    everything()

    amounts = reckoned()

    assert total("cash_position") == cash_flow.position(currency="EUR").total
    assert total("open_receivables") == amounts.receivable.open
    assert total("open_payables") == amounts.payable.open
    assert total("overdue_receivables") == amounts.receivable.overdue
    assert total("overdue_payables") == amounts.payable.overdue
    assert total("later_receivables", since=amounts.after) == amounts.receivable.later
    assert total("later_payables", since=amounts.after) == amounts.payable.later
    for at, start in enumerate(amounts.starts):
        end = start + timedelta(days=6)
        assert total("due_receivables", start, end) == amounts.receivable.weeks[at]
        assert total("due_payables", start, end) == amounts.payable.weeks[at]


def test_weeks_overdue_and_later_add_up_to_what_is_open(scope: UUID) -> None:
    everything()

    amounts = reckoned()

    for side in (amounts.receivable, amounts.payable):
        assert side.overdue + sum(side.weeks) + side.later == side.open


def test_rows_of_a_figure_come_page_by_page(scope: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 2)
    opened()
    for day in range(5):
        sale("10.00", TODAY + timedelta(days=day))
        bill("3.00", TODAY + timedelta(days=day))

    assert total("open_receivables") == Decimal("50.00")
    assert total("aged_payables", until=TODAY + timedelta(days=2)) == Decimal("9.00")


def test_a_figure_that_nobody_knows_or_lacks_a_day_is_not_found(scope: UUID) -> None:
    with pytest.raises(NotFound):
        figures.opened(name="profit", given=Given(TODAY, "EUR"))
    with pytest.raises(NotFound):
        figures.opened(name="money_in", given=Given(TODAY, "EUR", since=TODAY))


def test_a_company_without_anything_has_nothing_open(scope: UUID) -> None:
    amounts = reckoned()

    assert amounts.receivable.open == Decimal("0.00")
    assert amounts.receivable.weeks == (Decimal("0.00"),) * 13


def test_due_dates_far_away_do_no_harm(scope: UUID) -> None:
    opened()
    sale("10.00", date(2099, 12, 31))
    bill("20.00", date(1970, 1, 1))

    amounts = reckoned()

    assert amounts.receivable.later == Decimal("10.00")
    assert amounts.payable.overdue == Decimal("20.00")


def test_movements_keep_the_balance_and_every_later_day_true(scope: UUID) -> None:
    account = opened()

    banking.record_movements(
        account_id=account.id,
        movements=[
            Movement(date(2026, 10, 20), Decimal("-200.00")),
            Movement(date(2026, 10, 5), Decimal("50.00")),
            Movement(date(2026, 10, 20), Decimal("30.00")),
        ],
    )
    banking.record_movements(
        account_id=account.id, movements=[Movement(date(2026, 10, 10), Decimal("-5.00"))]
    )

    assert account.balance == Decimal("875.00")
    assert queries.balance_on(account.id, date(2026, 10, 4)) == Decimal("1000.00")
    assert queries.balance_on(account.id, date(2026, 10, 9)) == Decimal("1050.00")
    assert queries.balance_on(account.id, date(2026, 10, 19)) == Decimal("1045.00")
    assert queries.balance_on(account.id, date(2026, 10, 21)) == Decimal("875.00")
    assert cash_flow.verify() == []


def test_a_pending_movement_moves_nothing_yet(scope: UUID) -> None:
    account = opened()

    banking.record_movements(
        account_id=account.id,
        movements=[Movement(TODAY, Decimal("-9.00"), state=MovementState.PENDING)],
    )

    assert account.balance == Decimal("1000.00")
    assert cash_flow.verify() == []


def test_a_movement_before_the_first_known_balance_is_refused(scope: UUID) -> None:
    account = opened()

    with pytest.raises(Refusal):
        banking.record_movements(
            account_id=account.id, movements=[Movement(date(2026, 9, 30), Decimal("1.00"))]
        )


def test_verify_finds_a_balance_that_was_tampered_with(scope: UUID) -> None:
    account = opened()
    banking.record_movements(
        account_id=account.id, movements=[Movement(date(2026, 10, 5), Decimal("50.00"))]
    )
    db.session.execute(text("UPDATE cash_flow_position SET balance = 7 WHERE day = '2026-10-05'"))

    assert [(one.day, one.kept, one.truth) for one in cash_flow.verify()] == [
        (date(2026, 10, 5), Decimal("7.00"), Decimal("1050.00"))
    ]


def test_recount_gives_what_recording_one_by_one_gives(scope: UUID) -> None:
    account = opened()
    moved = [Movement(date(2026, 10, 1 + at), Decimal(at - 3)) for at in range(9)]
    banking.record_movements(account_id=account.id, movements=moved)
    balance = account.balance
    db.session.execute(text("UPDATE cash_flow_position SET balance = 0"))

    banking.recount(
        account_id=account.id, opening_day=date(2026, 10, 1), opening_balance=Decimal("1000.00")
    )

    assert account.balance == balance
    assert cash_flow.verify() == []


def test_a_counted_balance_becomes_a_movement_of_the_difference(scope: UUID, cast: Cast) -> None:
    account = opened()

    banking.set_balance(
        account_id=account.id,
        balance=Decimal("940.50"),
        day=TODAY,
        today=TODAY,
        note="Balance set by hand",
        by=cast.anna.actor,
    )

    assert account.balance == Decimal("940.50")
    found = queries.movements(queries.Wanted())
    assert [(one.amount, one.remittance_information) for one in found] == [
        (Decimal("-59.50"), "Balance set by hand")
    ]
    assert cash_flow.verify() == []


def test_who_may_only_read_changes_nothing(scope: UUID, cast: Cast) -> None:
    account = opened()

    with pytest.raises(NotAllowed):
        banking.enter_movement(
            account_id=account.id,
            movement=Movement(TODAY, Decimal("1.00")),
            today=TODAY,
            by=cast.bram.actor,
        )
