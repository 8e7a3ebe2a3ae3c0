"""What scenarios do to a forecast: rows move, change and are added, and nothing else does."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billify.domain.forecast import course, scenario_flows
from billify.domain.forecast.scenario_flows import Sales, apply
from billify.domain.forecast.scenarios import Change, Kind
from billify.domain.forecast.shapes import (
    DAYS_AHEAD,
    MONTHS_AHEAD,
    NO_REASON,
    Flow,
    Forecast,
    Reason,
    Source,
)
from billify.domain.obligations import Every

TODAY = date(2026, 11, 21)
MILL, SHOP = "mill", "shop"
INVOICE = "0198c0de-0000-7000-8000-000000000001"


def flow(
    day: date,
    amount: str,
    source: Source = Source.SALE,
    *,
    ref: str = "",
    contact: str = "",
    category: str = "",
    reason: Reason = NO_REASON,
) -> Flow:
    return Flow(day, Decimal(amount), source, ref, "", contact, category=category, reason=reason)


def foreseen(day: date, amount: str, issued: date) -> Flow:
    """An invoice to the mill that is not issued yet."""
    reason = Reason("next_invoice", (("issued", issued.isoformat()), ("count", 9)))
    return flow(day, amount, Source.RECURRING, contact=MILL, reason=reason)


def takings(amount: str = "1000.00", weeks: int = 156) -> list[Flow]:
    """What the rest of the business brings in, each Saturday."""
    return [flow(TODAY + timedelta(weeks=at), amount, Source.REST, ref="in") for at in range(weeks)]


def total(flows: list[Flow]) -> Decimal:
    return sum((one.amount for one in flows), Decimal(0))


def changed(flows: list[Flow], *changes: Change, sales: Sales | None = None) -> list[Flow]:
    found = apply(flows=flows, changes=changes, sales=sales or Sales(vat_every=None), today=TODAY)
    return sorted(found, key=lambda one: (one.day, one.amount))


def forecast(flows: list[Flow], width: str = "50.00") -> Forecast:
    start = Decimal("5000.00")
    widths = [(Decimal(width), 2 * Decimal(width))]
    sums = course.sums(flows)
    days = course.days_ahead(today=TODAY, balance=start, total=sums, widths=widths * DAYS_AHEAD)
    months = course.months_ahead(
        today=TODAY, balance=start, total=sums, widths=widths * MONTHS_AHEAD
    )
    return Forecast(
        TODAY, "EUR", start, Decimal("1000.00"), tuple(days), tuple(months),
        course.lowest(days), None, None, (),
    )  # fmt: skip


def test_without_changes_nothing_moves() -> None:
    flows = [flow(date(2026, 12, 1), "300.00", contact=MILL), *takings()]

    assert apply(flows=flows, changes=(), sales=Sales(), today=TODAY) == flows


def test_a_customer_pays_later_and_the_others_do_not() -> None:
    mill = flow(date(2026, 12, 1), "300.00", contact=MILL)
    shop = flow(date(2026, 12, 1), "200.00", contact=SHOP)
    bill = flow(date(2026, 12, 1), "-100.00", Source.PURCHASE, contact=MILL)

    found = changed([mill, shop, bill], Change(Kind.LATE, contact=MILL, days=30))

    assert found == [bill, shop, replace(mill, day=date(2026, 12, 31))]


@pytest.mark.parametrize(
    ("days", "day"),
    [(4, date(2026, 12, 7)), (24, date(2026, 12, 28)), (-365, TODAY)],
    ids=["a weekend", "Christmas and the bank holiday", "never before today"],
)
def test_money_moves_to_a_working_day(days: int, day: date) -> None:
    (found,) = changed(
        [flow(date(2026, 12, 1), "300.00", contact=MILL)],
        Change(Kind.LATE, contact=MILL, days=days),
    )

    assert found.day == day


def test_a_later_customer_takes_its_share_of_new_sales_along() -> None:
    sales = Sales(weekly={MILL: Decimal(250)}, vat_every=None)

    found = changed(takings(), Change(Kind.LATE, contact=MILL, days=7), sales=sales)

    assert total(found) == total(takings())
    assert {one.amount for one in found if one.contact == MILL} == {Decimal("250.00")}
    first = next(one for one in found if one.contact == MILL)
    assert first.day == date(2026, 11, 30), "a week later, on a working day"


def test_a_lost_customer_pays_its_invoices_and_buys_no_more() -> None:
    invoice = flow(date(2027, 2, 10), "300.00", contact=MILL, ref=INVOICE)
    sales = Sales(weekly={MILL: Decimal(250)}, wait=20, vat_every=None)

    found = changed(
        [invoice, *takings()], Change(Kind.LOSE, MILL, on=date(2027, 1, 1)), sales=sales
    )

    assert invoice in found
    last = max(one.day for one in found if one.contact == MILL and one.source is Source.REST)
    assert last == date(2027, 1, 16), "what was sold in December is paid 20 days later"
    assert total([one for one in found if one.day == TODAY + timedelta(weeks=20)]) == Decimal(750)


def test_what_a_lost_customer_pays_by_rhythm_ends_too_and_is_not_taken_twice() -> None:
    weekly = [flow(one.day, "250.00", Source.RECURRING, contact=MILL) for one in takings()]
    sales = Sales(weekly={MILL: Decimal(250)}, vat_every=None)

    found = changed(takings() + weekly, Change(Kind.LOSE, MILL, on=date(2026, 11, 1)), sales=sales)

    assert total(found) / total(takings()) == pytest.approx(Decimal(1), abs=Decimal("0.01"))


def test_an_invoice_foreseen_by_name_is_not_sent_to_a_lost_customer() -> None:
    last = foreseen(date(2027, 2, 10), "300.00", issued=date(2026, 12, 31))
    first = foreseen(date(2027, 2, 10), "200.00", issued=date(2027, 1, 1))
    open_one = flow(date(2027, 2, 10), "500.00", contact=MILL)

    found = changed([last, first, open_one], Change(Kind.LOSE, MILL, on=date(2027, 1, 1)))

    assert found == [last, open_one]


def test_an_invoice_foreseen_by_name_is_dearer_when_it_is_issued_after_the_rise() -> None:
    before = foreseen(date(2027, 2, 10), "300.00", issued=date(2026, 12, 31))
    after = foreseen(date(2027, 2, 10), "500.00", issued=date(2027, 1, 1))

    found = changed(
        [before, after],
        Change(Kind.PRICE, percent=Decimal(10), on=date(2027, 1, 1)),
    )

    assert total(found) == Decimal(850)


def test_a_row_of_the_rest_says_how_much_of_it_is_invoiced() -> None:
    rest = flow(
        date(2027, 1, 9), "1000.00", Source.REST, reason=Reason("rest", (("invoices", 30),))
    )

    found = changed(
        [rest],
        Change(Kind.PRICE, percent=Decimal(10), on=date(2027, 1, 1)),
        sales=Sales(wait=30, vat_every=None),
    )

    assert total(found) == Decimal(1070)


@pytest.mark.parametrize(
    ("category", "sum_"),
    [("cards", "110.00"), ("sales", "110.00"), ("", "110.00"), ("subsidies", "100.00")],
    ids=["cards", "sales", "none", "subsidies"],
)
def test_sales_that_come_back_in_the_bank_are_dearer_at_once(category: str, sum_: str) -> None:
    card = flow(date(2027, 1, 4), "100.00", Source.RECURRING, category=category)

    found = changed(
        [card],
        Change(Kind.PRICE, percent=Decimal(10), on=date(2027, 1, 1)),
        sales=Sales(wait=30, vat_every=None),
    )

    assert total(found) == Decimal(sum_)


def test_a_customer_has_no_more_than_all_of_the_rest() -> None:
    sales = Sales(weekly={MILL: Decimal(9000)}, vat_every=None)

    found = changed(takings(), Change(Kind.LOSE, MILL, on=date(2026, 11, 1)), sales=sales)

    assert found == []


def test_a_higher_price_counts_at_once_in_the_shop_and_later_on_invoices() -> None:
    sales = Sales(invoiced=Decimal(400), wait=30, vat_every=None)

    found = changed(
        takings(), Change(Kind.PRICE, percent=Decimal(10), on=date(2026, 12, 1)), sales=sales
    )

    def week(at: int) -> Decimal:
        return total([one for one in found if one.day == TODAY + timedelta(weeks=at)])

    assert week(1) == Decimal(1000)
    assert week(2) == Decimal(1060), "the shop's 600 a week"
    assert week(6) == Decimal(1100)


def test_more_sales_owe_more_vat_with_the_period_of_the_invoice() -> None:
    sales = Sales(vat_share=Decimal("0.2"), wait=0, vat_every=Every.QUARTER)

    found = changed(
        takings(weeks=8), Change(Kind.PRICE, percent=Decimal(10), on=date(2026, 11, 1)), sales=sales
    )

    vat = {one.ref: (one.day, one.amount) for one in found if one.source is Source.SCENARIO}
    assert vat == {
        "vat 2026-Q4": (date(2027, 1, 25), Decimal("-120.00")),
        "vat 2027-Q1": (date(2027, 4, 23), Decimal("-40.00")),
    }


def test_who_files_no_vat_owes_none() -> None:
    sales = Sales(vat_share=Decimal("0.2"), vat_every=None)

    found = changed(
        takings(weeks=8), Change(Kind.PRICE, percent=Decimal(10), on=date(2026, 11, 1)), sales=sales
    )

    assert total(found) == Decimal(8800)


def test_hiring_costs_the_wage_and_contributions_each_month() -> None:
    found = changed([], Change(Kind.HIRE, amount=Decimal(2800), on=date(2027, 1, 1)))

    assert found[0] == Flow(
        date(2027, 1, 29), Decimal("-3556.00"), Source.SCENARIO, "", "Wage with contributions"
    )
    year = [one for one in found if one.day.year == 2027]
    assert total(year) == -13 * Decimal("3556.00"), "twelve months and the premium"
    holiday = [one for one in found if one.what == "Double holiday pay"]
    assert [(one.day, one.amount) for one in holiday] == [
        (date(2028, 6, 30), Decimal("-2576.00")),
        (date(2029, 6, 29), Decimal("-2576.00")),
    ]


def test_who_begins_in_october_has_a_quarter_of_the_premium() -> None:
    found = changed([], Change(Kind.HIRE, amount=Decimal(2800), on=date(2027, 10, 1)))

    premium = next(one for one in found if one.what == "End-of-year premium")
    assert (premium.day, premium.amount) == (date(2027, 12, 31), Decimal("-889.00"))


def test_a_purchase_goes_out_with_vat_that_comes_back() -> None:
    change = Change(Kind.BUY, amount=Decimal(12000), percent=Decimal(21), on=date(2027, 2, 15))

    found = changed([], change, sales=Sales(vat_every=Every.QUARTER))

    assert [(one.day, one.amount) for one in found] == [
        (date(2027, 2, 15), Decimal("-14520.00")),
        (date(2027, 4, 23), Decimal("2520.00")),
    ]
    assert [one.amount for one in changed([], change)] == [Decimal("-14520.00")]


def test_a_loan_comes_in_and_goes_out_by_an_annuity() -> None:
    change = Change(
        Kind.LOAN,
        amount=Decimal(25000),
        months=24,
        percent=Decimal("4.5"),
        on=date(2027, 1, 1),
    )

    found = changed([], change)

    assert (found[0].day, found[0].amount) == (date(2027, 1, 4), Decimal(25000))
    assert len(found) == 25
    assert found[1].day == date(2027, 2, 1)
    assert {one.amount for one in found[1:]} == {Decimal("-1091.20")}


def test_a_loan_without_interest_is_paid_back_evenly() -> None:
    paid = scenario_flows.instalment(amount=Decimal(1200), months=12, percent=Decimal(0))

    assert paid == Decimal(100)


def test_vat_is_paid_later_and_other_taxes_are_not() -> None:
    vat = flow(date(2027, 1, 25), "-5000.00", Source.TAX, ref="vat 2026-Q4")
    back = flow(date(2027, 1, 25), "800.00", Source.TAX, ref="vat 2026-Q3")
    wages = flow(date(2027, 1, 15), "-900.00", Source.TAX, ref="withholding 2026-12")

    found = changed([vat, back, wages], Change(Kind.VAT, days=30))

    assert found == [wages, back, replace(vat, day=date(2027, 2, 24))]


def test_the_order_of_changes_makes_no_difference() -> None:
    flows = [flow(date(2026, 12, 1), "300.00", contact=MILL), *takings()]
    sales = Sales(
        weekly={MILL: Decimal(250)}, invoiced=Decimal(400), wait=20, vat_share=Decimal("0.17")
    )
    changes = [
        Change(Kind.VAT, days=30),
        Change(Kind.PRICE, percent=Decimal(5), on=date(2027, 1, 1)),
        Change(Kind.LATE, contact=MILL, days=14),
        Change(Kind.LOSE, MILL, on=date(2027, 6, 1)),
    ]

    assert changed(flows, *changes, sales=sales) == changed(flows, *changes[::-1], sales=sales)


def test_the_band_keeps_its_widths_around_the_moved_line() -> None:
    flows = takings()
    base = forecast(flows)

    found = scenario_flows.moved(
        forecast=base,
        flows=flows,
        changes=[Change(Kind.BUY, amount=Decimal(7000), on=date(2026, 12, 1))],
        sales=Sales(vat_every=None),
    )

    for was, now in zip(base.days, found.days, strict=True):
        assert now.balance - now.low == was.balance - was.low
        assert now.high - now.balance == was.high - was.balance
        assert was.balance - now.balance == (7000 if was.day >= date(2026, 12, 1) else 0)
    assert found.lowest.day == date(2026, 12, 1)
    assert found.lowest.balance == Decimal(0)
    assert found.below_floor is not None
    assert found.below_floor.day == date(2026, 12, 1)
    assert found.in_12_months.end == date(2027, 11, 30)
    assert base.months[12].balance - found.in_12_months.balance == 7000


def test_the_base_is_the_forecast_itself() -> None:
    base = forecast(takings())

    found = scenario_flows.base(base)

    assert found.days == base.days
    assert found == scenario_flows.moved(forecast=base, flows=takings(), changes=[], sales=Sales())
