"""The clock: what happens by itself, and how often."""

from flask import Flask
from rq.cron import CronScheduler

from billify.application import bank_sync, documents, faults, forecasts, jobs, ports

EVERY_SWEEP = 10
EVERY_SPOOL = 30
EVERY_BANKS = 10
EVERY_FORECASTS = 60


def tick_forever(app: Flask) -> None:
    """Ring for what is due until told to stop."""
    with app.app_context():
        clock = CronScheduler(connection=ports.waiting_redis(), logging_level="WARNING")
    for body, seconds in (
        (sweep, EVERY_SWEEP),
        (empty_spool, EVERY_SPOOL),
        (ring_banks, EVERY_BANKS),
        (ring_forecasts, EVERY_FORECASTS),
    ):
        clock.register(
            body, "default", interval=seconds, result_ttl=0, failure_ttl=60, ttl=seconds * 2
        )
    try:
        clock.start()  # type: ignore[no-untyped-call]  # rq's clock has no types
    except Exception as error:
        with app.app_context():
            faults.record(error, during="clock")
        raise


def sweep() -> None:
    """Ring again for jobs that were left behind."""
    jobs.sweep()


def empty_spool() -> None:
    """Move documents that waited for the store to come back."""
    documents.ask_to_move_spooled()


def ring_banks() -> None:
    """Ask for a run of each bank connection whose time has come."""
    bank_sync.ring_due()


def ring_forecasts() -> None:
    """Ask for the forecasts that are missing or of another day."""
    forecasts.ring_due()
