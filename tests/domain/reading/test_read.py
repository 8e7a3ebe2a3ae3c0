"""From words at places to the fields of a document."""

import json
from datetime import date
from decimal import Decimal

import pytest

from billify.domain.reading import (
    Direction,
    How,
    OwnCompany,
    Page,
    Reading,
    VatRow,
    read,
)
from tests.domain.reading.pages import dutch_invoice, page

ANNA = OwnCompany(name="Bakkerij Anna BV", vat_number="BE0100021846")
PEETERS = OwnCompany(name="Drukkerij Peeters BV", vat_number="BE0100032536")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("document_type", "invoice"),
        ("supplier_name", "Drukkerij Peeters BV"),
        ("supplier_vat", "BE0100032536"),
        ("supplier_enterprise_number", "0100032536"),
        ("supplier_address", "Nijverheidslaan 12, 9000 Gent"),
        ("buyer_name", "Bakkerij Anna BV"),
        ("buyer_vat", "BE0100021846"),
        ("invoice_number", "2026/0042"),
        ("issue_date", "2026-03-01"),
        ("due_date", "2026-03-31"),
        ("currency", "EUR"),
        ("net_amount", "100.00"),
        ("vat_amount", "21.00"),
        ("gross_amount", "121.00"),
        ("iban", "BE71096123456769"),
        ("bic", "GKCCBEBB"),
        ("payment_reference", "+++090/9337/55493+++"),
    ],
)
def test_a_belgian_invoice_is_read(field: str, value: str) -> None:
    reading = read([dutch_invoice()])

    assert reading.text(field) == value


def test_the_vat_summary_has_rate_base_and_amount() -> None:
    row = read([dutch_invoice()]).vat_breakdown[0]

    assert (row.rate, row.base, row.amount) == (Decimal(21), Decimal("100.00"), Decimal("21.00"))


def test_lines_have_quantity_price_and_amount() -> None:
    lines = read([dutch_invoice()]).line_items

    assert [
        (line.description, line.quantity, line.unit_price, line.net_amount) for line in lines
    ] == [
        ("Folders A5", Decimal(200), Decimal("0.30"), Decimal("60.00")),
        ("Visitekaartjes", Decimal(100), Decimal("0.40"), Decimal("40.00")),
    ]


def test_a_vat_summary_beside_the_totals_is_no_line_of_goods() -> None:
    head = [(64, "Omschrijving"), (355, "Aantal"), (420, "Prijs"), (460, "Btw"), (503, "Bedrag")]
    goods = [(64, "Tarwebloem"), (374, "1"), (394, "1.000,00"), (450, "21 %"), (489, "1.000,00")]
    beside_net = [(64, "Btw %"), (108, "Maatstaf"), (169, "Btw")]
    beside_vat = [(65, "21 %"), (101, "1.000,00"), (153, "210,00")]
    reading = read(
        [
            page(
                (224, head),
                (239, goods),
                (273, [(340, "Netto"), (496, "1.000,00")]),
                (276, beside_net),
                (286.5, [(340, "Btw"), (505, "210,00")]),
                (289, beside_vat),
                (303, [(340, "Te betalen"), (462, "1.210,00 EUR")]),
                size=9,
            )
        ]
    )

    assert [line.net_amount for line in reading.line_items] == [Decimal("1000.00")]
    assert [row.amount for row in reading.vat_breakdown] == [Decimal("210.00")]


def test_each_field_says_where_it_stands_and_why() -> None:
    field = read([dutch_invoice()]).fields["invoice_number"]

    assert field.page == 1
    assert field.how is How.LABEL
    assert field.label == "Factuurnummer"
    assert field.box is not None
    left, top, right, bottom = field.box
    assert left == pytest.approx(150 / 595)
    assert top == pytest.approx(220 / 842)
    assert 0 < left < right < 1
    assert 0 < top < bottom < 1


def test_sums_that_agree_make_amounts_sure() -> None:
    reading = read([dutch_invoice()])

    assert not reading.fields["gross_amount"].is_unsure
    assert reading.warnings == ()


def test_sums_that_contradict_are_never_sure() -> None:
    reading = read([dutch_invoice(gross="131,00")])

    assert reading.text("gross_amount") == "131.00"
    assert reading.fields["gross_amount"].is_unsure
    assert "totals" in reading.warnings


def test_a_due_date_before_the_issue_date_is_unsure() -> None:
    reading = read([dutch_invoice(due="31/03/2025")])

    assert reading.fields["due_date"].is_unsure
    assert "dates" in reading.warnings


def test_an_impossible_due_date_is_left_out() -> None:
    assert read([dutch_invoice(due="31/02/2026")]).text("due_date") is None


