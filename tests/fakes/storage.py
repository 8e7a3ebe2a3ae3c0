"""Stores to break and mend: a server that speaks S3 on loopback, and one in memory."""

import hashlib
import resource
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from billify.config import Settings
from billify.integrations.storage import NotStored, SpooledStorage, Storage, StorageDown
from billify.integrations.storage.breaker import Breaker
from billify.integrations.storage.local import LocalStorage
from billify.integrations.storage.s3 import S3Storage

Thing = TypeVar("Thing")

COMPANY = "0199d1c2-0000-7000-8000-000000000001"
OTHER_COMPANY = "0199d1c2-0000-7000-8000-000000000002"
INVOICE = b"%PDF-1.7 an invoice of Bakkerij Anna"
KEY = f"{COMPANY}/{hashlib.sha256(INVOICE).hexdigest()}"
PREVIEW = f"{KEY}.page-1.jpg"


@dataclass
class Place:
    """One kind of store, with a way to break it and to mend it."""

    storage: Storage
    settings: Settings
    stop: Callable[[], None]
    start: Callable[[], None]


def a_folder(settings: Settings) -> Place:
    """A local folder; while it is stopped a file stands in its place."""
    away = settings.storage_dir.with_name("storage-away")

    def stop() -> None:
        if settings.storage_dir.exists():
            settings.storage_dir.rename(away)
        settings.storage_dir.write_text("a file where the folder should be")

    def start() -> None:
        settings.storage_dir.unlink()
        if away.exists():
            away.rename(settings.storage_dir)

    return Place(LocalStorage(settings.storage_dir), settings, stop, start)


def a_bucket(settings: Settings, server: "S3Server") -> Place:
    """A new bucket on a server that is then running."""
    settings = replace(
        settings, s3_bucket=f"documents-{secrets.token_hex(6)}", s3_endpoint_url=server.url
    )
    server.start()
    storage = S3Storage(settings)
    storage._client.create_bucket(
        Bucket=storage.name,
        CreateBucketConfiguration={"LocationConstraint": settings.s3_region},
    )
    return Place(storage, settings, server.stop, server.start)


class S3Server:
    """A server that speaks S3 on loopback; it keeps its objects while it is stopped."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._running: Any = None  # moto is only imported when a test wants it

    def start(self) -> None:
        """Listen, unless it does already; a port just left is taken again."""
        if self._running is not None:
            return
        from moto.server import ThreadedMotoServer

        self._running = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self._running.start()

    def stop(self) -> None:
        """Hang up; stopping twice is fine."""
        if self._running is not None:
            self._running.stop()
        self._running = None


class Unreliable:
    """A store in memory that can be down, slow, or watched in the middle of a put."""

    def __init__(self, *, is_down: bool = False) -> None:
        self.is_down = is_down
        self.seconds = 0.0
        self.calls = 0
        self.during_put: Callable[[], None] = lambda: None
        self.kept: dict[str, tuple[bytes, str]] = {}

    def put(self, key: str, content: bytes, media_type: str) -> None:
        self._answer()
        time.sleep(self.seconds)
        during, self.during_put = self.during_put, lambda: None
        during()
        self.kept[key] = (content, media_type)

    def get(self, key: str) -> bytes:
        self._answer()
        if key not in self.kept:
            raise NotStored(key)
        return self.kept[key][0]

    def delete(self, key: str) -> None:
        self._answer()
        self.kept.pop(key, None)

    def exists(self, key: str) -> bool:
        self._answer()
        return key in self.kept

    def check(self) -> None:
        self._answer()

    def prepare(self) -> None:
        pass

    def _answer(self) -> None:
        self.calls += 1
        if self.is_down:
            raise StorageDown("unplugged")


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def spooled(place: Place, *, clock: Callable[[], float] = time.monotonic) -> SpooledStorage:
    """A spool in front of the place, as a process that just started has it."""
    return SpooledStorage(place.storage, place.settings.spool_dir, Breaker(clock=clock))


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let the kernel refuse to write files beyond a size, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def files_in(folder: Path) -> list[Path]:
    """Every file below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def in_threads(work: Callable[[Thing], object], things: Iterable[Thing]) -> None:
    """Do the work on each thing at the same time, and wait for all."""
    threads = [threading.Thread(target=work, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
