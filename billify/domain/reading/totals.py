"""Net, VAT and gross: the labelled amounts that agree with each other best."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from billify.domain.reading.amounts import Amount
from billify.domain.reading.clues import Clue
from billify.domain.reading.facts import Facts
from billify.domain.reading.layout import Line

_SLACK = Decimal("0.02")
_ROUNDING = Decimal("0.05")
_RATE_LIST = "21 12 6 20 10 5.5 2.1 19 7 9 23 13 22 4 5 8.1 7.7 2.6 25 24 17 16 18 8 14 15 3"
_RATES = frozenset(Decimal(rate) for rate in _RATE_LIST.split())
_ROUNDINGS = frozenset(["rounding", "rounding adjustment", "afronding", "arrondi", "rundung"])
_KINDS = ("net", "vat", "gross")
_SHORT = 7
"""A cell of more words is a sentence."""
_MOST = 14
"""Values per kind that are weighed against each other."""


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
        return bool(self.value) and abs(self.value) <= _ROUNDING and "rounding" in self.against


@dataclass(frozen=True, slots=True)
class Pick:
    """The value chosen for one total."""

    value: Decimal
    amount: Amount | None
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class RateRow:
    """One rate with its base and VAT."""

    rate: Decimal
    base: Decimal | None
    amount: Decimal | None
    line: Line | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What was chosen and whether it adds up."""

    net: Pick | None
    vat: Pick | None
    gross: Pick | None
    rows: tuple[RateRow, ...]
    adds_up: bool | None
    """None when there is too little to check."""
    runners_up: tuple[Pick, ...]
    """Other values that could be the gross amount."""


def totals(facts: Facts) -> Totals:
    """The best-agreeing choice of net, VAT and gross, and the VAT by rate."""
    candidates = _candidates(facts)
    rows = list(_rate_rows(facts))
    _support_by_rows(candidates, rows)
    chosen = max(_choices(candidates), key=lambda choice: choice.score, default=None)
    if chosen is None:
        return Totals(None, None, None, (), None, ())
    picks = {kind: _pick(chosen.of(kind), kind) for kind in _KINDS}
    rows_kept = _agreeing_rows(rows, picks["net"], picks["vat"], facts)
    vat = picks["vat"] or _vat_of_rows(rows_kept, picks["net"], picks["gross"])
    return Totals(
        picks["net"],
        vat,
        picks["gross"],
        tuple(rows_kept),
        _adds_up(picks["net"], vat, picks["gross"], _extras(candidates)),
        tuple(_runners_up(candidates, picks["gross"])),
    )


def _candidates(facts: Facts) -> list[Candidate]:
    money = _money(facts)
    found: dict[Decimal, Candidate] = {}
    accept = partial(_may_label_a_total, facts)
    linked = {
        kind: facts.linked(kind, money, accept=accept, adjust=partial(_rightmost, facts))
        for kind in (*_KINDS, "not_total")
    }
    for amount in money:
        candidate = found.setdefault(amount.value, Candidate(amount.value))
        candidate.amounts.append(amount)
        against, other = linked["not_total"].get(id(amount), (0.0, None))
        if other is not None and against > 0.4:
            candidate.against = "rounding" if other.phrase in _ROUNDINGS else other.phrase
        for kind in _KINDS:
            if id(amount) not in linked[kind]:
                continue
            score, clue = linked[kind][id(amount)]
            score *= 0.25 if against > score + 0.05 else 1.0
            score *= 0.5 if id(amount.line) in facts.table_lines else 1.0
            if score > candidate.scores[kind]:
                candidate.scores[kind] = score
                candidate.shown[kind] = (amount, clue)
        if against > 0.5 and not any(candidate.scores[kind] > against for kind in _KINDS):
            candidate.scores["not_total"] = max(candidate.scores["not_total"], against)
    return list(found.values())


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


@dataclass(frozen=True, slots=True)
class _Choice:
    gross: Candidate | None
    net: Candidate | None
    vat: Candidate | None
    score: float

    def of(self, kind: str) -> Candidate | None:
        return {"gross": self.gross, "net": self.net, "vat": self.vat}[kind]


