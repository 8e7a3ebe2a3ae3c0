"""Both kinds of store for the tests of the storage port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billify.config import Settings
from tests.fakes.storage import Place, S3Server, a_bucket, a_folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(
        {
            "BILLIFY_ENV": "test",
            "BILLIFY_VAR": str(tmp_path),
            "SECRET_KEY": "not-a-secret",
            "DATABASE_URL": "postgresql+psycopg:///none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "S3_ACCESS_KEY_ID": "billify",
            "S3_SECRET_ACCESS_KEY": "not-a-secret",
        }
    )


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.stop()


@pytest.fixture(params=["local", "s3"])
def place(request: pytest.FixtureRequest, settings: Settings) -> Place:
    if request.param == "local":
        return a_folder(settings)
    return a_bucket(settings, request.getfixturevalue("s3_server"))
