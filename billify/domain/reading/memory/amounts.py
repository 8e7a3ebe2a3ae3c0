"""Net, VAT and gross by their places together with their sum."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations, product

from billify.domain.reading.memory.spans import Span
from billify.domain.reading.reading import Field, VatRow

NAMES = ("net_amount", "vat_amount", "gross_amount")
_ROUNDING = Decimal("0.05")
_TRIED = 4
_ENOUGH = 0.3
_STAND_IN = 0.3
_WELL = 0.55
_MOST_VAT = Decimal("0.3")
"""No rate of VAT is higher."""
_SURE = 0.9
_GIVEN_UP = 0.5
"""So much of the places' score may be given up for amounts that add up."""

Ranked = Mapping[str, Sequence[tuple[float, Span]]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The places chosen, and whether they add up (None: not all three are known)."""

    spans: dict[str, tuple[float, Span]] = field(default_factory=dict)
    adds_up: bool | None = None


def chosen(ranked: Ranked, read: Mapping[str, Field], flipped: AbstractSet[str]) -> Choice:
    """The best places, those that add up first; none that would break a sum that was right."""
    good = {
        name: [_signed(one, name in flipped) for one in found[:_TRIED] if one[0] >= _ENOUGH]
        for name, found in ranked.items()
    }
    good = {name: found for name, found in good.items() if found}
    best = {name: found[0] for name, found in good.items()}
    summed = _summed(good, read)
    if summed is not None and _worth(best) - _worth(summed) <= _GIVEN_UP:
        stood_in = [read[name].confidence for name in NAMES if name not in summed]
        return Choice(summed, adds_up=True if min(stood_in, default=1.0) >= _SURE else None)
    if adds_up(read) and not adds_up(_with(read, best)):
        kept = {
            name: pair for name, found in good.items() for pair in found
            if name in read and abs(Decimal(pair[1].value)) == abs(Decimal(read[name].value))
        }  # fmt: skip
        return Choice(kept, adds_up=True if len(kept) == len(good) else None)
    return Choice(best, adds_up(_with(read, best)))


def between(choice: Choice, rows: Sequence[VatRow]) -> tuple[str, bool] | None:
    """(VAT as gross less net, whether the rows of rates sum to it) of two places well found."""
    net, gross = choice.spans.get("net_amount"), choice.spans.get("gross_amount")
    if net is None or gross is None or min(net[0], gross[0]) < _WELL:
        return None
    vat = Decimal(gross[1].value) - Decimal(net[1].value)
    if not 0 < abs(vat) < _MOST_VAT * abs(Decimal(net[1].value)):
        return None
    total = sum((row.amount for row in rows if row.amount is not None), Decimal(0))
    return format(vat, "f"), abs(total - vat) <= _ROUNDING


def adds_up(read: Mapping[str, Field]) -> bool | None:
    """Net and VAT make gross; None when one of the three is not known."""
    if not all(name in read for name in NAMES):
        return None
    net, vat, gross = (Decimal(read[name].value) for name in NAMES)
    return abs(net + vat - gross) <= _ROUNDING


def _summed(
    good: Mapping[str, Sequence[tuple[float, Span]]], read: Mapping[str, Field]
) -> dict[str, tuple[float, Span]] | None:
    """The places that add up best; where one is missing, what was read may stand in for it."""
    offered: list[Sequence[tuple[float, Span | None, Decimal]]] = []
    for name in NAMES:
        found = list(good.get(name, ()))
        found += _together(found) if name == "vat_amount" else []
        places = [(score, span, Decimal(span.value)) for score, span in found]
        if name in read and not any(value == Decimal(read[name].value) for _, _, value in places):
            own = (_STAND_IN * read[name].confidence, None, Decimal(read[name].value))
            offered.append([*places, own])
        else:
            offered.append(places)
    best: tuple[float, dict[str, tuple[float, Span]]] | None = None
    for combination in product(*offered):
        if not _is_sum(*(value for _, _, value in combination)):
            continue
        worth = sum(score for score, _, _ in combination)
        if best is None or worth > best[0]:
            named = zip(NAMES, combination, strict=True)
            best = worth, {name: (score, span) for name, (score, span, _) in named if span}
    return best[1] if best else None


def _together(found: Sequence[tuple[float, Span]]) -> list[tuple[float, Span]]:
    """VAT printed by rate, added up: two or three places that fit about as well."""
    return [
        (
            0.95 * min(score for score, _ in some),
            replace(some[0][1], value=format(sum(Decimal(one.value) for _, one in some), "f")),
        )
        for count in (2, 3)
        for some in combinations(found, count)
    ]


def _is_sum(net: Decimal, vat: Decimal, gross: Decimal) -> bool:
    return abs(net + vat - gross) <= _ROUNDING


def _worth(spans: Mapping[str, tuple[float, Span]]) -> float:
    return sum(score for score, _ in spans.values())


def _with(read: Mapping[str, Field], best: Mapping[str, tuple[float, Span]]) -> dict[str, Field]:
    found = {name: one for name, one in read.items() if name in NAMES}
    return found | {name: Field(span.value, 0.5) for name, (_, span) in best.items()}


def _signed(pair: tuple[float, Span], is_flipped: bool) -> tuple[float, Span]:
    score, span = pair
    if not is_flipped:
        return pair
    return score, replace(span, value=format(abs(Decimal(span.value)), "f"))
