"""The accounting on the screen: books chosen, items, the three-way difference, calls, documents."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from billify.application import accounting
from billify.application.partners import engine
from billify.data.db import db, transaction
from billify.data.models import (
    AccountingItem,
    Allocation,
    AuditEvent,
    BankAccount,
    CashFlowPosition,
    Integration,
    Invoice,
)
from billify.domain.banking import AccountKind
from billify.domain.connections import ConnectionState, Partner
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.roles import Role
from billify.stand_ins.yuki import Document, Item, YukiServer
from billify.stand_ins.yuki.world import PURCHASE_INVOICE, Entry
from billify.web.access import today
from tests import factories
from tests.cast import Cast, Member, add_member
from tests.factories import books_of
from tests.fakes import yuki as fake
from tests.integrations.papers import pdf

HOME = "/c/bakkerij-anna"
ROOM = f"{HOME}/accounting"


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[YukiServer]:
    with fake.yuki() as started:
        settings = fake.settings_of(started, app.config["SETTINGS"])
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        yield started


def connected(cast: Cast) -> Integration:
    """A connection whose books are chosen, made a month ago."""
    with books_of(cast.anna):
        row = accounting.connect(access_key=fake.KEY, by=cast.anna.actor)
        (offer,) = accounting.administrations(row.id)
        key = offer.books.administration_id
        accounting.choose(integration_id=row.id, administration_id=key, by=cast.anna.actor)
        with transaction() as session:
            found = session.get_one(Integration, row.id)
            found.created_at = datetime.now(UTC) - timedelta(days=30)
    return row


def read(cast: Cast, row: Integration) -> None:
    """One run of the connection."""
    with books_of(cast.anna):
        engine.run(integration_id=row.id)


def bill(number: int, open_: str | None = None, **more: Any) -> Item:  # Any: fields
    """A purchase invoice in the books, of 121.00 unless said otherwise."""
    values: dict[str, Any] = {
        "type_id": PURCHASE_INVOICE,
        "contact": f"Leverancier {number}",
        "dated": today() - timedelta(days=40),
        "open": None if open_ is None else Decimal(open_),
        **more,
    }
    return fake.item(number, **values)


def here(number: int, **more: Any) -> Invoice:  # Any: columns
    """The same invoice here, approved last week."""
    supplier = factories.contact(f"Leverancier {number}")
    values: dict[str, Any] = {
        "number": f"2026-{number:04d}",
        "issue_date": today() - timedelta(days=40),
        "decided_at": datetime.now(UTC) - timedelta(days=7),
        **more,
    }
    return factories.invoice(of=supplier, **values)


def account(name: str, balance: str | None = "0.00", **more: Any) -> BankAccount:  # Any: columns
    """An account of which the bank tells each day what it holds."""
    values: dict[str, Any] = {"iban": None, "as_of": datetime.now(UTC), **more}
    found = factories.account(name, **values)
    if balance is not None:
        day = today() - timedelta(days=60)
        with transaction() as session:
            session.add(CashFlowPosition(account_id=found.id, day=day, balance=Decimal(balance)))
    return found


def ledger(server: YukiServer, **balances: str) -> None:
    """What ledger accounts hold since yesterday; their codes follow a letter."""
    yesterday = today() - timedelta(days=1)
    fake.books(server).ledger += [
        Entry(code[1:], yesterday, Decimal(amount), "Saldo") for code, amount in balances.items()
    ]


def paid(invoice: Invoice, amount: str, *, days_ago: int = 10, written_off: str = "0.00") -> None:
    """A line of the bank that settles it."""
    on = account(f"Rekening {invoice.number}")
    booked = today() - timedelta(days=days_ago)
    line = factories.movement(on=on, amount=f"-{amount}", booked_on=booked)
    with transaction() as session:
        session.add(
            Allocation(
                invoice_id=invoice.id,
                transaction_id=line.id,
                amount=Decimal(amount),
                written_off=Decimal(written_off),
            )
        )


@pytest.fixture
def planted(server: YukiServer, cast: Cast) -> Integration:
    """One row of each kind, an invoice that is alike on all sides, and money that differs."""
    row = connected(cast)
    books = fake.books(server)
    archived = Document("Meel", date(2026, 9, 1), 1, name="meel.pdf", content=pdf(["Meel"]))
    books.documents.append(archived)
    gone = bill(6)
    books.payables += [
        bill(1),
        bill(2),
        bill(3, original=Decimal("112.00")),
        bill(4, "71.00"),
        bill(5, document_id=archived.id),
        gone,
    ]
    books.payables += [bill(8), bill(9, "71.00")]
    ledger(server, a550000="900.00")
    with books_of(cast.anna):
        here(1)
        paid(here(2, status=InvoiceStatus.PAID), "121.00")
        here(3)
        here(4)
        here(6)
        here(7)
        here(8, status=InvoiceStatus.REJECTED)
        here(9, status=InvoiceStatus.TO_APPROVE)
        paid(here(10, status=InvoiceStatus.PAID), "121.00")
    read(cast, row)
    gone.open = Decimal("0.00")
    read(cast, row)
    return row


def differences(member: Member, **asked: str) -> str:
    answer = member.client().get(f"{ROOM}/differences", query_string=asked)
    assert answer.status_code == 200
    return answer.text


EXPECTED = {
    "paid": ("2026-0002", "Invoice 2026-0002 of Leverancier 2,"),
    "settled": ("2026-0006", "settled in Yuki on"),
    "total": ("2026-0003", "the document says 121,00 euro, in Yuki it is booked for 112,00 euro."),
    "open": ("2026-0004", "121,00 euro is open with us, in Yuki 71,00 euro."),
    "no_document": ("2026-0005", "but we have no document of it."),
    "not_booked": ("2026-0007", "we have approved it for 121,00 euro, but it is not in Yuki."),
    "rejected": ("2026-0008", "where 121,00 euro is open, but we have rejected it."),
    "waiting": ("2026-0009", "where 71,00 euro is open; with us it still waits for approval."),
    "unseen": ("2026-0010", "but we never saw it open in Yuki. Is it booked?"),
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_each_kind_shows_its_row_with_the_sentence_to_send(
    kind: str, planted: Integration, cast: Cast
) -> None:
    number, sentence = EXPECTED[kind]

    shown = differences(cast.bram, kind=kind, language="en")

    assert shown.count('data-first class="differences__what"') == 1
    assert number in shown
    assert sentence in shown
    assert "mailto:" in shown


def test_all_rows_stand_on_one_page_and_none_twice(planted: Integration, cast: Cast) -> None:
    shown = differences(cast.bram, language="en")

    assert shown.count('data-first class="differences__what"') == len(EXPECTED)
    assert "2026-0001" not in shown
    assert all(sentence in shown for _number, sentence in EXPECTED.values())
    assert "ledger accounts 55 in Yuki come to 900,00 euro" in shown


def test_words_narrow_the_rows_and_a_strange_kind_is_not_there(
    planted: Integration, cast: Cast
) -> None:
    found = cast.anna.client().get(f"{ROOM}/differences/list?q=leverancier+3&language=en")

    assert found.text.count('data-first class="differences__what"') == 1
    assert "2026-0003" in found.text
    assert cast.anna.client().get(f"{ROOM}/differences?kind=other").status_code == 404
    counted = found.text.split("differences__kinds")[1].split("</table>")[0]
    assert counted.count("<td><a") == 1
    assert "The total differs" in counted


def test_the_list_goes_on_after_its_last_row(
    planted: Integration, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billify.web import accounting_differences

    monkeypatch.setattr(accounting_differences, "SIZE", 4)
    client, seen = cast.anna.client(), []
    page = client.get(f"{ROOM}/differences").text
    for _ in range(3):
        seen += [part.split('"')[0] for part in page.split('<tr id="d')[1:]]
        following = page.split('hx-get="/c/bakkerij-anna/accounting/differences/list?after=')
        if len(following) == 1:
            break
        after = following[1].split('"')[0]
        page = client.get(f"{ROOM}/differences/list?after={after}").text

    assert len(seen) == len(set(seen)) == len(EXPECTED)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_what_the_page_shows_and_is_noted(
    kind: str, planted: Integration, cast: Cast
) -> None:
    answer = cast.anna.client().post(
        f"{ROOM}/differences/exports?language=en", data={"format": kind}
    )

    assert answer.status_code == 200
    if kind == "csv":
        rows = list(csv.reader(StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
        assert len(rows) == 1 + len(EXPECTED)
        kind_name = "Paid at the bank, open in Yuki"
        assert rows[1][:4] == [kind_name, "Purchase", "Leverancier 2", "2026-0002"]
        assert rows[1][6] == "121,00"
    else:
        names = ZipFile(BytesIO(answer.data)).namelist()
        assert "xl/worksheets/sheet1.xml" in names
    with books_of(cast.anna):
        noted = db.session.scalars(
            select(AuditEvent).where(AuditEvent.verb == "differences.exported")
        ).one()
    assert noted.after == {"filter": "", "format": kind, "rows": len(EXPECTED)}


def test_who_may_only_look_can_not_take_the_file(planted: Integration, cast: Cast) -> None:
    accountant = add_member(cast.anna.actor.company_id, cast.anna.slug, "Lien", Role.ACCOUNTANT)
    where = f"{ROOM}/differences/exports"

    assert cast.bram.client().post(where, data={"format": "csv"}).status_code == 403
    assert accountant.client().post(where, data={"format": "csv"}).status_code == 200
    assert f"mailto:{accountant.email.replace('@', '%40')}" in differences(cast.anna)


def test_a_payment_of_today_is_no_difference_yet(server: YukiServer, cast: Cast) -> None:
    row = connected(cast)
    fake.books(server).payables.append(bill(1))
    with books_of(cast.anna):
        paid(here(1, status=InvoiceStatus.PAID), "121.00", days_ago=0)
    read(cast, row)

    assert "Bank, Yuki and your documents say the same" in differences(cast.anna)


def test_when_all_say_the_same_the_page_says_so(server: YukiServer, cast: Cast) -> None:
    row = connected(cast)
    fake.books(server).payables.append(bill(1))
    with books_of(cast.anna):
        here(1)
    read(cast, row)

    shown = differences(cast.bram)

    assert "Bank, Yuki and your documents say the same" in shown
    assert "differences__what" not in shown


def test_without_a_connection_it_is_offered_to_who_may_make_one(cast: Cast) -> None:
    for page in ("differences", "items"):
        anna = cast.anna.client().get(f"{ROOM}/{page}").text
        bram = cast.bram.client().get(f"{ROOM}/{page}").text

        assert "Connect Yuki" in anna
        assert "No accounting is connected" in bram
        assert f"{HOME}/settings/connections" not in bram.split("<main")[1]


def test_before_the_first_reading_nothing_is_claimed(server: YukiServer, cast: Cast) -> None:
    connected(cast)

    assert "has not been read yet" in differences(cast.anna)
    assert "has not been read yet" in cast.anna.client().get(f"{ROOM}/items").text


def test_open_items_are_listed_by_side_and_filtered(planted: Integration, cast: Cast) -> None:
    client = cast.bram.client()

    suppliers = client.get(f"{ROOM}/items?side=purchase").text
    customers = client.get(f"{ROOM}/items").text
    narrowed = client.get(f"{ROOM}/items/list?side=purchase&q=2026-0004").text

    assert "Leverancier 1" in suppliers
    assert "Leverancier 6" not in suppliers
    assert "Nothing is open" in customers
    assert "Leverancier 4" in narrowed
    assert "Leverancier 1" not in narrowed
    assert client.get(f"{ROOM}/items?side=both").status_code == 404


def test_items_are_walked_by_key(server: YukiServer, cast: Cast) -> None:
    row = connected(cast)
    fake.books(server).receivables += [fake.item(number) for number in range(1, 61)]
    read(cast, row)
    client = cast.anna.client()

    first = client.get(f"{ROOM}/items").text
    after = first.split('hx-get="/c/bakkerij-anna/accounting/items/list?')[1].split('"')[0]
    second = client.get(f"{ROOM}/items/list?{after.replace('&amp;', '&')}").text

    assert first.count('<tr id="i') == 50
    assert second.count('<tr id="i') == 10


def test_an_item_stands_beside_its_invoice_and_the_invoice_names_it(
    planted: Integration, cast: Cast
) -> None:
    with books_of(cast.anna):
        item = db.session.scalars(
            select(AccountingItem).where(AccountingItem.number == "2026-0004")
        ).one()
    client = cast.bram.client()

    shown = client.get(f"{ROOM}/items/{item.id}").text
    invoice = client.get(f"{HOME}/invoices/{item.invoice_id}").text

    assert f"{HOME}/invoices/{item.invoice_id}" in shown
    assert "71,00" in shown
    assert "Also in Yuki" in invoice
    assert "open 71,00" in invoice
    assert f"{ROOM}/items/{item.id}" in invoice


def test_the_document_of_an_item_is_fetched_once(planted: Integration, cast: Cast) -> None:
    with books_of(cast.anna):
        item = db.session.scalars(
            select(AccountingItem).where(AccountingItem.number == "2026-0005")
        ).one()
    where = f"{ROOM}/items/{item.id}"
    assert "Fetch the document" in cast.anna.client().get(where).text
    assert "Fetch the document" not in cast.bram.client().get(where).text

    answer = cast.anna.client().post(f"{where}/document")

    assert answer.status_code == 303
    assert cast.bram.client().post(f"{where}/document").status_code == 403
    with books_of(cast.anna):
        invoice = db.session.get_one(Invoice, item.invoice_id)
        db.session.refresh(invoice)
    assert invoice.document_id is not None
    assert "Fetch the document" not in cast.anna.client().get(where).text
    assert "2026-0005" not in differences(cast.anna, kind="no_document")


def test_a_document_that_is_not_there_is_told(planted: Integration, cast: Cast) -> None:
    with books_of(cast.anna):
        item = db.session.scalars(
            select(AccountingItem).where(AccountingItem.number == "2026-0004")
        ).one()
    client = cast.anna.client()

    client.post(f"{ROOM}/items/{item.id}/document")

    assert "Yuki has no document with this entry." in client.get(f"{ROOM}/items/{item.id}").text


def test_books_are_chosen_from_those_the_key_opens(server: YukiServer, cast: Cast) -> None:
    with books_of(cast.anna):
        row = accounting.connect(access_key=fake.KEY, by=cast.anna.actor)
    client, where = cast.anna.client(), f"{ROOM}/connections/{row.id}/books"
    key = fake.books(server).id

    page = client.get(where).text
    strange = client.post(where, data={"administration": "other"})
    chosen = client.post(where, data={"administration": key})

    assert "Bakkerij Anna BV" in page
    assert strange.status_code == 422
    assert "Choose one of the books in the list." in strange.text
    assert chosen.status_code == 303
    with books_of(cast.anna):
        found = db.session.get_one(Integration, row.id)
        db.session.refresh(found)
    assert found.state is ConnectionState.ACTIVE
    assert found.details["administration_id"] == key


def test_the_calls_of_today_are_shown_and_the_cap_is_set(planted: Integration, cast: Cast) -> None:
    client, where = cast.anna.client(), f"{ROOM}/connections/{planted.id}"

    page = client.get(where).text
    wrong = client.post(f"{where}/cap", data={"cap": "7"})
    right = client.post(f"{where}/cap", data={"cap": "5000"})

    assert "Billify leaves 200 of them to your other tools and stops at 800." in page
    assert wrong.status_code == 422
    assert right.status_code == 303
    assert "stops at 4.000." in client.get(where).text
    assert cast.bram.client().get(where).status_code == 403


def test_refresh_asks_now_and_is_refused_when_the_calls_are_spent(
    planted: Integration, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, where = cast.anna.client(), f"{ROOM}/connections/{planted.id}/refreshing"

    assert client.post(where).status_code == 303
    monkeypatch.setattr("billify.domain.accounting.plan.CALLS_A_LOOK", 10_000)
    refused = client.post(where)

    assert refused.status_code == 422
    assert "calls to Yuki that Billify may make today" in refused.text


def test_a_bank_has_no_page_of_calls(cast: Cast) -> None:
    with books_of(cast.anna), transaction() as session:
        row = Integration(partner=Partner.PONTO, next_run=datetime.now(UTC), failures=0)
        session.add(row)
        session.flush()

    assert cast.anna.client().get(f"{ROOM}/connections/{row.id}").status_code == 404


def test_items_of_another_company_are_not_there(planted: Integration, cast: Cast) -> None:
    with books_of(cast.anna):
        item = db.session.scalars(select(AccountingItem).limit(1)).one()
    other = "/c/chocolaterie-chloe/accounting"

    assert cast.chloe.client().get(f"{other}/items/{item.id}").status_code == 404
    assert cast.chloe.client().post(f"{other}/items/{item.id}/document").status_code == 404
    assert "Leverancier" not in cast.chloe.client().get(f"{other}/differences").text


def test_a_sale_is_named_as_ours(server: YukiServer, cast: Cast) -> None:
    row = connected(cast)
    with books_of(cast.anna):
        hotel = factories.contact("Hotel Zilverreiger BV", is_customer=True)
        factories.invoice(
            of=hotel,
            number="2026-0101",
            direction=InvoiceDirection.SALE,
            decided_at=datetime.now(UTC) - timedelta(days=7),
        )
    read(cast, row)

    shown = differences(cast.anna, language="en")

    assert "Our invoice 2026-0101 to Hotel Zilverreiger BV, 01/10/2026" in shown


def test_an_entry_that_was_booked_anew_is_no_difference(server: YukiServer, cast: Cast) -> None:
    row = connected(cast)
    first = bill(1)
    fake.books(server).payables.append(first)
    with books_of(cast.anna):
        here(1)
    read(cast, row)
    fake.books(server).payables[:] = [bill(1)]
    read(cast, row)

    assert "Bank, Yuki and your documents say the same" in differences(cast.anna)


def test_an_entry_of_which_the_first_amount_is_not_told_is_compared_by_what_is_open(
    server: YukiServer, cast: Cast
) -> None:
    row = connected(cast)
    untold = [bill(1, "121.00", original=Decimal(0)), bill(2, "71.00", original=Decimal(0))]
    fake.books(server).payables += untold
    with books_of(cast.anna):
        here(1)
        here(2)
    read(cast, row)

    shown = differences(cast.anna, language="en")

    assert shown.count('data-first class="differences__what"') == 1
    assert "121,00 euro is open with us, in Yuki 71,00 euro." in shown


def test_sundry_entries_take_no_place_of_what_is_compared(
    server: YukiServer, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billify.data.queries import differences as queries

    row = connected(cast)
    fake.books(server).payables += [bill(1, type_id=21), bill(2, type_id=21)]
    read(cast, row)

    with books_of(cast.anna):
        found = queries.compared(integration_id=row.id, first_day=today(), most=1)

    assert (found.theirs, found.is_cut) == ((), False)


def test_what_was_written_off_is_not_said_to_be_paid(server: YukiServer, cast: Cast) -> None:
    row = connected(cast)
    fake.books(server).payables.append(bill(1, "21.00"))
    with books_of(cast.anna):
        paid(
            here(1, status=InvoiceStatus.PAID, open_amount=Decimal(0)),
            "100.00",
            written_off="21.00",
        )
    read(cast, row)

    shown = differences(cast.anna, kind="open", language="en")

    assert "100,00 euro was paid at the bank" in shown
    assert "we have written off 21,00 euro; in Yuki 21,00 euro is open." in shown


def test_what_was_paid_too_much_there_is_said_so(server: YukiServer, cast: Cast) -> None:
    row = connected(cast)
    fake.books(server).payables.append(bill(1, "-50.00"))
    with books_of(cast.anna):
        paid(here(1, status=InvoiceStatus.PAID, open_amount=Decimal(0)), "121.00")
    read(cast, row)

    assert "in Yuki 50,00 euro more was paid on it" in differences(cast.anna, language="en")


def test_cash_in_hand_is_shown_and_not_held_against_the_bank(
    server: YukiServer, cast: Cast
) -> None:
    row = connected(cast)
    ledger(server, a550000="900.00", a570000="340.00")
    with books_of(cast.anna):
        account("Zicht", "900.00")
        account("Kassa", "125.00", kind=AccountKind.CASH)
    read(cast, row)

    shown = differences(cast.anna, language="en")

    assert "Bank and ledger hold the same." in shown
    assert shown.count("Cash in hand, not compared") == 2
    assert "340,00" in shown


@pytest.mark.parametrize(
    ("balance", "days_old"), [("900.00", 2), (None, 0)], ids=["read before that day", "never told"]
)
def test_an_account_that_was_not_read_up_to_the_day_is_waited_for(
    balance: str | None, days_old: int, server: YukiServer, cast: Cast
) -> None:
    row = connected(cast)
    ledger(server, a550000="1200.00")
    with books_of(cast.anna):
        account("Zicht", "300.00")
        account("Spaar", balance, as_of=datetime.now(UTC) - timedelta(days=days_old))
    read(cast, row)

    shown = differences(cast.anna, language="en")

    yesterday = today() - timedelta(days=1)
    assert f"Not compared yet. Not read up to {yesterday:%d/%m/%Y}: Spaar." in shown
    assert "Which movements are still to be booked" not in shown
    assert "Bank, Yuki and your documents say the same" not in shown


def test_the_ledger_is_asked_for_the_day_before(server: YukiServer, cast: Cast) -> None:
    row = connected(cast)
    ledger(server, a550000="900.00")
    fake.books(server).ledger.append(Entry("550000", today(), Decimal("50.00"), "Vandaag"))
    with books_of(cast.anna):
        account("Zicht", "900.00")
    read(cast, row)

    shown = differences(cast.anna, language="en")

    assert f"Bank and ledger on {today() - timedelta(days=1):%d/%m/%Y}" in shown
    assert "Bank and ledger hold the same." in shown


@pytest.mark.parametrize("closes", [True, False])
def test_who_ends_the_connection_chooses_what_stays_open(
    closes: bool, server: YukiServer, cast: Cast
) -> None:
    row = connected(cast)
    fake.books(server).payables.append(bill(1))
    read(cast, row)
    where = f"{HOME}/settings/connections/{row.id}"
    shown = cast.anna.client().get(where).text
    assert "Set the open invoice aside that only Yuki knows" in shown

    cast.anna.client().post(f"{where}/ending", data={"closes": "1"} if closes else {})

    with books_of(cast.anna):
        (left,) = db.session.scalars(select(Invoice)).all()
    assert left.status is (InvoiceStatus.SET_ASIDE if closes else InvoiceStatus.OPEN)


def test_a_list_says_what_only_the_accounting_knows(server: YukiServer, cast: Cast) -> None:
    row = connected(cast)
    fake.books(server).payables.append(bill(1))
    read(cast, row)
    with books_of(cast.anna):
        factories.invoice(number="ours")

    found = html.document_fromstring(cast.anna.client().get(f"{HOME}/purchases").text)

    notes = {
        line.xpath("string(.//*[@class='list__number'])"): line.xpath(
            "string(.//*[@class='table__sub'])"
        )
        for line in found.xpath("//tbody/tr")
    }
    assert sorted(notes.values()) == ["", "from Yuki"]
    assert notes["ours"] == ""
