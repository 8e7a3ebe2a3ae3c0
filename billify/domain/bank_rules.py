"""Rules a person makes for bank lines: which words mean which category, invoice expected or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billify.domain.banking import Flow
from billify.domain.identity import search_key
from billify.domain.refusal import N_, Refusal

SHORTEST = 3
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Rule:
    """Lines that hold these words get this category; without `needs_invoice` they are done."""

    id: str
    words: str
    category_id: str
    flow: Flow = Flow.ANY
    account_id: str | None = None
    needs_invoice: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A bank line as far as rules look at it; money in is above zero."""

    id: str
    account_id: str
    amount: Decimal
    name: str
    text: str


def words(text: str) -> str:
    """The words of a rule as they are kept. Refuses what would fit nearly every line."""
    plain = " ".join(text.split())
    if len(search_key(plain).replace(" ", "")) < SHORTEST:
        raise Refusal(N_("Write at least three letters or digits to look for."))
    if len(plain) > LONGEST:
        raise Refusal(N_("Write fewer words to look for."))
    return plain


def fits(rule: Rule, line: Line) -> bool:
    """Whether a rule is for a line: accents, case and punctuation aside, whole words in order."""
    if rule.account_id is not None and rule.account_id != line.account_id:
        return False
    if (rule.flow is Flow.IN and line.amount < 0) or (rule.flow is Flow.OUT and line.amount > 0):
        return False
    return f" {search_key(rule.words)} " in f" {search_key(f'{line.name} {line.text}')} "


def sort_out(lines: Iterable[Line], *, rules: Sequence[Rule]) -> dict[str, list[Line]]:
    """The lines of each rule: the first rule that fits a line has it."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        rule = next((one for one in rules if fits(one, line)), None)
        if rule is not None:
            found.setdefault(rule.id, []).append(line)
    return found
