"""Migrations: one line of them, up and down and up again, and in the end what the models say."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, pool, text

from billify.data import migrate, models
from billify.data.db import db
from tests import servers
from tests.servers import CHECKOUT

VERSIONS = sorted((CHECKOUT / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def empty() -> Iterator[tuple[Engine, str]]:
    """An empty database, with its owner's address."""
    postgres = servers.servers().postgres
    assert postgres is not None
    name = servers.clone_name("migrations")
    servers.drop_database(name)
    postgres.make_database(name)
    url = postgres.url("billify_owner", name)
    engine = create_engine(url, poolclass=pool.NullPool)
    yield engine, url
    engine.dispose()
    servers.drop_database(name)


def test_migrations_are_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(CHECKOUT / "migrations"))
    scripts = ScriptDirectory.from_config(config)

    revisions = list(scripts.walk_revisions())

    assert len(scripts.get_heads()) == 1
    assert [one.revision for one in reversed(revisions)] == [
        file.name.split("_")[0] for file in VERSIONS
    ]
    assert migrate.head() == VERSIONS[-1].name.split("_")[0]


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_a_migration_says_why_and_knows_no_model(file: Any) -> None:
    tree = ast.parse(file.read_text())

    assert len((ast.get_docstring(tree) or "").split()) > 5
    nodes = list(ast.walk(tree))
    imported = {
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name.startswith("billify")}


def test_up_and_down_and_up_again(empty: tuple[Engine, str]) -> None:
    engine, url = empty

    migrate.upgrade(url)
    first = described(engine)
    migrate.downgrade(url, "base")
    left = described(engine)
    migrate.upgrade(url)

    assert left == {"tables": ["alembic_version"], "policies": [], "functions": []}
    assert described(engine) == first


def test_the_schema_is_what_the_models_say(empty: tuple[Engine, str]) -> None:
    engine, url = empty
    assert models.__all__
    migrate.upgrade(url)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": False},
        )
        found = compare_metadata(context, db.metadata)

    assert found == []


def test_the_database_and_the_models_use_the_same_names(empty: tuple[Engine, str]) -> None:
    engine, url = empty
    migrate.upgrade(url)
    look = inspect(engine)

    for table in db.metadata.sorted_tables:
        there = {one["name"] for one in look.get_check_constraints(table.name)}
        wanted = {
            str(one.name) for one in table.constraints if one.__visit_name__ == "check_constraint"
        }
        assert wanted <= there, table.name


def test_every_index_of_a_company_s_table_begins_with_the_company() -> None:
    """A policy asks for the company in every statement, so an index without it is of little use."""
    without = [
        index.name
        for table in db.metadata.sorted_tables
        if "company_id" in table.c
        for index in table.indexes
        if list(index.columns)[:1] != [table.c.company_id]
    ]

    assert sorted(str(name) for name in without) == ["ix_job_due", "ix_membership_user_id"]


def described(engine: Engine) -> dict[str, list[Any]]:
    """What stands in the database, in short."""
    questions = {
        "tables": "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'S')"
        " AND relnamespace = 'public'::regnamespace ORDER BY 1",
        "policies": "SELECT polname || ' ' || polrelid::regclass FROM pg_policy ORDER BY 1",
        "functions": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " ORDER BY 1",
    }
    with engine.connect() as connection:
        return {
            name: list(connection.scalars(text(question)).all())
            for name, question in questions.items()
        }


def test_the_head_is_the_one_that_the_migrations_lead_to() -> None:
    folder = ScriptDirectory(str(migrate.FOLDER))

    assert migrate.head() == folder.get_current_head()
