"""Migrations, run by the owner role."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the schema to a revision."""
    command.upgrade(_config(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Take the schema back to a revision; "base" is before the first."""
    command.downgrade(_config(owner_url), revision)


def head() -> str:
    """The newest revision this code knows."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or ""


def _config(owner_url: str) -> Config:
    config = Config(str(FOLDER / "alembic.ini"))
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["owner_url"] = owner_url
    return config
