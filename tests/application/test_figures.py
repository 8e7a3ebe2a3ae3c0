"""Every figure is the sum of its rows, and what a card shows of the forecast is such a figure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from billify.application import banking, cash_plans, figures, forecasts
from billify.application.banking import Account, Movement
from billify.application.cash_plans import Plan
from billify.application.figures import Given
from billify.data import tenancy
from billify.data.models import BankAccount
from billify.data.queries import cash_flow as rows
from billify.domain.banking import AccountKind
from billify.domain.cash_flow import Rhythm
from billify.domain.forecast.shapes import Source
from billify.domain.invoices import InvoiceDirection
from billify.domain.refusal import NotFound
from tests import factories
from tests.cast import Cast

TODAY = date(2026, 11, 18)


@pytest.fixture
def scope(cast: Cast) -> Iterator[UUID]:
    """Anna's company."""
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        yield cast.anna.company_id


@pytest.fixture
def account(scope: UUID) -> BankAccount:
    """An account with a few movements, an open sale and bill, and a plan, all in a forecast."""
    found = banking.open_account(
        account=Account(name="Zicht", iban=None, kind=AccountKind.CURRENT),
        opening_balance=Decimal("1000.00"),
        opening_day=date(2026, 9, 1),
        today=TODAY,
        as_of=datetime(2026, 11, 18, 6, 0, tzinfo=UTC),
        by=None,
    )
    banking.record_movements(
        account_id=found.id,
        movements=[
            Movement(date(2026, 10, 2), Decimal("-40.00"), counterparty_name="Telenet"),
            Movement(date(2026, 11, 3), Decimal("-42.00"), counterparty_name="Telenet"),
            Movement(date(2026, 11, 17), Decimal("500.00"), counterparty_name="Terminal"),
        ],
    )
    factories.invoice(
        gross="242.00", due_date=TODAY + timedelta(days=9), direction=InvoiceDirection.SALE
    )
    factories.invoice(gross="484.00", due_date=TODAY + timedelta(days=2))
    factories.invoice(gross="99.00", due_date=TODAY, is_disputed=True)
    cash_plans.plan(
        wanted=Plan("Oven", Decimal("-300.00"), Rhythm.ONCE, date(2026, 12, 1)), by=None
    )
    forecasts.make(today=TODAY)
    return found


def summed(name: str, **asked: object) -> Decimal:
    """A figure's sum, which its rows have to add up to."""
    given = Given(TODAY, "EUR", **asked)  # type: ignore[arg-type]
    sheet = figures.opened(name=name, given=given)
    found = list(figures.every_row(name=name, given=given))
    assert sum((row.amount for row in found), Decimal(0)) == sheet.total
    assert len(found) == sheet.count
    return sheet.total


def test_each_day_and_month_of_the_forecast_is_the_sum_of_its_figures(account: BankAccount) -> None:
    latest = forecasts.latest(today=TODAY)
    assert latest.forecast is not None

    for day in latest.forecast.days:
        assert summed("expected_balance", until=day.day) == day.balance
        assert summed("money_in", since=day.day, until=day.day) == day.money_in
        assert summed("money_out", since=day.day, until=day.day) == day.money_out
    for month in latest.forecast.months[:6]:
        assert summed("expected_balance", until=month.end) == month.balance
    assert summed("lowest_point") == latest.forecast.lowest.balance


def test_what_is_expected_can_be_opened_by_row_source_and_window(account: BankAccount) -> None:
    flows = forecasts.flows(today=TODAY)

    sale = next(one for one in flows if one.source is Source.SALE)
    planned = next(one for one in flows if one.source is Source.PLANNED)

    assert summed("expected", ref=sale.ref) == Decimal("242.00")
    assert summed("expected", ref=planned.ref) == Decimal("-300.00")
    assert summed("expected_from", ref="planned") == Decimal("-300.00")
    assert summed("not_counted") == Decimal("-99.00")


def test_the_change_of_the_position_is_that_of_the_balance(account: BankAccount) -> None:
    assert summed("position_change", since=date(2026, 11, 17)) == Decimal("0")
    assert summed("position_change", since=date(2026, 11, 16)) == Decimal("500.00")
    assert summed("position_change", since=date(2026, 10, 18)) == Decimal("458.00")


def test_an_account_opens_into_what_it_held_and_what_moved(account: BankAccount) -> None:
    assert summed("account_balance", account=account.id) == account.balance == Decimal("1418.00")


def test_booked_lines_can_be_opened_by_window_and_state(account: BankAccount) -> None:
    month = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}

    assert summed("moved_in", **month) == Decimal("500.00")
    assert summed("moved_out", **month) == Decimal("-42.00")
    assert summed("unmatched_lines") == Decimal("418.00")


def test_a_figure_of_the_forecast_tells_that_something_changed(account: BankAccount) -> None:
    given = Given(TODAY, "EUR", until=TODAY)
    assert not figures.opened(name="expected_balance", given=given).is_stale

    banking.record_movements(account_id=account.id, movements=[Movement(TODAY, Decimal("-9.00"))])
    sheet = figures.opened(name="expected_balance", given=given)

    assert sheet.is_stale
    assert sheet.made_at is not None
    latest = forecasts.latest(today=TODAY)
    assert latest.forecast is not None
    assert sheet.total == latest.forecast.days[0].balance, "still that of the card"


def test_rows_at_hand_come_page_by_page(
    account: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 2)
    latest = forecasts.latest(today=TODAY)
    assert latest.forecast is not None

    last = latest.forecast.days[-1]

    assert summed("expected_balance", until=last.day) == last.balance
    assert summed("position_change", since=date(2026, 9, 1)) == Decimal("418.00")
    assert summed("account_balance", account=account.id) == Decimal("1418.00")


@pytest.mark.parametrize("name", sorted(figures.REGISTRY))
def test_a_figure_without_what_it_takes_is_not_found(account: BankAccount, name: str) -> None:
    figure = figures.REGISTRY[name]

    if figure.takes:
        with pytest.raises(NotFound):
            figures.opened(name=name, given=Given(TODAY, "EUR"))
    else:
        summed(name)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("account_balance", {"account": UUID(int=5)}),
        ("receivable_of", {"ref": "nobody"}),
        ("recurring_past", {"ref": "nothing|in"}),
        ("vat_of_period", {"ref": "vat 2026-Q9"}),
        ("vat_of_period", {"ref": "vat"}),
        ("vat_not_told", {"ref": "vat 2026-13"}),
        ("expected_from", {"ref": "lottery"}),
    ],
)
def test_a_figure_of_something_that_is_not_there_is_not_found(
    account: BankAccount, name: str, asked: dict[str, object]
) -> None:
    with pytest.raises(NotFound):
        figures.opened(name=name, given=Given(TODAY, "EUR", **asked))  # type: ignore[arg-type]


def test_without_a_forecast_nothing_is_expected(scope: UUID) -> None:
    with pytest.raises(NotFound):
        figures.opened(name="expected_balance", given=Given(TODAY, "EUR", until=TODAY))


def test_another_currency_is_not_forecast(account: BankAccount) -> None:
    with pytest.raises(NotFound):
        figures.opened(name="lowest_point", given=Given(TODAY, "USD"))
