"""Whether the text layer of a PDF page can be believed, by its words alone.

Fonts without a table of letters give glyph numbers, scanners hide their own poor reading behind
the picture, and a stamp is not the page it stands on.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum, auto

from billify.domain.reading import Word

_FEW_LETTERS = 25
_SOME_LETTERS = 250
_JUDGED_FROM = 30
"""Fewer letters than this say nothing about an encoding."""
_COMMON = frozenset("eainrstoEAINRSTO")
_PLAIN = re.compile(
    r"[A-Z]?[a-z]+|[A-Z]+|[A-Z][a-z]+[A-Z][a-z]+"  # a word
    r"|[-+]?[\d.,'/:%-]+|[A-Z\d./-]+"  # a figure, a date, a code
)
_EDGES = " .,:;!?()[]{}\"'*#€$£|<>_=+-/&@%°•·"


class Trust(Enum):
    """What a text layer is worth."""

    SOUND = auto()
    PARTIAL = auto()
    """Nothing, or a few words on a page that is a picture: the picture may say more."""
    RUBBISH = auto()
    """Letters that nobody meant: whatever the picture says is better."""


def trust(words: Sequence[Word], *, picture_share: float, is_hidden: bool) -> Trust:
    """How far to believe the words, given how much of the page its largest picture covers."""
    letters = "".join(word.text for word in words)
    if not letters:
        return Trust.PARTIAL
    if _is_rubbish(letters):
        return Trust.RUBBISH
    if picture_share > 0.3 and len(letters) < _FEW_LETTERS:
        return Trust.PARTIAL
    if picture_share > 0.6 and len(letters) < _SOME_LETTERS:
        return Trust.PARTIAL
    if is_hidden and _plain_share(words) < 0.8:
        return Trust.RUBBISH
    return Trust.SOUND


def _is_rubbish(letters: str) -> bool:
    odd = sum(1 for one in letters if unicodedata.category(one) in ("Co", "Cn", "Cc", "So"))
    if odd + letters.count("\ufffd") > len(letters) * 0.2:
        return True
    if len(letters) < _JUDGED_FROM:
        return False
    known = sum(1 for one in letters if one.isalnum())
    if known < 0.5 * len(letters):
        return True
    latin = [one for one in unicodedata.normalize("NFD", letters) if one.isascii()]
    spoken = [one for one in latin if one.isalpha()]
    if len(spoken) < _JUDGED_FROM or len(spoken) < 0.4 * known:
        return False
    # In every language in Latin letters these eight are 55 to 68 of a hundred; glyph numbers
    # taken for letters (the usual fault is a shift by 29) leave 10 to 30.
    common = sum(1 for one in spoken if one in _COMMON)
    return common < 0.4 * len(spoken)


def _plain_share(words: Sequence[Word]) -> float:
    """How many of the words look like words, figures or codes rather than like specks."""
    texts = [word.text.strip(_EDGES) for word in words]
    texts = [
        "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
        for text in texts
        if text
    ]
    if not texts:
        return 0.0
    return sum(1 for text in texts if _PLAIN.fullmatch(text)) / len(texts)
