"""Invoices that were here before."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billify.domain import duplicates
from billify.domain.duplicates import Duplicate, Likeness, Seen
from billify.domain.invoices import InvoiceKind

ONE = Seen("one", "mill", "MR26-00123", Decimal("121.00"), date(2026, 11, 2))
TWIN = replace(ONE, id="twin")


@pytest.mark.parametrize(
    ("other", "likeness"),
    [
        (TWIN, Likeness.SAME),
        (replace(TWIN, number="mr 26 00123"), Likeness.SAME),
        (replace(TWIN, gross=Decimal("99.00")), Likeness.SAME_NUMBER),
        (replace(TWIN, gross=None), Likeness.SAME_NUMBER),
        (replace(TWIN, issue_date=None, gross=Decimal(1)), Likeness.SAME_NUMBER),
        (replace(TWIN, number="MR26-00124"), Likeness.NEAR),
        (replace(TWIN, number=None), Likeness.NEAR),
    ],
)
def test_a_repeated_invoice_is_noticed(other: Seen, likeness: Likeness) -> None:
    assert duplicates.find(ONE, among=[other]) == [Duplicate("twin", likeness)]


@pytest.mark.parametrize(
    "other",
    [
        ONE,
        replace(TWIN, supplier="dairy"),
        replace(TWIN, kind=InvoiceKind.CREDIT_NOTE),
        replace(TWIN, gross=Decimal(5), issue_date=date(2025, 11, 2)),
        replace(TWIN, number="MR26-00124", issue_date=date(2026, 11, 3)),
        replace(TWIN, number="MR26-00124", gross=Decimal(5)),
    ],
    ids=["itself", "other supplier", "credit note", "last year's", "other day", "other amount"],
)
def test_other_invoices_are_left_alone(other: Seen) -> None:
    assert duplicates.find(ONE, among=[other]) == []


def test_an_unknown_supplier_has_no_duplicates() -> None:
    assert duplicates.find(replace(ONE, supplier=None), among=[replace(TWIN, supplier=None)]) == []


def test_the_surest_comes_first() -> None:
    near = replace(TWIN, id="near", number=None)

    found = duplicates.find(ONE, among=[near, TWIN])

    assert [one.id for one in found] == ["twin", "near"]


@pytest.mark.parametrize(
    ("number", "key"), [("inv 00-12", "INV0012"), ("0001", "1"), ("2026/1", "20261"), ("", "")]
)
def test_numbers_are_compared_without_marks(number: str, key: str) -> None:
    assert duplicates.number_key(number) == key
