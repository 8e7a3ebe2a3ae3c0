"""The demo companies: a year of made Belgian data, filled in once at the first start."""

from datetime import UTC, date, datetime
from decimal import Decimal

from billify.application import audit, documents
from billify.application.demo import bank, books, explaining, foresight, papers, people, rows
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Company
from billify.data.queries import auth as queries
from billify.data.types import uuid7
from billify.domain import demo
from billify.domain.brussels import day_of
from billify.domain.demo import DemoCompany
from billify.domain.obligations import Every
from billify.domain.roles import Actor
from billify.integrations import typeset

LOGINS: tuple[str, ...] = people.LOGINS
"""A line for each person who can log in: address, password, and who it is."""

_FLOORS = {people.BAKERY: Decimal(7500), people.CHOCOLATE: Decimal(4500)}


def ensure(*, today: date | None = None) -> None:
    """Fill in the demo companies that are not there yet; what is there stays as it is."""
    today = today or day_of(datetime.now(UTC))
    for slug, build in ((people.BAKERY, demo.build), (people.CHOCOLATE, demo.build_second)):
        with tenancy.unscoped("a demo company may be there already"):
            is_there = queries.slug_is_taken(slug)
        if not is_there:
            _fill(build(today=today), today)
    people.ensure_staff()


def look_ahead(*, today: date | None = None) -> None:
    """Make the forecasts of the demo companies, and those of the weeks before. Loads numpy."""
    today = today or day_of(datetime.now(UTC))
    for slug in (people.BAKERY, people.CHOCOLATE):
        foresight.look_ahead(slug=slug, today=today)


def connect_bank() -> None:
    """Connect the first demo company to the bank that plays beside it, once."""
    bank.connect()


def connect_books() -> None:
    """Connect it to the accounting that plays beside it, once."""
    books.connect()


def _fill(made: DemoCompany, today: date) -> None:
    """One company and its papers in one transaction: all of it is there, or nothing."""
    company = _company(made)
    with tenancy.company_scope(company.id), transaction() as session:
        session.add(company)
        session.flush()
        owner = people.join(slug=made.slug, company_id=company.id)
        counts = rows.insert(made, by=owner)
        audit.record("company.demo_added", company, by=None, after=counts)
        _hand_in(made, owner)
        explaining.make(language=made.language, by=owner)
        foresight.prepare(made=made, today=today, by=owner)


def _company(made: DemoCompany) -> Company:
    return Company(
        id=uuid7(),
        slug=made.slug,
        name=made.name,
        vat_number=made.vat_number,
        enterprise_number=made.enterprise_number,
        street=made.street,
        postcode=made.postcode,
        city=made.city,
        country=made.country,
        language=made.language,
        floor_amount=_FLOORS[made.slug],
        alert_days=75,
        vat_every=Every.QUARTER,
        withholding_every=Every.MONTH,
    )


def _hand_in(made: DemoCompany, by: Actor) -> None:
    """What came in by post is printed and goes through the same door as every upload."""
    for at, letter in enumerate(made.incoming):
        paper = papers.of_supplier(letter, to=made, look=at)
        content = typeset.invoice_pdf(paper, on=letter.invoice.issue_date)
        documents.receive(content=content, name=letter.file_name, by=by)
