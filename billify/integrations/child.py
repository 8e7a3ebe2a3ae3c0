"""A child process with bounded memory and time, for work on bytes that nobody vouches for.

Forked, so that it shares the worker's pages and starts in milliseconds. It speaks to its parent
in plain frames (a JSON head and raw bytes) and never in pickles, which could carry code back.
Its passing files lie in a folder of its own, which the parent removes however the child ended.
"""

import contextlib
import ctypes
import gc
import json
import os
import resource
import select
import shutil
import signal
import struct
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HEAD = struct.Struct(">II")
_PR_SET_PDEATHSIG = 1
_FOLDER = "billify-child-"
_FORGOTTEN_AFTER = 6 * 3600
"""Seconds: no child lives that long, so whoever should have removed its folder was killed."""


class TimedOut(Exception):
    """The child took longer than allowed and was stopped."""


class Broke(Exception):
    """The child ended before its work was done: crashed, or out of memory or CPU time."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of the child."""

    head: dict[str, Any]  # Any: JSON
    body: bytes


Send = Callable[[dict[str, Any], bytes], None]


def frames(work: Callable[[Send], None], *, seconds: float, memory: int) -> Iterator[Frame]:
    """Run `work` in a child and give its messages as they come.

    Raises TimedOut or Broke; the child and what it started are gone when this ends, also when
    the caller stops listening.
    """
    _remove_forgotten()
    folder = tempfile.mkdtemp(prefix=_FOLDER)
    reader, writer = os.pipe()
    pid = _fork()
    if pid == 0:
        tempfile.tempdir = folder
        _be_the_child(work, writer, seconds=seconds, memory=memory)
    os.close(writer)
    try:
        yield from _received(reader, time.monotonic() + seconds)
    finally:
        os.close(reader)
        _stop(pid)
        shutil.rmtree(folder, ignore_errors=True)


def give_back_memory() -> None:
    """Hand what was freed back to the kernel; the C library keeps it otherwise (glibc only)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _remove_forgotten() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _FORGOTTEN_AFTER:
                shutil.rmtree(folder)


def _fork() -> int:
    with warnings.catch_warnings():
        # Newer Pythons warn of threads; the child touches none of the parent's locks.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _be_the_child(
    work: Callable[[Send], None], writer: int, *, seconds: float, memory: int
) -> None:
    code = 1
    # What the parent has made is never looked through for waste here: that alone would write to
    # each of its pages, and so copy them.
    gc.freeze()
    try:
        _bound(writer, seconds=seconds, memory=memory)
        work(_sender(writer))
        _sender(writer)({"kind": "end"}, b"")
        code = 0
    except BrokenPipeError:
        pass  # the parent has heard enough
    except BaseException:  # noqa: BLE001 (the edge of a process: nothing may unwind further)
        traceback.print_exc()
    finally:
        # No clean-up handlers: they belong to the parent and would close its connections.
        os._exit(code)


def _bound(writer: int, *, seconds: float, memory: int) -> None:
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGCHLD):
        signal.signal(name, signal.SIG_DFL)
    # The parent's database and queue connections are none of the child's business.
    most = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 65_536)
    os.closerange(3, writer)
    os.closerange(writer + 1, most)
    _limit(resource.RLIMIT_CPU, int(seconds) + 1)
    _limit(resource.RLIMIT_AS, _address_space() + memory)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))


def _address_space() -> int:
    try:
        with open("/proc/self/statm") as numbers:  # noqa: PTH123 (a kernel file)
            return int(numbers.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1_000_000_000


def _sender(writer: int) -> Send:
    def send(head: dict[str, Any], body: bytes) -> None:  # Any: JSON
        packed = json.dumps(head, separators=(",", ":")).encode()
        rest = memoryview(_HEAD.pack(len(packed), len(body)) + packed + body)
        while rest:
            rest = rest[os.write(writer, rest) :]

    return send


def _received(reader: int, deadline: float) -> Iterator[Frame]:
    while True:
        head_size, body_size = _HEAD.unpack(_exactly(reader, _HEAD.size, deadline))
        head = json.loads(_exactly(reader, head_size, deadline))
        body = _exactly(reader, body_size, deadline)
        if head["kind"] == "end":
            return
        yield Frame(head, body)


def _exactly(reader: int, size: int, deadline: float) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            raise TimedOut
        part = os.read(reader, min(size - len(parts), 1 << 20))
        if not part:
            raise Broke
        parts += part
    return bytes(parts)


def _stop(pid: int) -> None:
    """End the child and what it started; both are in its own process group."""
    ended, _ = os.waitpid(pid, os.WNOHANG)
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    if not ended:
        os.waitpid(pid, 0)
