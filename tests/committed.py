"""An application whose transactions are real, on a database of its own: for what threads and
processes do to each other, which a rolled-back savepoint can't show."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier
from typing import Any, TypeVar

from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from billify.config import Settings
from billify.data import tenancy
from billify.data.db import db
from billify.factory import create_app
from tests import servers

Found = TypeVar("Found")


class Browser(FlaskClient):
    """A browser whose requests know nothing of each other but what cookies say."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:  # Any: as the base class
        """A test keeps one application context open, so who was signed in would stay so."""
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


@contextmanager
def committed_app(
    settings: Settings, name: str, make: Callable[[Settings], Flask] = create_app
) -> Iterator[Flask]:
    """The application with these settings, on a fresh database that is dropped at the end."""
    database = servers.clone_name(name)
    app_url, owner_url = servers.clone_database(servers.template(), database)
    app = make(replace(settings, database_url=app_url, database_owner_url=owner_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.test_client_class = Browser
    try:
        with app.app_context():
            tenancy.leave()
            yield app
            tenancy.leave()
            db.session.remove()
            db.engine.dispose()
    finally:
        servers.drop_database(database)


def at_once(app: Flask, *works: Callable[[], Found]) -> list[Found]:
    """Each piece of work in a thread of its own, let go at the same moment; their answers."""
    gate = Barrier(len(works))

    def start(work: Callable[[], Found]) -> Found:
        with app.app_context():
            gate.wait(timeout=10)
            return work()

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(start, work) for work in works]
        return [one.result(timeout=60) for one in running]
