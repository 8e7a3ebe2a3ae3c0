"""A server as a process of its own: launched, watched, stopped, and explained when it fails."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from billify.embedded.place import Account, CannotStart, disk_is_full, refused_clearly

LONGEST_LOG_BYTES = 5_000_000
TAIL_BYTES = 4_000
PAUSE_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Program:
    """One server program, the account it runs under and the file its words go to."""

    name: str
    account: Account
    folder: Path
    log: Path

    def launch(self, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, so that Ctrl-C reaches only Billify."""
        with refused_clearly(self.log), self._opened_log() as log:
            return subprocess.Popen(
                [os.fspath(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.folder,
                env={"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"},
                user=self.account.uid if self.account.drop else None,
                group=self.account.gid if self.account.drop else None,
                extra_groups=[] if self.account.drop else None,
            )

    def run(self, command: Sequence[str | Path]) -> None:
        """Run it to its end."""
        code = self.launch(command).wait()
        if code:
            raise CannotStart(self.why(code))

    def await_ready(
        self, process: subprocess.Popen[bytes], answers: Callable[[], bool], *, seconds: float
    ) -> None:
        """Wait until it answers; raises CannotStart when it ends or stays silent."""
        end = time.monotonic() + seconds
        while not answers():
            code = process.poll()
            if code is not None:
                raise CannotStart(self.why(code))
            if time.monotonic() > end:
                process.kill()
                process.wait()
                raise CannotStart(
                    f"{self.name} does not answer after {seconds:.0f} seconds: see {self.log}."
                )
            time.sleep(PAUSE_SECONDS)
        # It may outlive us, and Popen would complain. From here on its number stands for it.
        process.returncode = 0

    def why(self, code: int) -> str:
        """What its last words mean, in one sentence."""
        words = self._last_words()
        if "No space left on device" in words or "Disk quota exceeded" in words:
            return disk_is_full(self.folder)
        if code == -signal.SIGKILL:
            return (
                f"{self.name} was killed while it started, most often because "
                "memory ran out: free some and start again."
            )
        last = _last_complaint(words)
        return f"{self.name} stopped with code {code}{last}; its log is {self.log}."

    @contextlib.contextmanager
    def _opened_log(self) -> Iterator[int]:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG_BYTES:
            self.log.write_bytes(b"")
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            yield log
        finally:
            os.close(log)

    def _last_words(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - TAIL_BYTES))
            return log.read().decode(errors="replace")


def stop(pid: int, *, politely: signal.Signals, firmly: signal.Signals, seconds: float) -> None:
    """Ask a process to end, then insist."""
    for how in (politely, firmly, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not lives(pid):
                return
            time.sleep(PAUSE_SECONDS)


def lives(pid: int) -> bool:
    """Whether a process with this number runs; a dead child of ours is buried on the way."""
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_dead_unburied(pid)


def _is_dead_unburied(pid: int) -> bool:
    """Someone else's dead child keeps its number until that parent looks."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] == "Z"


def _last_complaint(words: str) -> str:
    found = re.findall(r"(?:FATAL|PANIC|ERROR|error|Failed|Fatal)[^\n]*", words)
    return f" ({found[-1].strip().rstrip('.')})" if found else ""
