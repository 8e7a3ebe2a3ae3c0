"""Candidates of the head with their features: dates and numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from billify.domain.reading import header, soft_labels
from billify.domain.reading.contexts import context
from billify.domain.reading.dates import Day
from billify.domain.reading.facts import Facts, Linked
from billify.domain.reading.features import Row, Soft, classes_of, repeats
from billify.domain.reading.header import Chosen, Token

DATE_FIELDS = ("issue_date", "due_date", "delivery_date")
NUMBER_FIELDS = ("invoice_number", "order_reference", "payment_reference")
_DATE_CLASSES = classes_of("issue_date", "due_date", "delivery_date", "other_date")
_NUMBER_CLASSES = classes_of(*header.NUMBER_LABELS, "issue_date", "gross", "buyer")
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(slots=True)
class Described:
    """Candidates of one kind, a row of features for each, and the label that speaks for each."""

    values: list[str]
    rows: list[Row]
    chosen: list[Chosen]


def dates(facts: Facts, *, soft: Soft = soft_labels.chances) -> Described:
    """Every date on the pages."""
    days = facts.days
    linked = header.linked_days(facts)
    ruled = header.dates(facts, linked)
    scores = {
        name: {id(day): chosen.score for day, chosen in reversed(found)}
        for name, found in ruled.items()
    }
    counts = repeats([day.value for day in days])
    ordered = sorted({day.value for day in days})
    rows, chosen = [], []
    for at, day in enumerate(days):
        row = Row()
        row.place(facts, day.words, day.line, day.cell)
        row.links(linked, day)
        row.soft(context(facts, day.words, day.line, day.cell), _DATE_CLASSES, soft)
        for name in DATE_FIELDS:
            row.put(f"rule_{name}", scores[name].get(id(day), 0.0))
        _order_of_day(row, day, at, days, ordered, counts)
        beside = facts.clues_of_line.get(id(day.line), [])
        row.put("beside_number", any("invoice_number" in clue.names for clue in beside))
        row.put("alone", day.words == tuple(day.cell.words))
        rows.append(row)
        label = _label(linked, day)
        chosen.append(Chosen(day.value.isoformat(), day.words, day.line.page, 0.0, label))
    return Described([one.text for one in chosen], rows, chosen)


def _order_of_day(
    row: Row, day: Day, at: int, days: Sequence[Day], ordered: Sequence[object], counts: object
) -> None:
    """Which date of all it is, down the page and in time."""
    assert isinstance(counts, dict)
    row.put("nth", min(at, 12))
    row.put("dates", min(len(days), 15))
    row.put("distinct", min(len(ordered), 10))
    row.put("nth_in_time", ordered.index(day.value) / max(len(ordered) - 1, 1))
    row.put("is_latest", day.value == ordered[-1])
    row.put("is_earliest", day.value == ordered[0])
    row.put("repeats", min(counts[day.value], 5))
    first = days[0].value
    row.put("days_after_first", max(-400, min(400, (day.value - first).days)))
    row.put("doubtful", day.is_doubtful)
    row.put("month_ends", day.value.day >= 28)


def numbers(facts: Facts, *, soft: Soft = soft_labels.chances) -> Described:
    """Every word with a figure in it that could be the number of something."""
    tokens = list(header.tokens_of(facts))
    linked = header.linked_tokens(facts, tokens)
    ruled = header.numbers(tokens, linked)
    scores = {
        name: {
            (one.text, one.words[0].x0, one.words[0].y0, one.page): one.score
            for one in reversed(found)
        }
        for name, found in ruled.items()
    }
    counts = repeats([token.text for token in tokens])
    dated = {id(word): len(word.text) for day in facts.days for word in day.words}
    years = {str(day.value.year) for day in facts.days}
    rows, chosen = [], []
    for at, token in enumerate(tokens):
        row = Row()
        row.place(facts, token.words, token.line, token.cell)
        row.links(linked, token)
        row.soft(context(facts, token.words, token.line, token.cell), _NUMBER_CLASSES, soft)
        key = (token.text, token.words[0].x0, token.words[0].y0, token.line.page)
        for name in NUMBER_FIELDS:
            row.put(f"rule_{name}", scores[name].get(key, 0.0))
        _shape(row, token, years)
        row.put("nth", min(at, 40))
        row.put("repeats", min(counts[token.text], 5))
        row.put("alone", token.words == tuple(token.cell.words))
        row.put("is_date", id(token.words[-1]) in dated)
        row.put("has_date_beside", any(day.line is token.line for day in facts.days))
        rows.append(row)
        label = _label(linked, token)
        chosen.append(Chosen(token.text, token.words, token.line.page, 0.0, label))
    return Described([one.text for one in chosen], rows, chosen)


def _shape(row: Row, token: Token, years: set[str]) -> None:
    text = token.text
    digits = sum(map(str.isdigit, text))
    row.put("length", min(len(text), 30))
    row.put("digits", min(digits, 20))
    row.put("letters", min(sum(map(str.isalpha, text)), 20))
    row.put("parts", len(re.split(r"[-/._ ]", text)))
    row.put("is_year", bool(_YEAR.fullmatch(text)))
    row.put("has_year", any(year in text for year in years))
    row.put("starts_with_letter", text[:1].isalpha())
    row.put("starts_with_zero", text[:1] == "0")
    row.put("has_lower", any(map(str.islower, text)))
    row.put("has_comma", "," in text or "%" in text)
    row.put("has_plus", "+" in text)
    row.put("is_part", token.is_part)
    row.put("has_series", len(token.words) > 1)


def _label(linked: Linked, value: object) -> str:
    best, text = 0.0, ""
    for found in linked.values():
        strength, clue = found.get(id(value), (0.0, None))
        if clue is not None and strength > best:
            best, text = strength, clue.text
    return text
