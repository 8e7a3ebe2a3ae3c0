"""Lists of invoices: what a filter finds, in which order, and by which index on a big table."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from billify.data import tenancy
from billify.data.db import db
from billify.data.queries import lists
from billify.data.queries.lists import Filter, Sort, View
from billify.data.types import uuid7
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from tests import factories
from tests.cast import Cast
from tests.data.conftest import Large

PURCHASE, SALE = InvoiceDirection.PURCHASE, InvoiceDirection.SALE
TODAY = date(2026, 11, 20)


@pytest.fixture
def anna(cast: Cast) -> Iterator[Cast]:
    """Anna's company as the scope."""
    with factories.books_of(cast.anna):
        yield cast


def numbers(wanted: Filter, **more: Any) -> list[str | None]:
    """The numbers of the invoices a filter finds, in its order."""
    return [row.number for row in lists.page(wanted, today=TODAY, **more).rows]


def test_a_list_shows_one_direction_newest_first(anna: Cast) -> None:
    factories.invoice(number="old", issue_date=date(2026, 1, 1))
    factories.invoice(number="new", issue_date=date(2026, 9, 1))
    factories.invoice(number="sale", direction=SALE)

    assert numbers(Filter(PURCHASE)) == ["new", "old"]


def test_another_company_sees_nothing(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        factories.invoice()
    with factories.books_of(cast.chloe):
        assert numbers(Filter(PURCHASE)) == []
        assert numbers(Filter(PURCHASE, words="Leverancier")) == []


@pytest.mark.parametrize(
    ("view", "found"),
    [
        (View.TO_CHECK, ["check"]),
        (View.TO_APPROVE, ["approve"]),
        (View.OPEN, ["open", "late"]),
        (View.OVERDUE, ["late"]),
        (View.PAID, ["paid"]),
        (View.LEFT, ["rejected", "aside"]),
    ],
)
def test_each_view_shows_its_states(anna: Cast, view: View, found: list[str]) -> None:
    for number, status, issued in (
        ("check", InvoiceStatus.TO_CHECK, date(2026, 11, 8)),
        ("approve", InvoiceStatus.TO_APPROVE, date(2026, 11, 7)),
        ("open", InvoiceStatus.OPEN, date(2026, 11, 6)),
        ("late", InvoiceStatus.OPEN, date(2026, 10, 1)),
        ("paid", InvoiceStatus.PAID, date(2026, 1, 4)),
        ("rejected", InvoiceStatus.REJECTED, date(2026, 1, 3)),
        ("aside", InvoiceStatus.SET_ASIDE, date(2026, 1, 2)),
    ):
        factories.invoice(number=number, status=status, issue_date=issued)

    assert numbers(Filter(PURCHASE, view=view)) == found


def test_due_on_the_day_itself_is_not_overdue(anna: Cast) -> None:
    factories.invoice(due_date=TODAY)

    assert numbers(Filter(PURCHASE, view=View.OVERDUE)) == []


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("is_descending", [True, False])
def test_pages_joined_are_the_whole_list_in_each_order(
    anna: Cast, sort: Sort, is_descending: bool
) -> None:
    makers = [factories.contact("Zout BV"), factories.contact("Azijn NV")]
    for at in range(11):
        # Twins on purpose: equal dates, amounts and names must neither repeat nor vanish.
        factories.invoice(
            of=makers[at % 2], gross=f"{100 + at % 3}.00", issue_date=date(2026, 10, 1 + at % 4)
        )
    wanted = Filter(PURCHASE, sort=sort, is_descending=is_descending)

    whole = numbers(wanted)
    walked: list[str | None] = []
    page = lists.page(wanted, today=TODAY, size=3)
    walked += [row.number for row in page.rows]
    while page.next:
        page = lists.page(wanted, today=TODAY, after=page.next, size=3)
        walked += [row.number for row in page.rows]

    assert len(whole) == 11
    assert walked == whole


def test_a_credit_note_sorts_and_filters_as_it_is_shown(anna: Cast) -> None:
    factories.invoice(number="large", gross="500.00")
    factories.invoice(number="credit", gross="400.00", kind=InvoiceKind.CREDIT_NOTE)
    factories.invoice(number="small", gross="1.00")

    by_amount = Filter(PURCHASE, sort=Sort.AMOUNT)

    assert numbers(by_amount) == ["large", "small", "credit"]
    assert numbers(Filter(PURCHASE, amount_until=Decimal(0))) == ["credit"]
    assert numbers(Filter(PURCHASE, amount_from=Decimal("0.01"), amount_until=Decimal("1"))) == [
        "small"
    ]


def test_a_period_counts_both_its_days(anna: Cast) -> None:
    for day in (1, 2, 3, 4):
        factories.invoice(number=str(day), issue_date=date(2026, 10, day))

    found = numbers(Filter(PURCHASE, issued_from=date(2026, 10, 2), issued_until=date(2026, 10, 3)))

    assert found == ["3", "2"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("electricite", ["E-1"]),
        ("GÉNÉRALE élec", ["E-1"]),
        ("f26 0042", ["F26/0042"]),
        ("F260", ["F26/0042"]),
        ("onbekende", [None]),
        ("nergens", []),
        ("%", []),
        ("_", []),
        ("!!!", []),
    ],
)
def test_a_search_finds_names_of_contacts_numbers_and_names_read(
    anna: Cast, words: str, found: list[str | None]
) -> None:
    factories.invoice(of=factories.contact("Électricité Générale SRL"), number="E-1")
    factories.invoice(of=factories.contact("Bloem BV"), number="F26/0042")
    factories.invoice(
        status=InvoiceStatus.TO_CHECK, number=None, party_name="Onbekende Leverancier"
    )

    assert numbers(Filter(PURCHASE, words=words)) == found


