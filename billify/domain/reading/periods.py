"""The period an invoice is for: from a day to a day, a month or a quarter."""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from billify.domain.reading import prose
from billify.domain.reading.dates import Day, parsed
from billify.domain.reading.facts import Facts
from billify.domain.reading.labels import phrases_of
from billify.domain.reading.layout import Line, folded
from billify.domain.reading.prose import Found, plain
from billify.domain.reading.words import Word

_LABEL = re.compile(
    r"(?<!\w)(?:\w*[ -]?(?:period[ea]?n?|zeitraum|periode)"
    r"|periode de (?:facturation|prestation|consommation|location|livraison)|mois(?: de)?|maand"
    r"|month|monat|kwartaal|trimestre|quarter|quartal)(?!\w)"
)
_BEFORE = re.compile(
    r"(?:van|du|from|vom|von|periode|period|zeitraum|tussen|entre|between|zwischen)\W*$"
)
_BETWEEN = frozenset(
    phrases_of(
        "tot; t m; tem; t e m; tot en met; au; a; bis; bis zum; to; until; till; up to; through; "
        "thru; "
        "en; et; und; and; jusqu au; inclus"
    )
) | {""}
_MONTH = re.compile(r"([a-z]{3,10})\.?\s?[/ ']?\s?(20\d{2})(?!\d)")
_MONTH_FIGURES = re.compile(r"(?<![\d/.-])(0?[1-9]|1[0-2])\s?[/.-]\s?(20\d{2})(?![\d/.-])")
_QUARTER = re.compile(
    r"(?:(?<!\w)[qkt]\s?([1-4])|([1-4])\s?(?:e|er|ste|de|st|nd|rd|th|eme|\.)?\s?"
    r"(?:kwartaal|trimestre|quarter|quartal))\W{0,3}(20\d{2})"
)


def period(facts: Facts) -> Mapping[str, Found]:
    """period_start and period_end, labelled ones first."""
    spans = sorted(
        [*_spans(facts), *_wrapped(facts)], key=lambda one: -one["period_start"].confidence
    )
    if spans and spans[0]["period_start"].confidence >= 0.6:
        return spans[0]
    named = next(_named(facts), None)
    return named or (spans[0] if spans else {})


def _spans(facts: Facts) -> Iterator[dict[str, Found]]:
    by_line: dict[int, list[Day]] = {}
    for day in facts.days:
        by_line.setdefault(id(day.line), []).append(day)
    for days in by_line.values():
        days.sort(key=lambda day: day.words[0].x0)
        for first, last in pairwise(days):
            if not first.value < last.value or (last.value - first.value).days > 800:
                continue
            between = _between(first, last)
            if between is None or folded(between) not in _BETWEEN or "/" in between.split():
                continue
            sure, label = _labelled(facts, first)
            if not between.strip(" -–") and sure < 0.8:
                continue  # two dates side by side are columns
            if id(first.line) in facts.table_lines:
                sure *= 0.65
            if sure:
                yield _pair(
                    first.value, last.value, (first.words, last.words), first.line, sure, label
                )


def _wrapped(facts: Facts) -> Iterator[dict[str, Found]]:
    """A period that runs on below: "Periode: 01/02/2022 tot", and the last day under it."""
    for first in facts.days:
        words = first.cell.words
        behind = words[words.index(first.words[-1]) + 1 :]
        if len(behind) > 3 or folded(" ".join(word.text for word in behind)) not in _BETWEEN:
            continue
        sure, label = _labelled(facts, first)
        if sure < 0.8:
            continue
        below = facts.sheet(first.line.page).below(first.cell, rows=1.8)
        ends = [day for day in facts.days if any(day.cell is cell for cell in below[:2])]
        for last in ends[:1]:
            if first.value < last.value and last.words[0] is last.cell.words[0]:
                yield _pair(
                    first.value, last.value, (first.words, last.words), first.line, 0.8, label
                )


def _between(first: Day, last: Day) -> str | None:
    words = first.line.words
    start, end = words.index(first.words[-1]), words.index(last.words[0])
    return " ".join(word.text for word in words[start + 1 : end]) if start < end else None


def _labelled(facts: Facts, first: Day) -> tuple[float, str]:
    """How sure a period begins here: a label on its line, or above its cell, or just "from"."""
    words = [word for word in first.line.words if word.x1 <= first.words[0].x0 + 1]
    before = prose.passage(words, first.line)
    label = _LABEL.search(before.text)
    if label is not None:
        return 0.9, before.printed(*label.span())
    sheet = facts.sheet(first.line.page)
    at = sheet.lines.index(first.line)
    for line in sheet.lines[max(at - 2, 0) : at]:
        for cell in line.cells:
            over = min(cell.x1, first.cell.x1) - max(cell.x0, first.cell.x0) > 0
            if over and len(cell.words) <= 5 and _LABEL.search(plain(cell.text)):
                return 0.85, cell.text.strip(" :")
    if _BEFORE.search(before.text):
        return 0.7, before.words[-1].text if before.words else ""
    return (0.45, "") if before.text else (0.0, "")


def _named(facts: Facts) -> Iterator[dict[str, Found]]:
    """A month or quarter behind a label: Periode: januari 2026, Q1 2026."""
    for one in prose.lines(facts, in_tables=False):
        label = _LABEL.search(one.text)
        if label is None:
            continue
        rest = one.text[label.start() : label.end() + 40]
        for start, end, span in _months(rest):
            where = (label.start() + span[0], label.start() + span[1])
            words = one.words_at(*where)
            yield _pair(start, end, (words, words), one.line, 0.8, one.printed(*label.span()))


def _months(text: str) -> Iterator[tuple[date, date, tuple[int, int]]]:
    for seen in _QUARTER.finditer(text):
        number, year = int(seen[1] or seen[2]), int(seen[3])
        yield _month(year, 3 * number - 2)[0], _month(year, 3 * number)[1], seen.span()
    for seen in _MONTH.finditer(text):
        day = parsed(f"1 {seen[1]} {seen[2]}")
        if day is not None:
            yield *_month(day.year, day.month), seen.span()
    for seen in _MONTH_FIGURES.finditer(text):
        yield *_month(int(seen[2]), int(seen[1])), seen.span()


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _pair(
    start: date,
    end: date,
    words: tuple[tuple[Word, ...], tuple[Word, ...]],
    line: Line,
    sure: float,
    label: str,
) -> dict[str, Found]:
    return {
        "period_start": Found(start.isoformat(), words[0], line.page, sure, label=label),
        "period_end": Found(end.isoformat(), words[1], line.page, sure, label=label),
    }