def _choices(candidates: Sequence[Candidate]) -> Iterator[_Choice]:
    best = {kind: _best(candidates, kind) for kind in _KINDS}
    lowest = max((one.amounts[0].line.y0 for one in candidates if one.amounts), default=0.0)
    by_value = {one.value: one for one in candidates}
    extras = _extras(candidates)
    for gross in best["gross"]:
        alone = _alone(gross, candidates, lowest)
        yield _Choice(gross, None, None, alone)
        for net in [None, *best["net"]]:
            for vat in [None, *best["vat"]]:
                if net is None and vat is None:
                    continue
                score = alone + _together(gross, net, vat, extras)
                yield _Choice(gross, net, vat, score)
            # The VAT or net may stand there without any label that we know.
            rest = by_value.get(gross.value - net.value) if net is not None else None
            if rest is not None and not rest.against:
                yield _Choice(gross, net, rest, alone + _together(gross, net, rest, extras))


def _extras(candidates: Sequence[Candidate]) -> frozenset[Decimal]:
    """Shipping, discounts and costs without VAT may stand between net and gross."""
    return frozenset(
        abs(one.value)
        for one in candidates
        if one.value and (one.against or not any(one.scores[kind] > 0.5 for kind in _KINDS))
    )


def _best(candidates: Sequence[Candidate], kind: str) -> list[Candidate]:
    labelled = [one for one in candidates if one.scores[kind] > 0.12]
    labelled.sort(key=lambda one: -one.scores[kind])
    if kind == "gross":
        printed = [one for one in candidates if one.amounts]
        large = sorted(printed, key=lambda one: -abs(one.value))[:4]
        labelled += [one for one in large if one not in labelled]
    return labelled[:_MOST]


def _alone(gross: Candidate, candidates: Sequence[Candidate], lowest: float) -> float:
    score = 1.2 * gross.scores["gross"]
    if _is_after_rounding(gross, candidates):
        score += 1.4
    else:
        score -= 0.8 * gross.scores["not_total"]
    score += 0.06 * min(len(gross.amounts) - 1, 3)
    shown = gross.shown.get("gross")
    amount = shown[0] if shown else gross.amounts[-1]
    score += 0.1 * amount.line.y0 / max(lowest, 1.0)
    score += (
        0.15 * amount.cell.size / max(one.amounts[0].cell.size for one in candidates if one.amounts)
    )
    if gross.value == 0:
        score -= 0.6
    if any(_is_rounded_from(one, gross) for one in candidates):
        score += 0.45
    largest = max(abs(one.value) for one in candidates)
    return score + (0.15 if abs(gross.value) == largest else 0.0)


def _is_after_rounding(gross: Candidate, candidates: Sequence[Candidate]) -> bool:
    """A total and the printed rounding give this value, perhaps only shown as cash paid."""
    totals_shown = {one.value for one in candidates if one.scores["gross"] > 0.5}
    return any(one.is_rounding and gross.value - one.value in totals_shown for one in candidates)


def _is_rounded_from(exact: Candidate, gross: Candidate) -> bool:
    """Tills print the exact total and, below it, the one rounded to five cents."""
    if not 0 < abs(exact.value - gross.value) <= _ROUNDING or gross.value % _ROUNDING:
        return False
    if exact.scores["gross"] < 0.3 or gross.scores["gross"] < 0.3:
        return False
    return gross.amounts[-1].line.y0 > exact.amounts[0].line.y0


