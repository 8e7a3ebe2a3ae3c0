"""References inside free text: structured communications and RF references, exactly or not.

A reference counts only when all of its digits stand there; spaces, slashes, dots and marks in
wrong places do not matter, one wrong digit does.
"""

import re
from collections.abc import Container, Iterator

from billify.domain import references

STRUCTURED_DIGITS = 12
_RUN = re.compile(r"\d(?:[\s/.\-+*]{0,3}\d){11,}")
_SHAPED = re.compile(
    r"(?:[+*]{2,3}\s?)(\d{3})\s?/?\s?(\d{4})\s?/?\s?(\d{5})|(?<!\d)(\d{3})/(\d{4})/(\d{5})(?!\d)"
)
_CREDITOR = re.compile(r"RF\d{2}")
_SHORTEST, _LONGEST = 5, 25


def structured_in(text: str, known: Container[str]) -> list[str]:
    """The known structured communications whose twelve digits follow each other in a text."""
    found: list[str] = []
    for run in _RUN.finditer(text):
        digits = re.sub(r"\D", "", run[0])
        for at in range(len(digits) - STRUCTURED_DIGITS + 1):
            part = digits[at : at + STRUCTURED_DIGITS]
            if part in known and part not in found:
                found.append(part)
    return found


def creditors_in(text: str, known: Container[str]) -> list[str]:
    """The known RF references in a text, with spaces anywhere."""
    if "RF" not in text.upper():
        return []
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    found: list[str] = []
    for start in _CREDITOR.finditer(compact):
        for length in range(_LONGEST, _SHORTEST - 1, -1):
            part = compact[start.start() : start.start() + length]
            if len(part) == length and part in known:
                found.append(part)
                break
    return found


def shaped(text: str) -> Iterator[tuple[str, bool]]:
    """What is written in the shape of a structured communication, and whether it is a valid one."""
    for match in _SHAPED.finditer(text):
        digits = "".join(part for part in match.groups() if part)
        yield digits, references.structured(digits) is not None


def without(text: str, reference: str) -> str:
    """The text less a reference, so that its digits are not taken for other numbers."""
    gaps = r"[\s/.\-+*]{0,3}"
    return re.sub(gaps.join(map(re.escape, reference)), " ", text, flags=re.IGNORECASE)
