"""One application on its own database for each test process; each test in a savepoint."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy.orm import scoped_session, sessionmaker

from billify.config import Settings
from billify.data import tenancy
from billify.data.db import db
from billify.domain import passwords
from billify.factory import create_app
from tests import fence_record, servers
from tests.cast import Cast, make_cast
from tests.page_checks import CheckedClient

# The same cases each run, so that a red run is about the change at hand. To search further:
# HYPOTHESIS_PROFILE=default make quick
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


# A hash in tests costs little: its strength is argon2's own, its cost would be a tenth of the run.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_configure(config: pytest.Config) -> None:
    """Where a file is named for it, what the tests on access find is written down."""
    named = os.environ.get("BILLIFY_FENCE_RESULT")
    if named:
        config.pluginmanager.register(fence_record.FenceRecord(config, Path(named)))


@dataclass
class World:
    """Where this test process keeps its rows and files."""

    settings: Settings
    owner_url: str
    variables: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A database cloned from the migrated template, a number space in Valkey, folders."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) + 1
    name = servers.clone_name()
    app_url, owner_url = servers.clone_database(servers.template(), name)
    var = tmp_path_factory.mktemp("var")
    given = servers.servers().variables
    variables = {
        "BILLIFY_ENV": "test",
        "SECRET_KEY": "tests-only-tests-only-tests-only-tests",
        "DATABASE_URL": app_url,
        "DATABASE_OWNER_URL": owner_url,
        "REDIS_URL": servers.redis_url(number),
        "TESSERACT_CMD": given["TESSERACT_CMD"],
        "TESSDATA_PREFIX": given["TESSDATA_PREFIX"],
        "BILLIFY_VAR": str(var),
    }
    yield World(Settings.load(variables), owner_url, variables)
    servers.drop_database(name)


@pytest.fixture(scope="session")
def application(world: World) -> Iterator[Flask]:
    """The application itself."""
    app = create_app(world.settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.test_client_class = CheckedClient
    yield app
    with app.app_context():
        db.engine.dispose()


@contextmanager
def rolled_back(application: Flask) -> Iterator[Flask]:
    """The application with one connection, whose writing is all undone at the end."""
    with application.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        # A session of SQLAlchemy itself: the extension's own picks an engine, not a connection.
        session = scoped_session(
            sessionmaker(
                bind=connection,
                join_transaction_mode="create_savepoint",
                expire_on_commit=False,
            ),
            scopefunc=lambda: 0,
        )
        before = db.session
        db.session = session
        tenancy.leave()
        try:
            yield application
        finally:
            tenancy.leave()
            session.remove()
            db.session = before
            outer.rollback()
            connection.close()


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application within one test: what it writes is rolled back at the end."""
    with rolled_back(application):
        yield application


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Anna, Bram, Chloé and Dirk with their companies."""
    return make_cast()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a login; every HTML answer is checked."""
    return app.test_client()


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real documents, or a skip where it is not at hand."""
    folder = Path(os.environ.get("BILLIFY_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no sample data here: set BILLIFY_DATA")
    return folder
