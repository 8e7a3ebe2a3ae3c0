"""What each process does once it is forked. Imports stay inside: each role loads its own parts."""

import functools
import os
import socket
from collections.abc import Callable

from flask import Flask

from billify.processes.supervisor import end_at_once_with_parent

Role = Callable[[Flask, socket.socket | None], None]

THREADS = 64
QUEUES = ("ocr", "sync", "default")
GRACE_SECONDS = 4


def web(app: Flask, listener: socket.socket | None) -> None:
    """Answer HTTP: one gunicorn process of many threads, on a socket that is open already."""
    from gunicorn.app.base import BaseApplication

    settings = _web_settings(listener)

    class Web(BaseApplication):  # type: ignore[misc] # gunicorn has no types
        def load_config(self) -> None:
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    Web().run()


def clock(app: Flask, listener: socket.socket | None) -> None:
    """Ring what is due."""
    from billify.tasks import schedule

    _close(listener)
    schedule.tick_forever(app)


def worker(queue: str, app: Flask, listener: socket.socket | None) -> None:
    """Do the jobs of one queue; a job's own process ends with the worker that started it."""
    from billify.tasks import worker as jobs

    _close(listener)
    os.register_at_fork(after_in_child=end_at_once_with_parent)
    jobs.work(app, queue)


ROLES: dict[str, Role] = {
    "web": web,
    **{f"worker-{queue}": functools.partial(worker, queue) for queue in QUEUES},
    "clock": clock,
}


def preload() -> None:
    """Import what several roles need, so that they share one copy in memory."""

    import billify.tasks.schedule
    import billify.tasks.worker  # noqa: F401


def _web_settings(listener: socket.socket | None) -> dict[str, object]:
    if listener is None:
        raise ValueError("the web needs an open socket")
    return {
        "bind": f"fd://{listener.detach()}",  # gunicorn closes it itself
        "workers": 1,
        "worker_class": "gthread",
        "threads": THREADS,
        "preload_app": True,
        "timeout": 120,
        "graceful_timeout": GRACE_SECONDS,
        "keepalive": 5,
        "loglevel": "warning",
        "control_socket_disable": True,
    }


def _close(listener: socket.socket | None) -> None:
    """Only the web listens; another process must not hold the port when the web is gone."""
    if listener is not None:
        listener.close()
