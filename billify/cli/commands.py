"""What each command of `billify` does; main and the words of the commands stand beside it. Nothing
heavy is imported before its command is chosen.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from billify.stand_ins.serving import StandIn


def up(chosen: argparse.Namespace) -> int:
    """Run web, workers and clock here until they are stopped."""
    from billify import processes

    return processes.up(os.environ, chosen.only)


def run(chosen: argparse.Namespace) -> int:
    """Be one process."""
    from billify import processes

    return processes.run(chosen.name, os.environ)


def fake(chosen: argparse.Namespace) -> int:
    """Play a partner until Ctrl-C."""
    server = _fake_yuki(chosen.port) if chosen.partner == "yuki" else _fake_ponto(chosen.port)
    try:
        server.serve()
    except KeyboardInterrupt:
        return 0
    return 0


def _fake_ponto(port: int) -> "StandIn":
    from billify.stand_ins.ponto import PontoServer, samples

    server = PontoServer(samples.world(), port=port)
    _print(f"PONTO_API_URL={server.origin}")
    _print(f"PONTO_CONNECT_URL={server.connect_url}")
    _print(f"PONTO_AUTHORIZATION_URL={server.authorization_url}")
    complain("Client ID demo, secret demo-secret. Ctrl-C stops it.")
    return server


def _fake_yuki(port: int) -> "StandIn":
    from billify.stand_ins.yuki import YukiServer, samples

    server = YukiServer(samples.world(), port=port)
    _print(f"YUKI_API_URL={server.url}")
    complain(f"Access key {samples.ACCESS_KEY}. Ctrl-C stops it.")
    return server


def migrate(_chosen: argparse.Namespace) -> int:
    """Bring the schema up to date, as the owner role."""
    from billify.data import migrate

    url = os.environ.get("DATABASE_OWNER_URL")
    if not url:
        complain("DATABASE_OWNER_URL is missing: migrations run as the owner role.")
        return 2
    migrate.upgrade(url)
    return 0


def read(chosen: argparse.Namespace) -> int:
    """Read documents, and say what is in them."""
    from billify.reading_command import read_files

    return read_files(chosen.files, as_json=chosen.json)


def einvoice_read(chosen: argparse.Namespace) -> int:
    """Read an e-invoice."""
    from billify.einvoice_command import read_files

    return read_files(chosen.files, as_json=chosen.json)


def einvoice_check(chosen: argparse.Namespace) -> int:
    """Check an e-invoice against its rules."""
    from billify.einvoice_command import check_files

    return check_files(chosen.files, as_json=chosen.json)


def statement(chosen: argparse.Namespace) -> int:
    """Read a file of a bank."""
    from billify.statement_command import read_files

    return read_files(chosen.files, as_json=chosen.json)


def match(_chosen: argparse.Namespace) -> int:
    """Hold bank lines against invoices, both told on stdin."""
    from billify.matching_command import match_stdin

    return match_stdin()


def forecast_payments(_chosen: argparse.Namespace) -> int:
    """Tell when invoices will be paid."""
    from billify.forecast_command import payments_stdin

    return payments_stdin()


def forecast_cash(_chosen: argparse.Namespace) -> int:
    """Tell how much money there will be."""
    from billify.forecast_command import cash_stdin

    return cash_stdin()


def demo(_chosen: argparse.Namespace) -> int:
    """Add the demo companies, and tell their logins."""
    from billify.application import demo

    with _application():
        _migrate_own()
        demo.ensure()
        demo.look_ahead()
    for login in demo.LOGINS:
        _print(login)
    return 0


def seed(chosen: argparse.Namespace) -> int:
    """Fill a company with many rows."""
    from billify.application import seed

    with _application():
        _migrate_own()
        seed.seed(
            invoices=chosen.invoices,
            transactions=chosen.transactions,
            company=chosen.company,
            say=complain,
        )
    return 0


def user_add(chosen: argparse.Namespace) -> int:
    """Give a person a place in a company; a new one gets a password, which is told once."""
    from billify.application import people

    try:
        limit = Decimal(chosen.limit) if chosen.limit else None
    except InvalidOperation:
        complain(f"{chosen.limit} is not an amount.")
        return 2
    with _application():
        password = people.add(
            email=chosen.email,
            name=chosen.name,
            slug=chosen.company,
            role=chosen.role,
            approval_limit=limit,
        )
    _print_json({"email": chosen.email, "role": chosen.role, "password": password})
    return 0


def user_staff(chosen: argparse.Namespace) -> int:
    """Let a person into the back office, or close it to them."""
    from billify.application import people

    with _application():
        if chosen.remove:
            people.end_staff(email=chosen.email)
            _print_json({"email": chosen.email, "staff": False})
            return 0
        password = people.make_staff(email=chosen.email, name=chosen.name)
    _print_json({"email": chosen.email, "staff": True, "password": password})
    return 0


def user_list(chosen: argparse.Namespace) -> int:
    """Tell the people of a company."""
    from billify.application import people

    with _application():
        for member in people.members(slug=chosen.company):
            _print_json(member)
    return 0


def company_list(_chosen: argparse.Namespace) -> int:
    """Tell every company."""
    from billify.application import people

    with _application():
        for company in people.companies():
            _print_json({"slug": company.slug, "name": company.name})
    return 0


def jobs_list(_chosen: argparse.Namespace) -> int:
    """Tell the jobs that were given up."""
    from billify.application import jobs

    with _application():
        for dead in jobs.dead():
            _print_json(dead)
    return 0


def jobs_replay(chosen: argparse.Namespace) -> int:
    """Start dead jobs anew; 1 when one of them is none."""
    from billify.application.back_office import dead_letters

    with _application():
        known = [dead_letters.replay(job_ids=[job_id], by=None) for job_id in chosen.ids]
    return _all_dead(chosen.ids, known)


def jobs_discard(chosen: argparse.Namespace) -> int:
    """Put dead jobs away for good; 1 when one of them is none."""
    from billify.application.back_office import dead_letters

    with _application():
        known = [
            dead_letters.discard(job_ids=[job_id], reason=chosen.reason, by=None)
            for job_id in chosen.ids
        ]
    return _all_dead(chosen.ids, known)


def _all_dead(ids: Sequence[UUID], known: Sequence[int]) -> int:
    for job_id, is_known in zip(ids, known, strict=True):
        if not is_known:
            complain(f"{job_id} is not a dead job.")
    return 0 if all(known) else 1


def backup(chosen: argparse.Namespace) -> int:
    """Write a backup, or check one."""
    from billify import backup_command

    with _told_clearly():
        return backup_command.backup(chosen.words)


def restore(chosen: argparse.Namespace) -> int:
    """Fill an empty installation from a backup."""
    from billify import backup_command

    with _told_clearly():
        return backup_command.restore(chosen.folder)


def keys_rotate(_chosen: argparse.Namespace) -> int:
    """Seal all secrets with the newest key; 1 when no key opens one."""
    from billify.application import keys

    with _application():
        found = keys.rotate()
    _print_json({"sealed": found.sealed, "unreadable": [key for _, key in found.unreadable]})
    for what, key in found.unreadable:
        complain(f"No key opens what is sealed of {what} {key}.")
    return 1 if found.unreadable else 0


def audit_verify(chosen: argparse.Namespace) -> int:
    """Walk the chains and check the balances; 1 when something is wrong."""
    from billify.application import people, verification

    with _application():
        slugs = [company.slug for company in people.companies()]
        wanted = [chosen.company] if chosen.company else slugs
        if not set(wanted) <= set(slugs):
            complain(f"There is no company {chosen.company}.")
            return 2
        found = {slug: verification.of_company(slug=slug) for slug in wanted}
    for slug, wrongs in found.items():
        _print_json({"company": slug, "ok": not wrongs, "wrong": wrongs})
    return 1 if any(found.values()) else 0


def _migrate_own() -> None:
    """Rows need tables: a database that was just made on this machine has none yet."""
    from billify.data import migrate

    url = os.environ.get("DATABASE_OWNER_URL")
    if url:
        migrate.upgrade(url)


@contextmanager
def _application() -> Iterator[None]:
    """The application, on the servers the environment names or those of this machine."""
    from billify.processes.environment import environment

    with _told_clearly(), environment(os.environ):
        from billify.factory import create_app

        with create_app().app_context():
            yield


@contextmanager
def _told_clearly() -> Iterator[None]:
    """What keeps Billify from starting is one sentence for the person at the terminal."""
    from billify.config import MissingSettings
    from billify.embedded import CannotStart

    try:
        yield
    except (CannotStart, MissingSettings) as problem:
        complain(str(problem))
        raise SystemExit(1) from problem


def _print_json(value: object) -> None:
    _print(json.dumps(value, ensure_ascii=False, default=str))


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


def complain(line: str) -> None:
    """Say something to the person at the terminal, beside the results."""
    sys.stderr.write(line + "\n")
