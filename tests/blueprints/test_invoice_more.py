"""The folded part of the form of an invoice, and what its lines carry unseen."""

from decimal import Decimal
from typing import Any

import pytest
from lxml import html

from billify.data import tenancy
from billify.data.models import Invoice
from billify.data.queries import invoices as queries
from billify.domain.invoices import InvoiceStatus
from tests import factories
from tests.cast import Cast

WHAT = {
    "order_reference": "PO-77",
    "delivery_date": "01/10/2026",
    "period_start": "01/09/2026",
    "period_end": "30/09/2026",
    "discount_percent": "2",
    "discount_until": "10/10/2026",
}


def waiting(cast: Cast) -> Invoice:
    with tenancy.company_scope(cast.anna.actor.company_id):
        return factories.invoice(
            status=InvoiceStatus.TO_CHECK, number="F-1", party_name="Molens van Deinze NV"
        )


def filled(cast: Cast, invoice: Invoice) -> dict[str, Any]:
    """The form as the page sends it."""
    page = cast.anna.client().get(f"/c/{cast.anna.slug}/invoices/{invoice.id}").text
    form = html.document_fromstring(page).get_element_by_id("invoice-form")
    return {name: value for name, value in form.form_values() if "__index__" not in name}


def saved(cast: Cast, invoice: Invoice, **changes: str) -> tuple[int, str]:
    answer = cast.anna.client().post(
        f"/c/{cast.anna.slug}/invoices/{invoice.id}",
        data=filled(cast, invoice) | changes | {"do": "save"},
    )
    return answer.status_code, answer.text


def again(cast: Cast, invoice: Invoice) -> Invoice:
    with tenancy.company_scope(cast.anna.actor.company_id):
        found = queries.whole(invoice.id)
    assert found is not None
    return found


def test_what_is_filled_in_is_kept_and_shown_again(cast: Cast) -> None:
    invoice = waiting(cast)

    status, _ = saved(cast, invoice, **WHAT)

    assert status == 303
    assert again(cast, invoice).discount_percent == Decimal("2.00")
    shown = filled(cast, invoice)
    assert {name: shown[name] for name in WHAT if name != "discount_percent"} == {
        name: value for name, value in WHAT.items() if name != "discount_percent"
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"period_start": "30/09/2026", "period_end": "01/09/2026"}, "before the first"),
        ({"discount_percent": "140"}, "from 0 to 100"),
        ({"discount_until": "31/02/2026"}, "date"),
    ],
    ids=["backwards", "too-much", "no-day"],
)
def test_what_cannot_be_is_told(cast: Cast, changes: dict[str, str], said: str) -> None:
    invoice = waiting(cast)

    status, page = saved(cast, invoice, **changes)

    assert status == 422
    assert said in page


def test_a_line_keeps_its_unit_and_discount_through_the_form(cast: Cast) -> None:
    invoice = waiting(cast)

    saved(
        cast,
        invoice,
        **{
            "lines-0-description": "Bloem",
            "lines-0-quantity": "10",
            "lines-0-unit_price": "10",
            "lines-0-unit": "kg",
            "lines-0-discount": "10",
            "net_amount": "",
            "vat_amount": "",
            "gross_amount": "",
        },
    )
    saved(cast, invoice)

    line = again(cast, invoice).lines[0]
    assert (line.unit, line.discount, line.net_amount) == ("kg", Decimal(10), Decimal("90.00"))
