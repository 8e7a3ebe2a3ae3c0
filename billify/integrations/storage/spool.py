"""A store that never says no while the local disk has room.

When the primary store is down, bytes go to a spool folder and are moved later. A spooled file
carries its media type in a first line, so one atomic rename keeps both.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from billify.integrations.storage.breaker import Breaker
from billify.integrations.storage.local import LocalStorage
from billify.integrations.storage.port import NotStored, Storage, StorageDown, Stored

_MARK = b"billify-spool-1 "


class SpooledStorage:
    """The primary store behind a circuit breaker, with a durable local spool beside it."""

    def __init__(self, primary: Storage, spool_dir: Path, breaker: Breaker | None = None) -> None:
        self.primary = primary
        self.spool = LocalStorage(spool_dir)
        self._breaker = breaker or Breaker()

    def put(self, key: str, content: bytes, media_type: str) -> Stored:
        """Keep the bytes, and say where. Raises StorageDown when the local disk fails too."""
        try:
            with self._calling_primary():
                self.primary.put(key, content, media_type)
        except StorageDown:
            self.spool.put(key, _wrap(content, media_type), "application/octet-stream")
            return Stored.SPOOLED
        return Stored.PRIMARY

    def get(self, key: str) -> bytes:
        """The bytes, from the spool when they still wait there. Raises NotStored, StorageDown."""
        try:
            return _unwrap(self.spool.get(key))[0]
        except NotStored:
            with self._calling_primary():
                return self.primary.get(key)

    def delete(self, key: str) -> None:
        """Forget a key here and there; waits for a move that is under way. Raises StorageDown."""
        with self._spooled_file(key, wait=True) as waiting:
            with self._calling_primary():
                self.primary.delete(key)
            if waiting:
                self.spool.delete(key)

    def exists(self, key: str) -> bool:
        """Whether the bytes are kept, spooled or not. Raises StorageDown."""
        if self.spool.exists(key):
            return True
        with self._calling_primary():
            return self.primary.exists(key)

    def check(self) -> None:
        """Raise StorageDown when the primary store is not to be used now."""
        with self._calling_primary():
            self.primary.check()

    def check_spool(self) -> None:
        """Raise StorageDown when the spool could not take over."""
        self.spool.check()

    def pending(self) -> list[str]:
        """The keys that wait in this machine's spool, oldest first."""
        return self.spool.keys()

    def move(self, key: str) -> bool:
        """Bring a spooled key home: True once the primary has it, so asking again is harmless.

        False when another mover is busy with it, or when no spool here nor the primary has it.
        Raises StorageDown while the primary is down; the bytes then stay in the spool.
        """
        with self._spooled_file(key, wait=False) as waiting:
            if waiting:
                content, media_type = _unwrap(waiting.read())
                with self._calling_primary():
                    self.primary.put(key, content, media_type)
                self.spool.delete(key)
                return True
        if self.spool.exists(key):
            return False
        with self._calling_primary():
            return self.primary.exists(key)

    def move_all(self) -> int:
        """Bring home whatever waits here, previews and orphans too; returns how many went.

        Raises StorageDown at the first failure, since the rest would fail as well.
        """
        return sum(self.move(key) for key in self.pending())

    def prepare(self) -> None:
        """Make the primary store ready before forking, so that children needn't."""
        self.primary.prepare()

    def tidy(self) -> int:
        """Remove what killed processes left half-written in the spool an hour ago or more."""
        return self.spool.tidy(older_than_seconds=3600)

    @contextmanager
    def _calling_primary(self) -> Iterator[None]:
        if not self._breaker.allows():
            raise StorageDown("the store failed a moment ago; it will be tried again soon")
        try:
            yield
        except StorageDown:
            self._breaker.failed()
            raise
        except NotStored:
            self._breaker.succeeded()
            raise
        else:
            self._breaker.succeeded()

    @contextmanager
    def _spooled_file(self, key: str, *, wait: bool) -> Iterator[BinaryIO | None]:
        """The spooled file under a lock that the kernel drops when its holder is killed."""
        try:
            file = self.spool.open(key)
        except NotStored:
            yield None
            return
        with file:
            is_mine = _lock(file, wait=wait)
            # Its name may have gone between opening and locking: moved by someone else.
            is_there = is_mine and os.fstat(file.fileno()).st_nlink > 0
            yield file if is_there else None


def _lock(file: BinaryIO, *, wait: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wrap(content: bytes, media_type: str) -> bytes:
    one_line = media_type.encode("ascii", "replace").replace(b"\n", b"?")
    return _MARK + one_line + b"\n" + content


def _unwrap(spooled: bytes) -> tuple[bytes, str]:
    head, _, content = spooled.partition(b"\n")
    if not head.startswith(_MARK):
        raise StorageDown("a file in the spool was not written by Billify")
    return content, head.removeprefix(_MARK).decode("ascii")