def test_a_search_that_many_contacts_fit_finds_the_same(anna: Cast) -> None:
    for at in range(lists.FEW_CONTACTS + 2):
        factories.contact(f"Bakkerij {at:03d}")
    factories.invoice(of=factories.contact("Bakkerij Zuid"), number="Z")
    factories.invoice(of=factories.contact("Slagerij"), number="S")

    assert numbers(Filter(PURCHASE, words="bakkerij")) == ["Z"]


def test_an_unknown_contact_finds_nothing(anna: Cast) -> None:
    factories.invoice()

    assert numbers(Filter(PURCHASE, contact_id=uuid7())) == []


def test_counts_stop_where_nobody_needs_the_number(
    anna: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)
    for _time in range(5):
        factories.invoice(status=InvoiceStatus.TO_APPROVE)

    counted = lists.counts(PURCHASE, [View.TO_APPROVE, View.TO_CHECK], today=TODAY)

    assert counted == {View.TO_APPROVE: 3, View.TO_CHECK: 0}


def test_the_whole_list_comes_in_chunks_and_ends_at_the_most(
    anna: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_CHUNK", 2)
    for at in range(5):
        factories.invoice(number=str(at), issue_date=date(2026, 10, 1 + at))

    every = [row.number for row in lists.whole(Filter(PURCHASE), today=TODAY, most=100)]
    some = [row.number for row in lists.whole(Filter(PURCHASE), today=TODAY, most=3)]

    assert every == ["4", "3", "2", "1", "0"]
    assert some == ["4", "3", "2"]
    assert lists.count(Filter(PURCHASE), today=TODAY, most=3) == 4


@pytest.mark.parametrize(
    ("sort", "garbage"),
    [
        (Sort.ISSUED, "x"),
        (Sort.ISSUED, "2026-13-45~0192d3b4-0000-7000-8000-000000000000"),
        (Sort.DUE, "2026-10-01~no-key"),
        (Sort.AMOUNT, "12,5~0192d3b4-0000-7000-8000-000000000000"),
        (Sort.AMOUNT, f"{10**30}~0192d3b4-0000-7000-8000-000000000000"),
        (Sort.CONTACT, "~"),
    ],
)
def test_a_place_that_is_none_is_known_as_such(sort: Sort, garbage: str) -> None:
    assert lists.place(sort, garbage) is None


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({}, "ix_invoice_newest"),
        ({"sort": Sort.ISSUED, "is_descending": False}, "ix_invoice_newest"),
        ({"sort": Sort.DUE}, "ix_invoice_due"),
        ({"sort": Sort.AMOUNT}, "ix_invoice_amount"),
        ({"sort": Sort.CONTACT, "is_descending": False}, "ix_invoice_party"),
        ({"view": View.TO_APPROVE}, "ix_invoice_status"),
        ({"view": View.OVERDUE}, "ix_invoice_"),
        ({"view": View.LEFT}, "ix_invoice_status"),
        ({"issued_from": date(2025, 1, 1), "issued_until": date(2025, 1, 31)}, "ix_invoice_"),
        ({"amount_from": Decimal(42), "amount_until": Decimal(42)}, "ix_invoice_"),
        ({"contact_id": "a contact"}, "ix_invoice_contact"),
        ({"words": "contact 77"}, "ix_invoice_contact"),
        ({"words": "F1234"}, "ix_invoice_number"),
        ({"words": "nergens"}, "ix_invoice_"),
        ({"words": "contact"}, "ix_invoice_"),
    ],
)
@pytest.mark.parametrize("is_deep", [False, True])
def test_no_list_reads_the_whole_table(
    large: Large, wanted: dict[str, Any], index: str, is_deep: bool
) -> None:
    if "contact_id" in wanted:
        wanted = {"contact_id": large.contact_id}
    asked = Filter(PURCHASE, **wanted)
    with large.app.app_context(), tenancy.company_scope(large.company_id):
        after = lists.page(asked, today=TODAY, size=5).next if is_deep else None
        statements = _statements(lambda: lists.page(asked, today=TODAY, after=after))
        plan = "\n".join(
            db.session.connection()
            .exec_driver_sql(f"EXPLAIN {statements[-1][0]}", statements[-1][1])
            .scalars()
        )
        db.session.rollback()

    assert "Seq Scan on invoice" not in plan, plan
    assert index in plan, plan
    assert len(statements) == (2 if asked.words else 1)


def test_counts_are_one_statement_and_read_no_whole_table(large: Large) -> None:
    views = [View.TO_CHECK, View.TO_APPROVE, View.OVERDUE, View.DRAFT]
    with large.app.app_context(), tenancy.company_scope(large.company_id):
        statements = _statements(lambda: lists.counts(SALE, views, today=TODAY))
        plan = "\n".join(
            db.session.connection()
            .exec_driver_sql(f"EXPLAIN {statements[0][0]}", statements[0][1])
            .scalars()
        )
        db.session.rollback()

    assert len(statements) == 1
    assert "Seq Scan on invoice" not in plan, plan


def _statements(act: Any) -> list[tuple[str, Any]]:
    seen: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        if not given[2].startswith("SELECT set_config"):
            seen.append((given[2], given[3]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return seen
