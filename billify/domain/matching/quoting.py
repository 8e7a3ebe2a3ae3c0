"""Invoice numbers as people quote them: whole, without prefix or zeros, only the end, ranges.

An invoice number is taken apart once (`Numbered`), a text once (`Quotes`); `grade` then says how
well the text names the number. Grades are words of the model in `weights`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import OSA

_ALNUM = re.compile(r"[0-9]+|[A-Z]+")
_DAY = re.compile(r"(?<!\d)(?:[0-2]?\d|3[01])([-/.])(?:0?[1-9]|1[0-2])(?:\1(?:20)?\d\d)?(?!\d)")
_MONTH = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2])[-/.]20\d\d(?!\d)")
_RANGE = re.compile(
    r"(\d+)\s*(?:-|–|t/m|tem|tot(?: en met)?|a|au|à|bis|to|through|\.\.\.?)\s*(\d+)", re.IGNORECASE
)
_INVOICE_WORD = re.compile(
    r"(?:FACT(?:UUR|UREN|URE|URES)?|FAKT(?:UUR)?|FAC|FA|INV(?:OICES?)?|RECHNUNG(?:EN)?|RECHN|RG|RE"
    r"|RNR|FACTUURNR|RECHNUNGSNUMMER|CN|NC|CREDITNOTA|KREDIETNOTA|CREDIT|GUTSCHRIFT|GS|SALDO"
    r"|SOLDE|REST|BALANCE|REKENING|ACOMPTE|DEEL|SCHIJF|TRANCHE)"
)
_OTHER_WORD = re.compile(
    r"(?:KLANT\w*|CLIENT\w*|KUNDE\w*|CUSTOMER|PO|ORDER|BESTELLING|COMMANDE|AUFTRAG|OFFERTE|ONZE"
    r"|UNSER|OUR|ZEICHEN|N/REF|MANDAAT|MANDAT|MANDATE|POLIS|POLICE|DD|VAN|DU|VOM|DATED|VAL|TEL"
    r"|BANKREFERENTIE|DOSSIER)"
)
_BETWEEN = frozenset({"NR", "N", "NO", "NUM", "NUMMER", "NUMERO", "REF", "UW", "VOTRE", "YOUR"})
MOST_RANGE = 40


@dataclass(frozen=True, slots=True)
class Numbered:
    """An invoice number taken apart: `V2026-0012` → whole V20260012, digits 20260012, ends 12."""

    whole: str
    digits: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A run of digits or letters of a text, and what the words before it call it."""

    text: str
    at: int
    is_invoice: bool = False
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class Quotes:
    """A text taken apart: its tokens, the joined neighbours, single numbers, and ranges.

    `long` are the joined ones of four letters and digits or more, letters O as zeros.
    """

    joined: frozenset[str]
    singles: dict[str, Token]
    ranges: tuple[tuple[int, int], ...]
    labelled: tuple[str, ...]
    long: tuple[str, ...]


def number(text: str, issued: date) -> Numbered:
    """Take an invoice number apart; its ends are what people keep of it."""
    runs = _ALNUM.findall(text.upper())
    digits = "".join(run for run in runs if run.isdigit())
    numbers = _without_year([run for run in runs if run.isdigit()], issued)
    ends: list[str] = []
    if numbers:
        ends.append(_bare(numbers[-1]))
        ends += _after_year(numbers[-1], issued)
    return Numbered("".join(runs), digits, tuple(dict.fromkeys(ends)))


@lru_cache(maxsize=4096)
def take_apart(text: str) -> Quotes:
    """The tokens of a text with what its words say about them."""
    upper = text.upper()
    days = {
        at
        for pattern in (_DAY, _MONTH)
        for day in pattern.finditer(upper)
        for at in range(day.start(), day.end())
    }
    tokens = list(_tokens(upper))
    joined = set(_joined(tokens))
    singles: dict[str, Token] = {}
    for token in tokens:
        if token.text.isdigit() and token.at not in days:
            bare = _bare(token.text)
            if bare not in singles or token.is_invoice:
                singles[bare] = token
    labelled = tuple(
        token.text for token in tokens
        if token.is_invoice and token.text.isdigit() and len(token.text) > 2
        and token.at not in days
    )  # fmt: skip
    long = tuple(
        sorted(one.replace("O", "0") for one in joined if len(one) > 3 and not one.isalpha())
    )
    return Quotes(frozenset(joined), singles, tuple(_ranges(upper)), labelled, long)


