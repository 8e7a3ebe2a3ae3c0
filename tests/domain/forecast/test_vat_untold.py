"""VAT of invoices that tell none: by the usual share, as it was paid before, or not known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billify.domain.forecast import taxes, vat_untold, whole
from billify.domain.forecast.known import Account, Known, TaxChoice, TaxPaid, VatMonth
from billify.domain.forecast.taxes import TaxAhead
from billify.domain.forecast.vat_untold import Shares

D = Decimal
TODAY = date(2026, 10, 12)
UNTIL = date(2027, 2, 28)
MONTHS = [date(2025 + (at + 6) // 12, (at + 6) % 12 + 1, 1) for at in range(15)]
TOLD = VatMonth(MONTHS[0], D(2100), D(420), D(1050), D(210), D(12100), D(2420))
"""Sales of 12,100 and purchases of 2,420 in a month, at 21 %."""
UNTOLD = VatMonth(
    MONTHS[0], D(0), D(0),
    untold_sales=D(12100), untold_purchases=D(2420),
    untold_sales_by_now=D(6050), untold_purchases_by_now=D(1210), untold_count=7,
)  # fmt: skip
HALF = VatMonth(
    MONTHS[0], D(1050), D(210), D(525), D(105), D(6050), D(1210),
    D(6050), D(1210), D(3025), D(605), untold_count=3,
)  # fmt: skip
PAID = tuple(
    TaxPaid("vat", date.fromisoformat(day), D(-5040))
    for day in ("2025-10-24", "2026-01-23", "2026-04-24", "2026-07-24")
)


def _year(like: VatMonth) -> tuple[VatMonth, ...]:
    return tuple(replace(like, month=month) for month in MONTHS)


def _known(months: tuple[VatMonth, ...], **more: object) -> Known:
    return Known(today=TODAY, currency="EUR", vat_months=months, **more)  # type: ignore[arg-type]


def _vat(months: tuple[VatMonth, ...], **more: object) -> list[TaxAhead]:
    return taxes.ahead(known=_known(months, **more), until=UNTIL)


def test_a_company_whose_invoices_all_tell_is_as_before() -> None:
    bare = tuple(replace(one, told_sales=D(0), told_purchases=D(0)) for one in _year(TOLD))

    assert _vat(_year(TOLD)) == _vat(bare)
    assert [one.reason.code for one in _vat(bare)] == ["vat_final", "vat_estimate"]


def test_half_of_them_is_an_estimate_of_the_whole() -> None:
    """What the one half tells holds for the other, in the period that is over and the next."""
    half, told = _vat(_year(HALF)), _vat(_year(TOLD))

    assert [one.amount for one in half] == [one.amount for one in told]
    assert half[0].amount == D("5040.00")
    assert [one.is_estimate for one in half] == [True, True]
    values = dict(half[0].reason.values)
    assert half[0].reason.code == "vat_part_told"
    assert (values["sales"], values["bought"]) == ("6300.00", "1260.00")
    assert (values["untold"], values["untold_gross"]) == (9, "21780.00")


def test_one_month_is_enough_to_tell_what_is_usual() -> None:
    months = (*_year(UNTOLD)[:13], *_year(TOLD)[13:])

    assert _vat(months)[0].amount == D("5040.00")


def test_where_none_tells_vat_is_as_it_was_paid() -> None:
    found = _vat(_year(UNTOLD), taxes_paid=PAID)

    assert [(one.period, one.amount, one.is_estimate) for one in found] == [
        ("2026-Q3", D(5040), True),
        ("2026-Q4", D(5040), True),
    ]
    assert {one.reason.code for one in found} == {"tax_as_before"}


def test_where_nothing_tells_vat_is_not_known() -> None:
    """Each period that has such invoices says so; those that have none yet say nothing."""
    found = _vat(_year(UNTOLD))

    assert [(one.period, one.amount, one.is_unknown) for one in found] == [
        ("2026-Q3", D(0), True),
        ("2026-Q4", D(0), True),
    ]
    assert [one.day for one in found] == [date(2026, 10, 23), date(2027, 1, 25)]
    assert all(one.is_estimate for one in found)
    assert taxes.flows(found) == []


@pytest.mark.parametrize(
    ("choice", "is_unknown"),
    [
        (TaxChoice("vat", "2026-Q3", amount=D(900)), False),
        (TaxChoice("vat", "2026-Q3", amount=D(0)), False),
        (TaxChoice("vat", "2026-Q3", pay_on=date(2026, 10, 20)), True),
    ],
    ids=["amount", "zero", "day"],
)
def test_what_a_person_says_is_known_though_nothing_worked_it_out(
    choice: TaxChoice, is_unknown: bool
) -> None:
    first = _vat(_year(UNTOLD), tax_choices=(choice,))[0]

    assert (first.worked_out, first.is_unknown, first.is_by_hand) == (None, is_unknown, True)


def test_sales_without_vat_are_no_credit_of_the_purchases() -> None:
    """Only the purchases tell: their VAT alone would come back, which nobody can say."""
    only_bought = VatMonth(
        MONTHS[0], D(0), D(420), told_purchases=D(2420), untold_sales=D(12100), untold_count=4
    )

    assert _vat(_year(only_bought))[0].is_unknown


def test_a_trifle_that_no_share_can_tell_leaves_the_rest_known() -> None:
    months = _year(replace(TOLD, purchases=D(0), told_purchases=D(0)))
    months = (
        *months[:-2],
        replace(months[-2], untold_purchases=D(121), untold_count=1),
        months[-1],
    )
    first = _vat(months)[0]

    assert (first.amount, first.reason.code, first.is_estimate) == (
        D("6300.00"), "vat_part_told", True,
    )  # fmt: skip


@pytest.mark.parametrize("vat", ["9000", "-50"], ids=["mostly-vat", "below-zero"])
def test_a_share_is_at_most_that_of_the_highest_rate(vat: str) -> None:
    odd = replace(TOLD, sales=D(vat))

    share = vat_untold.usual([odd], since=odd.month).sales

    assert share is not None
    assert 0 <= share <= D(21) / D(121)


def test_what_is_longer_ago_than_a_year_tells_nothing() -> None:
    assert vat_untold.usual(_year(TOLD), since=date(2026, 10, 1)) == Shares(None, None)


@pytest.mark.parametrize(
    ("months", "choices", "is_missing"),
    [
        (_year(UNTOLD), (), True),
        (_year(UNTOLD), ("2026-Q3", "2026-Q4"), False),
        (_year(HALF), (), False),
        (_year(TOLD), (), False),
        ((), (), False),
    ],
    ids=["unknown", "by-hand", "half", "told", "none"],
)
def test_the_forecast_says_that_it_does_without_vat(
    months: tuple[VatMonth, ...], choices: tuple[str, ...], is_missing: bool
) -> None:
    known = _known(
        months,
        accounts=(Account("a", "Zicht", "EUR", D(100)),),
        tax_choices=tuple(TaxChoice("vat", one, amount=D(900)) for one in choices),
    )

    assert ("vat" in whole.make(known=known).missing) is is_missing
