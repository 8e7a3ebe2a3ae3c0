"""What kind of paper it is, and in which currency."""

import re
from collections import Counter

from billify.domain.reading import amounts
from billify.domain.reading.facts import Facts
from billify.domain.reading.layout import folded
from billify.domain.reading.reading import DocumentType

_CREDIT = """
credit note; credit memo; creditnota; credit nota; kredietnota; creditfactuur; note de credit;
gutschrift; rechnungskorrektur; stornorechnung; avoir; nota di credito; nota de credito; dobropis;
credit invoice; facture d avoir; credit factuur; creditfaktuur
"""
_INVOICE = """
invoice; tax invoice; factuur; facture; rechnung; fattura; factura; fatura; faktura; bill;
handelsrechnung; factuurnummer; rechnungsnummer; invoice number; invoice no; facture n
"""
_RECEIPT = """
receipt; kassabon; kasticket; kassaticket; ticket; bon; cash; change; kassenbon; quittung; bar;
wisselgeld; rendu; cashier; kasse; ruckgeld; gegeben; contant; especes; subtotal; tip; gratuity;
table; server; sales associate; terminal; kundenbeleg; girocard; mastercard; visa
"""
_OTHER = """
delivery note; packing slip; pakbon; leveringsbon; bon de livraison; lieferschein; quotation;
quote; offerte; devis; angebot; order confirmation; orderbevestiging; confirmation de commande;
auftragsbestatigung; statement of account; rekeningoverzicht; herinnering; mahnung; rappel;
purchase order; bestelbon; bon de commande
"""
_EURO_COUNTRIES = frozenset(re.findall("..", "ATBECYDEEEELESFIFRGRHRIEITLTLULVMTNLPTSISK"))
_LEGIBLE, _LEGIBLE_IN_BRACKETS = 0.75, 0.5
"""How sure OCR has to be of a sign alone, and of one that brackets tell to be a unit."""
_OWN_CURRENCY = {
    "CZ": "CZK",
    "DK": "DKK",
    "GB": "GBP",
    "HU": "HUF",
    "NO": "NOK",
    "PL": "PLN",
    "RO": "RON",
    "SE": "SEK",
    "CH": "CHF",
}
"""Countries whose VAT or account numbers are known here and that have no euro."""
_LEGAL_FORMS = (("sdn bhd", "MYR"), ("pvt ltd", "INR"), ("sp z o o", "PLN"), ("pty ltd", "AUD"))
"""Forms of company that a single country knows."""
_NAMED = {"euro": "EUR", "euros": "EUR", "eur": "EUR", "pounds": "GBP", "dollars": "USD"}


def _list(text: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in text.split(";"))


_TITLES = _list(
    "invoice; tax invoice; factuur; facture; rechnung; handelsrechnung; fattura; faktura"
)
CREDIT, INVOICE, RECEIPT, OTHER = map(_list, (_CREDIT, _INVOICE, _RECEIPT, _OTHER))


def document_type(facts: Facts) -> tuple[DocumentType, float]:
    """(kind, confidence): by the words of titles and the shape of the paper."""
    credit, invoice = _weight(facts, CREDIT), _weight(facts, INVOICE)
    receipt, other = _weight(facts, RECEIPT) * 0.6, _weight(facts, OTHER) * 0.8
    sheet = facts.sheets[0]
    if sheet.height > 1.75 * sheet.width or sheet.is_slip:
        receipt += 2.0
    if any(code.kind == "iban" for code in facts.codes) or facts.clues_for("due_date"):
        invoice += 1.0
    if receipt > 2.2 and receipt > invoice:
        return DocumentType.RECEIPT, 0.85
    if credit >= 0.85 and (credit > 0.8 * invoice or not _weight(facts, _TITLES)):
        return DocumentType.CREDIT_NOTE, 0.85
    if other > invoice and other > receipt and other >= 1.5:
        return DocumentType.OTHER, 0.6
    if invoice > 0:
        return DocumentType.INVOICE, min(0.97, 0.75 + 0.1 * invoice)
    if receipt > 1:
        return DocumentType.RECEIPT, 0.6
    return (DocumentType.INVOICE, 0.5) if facts.amounts else (DocumentType.OTHER, 0.6)


def currency(facts: Facts, total_currency: str | None) -> tuple[str | None, float]:
    """(ISO code, confidence): beside the total, most often on the page, or by the country."""
    counts: Counter[str] = Counter(
        amount.currency for amount in facts.amounts if amount.currency and amount.is_money
    )
    for line in facts.lines:
        for word in line.words:
            bracketed = _in_brackets(word.text)
            code = bracketed or amounts.currency_of(word.text) or _NAMED.get(folded(word.text))
            if code and word.confidence > (_LEGIBLE_IN_BRACKETS if bracketed else _LEGIBLE):
                counts[code] += 1
    labelled = _after_label(facts)
    if labelled:
        return labelled, 0.97
    if total_currency and counts[total_currency] >= 0.3 * counts.total():
        return total_currency, 0.97
    if counts:
        code, count = counts.most_common(1)[0]
        return code, 0.95 if count > 0.7 * counts.total() else 0.7
    if sum(amount.words[-1].text in ("e", "E") for amount in facts.amounts) >= 3 or _latex_euro(
        facts
    ):
        return "EUR", 0.8
    return _of_country(facts)


def _of_country(facts: Facts) -> tuple[str | None, float]:
    """What is paid with where those on the page come from, when no sign says it."""
    countries = {code.value[:2] for code in facts.codes if code.kind in ("vat", "iban")}
    own = {_OWN_CURRENCY.get(one) for one in countries}
    if countries and countries <= _EURO_COUNTRIES:
        return "EUR", 0.6
    if len(own) == 1 and (code := own.pop()):
        return code, 0.6
    told = {
        code
        for line in facts.lines
        for form, code in _LEGAL_FORMS
        if f" {form} " in f" {folded(line.text)} "
    }
    return (told.pop(), 0.6) if len(told) == 1 else (None, 0.0)


def _weight(facts: Facts, phrases: tuple[str, ...]) -> float:
    """How loudly a set of words speaks: titles in large type or alone in their cell count most."""
    sizes = sorted(cell.size for sheet in facts.sheets for cell in sheet.cells)
    typical = sizes[len(sizes) // 2] if sizes else 10.0
    weight = 0.0
    for cell in facts.sheets[0].cells:
        bare = f" {folded(cell.text)} "
        for phrase in phrases:
            if phrase not in bare:
                continue
            loud = min(max(cell.size / typical, 1.0), 2.0)
            if bare == f" {phrase} ":
                weight += 1.5 * loud
            elif bare.startswith(f" {phrase} ") and len(bare) < 50:
                weight += 0.9 * loud
            elif f" {phrase} " in bare:
                weight += 0.15
    return weight


def _in_brackets(text: str) -> str | None:
    found = re.search(r"[(\[{]\s?([^\W\d_]{1,4}|[€$£])\s?[)\]}]", text)
    return amounts.currency_of(found[1]) if found else None


def _after_label(facts: Facts) -> str | None:
    for clue in facts.clues_for("currency"):
        for word in clue.line.words:
            if word.x0 >= clue.box[2] - 1 and (code := amounts.currency_of(word.text.strip(":"))):
                return code
    return None


def _latex_euro(facts: Facts) -> bool:
    """Some typesetters' euro sign comes out as a lone letter e behind each amount."""
    count = 0
    for line in facts.lines:
        for left, right in zip(line.words, line.words[1:], strict=False):
            count += right.text == "e" and bool(re.search(r"\d[.,]\d{2}$", left.text))
    return count >= 3
