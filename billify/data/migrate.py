"""Migrations, run by the owner role."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the schema to a revision."""
    from alembic import command  # not in the web process, which only asks for the head

    command.upgrade(_config(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Take the schema back to a revision; "base" is before the first."""
    from alembic import command

    command.downgrade(_config(owner_url), revision)


def head() -> str:
    """The newest revision this code knows. Migrations are linear and numbered by file name."""
    return max(file.name.split("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def _config(owner_url: str) -> "Config":
    from alembic.config import Config

    config = Config(str(FOLDER / "alembic.ini"))
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["owner_url"] = owner_url
    return config
