"""The local folder: whole files or none, for their owner only."""

import errno
import os
import stat
from pathlib import Path

import pytest

from billify.config import Settings
from billify.integrations.storage import (
    SpooledStorage,
    StorageDown,
)
from billify.integrations.storage.local import LocalStorage
from tests.fakes.storage import (
    COMPANY,
    INVOICE,
    KEY,
    PREVIEW,
    Unreliable,
    files_in,
    largest_file,
)


def test_files_and_folders_are_for_their_owner_only(settings: Settings) -> None:
    storage = LocalStorage(settings.storage_dir)

    storage.put(KEY, INVOICE, "application/pdf")

    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for path in [settings.storage_dir, *settings.storage_dir.rglob("*")]
        if path.is_dir()
    }
    assert modes == {0o700}
    assert stat.S_IMODE(storage.path(KEY).stat().st_mode) == 0o600


def test_files_fan_out_over_two_levels_of_folders(settings: Settings) -> None:
    digest = KEY.split("/")[1]

    path = LocalStorage(settings.storage_dir).path(KEY)

    assert path == settings.storage_dir / COMPANY / digest[:2] / digest[2:4] / digest


def test_a_write_cut_short_leaves_no_half_file(settings: Settings) -> None:
    storage = LocalStorage(settings.storage_dir)
    storage.put(PREVIEW, b"a picture", "image/webp")

    with largest_file(64 * 1024), pytest.raises(StorageDown, match="the disk is full"):
        storage.put(KEY, b"x" * 128 * 1024, "application/pdf")

    assert not storage.exists(KEY)
    assert files_in(settings.storage_dir) == [storage.path(PREVIEW)]


def test_a_failed_overwrite_keeps_the_file_that_was_there(settings: Settings) -> None:
    storage = LocalStorage(settings.storage_dir)
    storage.put(KEY, INVOICE, "application/pdf")

    with largest_file(1024), pytest.raises(StorageDown):
        storage.put(KEY, b"x" * 4096, "application/pdf")

    assert storage.get(KEY) == INVOICE


def test_a_full_disk_is_told_in_words(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(StorageDown, match=r"cannot write to .*: the disk is full"):
        LocalStorage(settings.storage_dir).put(KEY, INVOICE, "application/pdf")


def test_nothing_is_accepted_when_the_spool_fails_too(tmp_path: Path) -> None:
    storage = SpooledStorage(Unreliable(is_down=True), tmp_path)

    with largest_file(16), pytest.raises(StorageDown, match="the disk is full"):
        storage.put(KEY, INVOICE, "application/pdf")

    assert storage.pending() == []
    assert files_in(tmp_path) == []


def test_what_a_killed_process_left_half_written_is_tidied(settings: Settings) -> None:
    storage = LocalStorage(settings.storage_dir)
    storage.put(KEY, INVOICE, "application/pdf")
    left = storage.path(KEY).parent / f".{'0' * 32}.part"
    left.write_bytes(b"%PDF")
    os.utime(left, (1_000_000, 1_000_000))

    removed = storage.tidy(older_than_seconds=3600)

    assert removed == 1
    assert storage.keys() == [KEY]
    assert storage.get(KEY) == INVOICE


def test_a_write_under_way_is_not_tidied(settings: Settings) -> None:
    storage = LocalStorage(settings.storage_dir)
    storage.put(KEY, INVOICE, "application/pdf")
    (storage.path(KEY).parent / f".{'0' * 32}.part").write_bytes(b"%PDF")

    assert storage.tidy(older_than_seconds=3600) == 0
