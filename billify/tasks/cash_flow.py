"""Jobs on the forecast."""

from billify.application import forecasts
from billify.tasks.registry import job


@job("forecast.make")
def make() -> None:
    """Make the company's forecast."""
    forecasts.make()


@job("forecast.look_back")
def look_back() -> None:
    """Begin the company's track record."""
    forecasts.begin_record()
