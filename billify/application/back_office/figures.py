"""How Billify fares, in figures: what it keeps, what waits, what it uses. Each is asked for by
itself and for a moment only; one that can't be asked is None, and hides no other."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from billify.application import faults, health, ports
from billify.application.back_office import queues, version
from billify.application.back_office.queues import Backlog
from billify.data import migrate
from billify.data.queries import operations
from billify.data.queries.operations import Database
from billify.integrations import processes
from billify.integrations.processes import Memory

_STARTED = time.monotonic()
_WALK_SECONDS = 0.3
_MEMORY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in a folder. `is_whole` tells that all of it was seen before the time was up."""

    files: int
    bytes: int
    oldest: datetime | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything of the overview. `storage` is None for a bucket, which only its keeper counts."""

    version: str
    mark: str
    running_for: timedelta
    schema_wanted: str
    storage: Folder | None
    is_bucket: bool
    spool: Folder | None
    database: Database | None
    memory: tuple[Memory, ...]
    backlog: Backlog | None
    bells: dict[str, int]
    faults: int | None

    @property
    def memory_bytes(self) -> int | None:
        """Of all processes together, when each has said."""
        told = [one.bytes for one in self.memory]
        return sum(one for one in told if one) if told and None not in told else None


def gather(*, now: datetime) -> Figures:
    """Ask for all of them."""
    settings = ports.settings()
    is_bucket = settings.s3_bucket is not None
    return Figures(
        version=version.number(),
        mark=version.mark(),
        running_for=timedelta(seconds=round(time.monotonic() - _STARTED)),
        schema_wanted=migrate.head(),
        storage=None if is_bucket else _folder(settings.storage_dir),
        is_bucket=is_bucket,
        spool=_folder(settings.spool_dir),
        database=operations.database(),
        memory=tuple(processes.memory(seconds=_MEMORY_SECONDS)),
        backlog=queues.backlog(now=now),
        bells=health.bells_by_queue(),
        faults=faults.count_open_or_none(),
    )


def _folder(root: Path) -> Folder | None:
    """Walk a folder of documents for a moment."""
    end = time.monotonic() + _WALK_SECONDS
    files = size = 0
    oldest: float | None = None
    waiting = [str(root)]
    while waiting and time.monotonic() < end:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif not entry.name.startswith("."):
                        found = entry.stat(follow_symlinks=False)
                        files, size = files + 1, size + found.st_size
                        oldest = min(found.st_mtime, oldest or found.st_mtime)
        except FileNotFoundError:
            continue
        except OSError:
            return None
    since = datetime.fromtimestamp(oldest, UTC) if oldest is not None else None
    return Folder(files, size, since, not waiting)
