"""Payment terms in words, and the due date that follows from them."""

import re
from datetime import date

from billify.domain import terms
from billify.domain.reading import prose
from billify.domain.reading.facts import Facts
from billify.domain.reading.prose import Found, Passage
from billify.domain.terms import Terms, TermsKind

_DAYS = re.compile(
    r"(?<![\d.,/])(\d{1,3})\s?(?:kalender|calendar )?"
    r"(?:dagen|dag|dgn|d\.|jours|jour|jrs|days|day|tagen|tage|tg)(?!\w)(?P<net> net\w*)?"
)
_NET = re.compile(
    r"(?<!\w)(?:net|netto|n/)\s?(\d{1,3})(?:\s?(?:days|dagen|jours|tage)|(?![\d.,%/]))"
)
_PAYING = re.compile(
    r"betaal|betal|vereffen|te voldoen|overschrijv|paiement|payer|payable|payment|reglement|regler"
    r"|zahl|uberweis|fallig|(?<!\w)pay(?!\w)|(?<!\w)paid|(?<!\w)due(?!\w)|termijn|(?<!\w)terms"
    r"|echeance"
    r"|vervaldag|verval|factuurdatum|date de facture|rechnungsdatum|invoice date"
)
_ELSE = re.compile(
    r"klacht|klagen|reclam|reklam|betwist|protest|contest|retour|widerruf|garantie|warranty|bezwaar"
    r"|complain|skonto|korting|escompte|discount|geldig|valable|gultig|valid|lever|livr|liefer"
    r"|herinnering|rappel|mahn|reminder|interes|interet|annul|opzeg|resili|kundig|return|ruckgabe"
)
_END_OF_MONTH = re.compile(
    r"einde (?:van de )?maand|eind maand|fin (?:de |du )?mois|end of (?:the )?month|monatsende"
    r"|(?<!\w)eom(?!\w)"
    r"|(?<!\w)f\.?d\.?m(?!\w)"
)
_CASH = re.compile(
    r"(?:betaalbaar|betaling|te betalen|payable|paiement|reglement|zahlbar|zahlung|payment|due"
    r"|fallig)\W+"
    r"(?:\w+\W+){0,2}?(?:contant|comptant|bij ontvangst|a (?:la )?reception|a vue|upon receipt"
    r"|on receipt"
    r"|sofort|nach erhalt|onmiddellijk|immediate\w*|immediat\w*)"
    r"|(?:sofort|unverzuglich) (?:fallig|zahlbar)|due (?:up)?on receipt|immediate payment"
    r"|(?<!\w)(?:betaling(?:svoorwaarden|stermijn)?|conditions de paiement|payment terms"
    r"|terms)\W+(?:contant|comptant|cash)"
)
_FEWEST_DAYS, _MOST_DAYS = 5, 120


def payment_terms(facts: Facts) -> Found | None:
    """The terms as `domain.terms` writes them, from the words on the pages; None when unsaid."""
    best: Found | None = None
    for one in prose.lines(facts, in_tables=False):
        for found in (_days(one), _cash(one)):
            if found is not None and (best is None or found.confidence > best.confidence):
                best = found
    return best


def due_date(issued: date, agreed: str) -> date:
    """The day that follows from the day of issue and terms as `payment_terms` gives them."""
    return terms.due_date(issued, terms=terms.parse(agreed))


def _days(one: Passage) -> Found | None:
    for start, clause in _clauses(one.text):
        if _ELSE.search(clause):
            # Terms and a discount often share a line: 2 % within 8 days, 30 days net.
            seen = next((hit for hit in _DAYS.finditer(clause) if hit["net"]), None)
            seen = seen or _NET.search(clause)
            if seen is None:
                continue
        else:
            seen = _DAYS.search(clause) or _NET.search(clause)
        if seen is None or not _FEWEST_DAYS <= int(seen[1]) <= _MOST_DAYS:
            continue
        ends = _END_OF_MONTH.search(clause)
        says_paying = _PAYING.search(clause) or _NET.search(clause) or seen.groupdict().get("net")
        if not says_paying and not ends:
            continue
        kind = TermsKind.END_OF_MONTH if ends else TermsKind.DAYS
        where = (
            start + seen.start(),
            start + (max(seen.end(), ends.end()) if ends else seen.end()),
        )
        return Found(
            str(Terms(kind, int(seen[1]))),
            one.words_at(*where),
            one.page,
            0.85 if _PAYING.search(clause) else 0.7,
            label=one.printed(*where),
        )
    return None


def _cash(one: Passage) -> Found | None:
    seen = _CASH.search(one.text)
    if seen is None or _DAYS.search(one.text):
        return None
    return Found(
        str(terms.CASH),
        one.words_at(*seen.span()),
        one.page,
        0.75,
        label=one.printed(*seen.span()),
    )


def _clauses(text: str) -> list[tuple[int, str]]:
    """The text cut at full stops and semicolons that end a clause."""
    found, at = [], 0
    for mark in re.finditer(r"(?<=\w)[.;!]\s", text):
        found.append((at, text[at : mark.start()]))
        at = mark.end()
    return [*found, (at, text[at:])]
