"""What is owed to the state: days, amounts, and what a person changed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billify.domain.cash_flow import Planned, Rhythm
from billify.domain.forecast import taxes
from billify.domain.forecast.known import (
    Known,
    PlannedItem,
    TaxChoice,
    TaxPaid,
    TaxSettings,
    VatMonth,
)
from billify.domain.forecast.taxes import TaxAhead
from billify.domain.obligations import Every

TODAY = date(2026, 11, 20)
UNTIL = date(2027, 5, 31)
D = Decimal


def _known(today: date = TODAY, **more: object) -> Known:
    return Known(today=today, currency="EUR", **more)  # type: ignore[arg-type]


def _months(count: int, sales: str, bought: str, last: date = TODAY) -> tuple[VatMonth, ...]:
    """As many months of the same VAT until the one before; half of it by the day it is."""
    found = []
    for at in range(count, 0, -1):
        year, month = divmod(last.year * 12 + last.month - 1 - at, 12)
        halves = D(sales) / 2, D(bought) / 2
        found.append(VatMonth(date(year, month + 1, 1), D(sales), D(bought), *halves))
    return tuple(found)


def _paid(tax: str, *payments: tuple[str, str]) -> tuple[TaxPaid, ...]:
    return tuple(TaxPaid(tax, date.fromisoformat(day), D(amount)) for day, amount in payments)


def _said(known: Known, tax: str, until: date = UNTIL) -> list[TaxAhead]:
    return [one for one in taxes.ahead(known=known, until=until) if one.tax == tax]


@pytest.mark.parametrize(
    ("category", "iban", "tax"),
    [
        ("vat", None, "vat"),
        ("social", None, "social_security"),
        ("", "BE63 6790 2618 1108", "social_security"),
        ("other", "BE22679200300047", "vat"),
        ("", "BE61679200229117", "prepayment"),
        ("wages", "BE68539007547034", ""),
    ],
)
def test_a_bank_line_is_known_as_a_tax(category: str, iban: str | None, tax: str) -> None:
    assert taxes.tax_of(category=category, iban=iban) == tax


def test_every_tax_has_a_note_on_its_source() -> None:
    assert set(taxes.NOTES) == set(taxes.LABELS)


def test_vat_of_a_quarter_that_is_over_is_what_its_invoices_say() -> None:
    known = _known(date(2026, 10, 12), vat_months=_months(4, "5000", "2000", date(2026, 10, 12)))

    first = _said(known, "vat")[0]

    assert (first.period, first.day, first.amount) == ("2026-Q3", date(2026, 10, 23), D("9000"))
    assert (first.reason.code, first.is_estimate) == ("vat_final", False)


def test_vat_of_a_month_is_due_on_the_20th() -> None:
    months = _months(6, "5000", "2000")
    known = _known(vat_months=months, taxes=TaxSettings(Every.MONTH))

    first = _said(known, "vat")[0]

    assert (first.period, first.day, first.amount) == ("2026-10", date(2026, 11, 20), D("3000"))


def test_vat_that_was_paid_does_not_come_again() -> None:
    known = _known(
        date(2026, 10, 24),
        vat_months=_months(9, "5000", "2000", date(2026, 10, 24)),
        taxes_paid=_paid("vat", ("2026-10-22", "-9000.00")),
    )

    assert [one.period for one in _said(known, "vat")] == ["2026-Q4", "2027-Q1"]


def test_vat_of_the_running_quarter_goes_on_at_its_own_pace() -> None:
    """October has twice the usual; by the 20th half of November's should be there, and is."""
    usual = _months(12, "5000", "2000")[:-1]
    october = VatMonth(date(2026, 10, 1), D(10000), D(4000), D(5000), D(2000))
    november = VatMonth(date(2026, 11, 1), D(5000), D(2000), D(5000), D(2000))
    known = _known(vat_months=(*usual, october, november))

    first = _said(known, "vat")[0]

    assert (first.period, first.reason.code) == ("2026-Q4", "vat_estimate")
    assert D(13000) < first.amount < D(18500)


def test_who_invoices_at_the_months_end_is_not_underestimated() -> None:
    """On the 20th nothing of a month is there yet, as always."""
    months = tuple(
        VatMonth(one.month, one.sales, one.purchases) for one in _months(14, "5000", "2000")
    )
    first = _said(_known(vat_months=months), "vat")[0]

    assert first.amount == pytest.approx(D(9000), rel=D("0.03"))


