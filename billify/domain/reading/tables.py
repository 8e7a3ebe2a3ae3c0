"""The table of goods: its head, its columns, its rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from billify.domain.reading.amounts import Amount
from billify.domain.reading.clues import Clue
from billify.domain.reading.columns import PHRASES as HEAD_PHRASES
from billify.domain.reading.facts import Facts
from billify.domain.reading.layout import Line, Sheet, folded
from billify.domain.reading.words import Box, Word, around

_HEAD_DEPTH = 22.0
"""A head may run over lines this many points apart."""
_TOTALS = ("net", "vat", "gross")


@dataclass(frozen=True, slots=True)
class Column:
    """One column as its head names it."""

    kind: str
    phrase: str
    x0: float
    x1: float

    @property
    def middle(self) -> float:
        """Half way across the head."""
        return (self.x0 + self.x1) / 2


@dataclass(slots=True, eq=False)
class Row:
    """One line of goods: what stands in which column."""

    line: Line
    numbers: dict[str, list[Amount]]
    all_numbers: list[Amount]
    """Also those under heads that are not understood, from left to right."""
    description: list[Word]
    more: list[list[Word]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The description with its wrapped parts."""
        parts = [self.description, *self.more]
        return " ".join(word.text for part in parts for word in part).strip()

    @property
    def box(self) -> Box:
        """The whole row."""
        return around(self.line.words)


@dataclass(slots=True, eq=False)
class Table:
    """A head with the rows under it."""

    page: int
    head: list[Line]
    columns: list[Column]
    rows: list[Row]
    lines: list[Line]
    """Everything that belongs to it, for leaving it out elsewhere."""


def tables(facts: Facts) -> list[Table]:
    """The tables of goods on all pages, and the lines in them noted in the facts."""
    found: list[Table] = []
    for sheet in facts.sheets:
        at = 0
        carried = _carried(facts, sheet, found)
        if carried is not None:
            found.append(carried)
            facts.table_lines.update(id(line) for line in carried.lines)
            at = sheet.lines.index(carried.lines[-1]) + 1
        while at < len(sheet.lines):
            table = _table_at(facts, sheet, at)
            if table is None:
                at += 1
                continue
            found.append(table)
            facts.table_lines.update(id(line) for line in [*table.head, *table.lines])
            last = (table.lines or table.head)[-1]
            at = max(sheet.lines.index(last), at) + 1
    return found


def _table_at(facts: Facts, sheet: Sheet, at: int) -> Table | None:
    columns = _columns(sheet.lines[at])
    if len({column.kind for column in columns}) < 2:
        return None
    head = [sheet.lines[at]]
    for line in sheet.lines[at + 1 : at + 4]:
        near = line.y0 - sheet.lines[at].y0 < _HEAD_DEPTH
        more = _columns(line)
        if not near or _has_figures(facts, line):
            break
        if more or line.y0 < head[-1].y1:
            columns += [one for one in more if not _covers(columns, one)]
            head.append(line)
    if not _is_head(columns):
        return None
    columns = sorted(columns, key=lambda one: one.x0)
    rows, lines = _rows(facts, sheet, sheet.lines.index(head[-1]) + 1, columns)
    below = sheet.lines[sheet.lines.index(head[-1]) + 1 :]
    if rows or (len(below) <= 2 and len(facts.sheets) > sheet.page):
        return Table(sheet.page, head, columns, rows, lines)
    return None


def _carried(facts: Facts, sheet: Sheet, found: list[Table]) -> Table | None:
    """The table of the page before, going on at the top of this one without a new head."""
    if not found or found[-1].page != sheet.page - 1 or not sheet.lines:
        return None
    before = found[-1]
    last = (before.lines or before.head)[-1]
    rest = [line for line in facts.sheet(before.page).lines if line.y0 > last.y1]
    if any(is_total(facts, line) for line in rest):
        return None
    if any(_is_head(_columns(line)) for line in sheet.lines[:12]):
        return None
    start = next((n for n, line in enumerate(sheet.lines) if _row(facts, line, before.columns)), 0)
    if start > 8:
        return None
    rows, lines = _rows(facts, sheet, start, before.columns)
    return Table(sheet.page, [], before.columns, rows, lines) if rows else None


