"""How fast open items come in: `benchmarks/yuki.py`.

Plays Yuki in a process of its own with many open items of either side, and reads them as a
connection does: the lists off the wire, the items, their contacts and invoices, with the audit
log. Then reads the same lists again, and then a list in which a tenth has changed or gone. Beside
the company there is a neighbour with 500 items, so that the planner has seen such tables.
Wanted: 20,000 items within 20 seconds, and two calls for lists that have not changed.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from billify.application import accounting  # noqa: E402
from billify.application.partners import engine  # noqa: E402
from billify.config import Settings  # noqa: E402
from billify.data import migrate, tenancy  # noqa: E402
from billify.data.db import db, transaction  # noqa: E402
from billify.data.models import AccountingItem, Company, Integration, Invoice, SyncLog  # noqa: E402
from billify.data.queries import bulk  # noqa: E402
from billify.data.types import uuid7  # noqa: E402
from billify.domain.roles import Actor, Role  # noqa: E402
from billify.processes.environment import environment  # noqa: E402
from billify.stand_ins.yuki import Books, Domain, Item, World, YukiServer  # noqa: E402

KEY = "1f0e9c2a-4d5b-4c3e-9f00-000000000001"
NEIGHBOURS_KEY = "1f0e9c2a-4d5b-4c3e-9f00-000000000002"
NEIGHBOUR = 500
LAST = date(2026, 11, 20)
WANTED_SECONDS = 20.0


def items(count: int, *, type_id: int) -> list[Item]:
    """Open invoices of one side, of a customer or supplier to 20 of them."""
    people = max(count // 20, 1)
    side = "Klant" if type_id == 6 else "Leverancier"
    return [
        Item(
            f"{side} {at % people} NV",
            f"{'V' if type_id == 6 else 'A'}2026-{at:06d}",
            LAST - timedelta(days=at % 400),
            LAST - timedelta(days=at % 400 - 30) if at % 7 else None,
            Decimal((at * 7919) % 400_000 + 1) / 100 * (-1 if at % 40 == 0 else 1),
            type_id=type_id,
            description=f"{side}sfactuur {at}",
            contact_id=f"{side}-{at % people}",
        )
        for at in range(count)
    ]


def made_books(count: int) -> Books:
    """Books with so many open items, half of them of customers."""
    books = Books("Bench BV", "BE0403.170.701")
    books.receivables = items(count // 2, type_id=6)
    books.payables = items(count - count // 2, type_id=2)
    return books


def play(count: int, line: Connection) -> None:
    """Be Yuki; each word that comes along changes its books, and is answered."""
    books, world = made_books(count), World()
    world.add(Domain("Bench", [books]), access_key=KEY)
    world.add(Domain("Neighbour", [made_books(NEIGHBOUR)]), access_key=NEIGHBOURS_KEY)
    with YukiServer(world) as server:
        line.send(server.url)
        while line.recv() != "end":
            world.calls.clear()
            gone = len(books.receivables) // 20
            del books.receivables[:gone]
            for one in books.payables[: 2 * gone]:
                one.open = one.original / 2
            line.send(gone * 3)


@contextmanager
def playing(count: int) -> Iterator[tuple[str, Connection]]:
    """A Yuki in a process of its own: its address, and a line to it."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=play, args=(count, theirs), daemon=True
    )
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.kill()
        process.join()


def connected(slug: str, key: str) -> Integration:
    """A company with a connection whose books are chosen, and that has not been read."""
    company = Company(id=uuid7(), slug=slug, name=slug, language="nl")
    tenancy.enter(tenancy.Scope(company_id=company.id))
    with transaction() as session:
        session.add(company)
    by = Actor(None, "Bench", "bench@example.be", company.id, Role.OWNER)
    row = accounting.connect(access_key=key, by=by)
    (offer,) = accounting.administrations(row.id)
    chosen = offer.books.administration_id
    accounting.choose(integration_id=row.id, administration_id=chosen, by=by)
    return row


def run(row: Integration, name: str) -> float:
    """Seconds of one run; prints what it did."""
    began, worked = time.perf_counter(), time.process_time()
    engine.run(integration_id=row.id)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    log = db.session.query(SyncLog).order_by(SyncLog.started_at.desc()).first()
    assert log is not None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name}: {seconds:.2f} s ({worked:.2f} of them our own), {log.requests} calls,"
        f" {log.bytes / 1e6:.2f} MB on the wire, {log.added} new, {log.changed} changed,"
        f" {log.known} known; peak {peak} MB"
    )
    db.session.rollback()
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--items", type=int, default=20_000)
    wanted = parser.parse_args()
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="billify-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        os.environ["BILLIFY_VAR"] = folder
        with playing(wanted.items) as (url, line), environment(os.environ):
            os.environ["YUKI_API_URL"] = url
            migrate.upgrade(os.environ["DATABASE_OWNER_URL"])
            from billify.factory import create_app

            with create_app(Settings.load(os.environ)).app_context():
                run(connected("neighbour", NEIGHBOURS_KEY), "neighbour")
                bulk.tidy(os.environ["DATABASE_OWNER_URL"])
                row = connected("bench", KEY)
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                print(f"before: {before} MB")
                first = run(row, "first reading")
                run(row, "unchanged")
                line.send("change")
                print(f"changed at Yuki: {line.recv()}")
                run(row, "a tenth changed or gone")
                open_items = db.session.query(AccountingItem).filter_by(settled_on=None).count()
                invoices = db.session.query(Invoice).count()
                print(f"open items {open_items}, invoices {invoices}")
                db.session.remove()
                db.engine.dispose()
    return 0 if first <= WANTED_SECONDS else 1


if __name__ == "__main__":
    raise SystemExit(main())
