"""A company of a size at which PostgreSQL's choice of an index says something."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from billify.config import Settings
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Company
from billify.data.types import uuid7
from billify.factory import create_app
from tests import servers
from tests.conftest import World


@dataclass(frozen=True)
class Large:
    """A company with 20,000 invoices and what PostgreSQL knows of them."""

    app: Flask
    company_id: UUID
    contact_id: UUID


@pytest.fixture(scope="session")
def large(world: World) -> Iterator[Large]:
    """On a database of its own: statistics are only made of what has been committed."""
    name = servers.clone_name("large")
    app_url, owner_url = servers.clone_database(servers.template(), name)
    variables = {**world.variables, "DATABASE_URL": app_url, "DATABASE_OWNER_URL": owner_url}
    app = create_app(Settings.load(variables))
    with app.app_context():
        company_id, contact_id = _fill()
        db.session.remove()
    with psycopg.connect(owner_url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE contact, invoice")
    yield Large(app, company_id, contact_id)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    servers.drop_database(name)


def _fill() -> tuple[UUID, UUID]:
    company = Company(id=uuid7(), name="Groot NV", slug="groot")
    with tenancy.company_scope(company.id), transaction() as session:
        session.add(company)
        session.flush()
        key = {"company": company.id}
        session.execute(
            text(
                "INSERT INTO contact (id, company_id, name, search_key, is_customer, is_supplier,"
                " country, language, payment_terms, version)"
                " SELECT gen_random_uuid(), :company, 'Contact ' || n, 'contact ' || n, true,"
                " true, 'BE', 'nl', 'days:30', 1 FROM generate_series(1, 500) n"
            ),
            key,
        )
        session.execute(
            text(
                "INSERT INTO invoice (id, company_id, direction, kind, status, number, number_key,"
                " contact_id, party_name, party_key, issue_date, due_date, currency, gross_amount,"
                " open_amount, source, version)"
                " SELECT gen_random_uuid(), :company,"
                " CASE WHEN n % 2 = 0 THEN 'sale' ELSE 'purchase' END, 'invoice', status,"
                " 'F' || n, 'F' || n, c.id, c.name, c.search_key,"
                " date '2026-11-20' - n % 1825, date '2026-11-20' - n % 1825 + 30, 'EUR',"
                " n % 997 + 1, CASE status WHEN 'paid' THEN 0 ELSE n % 997 + 1 END, 'demo', 1"
                " FROM generate_series(1, 20000) n"
                " JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS at FROM contact) c"
                " ON c.at = n / 2 % 500, LATERAL (SELECT CASE WHEN n % 100 < 93 THEN 'paid'"
                " WHEN n % 100 < 97 THEN 'open' WHEN n % 100 < 99 THEN 'to_approve'"
                " ELSE 'rejected' END AS status) s"
            ),
            key,
        )
        contact_id = session.execute(text("SELECT id FROM contact LIMIT 1")).scalar_one()
    return company.id, contact_id
