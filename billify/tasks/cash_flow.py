"""Jobs on the forecast."""

from billify.application import forecasts
from billify.tasks.registry import job


@job("forecast.make")
def make() -> None:
    """Make the company's forecast."""
    forecasts.make()
