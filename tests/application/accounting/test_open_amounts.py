"""The same payment is told by the accounting and by the bank, in any order, in parts, and is taken
back: it is counted once, and none is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from billify.application import matching
from billify.application.partners import engine
from billify.data.db import transaction
from billify.data.models import Allocation, BankAccount, Integration
from billify.domain.accounting import items as rules
from billify.domain.accounting.items import Weighed
from billify.domain.invoices import InvoiceKind, InvoiceStatus
from billify.domain.matching.settling import Part
from billify.domain.refusal import Refusal
from billify.stand_ins.yuki import YukiServer
from tests import factories
from tests.application.accounting.books import connected, every, one_invoice
from tests.cast import Member
from tests.fakes import yuki as fake

TOTAL = Decimal("121.00")
Step = tuple[str, str, str]
WALKS: dict[str, tuple[str, tuple[Step, ...]]] = {
    "there only": (
        "121",
        (("told", "71", "71"), ("told", "0", "0"), ("told", "21", "21"), ("told", "121", "121")),
    ),
    "bank only": ("121", (("bank", "100", "21"), ("bank", "21", "0"))),
    "bank, then there": (
        "121",
        (("bank", "50", "71"), ("told", "71", "71"), ("bank", "71", "0"), ("told", "0", "0")),
    ),
    "there, then the bank": (
        "121",
        (("told", "71", "71"), ("late", "50", "71"), ("bank", "71", "0"), ("told", "0", "0")),
    ),
    "all there, then the bank": (
        "121",
        (("told", "0", "0"), ("late", "121", "0"), ("told", "121", "0")),
    ),
    "nearly all there, then the bank": (
        "121",
        (("told", "21", "21"), ("late", "100", "21"), ("told", "21", "21"), ("bank", "21", "0")),
    ),
    "paid in part before it was first read": (
        "71",
        (("bank", "71", "0"), ("told", "71", "0"), ("told", "0", "0")),
    ),
    "and more of it elsewhere": (
        "71",
        (("bank", "61", "10"), ("told", "61", "10"), ("told", "0", "0")),
    ),
    "told in two parts": (
        "71",
        (("bank", "71", "0"), ("told", "61", "0"), ("told", "0", "0")),
    ),
    "a line undone": ("121", (("bank", "50", "71"), ("undo", "", "121"))),
    "undone here and then there": (
        "121",
        (("bank", "50", "71"), ("told", "71", "71"), ("undo", "", "71"), ("told", "121", "121")),
    ),
    "undone there and then here": (
        "121",
        (("bank", "50", "71"), ("told", "71", "71"), ("told", "121", "71"), ("undo", "", "121")),
    ),
    "undone beside a part elsewhere": (
        "71",
        (("bank", "71", "0"), ("undo", "", "71"), ("bank", "71", "0"), ("told", "0", "0")),
    ),
    "a late line undone": (
        "121",
        (("told", "71", "71"), ("late", "50", "71"), ("undo", "", "71"), ("told", "121", "121")),
    ),
    "the part elsewhere is taken back": (
        "71",
        (("bank", "71", "0"), ("told", "0", "0"), ("told", "50", "50"), ("told", "0", "0")),
    ),
    "it is entered anew": (
        "71",
        (("bank", "71", "0"), ("anew", "71", "0"), ("told", "0", "0")),
    ),
    "it is gone, and entered anew": (
        "71",
        (("bank", "71", "0"), ("told", "0", "0"), ("anew", "71", "50"), ("told", "0", "0")),
    ),
    "settled by both, and back": (
        "121",
        (("bank", "121", "0"), ("told", "0", "0"), ("told", "121", "0"), ("undo", "", "121")),
    ),
}


@pytest.mark.parametrize("kind", list(InvoiceKind))
@pytest.mark.parametrize("name", WALKS)
def test_each_payment_counts_once(
    name: str, kind: InvoiceKind, server: YukiServer, anna: Member
) -> None:
    sign = -1 if kind is InvoiceKind.CREDIT_NOTE else 1
    first, steps = WALKS[name]
    books = fake.books(server)
    books.receivables.append(fake.item(1, original=TOTAL * sign, open=Decimal(first) * sign))
    row = connected(anna, server)
    assert (one_invoice().open_amount, one_invoice().kind) == (Decimal(first), kind)
    account, made = factories.account(), list[UUID]()
    for at, (what, amount, left) in enumerate(steps):
        if what in ("told", "anew"):
            books.receivables[0].open = Decimal(amount) * sign
        if what == "anew":
            books.receivables[0] = replace(books.receivables[0], id=f"{at:036d}")
        if what in ("bank", "late"):
            made.append(pay(account, Decimal(amount) * sign, is_late=what == "late"))
        if what == "undo":
            undo(made.pop())
        look(row)
        found = one_invoice()
        status = InvoiceStatus.OPEN if Decimal(left) else InvoiceStatus.PAID
        assert (found.open_amount, found.status) == (Decimal(left), status), (at, what, amount)


def look(row: Integration) -> None:
    """Read, and see that a second reading moves nothing more."""
    engine.run(integration_id=row.id)
    before = one_invoice().version
    engine.run(integration_id=row.id)
    assert one_invoice().version == before


def pay(account: BankAccount, amount: Decimal, *, is_late: bool) -> UUID:
    """A line of the bank: of a day that the accounting knew already, or of one to come."""
    now = datetime.now(UTC)
    day = now.date() + timedelta(days=-1 if is_late else 2)
    line = factories.movement(on=account, amount=str(amount), booked_on=day)
    found = one_invoice()
    made = Allocation(
        invoice_id=found.id, transaction_id=line.id, amount=abs(amount), created_at=now
    )
    with transaction() as session:
        session.add(made)
        session.flush()
    return made.id


def undo(allocation_id: UUID) -> None:
    with transaction() as session:
        found = session.get_one(Allocation, allocation_id)
        found.undone_at = datetime.now(UTC)
        session.flush()


def test_what_is_settled_elsewhere_stays_within_what_is_told() -> None:
    """Whatever comes in which order: never below zero, never more than was settled there, and
    open is never more than what is told nor than what bank lines leave."""
    steps = [Decimal(one) for one in (0, 10, 50, 71, 100, 121)]
    for elsewhere in steps:
        for settled in [one for one in steps if one >= elsewhere]:
            before = Weighed(elsewhere, settled)
            for now in steps:
                for allocated in steps:
                    for late in [one for one in steps if one <= min(allocated, elsewhere)]:
                        found = rules.elsewhere(
                            settled=now, allocated=allocated, late=late, before=before
                        )
                        told = TOTAL - now
                        left = rules.still_open(
                            gross=TOTAL, allocated=allocated, told=told, elsewhere=found
                        )
                        assert 0 <= found <= now
                        assert 0 <= left <= min(told, TOTAL - allocated)
                        # Once it has all that the bank has, it is right.
                        if now >= allocated + before.elsewhere:
                            assert left == told


@pytest.mark.parametrize(
    ("told", "line", "left"),
    [("0", "121.00", "0"), ("21", "100.00", "21"), ("21", "21.00", "0"), ("0", "100.00", "0")],
    ids=["all there", "most there", "the rest", "less than there"],
)
def test_a_line_that_comes_late_has_its_place(
    told: str, line: str, left: str, server: YukiServer, anna: Member
) -> None:
    books = fake.books(server)
    books.receivables.append(fake.item(1))
    row = connected(anna, server)
    books.receivables[0].open = Decimal(told)
    look(row)
    day = datetime.now(UTC).date() + timedelta(days=-1 if line != "21.00" else 2)
    paid = factories.movement(on=factories.account(), amount=line, booked_on=day)

    parts = [Part(str(one_invoice().id), Decimal(line))]
    matching.settle(line_id=paid.id, parts=parts, by=anna.actor)

    assert one_invoice().open_amount == Decimal(left)
    look(row)
    assert one_invoice().open_amount == Decimal(left)
    with pytest.raises(Refusal):
        more = factories.movement(on=factories.account(iban=None), amount="200.00")
        parts = [Part(str(one_invoice().id), Decimal("121.00"))]
        matching.settle(line_id=more.id, parts=parts, by=anna.actor)
    matching.undo(line_id=paid.id, by=anna.actor)
    assert one_invoice().open_amount == Decimal(told)
    look(row)
    assert matching.verify() == []


def test_the_matcher_finds_what_the_books_settled_first(server: YukiServer, anna: Member) -> None:
    books = fake.books(server)
    books.receivables.append(fake.item(1))
    row = connected(anna, server)
    books.receivables[0].open = Decimal(0)
    look(row)
    today = datetime.now(UTC).date()
    factories.movement(
        on=factories.account(),
        amount="121.00",
        booked_on=today,
        counterparty_name="Klant 1",
        remittance_information="Factuur 2026-0001",
    )

    matching.propose(today=today)

    assert [one.invoice_id for one in every(Allocation, Allocation.id)] == [one_invoice().id]
    look(row)
    assert one_invoice().status is InvoiceStatus.PAID
