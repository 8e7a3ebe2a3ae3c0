"""Server time of the pages people use most, in a company with very many rows.

`benchmarks/pages.py [--sizes 20000:200000 100000:1000000] [--rounds 60] [--json FILE]`

Each size lives in a database of its own, on embedded servers below --folder; it is filled at the
first run and kept for the next. Every page is asked for through WSGI, signed in, row-level
security on, and measured in turn with (1) the very SQL it ran, sent again by the bare driver on
the same database as the same role, and (2) a Flask page that runs this SQL and shows these rows
in a plain table. So a busy machine slows all three alike, and the ratio stands.
CPU is that of the web process; what PostgreSQL spends is in the wall time.
"""

import argparse
import io
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, render_template_string
from sqlalchemy import event

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

SLUG = "large"
DEEP = 200
MOST_RATIO = 5.0
MOST_GROWTH = 1.3
WARM_UP = 12


@dataclass
class Times:
    """What one thing took, in milliseconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def once(self, work: Callable[[], object]) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        work()
        self.cpu.append((time.thread_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)

    @property
    def p50(self) -> float:
        return statistics.median(self.wall)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.wall, n=20)[-1]

    @property
    def cpu50(self) -> float:
        return statistics.median(self.cpu)

    @property
    def cpu95(self) -> float:
        return statistics.quantiles(self.cpu, n=20)[-1]


@dataclass
class Measured:
    """One page at one size."""

    page: str
    wall_p50: float
    wall_p95: float
    cpu_p50: float
    cpu_p95: float
    sql_p50: float
    naked_p50: float
    statements: int
    bytes: int

    @property
    def ratio(self) -> float:
        return self.wall_p50 / self.naked_p50


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
        parts = self.app.wsgi_app(environ, lambda status, *_: said.append(status))
        body = b"".join(parts)
        parts.close()  # type: ignore[attr-defined]  # every WSGI answer of Flask has it
        if not said[0].startswith("200"):
            raise SystemExit(f"{path} answered {said[0]}")
        return body


class Naked:
    """A Flask page with nothing around it: the same SQL, the same rows, a plain table."""

    def __init__(self, connection: "psycopg.Connection[Any]", statements: list[Any]) -> None:
        self._connection = connection
        self._statements = statements
        self.app = Flask("naked")
        self.app.add_url_rule("/", view_func=self._page)
        self.site = Site(self.app, "")

    def run(self) -> list[tuple[Any, ...]]:
        """Every statement; gives the rows of the one with most."""
        most: list[tuple[Any, ...]] = []
        with self._connection.cursor() as cursor:
            for statement, parameters in self._statements:
                cursor.execute(statement, parameters)
                rows = cursor.fetchall() if cursor.description else []
                most = max(most, rows, key=len)
        self._connection.rollback()
        return most

    def _page(self) -> str:
        return render_template_string(_PLAIN, rows=self.run())


_PLAIN = """<!doctype html><title>Rows</title><h1>Rows</h1><table>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table>"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", nargs="+", default=["20000:200000", "100000:1000000"])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/billify-benchmark"))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", help="measure pages whose name holds this")
    chosen = parser.parse_args()
    found: dict[str, list[Measured]] = {}
    for size in chosen.sizes:
        with site(chosen.folder / size.replace(":", "-"), size) as (here, connection):
            found[size] = [
                measure(here, connection, name, path, by_htmx=by_htmx, rounds=chosen.rounds)
                for name, path, by_htmx in pages(here)
                if not chosen.only or chosen.only in name
            ]
    print(table(found))
    if chosen.json:
        chosen.json.write_text(
            json.dumps({size: [asdict(one) for one in all_] for size, all_ in found.items()})
        )


@contextmanager
def site(folder: Path, size: str) -> Iterator[tuple[Site, "psycopg.Connection[Any]"]]:
    """The application on the database of one size, filled when it is new."""
    folder.mkdir(parents=True, exist_ok=True)
    environ = {"BILLIFY_VAR": str(folder), "BILLIFY_ENV": "test", "PATH": os.environ["PATH"]}
    from billify.config import Settings
    from billify.processes.environment import environment

    with environment(environ):
        fill(environ, size)
        from billify.factory import create_app

        app = create_app(Settings.load(environ))
        url = environ["DATABASE_URL"].replace("+psycopg", "")
        with app.app_context(), psycopg.connect(url) as connection, quiet(folder):
            yield Site(app, sign_in()), connection
            from billify.data.db import db

            db.session.remove()
            db.engine.dispose()


def fill(environ: dict[str, str], size: str) -> None:
    """Seed the database in a process of its own, so that this one stays as a web process is."""

    def run(*command: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "billify", *command], cwd=HERE, env=environ, check=True
        )

    run("migrate")
    with psycopg.connect(environ["DATABASE_URL"].replace("+psycopg", "")) as connection:
        connection.execute("SELECT set_config('app.system', 'on', true)")
        if connection.execute("SELECT 1 FROM company WHERE slug = %s", [SLUG]).fetchone():
            return
    invoices, transactions = size.split(":")
    run("seed", "--company", SLUG, "--invoices", invoices, "--transactions", transactions)


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

    user = auth.user_by_email(f"owner@{SLUG}.billify.test")
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


