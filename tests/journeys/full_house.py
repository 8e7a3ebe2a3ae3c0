"""A company with something on every page, and the addresses of those pages."""

import time
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from billify.application import (
    bank_files,
    bank_rules,
    banking,
    budgets,
    cash_plans,
    documents,
    forecasts,
    matching,
)
from billify.application.bank_files import Choice
from billify.application.bank_rules import Wanted
from billify.application.banking import Account, Movement
from billify.application.cash_plans import Plan
from billify.application.partners.ponto import connecting
from billify.application.partners.ponto.connecting import Choice as Brought
from billify.data.queries import auth, reconciling
from billify.data.queries import connections as connection_queries
from billify.data.queries import documents as document_queries
from billify.data.queries.reconciling import Filter, View
from billify.domain.banking import AccountKind
from billify.domain.cash_flow import Rhythm
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.web.access import today
from tests import factories
from tests.domain.bank_files import samples
from tests.journeys.papers import TODAY, Letter
from tests.journeys.people import House
from tests.journeys.steps import READING_SECONDS

BOXES = Letter(
    "Cartonnage Leclercq SRL", "BE 0428.759.497", "", "10.000,00", "2.100,00", "12.100,00"
)
PUBLIC = ("log in", "sign up")
PAGES = (
    "home",
    "home by month",
    "weeks",
    "weeks of one kind",
    "month ahead",
    "day ahead",
    "calendar",
    "not counted",
    "expected day",
    "figure",
    "purchases",
    "purchases filtered",
    "sales",
    "check screen",
    "invoice to approve",
    "open invoice",
    "rejected invoice",
    "new purchase",
    "new sale",
    "contacts",
    "contact",
    "contact edited",
    "contact new",
    "bank",
    "account new",
    "account edited",
    "balance",
    "movement",
    "plans",
    "taxes",
    "planned",
    "planned item",
    "planned item new",
    "budget",
    "budget by month",
    "budget edited",
    "bank files",
    "bank file",
    "bank file columns",
    "bank file imported",
    "reconcile",
    "reconcile settled",
    "bank line",
    "rules",
    "rule",
    "rule new",
    "categories",
    "balance check",
    "connections",
    "connection",
    "connection accounts",
    "connection keys",
    "connection new",
    "connection by keys",
    "settings",
    "people",
    "person",
    "audit log",
    "your account",
    "security",
    "app set up",
    "passkey new",
    "board",
    "scenarios compared",
    "track record",
    "bank meeting",
    "set aside files",
    "nothing here",
)


