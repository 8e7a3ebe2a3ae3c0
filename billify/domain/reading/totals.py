"""Net, VAT and gross: the labelled amounts that agree with each other best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billify.domain.reading import rates
from billify.domain.reading.candidates import KINDS, ROUNDING, Candidate, Pick, candidates
from billify.domain.reading.facts import Facts
from billify.domain.reading.rates import RateRow

_MOST = 14
"""Values per kind that are weighed against each other."""


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
    found = candidates(facts)
    rows = list(rates.rate_rows(facts))
    rates.support_by_rows(found, rows)
    chosen = max(_choices(found), key=lambda choice: choice.score, default=None)
    if chosen is None:
        return Totals(None, None, None, (), None, ())
    picks = {kind: _pick(chosen.of(kind), kind) for kind in KINDS}
    rows_kept = rates.agreeing_rows(rows, picks["net"], picks["vat"], facts)
    vat = picks["vat"] or rates.vat_of_rows(rows_kept, picks["net"], picks["gross"])
    return Totals(
        picks["net"],
        vat,
        picks["gross"],
        tuple(rows_kept),
        _adds_up(picks["net"], vat, picks["gross"], _extras(found)),
        tuple(_runners_up(found, picks["gross"])),
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    gross: Candidate | None
    net: Candidate | None
    vat: Candidate | None
    score: float

    def of(self, kind: str) -> Candidate | None:
        return {"gross": self.gross, "net": self.net, "vat": self.vat}[kind]


def _choices(found: Sequence[Candidate]) -> Iterator[_Choice]:
    best = {kind: _best(found, kind) for kind in KINDS}
    lowest = max((one.amounts[0].line.y0 for one in found if one.amounts), default=0.0)
    by_value = {one.value: one for one in found}
    extras = _extras(found)
    for gross in best["gross"]:
        alone = _alone(gross, found, lowest)
        yield _Choice(gross, None, None, alone)
        nets: list[Candidate | None] = [None, *best["net"]]
        vats: list[Candidate | None] = [None, *best["vat"]]
        pairs = [(net, vat) for net in nets for vat in vats if net or vat]
        # One of the two may stand there under no label, or one that we do not know.
        pairs += [(net, _rest(by_value, gross, net)) for net in best["net"]]
        pairs += [(_rest(by_value, gross, vat), vat) for vat in best["vat"] if vat.value]
        for net, vat in pairs:
            yield _Choice(gross, net, vat, alone + _together(gross, net, vat, extras))


def _rest(
    by_value: dict[Decimal, Candidate], gross: Candidate, part: Candidate
) -> Candidate | None:
    """What is missing to the gross amount, if it is printed and not known as something else."""
    rest = by_value.get(gross.value - part.value)
    return rest if rest is not None and not rest.against else None


def _extras(found: Sequence[Candidate]) -> frozenset[Decimal]:
    """Shipping, discounts and costs without VAT may stand between net and gross."""
    return frozenset(
        abs(one.value)
        for one in found
        if one.value and (one.against or not any(one.scores[kind] > 0.5 for kind in KINDS))
    )


def _best(found: Sequence[Candidate], kind: str) -> list[Candidate]:
    labelled = [one for one in found if one.scores[kind] > 0.12]
    labelled.sort(key=lambda one: -one.scores[kind])
    if kind == "gross":
        printed = [one for one in found if one.amounts]
        large = sorted(printed, key=lambda one: -abs(one.value))[:4]
        labelled += [one for one in large if one not in labelled]
    return labelled[:_MOST]


def _alone(gross: Candidate, found: Sequence[Candidate], lowest: float) -> float:
    score = 1.2 * gross.scores["gross"]
    if _is_after_rounding(gross, found):
        score += 1.4
    else:
        score -= 0.8 * gross.scores["not_total"]
    score += 0.1 * min(len(gross.amounts) - 1, 3)
    if _is_cash_less_change(gross, found):
        score += 0.9
    shown = gross.shown.get("gross")
    amount = shown[0] if shown else gross.amounts[-1]
    score += 0.1 * amount.line.y0 / max(lowest, 1.0)
    score += 0.15 * amount.cell.size / max(one.amounts[0].cell.size for one in found if one.amounts)
    if gross.value == 0:
        score -= 0.6
    if any(_is_rounded_from(one, gross) for one in found):
        score += 0.45
    largest = max(abs(one.value) for one in found)
    return score + (0.15 if abs(gross.value) == largest else 0.0)


def _is_after_rounding(gross: Candidate, found: Sequence[Candidate]) -> bool:
    """A total and the printed rounding give this value, perhaps only shown as cash paid."""
    totals_shown = {one.value for one in found if one.scores["gross"] > 0.5}
    return any(one.is_rounding and gross.value - one.value in totals_shown for one in found)


def _is_cash_less_change(gross: Candidate, found: Sequence[Candidate]) -> bool:
    """What was handed over less what came back is what was paid."""
    paid = [one.value for one in found if one.is_cash]
    back = [one.value for one in found if one.is_change]
    return bool(gross.value) and any(a - b == gross.value for a in paid for b in back)


def _is_rounded_from(exact: Candidate, gross: Candidate) -> bool:
    """Tills print the exact total and, below it, the one rounded to five cents."""
    if not 0 < abs(exact.value - gross.value) <= ROUNDING or gross.value % ROUNDING:
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
        if abs(net.value) > abs(gross.value) + ROUNDING:
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
    if vat.value and rates.is_usual_rate(net.value, vat.value):
        score += 0.35
    if off <= rates.SLACK:
        score += 1.45 if vat.value else 0.35 + 0.3 * vat.scores["vat"]
    elif off <= ROUNDING or (
        off in extras and off not in (vat.value, net.value) and gross.scores["gross"] > 0.3
    ):
        score += 0.7
    return score


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
    return off <= ROUNDING or (off in extras and gross.score > 0.5)


def _runners_up(found: Sequence[Candidate], gross: Pick | None) -> Iterator[Pick]:
    ranked = sorted(found, key=lambda one: -one.scores["gross"])
    for one in ranked[:4]:
        if one.scores["gross"] > 0.2 and (gross is None or one.value != gross.value):
            pick = _pick(one, "gross")
            if pick is not None:
                yield pick