def grade(one: Numbered, quotes: Quotes) -> str | None:
    """How a text names an invoice: `full5`, `core`, `tail3` … with the digits that agree."""
    if one.whole in quotes.joined and not (one.whole.isdigit() and len(one.whole) < 3):
        return f"full{min(len(one.digits), 5)}"
    if len(one.digits) > 3 and (_bare(one.digits) in quotes.joined or one.digits in quotes.joined):
        return f"core{min(len(_bare(one.digits)), 5)}"
    for single, token in quotes.singles.items():
        if _ends_alike(one, single):
            named = "other" if token.is_other else "label" if token.is_invoice else "tail"
            return f"{named}{min(len(single), 5)}"
    for first, last in quotes.ranges:
        if any(end.isdigit() and first < int(end) <= last for end in one.ends):
            return "range"
    return None


def near(one: Numbered, quotes: Quotes) -> bool:
    """Whether a token of the text is the number but for one digit (typed wrong, turned round)."""
    if len(one.digits) < 4 or not quotes.long:
        return False
    wanted = {one.whole, one.digits, _bare(one.digits), *(end for end in one.ends if len(end) > 3)}
    return any(
        abs(len(token) - len(each)) < 2 and OSA.distance(token, each, score_cutoff=1) <= 1
        for each in wanted
        for token in quotes.long
    )


def _tokens(upper: str) -> Iterator[Token]:
    """Runs in order; a word says what the numbers after it are, until another word does."""
    is_invoice = is_other = False
    for match in _ALNUM.finditer(upper):
        run = match[0]
        if run.isdigit():
            yield Token(run, match.start(), is_invoice, is_other)
            is_other = False
        else:
            if _INVOICE_WORD.fullmatch(run):
                is_invoice, is_other = True, False
            elif _OTHER_WORD.fullmatch(run):
                is_invoice, is_other = False, True
            elif len(run) > 3 and run not in _BETWEEN:
                is_invoice = is_other = False
            yield Token(run, match.start())


def _joined(tokens: list[Token]) -> Iterator[str]:
    """Each token and up to five neighbours joined; with and without leading zeros."""
    for first in range(len(tokens)):
        text = ""
        for token in tokens[first : first + 6]:
            text += token.text
            if len(text) > 24:
                break
            if any(ch.isdigit() for ch in text):
                yield text
                yield _bare(text)


def _ranges(upper: str) -> Iterator[tuple[int, int]]:
    for match in _RANGE.finditer(upper):
        first, last = match[1], match[2]
        if len(last) < len(first):
            for start in {first, first[-max(len(last), 1) :]}:
                if 0 < int(last) - int(start) <= MOST_RANGE:
                    yield int(start), int(last)
        elif 0 < int(last) - int(first) <= MOST_RANGE:
            yield int(first), int(last)
        if len(first) > len(last):
            whole = first[: -len(last)] + last
            if 0 < int(whole) - int(first) <= MOST_RANGE:
                yield int(first), int(whole)


def _without_year(runs: list[str], issued: date) -> list[str]:
    """The runs but the year, which says nothing: of `12/2026` the end is 12."""
    years = {f"{issued.year}", f"{issued.year % 100:02d}"}
    return [run for run in runs if run not in years] or runs


def _after_year(run: str, issued: date) -> Iterator[str]:
    """What is left of `20260312` when the year, and then the month, are taken for granted."""
    for year in (f"{issued.year}", f"{issued.year % 100:02d}"):
        if len(run) > len(year) + 1 and run.startswith(year):
            rest = run[len(year) :]
            yield _bare(rest)
            month = f"{issued.month:02d}"
            if len(rest) > 3 and rest.startswith(month):
                yield _bare(rest[2:])
            return


def _ends_alike(one: Numbered, single: str) -> bool:
    """Whether a bare number of a text is an end of the invoice number that says enough of it."""
    if single in one.ends:
        return True
    return (
        len(single) > len(one.ends[-1] if one.ends else single)
        and one.digits.endswith(single)
        and len(single) > 3
    )


def _bare(digits: str) -> str:
    return digits.lstrip("0") or "0"