def _together(
    gross: Candidate,
    net: Candidate | None,
    vat: Candidate | None,
    extras: frozenset[Decimal],
) -> float:
    score = 0.0
    if net is not None:
        score += 0.6 * net.scores["net"] - 0.1
        if abs(net.value) > abs(gross.value) + _ROUNDING:
            score -= 0.15
    if vat is not None:
        score += 0.6 * vat.scores["vat"] - 0.1
        if vat is gross or (abs(vat.value) >= abs(gross.value) != 0):
            score -= 1.0
    if net is None or vat is None:
        return score
    score -= 0.2
    off = abs(net.value + vat.value - gross.value)
    if abs(vat.value) > Decimal("0.35") * abs(net.value) and vat.value:
        score -= 0.9
    if off <= _SLACK:
        score += 1.2 if vat.value else 0.35 + 0.3 * vat.scores["vat"]
        score += 0.35 if vat.value and _usual_rate(net.value, vat.value) else 0.0
    elif off <= _ROUNDING or (
        off in extras and off not in (vat.value, net.value) and gross.scores["gross"] > 0.3
    ):
        score += 0.7
    return score


def _usual_rate(net: Decimal, vat: Decimal) -> bool:
    if not net:
        return False
    return any(abs(net * rate / 100 - vat) <= _SLACK for rate in _RATES)


def _pick(candidate: Candidate | None, kind: str) -> Pick | None:
    if candidate is None:
        return None
    shown = candidate.shown.get(kind)
    last = candidate.amounts[-1] if candidate.amounts else None
    amount = shown[0] if shown else last
    return Pick(candidate.value, amount, shown[1].text if shown else "", candidate.scores[kind])


def _adds_up(
    net: Pick | None, vat: Pick | None, gross: Pick | None, extras: frozenset[Decimal]
) -> bool | None:
    if net is None or vat is None or gross is None:
        return None
    off = abs(net.value + vat.value - gross.value)
    if off and off in (abs(vat.value), abs(net.value)):
        return False
    return off <= _ROUNDING or (off in extras and gross.score > 0.5)


def _runners_up(candidates: Sequence[Candidate], gross: Pick | None) -> Iterator[Pick]:
    ranked = sorted(candidates, key=lambda one: -one.scores["gross"])
    for one in ranked[:4]:
        if one.scores["gross"] > 0.2 and (gross is None or one.value != gross.value):
            pick = _pick(one, "gross")
            if pick is not None:
                yield pick


def _rate_rows(facts: Facts) -> Iterator[RateRow]:
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
                if abs(base.value * rate.value / 100 - vat.value) <= _SLACK:
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


def _support_by_rows(candidates: list[Candidate], rows: list[RateRow]) -> None:
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
    if len(whole) > 1 and len(rows) > 1:
        summed = sum((row.amount for row in whole if row.amount), Decimal(0))
        if all(one.value != summed for one in candidates):
            candidates.append(Candidate(summed, scores=defaultdict(float, vat=0.55)))
    for one in candidates:
        if one.value in nets:
            one.scores["net"] = max(one.scores["net"], 0.55)
        if one.value in vats:
            one.scores["vat"] = max(one.scores["vat"], 0.55)


def _agreeing_rows(
    rows: list[RateRow], net: Pick | None, vat: Pick | None, facts: Facts
) -> list[RateRow]:
    """The rows whose VAT sums to the total VAT, with bases filled in where one rate is alone."""
    if vat is not None and not vat.value and net is not None and _prints_zero_rate(facts):
        return [RateRow(Decimal(0), net.value, vat.value, vat.amount.line if vat.amount else None)]
    if vat is None:
        return [row for row in rows if row.base is not None]
    for group in ([row for row in rows if row.base is not None], rows):
        total = sum((row.amount or Decimal(0) for row in group), Decimal(0))
        if group and abs(total - vat.value) <= _SLACK:
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
        if amount.is_percent and abs(net.value * amount.value / 100 - vat.value) <= _SLACK:
            return _plain(amount.value)
    return None


def _vat_of_rows(rows: list[RateRow], net: Pick | None, gross: Pick | None) -> Pick | None:
    """The sum of the VAT by rate, when several rates have no printed sum."""
    if len(rows) < 2 or net is None or gross is None:
        return None
    total = sum((row.amount or Decimal(0) for row in rows), Decimal(0))
    if abs(net.value + total - gross.value) > _SLACK:
        return None
    return Pick(total, None, "", 0.6)
