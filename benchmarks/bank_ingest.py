"""How fast movements come in: `benchmarks/ingest.py`.

Plays Ponto in a process of its own with many transactions on one account, reads them through the
client and writes them as a connection does, with balances and cursor; then writes the same rows by
bare `INSERT … ON CONFLICT` batches of the same size. Wanted: at least half the rows a second.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

import psycopg  # noqa: E402

from billify.application.partners import engine  # noqa: E402
from billify.application.partners.ponto import connecting, reading  # noqa: E402
from billify.application.partners.ponto.connecting import Choice  # noqa: E402
from billify.config import Settings  # noqa: E402
from billify.data import migrate, tenancy  # noqa: E402
from billify.data.db import db, transaction  # noqa: E402
from billify.data.models import Company, ConnectedAccount  # noqa: E402
from billify.data.queries import bank_sync as proofs  # noqa: E402
from billify.data.queries import connections as queries  # noqa: E402
from billify.data.types import uuid7  # noqa: E402
from billify.domain.roles import Actor, Role  # noqa: E402
from billify.processes.environment import environment  # noqa: E402
from billify.stand_ins.ponto import Account, PontoServer, Transaction, World  # noqa: E402

IBAN, OTHER = "BE68539007547034", "BE71096123456769"
LAST = date(2026, 11, 20)


def bank(count: int, sink: Connection) -> None:
    """Be Ponto with one account of so many transactions."""
    world = World()
    account = world.add(Account(IBAN, opening=Decimal("1000.00")))
    for at in range(count):
        made = Transaction(
            LAST - timedelta(days=(count - at) * 700 // count),
            Decimal((at * 7919) % 400_000 - 200_000) / 100 or Decimal("0.01"),
            f"Klant {at % 977}",
            OTHER,
            f"Factuur 2026-{at:06d}, met dank",
        )
        account.book(made)
        made.text("transaction", "EUR", account.id)
    world.synchronize(account)
    server = PontoServer(world)
    sink.send(server.origin)
    server.serve()


@contextmanager
def playing(count: int) -> Iterator[str]:
    """A Ponto in a process of its own; gives its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=bank, args=(count, theirs), daemon=True
    )
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def ours() -> tuple[float, int, int]:
    """Seconds, bytes on the wire and rows of a first reading through the product."""
    company = Company(id=uuid7(), slug="ingest", name="Ingest", language="nl")
    actor = Actor(None, "Bench", "bench@example.be", company.id, Role.OWNER)
    with tenancy.company_scope(company.id):
        with transaction() as session:
            session.add(company)
        row = connecting.connect_with_keys(client_id="demo", client_secret="demo-secret", by=actor)
        offered = db.session.query(ConnectedAccount).one()
        connecting.choose(
            integration_id=row.id, choices={offered.id: Choice()}, today=LAST, by=actor
        )
        began = time.perf_counter()
        engine.run(integration_id=row.id)
        seconds = time.perf_counter() - began
        with transaction():
            log = queries.runs(row.id)[0]
            connected = queries.accounts(row.id)[0]
            assert connected.account_id is not None
            assert proofs.difference(connected.account_id) is None
        return seconds, log.bytes, log.added


def bare(url: str) -> float:
    """Seconds to write the same rows again, in batches of bare inserts."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT set_config('app.company_id', %s, false)", [company_id()])
        names = [
            name
            for (name,) in connection.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = 'bank_transaction' ORDER BY ordinal_position"
            )
        ]
        rows = connection.execute(f"SELECT {', '.join(names)} FROM bank_transaction").fetchall()
        connection.execute("DELETE FROM bank_transaction")
        connection.commit()
        connection.execute("SELECT set_config('app.company_id', %s, false)", [company_id()])
        began = time.perf_counter()
        insert(connection, names, rows)
        return time.perf_counter() - began


def insert(
    connection: "psycopg.Connection[Any]", names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Batches of one multi-row statement each, committed one by one."""
    batch = 500
    one = f"({', '.join(['%s'] * len(names))})"
    for at in range(0, len(rows), batch):
        part = rows[at : at + batch]
        statement = (
            f"INSERT INTO bank_transaction ({', '.join(names)}) VALUES"
            f" {', '.join([one] * len(part))}"
            " ON CONFLICT (company_id, account_id, connection_key)"
            " WHERE connection_key IS NOT NULL DO NOTHING"
        )
        connection.execute(statement, [value for row in part for value in row])
        connection.commit()
        connection.execute("SELECT set_config('app.company_id', %s, false)", [company_id()])


def company_id() -> str:
    """The company of the bench."""
    with tenancy.unscoped("a bench looks for its own company"):
        return str(db.session.query(Company).filter_by(slug="ingest").one().id)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    wanted = parser.parse_args()
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="billify-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        os.environ["BILLIFY_VAR"] = folder
        with playing(wanted.rows) as origin, environment(os.environ):
            os.environ["PONTO_API_URL"] = origin
            migrate.upgrade(os.environ["DATABASE_OWNER_URL"])
            from billify.factory import create_app

            with create_app(Settings.load(os.environ)).app_context():
                seconds, weight, added = ours()
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                plain = bare(os.environ["DATABASE_URL"])
                db.session.remove()
                db.engine.dispose()
    print(f"rows {added}, parts of {reading.AT_ONCE}, {weight / 1e6:.1f} MB on the wire")
    print(f"client and upsert: {seconds:.1f} s, {added / seconds:,.0f} rows/s, peak {peak} MB")
    print(f"bare INSERT … ON CONFLICT: {plain:.1f} s, {added / plain:,.0f} rows/s")
    share = plain / seconds
    print(f"share: {share:.2f} (wanted: 0.50)")
    return 0 if share >= 0.5 and added == wanted.rows else 1


if __name__ == "__main__":
    raise SystemExit(main())
