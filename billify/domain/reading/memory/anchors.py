"""Where a value stands, told by the printed words around it as a sailor takes bearings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz

from billify.domain.reading.memory.scene import Mark, Place, Scene, Shift

_MOST_BEARINGS = 10
_UP, _DOWN, _ASIDE = 0.22, 0.07, 0.65
"""How far around a value words are looked at, in page widths."""
_ALIKE = 82
_CLOSE = 1.5
_ASIDE_WEIGHT = 0.45


@dataclass(frozen=True, slots=True)
class Bearing:
    """One printed word near the value, and the value's place as seen from it."""

    token: str
    left: float
    """From the word's left edge to the value's left edge, in page widths."""
    right: float
    """From the word's left edge to the value's right edge."""
    down: float
    weight: float
    relation: str
    """"left", "right", "above" or "near": where the word stands as seen from the value."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One place of one value."""

    place: Place
    bearings: tuple[Bearing, ...]
    worth: float = 1.0
    """0..1: how clearly it told the value from the others on the paper it was learned on."""
    is_main: bool = True
    """It speaks for the field; at the others the same value may have stood by chance."""
    words_before: str = ""
    """What stands right before it, folded and without figures."""

    @property
    def label(self) -> str:
        """The words right before the value, or else above it: what a person calls its label."""
        above = [one for one in self.bearings if one.relation == "above"]
        if self.words_before or not above:
            return self.words_before
        nearest = max(above, key=lambda one: one.weight)
        row = [one for one in above if abs(one.down - nearest.down) < 0.006]
        return " ".join(one.token for one in sorted(row, key=lambda one: -one.left)[-4:])

    def to_json(self) -> list[Any]:  # Any: JSON
        """A short list that `from_json` turns back."""
        place = self.place
        return [
            [place.page, *(round(edge, 4) for edge in (place.u0, place.v0, place.u1, place.v1))],
            round(self.worth, 3),
            self.is_main,
            self.words_before,
            [
                [
                    one.token,
                    round(one.left, 4),
                    round(one.right, 4),
                    round(one.down, 4),
                    round(one.weight, 3),
                    one.relation,
                ]
                for one in self.bearings
            ],
        ]

    @classmethod
    def from_json(cls, kept: Sequence[Any]) -> "Anchor":  # Any: JSON
        """The anchor that `to_json` wrote."""
        return cls(
            Place(*kept[0]), tuple(Bearing(*one) for one in kept[4]), kept[1], kept[2], kept[3]
        )


def anchor(seen: Scene, place: Place, *, but: Iterable[Mark] = ()) -> Anchor:
    """The bearings of a place on a paper; `but` are words that change each time."""
    changing = {id(mark) for mark in but}
    before = seen.label_of(place)
    found = [
        one
        for mark in seen.marks
        if mark.place.page == place.page
        and id(mark) not in changing
        and not _is_inside(mark.place, place)
        and (one := _bearing(mark, place, before.cell)) is not None
    ]
    if any(one.relation == "left" and one.weight > _CLOSE for one in found):
        # With a label right before it, what stands around is of little account.
        found = [
            one if one.relation == "left" else replace(one, weight=_ASIDE_WEIGHT * one.weight)
            for one in found
        ]
    # A word that stands in many places tells little of any of them.
    found = [
        replace(one, weight=one.weight / len(seen.by_token[one.token]) ** 0.5) for one in found
    ]
    found.sort(key=lambda one: -one.weight)
    return Anchor(place, tuple(found[:_MOST_BEARINGS]), words_before=before.text)


def weighed(one: Anchor, trust: Mapping[str, float]) -> Anchor:
    """The anchor with less weight on words that other papers of the layout do not print."""
    return replace(
        one,
        bearings=tuple(
            replace(bearing, weight=bearing.weight * trust.get(bearing.token, 0.2))
            for bearing in one.bearings
        ),
    )


def fit(one: Anchor, place: Place, seen: Scene, moved: Shift) -> float:
    """0..1: how well a place on another paper answers to the anchor."""
    wanted = sum(bearing.weight for bearing in one.bearings)
    met = sum(
        bearing.weight * _met(bearing, place, seen) for bearing in one.bearings if bearing.weight
    )
    u0, v0 = moved.moved(one.place.u0, one.place.v0)
    u1, _ = moved.moved(one.place.u1, one.place.v0)
    slack = 2.0 if seen.is_noisy else 1.0
    aligned = min(abs(place.u0 - u0), abs(place.u1 - u1)) < 0.015 * slack
    level = abs(place.v0 - v0) < 0.02 * slack and place.page == one.place.page
    around = 0.4 * aligned + 0.3 * level
    if wanted:
        around = 0.78 * met / wanted + 0.12 * aligned + 0.10 * level
    if not one.words_before:
        return around
    return 0.72 * around + 0.28 * _same_words(one.words_before, seen.label_of(place).text, seen)


def _bearing(mark: Mark, place: Place, label: int) -> Bearing | None:
    word = mark.place
    down = place.middle - word.middle
    if not -_DOWN <= down <= _UP:
        return None
    gap = max(place.u0 - word.u1, word.u0 - place.u1, 0.0)
    if gap > _ASIDE and mark.cell != label:
        return None
    weight, relation = 0.8 / (1 + 10 * (gap + 2 * abs(down))), "near"
    if abs(down) < 0.5 * max(place.tall, word.tall):
        if word.u1 <= place.u0 + 0.004:
            # Its label stands right before a value, however wide the gap between.
            is_label = bool(label) and mark.cell == label and not mark.is_speech
            weight, relation = (2.6 if is_label else 3.0 / (1 + 14 * gap)), "left"
        elif word.u0 >= place.u1 - 0.004:
            weight, relation = 0.9 / (1 + 14 * gap), "right"
    elif down > 0 and gap <= 0:
        weight, relation = 2.0 / (1 + 14 * down), "above"
    if mark.is_speech and gap > 0.015:
        weight *= 0.3
    return Bearing(mark.token, place.u0 - word.u0, place.u1 - word.u0, down, weight, relation)


def _met(bearing: Bearing, place: Place, seen: Scene) -> float:
    slack = 1.8 if seen.is_noisy else 1.0
    tall = (0.45 * place.tall + 0.06 * abs(bearing.down)) * slack
    best = 0.0
    for mark in seen.found(bearing.token):
        word = mark.place
        if word.page != place.page:
            continue
        if abs(place.middle - word.middle - bearing.down) > tall:
            continue
        left, right = place.u0 - word.u0 - bearing.left, place.u1 - word.u0 - bearing.right
        off = min(abs(left), abs(right), abs(left + right) / 2)
        wide = (0.012 + 0.06 * abs(bearing.left)) * slack
        if off <= wide:
            return 1.0
        # On the line of its label a value may be pushed aside by longer words before it.
        is_close = bearing.relation == "left" and bearing.weight > 0.6 * _CLOSE
        if is_close and off <= 4 * wide and place.u0 > word.u0:
            best = max(best, 0.5)
    return best


def _same_words(remembered: str, here: str, seen: Scene) -> float:
    if remembered == here:
        return 1.0
    return 1.0 if seen.is_noisy and fuzz.ratio(remembered, here) >= _ALIKE else 0.0


def _is_inside(word: Place, place: Place) -> bool:
    return (
        word.u0 >= place.u0 - 0.001
        and word.u1 <= place.u1 + 0.001
        and abs(word.middle - place.middle) < 0.5 * place.tall
    )