def furnish(house: House) -> dict[str, str]:
    """Put in rows of every kind; gives the address of each page by its name."""
    with house.scope():
        document = documents.receive(
            content=BOXES.pdf(),
            name="een heel lange bestandsnaam van een factuur die nergens in past 2026-11.pdf",
            by=house.owner,
        ).document
        account, item = _money(house)
        shown, unknown, imported = _bank_files(house)
        connection = _connection(house, account)
        found = _invoices()
        line, rule = _decisions(house)
        membership = auth.places(house.anna.user_id)[0].id
        check = _await_draft(document.id)
        forecasts.make(today=today())
    invoice = f"{house.home}invoices/"
    return {
        "log in": "/log-in",
        "sign up": "/sign-up",
        "home": house.home,
        "home by month": f"{house.home}?view=months",
        "weeks": f"{house.home}cash-flow",
        "weeks of one kind": f"{house.home}cash-flow?source=sale&way=out",
        "month ahead": f"{house.home}cash-flow?month={today() + timedelta(days=40):%Y-%m}",
        "day ahead": f"{house.home}cash-flow/days/{today()}",
        "calendar": f"{house.home}cash-flow/calendar",
        "not counted": f"{house.home}cash-flow/not-counted",
        "expected day": f"{house.home}cash-flow/invoices/{found['sale']}?from=weeks",
        "figure": f"{house.home}figures/open_payables",
        "purchases": f"{house.home}purchases",
        "purchases filtered": f"{house.home}purchases?q=molens&view=open&min=x",
        "sales": f"{house.home}sales",
        "check screen": f"{invoice}{check}",
        "invoice to approve": f"{invoice}{found['waiting']}",
        "open invoice": f"{invoice}{found['sale']}",
        "rejected invoice": f"{invoice}{found['rejected']}",
        "new purchase": f"{invoice}new?direction=purchase",
        "new sale": f"{invoice}new?direction=sale",
        "contacts": f"{house.home}contacts",
        "contact": f"{house.home}contacts/{found['contact']}",
        "contact edited": f"{house.home}contacts/{found['contact']}/edit",
        "contact new": f"{house.home}contacts/new",
        "bank": f"{house.home}bank",
        "account new": f"{house.home}bank/accounts/new",
        "account edited": f"{house.home}bank/accounts/{account}",
        "balance": f"{house.home}bank/accounts/{account}/balance",
        "movement": f"{house.home}bank/accounts/{account}/movements/new",
        "plans": f"{house.home}cash-flow/plans",
        "taxes": f"{house.home}cash-flow/plans/taxes",
        "planned": f"{house.home}cash-flow/plans/planned",
        "planned item": f"{house.home}cash-flow/plans/planned/{item}",
        "planned item new": f"{house.home}cash-flow/plans/planned/new",
        "budget": f"{house.home}cash-flow/budget",
        "budget by month": f"{house.home}cash-flow/budget?month=months",
        "budget edited": f"{house.home}cash-flow/budget/edit",
        "bank files": f"{house.home}bank/imports",
        "bank file": f"{house.home}bank/imports/{shown}",
        "bank file columns": f"{house.home}bank/imports/{unknown}/columns",
        "bank file imported": f"{house.home}bank/imports/{imported}",
        "reconcile": f"{house.home}bank/reconcile",
        "reconcile settled": f"{house.home}bank/reconcile?view=all",
        "bank line": f"{house.home}bank/reconcile/{line}",
        "rules": f"{house.home}bank/rules",
        "rule": f"{house.home}bank/rules/{rule}",
        "rule new": f"{house.home}bank/rules/new?line={line}",
        "categories": f"{house.home}bank/categories",
        "balance check": f"{house.home}bank/accounts/{account}/check",
        "connections": f"{house.home}settings/connections",
        "connection": f"{house.home}settings/connections/{connection}",
        "connection accounts": f"{house.home}settings/connections/{connection}/accounts",
        "connection keys": f"{house.home}settings/connections/{connection}/login",
        "connection new": f"{house.home}settings/connections/new",
        "connection by keys": f"{house.home}settings/connections/new/ponto",
        "settings": f"{house.home}settings",
        "people": f"{house.home}settings/people",
        "person": f"{house.home}settings/people/{membership}",
        "audit log": f"{house.home}settings/audit",
        "your account": "/account",
        "security": "/account/security",
        "app set up": "/account/security/app",
        "passkey new": "/account/security/passkeys/new",
        "board": "/board",
        "scenarios compared": f"{house.home}scenarios?vat=30&price=x&b.vat=60&c.vat=90&add=hire",
        "track record": f"{house.home}track-record?said=x",
        "bank meeting": f"{house.home}bank-meeting?language=de",
        "set aside files": f"{house.home}documents",
        "nothing here": f"{house.home}invoices/{UUID(int=1)}",
    }


def _money(house: House) -> tuple[UUID, UUID]:
    account = banking.open_account(
        account=Account("Zichtrekening van de bakkerij", "BE71096123456769", AccountKind.CURRENT),
        opening_balance=Decimal("4321.09"),
        opening_day=TODAY - timedelta(days=40),
        today=TODAY,
        by=house.owner,
    )
    for amount, who in (("-121.00", "Molens van Deinze NV"), ("884.40", "Hotel de Zwaan")):
        banking.enter_movement(
            account_id=account.id,
            movement=Movement(
                TODAY - timedelta(days=5), Decimal(amount), who, None, "Factuur 2026-0815"
            ),
            today=TODAY,
            by=house.owner,
        )
    item = cash_plans.plan(
        wanted=Plan("Huur van de winkel", Decimal("-1450.00"), Rhythm.MONTHLY, TODAY),
        by=house.owner,
    )
    return account.id, item.id


