"""The company with very many rows: made once for each size, asked through WSGI by its owner."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

SLUG = "large"
OWNER = f"owner@{SLUG}.billify.test"
FORESEE = """
import os, sys
from billify.config import Settings
from billify.factory import create_app
with create_app(Settings.load(os.environ)).app_context():
    from billify.application import forecasts, people
    from billify.data import tenancy
    (company,) = [one for one in people.companies() if one.slug == sys.argv[1]]
    with tenancy.company_scope(company.id):
        forecasts.make()
"""
"""What a worker does, to be run apart: a process that serves pages never loads numpy."""


class Site:
    """The application on one database, and somebody signed in to the large company."""

    def __init__(self, app: Flask, token: str) -> None:
        self.app = app
        self._cookie = f"billify_session={token}; language=en"

    def ask(self, path: str, *, by_htmx: bool = False) -> bytes:
        """The body of an answer that must be 200."""
        route, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": route,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self._cookie,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if by_htmx:
            environ["HTTP_HX_REQUEST"] = "true"
        said: list[str] = []

        def start(status: str, _headers: object, _error: object = None) -> Callable[[bytes], None]:
            said.append(status)
            return lambda _: None

        parts = self.app.wsgi_app(environ, start)
        body = b"".join(parts)
        parts.close()  # type: ignore[attr-defined]  # every WSGI answer of Flask has it
        if not said[0].startswith("200"):
            raise SystemExit(f"{path} answered {said[0]}")
        return body


@contextmanager
def site(folder: Path, size: str) -> Iterator[tuple[Site, "psycopg.Connection[Any]"]]:
    """The application on the database of one size, filled when it is new."""
    folder = folder / size.replace(":", "-")
    folder.mkdir(parents=True, exist_ok=True)
    environ = {"BILLIFY_VAR": str(folder), "BILLIFY_ENV": "test", "PATH": os.environ["PATH"]}
    from billify.config import Settings
    from billify.processes.environment import environment
    from billify.processes.supervisor import share_memory

    with environment(environ):
        fill(environ, size)
        from billify.factory import create_app

        app = create_app(Settings.load(environ))
        url = environ["DATABASE_URL"].replace("+psycopg", "")
        with app.app_context():
            token = sign_in()
        share_memory()
        with psycopg.connect(url) as connection, quiet(folder):
            yield Site(app, token), connection
        with app.app_context():
            from billify.data.db import db

            db.engine.dispose()


def fill(environ: dict[str, str], size: str) -> None:
    """Seed the database in a process of its own, so that this one stays as a web process is."""

    def run(*command: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "billify", *command], cwd=HERE, env=environ, check=True
        )

    def foresee() -> None:
        """Make the forecast that Home shows."""
        subprocess.run([sys.executable, "-c", FORESEE, SLUG], cwd=HERE, env=environ, check=True)

    run("migrate")
    with psycopg.connect(environ["DATABASE_URL"].replace("+psycopg", "")) as connection:
        connection.execute("SELECT set_config('app.system', 'on', true)")
        if connection.execute("SELECT 1 FROM company WHERE slug = %s", [SLUG]).fetchone():
            foresee()
            return
    invoices, transactions = size.split(":")
    run("seed", "--company", SLUG, "--invoices", invoices, "--transactions", transactions)
    foresee()


@contextmanager
def quiet(folder: Path) -> Iterator[None]:
    """Log lines are written as always, but to a file: writing them is part of the work."""
    kept, log = os.dup(2), os.open(folder / "pages.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(log)


def sign_in() -> str:
    """A session of the large company's owner."""
    from billify.data import tenancy
    from billify.data.db import transaction
    from billify.data.models import LoginSession
    from billify.data.queries import auth
    from billify.domain import passwords

    user = auth.user_by_email(OWNER)
    if user is None:
        raise SystemExit("nobody owns the large company")
    token = passwords.new_token()
    with tenancy.user_scope(user.id), transaction() as session:
        session.add(
            LoginSession(
                user_id=user.id,
                token_hash=passwords.token_hash(token),
                expires_at=datetime.now(UTC) + timedelta(hours=6),
            )
        )
    return token
