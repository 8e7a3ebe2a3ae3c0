import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from billify.embedded import CannotStart, place

STRANGER = place.Account("stranger", uid=64_000, gid=64_000, drop=True)
OURSELVES = place.Account("we", uid=os.geteuid(), gid=os.getegid(), drop=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may enter, as pytest's own is not."""
    made = Path(tempfile.mkdtemp(prefix="billify-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def test_the_folders_are_private(folder: Path) -> None:
    prepared = place.prepare(folder / "var")

    assert prepared.secrets.stat().st_mode & 0o777 == 0o700
    assert prepared.logs.stat().st_mode & 0o777 == 0o700
    assert prepared.sockets.stat().st_mode & 0o777 == 0o700


def test_a_closed_folder_above_keeps_a_stranger_out(folder: Path) -> None:
    closed = folder / "closed"
    inner = closed / "open"
    inner.mkdir(parents=True)
    closed.chmod(0o700)

    assert not place.may_enter(inner, STRANGER)
    assert place.may_enter(inner, OURSELVES)


def test_a_deep_folder_gets_its_sockets_elsewhere(folder: Path) -> None:
    deep = folder / ("d" * 100)
    deep.mkdir()

    sockets = place._sockets(deep, OURSELVES)

    assert len(str(sockets / ".s.PGSQL.5432")) <= place.LONGEST_SOCKET_PATH
    assert not sockets.is_relative_to(folder)
    sockets.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another account")
def test_below_a_closed_folder_the_data_goes_elsewhere_and_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "FAR_HOME", folder / "far")
    var = folder / "closed" / "var"
    var.parent.mkdir()
    var.parent.chmod(0o700)

    prepared = place.prepare(var)

    assert prepared.home.parent == folder / "far"
    assert (var / "postgres").resolve() == prepared.home / "postgres"
    assert prepared.notes == (
        f"The database user {prepared.account.name} can't reach {var}, "
        f"so its data stands in {prepared.home}.",
    )


def test_a_socket_folder_made_by_someone_else_is_refused(folder: Path) -> None:
    open_to_all = folder / "run"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)

    with pytest.raises(CannotStart, match="belongs to someone else"):
        place._check_ours(open_to_all, OURSELVES)


def test_a_disk_that_is_nearly_full_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nearly_full = shutil._ntuple_diskusage(1_000_000_000, 988_000_000, 12_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: nearly_full)

    with pytest.raises(CannotStart, match=r"has 12 MB left and Billify needs 200"):
        place.prepare(folder / "var")


def test_a_file_in_the_way_is_named(folder: Path) -> None:
    (folder / "var").write_text("not a folder")

    with pytest.raises(CannotStart, match="var can't be used"):
        place.prepare(folder / "var")


def test_a_missing_wheel_says_what_to_do() -> None:
    with pytest.raises(CannotStart, match=r"run `make install`, or name one .* DATABASE_URL"):
        place.wheel_folder("no_such_wheel", part="PostgreSQL", variable="DATABASE_URL")
