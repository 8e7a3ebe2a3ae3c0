"""Invoices that tell no VAT, as those made from the accounting, in all that sums VAT."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from billify.application import figures, scenarios, tax_plans
from billify.application.figures import Given
from billify.application.figures.shapes import Lacking
from billify.data.db import db, transaction
from billify.data.models import Company, Contact, InvoiceVat
from billify.data.queries import forecast_known as rows
from billify.domain.forecast.known import VatMonth
from billify.domain.forecast.taxes import TaxAhead
from billify.domain.invoices import InvoiceDirection, InvoiceKind
from billify.domain.obligations import Every
from billify.domain.vat import VatCategory
from tests import factories
from tests.cast import Cast
from tests.factories import books_of

D = Decimal
TODAY = date(2026, 10, 12)
SALE, PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE
DAYS = [date(2026, month, day) for month in (6, 7, 8, 9) for day in (5, 20)]


@pytest.fixture(autouse=True)
def scope(cast: Cast) -> Iterator[None]:
    """In Anna's books."""
    with books_of(cast.anna):
        yield


def invoiced(
    direction: InvoiceDirection, day: date, *, tells: bool, to: Contact | None = None,
    kind: InvoiceKind = InvoiceKind.INVOICE, gross: str = "1210.00",
) -> None:  # fmt: skip
    """An invoice at 21 %, or only its total as the accounting tells it."""
    vat = (D(gross) * 21 / 121).quantize(D("0.01"))
    more = {"net_amount": D(gross) - vat, "vat_amount": vat} if tells else {"source": "yuki"}
    row = factories.invoice(
        of=to, gross=gross, direction=direction, kind=kind, issue_date=day, **more
    )
    if tells:
        with transaction() as session:
            session.add(
                InvoiceVat(
                    invoice_id=row.id, position=1, category=VatCategory.STANDARD, rate=D(21),
                    base=D(gross) - vat, amount=vat,
                )
            )  # fmt: skip


def traded(*, told: int, to: Contact | None = None) -> None:
    """A sale of 1,210 and a purchase of 121 on each day; of each two so many tell their VAT."""
    for at, day in enumerate(DAYS):
        invoiced(SALE, day, tells=at % 2 < told, to=to)
        invoiced(PURCHASE, day, tells=at % 2 < told, gross="121.00")


def first_vat() -> TaxAhead:
    """The VAT of the quarter that is over."""
    company = db.session.scalars(select(Company)).one()
    return tax_plans.ahead(company=company, today=TODAY)[0]


def quarter(name: str = "vat_of_period") -> figures.Sheet:
    return figures.opened(name=name, given=Given(TODAY, "EUR", ref="vat 2026-Q3"))


def test_with_all_invoices_told_nothing_is_said() -> None:
    traded(told=2)

    one = first_vat()

    assert (one.amount, one.reason.code, one.is_estimate) == (D("1134.00"), "vat_final", False)
    assert "untold" not in dict(one.reason.values)
    assert (quarter().total, quarter().count, quarter().lacking) == (D("1134.00"), 12, None)


def test_with_half_of_them_told_the_quarter_is_an_estimate_of_the_whole() -> None:
    traded(told=1)

    one, sheet = first_vat(), quarter()

    assert (one.amount, one.reason.code, one.is_estimate) == (D("1134.00"), "vat_part_told", True)
    assert dict(one.reason.values)["untold"] == 6
    assert dict(one.reason.values)["untold_gross"] == "3993.00"
    assert (sheet.total, sheet.count) == (D("567.00"), 6)
    assert sheet.lacking == Lacking("vat_not_told", D("3993.00"), 6)


def test_with_none_of_them_told_the_quarter_is_not_known() -> None:
    traded(told=0)

    one, sheet = first_vat(), quarter()

    assert (one.period, one.amount, one.is_unknown) == ("2026-Q3", D(0), True)
    assert dict(one.reason.values)["untold"] == 12
    assert (sheet.total, sheet.count) == (D(0), 0)
    assert sheet.lacking == Lacking("vat_not_told", D("7986.00"), 12)


@pytest.mark.parametrize("told", [0, 1, 2], ids=["none", "half", "all"])
def test_those_without_vat_sum_to_what_is_said_of_them(told: int) -> None:
    traded(told=told)
    invoiced(SALE, DAYS[-1], tells=False, kind=InvoiceKind.CREDIT_NOTE, gross="60.50")
    given = Given(TODAY, "EUR", ref="vat 2026-Q3")
    sheet = quarter("vat_not_told")

    found = list(figures.every_row(name="vat_not_told", given=given))

    assert quarter().lacking == Lacking("vat_not_told", sheet.total, sheet.count)
    assert sum((row.amount for row in found), D(0)) == sheet.total
    assert len(found) == sheet.count == (2 - told) * 6 + 1
    assert dict(first_vat().reason.values)["untold_gross"] == str(sheet.total)


def test_the_months_know_what_was_told_by_now() -> None:
    invoiced(SALE, date(2026, 10, 5), tells=True)
    invoiced(SALE, date(2026, 10, 8), tells=False)
    invoiced(SALE, date(2026, 10, 9), tells=False, kind=InvoiceKind.CREDIT_NOTE, gross="10.00")
    invoiced(PURCHASE, date(2026, 9, 20), tells=False, gross="50.00")

    september, october = rows.vat_months(since=date(2026, 9, 1), until=TODAY, currency="EUR")

    assert september == VatMonth(
        date(2026, 9, 1), D(0), D(0), untold_purchases=D("50.00"), untold_count=1
    )
    assert october == VatMonth(
        date(2026, 10, 1), D("210.00"), D(0), D("210.00"), D(0), D("1210.00"), D(0),
        D("1200.00"), D(0), D("1200.00"), D(0), untold_count=2,
    )  # fmt: skip


def test_vat_on_the_invoice_alone_is_told_as_well() -> None:
    """Totals typed without lines have no rows by rate."""
    factories.invoice(gross="121.00", issue_date=DAYS[-1], vat_amount=D("21.00"))
    factories.invoice(gross="50.00", issue_date=DAYS[-1], vat_amount=D("0.00"))

    (month,) = rows.vat_months(since=DAYS[-1], until=TODAY, currency="EUR")

    assert (month.purchases, month.told_purchases, month.untold_count) == (D(21), D(171), 0)


@pytest.mark.parametrize(
    ("told", "share"), [(0, None), (1, "0.1736"), (2, "0.1736")], ids=["none", "half", "all"]
)
def test_the_part_of_vat_in_sales_is_that_of_those_that_tell(told: int, share: str | None) -> None:
    hotel = factories.contact("Hotel", is_customer=True)
    traded(told=told, to=hotel)

    sales = scenarios.compare(asked={}, today=TODAY, currency="EUR", vat_every=Every.QUARTER).sales

    found = None if sales.vat_share is None else str(round(sales.vat_share, 4))
    assert found == share
    assert sales.invoiced == D(8) * D("1210.00") / 52