def pages(here: Site) -> list[tuple[str, str, bool]]:
    """Name, address, and whether htmx asks."""
    root = f"/c/{SLUG}"
    desk = f"{root}/purchases"
    deep, deep_rows = places(here, f"{desk}/list")
    year = datetime.now(UTC).year - 1
    return [
        ("home", f"{root}/", False),
        ("home: position", f"{root}/widgets/position", True),
        ("home: forecast", f"{root}/widgets/forecast", True),
        ("home: open amounts", f"{root}/widgets/open", True),
        ("home: waiting", f"{root}/widgets/waiting", True),
        ("purchases", desk, False),
        ("purchases: open", f"{desk}?view=open", False),
        (
            "purchases: period, amount",
            f"{desk}?from=01/01/{year}&until=31/12/{year}&min=500",
            False,
        ),
        ("purchases: by amount", f"{desk}?sort=-amount", False),
        ("purchases: search, found", f"{desk}?q=zuidpoort", False),
        ("purchases: search, nothing", f"{desk}?q=xylofoonbouwer", False),
        (f"purchases: {DEEP} pages deep", deep, False),
        ("list fragment", f"{desk}/list", True),
        ("list fragment, search", f"{desk}/list?q=zuidpoort", True),
        (f"more rows, {DEEP} pages deep", deep_rows, True),
        ("check screen", check_screen(), False),
        ("bank", f"{root}/bank", False),
    ]


def places(here: Site, first: str) -> tuple[str, str]:
    """The addresses of a page that lies so many pages down, or of the last, by walking there."""
    fragment = here.ask(first, by_htmx=True).decode()
    page, rows = first, first
    for _ in range(DEEP - 1):
        pager = fragment[fragment.rindex('id="more"') :]
        found = re.search(r'href="([^"]+)"[^>]*?hx-get="([^"]+)"', pager)
        if found is None:
            break
        page, rows = unescape(found[1]), unescape(found[2])
        fragment = here.ask(rows, by_htmx=True).decode()
    return page, rows


def check_screen() -> str:
    """An invoice with its document, handed in and read as always, once a database."""
    from billify.application import documents, people
    from billify.application.demo import papers
    from billify.data import tenancy
    from billify.data.queries import auth, invoices
    from billify.domain import demo
    from billify.domain.roles import Actor, Role
    from billify.integrations import typeset

    company_id = people.company_id(slug=SLUG)
    user = auth.user_by_email(f"owner@{SLUG}.billify.test")
    assert user is not None
    by = Actor(user.id, user.name, user.email, company_id, Role.OWNER)
    made = demo.build_second(today=datetime.now(UTC).date().replace(month=1, day=2))
    letter = made.incoming[0]
    paper = papers.of_supplier(letter, to=made, look=0)
    with tenancy.company_scope(company_id):
        taken = documents.receive(
            content=typeset.invoice_pdf(paper, on=letter.invoice.issue_date),
            name=letter.file_name,
            by=by,
        )
        documents.read(document_id=taken.document.id)
        invoice = invoices.lock_of_document(taken.document.id)
    assert invoice is not None
    return f"/c/{SLUG}/invoices/{invoice.id}"


def measure(
    here: Site,
    connection: "psycopg.Connection[Any]",
    name: str,
    path: str,
    *,
    by_htmx: bool,
    rounds: int,
) -> Measured:
    """The page, its SQL and the naked page, in turn."""
    statements = captured(here, path, by_htmx=by_htmx)
    naked = Naked(connection, statements)
    page, bare, plain = Times(), Times(), Times()
    for at in range(WARM_UP + rounds):
        times = (page, bare, plain) if at >= WARM_UP else (Times(), Times(), Times())
        times[0].once(lambda: here.ask(path, by_htmx=by_htmx))
        times[1].once(naked.run)
        times[2].once(lambda: naked.site.ask("/"))
    asked = [one for one in statements if "set_config" not in one[0]]
    return Measured(
        page=name,
        wall_p50=page.p50,
        wall_p95=page.p95,
        cpu_p50=page.cpu50,
        cpu_p95=page.cpu95,
        sql_p50=bare.p50,
        naked_p50=plain.p50,
        statements=len(asked),
        bytes=len(here.ask(path, by_htmx=by_htmx)),
    )


def captured(here: Site, path: str, *, by_htmx: bool) -> list[Any]:
    """The statements a page sends, with their parameters, as the driver gets them."""
    from billify.data.db import db

    statements: list[Any] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        statements.append((statement, given or None))

    here.ask(path, by_htmx=by_htmx)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        here.ask(path, by_htmx=by_htmx)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return statements


def table(found: dict[str, list[Measured]]) -> str:
    """Everything as Markdown, each ratio beside its limit."""
    lines = []
    smallest = {one.page: one for one in next(iter(found.values()))}
    for size, measured in found.items():
        invoices, transactions = size.split(":")
        lines += [
            f"\n{int(invoices):,} invoices, {int(transactions):,} bank transactions:\n",
            "| page | wall p50 | p95 | CPU p50 | p95 | bare SQL | naked page | ratio (≤ 5)"
            " | growth (≤ 1.3) | statements |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        for one in measured:
            growth = one.wall_p50 / smallest[one.page].wall_p50 if one.page in smallest else 1.0
            lines.append(
                f"| {one.page} | {one.wall_p50:.1f} | {one.wall_p95:.1f} | {one.cpu_p50:.1f}"
                f" | {one.cpu_p95:.1f} | {one.sql_p50:.1f} | {one.naked_p50:.1f}"
                f" | {_marked(one.ratio, MOST_RATIO)} | {_marked(growth, MOST_GROWTH)}"
                f" | {one.statements} |"
            )
    return "\n".join(lines)


def _marked(value: float, limit: float) -> str:
    return f"{value:.1f}" if value <= limit else f"**{value:.1f}**"


if __name__ == "__main__":
    main()
