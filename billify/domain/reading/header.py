"""Numbers, dates and codes of the head: each value by the labels that point at it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from billify.domain.reading import labels
from billify.domain.reading.clues import Clue
from billify.domain.reading.codes import Code
from billify.domain.reading.dates import Day
from billify.domain.reading.facts import Facts, Linked
from billify.domain.reading.layout import Cell, Line, folded
from billify.domain.reading.words import Box, Word, around

_TOKEN = re.compile(r"^[#(\[]?[\w][\w/_.\-–:%+&]*\)?$")
_TIME = re.compile(r"^\d{1,2}:\d{2}(?::\d{2})?$")
_WRONG_OGM = re.compile(r"^[+*]*\d{3}/\d{4}/\d{5}[+*]*$")
_BARE_NUMBER_WORDS = frozenset(["no", "nr", "number", "numero", "nummer"])
_TITLE_STEM = re.compile(
    r"rechnung|faktur|factuur|factur|invoice|fattura|fatura|gutschrift|credit|avoir|nota\b"
)
NUMBER_LABELS = ("invoice_number", "order_reference", "payment_reference", "other_number")
DATE_LABELS = ("issue_date", "due_date", "delivery_date", "other_date")


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A word with a digit in it, that could be a document's number."""

    text: str
    words: tuple[Word, ...]
    line: Line
    cell: Cell
    is_part: bool = False
    """Cut out of a word that says itself what it is, as in ABC:123."""

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around(self.words)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value for a field with its score 0..1 and the label that led to it."""

    text: str
    words: tuple[Word, ...]
    page: int
    score: float
    label: str
    has_check_digits: bool = False


def linked_tokens(facts: Facts, tokens: Sequence[Token]) -> Linked:
    """How strongly the labels of numbers point at each token."""
    accept = outside_tables(facts)
    return {
        name: facts.linked(name, tokens, accept=accept, adjust=part_is_weak)
        for name in NUMBER_LABELS
    }


def linked_days(facts: Facts) -> Linked:
    """How strongly the labels of dates point at each day of the pages."""
    accept = outside_tables(facts)
    return {name: facts.linked(name, facts.days, accept=accept) for name in DATE_LABELS}


def numbers(tokens: Sequence[Token], linked: Linked) -> dict[str, list[Chosen]]:
    """Candidates for invoice number, order and payment reference, the best first."""
    found: dict[str, list[Chosen]] = {}
    for name in NUMBER_LABELS[:3]:
        ranked = []
        for token in tokens:
            score, clue = linked[name].get(id(token), (0.0, None))
            if clue is None:
                continue
            rival = max(
                linked[other].get(id(token), (0.0, None))[0]
                for other in NUMBER_LABELS
                if other != name
            )
            if rival > score + 0.02:
                score *= 0.35
            if clue.names[name] < 0.7:
                is_next = score >= 0.93 * clue.names[name]
                score *= max(_weight_of_weak(clue), 0.8 if is_next else 0.0)
            score *= _shape(token.text)
            if name == "payment_reference" and _WRONG_OGM.match(token.text):
                score *= 0.5  # its check digits are wrong, else it were a code of its own
            ranked.append(_chosen(token, score, clue))
        ranked.sort(key=lambda one: -one.score)
        found[name] = ranked
    return found


def dates(facts: Facts, linked: Linked) -> dict[str, list[tuple[Day, Chosen]]]:
    """Candidates for issue, due and delivery date, the best first."""
    found: dict[str, list[tuple[Day, Chosen]]] = {}
    for name in DATE_LABELS[:3]:
        ranked = []
        for day in facts.days:
            score, clue = linked[name].get(id(day), (0.0, None))
            if clue is None:
                continue
            rival = max(
                linked[other].get(id(day), (0.0, None))[0] for other in DATE_LABELS if other != name
            )
            if rival > score + 0.02:
                score *= 0.35
            if id(day.line) in facts.table_lines:
                score *= 0.3
            if name == "issue_date":
                score += _title_bonus(facts, day)
            ranked.append((day, _dated(day, score, clue.text)))
        ranked.sort(key=lambda pair: -pair[1].score)
        found[name] = ranked
    if not found["issue_date"] or found["issue_date"][0][1].score < 0.3:
        found["issue_date"] += _unlabelled(facts, linked)
    return found


def _title_bonus(facts: Facts, day: Day) -> float:
    """Invoice 123 of 1 May: a date beside the number, or in large type as the title is."""
    beside = facts.clues_of_line.get(id(day.line), [])
    bonus = 0.25 if any("invoice_number" in clue.names for clue in beside) else 0.0
    sizes = sorted(cell.size for cell in facts.sheet(day.line.page).cells)
    return bonus + (0.2 if day.cell.size > 1.25 * sizes[len(sizes) // 2] else 0.0)


def payment_codes(facts: Facts) -> dict[str, list[Chosen]]:
    """BIC and check-digit payment references, the best first."""
    ibans = [code for code in facts.codes if code.kind == "iban"]
    found = {"bic": _ranked(_bics(facts, ibans))}
    references = [code for code in facts.codes if code.kind in ("ogm", "rf")]
    plain = [code for code in facts.codes if code.kind == "ogm_bare"]
    named = facts.linked("payment_reference", plain)
    scored = [(0.98, code) for code in references]
    scored += [(0.9, code) for code in plain if named.get(id(code), (0.0,))[0] > 0.4]
    found["payment_reference"] = _ranked(scored)
    return found


def _bics(facts: Facts, ibans: Sequence[Code]) -> Iterator[tuple[float, Code]]:
    codes = [code for code in facts.codes if code.kind == "bic"]
    linked = facts.linked("bic", codes)
    for code in codes:
        score = linked.get(id(code), (0.0,))[0]
        near = any(
            iban.line.page == code.line.page and abs(iban.line.y0 - code.line.y0) < 30
            for iban in ibans
        )
        if score < 0.3 and near and code.is_valid:
            score = 0.45
        if score >= 0.3:
            yield min(1.0, score + 0.1 * code.is_valid), code


def _ranked(scored: Iterable[tuple[float, Code]]) -> list[Chosen]:
    ranked = sorted(scored, key=lambda pair: -pair[0])
    return [
        Chosen(code.value, code.words, code.line.page, score, "", code.is_valid)
        for score, code in ranked
    ]


def outside_tables(facts: Facts) -> Callable[[Clue], bool]:
    """True for labels that stand in no table of goods."""

    def accept(clue: Clue) -> bool:
        return id(clue.line) not in facts.table_lines

    return accept


def tokens_of(facts: Facts) -> Iterator[Token]:
    """Every word that could be a document's number, from top to bottom."""
    # A date may be a number as well: 20240218, nr 23/07/2020. One of several words is none.
    busy = {id(word) for day in facts.days if len(day.words) > 1 for word in day.words}
    busy |= {
        id(word) for code in facts.codes if code.kind in ("vat", "iban") for word in code.words
    }
    busy |= {
        id(word)
        for amount in facts.amounts
        if amount.is_percent or (amount.is_money and amount.decimals == 2)
        for word in amount.words
    }
    for line in facts.lines:
        if id(line) in facts.table_lines:
            continue
        for cell in line.cells:
            for at, word in enumerate(cell.words):
                if id(word) not in busy and _could_be_number(word.text):
                    yield _token(cell, at, line)


