"""Reading from Yuki, against a Yuki that plays along or doesn't."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billify.integrations.yuki import (
    ActionNeeded,
    LimitReached,
    NotARead,
    SessionEnded,
    Unreachable,
    Unreadable,
    YukiError,
)
from billify.integrations.yuki.client import READS, send
from billify.integrations.yuki.errors import of_fault
from billify.stand_ins.yuki import Books, Document, Domain, Fault, YukiServer
from billify.stand_ins.yuki.world import Entry
from tests.fakes import yuki as fake
from tests.fakes.yuki import Logged, item

WRITES = (
    "ProcessSalesInvoices",
    "ProcessJournal",
    "UploadDocument",
    "UpdateContact",
    "CreateContact",
    "DeleteDocument",
    "SetLanguage",
    "AuthenticateByUserName",
)


@pytest.fixture
def server() -> Iterator[YukiServer]:
    with fake.yuki() as started:
        yield started


@pytest.fixture
def logged(server: YukiServer) -> Iterator[Logged]:
    one = Logged(server)
    yield one
    one.wire.close()


def receivables(logged: Logged, server: YukiServer, on: date | None = None) -> list[str]:
    """The numbers of what customers owe."""
    found = logged.client.receivables(administration_id=fake.books(server).id, on=on)
    return [one.reference for one in found]


def test_an_open_item_is_read_as_it_is(logged: Logged, server: YukiServer) -> None:
    fake.books(server).receivables += [
        item(1, contact="Café & Été <NV>", vat_number="BE0403.170.701", open=Decimal("21.00")),
        item(2, due=None, contact="", type_id=99, original=Decimal("-50.00")),
    ]

    found = {
        one.reference: one
        for one in logged.client.receivables(administration_id=fake.books(server).id)
    }

    first, second = found["2026-0001"], found["2026-0002"]
    assert (first.contact, first.vat_number) == ("Café & Été <NV>", "BE0403.170.701")
    assert (first.open_amount, first.original_amount) == (Decimal("21.00"), Decimal("121.00"))
    assert (first.dated, first.due, first.type_id) == (fake.FIRST, date(2026, 10, 1), 6)
    assert (second.due, second.contact, second.type_id) == (None, "", 99)
    assert second.open_amount == Decimal("-50.00")


def test_no_item_is_no_item(logged: Logged, server: YukiServer) -> None:
    assert receivables(logged, server) == []


def test_suppliers_are_asked_for_apart(logged: Logged, server: YukiServer) -> None:
    fake.books(server).payables.append(item(7, type_id=2))

    found = list(logged.client.payables(administration_id=fake.books(server).id))

    assert [one.reference for one in found] == ["2026-0007"]
    assert receivables(logged, server) == []


def test_a_day_in_the_past_is_asked_for_as_such(logged: Logged, server: YukiServer) -> None:
    later = item(2, dated=fake.FIRST + timedelta(days=3))
    fake.books(server).receivables += [item(1), later]

    assert receivables(logged, server, on=fake.FIRST) == ["2026-0001"]
    assert len(receivables(logged, server, on=later.dated)) == 2


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "utf-16"])
def test_the_answer_says_how_it_is_written(
    logged: Logged, server: YukiServer, charset: str
) -> None:
    server.world.behaviour.charset = charset
    fake.books(server).receivables.append(item(1, contact="Crème brûlée € Ž"))

    (found,) = logged.client.receivables(administration_id=fake.books(server).id)

    assert found.contact == "Crème brûlée € Ž"


def test_the_language_of_the_session_changes_nothing(logged: Logged, server: YukiServer) -> None:
    fake.books(server).receivables.append(item(1))
    for language in ("nl", "fr", "en"):
        server.world.behaviour.language = language
        (found,) = logged.client.receivables(administration_id=fake.books(server).id)
        assert found.type_id == 6


def test_a_session_is_used_until_it_ends_and_then_renewed_once(
    logged: Logged, server: YukiServer
) -> None:
    fake.books(server).receivables.append(item(1))
    receivables(logged, server)
    receivables(logged, server)
    assert logged.logins == 1

    server.world.end_sessions()

    assert receivables(logged, server) == ["2026-0001"]
    assert logged.logins == 2


def test_a_session_that_ends_at_once_again_is_given_up(logged: Logged, server: YukiServer) -> None:
    server.world.behaviour.session_calls = 0

    with pytest.raises(SessionEnded):
        receivables(logged, server)
    assert logged.logins == 2


def test_a_key_that_is_refused_asks_for_a_person(server: YukiServer) -> None:
    with pytest.raises(ActionNeeded):
        Logged(server, key="wrong").client.domains()


def test_a_domain_that_was_ended_asks_for_a_person(logged: Logged, server: YukiServer) -> None:
    logged.client.domains()
    server.world.keys[fake.KEY][0].is_active = False

    with pytest.raises(ActionNeeded):
        logged.client.domains()


def test_the_limit_of_the_day_is_told_apart(logged: Logged, server: YukiServer) -> None:
    server.world.behaviour.daily_cap = 2
    logged.client.domains()

    with pytest.raises(LimitReached):
        logged.client.domains()


def test_our_own_budget_ends_before_the_wire(server: YukiServer) -> None:
    logged = Logged(server, budget=2)
    logged.client.domains()

    with pytest.raises(LimitReached):
        logged.client.domains()
    assert server.world.calls["Domains"] == 1


@pytest.mark.parametrize("operation", WRITES)
def test_nothing_that_writes_is_sent(logged: Logged, server: YukiServer, operation: str) -> None:
    with pytest.raises(NotARead):
        send(logged.wire, operation, {}, each="Item", spend=lambda: None)
    assert not server.world.calls


def test_the_list_of_what_reads_holds_nothing_else() -> None:
    words = ("Process", "Upload", "Update", "Create", "Delete", "Set")

    found = [name for name in READS if name.startswith(words)]

    assert found == ["SetCurrentDomain"]


def test_books_of_several_domains(logged: Logged, server: YukiServer) -> None:
    other = server.world.add(Domain("Kantoor", [Books("Tweede BV")]), access_key=fake.KEY)
    assert [one.name for one in logged.client.domains()] == ["Bakkerij Anna", "Kantoor"]
    assert [one.name for one in logged.client.administrations()] == ["Bakkerij Anna BV"]

    logged.client.choose_domain(domain_id=other.id)

    (found,) = logged.client.administrations()
    assert (found.name, found.domain_id, found.is_active) == ("Tweede BV", other.id, True)


def test_the_ledger_and_its_balances(logged: Logged, server: YukiServer) -> None:
    books = fake.books(server)
    books.accounts["550000"] = "KBC"
    books.ledger += [
        Entry("550000", date(2026, 9, 1), Decimal("100.00")),
        Entry("550000", date(2026, 9, 3), Decimal("-30.00"), description="Huur"),
        Entry("700000", date(2026, 9, 2), Decimal("-70.00")),
    ]

    balances = logged.client.balances(administration_id=books.id, on=date(2026, 9, 2))
    lines = list(
        logged.client.ledger(
            administration_id=books.id,
            account="550000",
            since=date(2026, 9, 2),
            until=date(2026, 9, 3),
        )
    )

    assert [(one.code, one.amount, one.is_balance_sheet) for one in balances] == [
        ("550000", Decimal("100.00"), True),
        ("700000", Decimal("-70.00"), False),
    ]
    assert balances[0].description == "KBC"
    assert [(one.description, one.amount) for one in lines] == [("Huur", Decimal("-30.00"))]


def test_contacts_come_by_the_page(logged: Logged, server: YukiServer) -> None:
    books = fake.books(server)
    books.receivables += [item(number) for number in range(101)]
    books.payables.append(item(500, contact_id=books.receivables[0].contact_id))
    domain = server.world.keys[fake.KEY][0].id

    pages = [logged.client.contacts(domain_id=domain, page=page) for page in (1, 2, 3)]

    assert [len(page) for page in pages] == [100, 1, 0]
    assert (pages[0][0].is_customer, pages[0][0].is_supplier) == (True, True)
    assert pages[0][1].is_supplier is False


def test_documents_and_their_bytes(logged: Logged, server: YukiServer) -> None:
    kept = Document("Factuur 12", date(2026, 9, 4), 1, content=b"%PDF-x", name="f12.pdf")
    fake.books(server).documents += [kept, Document("Nota", date(2026, 9, 4), 2)]

    found = logged.client.documents(folder=1, since=date(2026, 9, 1), until=date(2026, 9, 30))
    file = logged.client.file(document_id=found[0].id)

    assert [(one.subject, one.dated, one.size) for one in found] == [
        ("Factuur 12", date(2026, 9, 4), 6)
    ]
    assert (file.name, file.content) == ("f12.pdf", b"%PDF-x")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=502), Unreachable),
        (Fault(status=503), Unreachable),
        (Fault(status=500), Unreachable),
        (Fault(status=200, body=b"<html>maintenance</html>", media_type="text/html"), Unreachable),
        (Fault(cut_body_after=150), Unreachable),
        (Fault(cut_after=0), Unreachable),
        (Fault(body=b"", media_type="text/xml"), Unreachable),
        (Fault(body=b"<a/>", media_type="text/xml"), Unreadable),
        (Fault(body=b"not xml", media_type="text/xml"), Unreachable),
        (Fault(wait=1.2), Unreachable),
        (
            Fault(
                body=b'<!DOCTYPE Envelope [<!ENTITY e "x">]><Envelope>&e;</Envelope>',
                media_type="text/xml",
            ),
            Unreadable,
        ),
    ],
    ids=[
        "bad gateway",
        "away",
        "other fault",
        "page for people",
        "cut in the middle",
        "cut at once",
        "nothing",
        "something else",
        "no xml",
        "slow",
        "entities",
    ],
)
def test_what_goes_wrong_on_the_way_is_told_and_the_next_call_works(
    server: YukiServer, fault: Fault, error: type[YukiError]
) -> None:
    fake.books(server).receivables += [item(number) for number in range(20)]
    logged = Logged(server, read_seconds=0.6)
    logged.client.domains()
    server.world.behaviour.compresses = False
    fault.path = "OutstandingDebtorItems"
    server.world.faults.add(fault)

    with pytest.raises(error):
        receivables(logged, server)

    assert len(receivables(logged, server)) == 20


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Invalid session ID", SessionEnded),
        ("Ongeldige sessie", SessionEnded),
        ("The daily limit of calls in this session was reached", LimitReached),
        ("No rights to this web service", ActionNeeded),
        ("Vous n'avez pas les droits", ActionNeeded),
        ("Object reference not set", Unreachable),
    ],
    ids=["session", "session nl", "limit", "rights", "rights fr", "other"],
)
def test_a_fault_is_known_by_its_words(text: str, error: type[YukiError]) -> None:
    assert type(of_fault(text)) is error


def test_a_long_list_is_handed_on_while_it_comes_in(logged: Logged, server: YukiServer) -> None:
    fake.books(server).receivables += [item(number) for number in range(5_000)]
    server.world.behaviour.compresses = False
    logged.client.domains()

    found = logged.client.receivables(administration_id=fake.books(server).id)
    next(found)
    so_far = logged.client.traffic.bytes
    count = 1 + sum(1 for _ in found)

    assert count == 5_000
    assert so_far < logged.client.traffic.bytes / 10
