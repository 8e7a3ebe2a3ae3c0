"""From what stands beside the head to the draft: discount, period, credit, kinds of VAT."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billify.data.models import Invoice
from billify.domain.invoices import InvoiceKind, InvoiceStatus
from billify.domain.reading import Direction, LineItem, VatRow
from billify.domain.vat import VatCategory
from tests import factories
from tests.application.test_intake import anna, draft, read
from tests.cast import Member

__all__ = ["anna"]
HEAD = {"issue_date": "2026-10-02", "net_amount": "100.00", "gross_amount": "121.00"}


def drafted(*, lines: Any = (), vat: Any = (), **texts: str) -> Invoice:
    texts = HEAD | texts
    return draft(read(lines=lines, vat=vat, direction=Direction.PURCHASE, **texts))


def test_a_discount_with_its_last_day_is_kept(anna: Member) -> None:
    invoice = drafted(discount_percent="2", discount_until="2026-10-10")

    assert (invoice.discount_percent, invoice.discount_until) == (
        Decimal("2.00"),
        date(2026, 10, 10),
    )


@pytest.mark.parametrize(
    "texts",
    [
        {"discount_percent": "2"},
        {"discount_percent": "0", "discount_until": "2026-10-10"},
        {"discount_percent": "120", "discount_until": "2026-10-10"},
        {"discount_percent": "2", "discount_until": "2026-09-10"},
    ],
    ids=["no-day", "nothing", "too-much", "before-issue"],
)
def test_a_discount_that_says_nothing_is_left_out(anna: Member, texts: dict[str, str]) -> None:
    invoice = drafted(**texts)

    assert (invoice.discount_percent, invoice.discount_until) == (None, None)


def test_a_period_runs_forward_or_is_left_out(anna: Member) -> None:
    right = drafted(period_start="2026-09-01", period_end="2026-09-30")
    wrong = drafted(period_start="2026-09-30", period_end="2026-09-01")

    assert (right.period_start, right.period_end) == (date(2026, 9, 1), date(2026, 9, 30))
    assert (wrong.period_start, wrong.period_end) == (None, None)


def test_a_credit_note_is_linked_to_the_invoice_it_names(anna: Member) -> None:
    supplier = factories.contact(name="Molens van Deinze NV", vat_number="BE0403170701")
    credited = factories.invoice(contact=supplier, number="F 2026/12", status=InvoiceStatus.OPEN)

    invoice = drafted(
        document_type="credit_note",
        supplier_vat="BE0403170701",
        supplier_name="Molens van Deinze NV",
        credited_invoice_number="F-2026-12",
    )

    assert invoice.kind is InvoiceKind.CREDIT_NOTE
    assert invoice.credited_number == "F-2026-12"
    assert invoice.credited_invoice_id == credited.id


def test_a_number_that_is_not_here_is_kept_as_it_stands(anna: Member) -> None:
    invoice = drafted(document_type="credit_note", credited_invoice_number="X-1")

    assert (invoice.credited_number, invoice.credited_invoice_id) == ("X-1", None)


def test_the_mention_says_why_no_vat_was_charged(anna: Member) -> None:
    invoice = drafted(
        vat=[VatRow(Decimal(0), Decimal(100), Decimal(0))],
        lines=[LineItem("Werken", Decimal("100.00"), vat_rate=Decimal(0))],
        gross_amount="100.00",
        vat_amount="0.00",
        vat_category="AE",
    )

    assert [row.category for row in invoice.vat_rows] == [VatCategory.REVERSE_CHARGE]
    assert [line.vat_category for line in invoice.lines] == [VatCategory.REVERSE_CHARGE]


def test_a_line_keeps_its_unit_and_its_discount(anna: Member) -> None:
    line = LineItem(
        "Bloem",
        Decimal("90.00"),
        quantity=Decimal(10),
        unit_price=Decimal(10),
        unit="kg",
        discount=Decimal(10),
    )

    (row,) = drafted(lines=[line]).lines

    assert (row.quantity, row.unit, row.unit_price) == (Decimal(10), "kg", Decimal(10))
    assert (row.discount, row.net_amount) == (Decimal("10.00"), Decimal("90.00"))


def test_a_discount_that_does_not_fit_the_amount_is_left_out(anna: Member) -> None:
    line = LineItem(
        "Bloem",
        Decimal("95.00"),
        quantity=Decimal(10),
        unit_price=Decimal(10),
        discount=Decimal(10),
    )

    (row,) = drafted(lines=[line]).lines

    assert (row.quantity, row.unit_price, row.discount) == (
        Decimal(1),
        Decimal("95.00"),
        Decimal(0),
    )
