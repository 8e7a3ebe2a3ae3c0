"""Plans: items by hand, decisions about what comes back, and about what is owed to the state."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from billify.application import bank_rules, cash_plans, live, tax_plans
from billify.application.cash_plans import Change, Plan, Recurring
from billify.data.db import db, transaction
from billify.data.models import (
    AuditEvent,
    Company,
    ForecastRow,
    InvoiceVat,
    ObligationChoice,
    PlannedItem,
    RecurrenceChoice,
)
from billify.domain.cash_flow import Rhythm
from billify.domain.forecast import stored
from billify.domain.forecast.shapes import Verdict
from billify.domain.invoices import InvoiceDirection
from billify.domain.obligations import Every
from billify.domain.refusal import NotAllowed, NotFound, Refusal
from billify.domain.vat import VatCategory
from tests import factories
from tests.cast import Cast
from tests.factories import books_of

TODAY = date(2026, 11, 20)
KEY = "immo|rent|out|monthly|5"


@pytest.fixture
def scope(cast: Cast) -> Iterator[Cast]:
    """In Anna's books."""
    with books_of(cast.anna):
        yield cast


def found(**more: Any) -> None:  # Any: JSON
    """A forecast that found the rent."""
    one = {
        "key": KEY,
        "name": "Immo Coupure",
        "rhythm": "monthly",
        "amount": "-1450.00",
        "day": 5,
        "shift": "none",
        "next": "2026-12-05",
        "last": "2026-11-05",
        "count": 12,
        "spread_amount": "0.00",
        "spread_days": 1,
        "drift": "0",
        "confidence": 92,
        "category": "rent",
        **more,
    }
    with transaction() as session:
        session.add(
            ForecastRow(
                made_at=datetime.now(UTC),
                made_on=TODAY,
                shape=stored.SHAPE,
                seconds=Decimal("0.1"),
                summary={},
                flows=[],
                recurrences=[one],
            )
        )


def the_one() -> Recurring:
    return cash_plans.one_recurring(key=KEY)


def rent(**more: Any) -> Plan:  # Any: fields of a plan
    values: dict[str, Any] = {
        "name": "Huur",
        "amount": Decimal("-1450.00"),
        "rhythm": Rhythm.MONTHLY,
        "starts_on": TODAY,
        **more,
    }
    return Plan(**values)


def test_what_nobody_decided_counts_as_it_was_found(scope: Cast) -> None:
    found()

    one = the_one()

    assert (one.name, one.amount, one.day, one.verdict) == (
        "Immo Coupure",
        Decimal("-1450.00"),
        5,
        None,
    )
    assert cash_plans.next_day(one, today=TODAY) == date(2026, 12, 5)


def test_a_change_lies_over_what_was_found_and_can_be_taken_back(scope: Cast) -> None:
    found()
    wanted = Change(name="Winkelhuur", amount=Decimal("-1500.00"), day=20)

    cash_plans.change(key=KEY, wanted=wanted, by=scope.anna.actor)

    one = the_one()
    assert (one.name, one.amount, one.day) == ("Winkelhuur", Decimal("-1500.00"), 20)
    assert cash_plans.next_day(one, today=TODAY) == date(2026, 12, 20)
    cash_plans.take_back(key=KEY, by=scope.anna.actor)
    assert (the_one().name, the_one().amount) == ("Immo Coupure", Decimal("-1450.00"))


@pytest.mark.parametrize(
    ("wanted", "coming"),
    [
        (Change(rhythm=Rhythm.WEEKLY), date(2026, 12, 5)),
        (Change(rhythm=Rhythm.QUARTERLY), date(2026, 12, 5)),
        (Change(rhythm=Rhythm.MONTHLY_LAST_WORKING_DAY), date(2026, 12, 31)),
        (Change(until=date(2026, 12, 4)), None),
        (Change(until=date(2026, 12, 5)), date(2026, 12, 5)),
    ],
)
def test_the_next_day_follows_the_change(scope: Cast, wanted: Change, coming: date | None) -> None:
    found()

    cash_plans.change(key=KEY, wanted=wanted, by=scope.anna.actor)

    assert cash_plans.next_day(the_one(), today=TODAY) == coming


def test_a_rhythm_that_plans_do_not_have_keeps_its_day(scope: Cast) -> None:
    found(rhythm="two_weekly")

    cash_plans.change(key=KEY, wanted=Change(day=20), by=scope.anna.actor)

    assert cash_plans.next_day(the_one(), today=TODAY) == date(2026, 12, 5)


def test_what_is_refused_has_no_next_day_and_stands_last(scope: Cast) -> None:
    found()
    cash_plans.refuse(key=KEY, by=scope.anna.actor)

    assert the_one().verdict is Verdict.REFUSED
    assert cash_plans.next_day(the_one(), today=TODAY) is None


