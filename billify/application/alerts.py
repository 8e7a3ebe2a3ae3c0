"""What is told once, while it lasts: the balance below the floor, a large outflow, a customer who
gets slower."""

from typing import TYPE_CHECKING

from billify.domain.forecast.known import Known
from billify.domain.forecast.shapes import Forecast

if TYPE_CHECKING:
    from billify.domain.forecast.profile import Profile


def raise_due(*, forecast: Forecast, known: Known, profile: "Profile | None") -> None:
    """Tell what has become so, and end what no longer is."""
