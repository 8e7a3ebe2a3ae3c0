"""Numbers with a form of their own: VAT, enterprise, IBAN, BIC, payment references."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stdnum import iban as iban_rules
from stdnum import iso11649
from stdnum.be import ogm_vcs
from stdnum.be import vat as be_vat
from stdnum.eu import vat as eu_vat

from billify.domain.reading import misread
from billify.domain.reading.layout import Cell, Line, Sheet
from billify.domain.reading.words import Box, Word, around

_VAT_FORMS = {
    "AT": r"U\d{8}",
    "BE": r"[01]?\d{9}",
    "BG": r"\d{9,10}",
    "CH": r"E?\d{9}(?:MWST|TVA|IVA)?",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z]",
    "FI": r"\d{8}",
    "FR": r"[A-Z0-9]{2}\d{9}",
    "GB": r"\d{9}(?:\d{3})?",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}(?:\d{3})?",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}",
    "NO": r"\d{9}(?:MVA)?",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}",
    "IX": r"\d{9}",
}
_VAT_START = re.compile(r"(?<![A-Z0-9])(" + "|".join(_VAT_FORMS) + r")[\s.:-]{0,3}(?=[A-Z0-9])")
_BE_BARE = re.compile(r"(?<![\d.])(0?[01]?\d{3}[. ]\d{3}[. ]\d{3})(?![\d.]\d)")
_NL_BARE = re.compile(r"(?<![A-Z0-9])(\d{9}B\d{2})(?![A-Z0-9])")
_IBAN = re.compile(r"(?<![A-Z0-9])([A-Z]{2}\s?\d{2}(?:[\s.-]?[A-Z0-9]){11,30})(?![A-Z0-9])")
_BIC = re.compile(r"(?<![A-Z0-9])([A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![A-Z0-9])")
_OGM = re.compile(r"(?<!\d)[+*]{0,3}\s?(\d{3})\s?/\s?(\d{4})\s?/\s?(\d{5})\s?[+*]{0,3}(?!\d)")
_OGM_BARE = re.compile(r"(?<!\d)[+*]{3}\s?(\d{12})\s?[+*]{3}|(?<!\d)(\d{12})(?!\d)")
_RF = re.compile(r"(?<![A-Z0-9])(RF\d{2}(?:\s?[A-Z0-9]){1,21})(?![A-Z0-9])")
_DIGIT_COUNTRIES = "AT BE CZ DE DK EE ES FI HR HU LT NO PL PT SE SI SK"
_IBAN_OF_DIGITS = frozenset(_DIGIT_COUNTRIES.split())
_IBAN_LENGTH = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26,
    "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15,
    "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """A number of a known form, as it is written down, with its place."""

    kind: str
    value: str
    is_valid: bool
    """Its check digits are right."""
    words: tuple[Word, ...]
    line: Line
    cell: Cell

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around(self.words)


def codes(sheets: Iterable[Sheet]) -> list[Code]:
    """Every number of a known form, from top to bottom."""
    return [code for sheet in sheets for line in sheet.lines for code in _of_line(line)]


def structured_communication(text: str) -> str | None:
    """A Belgian structured communication as +++ddd/dddd/ddddd+++, when its check digits are right.

    Source: Febelfin, the last two digits are the first ten modulo 97 (97 for 0).
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) != 12 or not ogm_vcs.is_valid(digits):
        return None
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def belgian_number(text: str) -> str | None:
    """A Belgian enterprise number as ten digits, when its check digits are right."""
    digits = re.sub(r"\D", "", text)
    digits = digits.zfill(10) if len(digits) == 9 else digits
    return digits if len(digits) == 10 and be_vat.is_valid(digits) else None