def _columns(line: Line) -> list[Column]:
    tokens = [(token, word) for word in line.words for token in folded(word.text).split() or [""]]
    found: list[Column] = []
    at = 0
    while at < len(tokens):
        for count in (5, 4, 3, 2, 1):
            group = tokens[at : at + count]
            phrase = " ".join(token for token, _ in group)
            kind = HEAD_PHRASES.get(phrase)
            if kind is not None and len(group) == count:
                words = [word for _, word in group]
                if _is_one_head(words):
                    _add_column(found, Column(kind, phrase, words[0].x0, words[-1].x1), words)
                    at += count - 1
                    break
        at += 1
    # A sentence also holds such words; the words of a head are mostly its columns.
    return found if 2 * sum(len(c.phrase.split()) for c in found) >= len(tokens) else []


def _add_column(found: list[Column], column: Column, words: list[Word]) -> None:
    """Aantal / Quantité: the same head in two languages is one column."""
    last = found[-1] if found else None
    near = 2.5 * (words[0].y1 - words[0].y0)
    if last is not None and last.kind == column.kind and column.x0 - last.x1 < near:
        both = f"{last.phrase} {column.phrase}"
        found[-1] = Column(column.kind, both, last.x0, column.x1)
    else:
        found.append(column)


def _is_one_head(words: list[Word]) -> bool:
    """The words of one head stand close; two heads side by side are two columns."""
    return all(right.x0 - left.x1 <= 1.2 * (left.y1 - left.y0) for left, right in pairwise(words))


def _covers(columns: list[Column], other: Column) -> bool:
    return any(min(c.x1, other.x1) - max(c.x0, other.x0) > 0 for c in columns)


def _is_head(columns: list[Column]) -> bool:
    kinds = {column.kind for column in columns}
    if "description" in kinds:
        return bool(kinds & {"net_amount", "unit_price"}) or len(kinds) >= 3
    return len(kinds & {"quantity", "unit_price", "net_amount"}) >= 2


def _has_figures(facts: Facts, line: Line) -> bool:
    return any(amount.line is line and amount.is_money for amount in facts.amounts)


def _rows(
    facts: Facts, sheet: Sheet, start: int, columns: list[Column]
) -> tuple[list[Row], list[Line]]:
    rows: list[Row] = []
    lines: list[Line] = []
    loose: list[tuple[Line, list[Word]]] = []
    totals_seen = 0
    last_y = sheet.lines[max(start - 1, 0)].y1
    for line in sheet.lines[start:]:
        if line.y0 - last_y > 130 or totals_seen >= 2:
            break
        if rows and _heads_summary(facts, line):
            break
        if is_total(facts, line):
            totals_seen += 1
            loose.clear()
            continue
        row = _row(facts, line, columns)
        if row is not None and totals_seen and _is_summary(facts, row):
            break
        if row is not None:
            _take_loose(row, loose, rows)
            rows.append(row)
            totals_seen = 0
            lines.append(line)
            last_y = line.y1
        elif words := _description(line, columns, []):
            loose.append((line, words))
            if rows and line.y0 - last_y < 90:
                lines.append(line)
    _spread(loose, rows)
    return rows, lines[: _upto(lines, rows)]


def _upto(lines: list[Line], rows: list[Row]) -> int:
    return lines.index(rows[-1].line) + 1 if rows else 0


def _heads_summary(facts: Facts, line: Line) -> bool:
    """The head of a table of totals or of VAT by rate: such words and no figure."""
    clues = [
        clue
        for clue in facts.clues_of_line.get(id(line), ())
        if any(clue.names.get(name, 0.0) >= 0.7 for name in ("net", "vat", "gross"))
    ]
    return len(clues) >= 2 and not _has_figures(facts, line)


def is_total(facts: Facts, line: Line) -> bool:
    """The line names a total and shows its amount."""
    for clue in facts.clues_of_line.get(id(line), ()):
        weight = max((clue.names.get(name, 0.0) for name in _TOTALS), default=0.0)
        says_total = clue.starts_cell or clue.has_colon or _is_short(clue)
        if weight >= 0.7 and says_total:
            after = [
                amount
                for amount in facts.amounts
                if amount.line is line and amount.words[0].x0 > clue.box[2]
            ]
            first = line.words[0]
            if after and (clue.words[0] is first or len(line.cells) <= 3):
                return True
    return False


def _is_summary(facts: Facts, row: Row) -> bool:
    """Behind a total, figures without words but the name of another total sum up the VAT."""
    named = {
        id(word)
        for clue in facts.clues_of_line.get(id(row.line), ())
        if any(name in clue.names for name in _TOTALS)
        for word in clue.words
    }
    words = (word.text for word in row.description if id(word) not in named)
    return not any(letter.isalpha() for text in words for letter in text)


def _is_short(clue: Clue) -> bool:
    """Plus 19% VAT: the word stands at the end of a few."""
    return clue.ends_cell and len(clue.cell.words) <= 4


