"""PostgreSQL and Valkey for the tests: started once, shared by every test process, kept careless.

The last process to leave stops them; the data folder stays for the next run.
"""

import atexit
import contextlib
import fcntl
import functools
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from billify import embedded
from billify.embedded.postgres import APP, OWNER, Postgres

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var" / "test"
TEMPLATE = "template_"
CLONE = "test_"


@functools.cache
def servers() -> embedded.Embedded:
    """The servers of this test run, with Tesseract; the first caller starts them."""
    started = _started(VAR)
    atexit.register(_stop, started, os.getpid())
    return started


@contextlib.contextmanager
def own_servers() -> Iterator[embedded.Embedded]:
    """Servers that a test may stop, kill and break; what they commit survives it."""
    folder = Path(tempfile.mkdtemp(prefix="billify-", dir="/tmp"))
    folder.chmod(0o711)  # the account that PostgreSQL runs under must pass
    started = embedded.start(folder, {"postgres", "valkey"})
    try:
        yield started
    finally:
        started.stop()
        shutil.rmtree(folder, ignore_errors=True)


def template() -> str:
    """The name of a database with every migration applied, made once a set of migrations."""
    postgres = _postgres()
    name = TEMPLATE + _fingerprint()
    with (VAR / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in _databases(postgres):
            _drop_stale(postgres)
            _make_template(postgres, name)
    return name


def clone_database(template_name: str, name: str) -> tuple[str, str]:
    """A fresh copy of a database; gives its address for the app role and for the owner role."""
    postgres = _postgres()
    with postgres.connect() as connection:
        for statement in (
            "DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            "CREATE DATABASE {name} TEMPLATE {template} OWNER {owner} STRATEGY FILE_COPY",
        ):
            connection.execute(
                sql.SQL(statement).format(
                    name=sql.Identifier(name),
                    template=sql.Identifier(template_name),
                    owner=sql.Identifier(OWNER),
                )
            )
    return postgres.url(APP, name), postgres.url(OWNER, name)


def drop_database(name: str) -> None:
    """Remove a copy, whoever is still connected to it."""
    with _postgres().connect() as connection:
        _drop(connection, name)


def clone_name(suffix: str = "") -> str:
    """A database name that belongs to this process; left over ones are swept by their number."""
    return f"{CLONE}{os.getpid()}{'_' + suffix if suffix else ''}"


def redis_url(number: int) -> str:
    """The address of one of Valkey's 64 separate number spaces, one for each test process."""
    valkey = servers().valkey
    assert valkey is not None
    return valkey.url(number)


def _started(var: Path) -> embedded.Embedded:
    try:
        return embedded.start(var, {"postgres", "valkey", "tesseract"}, careless=True)
    except embedded.CannotStart:
        # Careless data may be torn by a power cut; it holds nothing to keep.
        shutil.rmtree(var, ignore_errors=True)
        return embedded.start(var, {"postgres", "valkey", "tesseract"}, careless=True)


def _stop(started: embedded.Embedded, pid: int) -> None:
    if os.getpid() == pid:
        started.stop()


def _postgres() -> Postgres:
    postgres = servers().postgres
    assert postgres is not None
    return postgres


def _fingerprint() -> str:
    """Changes whenever a migration does."""
    digest = hashlib.sha256()
    for file in sorted((CHECKOUT / "migrations").rglob("*.py")):
        digest.update(file.relative_to(CHECKOUT).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _make_template(postgres: Postgres, name: str) -> None:
    from billify.data.migrate import upgrade  # not needed where the template is there already

    unfinished = f"{name}_unfinished"
    postgres.make_database(unfinished)
    upgrade(postgres.url(OWNER, unfinished))
    with postgres.connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [unfinished],
        )
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(unfinished), sql.Identifier(name)
            )
        )


def _drop_stale(postgres: Postgres) -> None:
    """Templates of other migrations, and the copies of test processes that are gone."""
    with postgres.connect() as connection:
        for name in _databases(postgres):
            if name.startswith(TEMPLATE) or _is_orphan(name):
                _drop(connection, name)


def _is_orphan(name: str) -> bool:
    found = re.match(rf"{CLONE}(\d+)", name)
    return found is not None and not Path(f"/proc/{found[1]}").exists()


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _databases(postgres: Postgres) -> set[str]:
    with postgres.connect() as connection:
        found = connection.execute("SELECT datname FROM pg_database").fetchall()
    return {name for (name,) in found}
