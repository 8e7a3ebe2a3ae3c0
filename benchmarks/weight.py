"""What a browser fetches for each page, compressed: HTML, style, scripts, icons, fonts.

`benchmarks/weight.py [--json FILE]`

The demo companies are filled in on embedded servers below --folder. Each page is asked for as a
browser does; what it names is fetched too, and what that names again (modules, fonts). HTML is
packed with gzip at level 6, as a web server in front does; static files come packed from Billify.
A font counts on every page although a browser keeps it for good.
"""

import argparse
import gzip
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from flask import Flask
from flask.testing import FlaskClient

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

MOST = 100 * 1024
MOST_LIST = 15 * 1024
COMPANY = "/c/bakkerij-anna"
LISTS = ("purchases", "sales", "bank", "contacts")
_LINKED = re.compile(r'<link rel="(?:stylesheet|preload)" href="([^"]+)"')
_SCRIPTS = re.compile(r'<script src="([^"]+)"')
_SPRITES = re.compile(r'(?:href|src)="(/assets/[^"#]+\.svg)')
_MODULES = re.compile(r'(?:from|import)\s*\(?["\']([./][^"\']+)["\']')


@dataclass
class Weight:
    """The bytes of one page by kind, as sent."""

    page: str
    html: int
    parts: dict[str, int] = field(default_factory=dict)

    def of(self, *endings: str) -> int:
        """The bytes of the parts with these endings."""
        return sum(size for name, size in self.parts.items() if name.endswith(endings))

    @property
    def total(self) -> int:
        """All of it."""
        return self.html + sum(self.parts.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("/tmp/billify-benchmark/demo"))
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    found = list(weigh(chosen.folder))
    print("| page | HTML | CSS | JS | icons | fonts | all (≤ 100 KB) |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for one in found:
        sizes = (one.of(".css"), one.of(".js"), one.of(".svg"), one.of(".woff2"))
        shown = " | ".join(f"{size / 1024:.1f}" for size in sizes)
        most = MOST_LIST if one.page in LISTS else MOST
        print(f"| {one.page} | {_marked(one.html, most)} | {shown} | {_marked(one.total, MOST)} |")
    if chosen.json:
        chosen.json.write_text(
            json.dumps([{"page": one.page, "html": one.html, "all": one.total} for one in found])
        )


def weigh(folder: Path) -> Iterator[Weight]:
    """Every page of the demo company that a person meets."""
    folder.mkdir(parents=True, exist_ok=True)
    environ = {"BILLIFY_VAR": str(folder), "BILLIFY_ENV": "test", "PATH": os.environ["PATH"]}
    from billify.config import Settings
    from billify.processes.environment import environment

    with environment(environ):
        from billify.data import migrate

        migrate.upgrade(environ["DATABASE_OWNER_URL"])
        from billify.factory import create_app

        app = create_app(Settings.load(environ))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            from billify.application import demo

            demo.ensure()
        yield from _pages(app)


def _pages(app: Flask) -> Iterator[Weight]:
    from billify.application.demo import people

    client = app.test_client()
    yield _weight(client, "log in", "/log-in")
    client.post("/log-in", data={"email": people.PEOPLE[0].email, "password": people.PASSWORD})
    purchases = client.get(f"{COMPANY}/purchases").get_data(as_text=True)
    decided = re.search(rf"{COMPANY}/invoices/[0-9a-f-]+", purchases)
    with app.app_context():
        to_check = _invoice_to_check()
    addresses = {
        "home": f"{COMPANY}/",
        "purchases": f"{COMPANY}/purchases",
        "sales": f"{COMPANY}/sales",
        "check screen": f"{COMPANY}/invoices/{to_check}",
        "invoice": decided[0] if decided else f"{COMPANY}/purchases",
        "new invoice": f"{COMPANY}/invoices/new",
        "bank": f"{COMPANY}/bank",
        "contacts": f"{COMPANY}/contacts",
        "account": "/account",
    }
    for name, address in addresses.items():
        yield _weight(client, name, address)


def _invoice_to_check() -> str:
    """One of the letters of the demo, read here since no worker runs."""
    from billify.application import documents, people
    from billify.data import tenancy
    from billify.data.queries import documents as queries
    from billify.data.queries import invoices

    with tenancy.company_scope(people.company_id(slug="bakkerij-anna")):
        first = queries.inbox()[0]
        document_id = first.document.id
        documents.read(document_id=document_id)
        invoice = invoices.lock_of_document(document_id)
    assert invoice is not None
    return str(invoice.id)


def _weight(client: FlaskClient, name: str, address: str) -> Weight:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    html = answer.get_data(as_text=True)
    found = Weight(name, len(gzip.compress(html.encode(), 6)))
    wanted = {*_LINKED.findall(html), *_SCRIPTS.findall(html), *_SPRITES.findall(html)}
    while wanted:
        part = wanted.pop()
        if part in found.parts:
            continue
        content = client.get(part, headers={"Accept-Encoding": "gzip"})
        if content.status_code != 200:
            raise SystemExit(f"{part} answered {content.status_code}")
        found.parts[part] = len(content.data)
        wanted |= {urljoin(part, more) for more in _named(part, content.data, content.headers)}
    return found


def _named(part: str, content: bytes, headers: object) -> list[str]:
    """What a script or style sheet names; of the fonts only the preloaded one is sure to come."""
    if not part.endswith(".js") or "/vendor/" in part:
        return []
    is_packed = "gzip" in str(getattr(headers, "get", lambda *_: "")("Content-Encoding", ""))
    text = (gzip.decompress(content) if is_packed else content).decode()
    return _MODULES.findall(text)


def _marked(size: int, most: int) -> str:
    shown = f"{size / 1024:.1f}"
    return shown if size <= most else f"**{shown}**"


if __name__ == "__main__":
    main()
