"""What was paid already and what is still due; for receipts also how, and the tip."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from billify.domain.reading import prose
from billify.domain.reading.amounts import CENT, Amount
from billify.domain.reading.facts import Facts
from billify.domain.reading.labels import phrases_of
from billify.domain.reading.layout import Cell, folded
from billify.domain.reading.prose import Found
from billify.domain.reading.reading import How
from billify.domain.reading.words import Word

PAID = frozenset(
    phrases_of("""
    amount paid; paid; already paid; paid to date; prepaid; prepaid amount; prepayment; deposit;
    less deposit; deposit paid; payments received; payment received; payments; less payments;
    advance; advance paid; down payment; betaald; reeds betaald; al betaald; reeds voldaan;
    voldaan; ontvangen; reeds ontvangen; voorschot; voorschotten; betaald voorschot; reeds betaald
    voorschot; min voorschot; aanbetaling; vooruitbetaald; vooruitbetaling; waarborg; reeds
    gefactureerd; ontvangen betalingen; deja paye; deja regle; deja verse; paye; montant paye;
    regle; acompte; acomptes; acompte verse; acomptes verses; acompte facture; deja facture; reeds
    gefactureerd voorschot; gefactureerd voorschot; betaalde voorschotten; bereits in rechnung
    gestellt; advance invoiced; acompte recu; acompte paye; moins acompte; total paye; avance;
    arrhes; paiements recus; gezahlt; bezahlt; bereits gezahlt; bereits bezahlt; anzahlung;
    abzuglich anzahlung; geleistete anzahlung; erhaltene anzahlung; erhaltene anzahlungen;
    vorauszahlung; abschlagszahlung; abschlagszahlungen; vorauszahlungen; erhaltener betrag;
    pagado; anticipo; acconto; pago
    """)
)
_DUE = frozenset(
    phrases_of("""
    amount due; balance due; balance; balance to pay; outstanding; outstanding amount; outstanding
    balance; left to pay; remaining; remaining balance; total due; amount payable; payable; now
    due; nog te betalen; te betalen; saldo; openstaand saldo; openstaand bedrag; openstaand;
    resterend bedrag; restbedrag; nog te voldoen; te voldoen; te betalen saldo; saldo te betalen;
    resterend te betalen; te betalen bedrag; resterend saldo; reste a payer; reste du; solde;
    solde a payer; solde du; net a payer; a payer; montant du; montant a payer; restant du; solde
    restant; restbetrag; offener betrag; noch zu zahlen; zu zahlen; zahlbetrag; restzahlung;
    verbleibender betrag; zu zahlender betrag; falliger betrag; offen
    """)
)
_LONGEST_LABEL = 12
_HALVES = re.compile(r"\s[-–|]\s|\s?/\s?")
_CLEARLY_LEFT = re.compile(r"nog|saldo|solde|rest|balance|left|outstanding|noch|offen|remaining")
_SIGNS = re.compile(r"^(?:eur|euro|usd|gbp|in|e)\b|\b(?:eur|euro|usd|gbp|in)$")
_CARD = re.compile(
    r"elec(?:tronic|\.)?[ -]*cash"
    r"|(?<!\w)(?:bancontact|payconiq|maestro|visa|mastercard|master card|amex|american express"
    r"|v ?pay|vpay"
    r"|debit card|credit card|debetkaart|kredietkaart|bankkaart|carte bancaire"
    r"|carte de (?:credit|debit)"
    r"|ec[ -]?karte|ec[ -]?cash|girocard|giro ?card|kartenzahlung|kreditkarte|karte|kaart"
    r"|contactless"
    r"|contactloos|sans contact|kontaktlos|apple pay|google pay|pin|pinnen|mister cash"
    r"|mistercash|electron"
    r"|tarjeta|carta di credito|card)(?!\w)"
)
_CASH = re.compile(
    r"(?<!\w)(?:contant|cash|especes|liquide|bar|bargeld|barzahlung|gegeben bar|bar gegeben"
    r"|efectivo"
    r"|contanti|numeraire|wisselgeld|rendu|ruckgeld|change|terug)(?!\w)"
)
_PAID_BY = re.compile(
    r"(?<!\w)(?:betaald (?:met|via|per|op)|voldaan (?:met|via|per)|paid (?:by|with|via)"
    r"|paye(?:e)? (?:par|avec)"
    r"|regle(?:e)? par|bezahlt (?:mit|per)|gezahlt (?:mit|per)|payment method|betaalwijze"
    r"|betaalmethode"
    r"|mode de (?:paiement|reglement)|moyen de paiement|zahlungsart|zahlart|zahlungsweise)"
)
_DEBIT = re.compile(
    r"domicili(?:ering|ation)|direct debit|incasso|lastschrift|prelevement automatique"
    r"|wird (?:von|abgebucht)"
    r"|abgebucht"
)
_TIP = re.compile(r"^(?:tip|tips|fooi|pourboire|gratuity|trinkgeld|propina|mancia|service tip)$")
_ADVICE = re.compile(r"suggest|recommend|aanbevol|suggesti|guide")


def due_and_paid(facts: Facts, *, gross: Decimal | None, is_receipt: bool) -> Mapping[str, Found]:
    """paid_amount and amount_due, where the pages print them: total − paid = due."""
    if gross is None or is_receipt:
        return {}
    total = abs(gross)
    paid = [one for one in _labelled(facts, PAID) if abs(one[1].value) <= total + CENT]
    due = list(_labelled(facts, _DUE))
    for label, amount in paid:
        for left, rest in due:
            if abs(total - abs(amount.value) - abs(rest.value)) <= CENT and amount is not rest:
                return {
                    "paid_amount": _found(amount, label, 0.95, How.ARITHMETIC),
                    "amount_due": _found(rest, left, 0.95, How.ARITHMETIC),
                }
    same = next((one for one in due if abs(one[1].value) == total), None)
    left_over = next(
        (
            one
            for one in due
            if 0 <= abs(one[1].value) < total and _CLEARLY_LEFT.search(folded(one[0]))
        ),
        None,
    )
    found: dict[str, Found] = {}
    real = [one for one in paid if one[1].value]
    if len({abs(amount.value) for _, amount in real}) == 1 and same is None:
        label, amount = real[0]
        found["paid_amount"] = _found(amount, label, 0.7, How.LABEL)
        left_text = format(total - abs(amount.value), "f")
        found["amount_due"] = Found(
            left_text, amount.words, amount.line.page, 0.6, How.ARITHMETIC, label
        )
    if left_over is not None and "amount_due" not in found:
        found["amount_due"] = _found(left_over[1], left_over[0], 0.7, How.LABEL)
    elif same is not None:
        found["amount_due"] = _found(same[1], same[0], 0.9, How.LABEL)
    return found


def tip(facts: Facts) -> Found | None:
    """The tip on a receipt; what a till suggests is none."""
    if any(_ADVICE.search(one.text) for one in prose.lines(facts)):
        return None
    found = [
        (label, amount)
        for label, amount in _right_of(facts, lambda text: bool(_TIP.match(text)))
        if amount.value > 0
    ]
    if len({amount.value for _, amount in found}) != 1:
        return None
    label, amount = found[0]
    return _found(amount, label, 0.8, How.LABEL)


def method(facts: Facts, *, gross: Decimal | None, is_receipt: bool) -> Found | None:
    """card or cash for receipts; direct_debit or what an invoice says it was paid with."""
    best: Found | None = None
    for one in prose.lines(facts):
        for value, pattern in (("card", _CARD), ("cash", _CASH), ("direct_debit", _DEBIT)):
            seen = pattern.search(one.text)
            if seen is None or (value == "direct_debit" and is_receipt):
                continue
            sure = _method_sure(facts, one, value, gross, is_receipt=is_receipt)
            if sure > (best.confidence if best else 0.0):
                words = one.words_at(*seen.span())
                best = Found(value, words, one.page, sure, label=one.printed(*seen.span()))
    return best


def _method_sure(
    facts: Facts, one: prose.Passage, value: str, gross: Decimal | None, *, is_receipt: bool
) -> float:
    if value == "direct_debit":
        return 0.8
    if _PAID_BY.search(one.text):
        # A line that names both lists what the shop takes.
        return 0.0 if _CARD.search(one.text) and _CASH.search(one.text) else 0.9
    if not is_receipt:
        return 0.0
    amounts = [each.value for each in facts.amounts if each.line is one.line and each.is_money]
    if gross is not None and abs(gross) in amounts:
        return 0.92
    if amounts and value == "cash":
        return 0.85  # what was handed over, or given back
    return 0.7 if value == "card" else 0.4


def _labelled(facts: Facts, phrases: frozenset[str]) -> Iterator[tuple[str, Amount]]:
    return _right_of(facts, lambda text: text in phrases)


def _right_of(facts: Facts, is_label: Callable[[str], bool]) -> Iterator[tuple[str, Amount]]:
    """(label, amount): the last amount behind the label on its line, else the one under it."""
    of_line: dict[int, list[Amount]] = {}
    of_cell: dict[int, list[Amount]] = {}
    for one in facts.amounts:
        if one.is_money:
            of_line.setdefault(id(one.line), []).append(one)
            of_cell.setdefault(id(one.cell), []).append(one)
    for sheet in facts.sheets:
        for line in sheet.lines:
            if id(line) in facts.table_lines:
                continue
            for cell in line.cells:
                label = _label(cell, of_cell.get(id(cell), []), is_label)
                if label is None:
                    continue
                behind = [
                    one for one in of_line.get(id(line), ()) if one.words[0].x0 >= label[1] - 1
                ]
                if behind:
                    yield label[0], behind[-1]
                    continue
                for below in sheet.below(cell, rows=1.6)[:1]:
                    yield from ((label[0], one) for one in of_cell.get(id(below), ())[:1])


def _label(
    cell: Cell, amounts: Sequence[Amount], is_label: Callable[[str], bool]
) -> tuple[str, float] | None:
    """The words of a cell before its first amount, when they are such a label."""
    first = min((one.words[0].x0 for one in amounts), default=1e9)
    words = [word for word in cell.words if word.x0 < first - 0.1]
    if not words or len(words) > _LONGEST_LABEL:
        return None
    printed = " ".join(word.text for word in words)
    text = folded(printed)
    # Acompte / Voorschot: the same in two languages.
    halves = [folded(half) for half in _HALVES.split(printed)]
    for bare in (text, _SIGNS.sub("", text).strip(), *halves):
        if bare and is_label(bare):
            return printed.strip(" :"), words[-1].x1
    return None


def _found(amount: Amount, label: str, sure: float, how: How) -> Found:
    value = format(abs(amount.value).quantize(CENT), "f")
    return Found(value, amount.words, amount.line.page, sure * _legible(amount.words), how, label)


def _legible(words: Sequence[Word]) -> float:
    return min((0.5 + 0.5 * word.confidence for word in words), default=1.0)
