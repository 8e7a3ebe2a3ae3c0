"""Fields around the head: discount, terms, period, what was paid, kinds of VAT, lines."""

from datetime import date

import pytest

from billify.domain.reading import How, Page, Reading, completion, split, tables
from billify.domain.reading.facts import gathered
from billify.domain.reading.reading import Field
from billify.domain.vat import VatCategory
from tests.domain.reading.pages import Line, page

ISSUED = {"issue_date": "2026-03-02", "gross_amount": "121.00", "net_amount": "100.00"}


def read(*lines: Line, kind: str = "invoice", **known: str) -> Reading:
    """What stands around a head that was read before."""
    sheet = page(*lines)
    facts = gathered([sheet])
    found = tables.tables(facts)
    values = {"document_type": kind} | ISSUED | known
    fields = {name: Field(value, 0.95, how=How.LABEL) for name, value in values.items() if value}
    return completion.completed(Reading(fields=fields), facts, found)


def said(text: str, **known: str) -> Reading:
    return read((100, [(50, text)]), **known)


def values(reading: Reading, *names: str) -> tuple[str | None, ...]:
    return tuple(reading.text(name) for name in names)


class TestDiscount:
    @pytest.mark.parametrize(
        ("text", "percent", "until"),
        [
            ("2 % korting voor contant binnen 8 dagen", "2", "2026-03-10"),
            ("Bij betaling binnen 8 dagen: 1,5% korting, 30 dagen netto", "1.5", "2026-03-10"),
            ("Escompte 2 % à 8 jours", "2", "2026-03-10"),
            ("2% Skonto bis 12.03.2026", "2", "2026-03-12"),
            (
                "Zahlbar innerhalb 30 Tagen netto bis 01.04.2026, 3% Skonto innerhalb 10 Tagen",
                "3",
                "2026-03-12",
            ),
            ("Payment terms 2/10 net 30", "2", "2026-03-12"),
            ("3% discount if paid within 14 days", "3", "2026-03-16"),
        ],
        ids=["nl", "nl-loose", "fr", "de-date", "de-both", "slashed", "en"],
    )
    def test_share_and_day_are_read(self, text: str, percent: str, until: str) -> None:
        assert values(said(text), "discount_percent", "discount_until") == (percent, until)

    @pytest.mark.parametrize(
        "text",
        [
            "Pas d'escompte en cas de paiement anticipé",
            "Escompte : néant. Pénalités de retard : 10 %",
            "Bij laattijdige betaling is 10% intrest per jaar verschuldigd",
            "Korting 5 %",
            "Zahlbar sofort ohne Skonto, Verzugszinsen 9 %",
        ],
        ids=["fr-none", "fr-nil", "interest", "price-cut", "de-none"],
    )
    def test_what_is_no_early_payment_discount_is_none(self, text: str) -> None:
        assert said(text).text("discount_percent") is None

    def test_its_amount_is_the_share_of_the_total(self) -> None:
        reading = read(
            (100, [(50, "2 % korting contant binnen 8 dagen")]),
            (114, [(50, "Korting"), (500, "2,42")]),
        )

        assert reading.text("discount_amount") == "2.42"

    def test_it_has_its_place_and_evidence(self) -> None:
        field = said("Escompte 2 % à 8 jours").fields["discount_percent"]

        assert field.page == 1
        assert field.box is not None
        assert field.label == "Escompte"


class TestTerms:
    @pytest.mark.parametrize(
        ("text", "terms", "due"),
        [
            ("Betaling binnen 30 dagen na factuurdatum", "days:30", "2026-04-01"),
            ("Paiement : 30 jours fin de mois", "end_of_month:30", "2026-04-30"),
            ("Zahlbar innerhalb von 14 Tagen", "days:14", "2026-03-16"),
            ("Payment terms: net 45", "days:45", "2026-04-16"),
            ("Betaling contant", "cash", "2026-03-02"),
        ],
        ids=["nl", "fr-end-of-month", "de", "en", "cash"],
    )
    def test_the_due_date_follows_where_none_is_printed(
        self, text: str, terms: str, due: str
    ) -> None:
        reading = said(text)

        assert values(reading, "payment_terms", "due_date") == (terms, due)
        assert reading.fields["due_date"].how is How.ARITHMETIC
        assert reading.fields["due_date"].confidence <= 0.8

    def test_a_worked_out_due_date_is_not_told_as_printed(self) -> None:
        assert "due_date" not in said("Betaling binnen 30 dagen").values()

    def test_a_printed_due_date_stays_and_is_vouched_for(self) -> None:
        reading = said("Betaling binnen 30 dagen", due_date="2026-04-01")

        assert reading.day("due_date") == date(2026, 4, 1)
        assert reading.fields["due_date"].how is How.LABEL

    @pytest.mark.parametrize(
        "text",
        [
            "Klachten moeten binnen 8 dagen gemeld worden",
            "Réclamation dans les 8 jours de la livraison",
            "Offerte 30 dagen geldig",
            "2 % korting bij betaling binnen 8 dagen",
        ],
        ids=["complaints", "complaints-fr", "validity", "discount"],
    )
    def test_other_periods_are_no_terms(self, text: str) -> None:
        assert said(text).text("payment_terms") is None


