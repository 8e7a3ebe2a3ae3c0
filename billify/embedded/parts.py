"""Start what is needed and not given; stop it when the last user of these servers leaves."""

import contextlib
import fcntl
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from billify.embedded import tesseract
from billify.embedded.place import OPEN_TO_PASS, Place, make, prepare, refused_clearly
from billify.embedded.postgres import APP, OWNER, Postgres
from billify.embedded.valkey import Valkey

Part = Literal["postgres", "valkey", "tesseract"]
GIVEN_BY: dict[Part, str] = {
    "postgres": "DATABASE_URL",
    "valkey": "REDIS_URL",
    "tesseract": "TESSERACT_CMD",
}


@dataclass(slots=True)
class Embedded:
    """The servers that run here and the variables that lead to them."""

    variables: dict[str, str] = field(default_factory=dict)
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    notes: tuple[str, ...] = ()
    _var: Path | None = None
    _in_use: int | None = None

    @property
    def servers(self) -> list[Postgres | Valkey]:
        """The servers to watch."""
        return [part for part in (self.postgres, self.valkey) if part is not None]

    def revive(self) -> list[str]:
        """Start again what died; returns the names. Raises CannotStart."""
        dead = [part for part in self.servers if not part.lives()]
        if not dead or self._var is None:
            return []
        with _alone(self._var):
            for part in dead:
                part.ensure()
        return ["PostgreSQL" if isinstance(part, Postgres) else "Valkey" for part in dead]

    def leave(self) -> None:
        """In a forked child: forget the servers without stopping them."""
        if self._in_use is not None:
            os.close(self._in_use)
            self._in_use = None

    def stop(self) -> None:
        """Stop the servers, unless another Billify on this machine uses them too."""
        if self._var is None or self._in_use is None:
            return
        with _alone(self._var):
            self.stop_if_last(self._var)

    def stop_if_last(self, var: Path) -> None:
        """Stop, for a caller who alone may start or stop."""
        self.leave()
        if _is_unused(var):
            for part in self.servers:
                part.stop()
        self._var = None


def missing(environ: Mapping[str, str], need: Collection[Part]) -> set[Part]:
    """The parts that no variable names."""
    return {part for part in need if not environ.get(GIVEN_BY[part])}


def start(var: Path, need: Collection[Part], *, careless: bool = False) -> Embedded:
    """Start or adopt the parts in `need`. `careless` trades safety on disk for speed in tests.

    Raises CannotStart with a sentence for the person at the terminal.
    """
    embedded = Embedded()
    if "tesseract" in need:
        embedded.variables |= tesseract.ensure(var)
    if "postgres" in need or "valkey" in need:
        _start_servers(embedded, var.absolute(), need, careless=careless)
    return embedded


def _start_servers(
    embedded: Embedded, var: Path, need: Collection[Part], *, careless: bool
) -> None:
    with refused_clearly(var):
        make(var, OPEN_TO_PASS)
    with _alone(var):
        place = prepare(var)
        embedded.notes = place.notes
        embedded._var, embedded._in_use = var, _use(var)
        try:
            _ensure(embedded, place, need, careless=careless)
        except BaseException:  # an impatient Ctrl-C too must leave no server behind
            embedded.stop_if_last(var)
            raise


def _ensure(embedded: Embedded, place: Place, need: Collection[Part], *, careless: bool) -> None:
    if "postgres" in need:
        embedded.postgres = Postgres(place, careless=careless)
        embedded.postgres.ensure()
        embedded.variables["DATABASE_URL"] = embedded.postgres.url(APP)
        embedded.variables["DATABASE_OWNER_URL"] = embedded.postgres.url(OWNER)
    if "valkey" in need:
        embedded.valkey = Valkey(place)
        embedded.valkey.ensure()
        embedded.variables["REDIS_URL"] = embedded.valkey.url()


@contextlib.contextmanager
def _alone(var: Path) -> Iterator[None]:
    """One Billify at a time starts or stops servers."""
    with refused_clearly(var):
        lock = os.open(var / "starting.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _use(var: Path) -> int:
    """A shared lock that the kernel drops for us however we end."""
    descriptor = os.open(var / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _is_unused(var: Path) -> bool:
    descriptor = os.open(var / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
