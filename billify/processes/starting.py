"""`billify up`: everything on this machine, from an empty folder to an address to open."""

import contextlib
import errno
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Collection, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from flask import Flask

from billify.config import MissingSettings, Settings
from billify.embedded import CannotStart, Embedded
from billify.processes import stand_in
from billify.processes.environment import environment
from billify.processes.roles import ROLES, preload
from billify.processes.supervisor import Supervisor, fork, share_memory

LONGEST_LOG_BYTES = 10_000_000
CHECK_SECONDS = 1.0
SLOW_START_SECONDS = 60.0
BACKLOG = 512


def up(environ: MutableMapping[str, str] = os.environ, only: Collection[str] = ()) -> int:
    """Run Billify until Ctrl-C or SIGTERM; `only` names some of the roles. Gives the exit code."""
    try:
        names = _chosen(only)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with _listener(environ) if "web" in names else contextlib.nullcontext() as listener:
            say("Starting Billify ...")
            with environment(environ) as parts:
                for note in parts.notes:
                    say(note)
                doors = stand_in.open_doors(environ) if parts.postgres is not None else {}
                return _Run(Settings.load(environ), parts, listener, names, doors).go()
    except (CannotStart, MissingSettings) as problem:
        complain(str(problem))
        return 1
    except KeyboardInterrupt:
        return 130


def run(name: str, environ: MutableMapping[str, str] = os.environ) -> int:
    """Be one role in this very process, for a process manager that watches itself."""
    try:
        _chosen([name])
        with environment(environ):
            app = _app()
            share_memory()
            with _listener(environ) if name == "web" else contextlib.nullcontext() as listener:
                ROLES[name](app, listener)
        return 0
    except (CannotStart, MissingSettings) as problem:
        complain(str(problem))
        return 1


def say(line: str) -> None:
    """A line for the person at the terminal."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def complain(line: str) -> None:
    """A line about what went wrong."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


