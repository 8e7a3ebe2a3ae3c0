"""Lines of goods found by arithmetic: amounts under each other that make up a total.

For tables without a head, or with heads in words that are in no list. What the amounts add up to
says which lines belong to the table, so that nothing need be known of its wording.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billify.domain.reading.amounts import Amount
from billify.domain.reading.facts import Facts
from billify.domain.reading.layout import Line
from billify.domain.reading.tables import Row, Table, is_total
from billify.domain.reading.totals import Totals
from billify.domain.reading.words import Word

_SLACK = Decimal("0.02")
_RIGHT = 7.0
"""Points that the right edges of a column's amounts may lie apart."""
_MOST = 300
_LETTERS = 3


@dataclass(frozen=True, slots=True)
class _Priced:
    """A line of print that ends in an amount, with text before it."""

    line: Line
    amount: Amount
    words: tuple[Word, ...]


def completed(facts: Facts, found: list[Table], sums: Totals) -> list[Table]:
    """The tables, or in their place what makes up a total where theirs does not."""
    targets = _targets(sums)
    if not targets or _adds_up(found, targets):
        return found
    run = _run(list(_priced(facts)), targets)
    known = {id(row.line): (row, table) for table in found for row in table.rows}
    if run is None or len(run) < len(known):
        return found
    pages = sorted({one.line.page for one in run})
    return [_table(facts, page, run, known) for page in pages]


def _targets(sums: Totals) -> set[Decimal]:
    """What lines may add up to: net, gross, or a sum before a discount of the whole."""
    values = {pick.value for pick in (sums.net, sums.gross) if pick is not None}
    return {value for value in values | set(sums.parts) if value}


def _adds_up(found: Sequence[Table], targets: set[Decimal]) -> bool:
    rows = [row for table in found for row in table.rows]
    amounts = [row.numbers.get("net_amount") or row.all_numbers[-1:] for row in rows]
    total = sum((one[-1].value for one in amounts if one), Decimal(0))
    return any(abs(total - target) <= _SLACK for target in targets)


def _priced(facts: Facts) -> Iterator[_Priced]:
    by_line: dict[int, list[Amount]] = {}
    for amount in facts.amounts:
        by_line.setdefault(id(amount.line), []).append(amount)
    for line in facts.lines:
        amounts = [one for one in by_line.get(id(line), ()) if not one.is_percent]
        if not amounts or not amounts[-1].is_money or is_total(facts, line):
            continue
        last = amounts[-1]
        taken = {id(word) for amount in by_line[id(line)] for word in amount.words}
        words = tuple(
            word for word in line.words if id(word) not in taken and word.x0 < last.words[0].x0
        )
        if sum(map(str.isalpha, "".join(word.text for word in words))) >= _LETTERS:
            yield _Priced(line, last, words)


def _run(priced: list[_Priced], targets: set[Decimal]) -> list[_Priced] | None:
    """The longest run of lines, their amounts in one column, that adds up to a target."""
    best: list[_Priced] | None = None
    for column in _columns(priced[:_MOST]):
        for start in range(len(column)):
            total = Decimal(0)
            for end in range(start, len(column)):
                total += column[end].amount.value
                fits = any(abs(total - target) <= _SLACK for target in targets)
                if fits and (best is None or end - start + 1 > len(best)):
                    best = column[start : end + 1]
    if best is None or (len(best) == 1 and not _is_product(best[0])):
        return None  # one amount that is the total may as well be the total itself
    return best


def _columns(priced: Sequence[_Priced]) -> Iterator[list[_Priced]]:
    """Lines whose amounts end at one right edge, on any page."""
    left = list(priced)
    while left:
        edge = left[0].amount.words[-1].x1
        away = [one for one in left[1:] if abs(one.amount.words[-1].x1 - edge) > _RIGHT]
        apart = {id(one) for one in away}
        yield [one for one in left if id(one) not in apart]
        left = away


def _is_product(one: _Priced) -> bool:
    numbers = [word for word in one.line.words if any(map(str.isdigit, word.text))]
    return len(numbers) > 1


def _table(
    facts: Facts, page: int, run: Sequence[_Priced], known: dict[int, tuple[Row, Table]]
) -> Table:
    own = [one for one in run if one.line.page == page]
    kept = {id(one.line) for one in own}
    rows: list[Row] = []
    for line in facts.sheet(page).lines:
        priced = next((one for one in own if one.line is line), None)
        if priced is not None and id(line) in known:
            row = known[id(line)][0]  # its head tells quantity from price
            row.numbers["net_amount"] = [priced.amount]
            rows.append(row)
        elif priced is not None:
            rows.append(_row(facts, priced))
        elif rows and id(rows[-1].line) not in known and id(line) not in kept:
            _wrap(facts, rows[-1], line)
    heads = [table for _, table in known.values() if table.page == page][:1]
    columns = heads[0].columns if heads else []
    return Table(page, [], columns, rows, [one.line for one in own])


def _row(facts: Facts, one: _Priced) -> Row:
    amounts = [amount for amount in facts.amounts if amount.line is one.line]
    numbers = {"net_amount": [one.amount]}
    rates = [amount for amount in amounts if amount.is_percent]
    if len(rates) == 1:
        numbers["vat_rate"] = rates
    return Row(one.line, numbers, amounts, list(one.words))


def _wrap(facts: Facts, row: Row, line: Line) -> None:
    """Words right under a description go on with it."""
    last = row.more[-1] if row.more else row.description
    first = line.words[0]
    has_amount = any(amount.line is line and amount.is_money for amount in facts.amounts)
    near = last and first.y0 - last[0].y1 < 0.8 * (last[0].y1 - last[0].y0)
    if near and not has_amount and len(row.more) < 2 and abs(first.x0 - last[0].x0) < 6:
        row.more.append(line.words)
