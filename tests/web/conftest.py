"""A tiny app for the presentation kit: no database, no queue."""

from pathlib import Path

import pytest
from flask import Flask

from billify.config import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(
        {
            "BILLIFY_ENV": "test",
            "BILLIFY_VAR": str(tmp_path),
            "SECRET_KEY": "not-a-secret",
            "DATABASE_URL": "postgresql+psycopg:///none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
        }
    )


@pytest.fixture
def bare_app(settings: Settings) -> Flask:
    app = Flask("bare", static_folder=None)
    app.config["SETTINGS"] = settings
    return app
