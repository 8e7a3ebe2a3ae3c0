"""Printed words taken as the value of a field."""

from datetime import date
from decimal import Decimal

import pytest

from billify.domain.reading.taking import Kind, Taken, taken
from billify.domain.refusal import Refusal

MARCH = date(2026, 3, 21)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.DAY, "21.03.26", MARCH),
        (Kind.DAY, "21/03/2026", MARCH),
        (Kind.DAY, "2026-03-21", MARCH),
        (Kind.DAY, "21 maart 2026", MARCH),
        (Kind.DAY, "Datum: 21 mars 2026", MARCH),
        (Kind.DAY, "March 21, 2026", MARCH),
        (Kind.AMOUNT, "1.234,56 €", Decimal("1234.56")),
        (Kind.AMOUNT, "€ 1.234,56", Decimal("1234.56")),
        (Kind.AMOUNT, "1 234,56", Decimal("1234.56")),
        (Kind.AMOUNT, "1,234.56", Decimal("1234.56")),
        (Kind.AMOUNT, "EUR 12", Decimal("12")),
        (Kind.AMOUNT, "Totaal: 1.234,56", Decimal("1234.56")),
        (Kind.AMOUNT, "-12,50", Decimal("-12.50")),
        (Kind.NUMBER, "1,500", Decimal("1.500")),
        (Kind.NUMBER, "3 stuks", Decimal("3")),
        (Kind.NUMBER, "0,0125", Decimal("0.0125")),
        (Kind.PERCENT, "2 %", Decimal("2")),
        (Kind.PERCENT, "korting: 2,5%", Decimal("2.5")),
        (Kind.IBAN, "BE71 0961 2345 6769", "BE71096123456769"),
        (Kind.IBAN, "IBAN: be71 0961 2345 6769 BIC GKCCBEBB", "BE71096123456769"),
        (Kind.VAT_NUMBER, "BTW BE 0403.170.701", "BE0403170701"),
        (Kind.VAT_NUMBER, "0403.170.701", "BE0403170701"),
        (Kind.VAT_NUMBER, "TVA: BE0403170701", "BE0403170701"),
        (Kind.REFERENCE, "+++090/9337/55493+++", "090933755493"),
        (Kind.REFERENCE, "Mededeling: 090/9337/55493", "090933755493"),
        (Kind.REFERENCE, "RF18 5390 0754 7034", "RF18539007547034"),
        (Kind.REFERENCE, "klant 4711", "klant 4711"),
        (Kind.CODE, "Factuurnummer: 2026/0815", "2026/0815"),
        (Kind.CODE, "F-2231.", "F-2231"),
        (Kind.NAME, "Molens van Deinze NV,", "Molens van Deinze NV"),
        (Kind.TEXT, "Bloem   type 55\n25 kg", "Bloem type 55 25 kg"),
        (Kind.CURRENCY, "12,00 €", "EUR"),
        (Kind.CURRENCY, "USD", "USD"),
        (Kind.DOCUMENT, "CREDITNOTA", "credit_note"),
        (Kind.DOCUMENT, "Facture n°", "invoice"),
    ],
)
def test_words_land_as_the_value_they_print(kind: Kind, text: str, value: Taken) -> None:
    assert taken(kind=kind, text=text) == value


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (Kind.DAY, "Totaal", "“Totaal” is not a date. Choose another word, or type it."),
        (Kind.DAY, "31/02/2026", "is not a date"),
        (Kind.DAY, "21/03/2026 20/04/2026", "holds more than one value"),
        (Kind.AMOUNT, "Totaal", "is not an amount"),
        (Kind.AMOUNT, "21 %", "is a percentage"),
        (Kind.AMOUNT, "12,5055", "is not an amount of money"),
        (Kind.AMOUNT, "100,00 21,00", "holds more than one value"),
        (Kind.PERCENT, "121,00", "is not a percentage"),
        (Kind.IBAN, "BE71 0961 2345 6760", "is not a valid IBAN"),
        (Kind.VAT_NUMBER, "BE 0403.170.702", "is not a valid VAT number"),
        (Kind.CURRENCY, "Totaal", "is not a currency"),
        (Kind.DOCUMENT, "Totaal", "says neither invoice nor credit note"),
        (Kind.NAME, "  ", "There is no text here"),
    ],
)
def test_words_that_can_not_be_it_get_a_sentence(kind: Kind, text: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        taken(kind=kind, text=text)


def test_the_same_value_printed_twice_is_one() -> None:
    assert taken(kind=Kind.AMOUNT, text="121,00 EUR 121,00") == Decimal("121.00")


def test_of_a_whole_page_only_the_beginning_is_looked_at() -> None:
    with pytest.raises(Refusal, match="more than one value"):
        taken(kind=Kind.AMOUNT, text="1,50 2,50 " * 100_000)
