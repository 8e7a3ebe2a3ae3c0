"""The rooms: who may look where, and what may stand in which."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.servers import CHECKOUT

CODE = CHECKOUT / "billify"
FILES = sorted(file for file in CODE.rglob("*.py") if "vendor" not in file.parts)
LONGEST_FILE = 500
"""`make sizes` asks to look twice at 400; nobody reads more than this in a minute."""

UNSCOPED = {
    "billify/application/back_office/announcements.py": "staff tell the people of all companies",
    "billify/application/back_office/companies.py": "staff look for one among all of them",
    "billify/application/partners/engine.py": "one clock looks after all companies' connections",
    "billify/application/auth.py": "an address must be free among all companies",
    "billify/application/documents.py": "one spool holds documents of all companies",
    "billify/application/health.py": "the operator counts the jobs of all companies",
    "billify/application/people.py": "the command line finds people and companies by name",
    "billify/application/demo/bank.py": "the demo company is found by its name",
    "billify/application/demo/__init__.py": "is there a company of this name already?",
    "billify/application/seed/__init__.py": "is there a company of this name already?",
    "billify/application/forecasts.py": "one clock asks for the forecasts of all companies",
    "billify/application/mails.py": "one clock sends the mails of everybody",
    "billify/application/recovery.py": "who follows a link in a mail is known by nothing else",
    "billify/application/passkeys.py": "who logs in with a passkey is known by the passkey alone",
    "billify/application/faults.py": "faults of our own belong to no company",
    "billify/application/back_office/audit_log.py": "staff choose the company whose log they read",
    "billify/application/back_office/connections.py": "staff see how all connections fare",
    "billify/application/back_office/dead_letters.py": "staff see the dead jobs of all companies",
    "billify/application/back_office/queues.py": "staff see what waits in all companies",
    "billify/application/jobs.py": "one clock sweeps the jobs of all companies",
    "billify/application/account_removal.py": "mails to an address may know of no person yet",
    "billify/application/digests.py": "one clock mails to the people of all companies",
    "billify/application/news.py": "one clock looks after the consents of all companies",
    "billify/application/notifications.py": "people are told by the way they chose",
    "billify/application/personal_data.py": "one clock makes the files of everybody",
    "billify/application/retention.py": "one clock tidies up in all companies",
}
"""Who may work across companies, and why."""

EVERY_EXCEPTION = {
    "billify/application/faults.py": "the report of a fault must not become another",
    "billify/tasks/schedule.py": "tells of a fault of the clock and raises it again",
    "billify/application/mails.py": "a mail that can't be made is noted on its row",
    "billify/tasks/runner.py": "every failure of a job is recorded on its row",
    "billify/web/errors.py": "the last place before a person would see a stack",
    "billify/integrations/child.py": "the edge of a process",
    "billify/integrations/mail.py": "hangs up in the middle of a letter and raises again",
    "billify/processes/supervisor.py": "the edge of a process",
    "billify/data/db.py": "rolls back and raises again",
    "billify/web/exports.py": "closes its file and raises again",
    "billify/embedded/parts.py": "stops what it started and raises again",
    "billify/integrations/storage/local.py": "removes what it has half written and raises again",
}

POSITIONAL = {
    "audit.record",
    "understanding.preview_key",
    "understanding.words_key",
    "cash_flow.counted_since",
    "jobs.later",
    "live.touch",
}
"""Verbs that read as a sentence with what they are about in front."""


def place(file: Path) -> str:
    return file.relative_to(CHECKOUT).as_posix()


def room(name: str) -> list[Path]:
    return [file for file in FILES if file.is_relative_to(CODE / name)]


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def public(file: Path) -> list[ast.FunctionDef | ast.ClassDef]:
    """What a file offers to others."""
    return [
        node
        for node in tree(file).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]


def imports(file: Path) -> Iterator[str]:
    """Every module that a file imports, as `package.module`."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(*packages: str, files: list[Path], but: str = " ") -> set[str]:
    """The files that import something of these packages, but for one of their modules."""
    return {
        place(file)
        for file in files
        for name in imports(file)
        if name.split(".")[0] in packages and not name.startswith(but)
    }


