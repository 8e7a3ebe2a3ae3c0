"""What a person can do about the lowest point, the best first. No numpy in here."""

from collections.abc import Sequence

from billify.domain.forecast.known import Known
from billify.domain.forecast.shapes import Action, DayAhead, Flow

MOST = 5


def best(*, known: Known, flows: Sequence[Flow], days: Sequence[DayAhead]) -> tuple[Action, ...]:  # noqa: ARG001
    """At most five actions, ranked by what the lowest point gains."""
    return ()