class TestPeriod:
    @pytest.mark.parametrize(
        ("text", "start", "end"),
        [
            ("Periode: 01/01/2026 - 31/01/2026", "2026-01-01", "2026-01-31"),
            ("Période du 01/02/2026 au 28/02/2026", "2026-02-01", "2026-02-28"),
            ("Leistungszeitraum: 01.02.2026 bis 15.02.2026", "2026-02-01", "2026-02-15"),
            ("Facturatieperiode 01/01/2026 t.e.m. 31/01/2026", "2026-01-01", "2026-01-31"),
            ("Periode: februari 2026", "2026-02-01", "2026-02-28"),
            ("Billing period: Q1 2026", "2026-01-01", "2026-03-31"),
        ],
        ids=["nl", "fr", "de", "up-to", "month", "quarter"],
    )
    def test_first_and_last_day_are_read(self, text: str, start: str, end: str) -> None:
        assert values(said(text), "period_start", "period_end") == (start, end)

    def test_a_last_day_on_the_next_line_is_found(self) -> None:
        reading = read(
            (100, [(50, "Facturatieperiode: 01/02/2026 tot")]), (113, [(50, "28/02/2026")])
        )

        assert values(reading, "period_start", "period_end") == ("2026-02-01", "2026-02-28")

    def test_issue_and_due_date_side_by_side_are_no_period(self) -> None:
        reading = read((100, [(50, "Datum 01/02/2026"), (300, "Vervaldag 03/03/2026")]))

        assert reading.text("period_start") is None


class TestPaid:
    def test_total_less_paid_is_due(self) -> None:
        reading = read(
            (100, [(50, "Totaal"), (500, "121,00")]),
            (114, [(50, "Reeds betaald"), (500, "-21,00")]),
            (128, [(50, "Nog te betalen"), (500, "100,00")]),
        )

        assert values(reading, "paid_amount", "amount_due") == ("21.00", "100.00")
        assert reading.fields["amount_due"].how is How.ARITHMETIC

    def test_labels_in_two_languages_are_understood(self) -> None:
        reading = read(
            (100, [(50, "Acompte versé / Voorschot"), (500, "21,00")]),
            (114, [(50, "Solde à payer / Te betalen saldo"), (500, "100,00")]),
        )

        assert values(reading, "paid_amount", "amount_due") == ("21.00", "100.00")

    def test_a_prepayment_alone_leaves_the_rest_unsure(self) -> None:
        field = said("Voorschot 21,00").fields["amount_due"]

        assert field.value == "100.00"
        assert field.is_unsure


class TestReceipts:
    @pytest.mark.parametrize(
        ("text", "method"),
        [
            ("BANCONTACT 121,00", "card"),
            ("Carte bancaire 121,00", "card"),
            ("EC-Karte 121,00", "card"),
            ("CONTANT 150,00", "cash"),
            ("Espèces 150,00", "cash"),
            ("Bar 121,00", "cash"),
        ],
        ids=["bancontact", "fr-card", "de-card", "nl-cash", "fr-cash", "de-cash"],
    )
    def test_card_or_cash(self, text: str, method: str) -> None:
        assert said(text, kind="receipt").text("payment_method") == method

    def test_cards_that_an_invoice_lists_are_no_payment(self) -> None:
        assert said("Wij aanvaarden Visa, Mastercard en contant").text("payment_method") is None

    def test_a_tip_is_read(self) -> None:
        reading = read((100, [(50, "Fooi"), (500, "5,00")]), kind="receipt")

        assert reading.text("tip_amount") == "5.00"

    def test_a_tip_that_is_suggested_is_none(self) -> None:
        reading = read(
            (100, [(50, "Suggested tips")]), (114, [(50, "Tip"), (500, "5,00")]), kind="receipt"
        )

        assert reading.text("tip_amount") is None


