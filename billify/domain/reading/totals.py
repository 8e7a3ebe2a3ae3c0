"""Net, VAT and gross: the likely amounts that agree with each other best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billify.domain.reading import described_amounts, rates, trees
from billify.domain.reading.candidates import KINDS, ROUNDING, Candidate, Pick, candidates
from billify.domain.reading.facts import Facts
from billify.domain.reading.rates import RateRow
from billify.domain.reading.settlement import PAID

_MOST = 8
"""Values per kind that are weighed against each other."""
_NEVER_SURE = 0.002
"""No chance of an amount counts as nearer to 0 or 1, or one sure amount would outweigh any sum."""
_HARDLY = 0.002
"""A value less likely than this is weighed only where the others' sum asks for it."""
_FIELDS = {"net": "net_amount", "vat": "vat_amount", "gross": "gross_amount"}
_LEAST = {"net": 0.4, "vat": 0.4, "gross": 0.04}
"""An amount less likely than this is left out, unless the sum asks for it."""
_SUM = 3.0
"""What it is worth, in odds, that net and VAT make the gross amount."""
_ROWS = 6.0
"""What it is worth that the rates of a VAT table, summed, make the gross amount."""
_NEAR_SUM = 1.2
_PAID = 3.0
"""What it is worth that cash less change, or the rounding printed, gives the gross amount."""
_NOTHING = 1.0
"""What it costs that the total would be nothing: mostly that is what is left to pay."""
_LEFT = 2.0
"""What it is worth that the page prints what is left of it after what was paid already."""
_USUAL = 0.8
"""What it is worth that the VAT is one of Europe's rates of the net amount."""


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
    is_exact: bool = False
    """Net and VAT make the gross amount to the cent."""
    parts: frozenset[Decimal] = frozenset()
    """Every value that a label calls a net amount or a sum, for lines to add up to."""


@dataclass(slots=True, eq=False)
class _Scored:
    """A candidate with its chance 0..1 of being each total."""

    candidate: Candidate
    chances: dict[str, float]

    @property
    def value(self) -> Decimal:
        return self.candidate.value


def totals(facts: Facts) -> Totals:
    """The best-agreeing choice of net, VAT and gross, and the VAT by rate."""
    found = candidates(facts)
    rows = list(rates.rate_rows(facts))
    rates.support_by_rows(found, rows)
    scored = _scored(facts, found, rows)
    chosen = max(_choices(scored), key=lambda choice: choice.score, default=None)
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
        tuple(_runners_up(scored, picks["gross"])),
        _is_exact(picks["net"], vat, picks["gross"]),
        frozenset(one.value for one in found if max(one.scores["net"], one.scores["gross"]) > 0.5),
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    gross: _Scored
    net: _Scored | None
    vat: _Scored | None
    score: float

    def of(self, kind: str) -> _Scored | None:
        return {"gross": self.gross, "net": self.net, "vat": self.vat}[kind]


def _scored(facts: Facts, found: Sequence[Candidate], rows: Sequence[RateRow]) -> list[_Scored]:
    if not any(one.amounts for one in found):
        return []
    matrix = trees.matrix(described_amounts.rows(facts, found, rows))
    chances = {kind: trees.chances(field, matrix) for kind, field in _FIELDS.items()}
    return [
        _Scored(one, {kind: float(chances[kind][at]) for kind in KINDS})
        for at, one in enumerate(found)
    ]


def _choices(scored: Sequence[_Scored]) -> Iterator[_Choice]:
    best = {kind: _best(scored, kind) for kind in KINDS}
    by_value = {one.value: one for one in scored}
    extras = _extras([one.candidate for one in scored])
    for gross in best["gross"]:
        alone = _worth("gross", gross) + _till(gross, scored)
        alone -= 0 if gross.value else _NOTHING
        exact = _before_rounding(gross, scored)
        yield _Choice(gross, None, None, alone)
        pairs = [(net, vat) for net in (None, *best["net"]) for vat in (None, *best["vat"])]
        # One of the two may stand there under no label, or one that we do not know.
        pairs += [(net, by_value.get(gross.value - net.value)) for net in best["net"]]
        pairs += [(by_value.get(gross.value - vat.value), vat) for vat in best["vat"] if vat.value]
        for net, vat in pairs:
            if net is not None or vat is not None:
                score = alone + _worth("net", net) + _worth("vat", vat)
                yield _Choice(gross, net, vat, score + _together(gross, net, vat, exact, extras))


