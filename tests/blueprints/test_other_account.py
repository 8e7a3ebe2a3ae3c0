"""A bill that asks for payment to another account than the known one is marked."""

from billify.data import tenancy
from billify.domain.invoices import InvoiceStatus
from tests import factories
from tests.cast import Cast

KNOWN, OTHER = "BE68539007547034", "BE71096123456769"
WARNING = "Not the account known of this contact: BE68 5390 0754 7034."


def page_with(cast: Cast, iban: str) -> str:
    with tenancy.company_scope(cast.anna.actor.company_id):
        supplier = factories.contact(name="Molens Rietvelde", iban=KNOWN)
        invoice = factories.invoice(of=supplier, payee_iban=iban, status=InvoiceStatus.TO_APPROVE)
    return cast.anna.client().get(f"/c/bakkerij-anna/invoices/{invoice.id}").text


def test_another_account_is_warned_of(cast: Cast) -> None:
    assert WARNING in page_with(cast, OTHER)


def test_the_known_account_is_not(cast: Cast) -> None:
    assert WARNING not in page_with(cast, KNOWN)
