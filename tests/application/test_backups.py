"""A backup holds every row and every document, says so, and fills an empty installation."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from billify.application import backups
from billify.config import Settings
from billify.data import backup as rows
from billify.data import migrate
from billify.data.types import uuid7
from billify.domain.refusal import Refusal
from billify.embedded.postgres import ADMIN, programs
from billify.integrations.pg_dump import Programs
from billify.integrations.storage import storage_from
from tests import servers
from tests.conftest import World

SECRET = "never in a backup, never in a backup"
COMPANY = uuid7()


@dataclass(frozen=True)
class House:
    """An installation: its settings, and its database as the role that sees every row."""

    settings: Settings
    admin_url: str
    owner_url: str

    def rows(self) -> dict[str, int]:
        return rows.counts(self.admin_url)


@pytest.fixture
def house(world: World, tmp_path: Path) -> Iterator[House]:
    """A company with rows and three documents, one of which waits in the spool."""
    name = servers.clone_name("backup")
    _, owner_url = servers.clone_database(servers.template(), name)
    made = _house(world, name, owner_url, tmp_path / "before")
    with psycopg.connect(rows.plain(made.admin_url)) as connection:
        connection.execute(
            "INSERT INTO company (id, slug, name, country, language, currency, floor_amount)"
            " VALUES (%s, 'anna', 'Bakkerij Anna', 'BE', 'nl', 'EUR', 0)",
            [COMPANY],
        )
        for number in range(250):
            connection.execute(
                "INSERT INTO job (id, company_id, name, arguments, queue, status, attempts)"
                " VALUES (%s, %s, 'documents.read', '{}', 'ocr', 'done', %s)",
                [uuid7(), COMPANY, number],
            )
    store = storage_from(made.settings)
    for number in range(2):
        store.primary.put(_key(number), f"document {number}".encode(), "application/pdf")
    store.spool.put(_key(7), b"billify-spool-1 application/pdf\nspooled", "application/pdf")
    yield made
    servers.drop_database(name)


@pytest.fixture
def empty(world: World, tmp_path: Path) -> Iterator[House]:
    """Another installation, of which nothing is made yet."""
    name = servers.clone_name("restored")
    postgres = servers._postgres()
    servers.drop_database(name)
    postgres.make_database(name)
    yield _house(world, name, postgres.url("billify_owner", name), tmp_path / "after")
    servers.drop_database(name)


def _house(world: World, name: str, owner_url: str, var: Path) -> House:
    settings = replace(world.settings, storage_dir=var / "storage", spool_dir=var / "spool")
    return House(settings, servers._postgres().url(ADMIN, name), owner_url)


def _key(number: int) -> str:
    return f"{COMPANY}/{number:064x}"


def found() -> Programs:
    return Programs(programs())


def make(house: House, folder: Path) -> backups.Manifest:
    return backups.make(
        folder=folder,
        settings=house.settings,
        url=house.admin_url,
        programs=found(),
        say=lambda _: None,
    )


def restore(house: House, folder: Path) -> backups.Manifest:
    return backups.restore(
        folder=folder,
        settings=house.settings,
        owner_url=house.owner_url,
        programs=found(),
        say=lambda _: None,
    )


def test_what_was_backed_up_comes_back_whole(house: House, empty: House, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    manifest = make(house, folder)

    assert backups.check(folder=folder, programs=found()) == []
    restore(empty, folder)

    assert empty.rows() == house.rows() == manifest.rows
    assert manifest.rows["job"] == 250
    assert backups.compare(folder=folder, url=empty.admin_url) == []
    store = storage_from(empty.settings)
    assert [store.get(_key(number)) for number in (0, 1, 7)] == [
        b"document 0",
        b"document 1",
        b"spooled",
    ]
    assert store.pending() == [_key(7)]


def test_the_fence_stands_again(house: House, empty: House, tmp_path: Path) -> None:
    """Policies, their force on the owner, and what the app role may do."""
    make(house, tmp_path / "backup")
    restore(empty, tmp_path / "backup")

    asked = (
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text[],"
        " pg_get_userbyid(c.relowner),"
        " ARRAY(SELECT p.polname || pg_get_expr(p.polqual, p.polrelid) FROM pg_policy p"
        " WHERE p.polrelid = c.oid ORDER BY p.polname)"
        " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " ORDER BY c.relname"
    )
    told = []
    for url in (house.admin_url, empty.admin_url):
        with psycopg.connect(rows.plain(url)) as connection:
            told.append(connection.execute(asked).fetchall())

    # PostgreSQL writes the casts of a condition anew, and nothing else.
    before, after = (re.sub(r"::[a-z ]+(\[\])?|[() ]", "", str(one)) for one in told)
    assert before == after
    with psycopg.connect(rows.plain(empty.owner_url)) as owner:
        assert owner.execute("SELECT count(*) FROM job").fetchone() == (0,)


def test_no_secret_is_in_it_and_it_says_which_to_keep_apart(house: House, tmp_path: Path) -> None:
    settings = replace(house.settings, secret_key=SECRET, secret_keys=(SECRET,))
    manifest = make(replace(house, settings=settings), tmp_path / "backup")

    for file in (tmp_path / "backup").rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes()
            assert file.stat().st_mode & 0o077 == 0
    assert "BILLIFY_SECRET_KEYS" in manifest.kept_apart


def test_an_installation_that_holds_anything_is_left_alone(
    house: House, empty: House, tmp_path: Path
) -> None:
    make(house, tmp_path / "backup")

    with pytest.raises(Refusal, match="tables already"):
        restore(house, tmp_path / "backup")
    storage_from(empty.settings).primary.put(_key(9), b"here first", "application/pdf")
    with pytest.raises(Refusal, match="documents already"):
        restore(empty, tmp_path / "backup")
    assert empty.rows() == {}


def test_a_folder_that_holds_anything_is_left_alone(house: House, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("x")

    with pytest.raises(Refusal, match="not empty"):
        make(house, tmp_path)


def test_a_role_that_the_policies_bind_makes_no_empty_backup(house: House, tmp_path: Path) -> None:
    blind = replace(house, admin_url=house.owner_url)

    with pytest.raises(Refusal, match="must see every row"):
        make(blind, tmp_path / "backup")
    with pytest.raises(Refusal, match="holds no backup"):
        backups.read_manifest(folder=tmp_path / "backup")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda one: (one / "database.dump").write_bytes(b"x"), "database.dump is not"),
        (lambda one: (one / "database.dump").unlink(), "database.dump is not"),
        (lambda one: (one / "objects.jsonl").write_text(""), "objects.jsonl is not"),
        (lambda one: _first(one).write_bytes(b"other"), "is not what was written"),
        (lambda one: _first(one).unlink(), "is missing"),
        (lambda one: _first(one).with_name("f" * 64).write_bytes(b"x"), "not in the manifest"),
    ],
    ids=["dump", "no-dump", "objects", "changed", "missing", "more"],
)
def test_a_spoilt_backup_is_found_out_and_not_restored(
    spoil: object, said: str, house: House, empty: House, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    make(house, folder)
    spoil(folder)  # type: ignore[operator]

    wrongs = backups.check(folder=folder, programs=found())

    assert len(wrongs) == 1
    assert said in wrongs[0]
    with pytest.raises(Refusal, match="not whole"):
        restore(empty, folder)
    assert empty.rows() == {}


def _first(folder: Path) -> Path:
    return min(file for file in (folder / "storage").rglob("*") if file.is_file())


def test_rows_that_are_missing_are_told_by_table(
    house: House, empty: House, tmp_path: Path
) -> None:
    make(house, tmp_path / "backup")
    restore(empty, tmp_path / "backup")
    with psycopg.connect(rows.plain(empty.admin_url)) as connection:
        connection.execute("DELETE FROM job WHERE attempts = 7")

    wrongs = backups.compare(folder=tmp_path / "backup", url=empty.admin_url)

    assert wrongs == ["job: 249 rows instead of 250"]


def test_a_backup_of_a_newer_version_is_refused(house: House, empty: House, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    make(house, folder)
    told = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(told | {"schema": "9999"}))

    with pytest.raises(Refusal, match="newer version"):
        restore(empty, folder)


def test_an_older_backup_is_brought_up_to_date(world: World, empty: House, tmp_path: Path) -> None:
    older = f"{int(migrate.head()) - 1:04d}"
    name = servers.clone_name("older")
    _, owner_url = servers.clone_database(servers.template(), name)
    try:
        migrate.downgrade(owner_url, older)
        made = make(_house(world, name, owner_url, tmp_path / "older"), tmp_path / "backup")
    finally:
        servers.drop_database(name)

    restore(empty, tmp_path / "backup")

    assert made.schema == older
    with psycopg.connect(rows.plain(empty.admin_url)) as connection:
        found_now = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert found_now == (migrate.head(),)


def test_half_a_backup_is_none(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    make(house, folder)
    (folder / "manifest.json").unlink()

    with pytest.raises(Refusal, match="never finished"):
        backups.check(folder=folder, programs=found())
    shutil.rmtree(folder)
