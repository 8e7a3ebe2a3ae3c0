"""Reconciliation by keyboard, many at once, on a phone, and without script."""

import re
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from billify.application import matching
from billify.data.db import db
from billify.data.models import Invoice
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from tests import factories
from tests.journeys.conftest import Window
from tests.journeys.papers import TODAY
from tests.journeys.people import House

SALE = InvoiceDirection.SALE


@pytest.fixture
def waiting(house: House) -> list[UUID]:
    """Three customers who each paid one of two equal invoices, and bank costs; the invoices."""
    with house.scope():
        account = factories.account()
        invoices = []
        for amount, name in (("91.00", "Kaasboer"), ("92.00", "Slager"), ("93.00", "Bakker")):
            customer = factories.contact(f"{name} Peeters BV", is_customer=True, is_supplier=False)
            for number in (f"{name[0]}-1", f"{name[0]}-2"):
                row = factories.invoice(of=customer, gross=amount, direction=SALE, number=number)
                invoices.append(row.id)
            factories.movement(
                on=account,
                amount=amount,
                booked_on=TODAY,
                counterparty_name=f"{name} Peeters",
                remittance_information="betaling",
            )
        factories.movement(
            on=account, amount="-4.50", booked_on=TODAY, counterparty_name="Kosten rekening"
        )
        matching.propose(today=TODAY)
    return invoices


def paid(house: House, invoices: list[UUID]) -> int:
    """How many of the invoices are paid."""
    with house.scope():
        db.session.expire_all()
        rows = [db.session.get_one(Invoice, key) for key in invoices]
        return sum(row.status is InvoiceStatus.PAID for row in rows)


def opened(
    window: Window,
    house: House,
    view: str = "",
    **more: Any,  # Any: of the context
) -> Page:
    page = window(house.anna, **more)
    page.goto(f"{house.home}bank/reconcile{view}")
    return page


def test_lines_are_dealt_with_by_single_keys(
    window: Window, house: House, waiting: list[UUID]
) -> None:
    page = opened(window, house, "?view=proposed")
    rows = page.locator("#rows tr")
    expect(rows).to_have_count(3)

    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(rows.first).to_contain_text("Settled")
    expect(rows.first).to_contain_text("by Anna")
    expect(rows.nth(1)).to_have_class(re.compile("is-current"))

    was = rows.nth(1).locator(".offer__parts").inner_text()
    page.keyboard.press("r")
    expect(rows.nth(1).locator(".offer__parts")).not_to_have_text(was)
    page.keyboard.press("a")
    expect(rows.nth(1)).to_contain_text("Settled")
    expect(page.locator("#views")).to_contain_text("1")
    assert paid(house, waiting) == 2

    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(rows.nth(0)).not_to_contain_text("Settled")
    assert paid(house, waiting) == 1


def test_marked_lines_are_accepted_at_once_and_stay_away(
    window: Window, house: House, waiting: list[UUID]
) -> None:
    page = opened(window, house)
    rows = page.locator("#rows tr")
    expect(rows).to_have_count(4)

    for name in ("Kaasboer", "Slager", "Bakker"):
        rows.filter(has_text=name).locator(".table__pick").check()
    page.get_by_role("button", name="Accept proposals").click()

    expect(page.locator("#toasts")).to_contain_text("3 lines done.")
    expect(rows).to_have_count(1)
    assert paid(house, waiting) == 3


def test_invoices_are_chosen_by_hand_while_the_sums_follow(
    window: Window, house: House, waiting: list[UUID]
) -> None:
    page = opened(window, house)
    page.locator("#rows tr").filter(has_text="Slager").locator(".table__link").click()

    page.get_by_role("searchbox", name="Search an invoice").fill("S-2")
    expect(page.locator(".choice__table tbody tr")).to_have_count(1)
    page.get_by_role("checkbox", name="Choose Slager Peeters BV S-2").check()
    expect(page.locator(".choice__sums")).to_contain_text("92,00")
    page.get_by_role("textbox", name="Amount for Slager Peeters BV S-2").fill("90,00")
    page.keyboard.press("Tab")
    expect(page.locator(".choice__sums")).to_contain_text("2,00")
    page.get_by_role("checkbox", name="Let go").check()
    page.get_by_role("button", name="Settle these").click()

    expect(page.locator("#rows tr")).to_have_count(3)
    assert paid(house, waiting) == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_everything_works_without_script(
    window: Window, house: House, waiting: list[UUID], width: int
) -> None:
    page = opened(window, house, width=width, java_script_enabled=False)
    rows = page.locator("#rows tr")
    expect(rows).to_have_count(4)

    rows.filter(has_text="Kaasboer").get_by_role("button", name="Accept").click()
    expect(rows).to_have_count(3)
    assert paid(house, waiting) == 1

    rows.filter(has_text="Kosten").get_by_role("link", name="Choose").click()
    page.get_by_label("What was it for?").select_option(label="Bank costs and interest")
    page.get_by_role("button", name="No invoice expected").click()
    expect(rows).to_have_count(2)

    page.get_by_role("link", name="Settled").click()
    expect(rows).to_have_count(2)
    rows.filter(has_text="Kaasboer").get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(1)
    assert paid(house, waiting) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_off_the_side_of_a_phone(
    window: Window, house: House, waiting: list[UUID], scheme: str
) -> None:
    page = opened(window, house, width=390, color_scheme=scheme)
    expect(page.locator("#rows tr")).to_have_count(4)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

    assert not page.evaluate(wide)
    page.locator("#rows tr").filter(has_text="Bakker").get_by_role(
        "link", name="2 proposals"
    ).click()
    expect(page.get_by_role("heading", name="Proposals")).to_be_visible()
    assert not page.evaluate(wide)