class TestKindsOfVat:
    @pytest.mark.parametrize(
        ("text", "category"),
        [
            ("BTW verlegd", VatCategory.REVERSE_CHARGE),
            ("Verlegging van heffing, medecontractant", VatCategory.REVERSE_CHARGE),
            ("Autoliquidation", VatCategory.REVERSE_CHARGE),
            ("Steuerschuldnerschaft des Leistungsempfängers", VatCategory.REVERSE_CHARGE),
            ("Vrijgestelde intracommunautaire levering", VatCategory.INTRA_COMMUNITY),
            ("Innergemeinschaftliche Lieferung", VatCategory.INTRA_COMMUNITY),
            ("Vrijgesteld, artikel 44 W.BTW", VatCategory.EXEMPT),
            (
                "Bijzondere vrijstellingsregeling kleine ondernemingen",
                VatCategory.EXEMPT,
            ),
            ("TVA non applicable, art. 293 B du CGI", VatCategory.EXEMPT),
            ("Steuerfreie Ausfuhrlieferung", VatCategory.EXPORT),
        ],
        ids=["nl", "nl-co", "fr", "de", "eu", "eu-de", "exempt", "small", "small-fr", "export"],
    )
    def test_the_mention_says_why(self, text: str, category: VatCategory) -> None:
        reading = said(text, net_amount="121.00")

        assert reading.text("vat_category") == category.value

    def test_a_vat_number_within_the_eu_is_no_mention(self) -> None:
        reading = said("TVA intracommunautaire: BE0403170701", net_amount="121.00")

        assert reading.text("vat_category") is None

    def test_where_vat_was_charged_nobody_asks_why_not(self) -> None:
        assert said("BTW verlegd", vat_amount="21.00").text("vat_category") is None


class TestCreditNotes:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("Betreft factuur nr. 2026/117", "2026/117"),
            ("Concerne la facture n° FA-2026-9", "FA-2026-9"),
            ("Gutschrift zu Rechnung Nr. RE-1044", "RE-1044"),
            ("Credit for invoice INV-77", "INV-77"),
        ],
        ids=["nl", "fr", "de", "en"],
    )
    def test_the_credited_invoice_is_named(self, text: str, number: str) -> None:
        reading = said(text, kind="credit_note", invoice_number="CN-1")

        assert reading.text("credited_invoice_number") == number

    def test_its_own_number_is_not_the_credited_one(self) -> None:
        reading = said("Betreft factuur CN-1", kind="credit_note", invoice_number="CN-1")

        assert reading.text("credited_invoice_number") is None


def bill(number: int, *lines: Line) -> Page:
    return page(*lines, number=number)


def first_page(number: int, name: str, total: str, *, of: str = "1/1") -> Page:
    return page(
        (40, [(50, "Drukkerij Peeters BV"), (400, "FACTUUR")]),
        (60, [(50, f"Factuurnummer: {name}")]),
        (74, [(50, "Factuurdatum: 01/03/2026")]),
        (300, [(50, "Omschrijving"), (300, "Aantal"), (380, "Prijs"), (500, "Bedrag")]),
        (320, [(50, "Folders"), (320, "100"), (385, "1,00"), (500, "100,00")]),
        (420, [(380, "Te betalen"), (500, total)]),
        (800, [(500, f"Pagina {of}")]),
        number=number,
    )


class TestParts:
    def test_numbers_and_pages_that_begin_anew_part_two_invoices(self) -> None:
        found = split.split([first_page(1, "F-1", "100,00"), first_page(2, "F-2", "200,00")])

        assert found.starts == (1, 2)
        assert found.is_sure

    def test_the_same_number_on_every_page_is_one_invoice(self) -> None:
        pages = [
            first_page(1, "F-1", "100,00", of="1/2"),
            first_page(2, "F-1", "100,00", of="2/2"),
        ]

        assert split.split(pages).starts == (1,)

    def test_a_page_that_goes_on_is_not_cut(self) -> None:
        rest = bill(
            2,
            (60, [(50, "Overgedragen"), (500, "100,00")]),
            (80, [(50, "Te betalen"), (500, "150,00")]),
        )

        assert split.split([first_page(1, "F-1", "100,00", of="1"), rest]).starts == (1,)

    def test_terms_behind_an_invoice_are_left_out_of_its_reading(self) -> None:
        clauses = [
            (60.0 + 14 * at, [(50.0, f"Art. {at}. De koper aanvaardt de voorwaarden " * 2)])
            for at in range(1, 24)
        ]
        terms = bill(2, (40, [(50, "ALGEMENE VERKOOPSVOORWAARDEN")]), *clauses)

        found = split.split([first_page(1, "F-1", "100,00"), terms])

        assert found.own_pages == (1,)
        assert [part.other for part in found.parts] == [None, "terms"]
        assert found.starts == (1,)

    def test_a_delivery_note_between_two_invoices_goes_with_the_first(self) -> None:
        note = bill(
            2,
            (40, [(50, "Drukkerij Peeters BV"), (400, "LEVERINGSBON")]),
            (300, [(50, "Folders"), (320, "100 stuks")]),
            (500, [(50, "Voor ontvangst, aantal colli 2")]),
        )

        found = split.split([first_page(1, "F-1", "100,00"), note, first_page(3, "F-2", "200,00")])

        assert found.starts == (1, 3)
        assert found.own_pages == (1, 3)
