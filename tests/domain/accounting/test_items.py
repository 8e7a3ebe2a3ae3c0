"""Which invoice an item is, and what is open of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from billify.domain import terms
from billify.domain.accounting import items
from billify.domain.accounting.items import Here, Wanted
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

MILLS, OTHERS = UUID(int=1), UUID(int=2)
WANTED = Wanted(
    direction=InvoiceDirection.PURCHASE,
    kind=InvoiceKind.INVOICE,
    contact_id=MILLS,
    number_key="V26889",
    gross=Decimal("847.00"),
    issue_date=date(2026, 10, 1),
)
HERE = Here(
    id=UUID(int=10),
    direction=InvoiceDirection.PURCHASE,
    kind=InvoiceKind.INVOICE,
    contact_id=MILLS,
    number_key="V26889",
    gross=Decimal("847.00"),
    issue_date=date(2026, 10, 2),
    status=InvoiceStatus.OPEN,
)


@pytest.mark.parametrize(
    ("here", "is_same"),
    [
        (HERE, True),
        (replace(HERE, gross=Decimal("874.00")), True),
        (replace(HERE, gross=None), True),
        (replace(HERE, gross=Decimal("874.00"), issue_date=date(2025, 10, 2)), False),
        (replace(HERE, contact_id=OTHERS), False),
        (replace(HERE, number_key="V26890"), False),
        (replace(HERE, kind=InvoiceKind.CREDIT_NOTE), False),
        (replace(HERE, direction=InvoiceDirection.SALE), False),
    ],
    ids=["same", "other total", "no total", "of last year", "contact", "number", "kind", "side"],
)
def test_an_invoice_is_known_by_contact_number_and_amount(here: Here, is_same: bool) -> None:
    assert (items.same(WANTED, among=[here]) is not None) is is_same


def test_the_same_amount_goes_before_another_and_a_decision_stands() -> None:
    other = replace(HERE, id=UUID(int=8), gross=Decimal("1.00"))
    refused = replace(HERE, id=UUID(int=9), status=InvoiceStatus.REJECTED)

    assert items.same(WANTED, among=[other, refused, HERE]) == HERE.id
    assert items.same(WANTED, among=[other, refused]) == refused.id


def test_without_a_number_contact_day_and_amount_have_to_be_the_same() -> None:
    wanted = replace(WANTED, number_key="", issue_date=HERE.issue_date)

    assert items.same(wanted, among=[replace(HERE, number_key="X")]) == HERE.id
    assert items.same(replace(wanted, gross=Decimal(1)), among=[HERE]) is None


def test_a_sale_is_known_by_number_and_amount_whatever_the_customer_is_called() -> None:
    sale = replace(WANTED, direction=InvoiceDirection.SALE, contact_id=OTHERS)
    here = replace(HERE, direction=InvoiceDirection.SALE)

    assert items.same(sale, among=[here]) == HERE.id
    assert items.same(replace(sale, gross=Decimal(1)), among=[here]) is None


@pytest.mark.parametrize(
    ("original", "left", "kind", "gross", "open_amount"),
    [
        ("100.00", "40.00", InvoiceKind.INVOICE, "100.00", "40.00"),
        ("-60.50", "-60.50", InvoiceKind.CREDIT_NOTE, "60.50", "60.50"),
        ("100.00", "-5.00", InvoiceKind.INVOICE, "100.00", "0.00"),
        ("0", "-7.00", InvoiceKind.CREDIT_NOTE, "7.00", "7.00"),
    ],
)
def test_amounts_are_above_zero_and_the_kind_has_the_sign(
    original: str, left: str, kind: InvoiceKind, gross: str, open_amount: str
) -> None:
    told, rest = Decimal(original), Decimal(left)

    assert items.kind_of(told, left=rest) is kind
    assert items.gross_of(told, left=rest) == Decimal(gross)
    assert items.told_open(told, left=rest) == Decimal(open_amount)


def test_what_is_open_is_the_least_of_both_sides() -> None:
    gross = Decimal(100)

    assert items.still_open(gross=gross, allocated=Decimal(30), told=Decimal(100)) == 70
    assert items.still_open(gross=gross, allocated=Decimal(30), told=Decimal(20)) == 20
    assert items.still_open(gross=gross, allocated=Decimal(130), told=Decimal(20)) == 0


def test_a_due_date_that_is_not_told_follows_from_the_terms() -> None:
    issued = date(2026, 10, 1)

    assert items.due_date(issued, told=None, agreed=terms.LEGAL) == date(2026, 10, 31)
    assert items.due_date(issued, told=issued, agreed=terms.LEGAL) == issued


def test_an_item_without_a_reference_has_a_number_all_the_same() -> None:
    assert items.number_of(" V26 ", description="Meel", external_id="9b1c") == "V26"
    assert items.number_of("", description="Meel", external_id="9b1c") == "Meel"
    assert items.number_of("", description="", external_id="9b1c2f3a-7") == "Yuki 9b1c2f3a"


def test_only_invoices_of_their_side_become_invoices() -> None:
    assert items.is_invoice(InvoiceDirection.SALE, 6)
    assert items.is_invoice(InvoiceDirection.PURCHASE, 2)
    assert not items.is_invoice(InvoiceDirection.PURCHASE, 6)
    assert not items.is_invoice(InvoiceDirection.SALE, None)
