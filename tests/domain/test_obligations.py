"""The days taxes are due."""

from datetime import date

import pytest

from billify.domain import obligations
from billify.domain.obligations import Every, Obligation, Period, Tax


def _quarter(day: str) -> Period:
    return obligations.period_of(date.fromisoformat(day), every=Every.QUARTER)


def _month(day: str) -> Period:
    return obligations.period_of(date.fromisoformat(day), every=Every.MONTH)


@pytest.mark.parametrize(
    ("owed", "due", "pay_by"),
    [
        (obligations.vat(_quarter("2026-11-20")), "2027-01-25", "2027-01-25"),
        (obligations.vat(_quarter("2026-08-01")), "2026-10-25", "2026-10-23"),
        (obligations.vat(_quarter("2025-05-01")), "2025-07-25", "2025-07-25"),
        (obligations.vat(_quarter("2024-12-31")), "2025-01-25", "2025-01-27"),
        (obligations.vat(_quarter("2024-08-01")), "2024-10-20", "2024-10-21"),
        (obligations.vat(_month("2026-08-15")), "2026-09-20", "2026-09-21"),
        (obligations.vat(_month("2026-12-01")), "2027-01-20", "2027-01-20"),
        (obligations.withholding(_month("2026-10-01")), "2026-11-15", "2026-11-13"),
        (obligations.withholding(_quarter("2026-10-01")), "2027-01-15", "2027-01-15"),
        (obligations.social_security(_quarter("2026-10-01")), "2027-01-31", "2027-01-29"),
        (obligations.social_security(_quarter("2026-01-01")), "2026-04-30", "2026-04-30"),
    ],
)
def test_a_tax_has_its_day(owed: Obligation, due: str, pay_by: str) -> None:
    assert (owed.due.isoformat(), owed.pay_by.isoformat()) == (due, pay_by)


def test_advances_come_on_the_fifth() -> None:
    found = obligations.social_security_advances(_quarter("2026-10-01"))

    assert [one.due.isoformat() for one in found] == ["2026-11-05", "2026-12-05", "2027-01-05"]


def test_periods_have_names() -> None:
    assert str(_quarter("2026-11-20")) == "2026-Q4"
    assert str(_month("2026-02-20")) == "2026-02"
    assert _month("2028-02-20").end == date(2028, 2, 29)


def test_a_season_of_payments_in_order() -> None:
    found = obligations.between(
        start=date(2026, 11, 20),
        end=date(2027, 1, 31),
        vat_every=Every.QUARTER,
        withholding_every=Every.MONTH,
    )

    assert [(one.tax, one.pay_by.isoformat()) for one in found] == [
        (Tax.SOCIAL_SECURITY_ADVANCE, "2026-12-04"),
        (Tax.WITHHOLDING, "2026-12-15"),
        (Tax.SOCIAL_SECURITY_ADVANCE, "2027-01-05"),
        (Tax.WITHHOLDING, "2027-01-15"),
        (Tax.VAT, "2027-01-25"),
        (Tax.SOCIAL_SECURITY, "2027-01-29"),
    ]


def test_every_tax_has_a_label() -> None:
    assert set(obligations.LABELS) == set(Tax)
