"""What a bank line says, taken apart once: references, quoted numbers, words, other side."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from billify.domain import references
from billify.domain.identity import name_key
from billify.domain.matching import mentions, quoting
from billify.domain.matching.quoting import Quotes
from billify.domain.matching.values import Movement

#: Words of lines that settle no invoice, and of lines that undo one; four languages.
WORDS = {
    "wage": r"loon|lonen|wedde|salaris|salaire|lohn|gehalt|salary|wages|vakantiegeld|p[eé]cule",
    "card": r"debetkaart|kaart|carte|karte\w*|kartenzahlung|visa|mastercard|bancontact|geldopn\w+"
    r"|retrait|atm",
    "cost": r"beheerskosten|kosten|frais|int[eé]r[eê]ts?|debetrente|rente|kontof\w+|geb[uü]hr\w*",
    "advance": r"voorschot|acompte|anzahlung|deposit|offerte|devis|waarborg|caution",
    "loan": r"lening|krediet|cr[eé]dit|leasing|kapitaal|[eé]ch[eé]ance|rekening-courant"
    r"|compte courant|zaakvoerder|inbreng|dividend\w*|lease",
    "insurance": r"polis|police|premie|prime|sinistre|subsidie|gift|boete",
    "terminal": r"worldline|payconiq by|mollie|stripe|sumup|ccv|edenred|payout|remise|afrekening",
    "returned": r"onbetaald\w*|terugboeking|weigering|impay[eé]\w*|retour|refus|r[uü]e?ckl\w+"
    r"|r[uü]ck[uü]berw\w*|returned|unpaid|afgesloten|cl[oô]tur[eé]|a[cm]0\d|md0\d|ms0\d",
    "refund": r"terugbetaling|remboursement|erstattung|refund|creditnota|kredietnota|note de cr\w+"
    r"|gutschrift|credit note|cn|nc",
    "rest": r"saldo|solde|rest\w*|balance|remainder|reste|2de schijf|2e tranche",
    "part": r"deel|partie|part|schijf|tranche|deelbetaling|partiel|teilzahlung|rate",
}
_WORDS = {name: re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])") for name, pattern in WORDS.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """One movement, taken apart; `cents` above zero is money in."""

    at: int
    id: str
    day: date
    cents: int
    name: str
    key: str
    iban: str
    text: str
    account: str
    field: str | None
    in_text: tuple[str, ...]
    creditors: tuple[str, ...]
    stray: tuple[str, ...]
    has_broken: bool
    quotes: Quotes
    words: frozenset[str]


def take_apart(at: int, movement: Movement, known: Container[str]) -> Said:
    """Read a movement; `known` are the references of the invoices in the book."""
    field = references.structured(movement.structured) if movement.structured else None
    creditor = references.creditor(movement.structured) if movement.structured else None
    in_text = [one for one in mentions.structured_in(movement.text, known) if one != field]
    creditors = mentions.creditors_in(movement.text, known)
    if creditor and creditor not in creditors:
        creditors.append(creditor)
    text = movement.text
    for one in (*in_text, *creditors):
        text = mentions.without(text, one)
    shaped = list(mentions.shaped(text))
    stray = [digits for digits, is_valid in shaped if is_valid]
    if field and field not in known:
        stray.append(field)
    for digits, _ in shaped:
        text = mentions.without(text, digits)
    lower = movement.text.lower()
    return Said(
        at=at,
        id=movement.id,
        day=movement.day,
        cents=int(movement.amount * 100),
        name=movement.name,
        key=name_key(movement.name) if movement.name else "",
        iban=movement.iban.replace(" ", "").upper(),
        text=movement.text,
        account=movement.account.replace(" ", "").upper(),
        field=field if field and field in known else None,
        in_text=tuple(in_text),
        creditors=tuple(creditors),
        stray=tuple(stray),
        has_broken=any(not is_valid for _, is_valid in shaped),
        quotes=quoting.take_apart(text),
        words=frozenset(name for name, word in _WORDS.items() if word.search(lower)),
    )
