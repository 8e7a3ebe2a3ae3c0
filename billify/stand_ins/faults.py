"""What can go wrong on the way, by a switch."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong.

    `status` answers an error of that number; `cut_after` ends the connection after so many bytes
    of the whole answer, `cut_body_after` after so many of its body; `wait` seconds come before the
    answer; `body` replaces what is said. It happens `times`, on paths that hold `path`.
    """

    path: str = ""
    times: int = 1
    method: str = ""
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    cut_body_after: int | None = None
    wait: float = 0.0
    body: bytes | None = None
    media_type: str = "application/vnd.api+json"

    def fits(self, method: str, path: str) -> bool:
        """Whether it is this call that goes wrong."""
        return self.times > 0 and self.path in path and self.method in ("", method)


class Faults:
    """The faults that wait for their call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """From now on, until it has happened often enough."""
        with self._lock:
            self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault of this call, if there is one; it counts as happened."""
        with self._lock:
            found = next((one for one in self._waiting if one.fits(method, path)), None)
            if found is not None:
                found.times -= 1
                self._waiting = [one for one in self._waiting if one.times > 0]
        return found

    @contextmanager
    def during(self, fault: Fault) -> Iterator[Fault]:
        """Only within a block."""
        self.add(fault)
        try:
            yield fault
        finally:
            with self._lock:
                self._waiting = [one for one in self._waiting if one is not fault]
