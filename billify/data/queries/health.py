"""Whether the database answers, and which schema it has."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from billify.data.db import db


class DatabaseAway(Exception):
    """The database does not answer."""


def schema_revision() -> str:
    """The revision the schema stands at; empty when it was never made. Raises DatabaseAway."""
    try:
        # No company's table: the one row that migrations keep for themselves.
        found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError as error:
        db.session.rollback()
        raise DatabaseAway(type(error).__name__) from error
    db.session.rollback()
    return found or ""
