"""Every figure of the demo company can be opened, and its rows sum to it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from billify.application import auth, balance_history, cash_flow, demo, figures, forecasts
from billify.application.demo import people
from billify.application.figures import Given
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Budget, Category, Membership
from billify.domain.forecast.shapes import Forecast, Source

TODAY = date(2026, 11, 21)


@pytest.fixture
def forecast(app: Flask) -> Iterator[Forecast]:
    """The forecast of Bakkerij Anna, in her company's scope."""
    demo.ensure(today=TODAY)
    signed_in = auth.log_in(
        email=people.PEOPLE[0].email, password=people.PASSWORD, address=None, device=None
    )
    with tenancy.user_scope(signed_in.user.id):
        company_id = db.session.scalars(select(Membership.company_id)).one()
    with tenancy.company_scope(company_id):
        forecasts.make(today=TODAY)
        found = forecasts.latest(today=TODAY).forecast
        assert found is not None
        yield found


def summed(name: str, **asked: object) -> Decimal:
    """A figure's sum, which its rows have to add up to."""
    given = Given(TODAY, "EUR", **asked)  # type: ignore[arg-type]
    sheet = figures.opened(name=name, given=given)
    rows = list(figures.every_row(name=name, given=given))
    assert sum((row.amount for row in rows), Decimal(0)) == sheet.total, (name, asked)
    assert len(rows) == sheet.count, (name, asked)
    return sheet.total


def test_every_figure_of_the_demo_company_is_the_sum_of_its_rows(forecast: Forecast) -> None:
    """One company is filled for all of it, since filling it takes longer than opening them."""
    opened = {
        *_of_accounts(),
        *_of_what_is_open(),
        *_of_days_and_months(forecast),
        *_of_movements(),
        *_of_categories(),
        *_of_budgets(),
    }

    assert opened == set(figures.REGISTRY)


def _of_accounts() -> set[str]:
    held = cash_flow.position(currency="EUR")
    assert summed("cash_position") == held.total
    for account in held.accounts:
        assert summed("account_balance", account=account.id) == account.balance
    for change in balance_history.past(held=held, today=TODAY).changes:
        assert summed("position_change", since=change.day) == change.amount
    month = {"since": date(2026, 10, 1), "until": date(2026, 10, 31)}
    assert summed("moved_in", **month) > 0 > summed("moved_out", **month)
    summed("unmatched_lines")
    return {
        "cash_position",
        "account_balance",
        "position_change",
        "moved_in",
        "moved_out",
        "unmatched_lines",
    }


def _of_what_is_open() -> set[str]:
    names = set()
    for side in ("receivables", "payables"):
        total = summed(f"open_{side}")
        assert total > 0
        assert summed(f"aged_{side}", until=date(2099, 1, 1)) == total
        summed(f"overdue_{side}")
        summed(f"due_{side}", since=TODAY, until=TODAY + timedelta(days=6))
        summed(f"later_{side}", since=TODAY + timedelta(days=30))
        names |= {f"{what}_{side}" for what in ("open", "aged", "overdue", "due", "later")}
    contacts = {one.source: one.contact for one in forecasts.flows(today=TODAY) if one.contact}
    assert summed("receivable_of", ref=contacts[Source.SALE]) >= 0
    assert summed("payable_to", ref=contacts[Source.PURCHASE]) >= 0
    return names | {"receivable_of", "payable_to"}


def _of_days_and_months(forecast: Forecast) -> set[str]:
    for day in forecast.days:
        assert summed("money_in", since=day.day, until=day.day) == day.money_in
        assert summed("money_out", since=day.day, until=day.day) == day.money_out
    for day in forecast.days[::6]:
        assert summed("expected_balance", until=day.day) == day.balance
    for month in forecast.months[::5]:
        assert summed("expected_balance", until=month.end) == month.balance
    assert summed("lowest_point") == forecast.lowest.balance
    return {"money_in", "money_out", "expected_balance", "lowest_point"}


def _of_movements() -> set[str]:
    flows = forecasts.flows(today=TODAY)
    by_source = {one.source: one for one in flows}
    assert {Source.SALE, Source.PURCHASE, Source.RECURRING, Source.TAX} <= set(by_source)
    assert Source.PLANNED in by_source
    for source, flow in by_source.items():
        assert summed("expected", ref=flow.ref) != 0
        everything = sum(one.amount for one in flows if one.source is source)
        assert summed("expected_from", ref=source.value) == everything
    assert summed("not_counted") == sum(one.amount for one in forecasts.not_counted())
    assert summed("not_counted") != 0, "an invoice is disputed"
    found = [one for one in forecasts.recurrences() if not _is_key_of_invoices(one.key)]
    assert found
    for one in found:
        assert summed("recurring_past", ref=one.key) * one.amount > 0
    vat = next(one for one in flows if one.ref.startswith("vat "))
    of_vat = {"vat_of_period", "vat_not_told"}
    for name in of_vat:
        summed(name, ref=vat.ref)
    return {"expected", "expected_from", "not_counted", "recurring_past"} | of_vat


def _of_categories() -> set[str]:
    wages = db.session.scalars(select(Category).where(Category.code == "wages")).one()
    month = {"since": date(2026, 10, 1)}
    assert summed("category_actual", category="wages", **month) < -15_000
    assert summed("category_actual", category=str(wages.id), **month) < -15_000
    assert summed("expected_category", category="wages") < 0
    assert db.session.scalars(select(Budget).limit(1)).one()
    return {"category_actual", "expected_category"}


def _of_budgets() -> set[str]:
    year = {"since": date(2026, 1, 1), "until": TODAY}
    names = {
        f"{way}_{what}" for way in ("received", "paid") for what in ("on_invoices", "unsorted")
    }
    for name in names:
        summed(name, **year)
    return names


def _is_key_of_invoices(key: str) -> bool:
    """Invoices with a rhythm are recurrences too; their past is that of the contact."""
    first, _, rest = key.partition(" ")
    try:
        UUID(rest.partition("|")[0])
    except ValueError:
        return False
    return first in ("sale", "purchase")