def test_a_credit_is_taken_off_the_next_payment() -> None:
    months = (
        *_months(3, "1000", "3000", date(2026, 7, 1)),
        *_months(3, "5000", "2000", date(2026, 10, 1)),
    )
    known = _known(date(2026, 10, 2), vat_months=months)

    first = _said(known, "vat")[0]

    assert (first.period, first.amount, first.reason.code) == ("2026-Q3", D(3000), "vat_final")


def test_a_credit_that_was_paid_out_before_is_paid_out_again() -> None:
    known = _known(
        date(2026, 10, 12),
        vat_months=_months(6, "1000", "3000", date(2026, 10, 12)),
        taxes_paid=_paid("vat", ("2026-09-30", "6000.00")),
    )
    first = _said(known, "vat")[0]

    assert (first.period, first.day, first.amount) == ("2026-Q3", date(2026, 12, 31), D(-6000))


def test_takings_without_invoice_bear_vat_too() -> None:
    """A shop: invoices of suppliers only, and yet 4,000 is paid each quarter."""
    paid = (("2026-01-23", "-4000"), ("2026-04-24", "-4000"), ("2026-07-24", "-4000"))
    known = _known(
        date(2026, 10, 12),
        vat_months=_months(14, "0", "2000", date(2026, 10, 12)),
        taxes_paid=_paid("vat", *paid),
    )
    first = _said(known, "vat")[0]

    assert (first.period, first.amount) == ("2026-Q3", D(4000))
    assert dict(first.reason.values)["besides"] == "10000.00"


def test_no_vat_without_returns() -> None:
    known = _known(vat_months=_months(6, "5000", "2000"), taxes=TaxSettings(None))

    assert _said(known, "vat") == []


def test_withholding_is_what_it_was_a_year_ago_and_has_changed_since() -> None:
    paid = [(f"2025-{at:02d}-14", "-1000") for at in range(9, 12)]
    paid += [("2025-12-15", "-1600")]
    paid += [(f"2026-{at:02d}-13", "-1100") for at in range(1, 12)]
    known = _known(taxes_paid=_paid("withholding", *paid), taxes=TaxSettings(None, Every.MONTH))
    first, second = _said(known, "withholding")[:2]

    assert (first.day, first.amount) == (date(2026, 12, 15), D("1760.00"))
    assert (second.day, second.reason.code) == (date(2027, 1, 15), "tax_last_year")


def test_withholding_without_a_setting_has_the_rhythm_of_its_payments() -> None:
    days = ("2026-01-15", "2026-04-15", "2026-07-15", "2026-10-15")
    known = _known(taxes_paid=_paid("withholding", *((day, "-900") for day in days)))

    found = _said(known, "withholding", date(2027, 4, 30))

    assert [(one.period, one.amount) for one in found] == [("2026-Q4", D(900)), ("2027-Q1", D(900))]


def test_social_security_has_advances_and_a_balance() -> None:
    paid = [(f"2026-{at:02d}-04", "-1500") for at in range(5, 12)]
    paid += [("2026-07-31", "-700"), ("2026-10-30", "-700")]
    known = _known(taxes_paid=_paid("social_security", *paid))

    found = taxes.ahead(known=known, until=date(2027, 1, 31))

    assert [(one.tax.value, one.period, one.amount) for one in found] == [
        ("social_security_advance", "2026-11", D(1500)),
        ("social_security_advance", "2026-12", D(1500)),
        ("social_security", "2026-Q4", D(700)),
    ]


def test_prepayments_come_on_their_four_days() -> None:
    days = ("2026-04-09", "2026-07-09", "2026-10-09")
    known = _known(taxes_paid=_paid("prepayment", *((day, "-2500") for day in days)))

    found = _said(known, "prepayment")

    assert [(one.period, one.day) for one in found] == [
        ("2026-Q4", date(2026, 12, 21)),
        ("2027-Q1", date(2027, 4, 12)),
    ]


def test_the_self_employed_pay_by_the_end_of_the_quarter() -> None:
    days = ("2026-03-27", "2026-06-29", "2026-09-28")
    known = _known(taxes_paid=_paid("self_employed", *((day, "-1800") for day in days)))

    first = _said(known, "self_employed")[0]

    assert (first.period, first.day, first.amount) == ("2026-Q4", date(2026, 12, 31), D(1800))