def _till(gross: _Scored, scored: Sequence[_Scored]) -> float:
    """What a till's own arithmetic says: cash less change, or a total and its printed rounding."""
    found = [one.candidate for one in scored]
    if _is_paid(gross, found):
        near = [one for one in scored if abs(one.value - gross.value) <= ROUNDING]
        return max(_worth("gross", one) for one in near) - _worth("gross", gross) + _PAID
    values = {one.value for one in found}
    before = [one.value for one in found if one.value and one.against in PAID]
    if any(gross.value - a in values and gross.value not in (a, 2 * a) for a in before):
        return _LEFT
    # A printed rounding makes the rounded value as likely as the exact one, and rather it.
    exact = _before_rounding(gross, scored)
    return max((_worth("gross", other) - _worth("gross", gross) + 1 for other in exact), default=0)


def _is_paid(gross: _Scored, found: Sequence[Candidate]) -> bool:
    """Is it what was handed over less what came back? To the five cents of a till, that is."""
    paid = [one.value for one in found if one.is_cash]
    back = [one.value for one in found if one.is_change]
    return bool(gross.value) and any(a - b == gross.value for a in paid for b in back if a != b)


def _before_rounding(gross: _Scored, scored: Sequence[_Scored]) -> list[_Scored]:
    """The totals on the page that a rounding on the page makes this one."""
    roundings = [one.value for one in scored if one.candidate.is_rounding]
    return [one for one in scored if any(one.value + by == gross.value for by in roundings)]


def _best(scored: Sequence[_Scored], kind: str) -> list[_Scored]:
    ranked = sorted(scored, key=lambda one: -one.chances[kind])[:_MOST]
    return [one for at, one in enumerate(ranked) if at == 0 or one.chances[kind] > _HARDLY]


def _worth(kind: str, one: _Scored | None) -> float:
    """What naming it is worth against leaving it out, in odds."""
    return _odds(one.chances[kind]) - _odds(_LEAST[kind]) if one is not None else 0.0


def _odds(chance: float) -> float:
    return trees.odds(chance, margin=_NEVER_SURE)


def _together(
    gross: _Scored,
    net: _Scored | None,
    vat: _Scored | None,
    exact: Sequence[_Scored],
    extras: frozenset[Decimal],
) -> float:
    score = 0.0
    if net is not None and abs(net.value) > abs(gross.value) + ROUNDING:
        score -= 1.0
    if vat is not None and (vat is gross or abs(vat.value) >= abs(gross.value) > 0):
        score -= 4.0
    if vat is not None and vat.value and not gross.value:
        score -= 4.0
    if net is None or vat is None:
        return score
    if vat.value and abs(vat.value) > Decimal("0.35") * abs(net.value):
        score -= 3.0
    offs = {abs(net.value + vat.value - one.value) for one in (gross, *exact)}
    if vat.value and rates.is_usual_rate(net.value, vat.value):
        score += _USUAL
    if min(offs) <= rates.SLACK:
        # Sums that the page itself does not print are those of its VAT table: nothing else fits.
        from_rows = not net.candidate.amounts and not vat.candidate.amounts
        return score + (_SUM if vat.value else 0.5) + (_ROWS if from_rows else 0.0)
    if min(offs) <= ROUNDING or (offs & extras) - {vat.value, net.value}:
        return score + _NEAR_SUM
    return score - _NEAR_SUM


def _extras(found: Sequence[Candidate]) -> frozenset[Decimal]:
    """Shipping, discounts and costs without VAT may stand between net and gross."""
    return frozenset(
        abs(one.value)
        for one in found
        if one.value
        and one.against not in PAID
        and (one.against or not any(one.scores[kind] > 0.5 for kind in KINDS))
    )


def _pick(scored: _Scored | None, kind: str) -> Pick | None:
    if scored is None:
        return None
    candidate = scored.candidate
    shown = candidate.shown.get(kind)
    last = candidate.amounts[-1] if candidate.amounts else None
    amount = shown[0] if shown else last
    label = shown[1].text if shown else ""
    return Pick(candidate.value, amount, label, scored.chances[kind])


def _adds_up(
    net: Pick | None, vat: Pick | None, gross: Pick | None, extras: frozenset[Decimal]
) -> bool | None:
    if net is None or vat is None or gross is None:
        return None
    off = abs(net.value + vat.value - gross.value)
    if off and off in (abs(vat.value), abs(net.value)):
        return False
    return off <= ROUNDING or (off in extras and gross.score > 0.5)


def _is_exact(net: Pick | None, vat: Pick | None, gross: Pick | None) -> bool:
    if net is None or vat is None or gross is None:
        return False
    return net.value + vat.value == gross.value


def _runners_up(scored: Sequence[_Scored], gross: Pick | None) -> Iterator[Pick]:
    ranked = sorted(scored, key=lambda one: -one.chances["gross"])
    for one in ranked[:4]:
        if one.chances["gross"] > 0.02 and (gross is None or one.value != gross.value):
            pick = _pick(one, "gross")
            if pick is not None:
                yield pick