def _row(facts: Facts, line: Line, columns: list[Column]) -> Row | None:
    numbers: dict[str, list[Amount]] = {}
    everything = [one for one in facts.amounts if one.line is line and not _opens_text(one)]
    taken: list[Word] = []
    for amount in (one for one in facts.amounts if one.line is line):
        column = _column_of(amount.words, columns)
        if column.kind in ("description", "other") or _opens_text(amount):
            continue
        numbers.setdefault(column.kind, []).append(amount)
        taken += amount.words
    if not _is_row(numbers, columns):
        return None
    return Row(line, numbers, everything, _description(line, columns, taken))


def _opens_text(amount: Amount) -> bool:
    """12 ft HDMI cable: a bare number before words is part of what is sold."""
    words = amount.cell.words
    return not amount.is_money and len(words) >= 3 and words[0] is amount.words[0]


def _is_row(numbers: dict[str, list[Amount]], columns: list[Column]) -> bool:
    kinds = {column.kind for column in columns}
    if "net_amount" in kinds:
        return any(not amount.is_percent for amount in numbers.get("net_amount", ()))
    return any(amount.is_money for amount in numbers.get("unit_price", ()))


def _column_of(words: tuple[Word, ...], columns: list[Column]) -> Column:
    left, right = words[0].x0, words[-1].x1

    def distance(column: Column) -> float:
        shared = min(right, column.x1) - max(left, column.x0)
        if shared > 0:
            return -shared
        edge = min(abs(right - column.x1), abs(left - column.x0))
        return min(edge, abs((left + right) / 2 - column.middle))

    return min(columns, key=distance)


def _description(line: Line, columns: list[Column], taken: list[Word]) -> list[Word]:
    """The words of the description column: from its head to the next column's first number."""
    heads = [column for column in columns if column.kind == "description"]
    left, right = max(
        [_zone(head, columns) for head in heads] or [_zone(None, columns)],
        key=lambda zone: zone[1] - zone[0],
    )
    words = [
        word
        for word in line.words
        if word not in taken and left - 6 <= (word.x0 + word.x1) / 2 and word.x0 < right - 2
    ]
    first_number = min((word.x0 for word in taken if word.x0 > left), default=1e9)
    words = [word for word in words if word.x0 < first_number]
    return words if any(any(map(str.isalpha, word.text)) for word in words) else []


def _zone(head: Column | None, columns: list[Column]) -> tuple[float, float]:
    if head is None:
        numeric = [column.x0 for column in columns if column.kind != "other"]
        return 0.0, min(numeric, default=300.0) if numeric and min(numeric) > 60 else 300.0
    before = [column.x1 for column in columns if column.x1 <= head.x0]
    after = [column.x0 for column in columns if column.x0 >= head.x1]
    # Text may start left of a centred head, up to the head before it.
    return max(before, default=0.0), min(after, default=1e9)


def _take_loose(row: Row, loose: list[tuple[Line, list[Word]]], rows: list[Row]) -> None:
    """Text between two rows wraps the row above, unless the row below has no text of its own."""
    if not row.description and loose:
        line, words = loose[-1]
        if row.line.y0 - line.y1 < 8:
            row.description = words
            loose.pop()
    _spread(loose, rows)


def _spread(loose: list[tuple[Line, list[Word]]], rows: list[Row]) -> None:
    if rows:
        bottom = rows[-1].line.y1
        for line, words in loose[:3]:
            if line.y0 - bottom > 1.2 * (line.y1 - line.y0) + 2:
                break
            rows[-1].more.append(words)
            bottom = line.y1
    loose.clear()


def quantity_of(row: Row) -> Decimal | None:
    """The number in the quantity column."""
    numbers = [amount for amount in row.numbers.get("quantity", ()) if not amount.is_percent]
    return numbers[0].value if numbers else None


def receipt_rows(facts: Facts) -> Iterator[tuple[Line, list[Word], Amount]]:
    """Lines with text and one price at the end, above the first total: a till's list."""
    for line in facts.lines:
        if is_total(facts, line):
            return
        numbers = [one for one in facts.amounts if one.line is line and one.is_money]
        if not numbers or any(not _is_price(one) for one in numbers[-1:]):
            continue
        words = [word for word in line.words if word.x1 < numbers[0].words[0].x0]
        if sum(map(str.isalpha, "".join(word.text for word in words))) >= 3:
            yield line, words, numbers[-1]


def _is_price(amount: Amount) -> bool:
    behind = [word for word in amount.line.words if word.x0 > amount.words[-1].x1]
    return amount.decimals == 2 and len(behind) <= 1
