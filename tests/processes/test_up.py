"""`billify up` for real: every process, killed one after another, and nothing left at the end."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from billify.processes.roles import ROLES
from tests.servers import CHECKOUT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "TESSERACT_CMD", "BILLIFY_ENV")


@dataclass
class Billify:
    """One `billify up` and the folder it runs in."""

    process: subprocess.Popen[bytes]
    var: Path
    port: int

    def child(self, name: str) -> int:
        """The process of one role."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                ours = int(stat_of(folder)[1]) == self.process.pid
                if ours and (folder / "comm").read_text().strip() == name:
                    return int(folder.name)
        return 0

    def asks(self, path: str) -> int:
        """The status of a page, 0 without an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def is_ready(self) -> bool:
        """Database, queue and storage answer too."""
        return self.asks("/health/ready") == http.HTTPStatus.OK

    def said(self) -> str:
        """What stands on the terminal."""
        return (self.var / "terminal").read_text()


@pytest.fixture
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="billify-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    for pid in left_overs(folder):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder)


@contextlib.contextmanager
def running(var: Path) -> Iterator[Billify]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {name: value for name, value in os.environ.items() if name not in GIVEN}
    with (var / "terminal").open("wb") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "billify", "up"],
            cwd=CHECKOUT,
            env=environ | {"BILLIFY_VAR": str(var), "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
        )
    billify = Billify(process, var, port)
    try:
        until(lambda: "Ctrl-C stops everything" in billify.said(), seconds=120)
        yield billify
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def test_what_is_killed_comes_back_and_nothing_is_left_at_the_end(var: Path) -> None:
    with running(var) as billify:
        until(billify.is_ready)
        for name in ROLES:
            kill_and_await_another(partial(billify.child, name))
        for noted in (var / "postgres/18/postmaster.pid", var / "valkey/valkey.pid"):
            kill_and_await_another(partial(number_in, noted))
        until(billify.is_ready)

        started = time.monotonic()
        billify.process.send_signal(signal.SIGINT)
        code = billify.process.wait(timeout=20)

    assert code == 0
    assert time.monotonic() - started < 10
    assert left_overs(var) == []
    said = billify.said()
    assert "PostgreSQL had stopped and was started again." in said
    assert "Valkey had stopped and was started again." in said
    assert "Traceback" not in said


def test_after_a_killed_parent_the_next_start_finds_its_data(var: Path) -> None:
    with running(var) as billify:
        children = [billify.child(name) for name in ROLES]
        billify.process.kill()
        billify.process.wait()
        until(lambda: not any(lives(child) for child in children))
        database = number_in(var / "postgres/18/postmaster.pid")

    with running(var) as again:
        assert number_in(var / "postgres/18/postmaster.pid") == database
        until(again.is_ready)

    assert left_overs(var) == []


def kill_and_await_another(number: Callable[[], int]) -> None:
    first = number()
    assert first
    os.kill(first, signal.SIGKILL)
    until(lambda: number() not in (0, first) and lives(number()))


def until(holds: Callable[[], bool], *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


def number_in(file: Path) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(file.read_text().split()[0])
    return 0


def lives(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return stat_of(Path(f"/proc/{pid}"))[0] != "Z"
    return False


def left_overs(var: Path) -> list[int]:
    """Processes that know this folder from their environment or their words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            known = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            if os.fsencode(var) in known and lives(int(folder.name)):
                found.append(int(folder.name))
    return found


def stat_of(folder: Path) -> list[str]:
    """State, parent and what follows them."""
    return (folder / "stat").read_text().rpartition(")")[2].split()
