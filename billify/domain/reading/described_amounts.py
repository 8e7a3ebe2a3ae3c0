"""Values that could be net, VAT or gross, with their features: labels, place and arithmetic."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billify.domain.reading import rates, soft_labels
from billify.domain.reading.amounts import Amount
from billify.domain.reading.candidates import KINDS, ROUNDING, Candidate
from billify.domain.reading.contexts import context
from billify.domain.reading.facts import Facts
from billify.domain.reading.features import Row, Soft, classes_of
from billify.domain.reading.rates import SLACK, RateRow

_CLASSES = classes_of("net", "vat", "gross", "not_total", "issue_date", "due_date")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the values of a document add up to, looked up by value."""

    values: frozenset[Decimal]
    positive: tuple[Decimal, ...]
    largest: Decimal
    rows: Sequence[RateRow]
    goods: Decimal
    """The sum of the last column of the tables of goods."""


def rows(
    facts: Facts,
    found: Sequence[Candidate],
    rate_rows: Sequence[RateRow],
    *,
    soft: Soft = soft_labels.chances,
) -> list[Row]:
    """One row per candidate."""
    positive = tuple(sorted({abs(one.value) for one in found if one.value}, reverse=True)[:40])
    sums = _Sums(
        frozenset(abs(one.value) for one in found),
        positive,
        max(positive, default=Decimal(1)),
        rate_rows,
        _goods(facts),
    )
    lowest = max((a.line.y0 for one in found for a in one.amounts), default=1.0)
    return [_row(facts, one, found, sums, lowest, soft) for one in found]


def _row(
    facts: Facts,
    one: Candidate,
    found: Sequence[Candidate],
    sums: _Sums,
    lowest: float,
    soft: Soft,
) -> Row:
    row = Row()
    amount = _speaking(facts, one)
    if amount is None:
        return _row_of_sum(facts, one, found, sums, lowest, soft)
    row.place(facts, amount.words, amount.line, amount.cell)
    row.soft(context(facts, amount.words, amount.line, amount.cell), _CLASSES, soft)
    _labels(row, one, found)
    row.put("occurs", min(len(one.amounts), 6))
    row.put("occurs_free", min(sum(1 for _ in _free(facts, one)), 6))
    row.put("down", amount.line.y0 / max(lowest, 1.0))
    row.put("currency", any(each.currency for each in one.amounts))
    row.put("decimals", amount.decimals)
    row.put("is_money", amount.is_money)
    row.put("is_part", False)
    _arithmetic(row, one.value, sums, found)
    return row


def _row_of_sum(
    facts: Facts,
    one: Candidate,
    found: Sequence[Candidate],
    sums: _Sums,
    lowest: float,
    soft: Soft,
) -> Row:
    """A sum that the page does not print borrows the place of the largest value that it does."""
    printed = max((other for other in found if other.amounts), key=lambda other: abs(other.value))
    row = _row(facts, printed, found, sums, lowest, soft)
    row.values[row.names.index("is_part")] = 1.0
    for kind in KINDS:
        row.values[row.names.index(f"rule_{kind}")] = one.scores[kind]
    return row


def _speaking(facts: Facts, one: Candidate) -> Amount | None:
    """The occurrence that its labels speak of; else the lowest outside the tables."""
    shown = [one.shown[kind] for kind in KINDS if kind in one.shown]
    if shown:
        return max(shown, key=lambda pair: max(pair[1].names.values()))[0]
    printed = list(_free(facts, one)) or one.amounts
    return printed[-1] if printed else None


def _free(facts: Facts, one: Candidate) -> Iterator[Amount]:
    return (each for each in one.amounts if id(each.line) not in facts.table_lines)


def _labels(row: Row, one: Candidate, found: Sequence[Candidate]) -> None:
    for kind in (*KINDS, "not_total"):
        row.put(f"rule_{kind}", one.scores[kind])
        best = max(other.scores[kind] for other in found)
        row.put(f"best_{kind}", best)
        row.put(f"top_{kind}", bool(one.scores[kind]) and one.scores[kind] >= best - 1e-9)
    row.put("against", bool(one.against))
    row.put("is_cash", one.is_cash)
    row.put("is_change", one.is_change)


def _arithmetic(row: Row, value: Decimal, sums: _Sums, found: Sequence[Candidate]) -> None:
    size = abs(value)
    pairs = [
        (a, b)
        for a in sums.positive
        if size and ROUNDING < a < size and (b := size - a) in sums.values and b
    ]
    usual = [pair for pair in pairs if rates.is_usual_rate(pair[0], pair[1])]
    row.put("is_sum", min(len(pairs), 4))
    row.put("is_sum_of_usual", min(len(usual), 3))
    wholes = [
        whole
        for whole in sums.positive
        if size and whole > size + ROUNDING and whole - size in sums.values
    ]
    as_net = [whole for whole in wholes if rates.is_usual_rate(size, whole - size)]
    as_vat = [whole for whole in wholes if rates.is_usual_rate(whole - size, size)]
    row.put("is_part_of", min(len(wholes), 4))
    row.put("net_of_usual", min(len(as_net), 3))
    row.put("vat_of_usual", min(len(as_vat), 3))
    row.put("of_largest", float(min(size / sums.largest, Decimal(1))))
    row.put("is_largest", size == sums.largest)
    row.put("is_second", len(sums.positive) > 1 and size == sums.positive[1])
    row.put("is_zero", not value)
    row.put("is_negative", value < 0)
    row.put("is_goods", bool(sums.goods) and abs(sums.goods - size) <= SLACK)
    row.put("has_goods", bool(sums.goods))
    bases = [each.base for each in sums.rows if each.base is not None]
    parts = [each.amount for each in sums.rows if each.amount is not None]
    row.put("is_base", value in bases)
    row.put("is_bases", bool(bases) and abs(sum(bases, _ZERO) - value) <= SLACK)
    row.put("is_rate_vat", value in parts)
    row.put("is_rate_vats", bool(parts) and abs(sum(parts, _ZERO) - value) <= SLACK)
    row.put("rates", min(len(sums.rows), 4))
    row.put("rounded", any(o.is_rounding and value - o.value in sums.values for o in found))
    row.put("five_cents", value % ROUNDING == 0)
    cash = [o.value for o in found if o.is_cash]
    change = [o.value for o in found if o.is_change]
    row.put("cash_less_change", any(a - b == value for a in cash for b in change))
    row.put("values", min(len(sums.positive), 40))


def _goods(facts: Facts) -> Decimal:
    """The last money figure of each table line added up; nought when there is no table."""
    last: dict[int, Decimal] = {}
    for amount in facts.amounts:
        if id(amount.line) in facts.table_lines and amount.is_money and amount.decimals == 2:
            last[id(amount.line)] = amount.value
    return sum(last.values(), _ZERO)
