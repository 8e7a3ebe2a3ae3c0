"""A whole Billify on this machine, in real processes, with servers a test may break."""

import contextlib
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import redis
import requests
from flask import Flask

from billify import embedded
from billify.application import audit
from billify.config import Settings
from billify.data import tenancy
from billify.data.db import db
from billify.data.migrate import upgrade
from billify.embedded.postgres import APP, OWNER, Postgres
from billify.embedded.valkey import Valkey
from billify.factory import create_app
from billify.web.access import COOKIE
from tests import servers
from tests.cast import Cast, make_cast

START_SECONDS = 60
PROGRAM = "import sys; from billify.processes import up; sys.exit(up())"


@dataclass
class Paper:
    """A file to hand in."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Row:
    """A document as it stands in the database."""

    id: UUID
    status: str
    pages: int
    pages_read: int
    is_spooled: bool
    reason: str | None


@dataclass
class House:
    """Billify with all its processes, a browser of Anna's, and a way to look at its rows."""

    folder: Path
    parts: embedded.Embedded
    environ: dict[str, str]
    app: Flask
    cast: Cast
    port: int
    process: subprocess.Popen[bytes] | None = None
    browser: requests.Session = field(default_factory=requests.Session)

    @property
    def postgres(self) -> Postgres:
        assert self.parts.postgres is not None
        return self.parts.postgres

    @property
    def valkey(self) -> Valkey:
        assert self.parts.valkey is not None
        return self.parts.valkey

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/c/{self.cast.anna.slug}"

    def start(self) -> None:
        """`billify up`, with its supervisor, as everyone runs it."""
        log = (self.folder / "up.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=servers.CHECKOUT,
        )
        log.close()
        wait_until(self.answers, START_SECONDS, self.log)
        self.log_in()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.browser.close()

    def answers(self) -> bool:
        with contextlib.suppress(requests.RequestException):
            found = requests.get(f"http://127.0.0.1:{self.port}/health/live", timeout=2)
            return found.status_code == 200
        return False

    def listens(self) -> bool:
        """Is the port taken by whatever process?"""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def log_in(self) -> None:
        """Anna's browser, with a form token."""
        self.browser.cookies.set(COOKIE, self.cast.anna.token, domain="127.0.0.1")
        page = self.browser.get(f"{self.url}/purchases", timeout=20)
        assert page.status_code == 200, page.text
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
        assert found is not None
        self.browser.headers["X-CSRFToken"] = found[1]

    def hand_in(self, *papers: Paper) -> requests.Response:
        """Upload files as the page's script does."""
        files = [("files", (paper.name, paper.content, "application/pdf")) for paper in papers]
        return self.browser.post(
            f"{self.url}/documents", files=files, headers={"HX-Request": "true"}, timeout=60
        )

    def worker(self, role: str) -> int:
        """The process number of a role."""
        assert self.process is not None
        for child in children(self.process.pid):
            with contextlib.suppress(OSError):
                if Path(f"/proc/{child}/comm").read_text().strip() == role:
                    return child
        raise ProcessLookupError(role)

    def kill(self, role: str) -> int:
        """End a role at once, without a word; its supervisor starts it again."""
        found: list[int] = []

        def is_there() -> bool:
            with contextlib.suppress(ProcessLookupError):
                found[:] = [self.worker(role)]
            return bool(found)

        wait_until(is_there, 30, self.log)
        os.kill(found[0], signal.SIGKILL)
        return found[0]

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:  # Any: SQL values
        """Ask the database in Anna's company, whatever state Billify is in."""
        url = self.postgres.url(APP).replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            connection.execute(
                "SELECT set_config('app.company_id', %s, true)", [str(self.cast.anna.company_id)]
            )
            return connection.execute(statement, values).fetchall()  # type: ignore[call-overload]

    def row(self, paper: Paper) -> Row | None:
        """The one row of a file, if there is one."""
        rows = self.query(
            "SELECT id, status, pages, pages_read, is_spooled, reason FROM document"
            " WHERE sha256 = %s AND status <> 'deleted'",
            paper.sha256,
        )
        assert len(rows) <= 1
        return Row(*rows[0]) if rows else None

    def is_read(self, paper: Paper) -> bool:
        row = self.row(paper)
        return row is not None and row.status not in ("waiting", "reading")

    def await_read(self, papers: list[Paper], seconds: float = 150) -> None:
        wait_until(lambda: all(self.is_read(paper) for paper in papers), seconds, self.log)

    def assert_read_once(self, papers: list[Paper]) -> None:
        """Each has one row, one draft, one word in the audit log that it was drafted, and bytes."""
        for paper in papers:
            row = self.row(paper)
            assert row is not None, f"{paper.name} is lost"
            assert row.status == "to_check", (paper.name, row)
            drafts = self.query("SELECT id FROM invoice WHERE document_id = %s", row.id)
            assert len(drafts) == 1, (paper.name, drafts)
            told = self.query(
                "SELECT verb FROM audit_event WHERE subject_id = %s AND verb = 'invoice.drafted'",
                drafts[0][0],
            )
            assert len(told) == 1, (paper.name, told)
            kept = self.browser.get(f"{self.url}/documents/{row.id}/original", timeout=20)
            assert kept.content == paper.content, paper.name
        left = self.query(
            "SELECT name, status, error FROM job WHERE status IN ('waiting', 'running', 'dead')"
            " AND name = 'documents.read'"
        )
        assert left == []
        self.assert_chain_holds()

    def assert_chain_holds(self) -> None:
        with self.app.app_context(), tenancy.company_scope(self.cast.anna.actor.company_id):
            assert audit.verify() == []
            db.session.remove()

    def flush(self) -> None:
        """Empty the whole queue, and all else Valkey knows."""
        redis.Redis.from_url(self.environ["REDIS_URL"]).flushall()

    def log(self) -> str:
        """What the processes said, for a failing test."""
        files = [self.folder / "up.log", *sorted((self.folder / "log").glob("*.log"))]
        return "\n".join(
            f"--- {file.name}\n{file.read_text(errors='replace')[-3000:]}"
            for file in files
            if file.exists() and file.name not in ("postgres.log", "valkey.log")
        )


@contextlib.contextmanager
def house(**more: str) -> Iterator[House]:
    """Everything up and running, and gone at the end."""
    with servers.own_servers() as parts:
        assert parts.postgres is not None
        assert parts.valkey is not None
        folder = parts.postgres.place.var
        port = free_port()
        owner = parts.postgres.url(OWNER)
        environ = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            **embedded.start(folder, {"tesseract"}).variables,
            "BILLIFY_VAR": str(folder),
            "SECRET_KEY": "tests-only-tests-only-tests-only-tests",
            "DATABASE_URL": parts.postgres.url(APP),
            "DATABASE_OWNER_URL": owner,
            "REDIS_URL": parts.valkey.url(),
            "PORT": str(port),
            **more,
        }
        upgrade(owner)
        app = create_app(Settings.load(environ))
        with app.app_context():
            cast = make_cast()
            db.session.remove()
        running = House(folder, parts, environ, app, cast, port)
        try:
            running.start()
            yield running
        finally:
            running.stop()
            with app.app_context():
                db.engine.dispose()


def wait_until(
    is_so: Callable[[], bool], seconds: float, explain: Callable[[], str] = lambda: ""
) -> None:
    """Ask again and again; a server that is away is no answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(psycopg.OperationalError):
            if is_so():
                return
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s\n{explain()}")


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
