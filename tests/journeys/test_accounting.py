"""The accounting is connected by its key, and what differs from bank and documents is shown."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billify.data.db import transaction
from billify.data.models import Allocation, Invoice
from billify.domain.invoices import InvoiceStatus
from billify.stand_ins.yuki import Document, Item
from billify.stand_ins.yuki.world import PURCHASE_INVOICE
from tests import factories
from tests.fakes import yuki as fake
from tests.journeys.conftest import Window
from tests.journeys.papers import TODAY, Letter
from tests.journeys.people import House
from tests.journeys.product import Product
from tests.journeys.steps import WITH_AND_WITHOUT_SCRIPT

ISSUED = TODAY - timedelta(days=20)
TRIES = 20


@pytest.fixture
def books(product: Product) -> Iterator[None]:
    """What the accountant has booked: alike, paid here, at another total, and without a paper."""
    kept = fake.books(product.accounting)
    letter = Letter(supplier="Gist en Desem BV", number="2026-4711", issued=ISSUED)
    paper = Document("Gist", ISSUED, 1, name="gist.pdf", content=letter.pdf())
    kept.documents.append(paper)
    kept.payables += [
        bill("Molens Alike NV", "A-1"),
        bill("Molens Paid NV", "A-2"),
        bill("Molens Total NV", "A-3", "112.00"),
        bill("Gist en Desem BV", "2026-4711", "1210.00", document_id=paper.id),
    ]
    yield
    kept.payables.clear()
    kept.documents.clear()


def bill(contact: str, number: str, total: str = "121.00", document_id: str = "") -> Item:
    """An open purchase invoice in the books."""
    return fake.item(
        contact=contact,
        reference=number,
        dated=ISSUED,
        original=Decimal(total),
        type_id=PURCHASE_INVOICE,
        document_id=document_id,
    )


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("has_script", WITH_AND_WITHOUT_SCRIPT)
def test_what_differs_from_the_accounting_is_shown(
    has_script: bool, window: Window, house: House
) -> None:
    with house.scope():
        approved("Molens Alike NV", "A-1")
        pay("Molens Paid NV", "A-2")
        approved("Molens Total NV", "A-3")
        approved("Molens Forgotten NV", "A-4")
    page = window(house.anna, java_script_enabled=has_script)

    page.goto(f"/c/{house.slug}/accounting/differences")
    page.get_by_role("link", name="Connect Yuki").click()
    page.get_by_label("Access key").fill(fake.KEY)
    page.get_by_role("button", name="Connect").click()
    page.get_by_label("Bakkerij Anna BV").check()
    page.get_by_role("button", name="Read these books").click()
    page.get_by_role("heading", name="Open items in Yuki").wait_for()
    reload_until(page, f"/c/{house.slug}/accounting/items?side=purchase", "Molens Alike NV")

    page.get_by_role("link", name="Differences").click()
    rows = page.locator(".differences__rows tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="Molens Paid NV")).to_contain_text("Can you book the payment on it")
    expect(rows.filter(has_text="Molens Total NV")).to_contain_text("booked for 112,00 euro")
    expect(rows.filter(has_text="Molens Forgotten NV")).to_contain_text("it is not in Yuki")
    page.get_by_role("link", name="Booked in Yuki, no document here").first.click()
    expect(rows).to_have_count(1)

    rows.get_by_role("link", name="Gist en Desem BV").click()
    page.get_by_role("button", name="Fetch the document").click()
    expect(page.get_by_text("The document was fetched.")).to_be_visible()
    page.get_by_role("link", name="Gist en Desem BV 2026-4711").click()
    expect(page.get_by_role("heading", name="Gist en Desem BV")).to_be_visible()
    reload_until(page, page.url, "gist.pdf")
    page.goto(f"/c/{house.slug}/accounting/differences")
    expect(rows).to_have_count(3)


def approved(name: str, number: str, status: InvoiceStatus = InvoiceStatus.OPEN) -> Invoice:
    """An invoice of 121.00 that is here since a week."""
    return factories.invoice(
        of=factories.contact(name),
        number=number,
        issue_date=ISSUED,
        status=status,
        decided_at=datetime.now(UTC) - timedelta(days=7),
    )


def pay(name: str, number: str) -> None:
    """One that the bank has paid some days ago."""
    invoice = approved(name, number, InvoiceStatus.PAID)
    account = factories.account()
    line = factories.movement(on=account, booked_on=TODAY - timedelta(days=4))
    with transaction() as session:
        session.add(
            Allocation(invoice_id=invoice.id, transaction_id=line.id, amount=Decimal("121.00"))
        )


def reload_until(page: Page, where: str, words: str) -> None:
    """What a person does while something goes on."""
    for _ in range(TRIES):
        page.goto(where)
        if words in page.content():
            return
        page.wait_for_timeout(1000)
    assert words in page.content()
