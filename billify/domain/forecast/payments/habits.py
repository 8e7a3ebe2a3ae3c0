"""What was learned of how contacts pay, in a form that can be kept as JSON."""

import base64
from dataclasses import dataclass, field
from math import comb
from typing import Any

import numpy as np

from billify.domain.forecast.payments.values import STEPS, Floats
from billify.domain.forecast.payments.ways import BINS, ways

DUE, ISSUE, MONTH_END = 0, 1, 2
"""From which day on a contact counts: the due day, the issue day (plus the usual term), or the
end of the month in which it is due."""
KEPT = 24
"""So many of its latest payments are kept of each contact, to tell from."""
_SCALE = 65535
_RARE = 0.01
_FEWEST_BEFORE, _FEWEST_LATELY, _MOST_LATELY = 5, 4, 8
_NOTABLE_DAYS = 5


@dataclass(frozen=True, slots=True)
class Slower:
    """A contact pays later than it did: median days late before and over its latest payments."""

    before: int
    lately: int
    of: int
    """How many payments `lately` speaks of."""


@dataclass(frozen=True, slots=True)
class Run:
    """On which days a contact pays more often: a weight by weekday or day of the month."""

    kind: int
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Habits:
    """How each contact pays, and how someone pays of whom nothing is known.

    `shares` has a row for each contact and one more for everyone else: how likely each bin of
    days after the anchor is.
    """

    rows: dict[str, int] = field(default_factory=dict)
    """The row of each contact."""
    anchors: tuple[int, ...] = ()
    shares: Floats = field(default_factory=lambda: _prior())
    latest: tuple[tuple[int, ...], ...] = ()
    """Days late of its latest payments, the oldest first."""
    counts: tuple[int, ...] = ()
    runs: dict[str, Run] = field(default_factory=dict)
    usual_term: int = 30
    usual_late: int = 0
    """Median of the days late of all."""
    open_weekdays: tuple[bool, ...] = (True,) * 5 + (False,) * 2
    """On which weekdays payments come at all."""
    levels: tuple[float, ...] = tuple((k + 0.5) / STEPS for k in range(STEPS))
    """What to read in the distribution for each of the probabilities, from how it did before."""

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """As JSON."""
        packed = np.rint(self.shares / self.shares.max(axis=1, keepdims=True) * _SCALE)
        return {
            "contacts": list(self.rows),
            "anchors": list(self.anchors),
            "shares": base64.b64encode(packed.astype("<u2").tobytes()).decode(),
            "latest": [list(days) for days in self.latest],
            "counts": list(self.counts),
            "runs": {key: [run.kind, *run.weights] for key, run in self.runs.items()},
            "usual_term": self.usual_term,
            "usual_late": self.usual_late,
            "open_weekdays": list(self.open_weekdays),
            "levels": list(self.levels),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Habits":  # Any: JSON
        """What `to_json` gave; a ValueError or KeyError when it is of another form."""
        packed = np.frombuffer(base64.b64decode(told["shares"]), "<u2").reshape(-1, BINS)
        shares = packed.astype(np.float32)
        return cls(
            rows={key: row for row, key in enumerate(told["contacts"])},
            anchors=tuple(told["anchors"]),
            shares=shares / shares.sum(axis=1, keepdims=True),
            latest=tuple(tuple(days) for days in told["latest"]),
            counts=tuple(told["counts"]),
            runs={
                key: Run(int(kind), tuple(weights))
                for key, (kind, *weights) in told["runs"].items()
            },
            usual_term=told["usual_term"],
            usual_late=told["usual_late"],
            open_weekdays=tuple(told["open_weekdays"]),
            levels=tuple(told["levels"]),
        )

    def latest_of(self, contact: str) -> tuple[int, ...]:
        """Days late of the latest payments of a contact, the oldest first."""
        row = self.rows.get(contact)
        return () if row is None else self.latest[row]

    def slower(self, contact: str) -> Slower | None:
        """Whether a contact pays later than it used to; None when that can't be said.

        Its latest four to eight payments against those before: by ranks (Mann and Whitney), in
        less than one of a hundred cases by chance, and by at least five days.
        """
        days = self.latest_of(contact)
        found = [
            slower
            for lately in range(_FEWEST_LATELY, min(_MOST_LATELY, len(days) - _FEWEST_BEFORE) + 1)
            if (slower := _slower(days[:-lately], days[-lately:]))
        ]
        return max(found, key=lambda each: (each.lately - each.before, each.of), default=None)


def _slower(before: tuple[int, ...], lately: tuple[int, ...]) -> Slower | None:
    was, now = round(float(np.median(before))), round(float(np.median(lately)))
    if now - was < max(_NOTABLE_DAYS, _spread(before)):
        return None
    if _chance(before, lately) > _RARE:
        return None
    return Slower(before=was, lately=now, of=len(lately))


def _spread(days: tuple[int, ...]) -> float:
    return float(np.median(np.abs(np.array(days) - np.median(days))))


def _chance(before: tuple[int, ...], lately: tuple[int, ...]) -> float:
    """Of ranks at least as high as these, when nothing has changed."""
    one, two = np.array(before)[:, None], np.array(lately)[None, :]
    above = float((two > one).sum() + 0.5 * (two == one).sum())
    m, n = len(before), len(lately)
    if above == m * n:
        return 1 / comb(m + n, n)
    z = (above - 0.5 - m * n / 2) / np.sqrt(m * n * (m + n + 1) / 12)
    return float(np.exp(-0.717 * z - 0.416 * z * z)) if z > 0 else 1.0


def _prior() -> Floats:
    table = ways()
    row: Floats = (table.common.astype(np.float32) @ table.shares)[None, :]
    return row
