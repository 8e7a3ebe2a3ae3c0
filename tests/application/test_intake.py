"""From what was read to a draft: whatever a page says, the draft fits the books."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from billify.application import intake
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Invoice
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.reading import Direction, Field, How, LineItem, Reading, VatRow
from tests import factories
from tests.cast import Cast, Member


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with tenancy.company_scope(cast.anna.actor.company_id):
        yield cast.anna


def read(
    *, direction: Direction = Direction.PURCHASE, lines: Any = (), vat: Any = (), **texts: str
) -> Reading:
    fields = {
        name: Field(value=text, confidence=0.9, how=How.LABEL) for name, text in texts.items()
    }
    return Reading(
        fields=fields, direction=direction, line_items=tuple(lines), vat_breakdown=tuple(vat)
    )


def draft(reading: Reading) -> Invoice:
    document = factories.document(created_at=datetime(2026, 10, 5, tzinfo=UTC))
    with transaction():
        return intake.draft(document=document, reading=reading)


def test_nothing_read_is_still_a_draft(anna: Member) -> None:
    invoice = draft(read())

    assert invoice.status is InvoiceStatus.TO_CHECK
    assert (invoice.number, invoice.gross_amount, invoice.party_name) == (None, None, "")
    assert invoice.issue_date == date(2026, 10, 5)
    assert invoice.due_date == date(2026, 11, 4)


def test_what_was_read_stands_in_the_draft(anna: Member) -> None:
    invoice = draft(
        read(
            supplier_name="Molens van Deinze NV",
            invoice_number="F 2026/12",
            issue_date="2026-10-02",
            due_date="2026-11-01",
            net_amount="100.00",
            vat_amount="21.00",
            gross_amount="121.00",
            currency="EUR",
            iban="BE68539007547034",
        )
    )

    assert invoice.party_name == "Molens van Deinze NV"
    assert (invoice.number, invoice.number_key) == ("F 2026/12", "F202612")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 10, 2), date(2026, 11, 1))
    assert invoice.gross_amount == invoice.open_amount == Decimal("121.00")
    assert invoice.payee_iban == "BE68539007547034"
    (row,) = invoice.vat_rows
    assert (row.rate, row.base, row.amount) == (Decimal("21.00"), Decimal("100.00"), Decimal("21"))


@pytest.mark.parametrize(
    "texts",
    [
        {"gross_amount": "1" * 40},
        {"gross_amount": "-121.00"},
        {"net_amount": "0.00", "vat_amount": "21.00"},
        {"net_amount": "0.01", "vat_amount": "99999999.00"},
        {"currency": "€"},
        {"currency": "euro"},
        {"invoice_number": "x" * 5000},
        {"invoice_number": "a\0b"},
        {"supplier_name": "y" * 5000},
        {"supplier_name": "\0\n\t "},
        {"supplier_vat": "BE0000000000"},
        {"iban": "BE00000000000000"},
        {"payment_reference": "+++000/0000/00000+++" * 40},
        {"issue_date": "0001-01-01"},
        {"issue_date": "9999-12-31"},
        {"due_date": "1969-12-31"},
        {"delivery_date": "2200-01-01"},
    ],
    ids=lambda texts: ascii(texts)[:40],
)
def test_what_no_row_could_hold_is_left_out(texts: dict[str, str], anna: Member) -> None:
    invoice = draft(read(**texts))

    db.session.expire_all()
    kept = db.session.scalars(select(Invoice).where(Invoice.id == invoice.id)).one()
    assert kept.currency == "EUR"
    assert kept.gross_amount is None or 0 <= kept.gross_amount < Decimal(10) ** 12
    assert len(kept.number or "") <= 60
    assert len(kept.party_name) <= 200
    assert date(1970, 1, 1) <= kept.issue_date <= date(2099, 12, 31)


def test_more_lines_than_a_form_holds_are_drafted_by_rate(anna: Member) -> None:
    lines = [LineItem(description="Bout", net_amount=Decimal("0.50"))] * (intake.MOST_LINES + 1)
    vat = [VatRow(rate=Decimal(21), base=Decimal("100.50"), amount=Decimal("21.11"))]

    invoice = draft(read(lines=lines, vat=vat))

    assert [line.net_amount for line in invoice.lines] == [Decimal("100.50")]


def test_more_lines_and_rates_than_anyone_prints_fit(anna: Member) -> None:
    lines = [
        LineItem(
            description="z" * 3000,
            quantity=Decimal("1e20"),
            unit_price=Decimal("1e20"),
            vat_rate=Decimal(121),
            net_amount=Decimal("1.005"),
        )
    ] * intake.MOST_LINES
    vat = [VatRow(rate=Decimal(rate), base=Decimal(1), amount=Decimal(1)) for rate in (-5, 21, 300)]

    invoice = draft(read(lines=lines, vat=vat))

    assert len(invoice.lines) == intake.MOST_LINES
    assert [row.rate for row in invoice.vat_rows] == [Decimal(21)]


def test_a_seller_that_is_us_makes_a_sale(anna: Member) -> None:
    reading = read(direction=Direction.SALE, buyer_name="Frituur De Hoek", iban="BE68539007547034")

    invoice = draft(reading)

    assert invoice.direction is InvoiceDirection.SALE
    assert invoice.party_name == "Frituur De Hoek"
    assert invoice.payee_iban is None


def test_a_known_supplier_is_found_and_another_company_s_is_not(cast: Cast) -> None:
    with tenancy.company_scope(cast.chloe.actor.company_id):
        theirs = factories.contact("Molens van Deinze NV", vat_number="BE0202239951")
    with tenancy.company_scope(cast.anna.actor.company_id):
        unknown = draft(read(supplier_name="Molens van Deinze NV", supplier_vat="BE0202239951"))
        ours = factories.contact("Molens van Deinze", vat_number="BE0202239951")
        known = draft(read(supplier_name="Molens", supplier_vat="BE0202239951"))

        assert unknown.contact_id is None
        assert known.contact_id == ours.id != theirs.id
