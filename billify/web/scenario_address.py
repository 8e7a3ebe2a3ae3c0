"""Scenarios in an address: `?late=<contact>:30&hire=2800@2027-01&b.loan=25000:36:4.5@2027-01`.

The first scenario goes without a letter; those beside it are `b.` and `c.`. `name` and `b.name`
say what they are called. Whoever has the address sees the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from billify.application.scenarios import LONGEST_NAME
from billify.domain.forecast.scenarios import MOST_CHANGES, Kind

PLACES = ("a", "b", "c")
NAME = "name"
LONGEST_TEXT = 80
_MOST_READ = 2 * MOST_CHANGES
_KINDS = frozenset(Kind)

Changes = tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True)
class Address:
    """What stands in an address: changes by place, and the names of places."""

    changes: Mapping[str, Changes] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def next_place(self) -> str | None:
        """The first place that is free."""
        return next((place for place in PLACES if not self.changes.get(place)), None)

    def url(self, **more: str) -> str:
        """This comparison; `more` are further parameters, such as which form is open."""
        asked = _query([*self.pairs, *more.items()])
        return url_for("scenarios.index") + (f"?{asked}" if asked else "")

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Names and values, as they stand in the address and in hidden fields."""
        found = []
        for place in PLACES:
            changes = self.changes.get(place, ())
            prefix = "" if place == PLACES[0] else f"{place}."
            found += [(f"{prefix}{kind}", text) for kind, text in changes]
            if changes and self.names.get(place):
                found.append((f"{prefix}{NAME}", self.names[place]))
        return found

    def query_of(self, place: str) -> str:
        """One scenario alone, as it is kept under a name."""
        return _query((str(kind), text) for kind, text in self.changes.get(place, ()))

    def with_change(self, place: str, kind: Kind, text: str, at: int | None = None) -> "Address":
        """With one more change, or another one in the place of the one there."""
        changes = list(self.changes.get(place, ()))
        if at is not None and at < len(changes):
            changes[at] = (kind, text)
        else:
            changes.append((kind, text))
        return Address({**self.changes, place: tuple(changes)}, self.names)

    def without(self, place: str, at: int) -> "Address":
        """Without one change; a scenario that has none left goes."""
        left = [one for number, one in enumerate(self.changes[place]) if number != at]
        return Address({**self.changes, place: tuple(left)}, self.names).closed_up()

    def without_place(self, place: str) -> "Address":
        """Without a scenario; those behind it move up."""
        return Address({**self.changes, place: ()}, self.names).closed_up()

    def with_scenario(self, query: str, name: str = "") -> "Address | None":
        """With a further scenario beside these; None when all places are taken."""
        place = self.next_place
        if place is None:
            return None
        changes = {**self.changes, place: read_query(query)}
        names = {key: value for key, value in self.names.items() if key != place}
        return Address(changes, {**names, place: name} if name else names)

    def named(self, place: str, name: str) -> "Address":
        """With a name for a scenario."""
        return Address(self.changes, {**self.names, place: name})

    def closed_up(self) -> "Address":
        """Without gaps: what stands behind a free place moves there."""
        taken = [place for place in PLACES if self.changes.get(place)]
        moved = dict(zip(taken, PLACES, strict=False))
        return Address(
            {moved[place]: self.changes[place] for place in taken},
            {moved[place]: self.names[place] for place in taken if place in self.names},
        )


def read(args: "MultiDict[str, str]") -> Address:
    """What an address asks for; words that name nothing are left alone."""
    return _read(args.items(multi=True)).closed_up()


def read_query(query: str) -> Changes:
    """The changes of one scenario that was kept."""
    return _read(parse_qsl(query, max_num_fields=None)).changes.get(PLACES[0], ())


def _read(pairs: Iterable[tuple[str, str]]) -> Address:
    changes: dict[str, Changes] = {}
    names: dict[str, str] = {}
    for key, value in pairs:
        start, _, word = key.rpartition(".")
        place = start or PLACES[0]
        text = value.replace("\x00", "").strip()
        if place not in PLACES:
            continue
        if word in _KINDS and len(changes.get(place, ())) < _MOST_READ:
            changes[place] = (*changes.get(place, ()), (Kind(word), text[:LONGEST_TEXT]))
        elif word == NAME and text:
            names[place] = " ".join(text.split())[:LONGEST_NAME]
    return Address(changes, names)


def _query(pairs: Iterable[tuple[str, str]]) -> str:
    """As a person can still read it: colons and @ stay as they are."""
    return urlencode(list(pairs), safe=":@")
