"""The conditions of row-level policies in the words of a person."""

import re

from billify.domain.refusal import N_

WORDS = {
    "company_id = app_company()": N_("the row's company is the one that was entered"),
    "id = app_company()": N_("it is the company that was entered"),
    "user_id = app_user()": N_("the row is the person's own"),
    "about_company = app_company()": N_("it is about the company that was entered"),
    "(about_company IS NULL) AND (user_id = app_user())": N_(
        "it is the person's own and about no company"
    ),
    "app_system()": N_("the clock or the back office asks"),
    "true": N_("always"),
}
"""Parts of conditions, as PostgreSQL writes them down, and what they mean."""


def parts(condition: str | None) -> list[tuple[str, bool]]:
    """A condition in its parts, split where one of several is enough (OR) or all must hold (AND).

    Each part is a sentence to be translated and True, or the condition itself and False where
    nobody has put it into words. The joining words are " or " and " and ", and count as sentences.
    """
    if condition is None:
        return []
    found: list[tuple[str, bool]] = []
    for piece in _split(_bare(condition)):
        if piece in ("OR", "AND"):
            found.append((OR if piece == "OR" else AND, True))
        else:
            words = WORDS.get(_bare(piece))
            found.append((words, True) if words else (_bare(piece), False))
    return found


OR, AND = N_("or"), N_("and")
_JOINT = re.compile(r" (OR|AND) ")


def _split(text: str) -> list[str]:
    """Pieces and the words between them; what stands in brackets is one piece."""
    found, start = [], 0
    for joint in _JOINT.finditer(text):
        before = text[: joint.start()]
        if before.count("(") == before.count(")"):
            found += [text[start : joint.start()], joint[1]]
            start = joint.end()
    return [*found, text[start:]]


def _bare(text: str) -> str:
    """Without the brackets that stand round the whole of it."""
    text = " ".join(text.split())
    while text.startswith("(") and text.endswith(")") and _closes_at_end(text):
        text = text[1:-1].strip()
    return text


def _closes_at_end(text: str) -> bool:
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place == len(text) - 1
    return False
