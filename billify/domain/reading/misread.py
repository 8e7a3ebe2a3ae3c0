"""Numbers whose figures OCR took for letters, put right where the check digits then agree.

Only letters where a figure must stand are turned, and only when the whole number becomes valid:
nothing is guessed that the check digits do not confirm.
"""

import re
from collections.abc import Iterator

from stdnum import iban as iban_rules
from stdnum.eu import vat as eu_vat

AS_FIGURE = str.maketrans("OQDILSZBGT", "0001152867")
"""Letters that OCR gives in place of figures."""
_LIKE = r"[0-9OQDILSZBGT]"
_NUMBER = re.compile(
    rf"(?<![A-Z0-9])([A-Z]{{2}})[\s.:-]{{0,2}}((?:{_LIKE}[\s./-]?){{8,30}})(?![A-Z0-9])"
)
_LETTERS_FIRST = re.compile(
    rf"(?<![A-Z0-9])(NL|GB|IE|RO|LV)({_LIKE}{{2}})\s?([A-Z]{{4}})((?:\s?{_LIKE}){{10,18}})(?![A-Z0-9])"
)
_VAT_COUNTRIES = frozenset(["BE", "DE", "DK", "FI", "HU", "IT", "LU", "PL", "PT", "SE", "SI", "SK"])

Found = tuple[str, str, bool, int, int]


def numbers(text: str) -> Iterator[Found]:
    """(kind, value, True, start, end) of VAT numbers and IBANs that become valid."""
    for found in _NUMBER.finditer(text):
        packed = re.sub(r"[^A-Z0-9]", "", found[2])
        if packed.isdigit():
            continue  # read as it stands by the other finders
        whole = found[1] + packed.translate(AS_FIGURE)
        if iban_rules.is_valid(whole):
            yield "iban", whole, True, found.start(), found.end()
        elif found[1] in _VAT_COUNTRIES and eu_vat.is_valid(whole):
            yield "vat", whole, True, found.start(), found.end()
    for found in _LETTERS_FIRST.finditer(text):
        check, rest = (
            re.sub(r"\s", "", part).translate(AS_FIGURE) for part in (found[2], found[4])
        )
        whole = found[1] + check + found[3] + rest
        if iban_rules.is_valid(whole):
            yield "iban", whole, True, found.start(), found.end()
