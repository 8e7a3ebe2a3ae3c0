"""What may be written down."""

from decimal import Decimal

import pytest

from billify.domain.invoices import InvoiceDirection, InvoiceKind
from billify.domain.matching.settling import Owed, Part, check
from billify.domain.refusal import Refusal

SALE, PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE


def owed(
    open_amount: str = "100.00",
    *,
    direction: InvoiceDirection = SALE,
    kind: InvoiceKind = InvoiceKind.INVOICE,
) -> Owed:
    return Owed("2026-0012", direction, kind, Decimal("100.00"), Decimal(open_amount))


@pytest.mark.parametrize(
    ("invoice", "amount", "cash"),
    [
        (owed(), "100.00", "100.00"),
        (owed(direction=PURCHASE), "100.00", "-100.00"),
        (owed(kind=InvoiceKind.CREDIT_NOTE), "-100.00", "-100.00"),
        (owed(direction=PURCHASE, kind=InvoiceKind.CREDIT_NOTE), "-100.00", "100.00"),
        (owed(), "-100.00", "-100.00"),
        (owed(direction=PURCHASE), "-100.00", "100.00"),
    ],
)
def test_what_an_amount_is_at_the_bank(invoice: Owed, amount: str, cash: str) -> None:
    assert invoice.cash(Decimal(amount)) == Decimal(cash)


@pytest.mark.parametrize(
    ("part", "left", "open_amount"),
    [
        (Part("a", Decimal("100.00")), "100.00", "100.00"),
        (Part("a", Decimal("40.00")), "100.00", "100.00"),
        (Part("a", Decimal("98.00"), Decimal("2.00")), "98.00", "100.00"),
        (Part("a", Decimal("-60.00")), "-60.00", "40.00"),
    ],
)
def test_what_fits_is_taken(part: Part, left: str, open_amount: str) -> None:
    check([part], owed={"a": owed(open_amount)}, left=Decimal(left))


@pytest.mark.parametrize(
    ("part", "left", "open_amount"),
    [
        (Part("a", Decimal("100.01")), "200.00", "100.00"),
        (Part("a", Decimal("100.00")), "99.99", "100.00"),
        (Part("a", Decimal("100.00")), "-100.00", "100.00"),
        (Part("a", Decimal("99.00"), Decimal("2.00")), "99.00", "100.00"),
        (Part("a", Decimal("-60.01")), "-100.00", "40.00"),
        (Part("a", Decimal("-10.00"), Decimal("1.00")), "-10.00", "40.00"),
    ],
)
def test_what_does_not_fit_is_refused(part: Part, left: str, open_amount: str) -> None:
    with pytest.raises(Refusal):
        check([part], owed={"a": owed(open_amount)}, left=Decimal(left))


def test_an_invoice_is_named_once() -> None:
    with pytest.raises(Refusal):
        check([Part("a", Decimal(1))] * 2, owed={"a": owed()}, left=Decimal(100))


def test_nothing_is_no_match() -> None:
    with pytest.raises(Refusal):
        check([], owed={}, left=Decimal(100))
