"""Small cases: a bakery's open invoices and the lines of one day."""

from datetime import date
from decimal import Decimal

from billify.domain import references
from billify.domain.invoices import InvoiceDirection
from billify.domain.matching import Case, Contact, Match, Movement, OpenInvoice, match

PEETERS = Contact("peeters", "Dakwerken Peeters BV", ("BE68539007547034",))
LAMBERT = Contact("lambert", "Garage Lambert SRL", ("BE71096123456769",))
ENERGY = Contact("energy", "Lumière Énergie SA", ("BE62510007547061",))
CONTACTS = (PEETERS, LAMBERT, ENERGY)
OGM = references.make_structured(2026000012)
OTHER_OGM = references.make_structured(2026000013)


def sale(
    number: str,
    amount: str,
    *,
    of: Contact = PEETERS,
    due: date = date(2026, 3, 31),
    reference: str | None = None,
    paid: str = "0",
) -> OpenInvoice:
    """An invoice to a customer, issued a month before it is due."""
    return OpenInvoice(
        id=number,
        number=number,
        direction=InvoiceDirection.SALE,
        contact_id=of.id,
        issued=due.replace(month=due.month - 1, day=1),
        due=due,
        amount=Decimal(amount),
        open=Decimal(amount) - Decimal(paid),
        references=(reference,) if reference else (),
    )


def purchase(number: str, amount: str, *, reference: str | None = None) -> OpenInvoice:
    """An invoice from a supplier."""
    return OpenInvoice(
        id=number,
        number=number,
        direction=InvoiceDirection.PURCHASE,
        contact_id=ENERGY.id,
        issued=date(2026, 3, 1),
        due=date(2026, 3, 31),
        amount=Decimal(amount),
        open=Decimal(amount),
        references=(reference,) if reference else (),
    )


def line(
    amount: str,
    text: str = "",
    *,
    ident: str = "M1",
    day: date = date(2026, 3, 30),
    name: str = "DAKWERKEN PEETERS",
    iban: str = "BE68 5390 0754 7034",
    structured: str | None = None,
    account: str = "",
) -> Movement:
    """A bank line, by default from Peeters' account."""
    return Movement(ident, day, Decimal(amount), name, iban, text, structured, account)


def matched(
    invoices: list[OpenInvoice],
    *movements: Movement,
    own: frozenset[str] = frozenset(),
    rejected: frozenset[tuple[str, str]] = frozenset(),
) -> list[Match]:
    """What the matcher answers."""
    return match(Case(invoices, CONTACTS, movements, own, rejected))


def links(one: Match) -> dict[str, str]:
    """The likeliest answer as invoice to amount; empty when none is likely."""
    return {link.invoice_id: str(link.amount) for link in one.best.links} if one.best else {}
