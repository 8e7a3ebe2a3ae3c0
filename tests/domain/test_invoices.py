"""States, sums and cross-checks of invoices."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billify.domain import invoices
from billify.domain.invoices import (
    Header,
    InvoiceDirection,
    InvoiceKind,
    InvoiceStatus,
    Line,
    Step,
    VatAmount,
)
from billify.domain.refusal import Refusal
from billify.domain.vat import VatCategory

TODAY = date(2026, 11, 20)
D = Decimal


def test_the_whole_table_of_states() -> None:
    allowed = {f"{a} {step} {b}" for (a, step), b in invoices.TRANSITIONS.items()}

    assert allowed == {
        "draft save draft",
        "draft issue open",
        "to_check save to_approve",
        "to_check approve open",
        "to_check reject rejected",
        "to_check set_aside set_aside",
        "to_approve save to_approve",
        "to_approve approve open",
        "to_approve reject rejected",
        "to_approve set_aside set_aside",
        "set_aside reject rejected",
        "set_aside reopen to_check",
        "rejected reopen to_check",
        "open settle paid",
        "paid unsettle open",
    }


@pytest.mark.parametrize("status", list(InvoiceStatus))
@pytest.mark.parametrize("step", list(Step))
def test_a_step_leads_on_or_is_refused_with_a_sentence(status: InvoiceStatus, step: Step) -> None:
    if step in invoices.steps(status):
        assert isinstance(invoices.follow(status, step=step), InvoiceStatus)
    else:
        with pytest.raises(Refusal, match=r"\.$"):
            invoices.follow(status, step=step)


def test_an_approved_invoice_is_open() -> None:
    after = invoices.approve(InvoiceStatus.TO_APPROVE, total=D("1000.00"), limit=D("1000.00"))

    assert after is InvoiceStatus.OPEN


def test_a_second_approval_is_refused() -> None:
    with pytest.raises(Refusal, match="not waiting for approval"):
        invoices.approve(InvoiceStatus.OPEN, total=D(1), limit=None)


@pytest.mark.parametrize("total", ["1000.01", "-1000.01"])
def test_an_amount_above_the_limit_is_refused(total: str) -> None:
    with pytest.raises(Refusal, match=r"above your limit of 1\.000,00"):
        invoices.approve(InvoiceStatus.TO_APPROVE, total=D(total), limit=D(1000))


def test_no_limit_covers_any_amount() -> None:
    assert invoices.approve(InvoiceStatus.TO_CHECK, total=D("9999999.99"), limit=None)


def test_an_invoice_without_total_is_not_approved() -> None:
    with pytest.raises(Refusal, match="Fill in the total"):
        invoices.approve(InvoiceStatus.TO_APPROVE, total=None, limit=None)


@pytest.mark.parametrize(
    ("before", "left", "after"),
    [
        ("open", "0.00", "paid"),
        ("open", "0.01", "open"),
        ("paid", "5.00", "open"),
        ("paid", "0.00", "paid"),
        ("rejected", "0.00", "rejected"),
        ("to_approve", "0.00", "to_approve"),
    ],
)
def test_payments_open_and_close_an_invoice(before: str, left: str, after: str) -> None:
    assert invoices.after_payment(InvoiceStatus(before), open_amount=D(left)) == after


@pytest.mark.parametrize(
    ("due", "left", "status", "late"),
    [
        (date(2026, 11, 19), "1.00", "open", True),
        (date(2026, 11, 20), "1.00", "open", False),
        (None, "1.00", "open", False),
        (date(2026, 11, 19), "0.00", "open", False),
        (date(2026, 11, 19), "1.00", "to_approve", False),
        (date(2026, 11, 19), "1.00", "paid", False),
    ],
)
def test_money_is_late_the_day_after_it_was_due(
    due: date | None, left: str, status: str, late: bool
) -> None:
    found = invoices.is_overdue(due, open_amount=D(left), status=InvoiceStatus(status), today=TODAY)

    assert found is late


@pytest.mark.parametrize(
    ("direction", "kind", "cash"),
    [
        ("sale", "invoice", 1),
        ("sale", "credit_note", -1),
        ("purchase", "invoice", -1),
        ("purchase", "credit_note", 1),
    ],
)
def test_amounts_take_the_sign_of_cash(direction: str, kind: str, cash: int) -> None:
    found = invoices.signed(D(1), direction=InvoiceDirection(direction), kind=InvoiceKind(kind))

    assert found == cash


def test_a_list_shows_credit_notes_below_zero() -> None:
    assert invoices.shown(D("12.50"), kind=InvoiceKind.INVOICE) == D("12.50")
    assert invoices.shown(D("12.50"), kind=InvoiceKind.CREDIT_NOTE) == D("-12.50")


def test_vat_is_taken_once_on_the_base_of_a_rate() -> None:
    lines = [Line(D(1), D("0.08"), vat_rate=D(21))] * 6  # line by line it would be 0.12

    found = invoices.totals(lines)

    assert (found.net, found.vat, found.gross) == (D("0.48"), D("0.10"), D("0.58"))


def test_each_category_and_rate_stands_apart() -> None:
    found = invoices.totals(
        [
            Line(D(10), D("2.98"), vat_rate=D(6)),
            Line(D(2), D("50.00"), vat_rate=D(21), discount=D(10)),
            Line(D(1), D("100.00"), VatCategory.INTRA_COMMUNITY, D(0)),
            Line(D(3), D("1.10"), vat_rate=D(6)),
        ]
    )

    assert found.by_rate == (
        VatAmount(VatCategory.STANDARD, D(21), D("90.00"), D("18.90")),
        VatAmount(VatCategory.STANDARD, D(6), D("33.10"), D("1.99")),
        VatAmount(VatCategory.INTRA_COMMUNITY, D(0), D("100.00"), D("0.00")),
    )
    assert (found.net, found.vat, found.gross) == (D("223.10"), D("20.89"), D("243.99"))


def test_no_lines_make_nothing() -> None:
    assert invoices.totals([]).gross == 0


NUMBERS = st.decimals(-1000, 1000, places=3)
LINES = st.lists(
    st.builds(
        Line,
        quantity=NUMBERS,
        unit_price=NUMBERS,
        vat_rate=st.sampled_from([D(21), D(12), D(6)]),
        discount=st.integers(0, 100).map(D),
    ),
    max_size=8,
)


@given(LINES)
def test_computed_totals_never_contradict_themselves(lines: list[Line]) -> None:
    sums = invoices.totals(lines)

    found = invoices.cross_check(
        Header(sums.net, sums.vat, sums.gross), lines=lines, breakdown=sums.by_rate
    )

    assert found == []
    assert sums.net == sum((line.net for line in lines), D(0))


@given(LINES, st.sampled_from(["net", "vat", "gross"]), st.integers(100, 99999))
def test_one_wrong_total_is_always_noticed(lines: list[Line], which: str, cents: int) -> None:
    sums = invoices.totals(lines)
    amounts = {"net": sums.net, "vat": sums.vat, "gross": sums.gross}
    amounts[which] += D(cents) / 100

    found = invoices.cross_check(Header(**amounts), lines=lines, breakdown=sums.by_rate)

    assert any(f"{which}_amount" in one.fields for one in found)


def test_net_and_vat_must_make_gross() -> None:
    (found,) = invoices.cross_check(Header(D("100.00"), D("21.00"), D("112.00")))

    assert found.fields == ("net_amount", "vat_amount", "gross_amount")
    assert found.sentence % found.values == (
        "100,00 without VAT and 21,00 of VAT make 121,00, but the total is 112,00."
    )


def test_what_was_not_read_contradicts_nothing() -> None:
    assert invoices.cross_check(Header(None, D(21), D(121))) == []


def test_lines_must_make_the_net_amount() -> None:
    (found,) = invoices.cross_check(Header(D("100.00"), None, None), lines=[Line(D(1), D("99.00"))])

    assert found.fields == ("lines", "net_amount")


def test_a_rate_must_fit_its_base() -> None:
    (found,) = invoices.cross_check(
        Header(None, None, None),
        breakdown=[VatAmount(VatCategory.STANDARD, D(21), D("100.00"), D("6.00"))],
    )

    assert found.fields == ("vat_breakdown",)
    assert "21,00 % on 100,00 is 21,00" in found.sentence % found.values


def test_vat_rounded_on_each_line_is_let_pass() -> None:
    lines = [Line(D(1), D("0.08"))] * 6  # each 0.0168 rounds to 0.02: 0.12 against 0.10

    found = invoices.cross_check(Header(D("0.48"), D("0.12"), D("0.60")), lines=lines)

    assert found == []


def test_the_rates_must_cover_the_whole_invoice() -> None:
    found = invoices.cross_check(
        Header(D("200.00"), D("42.00"), D("242.00")),
        breakdown=[VatAmount(VatCategory.STANDARD, D(21), D("100.00"), D("21.00"))],
    )

    assert [one.fields for one in found] == [
        ("vat_breakdown", "net_amount"),
        ("vat_breakdown", "vat_amount"),
    ]