def _decisions(house: House) -> tuple[UUID, UUID]:
    """Proposals for the lines, one of them taken, and a rule that was used."""
    matching.propose(today=TODAY)
    category = bank_rules.ensure_categories()[0].id
    budgets.save(
        year=TODAY.year,
        wanted=[budgets.Wanted(str(category), budgets.Way.OUT, (Decimal("123456.78"),) * 12)],
        seen=budgets.year_of(year=TODAY.year, currency="EUR").version,
        by=house.owner,
    )
    rule = bank_rules.add(wanted=Wanted("Hotel de Zwaan", category), by=house.owner)
    bank_rules.run(rule_id=rule.id, by=house.owner)
    lines = reconciling.lines(Filter(View.TO_DO), after=None, size=10)
    return lines[0].id, rule.id


def _connection(house: House, account_id: UUID) -> UUID:
    """A connection that brings the movements of an account."""
    row = connecting.connect_with_keys(
        client_id="demo", client_secret="demo-secret", by=house.owner
    )
    offered = connection_queries.accounts(row.id)
    connecting.choose(
        integration_id=row.id,
        choices={one.id: Brought(account_id=account_id) for one in offered[:1]},
        today=TODAY,
        by=house.owner,
    )
    return row.id


def _bank_files(house: House) -> tuple[UUID, UUID, UUID]:
    """A file to look at, one whose columns are unknown, and one that was imported."""
    shown = bank_files.receive(
        content=samples.CODA.replace("1071000", "1071010").encode(),
        name="een heel lange bestandsnaam van een rekeninguittreksel van de bank 2026-11.cod",
        by=house.owner,
    )
    unknown = bank_files.receive(
        content=b"Wanneer;Hoeveel;Wie;Waarom\n01/10/2026;12,50;Bakker;brood\n",
        name="export.csv",
        by=house.owner,
    )
    imported = bank_files.receive(content=samples.MT940.encode(), name="x.sta", by=house.owner)
    bank_files.book(
        import_id=imported.id,
        choices={"0": Choice(name="Oude rekening", opening_balance=Decimal(100))},
        today=TODAY,
        by=house.owner,
    )
    return shown.id, unknown.id, imported.id


def _invoices() -> dict[str, UUID]:
    flour = factories.contact(
        "Molens van Deinze, Zulte en omstreken NV",
        vat_number="BE0403170701",
        iban="BE71096123456769",
        city="Deinze",
        email="boekhouding@molens.example",
    )
    hotel = factories.contact("Hotel de Zwaan", is_supplier=False, is_customer=True)
    late = TODAY - timedelta(days=40)
    factories.invoice(of=flour)
    factories.invoice(of=flour, issue_date=late, open_amount=Decimal("21.00"))
    factories.invoice(of=flour, kind=InvoiceKind.CREDIT_NOTE, issue_date=TODAY)
    factories.invoice(of=flour, status=InvoiceStatus.PAID)
    factories.invoice(of=hotel, direction=InvoiceDirection.SALE, issue_date=late)
    return {
        "contact": flour.id,
        "waiting": factories.invoice(of=flour, status=InvoiceStatus.TO_APPROVE).id,
        "rejected": factories.invoice(
            of=flour, status=InvoiceStatus.REJECTED, reject_reason="Never ordered."
        ).id,
        "sale": factories.invoice(
            of=hotel,
            direction=InvoiceDirection.SALE,
            gross="12345.67",
            payment_reference="260000001089",
            issue_date=TODAY,
        ).id,
    }


def _await_draft(document_id: UUID) -> UUID:
    end = time.monotonic() + READING_SECONDS
    while time.monotonic() < end:
        found = document_queries.inbox_row(document_id)
        if found is not None and found.invoice_id is not None:
            return found.invoice_id
        time.sleep(0.2)
    raise AssertionError("the document was not read")