def bare(text: str) -> str:
    """Capitals and digits only, for comparing numbers."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _of_line(line: Line) -> Iterator[Code]:
    words = line.words
    text, starts = "", []
    for word in words:
        starts.append(len(text))
        text += word.text + " "
    upper = text.upper() if len(text.upper()) == len(text) else text

    def code(kind: str, value: str, is_valid: bool, start: int, end: int) -> Code:
        inside = tuple(
            word
            for word, at in zip(words, starts, strict=True)
            if at < end and at + len(word.text) > start
        )
        cell = next(cell for cell in line.cells if inside[0] in cell.words)
        return Code(kind, value, is_valid, inside, line, cell)

    taken: list[tuple[int, int]] = []
    for finder in (_references, _ibans, misread.numbers, _vats, _doubtful_ibans, _bics):
        for kind, value, is_valid, start, end in finder(upper):
            if kind != "bic" and any(start < b and end > a for a, b in taken):
                continue
            taken.append((start, end))
            yield code(kind, value, is_valid, start, end)


Found = tuple[str, str, bool, int, int]


def _references(text: str) -> Iterator[Found]:
    for pattern in (_OGM, _OGM_BARE):
        for found in pattern.finditer(text):
            whole = structured_communication(found[0])
            marked = pattern is _OGM or "+" in found[0] or "*" in found[0]
            if whole is not None and (marked or not _is_inside_number(text, found)):
                kind = "ogm" if marked else "ogm_bare"
                yield kind, whole, True, found.start(), found.end()
    for found in _RF.finditer(text):
        value = bare(found[1])
        while len(value) > 4 and not iso11649.is_valid(value):
            shorter = value[:-1]
            if len(shorter) < 5:
                break
            value = shorter
        if iso11649.is_valid(value):
            yield "rf", value, True, found.start(), found.end()


def _is_inside_number(text: str, found: re.Match[str]) -> bool:
    return text[max(0, found.start() - 2) : found.start()].strip().isalnum()


def _ibans(text: str) -> Iterator[Found]:
    """IBANs whose check digits are right."""
    return (found for found in _iban_shapes(text) if found[2])


def _doubtful_ibans(text: str) -> Iterator[Found]:
    """A made-up or misread IBAN is still what the page shows; it stays unsure."""
    return (found for found in _iban_shapes(text) if not found[2])


def _iban_shapes(text: str) -> Iterator[Found]:
    at = 0
    while found := _IBAN.search(text, at):
        at = found.start() + 2
        value = bare(found[1])
        length = _IBAN_LENGTH.get(value[:2])
        if length is None:
            continue
        cut = value[:length]
        if value[:2] in _IBAN_OF_DIGITS and not cut[2:].isdigit():
            continue
        is_valid = len(cut) == length and iban_rules.is_valid(cut, check_country=False)
        shown = cut if is_valid else _digits_only(found[1], length)
        if is_valid or len(shown) >= 14:
            at = _end_of(text, found.start(), shown)
            yield "iban", shown, is_valid, found.start(), at


def _digits_only(text: str, length: int) -> str:
    """Groups up to the first one that is a word."""
    kept = ""
    for group in text.split():
        if kept and group.isalpha() and len(kept) >= 14:
            break
        kept += bare(group)
    return kept[:length]


def _end_of(text: str, start: int, value: str) -> int:
    at, left = start, len(value)
    while at < len(text) and left:
        left -= text[at].isalnum()
        at += 1
    return at


def _vats(text: str) -> Iterator[Found]:
    for found in _VAT_START.finditer(text):
        country = found[1]
        rest = re.match(r"(?:[A-Z0-9][\s.\-/]?){2,16}", text[found.end() :])
        if rest is None:
            continue
        value = _longest(country, bare(rest[0]), rest[0])
        if value is None:
            continue
        if country == "BE":
            value = value.zfill(10)
        whole = country + value
        end = _end_of(text, found.end(), value)
        yield "vat", whole, eu_vat.is_valid(whole), found.start(), end
    for found in _BE_BARE.finditer(text):
        digits = belgian_number(found[1])
        if digits is not None:
            yield "vat", "BE" + digits, True, found.start(), found.end()
    for found in _NL_BARE.finditer(text):
        yield "vat", "NL" + found[1], eu_vat.is_valid("NL" + found[1]), found.start(), found.end()


def _longest(country: str, packed: str, printed: str) -> str | None:
    """The longest start of the letters that has the country's form and ends where a word ends."""
    ends, count = set(), 0
    for at, letter in enumerate(printed):
        count += letter.isalnum()
        if at + 1 == len(printed) or not printed[at + 1].isalnum():
            ends.add(count)
    for length in range(len(packed), 6, -1):
        if length in ends and re.fullmatch(_VAT_FORMS[country], packed[:length]):
            return packed[:length]
    return None


def _bics(text: str) -> Iterator[Found]:
    for found in _BIC.finditer(text):
        if found[1][4:6] in _IBAN_LENGTH or found[1][4:6] in ("US", "CA", "IX"):
            has_digit = any(letter.isdigit() for letter in found[1])
            yield "bic", found[1], has_digit, found.start(), found.end()