def test_a_tax_no_longer_paid_is_not_expected() -> None:
    paid = [(f"2026-{at:02d}-14", "-1000") for at in range(1, 8)]
    known = _known(taxes_paid=_paid("withholding", *paid), taxes=TaxSettings(None, Every.MONTH))

    assert _said(known, "withholding") == []


@pytest.mark.parametrize(
    ("choice", "row"),
    [
        (TaxChoice("vat", "2026-Q4", amount=D(500)), (D(-500), date(2027, 1, 25), True)),
        (TaxChoice("vat", "2026-Q4", pay_on=date(2027, 2, 10)), (None, date(2027, 2, 10), True)),
    ],
    ids=["amount", "day"],
)
def test_a_person_changes_a_tax(choice: TaxChoice, row: tuple[Decimal | None, date, bool]) -> None:
    known = _known(vat_months=_months(12, "5000", "2000"), tax_choices=(choice,))

    flow = taxes.flows(taxes.ahead(known=known, until=UNTIL))[0]

    amount, day, by_hand = row
    assert (flow.day, flow.is_by_hand) == (day, by_hand)
    assert amount is None or flow.amount == amount


def test_a_tax_left_out_stays_in_the_list_without_a_row() -> None:
    choice = TaxChoice("vat", "2026-Q4", is_left_out=True)
    known = _known(vat_months=_months(12, "5000", "2000"), tax_choices=(choice,))

    ahead = taxes.ahead(known=known, until=date(2027, 2, 1))

    assert [one.is_left_out for one in ahead] == [True]
    assert taxes.flows(ahead) == []


@pytest.mark.parametrize("back", range(0, 370, 23))
def test_no_tax_is_expected_before_today_or_twice(back: int) -> None:
    today = TODAY - timedelta(days=back)
    paid = [(f"{year}-{at:02d}-14", "-1000") for year in (2024, 2025) for at in range(1, 13)]
    known = _known(
        today,
        vat_months=_months(14, "5000", "2000", today),
        taxes_paid=tuple(one for one in _paid("withholding", *paid) if one.day < today),
        taxes=TaxSettings(Every.QUARTER, Every.MONTH),
    )
    found = taxes.ahead(known=known, until=today + timedelta(days=200))

    assert all(one.day >= today for one in found)
    names = [(one.tax, one.period) for one in found]
    assert len(names) == len(set(names))


def _planned(category: str, day: str, amount: str) -> PlannedItem:
    item = Planned(f"{category} {day}", "By hand", D(amount), Rhythm.ONCE, date.fromisoformat(day))
    return PlannedItem(item, category)


@pytest.mark.parametrize(
    ("item", "is_planned"),
    [
        (_planned("withholding", "2026-12-10", "-1500.00"), True),
        (_planned("withholding", "2026-12-01", "-1500.00"), False),
        (_planned("withholding", "2026-12-15", "1500.00"), False),
        (_planned("rent", "2026-12-15", "-800.00"), False),
    ],
    ids=["same payment", "another day", "money back", "another category"],
)
def test_a_tax_that_is_planned_too_counts_once(item: PlannedItem, is_planned: bool) -> None:
    paid = _paid("withholding", *((f"2026-{at:02}-14", "-800") for at in range(3, 12)))
    found = taxes.ahead(known=_known(taxes_paid=paid, planned=(item,)), until=UNTIL)

    first, second = found[:2]
    assert (first.day, first.is_planned) == (date(2026, 12, 15), is_planned)
    assert not second.is_planned
    assert ("withholding 2026-11" in [row.ref for row in taxes.flows(found)]) is not is_planned


def test_one_planned_item_stands_for_one_tax() -> None:
    """The balance of a quarter and the advance after it lie within days of each other."""
    lines = [(f"2026-{at:02}-05", "-900") for at in range(2, 12)]
    lines += [(day, "-1800") for day in ("2026-01-30", "2026-04-30", "2026-07-31", "2026-10-30")]
    known = _known(
        taxes_paid=_paid("social_security", *lines),
        planned=(_planned("social", "2027-02-04", "-1000.00"),),
    )
    planned = [one for one in taxes.ahead(known=known, until=UNTIL) if one.is_planned]

    assert [one.due for one in planned] == [date(2027, 2, 5)]
