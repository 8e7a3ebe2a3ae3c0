"""The invoice that a credit note takes back."""

import re

from billify.domain.reading import prose
from billify.domain.reading.codes import bare
from billify.domain.reading.facts import Facts
from billify.domain.reading.prose import Found

_INVOICE = r"(?:factuur|faktuur|facture|rechnung|invoice|fattura|factura)(?:nummer|nr|s)?"
_NUMBER_WORD = r"(?:\s?(?:nummer|numero|number|nr|no|n°|nº|n|#)(?!\w))?"
_REFERS = re.compile(
    r"(?<!\w)(?:"
    rf"(?:betreft|betreffende|m\.?b\.?t\.?|op|van|voor|inzake|bij|ref\.?|referentie"
    rf"|oorspronkelijke|originele"
    rf"|creditering|credit(?:ering)? (?:van|op)|gecrediteerde|verwijzing naar|annulatie"
    rf"|correctie)(?: (?:van|op|de|uw|onze))* {_INVOICE}"
    rf"|(?:concerne|concernant|sur|relati(?:f|ve) a|annule|annulation de|correction de"
    rf"|reference(?: a)?|ref\.?"
    rf"|suite a|avoir sur|credit sur)(?: (?:la|notre|votre|de|l'))* {_INVOICE}(?: (?:d'origine"
    rf"|initiale|originale))?"
    rf"|{_INVOICE} (?:d'origine|initiale|originale|associee|creditee|liee)"
    rf"|(?:zu|zur|betrifft|betr\.?|bezug|storno(?: zu| der)?|korrektur (?:zu|der)|gutschrift zu"
    rf"|ursprungs|original"
    rf"|bezugs)(?:\W+(?:unserer|ihrer|der|zu))*\W*{_INVOICE}"
    rf"|(?:original|for|credited|referred|related|against|re|regarding|relates to|reference to"
    rf"|ref\.?|corrects"
    rf"|cancels|with reference to)(?: (?:to|our|your|the|tax))* {_INVOICE}"
    rf"|rechnungsbezug|factuurreferentie|gecrediteerde factuur|invoice reference|invoice credited"
    rf"|vorherige rechnung\w*|preceding invoice\w*|voorgaande factuur\w*"
    rf"){_NUMBER_WORD}(?!\w)"
)
_BEHIND = re.compile(
    r"^[\s:.#°–-]*(?:(?:nummer|numero|number|nr|no|n|num|reference|referentie)(?:[.:°º#]+"
    r"|\s)[\s:.#]*)*"
    r"((?=[^\s]*\d)[a-z0-9][a-z0-9/_.–-]*(?: \d[\d/-]*)?)"
)


def credited_invoice(facts: Facts, *, own_number: str | None) -> Found | None:
    """The number of the invoice a credit note refers to; its own number is none."""
    own = bare(own_number or "")
    for one in prose.lines(facts):
        for seen in _REFERS.finditer(one.text):
            rest = one.text[seen.end() :]
            number = _BEHIND.match(rest)
            if number is None:
                continue
            start = seen.end() + number.start(1)
            words = one.words_at(start, seen.end() + number.end(1))
            value = _printed(" ".join(word.text for word in words))
            if bare(value) == own or _is_date(value) or len(bare(value)) < 2:
                continue
            return Found(value, words, one.page, 0.88, label=one.printed(*seen.span()))
    return None


def _printed(text: str) -> str:
    """The number without its label and marks: "nr.123," and "F-12)" as 123 and F-12."""
    text = re.sub(r"^(?:n[°ºr]?|no|nr)[.:°º]+(?=\S)", "", text.strip(), flags=re.IGNORECASE)
    return text.strip(" .,:;()[]#")


def _is_date(value: str) -> bool:
    return bool(re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}", value))
