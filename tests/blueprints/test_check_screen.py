"""The check screen: what stands beside a document."""

from billify.data import tenancy
from billify.domain.invoices import InvoiceStatus
from tests import factories
from tests.cast import Cast


def test_amounts_carry_the_sign_of_their_currency(cast: Cast) -> None:
    with tenancy.company_scope(cast.anna.company_id):
        invoice = factories.invoice(status=InvoiceStatus.TO_CHECK, currency="USD")

    page = cast.anna.client().get(f"/c/{cast.anna.slug}/invoices/{invoice.id}").text

    assert '<span class="affix__mark">$</span>' in page
    assert '<span class="affix__mark">€</span>' not in page
