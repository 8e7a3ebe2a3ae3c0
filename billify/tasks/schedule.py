"""The clock: what happens by itself, and how often."""

from datetime import UTC, datetime

from flask import Flask
from rq.cron import CronScheduler

from billify.application import (
    digests,
    documents,
    faults,
    forecasts,
    jobs,
    news,
    personal_data,
    ports,
    retention,
)
from billify.application.back_office import announcements
from billify.application.partners import engine
from billify.tasks import mails
from billify.web import personal_paper

EVERY_SWEEP = 10
EVERY_SPOOL = 30
EVERY_CONNECTIONS = 10
EVERY_FORECASTS = 60
EVERY_MAILS = 5
EVERY_DIGESTS = 30
EVERY_CONSENTS = 3600
EVERY_RETENTION = 3600
EVERY_FILES = 10
EVERY_ANNOUNCEMENTS = 60


def tick_forever(app: Flask) -> None:
    """Ring for what is due until told to stop."""
    with app.app_context():
        clock = CronScheduler(connection=ports.waiting_redis(), logging_level="WARNING")
    for body, seconds in (
        (sweep, EVERY_SWEEP),
        (empty_spool, EVERY_SPOOL),
        (ring_connections, EVERY_CONNECTIONS),
        (ring_forecasts, EVERY_FORECASTS),
        (send_mails, EVERY_MAILS),
        (write_digests, EVERY_DIGESTS),
        (look_at_consents, EVERY_CONSENTS),
        (let_go, EVERY_RETENTION),
        (make_files, EVERY_FILES),
        (ring_announcements, EVERY_ANNOUNCEMENTS),
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


def ring_connections() -> None:
    """Ask for a run of each connection whose time has come."""
    engine.ring_due()


def ring_forecasts() -> None:
    """Ask for the forecasts that are missing or of another day."""
    forecasts.ring_due()


def send_mails() -> None:
    """Send the mails that wait."""
    mails.send_due()


def ring_announcements() -> None:
    """Have everybody told what staff announce from now on."""
    announcements.ring_due()


def write_digests() -> None:
    """Write the mails about what happened that are due, at once or once a day."""
    digests.send_due(now=datetime.now(UTC))


def look_at_consents() -> None:
    """Tell of consents that end soon."""
    news.look_at_consents(now=datetime.now(UTC))


def let_go() -> None:
    """At night, let go of what need not be kept; files of people go when their week is over."""
    now = datetime.now(UTC)
    personal_data.remove_expired(now=now)
    retention.ring_due(now=now)


def make_files() -> None:
    """Make the files that people asked for with what is kept about them."""
    personal_data.make_due(render=personal_paper.render)
