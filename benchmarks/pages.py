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
import json
import re
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, render_template_string
from large import OWNER, SLUG, Site, site
from sqlalchemy import event

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
    naked_cpu_p50: float
    statements: int
    bytes: int

    @property
    def ratio(self) -> float:
        return self.wall_p50 / self.naked_p50


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
    with ExitStack() as stack:
        subjects = [
            Subject(size, here, connection, *page)
            for size in chosen.sizes
            for here, connection in [stack.enter_context(site(chosen.folder, size))]
            for page in pages(here)
            if not chosen.only or chosen.only in page[0]
        ]
        found = measured(subjects, chosen.rounds)
    print(table(found))
    if chosen.json:
        chosen.json.write_text(
            json.dumps({size: [asdict(one) for one in all_] for size, all_ in found.items()})
        )


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
        ("cash flow: weeks", f"{root}/cash-flow", False),
        ("cash flow: calendar", f"{root}/cash-flow/calendar", False),
        ("cash flow: plans", f"{root}/cash-flow/plans", False),
        ("cash flow: scenarios", f"{root}/scenarios", False),
        ("cash flow: budget", f"{root}/cash-flow/budget", False),
        ("cash flow: track record", f"{root}/track-record", False),
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
        ("check screen", check_screen(here), False),
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


def check_screen(here: Site) -> str:
    """An invoice with its document, handed in and read as always, once a database."""
    from billify.application import documents, people
    from billify.application.demo import papers
    from billify.data import tenancy
    from billify.data.queries import auth, invoices
    from billify.domain import demo
    from billify.domain.roles import Actor, Role
    from billify.integrations import typeset

    with here.app.app_context():
        company_id = people.company_id(slug=SLUG)
        user = auth.user_by_email(OWNER)
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


class Subject:
    """One page at one size, its SQL and the naked page."""

    def __init__(
        self,
        size: str,
        here: Site,
        connection: "psycopg.Connection[Any]",
        name: str,
        path: str,
        by_htmx: bool,
    ) -> None:
        self.size, self.name = size, name
        self._here, self._path, self._by_htmx = here, path, by_htmx
        self._statements = captured(here, path, by_htmx=by_htmx)
        self._naked = Naked(connection, self._statements)
        self._page, self._sql, self._plain = Times(), Times(), Times()

    def once(self, *, counts: bool) -> None:
        """All three in turn; the first rounds only warm up."""
        page, sql, plain = (self._page, self._sql, self._plain) if counts else _NOT_KEPT
        page.once(self._ask)
        sql.once(self._naked.run)
        plain.once(lambda: self._naked.site.ask("/"))

    def measured(self) -> "Measured":
        """What came out."""
        page = self._page
        return Measured(
            page=self.name,
            wall_p50=page.p50,
            wall_p95=page.p95,
            cpu_p50=page.cpu50,
            cpu_p95=page.cpu95,
            sql_p50=self._sql.p50,
            naked_p50=self._plain.p50,
            naked_cpu_p50=self._plain.cpu50,
            statements=sum("set_config" not in statement for statement, _ in self._statements),
            bytes=len(self._ask()),
        )

    def _ask(self) -> bytes:
        return self._here.ask(self._path, by_htmx=self._by_htmx)


_NOT_KEPT = (Times(), Times(), Times())


def measured(subjects: list[Subject], rounds: int) -> dict[str, list[Measured]]:
    """Every page; the sizes take turns too, so that their growth holds on a busy machine."""
    found: dict[str, list[Measured]] = {one.size: [] for one in subjects}
    for name in dict.fromkeys(one.name for one in subjects):
        together = [one for one in subjects if one.name == name]
        for at in range(WARM_UP + rounds):
            for one in together:
                one.once(counts=at >= WARM_UP)
        for one in together:
            found[one.size].append(one.measured())
    return found


def captured(here: Site, path: str, *, by_htmx: bool) -> list[Any]:
    """The statements a page sends, with their parameters, as the driver gets them."""
    from billify.data.db import db

    statements: list[Any] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        statements.append((statement, given or None))

    here.ask(path, by_htmx=by_htmx)
    with here.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        here.ask(path, by_htmx=by_htmx)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return statements


def table(found: dict[str, list[Measured]]) -> str:
    """Everything as Markdown, each ratio beside its limit."""
    lines = []
    smallest = {one.page: one for one in next(iter(found.values()))}
    for size, measured in found.items():
        invoices, transactions = size.split(":")
        lines += [
            f"\n{int(invoices):,} invoices, {int(transactions):,} bank transactions:\n",
            "| page | wall p50 | p95 | CPU p50 | p95 | bare SQL | naked page | its CPU"
            " | ratio (≤ 5) | growth (≤ 1.3) | statements |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        for one in measured:
            growth = one.wall_p50 / smallest[one.page].wall_p50 if one.page in smallest else 1.0
            lines.append(
                f"| {one.page} | {one.wall_p50:.1f} | {one.wall_p95:.1f} | {one.cpu_p50:.1f}"
                f" | {one.cpu_p95:.1f} | {one.sql_p50:.1f} | {one.naked_p50:.1f}"
                f" | {one.naked_cpu_p50:.1f}"
                f" | {_marked(one.ratio, MOST_RATIO)} | {_marked(growth, MOST_GROWTH)}"
                f" | {one.statements} |"
            )
    return "\n".join(lines)


def _marked(value: float, limit: float) -> str:
    return f"{value:.1f}" if value <= limit else f"**{value:.1f}**"


if __name__ == "__main__":
    main()
