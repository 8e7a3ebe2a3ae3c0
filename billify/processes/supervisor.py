"""One parent, its forked children: starts them, starts again what dies, ends them all."""

import contextlib
import ctypes
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import FrameType

PAUSE_SECONDS = 0.25
STOP_SECONDS = 6.0
# A child that lived this long had a good start, so its next death is news again.
SETTLED_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 30.0

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15


@dataclass(slots=True)
class Child:
    """One process we keep alive."""

    name: str
    body: Callable[[], None]
    pid: int | None = None
    started: float = 0.0
    due: float = 0.0
    deaths: int = 0


@dataclass(slots=True)
class Supervisor:
    """Keeps a set of children alive until it is told to stop."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    _insisted: bool = False

    def add(self, name: str, body: Callable[[], None]) -> None:
        """A child to keep alive from now on."""
        self.children.append(Child(name, body))

    def watch(self, each_round: Callable[[], None]) -> None:
        """Until told to stop: bury, start what is due, and do what belongs to each round."""
        while not self.stopping:
            for child in self.children:
                self._bury(child)
                if child.pid is None and time.monotonic() >= child.due:
                    self._start(child)
            each_round()
            time.sleep(PAUSE_SECONDS)

    def heed_signals(self) -> None:
        """Ctrl-C and SIGTERM end everything; a second one does not wait."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)

    def stop(self) -> None:
        """End every child, kindly for a few seconds, then at once, with all it started."""
        self.stopping = True
        _signal(self._pids(), signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while self._pids() and time.monotonic() < end and not self._insisted:
            for child in self.children:
                self._bury(child)
            time.sleep(0.05)
        for child in self.children:
            if child.pid is not None:
                _kill_group(child.pid)
                _signal([child.pid], signal.SIGKILL)  # it may not have had a group yet
                os.waitpid(child.pid, 0)
                child.pid = None

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._insisted = self.stopping
        self.stopping = True

    def _pids(self) -> list[int]:
        return [child.pid for child in self.children if child.pid is not None]

    def _start(self, child: Child) -> None:
        child.pid = fork(child.name, child.body)
        child.started = time.monotonic()

    def _bury(self, child: Child) -> None:
        if child.pid is None:
            return
        pid, status = os.waitpid(child.pid, os.WNOHANG)
        if pid == 0:
            return
        _kill_group(pid)
        child.pid = None
        if not self.stopping:
            self._plan_again(child, os.waitstatus_to_exitcode(status))

    def _plan_again(self, child: Child, code: int) -> None:
        now = time.monotonic()
        child.deaths = 1 if now - child.started > SETTLED_SECONDS else child.deaths + 1
        wait = min(2.0 ** (child.deaths - 1) - 1, LONGEST_WAIT_SECONDS)
        child.due = now + wait
        when = f"in {wait:.0f} s" if wait else "at once"
        self.say(f"{child.name} {_how_it_ended(code)} and is started again {when}.")


def fork(name: str, body: Callable[[], None]) -> int:
    """Run `body` in a child that ends when we do; gives its process number."""
    parent = os.getpid()
    _flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _settle_in(name, parent)
        body()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 (a forked child must never run on into its parent's code)
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            _flush()
        os._exit(code)


def share_memory() -> None:
    """Before forking: what lives now is never touched by a collection, so pages stay shared."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):
        _few_arenas()


def end_at_once_with_parent() -> None:
    """Tell the kernel to kill this process when the one that forked it is gone."""
    _ask_kernel(PR_SET_PDEATHSIG, signal.SIGKILL)


def _settle_in(name: str, parent: int) -> None:
    """A group of its own, so that Ctrl-C reaches the parent alone and a kill reaches everyone."""
    os.setpgid(0, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    _ask_kernel(PR_SET_PDEATHSIG, signal.SIGTERM)
    _ask_kernel(PR_SET_NAME, name.encode())
    if os.getppid() != parent:
        os._exit(0)


def _ask_kernel(option: int, value: int | bytes) -> None:
    """prctl is Linux's own; elsewhere a child simply outlives a parent that was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)


def _few_arenas() -> None:
    """glibc gives threads up to 8 heaps a core, and 64 threads would each leave some behind."""
    m_arena_max = -8
    ctypes.CDLL(None).mallopt(m_arena_max, 2)


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _kill_group(pid: int) -> None:
    """What a child started, such as Tesseract, does not outlive it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"stopped with code {code}"


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
