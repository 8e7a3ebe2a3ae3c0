"""The `billify` command. Results go to stdout, messages to stderr; exit 0 all well, 1 some
failed, 2 bad usage. Nothing heavy is imported before a command is chosen.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from billify.cli import commands
from billify.domain.refusal import Refusal

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    chosen = _parser().parse_args(arguments)
    command: Command = chosen.command
    try:
        return command(chosen)
    except Refusal as refusal:
        commands.complain(str(refusal))
        return 1
    except BrokenPipeError:
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="billify", description=__doc__.split("\n")[0])
    parsers = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_running(parsers)
    _add_reading(parsers)
    _add_rows(parsers)
    _add_people(parsers)
    _add_upkeep(parsers)
    return parser


def _add_running(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    up = parsers.add_parser("up", help="run web, workers and clock here")
    up.add_argument("only", nargs="*", metavar="PROCESS", help="only these processes")
    up.set_defaults(command=commands.up)
    run = parsers.add_parser("run", help="be one process: web, worker-ocr, clock …")
    run.add_argument("name")
    run.set_defaults(command=commands.run)
    fake = parsers.add_parser("fake", help="play a partner on this machine, for trying out")
    fake.add_argument("partner", choices=["ponto", "yuki"])
    fake.add_argument("--port", type=int, default=8400)
    fake.set_defaults(command=commands.fake)
    migrate = parsers.add_parser("migrate", help="bring the database schema up to date")
    migrate.set_defaults(command=commands.migrate)


def _add_reading(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    read = parsers.add_parser("read", help="read documents, without a database")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument("--json", action="store_true", help="one JSON object a file")
    read.set_defaults(command=commands.read)
    einvoice = parsers.add_parser("einvoice", help="e-invoices (UBL, CII, Factur-X, ZUGFeRD)")
    deeds = einvoice.add_subparsers(required=True, metavar="read|check")
    for name, command, said in (
        ("read", commands.einvoice_read, "every field, exactly as stated"),
        ("check", commands.einvoice_check, "the rules of EN 16931 that it breaks"),
    ):
        deed = deeds.add_parser(name, help=said)
        deed.add_argument("files", nargs="+", type=Path, metavar="FILE")
        deed.add_argument("--json", action="store_true", help="one JSON object a file")
        deed.set_defaults(command=command)

    statement = parsers.add_parser("statement", help="read bank files, without a database")
    statement.add_argument("files", nargs="+", type=Path, metavar="FILE")
    statement.add_argument("--json", action="store_true", help="one JSON object a file")
    statement.set_defaults(command=commands.statement)
    match = parsers.add_parser(
        "match", help="match invoices and bank lines given on stdin, without a database"
    )
    match.add_argument("--json", action="store_true", help="one JSON object, as it always is")
    match.set_defaults(command=commands.match)
    _add_forecast(parsers)


def _add_forecast(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    forecast = parsers.add_parser("forecast", help="look ahead, without a database")
    kinds = forecast.add_subparsers(required=True, metavar="payments|cash")
    for name, command, said in (
        ("payments", commands.forecast_payments, "when each open invoice given on stdin is paid"),
        ("cash", commands.forecast_cash, "the balance ahead of the movements given on stdin"),
    ):
        kind = kinds.add_parser(name, help=said)
        kind.add_argument("--json", action="store_true", help="one JSON object, as it always is")
        kind.set_defaults(command=command)


def _add_rows(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    demo = parsers.add_parser("demo", help="add the demo companies")
    demo.set_defaults(command=commands.demo)
    seed = parsers.add_parser("seed", help="fill a company with many rows, for measuring")
    seed.add_argument("--invoices", type=int, required=True)
    seed.add_argument("--transactions", type=int, required=True)
    seed.add_argument("--company", default="large", metavar="SLUG")
    seed.set_defaults(command=commands.seed)


def _add_people(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    user = parsers.add_parser("user", help="people").add_subparsers(required=True)
    add = user.add_parser("add", help="add a person to a company, or change the role")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--company", required=True, metavar="SLUG")
    add.add_argument("--role", required=True)
    add.add_argument("--limit", metavar="AMOUNT", help="approval limit in euro")
    add.set_defaults(command=commands.user_add)
    staff = user.add_parser("staff", help="let a person into the back office")
    staff.add_argument("email")
    staff.add_argument("--name", help="of a person who is new here")
    staff.add_argument("--remove", action="store_true", help="close the back office to them")
    staff.set_defaults(command=commands.user_staff)
    listed = user.add_parser("list", help="the people of a company")
    listed.add_argument("--company", required=True, metavar="SLUG")
    listed.set_defaults(command=commands.user_list)
    company = parsers.add_parser("company", help="companies").add_subparsers(required=True)
    company.add_parser("list", help="every company").set_defaults(command=commands.company_list)


def _add_upkeep(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    jobs = parsers.add_parser("jobs", help="jobs and dead letters").add_subparsers(required=True)
    jobs.add_parser("list", help="jobs that were given up").set_defaults(command=commands.jobs_list)
    replay = jobs.add_parser("replay", help="start a dead job anew")
    replay.add_argument("ids", nargs="+", type=UUID, metavar="ID")
    replay.set_defaults(command=commands.jobs_replay)
    discard = jobs.add_parser("discard", help="put a dead job away for good")
    discard.add_argument("ids", nargs="+", type=UUID, metavar="ID")
    discard.add_argument("--reason", required=True, help="stands in the company's audit log")
    discard.set_defaults(command=commands.jobs_discard)
    backup = parsers.add_parser("backup", help="write a backup into a folder, or check one")
    backup.add_argument("words", nargs="+", metavar="[check] DIR")
    backup.set_defaults(command=commands.backup)
    restore = parsers.add_parser("restore", help="fill an empty installation from a backup")
    restore.add_argument("folder", type=Path, metavar="DIR")
    restore.set_defaults(command=commands.restore)
    keys = parsers.add_parser("keys", help="keys that seal secrets")
    rotate = keys.add_subparsers(required=True, metavar="rotate").add_parser(
        "rotate", help="seal all secrets with the first of BILLIFY_SECRET_KEYS"
    )
    rotate.set_defaults(command=commands.keys_rotate)
    audit = parsers.add_parser("audit", help="the audit log").add_subparsers(required=True)
    verify = audit.add_parser("verify", help="walk every chain and check every balance")
    verify.add_argument("--company", metavar="SLUG")
    verify.set_defaults(command=commands.audit_verify)
