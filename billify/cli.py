"""The `billify` command. Results go to stdout, messages to stderr; exit 0 all well, 1 some
failed, 2 bad usage. Nothing heavy is imported before a command is chosen.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from billify.domain.refusal import Refusal

if TYPE_CHECKING:
    from billify.stand_ins.serving import StandIn

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    chosen = _parser().parse_args(arguments)
    command: Command = chosen.command
    try:
        return command(chosen)
    except Refusal as refusal:
        _complain(str(refusal))
        return 1
    except BrokenPipeError:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="billify", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_running(commands)
    _add_reading(commands)
    _add_rows(commands)
    _add_people(commands)
    _add_upkeep(commands)
    return parser


def _add_running(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    up = commands.add_parser("up", help="run web, workers and clock here")
    up.add_argument("only", nargs="*", metavar="PROCESS", help="only these processes")
    up.set_defaults(command=_up)
    run = commands.add_parser("run", help="be one process: web, worker-ocr, clock …")
    run.add_argument("name")
    run.set_defaults(command=_run)
    fake = commands.add_parser("fake", help="play a partner on this machine, for trying out")
    fake.add_argument("partner", choices=["ponto", "yuki"])
    fake.add_argument("--port", type=int, default=8400)
    fake.set_defaults(command=_fake)
    migrate = commands.add_parser("migrate", help="bring the database schema up to date")
    migrate.set_defaults(command=_migrate)


def _add_reading(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    read = commands.add_parser("read", help="read documents, without a database")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument("--json", action="store_true", help="one JSON object a file")
    read.set_defaults(command=_read)
    einvoice = commands.add_parser("einvoice", help="e-invoices (UBL, CII, Factur-X, ZUGFeRD)")
    deeds = einvoice.add_subparsers(required=True, metavar="read|check")
    for name, command, said in (
        ("read", _einvoice_read, "every field, exactly as stated"),
        ("check", _einvoice_check, "the rules of EN 16931 that it breaks"),
    ):
        deed = deeds.add_parser(name, help=said)
        deed.add_argument("files", nargs="+", type=Path, metavar="FILE")
        deed.add_argument("--json", action="store_true", help="one JSON object a file")
        deed.set_defaults(command=command)

    statement = commands.add_parser("statement", help="read bank files, without a database")
    statement.add_argument("files", nargs="+", type=Path, metavar="FILE")
    statement.add_argument("--json", action="store_true", help="one JSON object a file")
    statement.set_defaults(command=_statement)
    match = commands.add_parser(
        "match", help="match invoices and bank lines given on stdin, without a database"
    )
    match.add_argument("--json", action="store_true", help="one JSON object, as it always is")
    match.set_defaults(command=_match)
    _add_forecast(commands)


def _add_forecast(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    forecast = commands.add_parser("forecast", help="look ahead, without a database")
    kinds = forecast.add_subparsers(required=True, metavar="payments|cash")
    for name, command, said in (
        ("payments", _forecast_payments, "when each open invoice given on stdin is paid"),
        ("cash", _forecast_cash, "the balance ahead of the movements given on stdin"),
    ):
        kind = kinds.add_parser(name, help=said)
        kind.add_argument("--json", action="store_true", help="one JSON object, as it always is")
        kind.set_defaults(command=command)


def _add_rows(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = commands.add_parser("demo", help="add the demo companies")
    demo.set_defaults(command=_demo)
    seed = commands.add_parser("seed", help="fill a company with many rows, for measuring")
    seed.add_argument("--invoices", type=int, required=True)
    seed.add_argument("--transactions", type=int, required=True)
    seed.add_argument("--company", default="large", metavar="SLUG")
    seed.set_defaults(command=_seed)


def _add_people(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    user = commands.add_parser("user", help="people").add_subparsers(required=True)
    add = user.add_parser("add", help="add a person to a company, or change the role")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--company", required=True, metavar="SLUG")
    add.add_argument("--role", required=True)
    add.add_argument("--limit", metavar="AMOUNT", help="approval limit in euro")
    add.set_defaults(command=_user_add)
    staff = user.add_parser("staff", help="let a person into the back office")
    staff.add_argument("email")
    staff.add_argument("--name", help="of a person who is new here")
    staff.add_argument("--remove", action="store_true", help="close the back office to them")
    staff.set_defaults(command=_user_staff)
    listed = user.add_parser("list", help="the people of a company")
    listed.add_argument("--company", required=True, metavar="SLUG")
    listed.set_defaults(command=_user_list)
    company = commands.add_parser("company", help="companies").add_subparsers(required=True)
    company.add_parser("list", help="every company").set_defaults(command=_company_list)


def _add_upkeep(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    jobs = commands.add_parser("jobs", help="jobs and dead letters").add_subparsers(required=True)
    jobs.add_parser("list", help="jobs that were given up").set_defaults(command=_jobs_list)
    replay = jobs.add_parser("replay", help="start a dead job anew")
    replay.add_argument("ids", nargs="+", type=UUID, metavar="ID")
    replay.set_defaults(command=_jobs_replay)
    discard = jobs.add_parser("discard", help="put a dead job away for good")
    discard.add_argument("ids", nargs="+", type=UUID, metavar="ID")
    discard.add_argument("--reason", required=True, help="stands in the company's audit log")
    discard.set_defaults(command=_jobs_discard)
    backup = commands.add_parser("backup", help="write a backup into a folder, or check one")
    backup.add_argument("words", nargs="+", metavar="[check] DIR")
    backup.set_defaults(command=_backup)
    restore = commands.add_parser("restore", help="fill an empty installation from a backup")
    restore.add_argument("folder", type=Path, metavar="DIR")
    restore.set_defaults(command=_restore)
    keys = commands.add_parser("keys", help="keys that seal secrets")
    rotate = keys.add_subparsers(required=True, metavar="rotate").add_parser(
        "rotate", help="seal all secrets with the first of BILLIFY_SECRET_KEYS"
    )
    rotate.set_defaults(command=_keys_rotate)
    audit = commands.add_parser("audit", help="the audit log").add_subparsers(required=True)
    verify = audit.add_parser("verify", help="walk every chain and check every balance")
    verify.add_argument("--company", metavar="SLUG")
    verify.set_defaults(command=_audit_verify)


def _up(chosen: argparse.Namespace) -> int:
    from billify import processes

    return processes.up(os.environ, chosen.only)


def _run(chosen: argparse.Namespace) -> int:
    from billify import processes

    return processes.run(chosen.name, os.environ)


def _fake(chosen: argparse.Namespace) -> int:
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
    _complain("Client ID demo, secret demo-secret. Ctrl-C stops it.")
    return server


def _fake_yuki(port: int) -> "StandIn":
    from billify.stand_ins.yuki import YukiServer, samples

    server = YukiServer(samples.world(), port=port)
    _print(f"YUKI_URL={server.url}")
    _complain(f"Access key {samples.ACCESS_KEY}. Ctrl-C stops it.")
    return server


def _migrate(_chosen: argparse.Namespace) -> int:
    from billify.data import migrate

    url = os.environ.get("DATABASE_OWNER_URL")
    if not url:
        _complain("DATABASE_OWNER_URL is missing: migrations run as the owner role.")
        return 2
    migrate.upgrade(url)
    return 0


def _read(chosen: argparse.Namespace) -> int:
    from billify.reading_command import read_files

    return read_files(chosen.files, as_json=chosen.json)


def _einvoice_read(chosen: argparse.Namespace) -> int:
    from billify.einvoice_command import read_files

    return read_files(chosen.files, as_json=chosen.json)


def _einvoice_check(chosen: argparse.Namespace) -> int:
    from billify.einvoice_command import check_files

    return check_files(chosen.files, as_json=chosen.json)


def _statement(chosen: argparse.Namespace) -> int:
    from billify.statement_command import read_files

    return read_files(chosen.files, as_json=chosen.json)


def _match(_chosen: argparse.Namespace) -> int:
    from billify.matching_command import match_stdin

    return match_stdin()


def _forecast_payments(_chosen: argparse.Namespace) -> int:
    from billify.forecast_command import payments_stdin

    return payments_stdin()


def _forecast_cash(_chosen: argparse.Namespace) -> int:
    from billify.forecast_command import cash_stdin

    return cash_stdin()


def _demo(_chosen: argparse.Namespace) -> int:
    from billify.application import demo

    with _application():
        _migrate_own()
        demo.ensure()
        demo.look_ahead()
    for login in demo.LOGINS:
        _print(login)
    return 0


def _seed(chosen: argparse.Namespace) -> int:
    from billify.application import seed

    with _application():
        _migrate_own()
        seed.seed(
            invoices=chosen.invoices,
            transactions=chosen.transactions,
            company=chosen.company,
            say=_complain,
        )
    return 0


def _user_add(chosen: argparse.Namespace) -> int:
    from billify.application import people

    try:
        limit = Decimal(chosen.limit) if chosen.limit else None
    except InvalidOperation:
        _complain(f"{chosen.limit} is not an amount.")
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


def _user_staff(chosen: argparse.Namespace) -> int:
    from billify.application import people

    with _application():
        if chosen.remove:
            people.end_staff(email=chosen.email)
            _print_json({"email": chosen.email, "staff": False})
            return 0
        password = people.make_staff(email=chosen.email, name=chosen.name)
    _print_json({"email": chosen.email, "staff": True, "password": password})
    return 0


def _user_list(chosen: argparse.Namespace) -> int:
    from billify.application import people

    with _application():
        for member in people.members(slug=chosen.company):
            _print_json(member)
    return 0


def _company_list(_chosen: argparse.Namespace) -> int:
    from billify.application import people

    with _application():
        for company in people.companies():
            _print_json({"slug": company.slug, "name": company.name})
    return 0


def _jobs_list(_chosen: argparse.Namespace) -> int:
    from billify.application import jobs

    with _application():
        for dead in jobs.dead():
            _print_json(dead)
    return 0


def _jobs_replay(chosen: argparse.Namespace) -> int:
    from billify.application.back_office import dead_letters

    with _application():
        known = [dead_letters.replay(job_ids=[job_id], by=None) for job_id in chosen.ids]
    return _all_dead(chosen.ids, known)


def _jobs_discard(chosen: argparse.Namespace) -> int:
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
            _complain(f"{job_id} is not a dead job.")
    return 0 if all(known) else 1


def _backup(chosen: argparse.Namespace) -> int:
    from billify import backup_command

    with _told_clearly():
        return backup_command.backup(chosen.words)


def _restore(chosen: argparse.Namespace) -> int:
    from billify import backup_command

    with _told_clearly():
        return backup_command.restore(chosen.folder)


def _keys_rotate(_chosen: argparse.Namespace) -> int:
    from billify.application import keys

    with _application():
        found = keys.rotate()
    _print_json({"sealed": found.sealed, "unreadable": [key for _, key in found.unreadable]})
    for what, key in found.unreadable:
        _complain(f"No key opens what is sealed of {what} {key}.")
    return 1 if found.unreadable else 0


def _audit_verify(chosen: argparse.Namespace) -> int:
    from billify.application import people, verification

    with _application():
        slugs = [company.slug for company in people.companies()]
        wanted = [chosen.company] if chosen.company else slugs
        if not set(wanted) <= set(slugs):
            _complain(f"There is no company {chosen.company}.")
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
        _complain(str(problem))
        raise SystemExit(1) from problem


def _print_json(value: object) -> None:
    _print(json.dumps(value, ensure_ascii=False, default=str))


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


def _complain(line: str) -> None:
    sys.stderr.write(line + "\n")