def those_with(pattern: str, files: list[Path] = FILES) -> set[str]:
    return {place(file) for file in files if re.search(pattern, file.read_text(), re.M)}


def test_rooms_only_look_down() -> None:
    """The contracts of pyproject.toml; `make rooms` shows the same."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_rules_and_rows_know_no_web() -> None:
    assert importers("flask", "werkzeug", files=[*room("domain"), *room("data")]) == set()


def test_use_cases_speak_no_http_and_no_sql() -> None:
    use_cases = room("application")

    assert importers("werkzeug", "rq", files=use_cases) == set()
    assert importers("sqlalchemy", files=use_cases, but="sqlalchemy.exc") == set()
    assert importers("flask", files=use_cases) == {"billify/application/ports.py"}


def test_routes_hold_no_transaction_and_no_rule() -> None:
    assert those_with(r"\btransaction\(|\bdb\.session|\.commit\(", room("blueprints")) == set()


def test_rules_never_ask_the_clock() -> None:
    assert those_with(r"\b(datetime\.now|date\.today|time\.time)\(", room("domain")) == set()


def test_only_application_opens_transactions() -> None:
    users = those_with(r"\btransaction\(\)")

    assert {name.split("/")[1] for name in users} <= {"application", "data"}


def test_working_across_companies_is_rare_and_has_a_reason() -> None:
    assert those_with(r"\bunscoped\(", [f for f in FILES if f.parent.name != "data"]) == set(
        UNSCOPED
    )


def test_no_row_is_taken_from_memory_past_the_locks() -> None:
    """session.get gives a row met before, in whatever scope; only people are no company's rows."""
    assert those_with(r"\bsession\.get\(") <= {"billify/data/queries/auth.py"}


def test_text_of_sql_stands_in_data_alone() -> None:
    users = [file for file in FILES if "sqlalchemy.text" in imports(file)]

    assert {file.relative_to(CODE).parts[0] for file in users} <= {"data"}


def test_sql_is_never_put_together_from_values() -> None:
    pattern = r"\btext\(\s*f[\"']|exec_driver_sql\(\s*f[\"']|\.execute\(\s*f[\"']"

    # VACUUM takes no values, only names of tables, which stand in a constant there.
    assert those_with(pattern, room("data")) <= {"billify/data/queries/bulk.py"}


def test_every_exception_is_caught_at_the_edge_only() -> None:
    assert those_with(r"except (Base)?Exception\b|except:") <= set(EVERY_EXCEPTION)


def test_nothing_that_could_carry_code_is_unpacked() -> None:
    assert those_with(r"^\s*(import|from) (pickle|marshal|shelve|yaml)\b|\b(eval|exec)\(") == set()


def test_what_a_use_case_takes_is_named() -> None:
    """At most the thing it is about comes without its name."""
    bare = {
        f"{file.stem}.{node.name}"
        for file in room("application")
        for node in public(file)
        if isinstance(node, ast.FunctionDef) and (len(node.args.args) > 1 or node.args.vararg)
    }

    assert bare - POSITIONAL == set()


def test_a_file_is_read_in_a_minute() -> None:
    long = [place(file) for file in FILES if len(file.read_text().splitlines()) > LONGEST_FILE]

    assert long == []


def test_everything_public_says_what_it_is_for() -> None:
    files = [place(f) for f in FILES if tree(f).body and not ast.get_docstring(tree(f))]
    names = [
        f"{place(file)}: {node.name}"
        for file in FILES
        for node in public(file)
        if not ast.get_docstring(node)
    ]

    assert files + names == []


def test_there_is_no_room_for_odds_and_ends() -> None:
    names = {part for file in FILES for part in file.relative_to(CODE).with_suffix("").parts}

    assert names & {"utils", "util", "helpers", "helper", "common", "misc", "tools"} == set()
