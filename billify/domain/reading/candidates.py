"""Amounts grouped by value, with what the labels near them say they are."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from billify.domain.reading.amounts import Amount
from billify.domain.reading.clues import Clue
from billify.domain.reading.facts import Facts
from billify.domain.reading.labels import phrases_of

ROUNDING = Decimal("0.05")
"""Tills round to five cents; sums of rounded lines are off by as much."""
KINDS = ("net", "vat", "gross")
_ROUNDINGS = frozenset(["rounding", "rounding adjustment", "afronding", "arrondi", "rundung"])
_BASE_WORDS = frozenset(["amount", "betrag", "bedrag", "montant"])
_CASH_LIST = """
cash; contant; especes; bar; gegeben; gegeben bar; geg; geg bar; tendered; cash tendered;
cash received
"""
_CHANGE_LIST = "change; change due; wisselgeld; rendu; ruckgeld; ruckgeld eur"
_CASH = frozenset(phrases_of(_CASH_LIST))
_CHANGE = frozenset(phrases_of(_CHANGE_LIST))
_SHORT = 7
"""A cell of more words is a sentence."""


@dataclass(slots=True, eq=False)
class Candidate:
    """One value on the pages, with what its labels say of it."""

    value: Decimal
    amounts: list[Amount] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    shown: dict[str, tuple[Amount, Clue]] = field(default_factory=dict)
    against: str = ""
    """The label that says it is something else."""

    @property
    def is_rounding(self) -> bool:
        """A few cents that turn one total into the one to pay."""
        return bool(self.value) and abs(self.value) <= ROUNDING and "rounding" in self.against

    @property
    def is_cash(self) -> bool:
        """What the customer handed over."""
        return self.against in _CASH

    @property
    def is_change(self) -> bool:
        """What the customer got back."""
        return self.against in _CHANGE


@dataclass(frozen=True, slots=True)
class Pick:
    """The value chosen for one total."""

    value: Decimal
    amount: Amount | None
    label: str
    score: float


def candidates(facts: Facts) -> list[Candidate]:
    """Every value that could be a total."""
    money = _money(facts)
    found: dict[Decimal, Candidate] = {}
    accept = partial(_may_label_a_total, facts)
    linked = {
        kind: facts.linked(kind, money, accept=accept, adjust=partial(_rightmost, facts))
        for kind in (*KINDS, "not_total")
    }
    for amount in money:
        candidate = found.setdefault(amount.value, Candidate(amount.value))
        candidate.amounts.append(amount)
        against, other = linked["not_total"].get(id(amount), (0.0, None))
        if other is not None and against > 0.4:
            candidate.against = "rounding" if other.phrase in _ROUNDINGS else other.phrase
        for kind in KINDS:
            if id(amount) not in linked[kind]:
                continue
            score, clue = linked[kind][id(amount)]
            score *= 0.3 if kind == "gross" and _is_base_column(facts, clue) else 1.0
            score *= 0.25 if against > score + 0.05 else 1.0
            score *= 0.5 if id(amount.line) in facts.table_lines else 1.0
            if score > candidate.scores[kind]:
                candidate.scores[kind] = score
                candidate.shown[kind] = (amount, clue)
        if against > 0.5 and not any(candidate.scores[kind] > against for kind in KINDS):
            candidate.scores["not_total"] = max(candidate.scores["not_total"], against)
    return [one for one in found.values() if _could_be_total(one)]


def _could_be_total(candidate: Candidate) -> bool:
    """A bare whole figure is a total only where a label says so."""
    return any(amount.is_money for amount in candidate.amounts) or any(
        candidate.scores[kind] > 0.4 for kind in KINDS
    )


def _is_base_column(facts: Facts, clue: Clue) -> bool:
    """Amount beside Tax in the head of a summary: what the tax is reckoned on."""
    if clue.phrase not in _BASE_WORDS:
        return False
    beside = facts.clues_of_line[id(clue.line)]
    return any("vat" in other.names for other in beside if other is not clue)


def _may_label_a_total(facts: Facts, clue: Clue) -> bool:
    if id(clue.line) in facts.table_lines or not clue.is_whole:
        return False
    # In a sentence the word is just a word.
    return clue.starts_cell or len(clue.cell.words) <= _SHORT


def _rightmost(facts: Facts, clue: Clue, amount: Amount, strength: float) -> float:
    """On a line with a rate, a base and an amount, the label means the last."""
    if strength <= 0:
        return 0.0
    if not amount.is_money:
        # A whole figure is a total only right beside its label.
        return strength * 0.7 if clue.line is amount.line and _ends_line(amount) else 0.0
    if clue.line is not amount.line:
        return strength
    between = [
        other
        for other in facts.amounts
        if other.line is clue.line
        and other.words[0].x0 > clue.box[2] - 1
        and other.words[-1].x1 < amount.words[0].x0 + 1
    ]
    words = sum(len(other.words) + (other.currency is not None) for other in between)
    strength = min(1.0, strength + 0.11 * min(words, 6)) if between else strength
    return strength if _ends_block(facts, amount) else 0.6 * strength


def _ends_block(facts: Facts, amount: Amount) -> bool:
    """No further amount stands to the right before another label."""
    behind = [
        other
        for other in facts.amounts
        if other.line is amount.line and other.is_money and other.words[0].x0 > amount.words[-1].x1
    ]
    if not behind:
        return True
    first = min(other.words[0].x0 for other in behind)
    return any(
        amount.words[-1].x1 <= clue.box[0] + 1 <= first + 1
        for clue in facts.clues_of_line.get(id(amount.line), ())
    )


def _money(facts: Facts) -> list[Amount]:
    money = [amount for amount in facts.amounts if amount.is_money]
    dates = {id(word) for day in facts.days for word in day.words}
    money = [amount for amount in money if not any(id(word) in dates for word in amount.words)]
    labelled = [
        amount
        for amount in facts.amounts
        if not amount.is_percent
        and amount.decimals in (0, 1)
        and not amount.is_money
        and amount.value < 10_000_000
        and _ends_line(amount)
        and not any(id(word) in dates for word in amount.words)
    ]
    return money + labelled


def _ends_line(amount: Amount) -> bool:
    return amount.line.cells[-1].words[-1] in amount.words