def test_our_own_company_is_the_buyer_of_a_purchase() -> None:
    reading = read([dutch_invoice()], us=ANNA)

    assert reading.direction is Direction.PURCHASE
    assert reading.text("supplier_name") == "Drukkerij Peeters BV"


def test_our_own_company_as_seller_makes_it_a_sale() -> None:
    reading = read([dutch_invoice()], us=PEETERS)

    assert reading.direction is Direction.SALE
    assert reading.text("buyer_name") == "Bakkerij Anna BV"


def test_a_credit_note_is_known_as_such() -> None:
    assert read([dutch_invoice(title="Creditnota")]).text("document_type") == "credit_note"


def test_values_under_their_labels_are_found() -> None:
    reading = read(
        [
            page(
                (40, [(50, "Atelier Lumière SRL")]),
                (120, [(50, "Numéro de facture"), (200, "Date de facture"), (350, "Échéance")]),
                (136, [(50, "F-2026-17"), (200, "15 mars 2026"), (350, "14 avril 2026")]),
                (400, [(350, "Total HTVA"), (500, "1.000,00")]),
                (416, [(350, "TVA 6 %"), (500, "60,00")]),
                (432, [(350, "Total TVAC"), (500, "1.060,00 EUR")]),
            )
        ]
    )

    assert reading.text("invoice_number") == "F-2026-17"
    assert reading.day("issue_date") == date(2026, 3, 15)
    assert reading.day("due_date") == date(2026, 4, 14)
    assert reading.amount("gross_amount") == Decimal("1060.00")
    assert reading.vat_breakdown[0].rate == Decimal(6)
    assert reading.language in ("fr", "")


def test_a_misread_label_still_leads_to_its_value() -> None:
    shown = page((120, [(50, "Factuurnumrner:"), (170, "2026-9")]), confidence=0.8)

    assert read([shown]).text("invoice_number") == "2026-9"


def test_several_rates_are_summed_when_no_total_is_printed() -> None:
    reading = read(
        [
            page(
                (40, [(50, "Factuur 12")]),
                (400, [(300, "Totaal excl. btw"), (500, "300,00")]),
                (416, [(300, "BTW 6%"), (380, "100,00"), (500, "6,00")]),
                (432, [(300, "BTW 21%"), (380, "200,00"), (500, "42,00")]),
                (448, [(300, "Totaal incl. btw"), (500, "348,00")]),
            )
        ]
    )

    assert reading.amount("vat_amount") == Decimal("48.00")
    assert [(row.rate, row.amount) for row in reading.vat_breakdown] == [
        (Decimal(6), Decimal("6.00")),
        (Decimal(21), Decimal("42.00")),
    ]


def test_a_till_receipt_gives_merchant_date_and_total() -> None:
    strip = Page(
        1,
        595,
        1500,
        page(
            (40, [(200, "Frituur Chloé")]),
            (70, [(200, "Grote Markt 1")]),
            (140, [(60, "Friet groot"), (450, "4,50")]),
            (170, [(60, "Kroket"), (450, "2,50")]),
            (230, [(60, "TOTAAL EUR"), (450, "7,00")]),
            (260, [(60, "CONTANT"), (450, "10,00")]),
            (290, [(60, "WISSELGELD"), (450, "3,00")]),
            (340, [(60, "12/05/2026 12:31")]),
            size=20,
        ).words,
    )

    reading = read([strip])

    assert reading.text("document_type") == "receipt"
    assert reading.text("supplier_name") == "Frituur Chloé"
    assert reading.amount("gross_amount") == Decimal("7.00")
    assert reading.day("issue_date") == date(2026, 5, 12)


def test_a_reading_survives_json() -> None:
    reading = read([dutch_invoice()], us=ANNA)

    again = Reading.from_json(json.loads(json.dumps(reading.to_json())))

    assert again.values() == reading.values()
    assert again.to_json() == reading.to_json()
    assert again.direction is reading.direction
    assert isinstance(again.vat_breakdown[0], VatRow)


def test_values_have_the_forms_of_the_command_line() -> None:
    values = read([dutch_invoice()]).values()

    assert values["vat_breakdown"] == [{"rate": "21", "base": "100.00", "amount": "21.00"}]
    assert values["issue_date"] == "2026-03-01"


@pytest.mark.parametrize("pages", [[], [Page(1, 595, 842, ())]])
def test_an_empty_page_gives_an_empty_reading(pages: list[Page]) -> None:
    assert read(pages).fields == {}


