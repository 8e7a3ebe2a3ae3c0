"""Which function does which job."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from billify.domain.jobs import QUEUE_OF, RENAMED

Body = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Registered:
    """A job's body, and what to do when it is given up."""

    body: Body
    when_dead: Body | None


_jobs: dict[str, Registered] = {}
MODULES = (
    "announcements",
    "cash_flow",
    "connections",
    "documents",
    "matching",
    "reading_memory",
    "retention",
)


def job(name: str, *, when_dead: Body | None = None) -> Callable[[Body], Body]:
    """This function does the job of this name; its queue stands in domain/jobs.py."""
    if name not in QUEUE_OF:
        raise ValueError(f"{name} has no queue")

    def register(body: Body) -> Body:
        _jobs[name] = Registered(body, when_dead)
        return body

    return register


def find(name: str) -> Registered:
    """The job of a name. Raises KeyError."""
    load()
    return _jobs[RENAMED.get(name, name)]


def names() -> set[str]:
    """Every job there is."""
    load()
    return set(_jobs)


def load() -> None:
    """Import the modules that hold jobs."""
    for module in MODULES:
        import_module(f"billify.tasks.{module}")


Arguments = dict[str, Any]  # Any: JSON
