"""Which language a page speaks, by its small words."""

from collections.abc import Iterable

from billify.domain.reading.words import Word

_SMALL_WORDS = {
    "nl": "de het een van en voor op met niet wij uw bij te datum factuur btw aantal bedrag totaal "
    "klant omschrijving prijs rekening gelieve betaling nummer excl incl naar dit deze wordt "
    "vervaldatum factuurdatum factuurnummer kassabon subtotaal te betalen",
    "fr": "le la les des du et de un une pour au aux par sur avec nous vous votre date facture tva "
    "montant total client prix quantite désignation quantité échéance règlement numéro ttc ht "
    "paiement merci désignation article est dans page",
    "en": "the of and to for in on with your invoice date number amount total due from bill please "
    "payment description quantity price tax thank you is this by terms balance subtotal cash "
    "change receipt qty unit",
    "de": "der die das und für mit von den dem ein eine ist zu bei nach auf nicht rechnung betrag "
    "datum menge summe gesamt mwst ust steuer kunde bitte rechnungsdatum rechnungsnummer lieferung "
    "bezeichnung preis netto brutto zahlbar betrag eur konto wir ihre ihr summe bar geg",
    "es": "el los las del y para con por factura fecha cantidad precio importe total iva cliente "
    "descripción su número vencimiento",
    "it": "il lo gli della di e per con fattura data quantità prezzo importo totale iva cliente "
    "descrizione numero scadenza",
    "pt": "o os da do das dos e para com fatura factura data quantidade preço total iva cliente "
    "descrição número vencimento valor",
    "cs": "a na se je faktura datum cena celkem dph odběratel dodavatel množství splatnosti účet",
}
_OF_WORD: dict[str, list[str]] = {}
for _language, _list in _SMALL_WORDS.items():
    for _word in set(_list.split()):
        _OF_WORD.setdefault(_word, []).append(_language)


def spoken(words: Iterable[Word]) -> str:
    """The language with the most small words, as nl, fr, en, de …; empty when unclear."""
    counts: dict[str, float] = {}
    for word in words:
        languages = _OF_WORD.get(word.text.strip(".,:;()").casefold(), ())
        for language in languages:
            counts[language] = counts.get(language, 0.0) + 1 / len(languages)
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < 3:
        return ""
    if len(ranked) > 1 and ranked[0][1] < 1.15 * ranked[1][1]:
        return ""
    return ranked[0][0]
