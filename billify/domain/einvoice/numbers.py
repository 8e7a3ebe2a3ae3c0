"""Numbers of an e-invoice in the forms people compare: VAT, enterprise, IBAN, communication."""

import re

from billify.domain import references
from billify.domain.einvoice.model import EInvoice, Party
from billify.domain.refusal import Refusal

_ENTERPRISE_SCHEMES = frozenset({"0208", "0193", "9956", "BE:EN", "BE:CBE"})
_WRITTEN = re.compile(r"(\+{3}|\*{3})\s*\d{3}\s*/\s*\d{4}\s*/\s*\d{5}\s*\1")


def bare(text: str) -> str:
    """A number without the marks people put into it."""
    return re.sub(r"[\s.\-/]", "", text).upper()


def vat(party: Party) -> str:
    """The VAT number: checked where it can be, else as stated without marks."""
    stated = party.vat_number
    try:
        return references.normalise_vat(stated) if stated else ""
    except Refusal:
        return bare(stated)


def enterprise(party: Party) -> str:
    """The Belgian enterprise number, from the legal number, the VAT number or the address."""
    stated = [one for one in (party.legal_id, party.endpoint, *party.ids) if one is not None]
    is_belgian = party.address is None or party.address.country in ("", "BE")
    for one in stated:
        is_legal = one is party.legal_id and not one.scheme and is_belgian
        if not is_legal and one.scheme.upper() not in _ENTERPRISE_SCHEMES:
            continue
        try:
            return references.normalise_enterprise(re.sub(r"^BE", "", bare(one.value)))
        except Refusal:
            continue
    return references.enterprise_of(vat(party)) or ""


def iban(invoice: EInvoice) -> str:
    """The account to pay to, without spaces; its check digits are not asked."""
    return re.sub(r"\s", "", invoice.means.account).upper()


def reference(invoice: EInvoice) -> str:
    """What to write on the payment: as stated, else a communication within the terms or notes."""
    if invoice.payment_reference:
        return invoice.payment_reference
    for text in (invoice.payment_terms, *invoice.notes):
        for found in _WRITTEN.finditer(text[:10_000]):
            if references.structured(found[0]):
                return found[0]
    return ""


def communication(invoice: EInvoice) -> str:
    """The twelve digits of a Belgian structured communication, or nothing."""
    return references.structured(reference(invoice)) or ""
