"""Many rows at once: set-wise inserts, and COPY by way of a temporary table.

COPY into a table under row-level security is refused, so rows are copied into a temporary table
of the same columns and inserted from there, which the policies check like any insert.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from billify.data import tenancy
from billify.data.db import Base, db
from billify.data.types import uuid7


def add(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:  # Any: column values
    """Insert rows of one table into the scope's company; those without a key get one."""
    if rows:
        company_id = _company()
        made = [{"id": uuid7(), "company_id": company_id} | dict(row) for row in rows]
        db.session.execute(insert(model), made)


def _company() -> Any:  # Any: the key as the driver takes it
    company_id = tenancy.current().company_id
    if company_id is None:
        raise tenancy.NoScope("rows belong to a company")
    return company_id
