"""How large the database is and how much of it is in use; asked for a moment at most."""

from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from billify.data.db import db

MOST_MS = 700


class Database(NamedTuple):
    """Its size in bytes, the connections to it, how many it takes in all, and the
    number of its schema."""

    bytes: int
    connections: int
    most_connections: int
    schema: str


def database() -> Database | None:
    """Asked now; None when that took too long or there is no answer."""
    try:
        connection = db.session.connection()
        with connection.begin_nested():
            connection.execute(select(func.set_config("statement_timeout", str(MOST_MS), True)))
            row = connection.execute(
                text(
                    "SELECT pg_database_size(current_database()),"
                    " (SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database()),"
                    " current_setting('max_connections')::int,"
                    " (SELECT version_num FROM alembic_version)"
                )
            ).one()
            connection.execute(select(func.set_config("statement_timeout", "0", True)))
    except SQLAlchemyError:
        return None
    return Database._make(row)
