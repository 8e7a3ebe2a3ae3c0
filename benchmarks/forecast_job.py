"""How long a forecast takes from asking to the stored row, in a company with very many rows.

`benchmarks/forecast_job.py [--sizes 210000:1000000] [--rounds 7] [--json FILE]`

The company is that of `billify seed` (about one invoice in twenty is open), in a database of its
own below --folder, filled at the first run. Measured are learning the history (once an hour for a
long one), the forecast after a change with what was learned at hand, that reckoning alone, and
reading the stored forecast as a page does.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from large import SLUG, Site, site  # noqa: E402  one thread is said before numpy is loaded


def main() -> None:
    """Measure each size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/billify-benchmark"))
    parser.add_argument("--sizes", nargs="+", default=["210000:1000000"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    found = {}
    for size in chosen.sizes:
        with site(chosen.folder, size) as (here, _connection):
            found[size] = measure(here, chosen.rounds)
        print(size)
        for what, value in found[size].items():
            print(f"  {what:32} {value:>12,}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2))


def measure(here: Site, rounds: int) -> dict[str, float]:
    """Milliseconds of each step, and how many rows there were."""
    from billify.application import forecast_material as material
    from billify.application import forecast_profiles, forecasts, people
    from billify.data import tenancy
    from billify.data.queries import companies
    from billify.data.queries import forecast as queries
    from billify.data.queries import forecast_known as rows
    from billify.domain.forecast import profile, whole

    with here.app.app_context(), tenancy.company_scope(people.company_id(slug=SLUG)):
        today = forecasts.make().today
        with rows.snapshot():
            company = companies.own()
            known = material.known(company=company, today=today)
            reading, history = timed(
                lambda: material.history(company=company, today=today, opened=known.open)
            )
        learning, learned = timed(lambda: profile.learn(history=history))
        with rows.snapshot():
            now = queries.database_now()
        forecast_profiles.learn(history=history, read_at=now, since=time.perf_counter() - 60)
        whole.make(known=known, profile=learned)
        return {
            "open invoices": len(known.open),
            "movements in the history": len(history.movements or ()),
            "payments in the history": len(history.paid),
            "flows": len(forecasts.flows()),
            "read the history, ms": round(reading),
            "learn it, ms": round(learning),
            "read how things stand, ms": median(rounds, lambda: state(company, today)),
            "reckon, ms": median(rounds, lambda: whole.make(known=known, profile=learned)),
            "reckon, ms of CPU": cpu(rounds, lambda: whole.make(known=known, profile=learned)),
            "the whole job, ms": median(rounds, forecasts.make),
            "the whole job, ms of CPU": cpu(rounds, forecasts.make),
            "read the summary, ms": median(rounds, forecasts.latest),
            "read it with its flows, ms": median(rounds, forecasts.whole),
        }


def state(company: object, today: object) -> object:
    """How things stand, as the job reads it."""
    from billify.application import forecast_material as material
    from billify.data.queries import forecast_known as rows

    with rows.snapshot():
        return material.known(company=company, today=today)  # type: ignore[arg-type]


def timed(work: Callable[[], Found]) -> tuple[float, Found]:
    """Milliseconds, and what came out."""
    started = time.perf_counter()
    found = work()
    return (time.perf_counter() - started) * 1000, found


def median(rounds: int, work: Callable[[], object]) -> float:
    """The middle of so many tries, in milliseconds."""
    return round(statistics.median(timed(work)[0] for _ in range(rounds)), 1)


def cpu(rounds: int, work: Callable[[], object]) -> float:
    """The same of this process's own time; what PostgreSQL spends is not in it."""
    found = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        found.append((time.process_time() - started) * 1000)
    return round(statistics.median(found), 1)


if __name__ == "__main__":
    main()