def test_a_decision_touches_the_cash_flow(scope: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    found()
    touched: list[str] = []
    monkeypatch.setattr(live, "touch", lambda *topics: touched.extend(topics))

    cash_plans.confirm(key=KEY, by=scope.anna.actor)
    cash_plans.take_back(key=KEY, by=scope.anna.actor)

    assert touched == ["cash-flow", "cash-flow"]


def test_who_may_only_read_decides_nothing(scope: Cast) -> None:
    found()
    bram = scope.bram.actor

    for act in (cash_plans.confirm, cash_plans.refuse, cash_plans.take_back):
        with pytest.raises(NotAllowed):
            act(key=KEY, by=bram)
    with pytest.raises(NotAllowed):
        cash_plans.plan(wanted=rent(), by=bram)
    with pytest.raises(NotAllowed):
        tax_plans.leave_out(ref="vat 2026-Q4", today=TODAY, by=bram)
    with pytest.raises(NotAllowed):
        tax_plans.set_periods(vat_every=None, withholding_every=None, by=bram)
    assert db.session.scalars(select(AuditEvent)).all() == []


def test_an_emptied_key_is_refused(scope: Cast) -> None:
    found()

    for key in ("", "x" * 10_000, "immo"):
        with pytest.raises(Refusal, match="no longer found"):
            cash_plans.confirm(key=key, by=scope.anna.actor)
    assert db.session.scalars(select(RecurrenceChoice)).all() == []


def test_a_plan_keeps_its_category(scope: Cast) -> None:
    category = bank_rules.ensure_categories()[3]

    row = cash_plans.plan(wanted=rent(category_id=category.id), by=scope.anna.actor)

    assert row.category_id == category.id


def test_the_category_of_another_company_does_not_exist(scope: Cast) -> None:
    with books_of(scope.chloe):
        theirs = bank_rules.ensure_categories()[0].id

    with pytest.raises(NotFound):
        cash_plans.plan(wanted=rent(category_id=theirs), by=scope.anna.actor)
    assert db.session.scalars(select(PlannedItem)).all() == []


def test_the_next_day_of_a_plan_is_none_once_it_is_over(scope: Cast) -> None:
    rows = [
        cash_plans.plan(wanted=wanted, by=None)
        for wanted in (
            rent(starts_on=date(1970, 1, 5), rhythm=Rhythm.WEEKLY),
            rent(starts_on=TODAY - timedelta(days=1), rhythm=Rhythm.ONCE),
            rent(starts_on=date(2099, 12, 1), rhythm=Rhythm.ONCE),
            rent(starts_on=date(2025, 1, 1), until=date(2026, 1, 1)),
        )
    ]

    days = cash_plans.next_days(rows, today=TODAY)

    assert [days[row.id] for row in rows] == [date(2026, 11, 23), None, date(2099, 12, 1), None]


def vat_on(day: date, amount: str) -> None:
    """The VAT of a sale."""
    row = factories.invoice(gross="1210.00", direction=InvoiceDirection.SALE, issue_date=day)
    with transaction() as session:
        session.add(
            InvoiceVat(
                invoice_id=row.id,
                position=1,
                category=VatCategory.STANDARD,
                rate=Decimal(21),
                base=Decimal("1000.00"),
                amount=Decimal(amount),
            )
        )


def company() -> Company:
    return db.session.scalars(select(Company)).one()


def test_vat_of_a_period_gone_by_is_no_estimate(scope: Cast) -> None:
    vat_on(date(2026, 9, 10), "210.00")

    (one, *_) = tax_plans.ahead(company=company(), today=date(2026, 10, 2))

    assert (tax_plans.ref_of(one), one.amount, one.is_estimate) == (
        "vat 2026-Q3",
        Decimal("210.00"),
        False,
    )
    assert one.due == date(2026, 10, 25)


def test_months_make_other_days(scope: Cast) -> None:
    vat_on(date(2026, 9, 10), "210.00")
    tax_plans.set_periods(vat_every=Every.MONTH, withholding_every=Every.MONTH, by=scope.anna.actor)

    (one, *_) = tax_plans.ahead(company=company(), today=date(2026, 10, 2))

    assert (tax_plans.ref_of(one), one.due) == ("vat 2026-09", date(2026, 10, 20))


def test_a_tax_by_hand_keeps_what_was_worked_out(scope: Cast) -> None:
    vat_on(date(2026, 9, 10), "210.00")
    today, ref = date(2026, 10, 2), "vat 2026-Q3"

    tax_plans.change(
        ref=ref, amount=Decimal("-50.00"), pay_on=None, today=today, by=scope.anna.actor
    )

    one = tax_plans.one(ref=ref, company=company(), today=today)
    assert (one.amount, one.worked_out, one.is_by_hand) == (
        Decimal("-50.00"),
        Decimal("210.00"),
        True,
    )


def test_the_last_decision_about_a_tax_holds(scope: Cast) -> None:
    vat_on(date(2026, 9, 10), "210.00")
    today, ref, by = date(2026, 10, 2), "vat 2026-Q3", scope.anna.actor
    tax_plans.leave_out(ref=ref, today=today, by=by)

    tax_plans.change(ref=ref, amount=Decimal("1.00"), pay_on=today, today=today, by=by)

    (choice,) = db.session.scalars(select(ObligationChoice)).all()
    assert (choice.is_left_out, choice.amount, choice.pay_on) == (False, Decimal("1.00"), today)


def test_a_payment_seen_in_the_bank_comes_back(scope: Cast) -> None:
    social = next(one for one in bank_rules.ensure_categories() if one.code == "social")
    on = factories.account()
    for day in (date(2025, 11, 5), date(2026, 8, 5), date(2026, 9, 4), date(2026, 11, 5)):
        factories.movement(on=on, amount="-900.00", booked_on=day, category_id=social.id)

    refs = [tax_plans.ref_of(one) for one in tax_plans.ahead(company=company(), today=TODAY)]

    assert any(ref.startswith("social_security_advance") for ref in refs)


@pytest.mark.parametrize(
    ("amount", "pay_on", "said"),
    [
        (None, date(2026, 10, 1), "has passed"),
        (None, date(2030, 1, 1), "three years ahead"),
        (Decimal("1e30"), None, "too large"),
    ],
)
def test_a_tax_can_be_changed_within_bounds(
    scope: Cast, amount: Decimal | None, pay_on: date | None, said: str
) -> None:
    vat_on(date(2026, 9, 10), "210.00")

    with pytest.raises(Refusal, match=said):
        tax_plans.change(
            ref="vat 2026-Q3",
            amount=amount,
            pay_on=pay_on,
            today=date(2026, 10, 2),
            by=scope.anna.actor,
        )
