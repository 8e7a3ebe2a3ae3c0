"""An e-invoice goes the way of every document: certain, unless it contradicts itself."""

import json
from decimal import Decimal

import pytest

from billify.domain.einvoice import as_fields, as_reading, on_pages
from billify.domain.einvoice.read import read
from billify.domain.money import cents
from billify.domain.reading import Direction, How, OwnCompany, Page, Reading, Word
from billify.domain.vat import VatCategory
from tests.domain.einvoice import made


def reading(content: bytes) -> Reading:
    return as_reading.reading_of(read(content))


@pytest.mark.parametrize("name", made.NAMES)
def test_every_field_is_certain_and_survives_being_kept(name: str) -> None:
    found = reading(made.sample(name.removesuffix(".xml")))

    assert {(one.confidence, one.how) for one in found.fields.values()} == {(1.0, How.STRUCTURED)}
    assert found.warnings == found.unsure == ()
    assert Reading.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize("name", made.NAMES)
def test_the_lines_make_the_net_amount(name: str) -> None:
    found = reading(made.sample(name.removesuffix(".xml")))

    assert sum(item.net_amount for item in found.line_items) == found.amount("net_amount")
    assert all(
        cents(item.quantity * item.unit_price) == item.net_amount
        for item in found.line_items
        if item.quantity is not None and item.unit_price is not None
    )


def test_values_as_the_product_keeps_them() -> None:
    found = reading(made.sample("be-02"))

    assert found.text("supplier_vat") == "BE0000000196"
    assert found.text("supplier_enterprise_number") == "0000000196"
    assert found.text("iban") == "BE68539007547034"
    assert found.text("payment_reference") == "+++020/2600/00279+++"
    assert found.text("due_date") == "2026-03-12"
    assert found.amount("amount_due") == Decimal("1099.90")


def test_the_vat_category_comes_along() -> None:
    found = reading(made.sample("be-03"))

    assert found.vat_breakdown[0].category is VatCategory.REVERSE_CHARGE
    assert found.line_items[0].vat_category is VatCategory.REVERSE_CHARGE


def test_an_invoice_below_zero_is_a_credit_note_above_zero() -> None:
    found = reading(made.changed("be-03", (">18500.00<", ">-18500.00<")))

    assert found.text("document_type") == "credit_note"
    assert found.amount("gross_amount") == Decimal("18500.00")
    assert found.line_items[0].net_amount == Decimal("18500.00")


def test_a_credit_note_is_known_as_one() -> None:
    found = reading(made.sample("be-08"))

    assert found.text("document_type") == "credit_note"
    assert found.amount("gross_amount") == Decimal("619.50")


@pytest.mark.parametrize(
    ("change", "warning", "unsure"),
    [
        ((">1349.90<", ">1449.90<"), "totals", {"net_amount", "vat_amount", "gross_amount"}),
        ((">1123.12<", ">1120.12<"), "lines", {"net_amount"}),
        (("2026-03-12", "2025-03-12"), "dates", {"issue_date", "due_date"}),
        ((">234.28<", ">334.28<"), "vat", {"vat_amount", "gross_amount"}),
    ],
)
def test_a_contradiction_is_never_shown_as_sure(
    change: tuple[str, str], warning: str, unsure: set[str]
) -> None:
    found = reading(made.changed("be-02", change))

    assert warning in found.warnings
    assert unsure <= set(found.unsure)
    assert not found.fields["invoice_number"].is_unsure


def test_our_own_invoice_is_a_sale() -> None:
    found = reading(made.sample("be-02"))
    seller = OwnCompany("Voorbeeld", vat_number="BE 0000.000.196")
    buyer = OwnCompany("Exemple", vat_number="BE0000000394")

    assert as_reading.directed(found, us=seller).direction is Direction.SALE
    assert as_reading.directed(found, us=buyer).direction is Direction.PURCHASE
    assert as_reading.directed(found, us=None).direction is Direction.PURCHASE


def test_values_are_found_on_the_page_in_any_writing() -> None:
    words = ["Factuur", "2026-0002", "12", "maart", "10/02/2026", "€", "1.349,90", "BE68", "5390",
             "0754", "7034"]  # fmt: skip
    page = Page(
        1,
        595,
        842,
        tuple(Word(w, 0.1, n / 20, 0.2, n / 20 + 0.02, 1.0, 10) for n, w in enumerate(words)),
    )

    found = on_pages.located(reading(made.sample("be-02")), pages=[page])

    assert found.fields["invoice_number"].box == pytest.approx((0.1, 0.05, 0.2, 0.07))
    assert found.fields["issue_date"].page == 1
    assert found.fields["gross_amount"].box == pytest.approx((0.1, 0.3, 0.2, 0.32))
    assert found.fields["iban"].box == pytest.approx((0.1, 0.35, 0.2, 0.52))
    assert found.fields["due_date"].box is None


def test_plain_fields_have_the_names_of_the_index() -> None:
    found = as_fields.fields(read(made.sample("be-11")))

    assert (found["type"], found["currency"], found["payable"]) == ("380", "EUR", "1034.70")
    assert [(row["category"], row["rate"]) for row in found["vat_breakdown"]] == [
        ("E", "0"),
        ("S", "21"),
    ]
    assert len(found["line_items"]) == 2
    json.dumps(found)
