"""VAT by rate: lines where a rate, its base and its VAT are in proportion."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from billify.domain.reading.amounts import Amount
from billify.domain.reading.candidates import Candidate, Pick
from billify.domain.reading.facts import Facts
from billify.domain.reading.layout import Line

SLACK = Decimal("0.02")
_RATE_LIST = "21 12 6 20 10 5.5 2.1 19 7 9 23 13 22 4 5 8.1 7.7 2.6 25 24 17 16 18 8 14 15 3"
_RATES = frozenset(Decimal(rate) for rate in _RATE_LIST.split())


@dataclass(frozen=True, slots=True)
class RateRow:
    """One rate with its base and VAT."""

    rate: Decimal
    base: Decimal | None
    amount: Decimal | None
    line: Line | None


def rate_rows(facts: Facts) -> Iterator[RateRow]:
    """Lines that hold a rate, its base and its VAT in proportion; or a rate and its VAT."""
    by_line: dict[int, list[Amount]] = defaultdict(list)
    for amount in facts.amounts:
        by_line[id(amount.line)].append(amount)
    seen: set[tuple[Decimal, Decimal]] = set()
    for numbers in by_line.values():
        line = numbers[0].line
        if id(line) in facts.table_lines:
            continue
        row = _proportional(numbers, line) or _rate_and_vat(numbers, line, facts)
        if row is not None and row.amount is not None and (row.rate, row.amount) not in seen:
            seen.add((row.rate, row.amount))
            yield row


def _proportional(numbers: list[Amount], line: Line) -> RateRow | None:
    money = [amount for amount in numbers if amount.is_money]
    for rate in numbers:
        if not (rate.is_percent or rate.value in _RATES) or not 0 < rate.value <= 30:
            continue
        for base in money:
            for vat in money:
                if rate in (base, vat) or base is vat or not vat.value:
                    continue
                if abs(base.value * rate.value / 100 - vat.value) <= SLACK:
                    return RateRow(_plain(rate.value), base.value, vat.value, line)
    return None


def _rate_and_vat(numbers: list[Amount], line: Line, facts: Facts) -> RateRow | None:
    rates = [amount for amount in numbers if amount.is_percent and 0 <= amount.value <= 30]
    money = [amount for amount in numbers if amount.is_money and not amount.is_percent]
    clues = facts.clues_of_line.get(id(line), [])
    if len(rates) != 1 or not money or not any("vat" in clue.names for clue in clues):
        return None
    return RateRow(_plain(rates[0].value), None, money[-1].value, line)


def _plain(rate: Decimal) -> Decimal:
    return rate.normalize() if rate != rate.to_integral() else rate.quantize(Decimal(1))


def support_by_rows(candidates: list[Candidate], rows: list[RateRow]) -> None:
    """Bases and VAT amounts of the summary speak for the net and VAT totals."""
    whole = [row for row in rows if row.base is not None and row.amount is not None]
    if not whole:
        return
    nets = {sum((row.base for row in whole if row.base), Decimal(0))} | {
        row.base for row in whole if row.base
    }
    vats = {sum((row.amount for row in whole if row.amount), Decimal(0))} | {
        row.amount for row in whole if row.amount
    }
    if len(whole) > 1:
        _add_sum(candidates, "vat", [row.amount for row in whole])
        _add_sum(candidates, "net", [row.base for row in whole])
    for one in candidates:
        if one.value in nets:
            one.scores["net"] = max(one.scores["net"], 0.55)
        if one.value in vats:
            one.scores["vat"] = max(one.scores["vat"], 0.55)


def _add_sum(candidates: list[Candidate], kind: str, parts: Sequence[Decimal | None]) -> None:
    """The sum of a column that the page itself does not sum up."""
    total = sum((part for part in parts if part), Decimal(0))
    if all(one.value != total for one in candidates):
        candidates.append(Candidate(total, scores=defaultdict(float, {kind: 0.55})))


def agreeing_rows(
    rows: list[RateRow], net: Pick | None, vat: Pick | None, facts: Facts
) -> list[RateRow]:
    """The rows whose VAT sums to the total VAT, with bases filled in where one rate is alone."""
    if vat is not None and not vat.value and net is not None and _prints_zero_rate(facts):
        return [RateRow(Decimal(0), net.value, vat.value, vat.amount.line if vat.amount else None)]
    if vat is None:
        return [row for row in rows if row.base is not None]
    for group in ([row for row in rows if row.base is not None], rows):
        total = sum((row.amount or Decimal(0) for row in group), Decimal(0))
        if group and abs(total - vat.value) <= SLACK:
            return _with_bases(group, net)
    single = [row for row in rows if row.amount == vat.value]
    if single:
        return _with_bases(single[:1], net)
    if net is not None and vat.value and (rate := _printed_rate(net, vat, facts)):
        return [RateRow(rate, net.value, vat.value, vat.amount.line if vat.amount else None)]
    return []


def _prints_zero_rate(facts: Facts) -> bool:
    return any(amount.is_percent and not amount.value for amount in facts.amounts)


def _with_bases(rows: list[RateRow], net: Pick | None) -> list[RateRow]:
    if len(rows) == 1 and rows[0].base is None and net is not None:
        row = rows[0]
        return [RateRow(row.rate, net.value, row.amount, row.line)]
    return rows


def _printed_rate(net: Pick, vat: Pick, facts: Facts) -> Decimal | None:
    for amount in facts.amounts:
        if amount.is_percent and abs(net.value * amount.value / 100 - vat.value) <= SLACK:
            return _plain(amount.value)
    return None


def vat_of_rows(rows: list[RateRow], net: Pick | None, gross: Pick | None) -> Pick | None:
    """The sum of the VAT by rate, when several rates have no printed sum."""
    if len(rows) < 2 or net is None or gross is None:
        return None
    total = sum((row.amount or Decimal(0) for row in rows), Decimal(0))
    if abs(net.value + total - gross.value) > SLACK:
        return None
    return Pick(total, None, "", 0.6)


@lru_cache(maxsize=4096)
def is_usual_rate(net: Decimal, vat: Decimal) -> bool:
    """The VAT is what one of Europe's rates makes of the net amount."""
    if not net:
        return False
    return any(abs(net * rate / 100 - vat) <= SLACK for rate in _RATES)