def test_a_page_of_noise_is_read_without_harm() -> None:
    noise = page(
        *[(20.0 * n, [(30, "☃ 1.234,5,6 31/02/2026 ++ //"), (300, "€ , .")]) for n in range(30)]
    )

    reading = read([noise])

    assert reading.text("gross_amount") is None
    assert reading.text("issue_date") is None


def till(*lines: tuple[str, str]) -> Page:
    """A receipt of text and price pairs under a shop's head."""
    shown = [
        (140.0 + 30 * at, [(60.0, said), (450.0, price)]) for at, (said, price) in enumerate(lines)
    ]
    head = [(40.0, [(180.0, "Slagerij Bram BV")]), (70.0, [(200.0, "Dorpsstraat 1")])]
    return Page(1, 595, 1500, page(*head, *shown, size=20).words)


def test_cash_less_change_is_what_was_paid() -> None:
    reading = read(
        [
            till(
                ("Biefstuk", "31,80"),
                ("Som", "3180"),
                ("CONTANT", "50,00"),
                ("WISSELGELD", "18,20"),
            )
        ]
    )

    assert reading.amount("gross_amount") == Decimal("31.80")


def test_a_rounded_total_is_the_one_to_pay() -> None:
    reading = read([till(("Totaal", "31,02"), ("Afronding", "-0,02"), ("CONTANT", "31,00"))])

    assert reading.amount("gross_amount") == Decimal("31.00")


def test_costs_without_vat_may_stand_between_net_and_gross() -> None:
    reading = read(
        [
            page(
                (40, [(50, "Ereloonnota nr. 26.0312")]),
                (400, [(50, "Voorschotten zonder btw"), (500, "95,00")]),
                (416, [(50, "Maatstaf van heffing"), (500, "1.560,00")]),
                (432, [(50, "BTW 21%"), (500, "327,60")]),
                (448, [(50, "Totaal verschuldigd"), (500, "1.982,60")]),
            )
        ]
    )

    assert reading.amount("vat_amount") == Decimal("327.60")
    assert "totals" not in reading.warnings


def test_quantity_and_price_are_found_by_their_product() -> None:
    reading = read(
        [
            page(
                (100, [(50, "Description"), (300, "Hours"), (380, "Foo"), (500, "Amount")]),
                (120, [(50, "12 ft cable"), (300, "3"), (380, "9.50"), (500, "28.50")]),
            )
        ]
    )

    (line,) = reading.line_items
    assert (line.description, line.quantity, line.unit_price, line.net_amount) == (
        "12 ft cable",
        Decimal(3),
        Decimal("9.50"),
        Decimal("28.50"),
    )


def test_a_table_goes_on_over_the_page() -> None:
    head = (100.0, [(50.0, "Omschrijving"), (300.0, "Aantal"), (380.0, "Prijs"), (500.0, "Bedrag")])
    first = page(head, (120, [(50, "Bloem"), (300, "1"), (380, "5,00"), (500, "5,00")]))
    second = page(
        (60, [(50, "Suiker"), (300, "2"), (380, "3,00"), (500, "6,00")]),
        (300, [(380, "Te betalen"), (500, "11,00")]),
        number=2,
    )

    lines = read([first, second]).line_items

    assert [(line.description, line.page) for line in lines] == [("Bloem", 1), ("Suiker", 2)]


def test_small_print_of_a_seller_does_not_become_the_buyer() -> None:
    reading = read([dutch_invoice()])

    assert reading.text("buyer_name") != reading.text("supplier_name")


def test_an_iban_behind_a_vat_number_is_found() -> None:
    reading = read([page((700, [(50, "BTW BE 0100.032.536 IBAN BE71 0961 2345 6769 RPR Gent")]))])

    assert reading.text("iban") == "BE71096123456769"
    assert reading.text("supplier_vat") == "BE0100032536"


def test_running_numbers_before_lines_are_left_out() -> None:
    reading = read(
        [
            page(
                (100, [(50, "Pos Omschrijving"), (300, "Aantal"), (380, "Prijs"), (500, "Bedrag")]),
                (120, [(50, "1 Bloem"), (300, "1"), (380, "5,00"), (500, "5,00")]),
                (140, [(50, "2 Suiker"), (300, "2"), (380, "3,00"), (500, "6,00")]),
            )
        ]
    )

    assert [line.description for line in reading.line_items] == ["Bloem", "Suiker"]


def test_a_credit_note_s_own_number_goes_before_the_invoice_it_corrects() -> None:
    reading = read(
        [
            page(
                (40, [(300, "NOTE DE CRÉDIT")]),
                (60, [(300, "N° : NC 2026/007")]),
                (80, [(300, "Réf. facture : F2026/112")]),
            )
        ]
    )

    assert reading.text("invoice_number") == "NC 2026/007"
