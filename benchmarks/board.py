"""Server time of the board of somebody who keeps the books of very many companies.

`benchmarks/board.py [--companies 100] [--invoices 300] [--transactions 2000] [--rounds 30]`

The companies live in a database of their own below --folder, filled at the first run and kept for
the next: rows over five years, and a forecast as a worker makes it. The board is asked
for through WSGI, signed in, row-level security on; printed as one JSON object, times in
milliseconds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from large import HERE, Site, quiet
from sqlalchemy import event

PERSON = "accountant@board.billify.test"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=100)
    parser.add_argument("--invoices", type=int, default=300)
    parser.add_argument("--transactions", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/billify-board"))
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.fill:
        fill(chosen)
        return
    folder = chosen.folder / f"{chosen.companies}-{chosen.invoices}-{chosen.transactions}"
    folder.mkdir(parents=True, exist_ok=True)
    environ = {"BILLIFY_VAR": str(folder), "BILLIFY_ENV": "test", "PATH": os.environ["PATH"]}
    from billify.config import Settings
    from billify.processes.environment import environment

    with environment(environ):
        filling = [sys.executable, __file__, "--fill", *sys.argv[1:]]
        subprocess.run(
            [sys.executable, "-m", "billify", "migrate"], cwd=HERE, env=environ, check=True
        )
        subprocess.run(filling, cwd=HERE, env=environ, check=True)
        from billify.factory import create_app

        app = create_app(Settings.load(environ))
        with app.app_context():
            site = Site(app, sign_in())
        with quiet(folder):
            told = measured(site, chosen.rounds)
    print(json.dumps({"companies": chosen.companies, **told}))


def measured(site: Site, rounds: int) -> dict[str, float]:
    """What the board takes, first and warm."""
    from billify.data.db import db

    statements = 0

    def note(*_seen: object) -> None:
        nonlocal statements
        statements += 1

    with site.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
    walls, cpus = [], []
    for _ in range(rounds + 1):
        statements = 0
        wall, cpu = time.perf_counter(), time.thread_time()
        body = site.ask("/board")
        cpus.append((time.thread_time() - cpu) * 1000)
        walls.append((time.perf_counter() - wall) * 1000)
    return {
        "first": round(walls[0], 1),
        "p50": round(statistics.median(walls[1:]), 1),
        "p95": round(statistics.quantiles(walls[1:], n=20)[-1], 1),
        "cpu_p50": round(statistics.median(cpus[1:]), 1),
        "statements": statements,
        "bytes": len(body),
    }


def fill(chosen: argparse.Namespace) -> None:
    """Companies that are not there yet, each with its forecast; in a process of its own, so that
    the one that measures stays as a web process is."""
    from billify.application import people, seed
    from billify.config import Settings
    from billify.data import tenancy
    from billify.data.db import transaction
    from billify.data.models import Membership
    from billify.data.queries import auth
    from billify.domain.roles import Role
    from billify.factory import create_app

    with create_app(Settings.load(os.environ)).app_context():
        kept: dict[str, object] = {}
        for number in range(chosen.companies):
            slug = f"client-{number:03d}"
            with tenancy.unscoped("it may be filled already"):
                if auth.slug_is_taken(slug):
                    continue
            seed.seed(
                invoices=chosen.invoices,
                transactions=chosen.transactions,
                company=slug,
                say=lambda _: None,
            )
            company_id = people.company_id(slug=slug)
            user_id = _person()
            with tenancy.company_scope(company_id), transaction() as session:
                session.add(Membership(user_id=user_id, role=Role.ACCOUNTANT))
            kept = _forecast(company_id, kept)


def _forecast(company_id: UUID, kept: dict[str, object]) -> dict[str, object]:
    """A forecast as a worker makes it; the following companies get a copy of the first one's."""
    from billify.application import forecasts
    from billify.data import tenancy
    from billify.data.db import db, transaction
    from billify.data.models import ForecastRow

    with tenancy.company_scope(company_id):
        if not kept:
            forecasts.make()
            row = db.session.query(ForecastRow).one()
            names = ("made_at", "made_on", "shape", "seconds", "summary", "flows", "recurrences")
            return {name: getattr(row, name) for name in names}
        with transaction() as session:
            session.add(ForecastRow(**kept))
    return kept


def _person() -> UUID:
    from billify.data.db import transaction
    from billify.data.models import User
    from billify.data.queries import auth

    with transaction() as session:
        found = auth.user_by_email(PERSON)
        if found is None:
            found = User(email=PERSON, name="Accountant", password_hash="", language="en")
            session.add(found)
            session.flush()
        return found.id


def sign_in() -> str:
    """A session of the accountant."""
    from billify.data import tenancy
    from billify.data.db import transaction
    from billify.data.models import LoginSession
    from billify.domain import passwords

    user_id, token = _person(), passwords.new_token()
    with tenancy.user_scope(user_id), transaction() as session:
        session.add(
            LoginSession(
                user_id=user_id,
                token_hash=passwords.token_hash(token),
                expires_at=datetime.now(UTC) + timedelta(hours=6),
            )
        )
    return token


if __name__ == "__main__":
    main()
