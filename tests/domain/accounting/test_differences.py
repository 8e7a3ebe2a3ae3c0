"""Where bank, accounting and documents differ: each case one row, or none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from billify.domain.accounting.differences import Cash, Kind, Ours, Sum, Theirs, differences, sums
from billify.domain.invoices import InvoiceDirection, InvoiceStatus

FIRST_DAY = date(2026, 9, 1)
ISSUED = date(2026, 9, 3)
BOOKED = date(2026, 9, 5)
PAID_ON = date(2026, 10, 2)
AS_OF = date(2026, 10, 12)
KEY, ITEM = UUID(int=1), UUID(int=2)


def ours(total: str = "847.00", open_: str | None = None, **more: Any) -> Ours:  # Any: fields
    """An approved purchase invoice of the bakery; paid when nothing is open."""
    left = Decimal(total if open_ is None else open_)
    values: dict[str, Any] = {
        "id": KEY,
        "direction": InvoiceDirection.PURCHASE,
        "status": InvoiceStatus.OPEN if left else InvoiceStatus.PAID,
        "number": "V26/889",
        "contact": "Molens van Gent NV",
        "issued": ISSUED,
        "due": date(2026, 10, 3),
        "total": Decimal(total),
        "open": left,
        "currency": "EUR",
        "has_document": True,
        "came_on": ISSUED,
        **more,
    }
    return Ours(**values)


def paid(total: str = "847.00", **more: Any) -> Ours:  # Any: fields
    """The same, paid at the bank."""
    return ours(total, "0.00", **{"paid": Decimal(total), "paid_on": PAID_ON, **more})


def theirs(total: str = "847.00", open_: str | None = None, **more: Any) -> Theirs:  # Any: fields
    """Its entry in the accounting."""
    values: dict[str, Any] = {
        "id": ITEM,
        "direction": InvoiceDirection.PURCHASE,
        "number": "V26-889",
        "contact": "MOLENS VAN GENT",
        "issued": ISSUED,
        "due": None,
        "total": Decimal(total),
        "open": Decimal(total if open_ is None else open_),
        "came_on": BOOKED,
        "invoice_id": KEY,
        **more,
    }
    return Theirs(**values)


# Any: fields
SETTLED: dict[str, Any] = {"settled_on": date(2026, 10, 5)}
PART: dict[str, Any] = {"paid": Decimal("500.00"), "paid_on": PAID_ON}
SHELL: dict[str, Any] = {"has_document": False}

CASES: dict[str, tuple[Ours | None, Theirs | None, tuple[Kind, str, date] | None]] = {
    "both open alike": (ours(), theirs(), None),
    "both settled": (paid(), theirs(open_="0.00", **SETTLED), None),
    "paid, open there": (paid(), theirs(), (Kind.PAID, "847.00", PAID_ON)),
    "paid, part open there": (paid(), theirs(open_="347.00"), (Kind.PAID, "347.00", PAID_ON)),
    "paid, open there at another total": (
        paid(), theirs("874.00"), (Kind.PAID, "874.00", PAID_ON),
    ),
    "paid today, open there until the accountant has the statement": (
        paid(paid_on=AS_OF), theirs(), None,
    ),
    "part paid today": (
        ours(open_="347.00", paid=Decimal("500.00"), paid_on=AS_OF), theirs(), None,
    ),
    "settled here without the bank": (
        ours(open_="0.00"), theirs(), (Kind.OPEN, "847.00", BOOKED),
    ),
    "settled there, open here": (
        ours(), theirs(**SETTLED), (Kind.SETTLED, "847.00", date(2026, 10, 5)),
    ),
    "settled there, part open here": (
        ours(open_="347.00", **PART), theirs(**SETTLED),
        (Kind.SETTLED, "347.00", date(2026, 10, 5)),
    ),
    "another total": (ours(), theirs("874.00"), (Kind.TOTAL, "27.00", BOOKED)),
    "another total, settled on both sides": (
        paid(), theirs("874.00", **SETTLED), (Kind.TOTAL, "27.00", BOOKED),
    ),
    "part paid at the bank alone": (
        ours(open_="347.00", **PART), theirs(), (Kind.OPEN, "500.00", PAID_ON),
    ),
    "part paid there alone": (ours(), theirs(open_="347.00"), (Kind.OPEN, "-500.00", BOOKED)),
    "part paid on both sides": (ours(open_="347.00", **PART), theirs(open_="347.00"), None),
    "credit note alike": (ours("-60.50"), theirs("-60.50"), None),
    "credit note taken, open there": (
        paid("-60.50"), theirs("-60.50"), (Kind.PAID, "-60.50", PAID_ON),
    ),
    "made from the entry": (ours(**SHELL), theirs(), (Kind.NO_DOCUMENT, "847.00", BOOKED)),
    "made from the entry, paid": (
        paid(**SHELL), theirs(), (Kind.PAID, "847.00", PAID_ON),
    ),
    "made from the entry, settled on both sides": (paid(**SHELL), theirs(**SETTLED), None),
    "entry alone": (None, theirs(invoice_id=None), (Kind.NO_DOCUMENT, "847.00", BOOKED)),
    "settled entry alone": (None, theirs(invoice_id=None, **SETTLED), None),
    "sundry entry alone": (None, theirs(invoice_id=None, is_invoice=False), None),
    "document alone": (ours(), None, (Kind.NOT_BOOKED, "847.00", ISSUED)),
    "document alone, still to approve": (ours(status=InvoiceStatus.TO_APPROVE), None, None),
    "document of before, open": (
        ours(issued=date(2026, 3, 1), came_on=date(2026, 3, 2)), None,
        (Kind.NOT_BOOKED, "847.00", FIRST_DAY),
    ),
    "document of before, paid before": (
        paid(issued=date(2026, 3, 1), paid_on=date(2026, 4, 1)), None, None,
    ),
    "document of before, paid since": (
        paid(issued=date(2026, 8, 1), came_on=date(2026, 8, 2)), None,
        (Kind.UNSEEN, "847.00", FIRST_DAY),
    ),
    "document of before, paid on the first day": (
        paid(issued=date(2026, 8, 1), paid_on=FIRST_DAY), None, None,
    ),
    "document of before, settled nobody knows when": (
        ours(open_="0.00", issued=date(2026, 8, 1)), None, None,
    ),
    "not approved, booked at another total": (
        ours(status=InvoiceStatus.TO_CHECK), theirs("874.00"), (Kind.WAITING, "874.00", BOOKED),
    ),
    "not approved, settled there": (
        ours(status=InvoiceStatus.TO_APPROVE), theirs(**SETTLED), None,
    ),
    "rejected, open there": (
        ours(status=InvoiceStatus.REJECTED), theirs(), (Kind.REJECTED, "847.00", BOOKED),
    ),
    "set aside, part open there": (
        ours(status=InvoiceStatus.SET_ASIDE), theirs(open_="347.00"),
        (Kind.REJECTED, "347.00", BOOKED),
    ),
    "paid, the rest written off here": (
        ours(open_="0.00", paid=Decimal("840.00"), written_off=Decimal("7.00"), paid_on=PAID_ON),
        theirs(open_="7.00"), (Kind.OPEN, "7.00", PAID_ON),
    ),
    "paid with a write-off, nothing of it there": (
        ours(open_="0.00", paid=Decimal("840.00"), written_off=Decimal("7.00"), paid_on=PAID_ON),
        theirs(), (Kind.PAID, "847.00", PAID_ON),
    ),
    "paid too much there": (paid(), theirs(open_="-50.00"), (Kind.OPEN, "-50.00", PAID_ON)),
    "credit note taken twice there": (
        paid("-60.50"), theirs("-60.50", "10.00"), (Kind.OPEN, "10.00", PAID_ON),
    ),
    "document alone, of the day of the last reading": (ours(came_on=AS_OF), None, None),
    "another currency": (ours(currency="USD"), theirs("780.11"), None),
    "another currency, paid": (
        paid(currency="USD"), theirs("780.11"), (Kind.PAID, "780.11", PAID_ON),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_case_gives_one_row_or_none(name: str) -> None:
    here, there, expected = CASES[name]

    found = differences(
        ours=[here] if here else [],
        theirs=[there] if there else [],
        first_day=FIRST_DAY,
        as_of=AS_OF,
    )

    seen = [(one.kind, f"{one.amount:.2f}", one.since) for one in found]
    assert seen == ([] if expected is None else [expected])


def test_every_kind_is_tried() -> None:
    assert {case[2][0] for case in CASES.values() if case[2]} == set(Kind)


def test_two_entries_of_one_invoice_are_taken_together() -> None:
    first, second = theirs("500.00"), theirs("347.00", id=UUID(int=3))

    assert (
        differences(ours=[ours()], theirs=[first, second], first_day=FIRST_DAY, as_of=AS_OF) == []
    )


def test_two_entries_are_settled_when_both_are() -> None:
    first = theirs("500.00", **SETTLED)
    second = theirs("347.00", id=UUID(int=3))
    both = theirs("347.00", id=UUID(int=3), settled_on=date(2026, 10, 9))

    one_left = differences(ours=[paid()], theirs=[first, second], first_day=FIRST_DAY, as_of=AS_OF)
    none_left = differences(ours=[ours()], theirs=[first, both], first_day=FIRST_DAY, as_of=AS_OF)

    assert [one.kind for one in one_left] == [Kind.PAID]
    assert [(one.kind, one.since) for one in none_left] == [(Kind.SETTLED, date(2026, 10, 9))]


def test_an_entry_that_was_booked_anew_counts_once() -> None:
    gone, again = theirs(**SETTLED), theirs(id=UUID(int=3))
    paid_then = theirs(id=UUID(int=3), open_="0.00", settled_on=date(2026, 10, 9))

    for here, entries in [(ours(), [gone, again]), (paid(), [gone, paid_then])]:
        found = differences(ours=[here], theirs=entries, first_day=FIRST_DAY, as_of=AS_OF)
        assert found == []
    other = differences(
        ours=[ours()],
        theirs=[gone, theirs("874.00", id=UUID(int=3))],
        first_day=FIRST_DAY,
        as_of=AS_OF,
    )
    assert [(one.kind, one.amount) for one in other] == [(Kind.TOTAL, Decimal("27.00"))]


def test_an_entry_in_parts_of_which_one_is_settled_keeps_its_total() -> None:
    entries = [theirs("500.00", **SETTLED), theirs("347.00", id=UUID(int=3))]
    here = ours(open_="347.00", **PART)

    assert differences(ours=[here], theirs=entries, first_day=FIRST_DAY, as_of=AS_OF) == []


def test_an_entry_of_an_invoice_that_was_left_out_stands_alone() -> None:
    found = differences(ours=[], theirs=[theirs()], first_day=FIRST_DAY, as_of=AS_OF)

    assert [(one.kind, one.contact, one.number) for one in found] == [
        (Kind.NO_DOCUMENT, "MOLENS VAN GENT", "V26-889")
    ]


def test_rows_stand_by_kind_and_the_longest_first() -> None:
    older = ours(id=UUID(int=5), came_on=date(2026, 9, 2), number="older")
    newer = ours(id=UUID(int=4), number="newer")

    found = differences(
        ours=[newer, older, paid()], theirs=[theirs()], first_day=FIRST_DAY, as_of=AS_OF
    )

    assert [(one.kind, one.number) for one in found] == [
        (Kind.PAID, "V26/889"),
        (Kind.NOT_BOOKED, "older"),
        (Kind.NOT_BOOKED, "newer"),
    ]
    assert found[0].days(date(2026, 10, 12)) == 10
    assert found[0].days(date(2026, 10, 1)) == 0


def test_sums_keep_sales_and_purchases_apart() -> None:
    sale = ours("121.00", id=UUID(int=6), direction=InvoiceDirection.SALE)
    found = differences(
        ours=[sale, ours(id=UUID(int=7))], theirs=[], first_day=FIRST_DAY, as_of=AS_OF
    )

    assert sums(found)[Kind.NOT_BOOKED] == Sum(2, Decimal("121.00"), Decimal("847.00"))
    assert sums(found)[Kind.PAID] == Sum()


def test_the_ledger_has_to_go_up_by_what_is_missing() -> None:
    cash = Cash(PAID_ON, bank=Decimal("1200.00"), ledger=Decimal("1000.00"))

    assert cash.missing == Decimal("200.00")
    assert replace(cash, waiting=("Zicht",)).missing == 0