def _could_be_number(text: str) -> bool:
    bare = text.strip("#:.,;()[]*")
    if not any(map(str.isdigit, bare)) or len(bare) > 40 or _TIME.match(bare):
        return False
    return bool(_TOKEN.match(bare)) and not re.fullmatch(r"\d+(?:st|nd|rd|th|e|er)", bare)


def _token(cell: Cell, at: int, line: Line) -> Token:
    """The word, with the short series printed before it, as in FT 18A2401/21509."""
    word = cell.words[at]
    text = _stripped(word.text)
    tail = cell.words[at + 1 : at + 3]
    if text.isdigit() and len(tail) == 2 and tail[0].text in ("/", "-") and tail[1].text.isdigit():
        return Token(f"{text}{tail[0].text}{tail[1].text}", (word, *tail), line, cell)
    is_part = bool(re.match(r"^[A-Za-z.]{2,}:\S", word.text))
    if _has_series(cell, at):
        series = cell.words[at - 1]
        return Token(f"{series.text} {text}", (series, word), line, cell)
    return Token(text, (word,), line, cell, is_part)


def _has_series(cell: Cell, at: int) -> bool:
    """A few capitals stand before the cell's last word, and nothing else but a label."""
    if at == 0 or at != len(cell.words) - 1:
        return False
    series = cell.words[at - 1].text
    alone = at == 1 or cell.words[at - 2].text.endswith(":")
    return (
        alone and bool(re.fullmatch(r"[A-Z]{1,4}", series)) and folded(series) not in labels.PHRASES
    )


def _stripped(text: str) -> str:
    bare = text.strip(":.,;*[]").lstrip("#")
    # N°123 and Nr.123 are the label and the number in one word.
    bare = re.sub(r"^(?:n[°ºr]|no|nr)[.:]*(?=\d)", "", bare, flags=re.IGNORECASE)
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    return bare.split(":")[-1] if re.match(r"^[A-Za-z.]+:", bare) else bare


def part_is_weak(_: Clue, token: Token, strength: float) -> float:
    """A piece cut out of a word is rarely the number."""
    return strength * (0.3 if token.is_part else 1.0)


def _weight_of_weak(clue: Clue) -> float:
    """A bare "invoice" or "no" is a label at the start or end of its cell; after a title, fully."""
    before = folded(
        " ".join(word.text for word in clue.cell.words if word.x1 <= clue.words[0].x0 + 1)
    )
    if clue.phrase in _BARE_NUMBER_WORDS and _TITLE_STEM.search(before):
        return 2.2
    return 1.0 if clue.starts_cell or clue.ends_cell or clue.has_colon else 0.3


def _shape(text: str) -> float:
    digits = sum(map(str.isdigit, text))
    if re.fullmatch(r"(?:19|20)\d{2}", text):
        return 0.75
    if digits == len(text) and digits <= 2:
        return 0.7
    if digits < 0.3 * len(text):
        return 0.8
    return 1.0


def _chosen(token: Token, score: float, clue: Clue) -> Chosen:
    return Chosen(token.text, token.words, token.line.page, score, clue.text)


def _dated(day: Day, score: float, label: str) -> Chosen:
    return Chosen(day.value.isoformat(), day.words, day.line.page, score, label)


def _unlabelled(facts: Facts, linked: Linked) -> list[tuple[Day, Chosen]]:
    """A date without a label, the topmost first: what receipts and letters print."""
    free = [
        day
        for day in facts.days
        if id(day.line) not in facts.table_lines
        and not any(linked[name].get(id(day), (0.0,))[0] > 0.4 for name in DATE_LABELS[1:])
    ]
    return [(day, _dated(day, 0.28 - 0.01 * at, "")) for at, day in enumerate(free[:5])]
