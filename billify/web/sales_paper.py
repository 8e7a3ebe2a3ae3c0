"""Our own sales invoice as it is printed, in the customer's language."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import force_locale
from flask_babel import gettext as _

from billify.domain import money, references, vat
from billify.domain.invoices import InvoiceKind
from billify.domain.issued import IssuedAs, Particulars
from billify.domain.paper import Pairs, Paper, PrintedParty
from billify.web.languages import LANGUAGES, phrase

if TYPE_CHECKING:
    from billify.data.models import Invoice


def of(invoice: "Invoice", *, issued_as: IssuedAs, credited: str | None) -> Paper:
    """Everything the law and the customer want to see on an issued invoice.

    A credit note names the invoice that it credits (directive 2006/112/EC, article 219).
    """
    language = issued_as.language if issued_as.language in LANGUAGES else LANGUAGES[0]
    with force_locale(language):
        paper = _paper(invoice, issued_as, language)
        more = ((_("Invoice"), credited),) if credited else ()
        return replace(paper, facts=paper.facts + more)


def _paper(invoice: "Invoice", issued_as: IssuedAs, language: str) -> Paper:
    seller = issued_as.seller
    is_credit = invoice.kind is InvoiceKind.CREDIT_NOTE
    return Paper(
        language=language,
        title=_("Credit note") if is_credit else _("Invoice"),
        seller=_party(seller),
        buyer_label=_("Customer"),
        buyer=_party(issued_as.buyer),
        facts=_facts(invoice),
        line_heads=(_("Description"), _("Quantity"), _("Unit price"), _("VAT"), _("Net")),
        lines=_lines(invoice),
        vat_heads=(_("VAT"), _("Net"), _("VAT amount")),
        vat=tuple(
            (_rate(row.rate), money.show(row.base), money.show(row.amount))
            for row in invoice.vat_rows
        ),
        totals=_totals(invoice, to_pay=_("In your favour") if is_credit else _("To pay")),
        payment=() if is_credit else _payment(invoice, issued_as.iban),
        mentions=tuple(
            phrase(mention)
            for mention in vat.mentions(frozenset(row.category for row in invoice.vat_rows))
        ),
        footer=_footer(seller),
        author=seller.name,
    )


def _party(who: Particulars) -> PrintedParty:
    lines = [who.street, f"{who.postcode or ''} {who.city or ''}".strip()]
    if who.country != "BE":
        lines.append(who.country)
    if who.vat_number:
        lines.append(_("VAT") + " " + _vat_number(who.vat_number))
    return PrintedParty(who.name, tuple(line for line in lines if line))


def _facts(invoice: "Invoice") -> Pairs:
    facts = [
        (_("Number"), invoice.number or ""),
        (_("Invoice date"), f"{invoice.issue_date:%d/%m/%Y}"),
    ]
    if invoice.delivery_date:
        facts.append((_("Delivery date"), f"{invoice.delivery_date:%d/%m/%Y}"))
    if invoice.kind is InvoiceKind.INVOICE:
        facts.append((_("Due date"), f"{invoice.due_date:%d/%m/%Y}"))
    return tuple(facts)


def _lines(invoice: "Invoice") -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            _described(line.description, line.discount),
            f"{_number(line.quantity)} {line.unit}".strip(),
            _number(line.unit_price, least=2),
            _rate(line.vat_rate),
            money.show(line.net_amount),
        )
        for line in invoice.lines
    )


def _described(description: str, discount: Decimal) -> str:
    return f"{description} (−{_number(discount)} %)" if discount else description


def _totals(invoice: "Invoice", *, to_pay: str) -> Pairs:
    gross = money.show(invoice.gross_amount or Decimal(0))
    return (
        (_("Net"), money.show(invoice.net_amount or Decimal(0))),
        (_("VAT"), money.show(invoice.vat_amount or Decimal(0))),
        (to_pay, f"{gross} {invoice.currency}"),
    )


def _payment(invoice: "Invoice", iban: str | None) -> Pairs:
    found = [(_("Pay to IBAN"), references.show_iban(iban))] if iban else []
    if invoice.payment_reference:
        shown = references.show_payment_reference(invoice.payment_reference)
        found.append((_("Payment reference"), shown))
    return tuple(found)


def _footer(seller: Particulars) -> str:
    parts = [seller.name]
    if seller.enterprise_number:
        parts.append(references.show_enterprise(seller.enterprise_number))
    return " · ".join(parts)


def _vat_number(number: str) -> str:
    if number.startswith("BE"):
        return f"BE {references.show_enterprise(number[2:])}"
    return number


def _rate(rate: Decimal) -> str:
    return f"{_number(rate)} %"


def _number(number: Decimal, *, least: int = 0) -> str:
    """With as many decimals as it has, and at least so many."""
    places = max(least, -int(number.normalize().as_tuple().exponent))
    return money.show(number, places=places)