@dataclass(slots=True)
class _Run:
    """One `billify up`, from the first migration to the last child."""

    settings: Settings
    parts: Embedded
    listener: socket.socket | None
    names: list[str]
    doors: dict[str, socket.socket] = field(default_factory=dict)
    """Of the stand-ins, by name."""
    ready: bool = False
    slow_at: float = 0.0
    check_at: float = 0.0

    def go(self) -> int:
        supervisor = Supervisor(say=say)
        app = _app()
        preload()
        share_memory()
        if not self._prepare(app):
            return 1
        for name in self.names:
            supervisor.add(name, partial(self._be, name, app))
        for name, door in self.doors.items():
            supervisor.add(name, partial(self._play, name, door))
        supervisor.heed_signals()
        self.slow_at = time.monotonic() + SLOW_START_SECONDS
        try:
            supervisor.watch(self._each_round)
        finally:
            say("Stopping ...")
            supervisor.stop()
        return 0

    def _prepare(self, app: Flask) -> bool:
        """Migrations and the demo company, in a child: what they load is gone with it."""
        if self.settings.is_production:
            return True
        if self.settings.database_owner_url is None:
            say("No DATABASE_OWNER_URL is given, so the database is taken as it stands.")
            return True
        say("Preparing the database; the first start takes a little longer ...")
        _, status = os.waitpid(fork("prepare", partial(self._fill, app)), 0)
        if status:
            log = self._log("prepare")
            complain(f"The database could not be prepared: {_last_line(log)} (all of it: {log})")
        return status == 0

    def _fill(self, app: Flask) -> None:
        """The demo company goes into a database of our own only, never into a given one."""
        from billify.data import migrate

        self._leave()
        _log_to(self._log("prepare"))
        if self.settings.database_owner_url is not None:
            migrate.upgrade(self.settings.database_owner_url)
        if self.parts.postgres is not None:
            from billify.application import demo

            with app.app_context():
                demo.ensure()
                demo.look_ahead()
                if "ponto" in self.doors:
                    demo.connect_bank()
                if "yuki" in self.doors:
                    demo.connect_books()
                stand_in.rehearse(self.settings.var, self.doors)

    def _be(self, name: str, app: Flask) -> None:
        """In the forked child."""
        self.parts.leave()
        if not self.settings.is_production:
            _log_to(self._log(name))
        for door in self.doors.values():
            door.close()
        ROLES[name](app, self.listener)

    def _play(self, name: str, door: socket.socket) -> None:
        """In the forked child that plays a partner."""
        self._leave()
        _log_to(self._log(name))
        for other, its in self.doors.items():
            if other != name:
                its.close()
        stand_in.play(name, door, self.settings.var)

    def _log(self, name: str) -> Path:
        return self.settings.var / "log" / f"{name}.log"

    def _leave(self) -> None:
        self.parts.leave()
        if self.listener is not None:
            self.listener.close()

    def _each_round(self) -> None:
        now = time.monotonic()
        if now < self.check_at:
            return
        self.check_at = now + CHECK_SECONDS
        self._revive()
        if self.listener is not None and not self.ready:
            self._greet(now)

    def _revive(self) -> None:
        try:
            for name in self.parts.revive():
                say(f"{name} had stopped and was started again.")
        except CannotStart as problem:
            complain(str(problem))
            self.check_at += 10 * CHECK_SECONDS

    def _greet(self, now: float) -> None:
        if _answers(self.settings):
            self.ready = True
            say(self._welcome())
        elif now > self.slow_at:
            self.slow_at = now + SLOW_START_SECONDS
            complain(f"Billify does not answer yet; {self.settings.var / 'log'} may tell why.")

    def _welcome(self) -> str:
        settings = self.settings
        lines = [f"Billify runs at {settings.public_url}/"]
        if self.parts.postgres is not None:
            from billify.application import demo

            lines += ["", "Log in as:", *(f"  {login}" for login in demo.LOGINS), ""]
        if not settings.is_production:
            lines += [f"Data and logs stand in {settings.var}. Ctrl-C stops everything."]
        return "\n".join(lines)


def _app() -> Flask:
    from billify.factory import create_app

    return create_app()


def _chosen(only: Collection[str]) -> list[str]:
    unknown = [name for name in only if name not in ROLES]
    if unknown:
        raise CannotStart(f"There is no process {unknown[0]}: choose from {', '.join(ROLES)}.")
    return [name for name in ROLES if not only or name in only]


def _listener(environ: MutableMapping[str, str]) -> socket.socket:
    """Take the port before anything else, and keep it while the web restarts."""
    host, port = environ.get("HOST") or "127.0.0.1", environ.get("PORT") or "8000"
    if not port.isdigit() or int(port) > 65535:
        raise CannotStart(f"PORT must be a number up to 65535, and is {port!r}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
        listener.listen(BACKLOG)
    except (OSError, UnicodeError) as problem:
        listener.close()
        raise CannotStart(_why_no_port(problem, host, port)) from problem
    return listener


def _why_no_port(problem: Exception, host: str, port: str) -> str:
    number = problem.errno if isinstance(problem, OSError) else None
    if number == errno.EADDRINUSE:
        return f"Port {port} is in use by another program: choose one, as in `PORT=8123 make run`."
    if number == errno.EACCES:
        return f"This user may not open port {port}: choose one above 1023, as in `PORT=8123`."
    return f"Billify can't listen on {host}, port {port}: {problem}."


def _answers(settings: Settings) -> bool:
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (asked, not opened)
    host = everywhere.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=CHECK_SECONDS)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.strip()), "it does not say why")


def _log_to(file: Path) -> None:
    """The terminal stays for what a person must know."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    if file.exists() and file.stat().st_size > LONGEST_LOG_BYTES:
        flags |= os.O_TRUNC
    log = os.open(file, flags, 0o600)
    for standard in (1, 2):
        os.dup2(log, standard)
    os.close(log)
