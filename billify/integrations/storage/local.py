"""Document bytes in a local folder: `<root>/<company>/<ab>/<cd>/<sha256>`."""

import errno
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from billify.integrations.storage.port import BadKey, NotStored, StorageDown, require_key

LEAST_FREE_BYTES = 64 * 1024 * 1024

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# Hidden while it is written; the name carries no key, so a long key can't overflow it.
_PART = re.compile(r"\.[0-9a-f]{32}\.part")


class LocalStorage:
    """A folder that only its owner may read, written so that a crash leaves whole files only."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes, media_type: str) -> None:  # noqa: ARG002  # the port's
        """Write beside the target, flush to disk, then rename into place."""
        target = self.path(key)
        with _in_words(f"cannot write to {self.root}"):
            self._make_folder(target.parent)
            part = target.parent / f".{secrets.token_hex(16)}.part"
            try:
                _write_durably(part, content)
                part.replace(target)
            except BaseException:
                with suppress(OSError):
                    part.unlink()
                raise
            _flush_folder(target.parent)

    def get(self, key: str) -> bytes:
        """The bytes under a key. Raises NotStored or StorageDown."""
        with _in_words(f"cannot read from {self.root}"), self.open(key) as file:
            return file.read()

    def open(self, key: str) -> BinaryIO:
        """The stored file, opened for reading. Raises NotStored or StorageDown."""
        with _in_words(f"cannot read from {self.root}"):
            try:
                return self.path(key).open("rb")
            except FileNotFoundError as missing:
                raise NotStored(key) from missing

    def delete(self, key: str) -> None:
        """Forget a key; one that isn't there is fine."""
        with _in_words(f"cannot remove from {self.root}"):
            self.path(key).unlink(missing_ok=True)

    def exists(self, key: str) -> bool:
        """Whether the key is kept here."""
        with _in_words(f"cannot read from {self.root}"):
            return self.path(key).is_file()

    def check(self) -> None:
        """The folder is there, may be written to, and the disk has room for a few uploads."""
        with _in_words(f"cannot use {self.root}"):
            self._make_folder(self.root)
            disk = os.statvfs(self.root)
            is_writable = os.access(self.root, os.W_OK | os.X_OK)
        if not is_writable:
            raise StorageDown(f"cannot write to {self.root}: no permission or read-only disk")
        if disk.f_bavail * disk.f_frsize < LEAST_FREE_BYTES:
            raise StorageDown(f"cannot write to {self.root}: the disk is full")

    def prepare(self) -> None:
        """Nothing is slow here."""

    def path(self, key: str) -> Path:
        """Where a key lives; two levels of folders keep each one small."""
        company, name = require_key(key).split("/")
        return self.root / company / name[:2] / name[2:4] / name

    def keys(self) -> list[str]:
        """Every key kept here, oldest first; for a spool or a backup, not for a request."""
        found: list[tuple[float, str]] = []
        for file in self.root.glob("*/*/*/*"):
            key = f"{file.parts[-4]}/{file.name}"
            with suppress(BadKey, FileNotFoundError):
                found.append((file.stat().st_mtime, require_key(key)))
        return [key for _, key in sorted(found)]

    def tidy(self, *, older_than_seconds: float) -> int:
        """Remove what a killed process left half-written; returns how many files went."""
        horizon = time.time() - older_than_seconds
        removed = 0
        for file in self.root.glob("*/*/*/.*.part"):
            with suppress(FileNotFoundError):
                if _PART.fullmatch(file.name) and file.stat().st_mtime < horizon:
                    file.unlink()
                    removed += 1
        return removed

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        above = folder.parent
        if above != folder and not above.is_dir():
            self._make_folder(above)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            _flush_folder(above)


@contextmanager
def _in_words(attempt: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = "the disk is full" if error.errno in _FULL else (error.strerror or "unknown error")
        raise StorageDown(f"{attempt}: {reason}") from error


def _write_durably(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb", buffering=0) as file:
        left = memoryview(content)
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """A rename is only durable once the folder that holds the name is on disk too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
