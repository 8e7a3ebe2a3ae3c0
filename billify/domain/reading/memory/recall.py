"""One remembered layout of one supplier: its lessons, and what follows from them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp
from typing import Any

from billify.domain.reading import codes
from billify.domain.reading.memory import identity
from billify.domain.reading.memory.anchors import Anchor, weighed
from billify.domain.reading.memory.identity import Identity
from billify.domain.reading.memory.lesson import Corrected, Lesson, Told, observe
from billify.domain.reading.memory.scene import Mark, Scene, Shift, shift
from billify.domain.reading.reading import OwnCompany, Reading
from billify.domain.reading.words import Page

VERSION = 1
"""Of the stored form. A memory of another version is not used; it is learned anew."""
_MOST_LESSONS = 6
_PRIOR = 3.0
"""How many right readings a memory is given on trust before it has proved itself."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one layout: the latest documents checked, and what people changed."""

    lessons: tuple[Lesson, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Values a person typed: they win over what was learned."""
    read: int = 0
    """Documents that were read with it and then checked."""
    right: Mapping[str, int] = field(default_factory=dict)
    """How often a field read with it was left as it was."""
    wrong: Mapping[str, int] = field(default_factory=dict)
    """How often a field read with it was corrected."""

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """A dict that `from_json` turns back."""
        return {
            "version": VERSION,
            "lessons": [one.to_json() for one in self.lessons],
            "fixed": dict(self.fixed),
            "read": self.read,
            "right": dict(self.right),
            "wrong": dict(self.wrong),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Memory":  # Any: JSON
        """The memory that `to_json` wrote; an empty one for another version."""
        if kept.get("version") != VERSION:
            return cls()
        return cls(
            lessons=tuple(Lesson.from_json(one) for one in kept["lessons"]),
            fixed=kept["fixed"],
            read=kept["read"],
            right=kept["right"],
            wrong=kept["wrong"],
        )

    @property
    def latest(self) -> Lesson | None:
        """The document checked last."""
        return self.lessons[-1] if self.lessons else None

    def told(self, name: str) -> list[Told]:
        """What each document told of a field, the latest first."""
        return [one.told[name] for one in reversed(self.lessons) if name in one.told]

    def trust_in(self, name: str) -> float:
        """0..1: how often this field is right by memory; rises when confirmed, falls else."""
        right, wrong = self.right.get(name, 0), self.wrong.get(name, 0)
        return (right + _PRIOR) / (right + 2.5 * wrong + _PRIOR)

    def usual(self, name: str) -> str | None:
        """The value a field has on most papers; what a person fixed wins."""
        if name in self.fixed:
            return self.fixed[name]
        values = [one.value for one in self.told(name) if one.value]
        return Counter(values).most_common(1)[0][0] if values else None

    @property
    def usual_terms(self) -> int | None:
        """Days from issue to due where no due date is printed and the documents agree."""
        if "terms_days" in self.fixed:
            return int(self.fixed["terms_days"])
        days = [one.terms_days for one in self.lessons if one.terms_days is not None]
        if not days:
            return None
        value, times = Counter(days).most_common(1)[0]
        return value if 2 * times > len(days) else None

    @property
    def usual_vat(self) -> dict[str, str]:
        """VAT category by rate, as last stated."""
        return {rate: category for lesson in self.lessons for rate, category in lesson.vat}

    @property
    def usual_rate(self) -> str | None:
        """The one rate of every document, or None when they vary."""
        if "vat_rate" in self.fixed:
            return self.fixed["vat_rate"]
        rates = {rate for lesson in self.lessons for rate, _ in lesson.vat}
        return rates.pop() if len(rates) == 1 else None

    @property
    def words(self) -> dict[str, float]:
        """Word → share of the documents that print it: what belongs to the form itself."""
        count = Counter(
            token for one in self.lessons for token in {mark.token for mark in one.marks}
        )
        return {token: times / len(self.lessons) for token, times in count.items()}

    def anchors(self, name: str) -> list[tuple[Anchor, float]]:
        """Where the field stood on each document, with how much that place is worth."""
        trust = self.words if len(self.lessons) > 1 else {}
        found = []
        for age, one in enumerate(self.told(name)):
            for place in one.anchors:
                known = weighed(place, trust) if trust else place
                worth = (0.5 + 0.5 * place.worth) * (1.0 if place.is_main else 0.5)
                found.append((known, worth * 0.97**age))
        return found


@dataclass(frozen=True, slots=True)
class Fit:
    """How a memory fits a document."""

    probability: float
    likeness: float
    """0..1: share of the remembered words that stand where they should."""
    shift: Shift


def learn(
    *,
    pages: Sequence[Page],
    reading: Reading,
    corrected: Corrected,
    key: str,
    before: Memory | None = None,
    us: OwnCompany | None = None,
) -> Memory:
    """The memory with one more checked document; the same `key` again replaces what it taught."""
    known = before or Memory()
    lesson = observe(pages, reading, corrected, key=key, us=us)
    others = tuple(one for one in known.lessons if one.key != key)
    return replace(known, lessons=(*others, lesson)[-_MOST_LESSONS:])


def proven(memory: Memory, *, outcomes: Sequence[Mapping[str, bool]]) -> Memory:
    """The memory with its record: for each document read with it, field → left as it was read."""
    right = Counter(name for one in outcomes for name, kept in one.items() if kept)
    wrong = Counter(name for one in outcomes for name, kept in one.items() if not kept)
    return replace(memory, read=sum(map(bool, outcomes)), right=dict(right), wrong=dict(wrong))


def without_lesson(memory: Memory, *, key: str) -> Memory:
    """The memory without what one document taught."""
    return replace(memory, lessons=tuple(one for one in memory.lessons if one.key != key))


def forget(memory: Memory, *, item: str) -> Memory:
    """The memory without one field, the "terms_days", the "vat" or the "table" of lines."""
    fixed = {name: value for name, value in memory.fixed.items() if name != item}
    if item in ("vat", "vat_rate"):
        fixed.pop("vat_rate", None)
    return replace(
        memory,
        lessons=tuple(_without(one, item) for one in memory.lessons),
        fixed=fixed,
        right={name: count for name, count in memory.right.items() if name != item},
        wrong={name: count for name, count in memory.wrong.items() if name != item},
    )


def fixed(memory: Memory, *, item: str, value: str) -> Memory:
    """The memory with a value that a person typed for good."""
    return replace(memory, fixed={**memory.fixed, item: value})


def fit(memory: Memory, seen: Scene, reading: Reading, us: OwnCompany | None) -> Fit:
    """How probable it is that a document is of this layout and from this supplier."""
    if memory.latest is None:
        return Fit(0.0, 0.0, Shift())
    moved = shift(memory.latest.marks, seen)
    likeness = _likeness(memory, seen, moved)
    evidence = _evidence(memory, seen, reading, us)
    if evidence is None:
        return Fit(0.0, likeness, moved)
    return Fit(1 / (1 + exp(6.0 - 10.0 * likeness - evidence)), likeness, moved)


def _likeness(memory: Memory, seen: Scene, moved: Shift) -> float:
    lesson = memory.latest
    shares = memory.words
    wanted = met = 0.0
    for mark in lesson.marks if lesson else ():
        weight = shares.get(mark.token, 0.0) ** 2 * (1.0 if len(mark.token) > 3 else 0.5)
        wanted += weight
        met += weight * _stands(mark, seen, moved)
    return met / wanted if wanted else 0.0


def _stands(mark: Mark, seen: Scene, moved: Shift) -> float:
    u, v = moved.moved(mark.place.u0, mark.place.v0)
    best = 0.0
    for other in seen.found(mark.token):
        place = other.place
        if abs(place.u0 - u) > 0.03:
            best = max(best, 0.15)
        elif abs(place.v0 - v) > 0.03 or place.page != mark.place.page:
            best = max(best, 0.6)  # the same column: what stands below a table floats
        else:
            return 1.0
    return best


def _evidence(memory: Memory, seen: Scene, reading: Reading, us: OwnCompany | None) -> float | None:
    """What the paper's own numbers and names say; None: it is somebody else's."""
    here = identity.printed(seen, us)
    known = [one.identity for one in memory.lessons]
    if _is_other(here, known, reading):
        return None
    vats = {one.vat for one in known if one.vat}
    ibans = {iban for one in known for iban in one.ibans}
    names = {name for one in known for name in one.names}
    domains = {domain for one in known for domain in one.domains}
    buyers = {codes.bare(one.value) for one in memory.told("buyer_vat") if one.value}
    shared = {vat for one in known for vat in one.vats} & here.vats - buyers
    found = 2.5 * bool(ibans & here.ibans) + 1.0 * bool(domains & here.domains)
    found += 1.5 * any(identity.has_name(seen, name) for name in names)
    found += 3.0 if vats & (here.vats | here.doubtful) else 2.0 * bool(shared)
    expected = any(one.ibans or one.names or vats & (one.vats | one.doubtful) for one in known)
    if not found and expected:
        return -1.5 if seen.is_noisy else -4.0
    return min(found, 5.0)


def _is_other(here: Identity, known: Sequence[Identity], reading: Reading) -> bool:
    """Another supplier's VAT number stands where this supplier's should."""
    vats = {one.vat for one in known if one.vat}
    if not vats or vats & (here.vats | here.doubtful):
        return False
    seen_before = {vat for one in known for vat in one.vats}
    strangers = here.vats - seen_before
    was_printed = any(one.vat in one.vats for one in known)
    read = reading.text("supplier_vat")
    return bool(strangers) and (was_printed or (read is not None and read in strangers))


def _without(lesson: Lesson, item: str) -> Lesson:
    told = {name: one for name, one in lesson.told.items() if name != item}
    changed = replace(lesson, told=told)
    if item == "terms_days":
        return replace(changed, terms_days=None)
    if item in ("vat", "vat_rate"):
        return replace(changed, vat=())
    if item == "table":
        return replace(changed, table=None)
    return changed
