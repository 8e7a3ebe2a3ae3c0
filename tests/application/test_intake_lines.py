"""Lines as shops print them, with VAT in every price, come into the books without it."""

from decimal import Decimal

from billify.data.models import Invoice
from billify.domain import invoices as rules
from billify.domain.reading import LineItem
from tests.application.test_intake import anna as anna
from tests.application.test_intake import draft, read
from tests.cast import Member


def lines_of(*gross: str) -> list[LineItem]:
    return [LineItem(f"Thing {price}", Decimal(price), quantity=Decimal(1)) for price in gross]


def contradictions(invoice: Invoice) -> list[rules.Contradiction]:
    lines = [
        rules.Line(line.quantity, line.unit_price, line.vat_category, line.vat_rate, line.discount)
        for line in invoice.lines
    ]
    header = rules.Header(invoice.net_amount, invoice.vat_amount, invoice.gross_amount)
    return rules.cross_check(header, lines=lines)


def test_lines_with_vat_are_brought_back_to_their_net_amounts(anna: Member) -> None:
    sums = {"net_amount": "593.36", "vat_amount": "124.61", "gross_amount": "717.97"}

    invoice = draft(read(lines=lines_of("699.00", "18.97"), **sums))

    assert [line.net_amount for line in invoice.lines] == [Decimal("577.68"), Decimal("15.68")]
    assert contradictions(invoice) == []


def test_lines_that_fit_neither_sum_stay_as_printed(anna: Member) -> None:
    sums = {"net_amount": "100.00", "vat_amount": "21.00", "gross_amount": "121.00"}

    invoice = draft(read(lines=lines_of("60.00", "50.00"), **sums))

    assert [line.net_amount for line in invoice.lines] == [Decimal("60.00"), Decimal("50.00")]
    assert len(contradictions(invoice)) == 1
