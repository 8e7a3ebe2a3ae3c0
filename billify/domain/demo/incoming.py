"""Purchase invoices that just came in: to be printed, uploaded and read in the demo."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from billify.domain import identity
from billify.domain.demo.numbers import Numbers, dice
from billify.domain.demo.people import party
from billify.domain.demo.profile import Good, Profile, Supplier, Year
from billify.domain.demo.shapes import DemoContact, DemoIncoming, DemoInvoice
from billify.domain.demo.trade import bought, line_of
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus


@dataclass(frozen=True, slots=True)
class Delivery:
    """An invoice to come in: from a known supplier by name, or from a new one."""

    supplier: str | Supplier
    goods: tuple[Good, ...]
    days_ago: int
    kind: InvoiceKind = InvoiceKind.INVOICE


def incoming_of(
    deliveries: Sequence[Delivery],
    *,
    profile: Profile,
    contacts: dict[str, DemoContact],
    traded: Sequence[DemoInvoice],
    numbers: Numbers,
    year: Year,
    seed: int,
) -> tuple[DemoIncoming, ...]:
    """The deliveries as invoices, and as the last one a purchase that is already here."""
    known = {supplier.name: supplier for supplier in profile.suppliers}
    people = {contact.key: contact for contact in contacts.values()}
    found = []
    for at, delivery in enumerate(deliveries, 1):
        if isinstance(delivery.supplier, str):
            supplier = known[delivery.supplier]
            contact = contacts[supplier.name]
        else:
            supplier = delivery.supplier
            contact = party(supplier, numbers=numbers, key=f"x{at:03d}")
        found.append(_incoming(at, delivery, supplier, contact, year, seed))
    twin = _already_here(traded, people)
    if twin is not None:
        found.append(_file(twin, people[twin.contact]))
    return tuple(found)


def _incoming(
    at: int,
    delivery: Delivery,
    supplier: Supplier,
    contact: DemoContact,
    year: Year,
    seed: int,
) -> DemoIncoming:
    roll = dice(seed, f"incoming-{at}")
    day = year.today - timedelta(days=delivery.days_ago)
    lines = [
        line_of(
            good.text,
            quantity=roll.randint(good.least, good.most),
            unit=good.unit,
            price=roll.randint(good.low, good.high),
            rate=good.rate,
            category=good.category,
        )
        for good in delivery.goods
    ]
    invoice = bought(
        supplier,
        contact=contact,
        lines=lines,
        day=day,
        count=9000 + at * 7 + roll.randrange(6),
        roll=roll,
        kind=delivery.kind,
    )
    return _file(replace(invoice, key=f"x{at:03d}"), contact)


def _already_here(
    traded: Sequence[DemoInvoice], people: dict[str, DemoContact]
) -> DemoInvoice | None:
    """The newest approved purchase of a supplier that prints in Dutch or French."""
    own = [
        one
        for one in traded
        if one.direction is InvoiceDirection.PURCHASE
        and one.status is InvoiceStatus.OPEN
        and one.kind is InvoiceKind.INVOICE
        and people[one.contact].language in ("nl", "fr")
    ]
    return max(own, key=lambda one: (one.issue_date, one.key), default=None)


def _file(invoice: DemoInvoice, supplier: DemoContact) -> DemoIncoming:
    name = f"{identity.slug(supplier.name)}-{identity.slug(invoice.number)}.pdf"
    return DemoIncoming(
        file_name=name,
        language=supplier.language,
        supplier=supplier,
        invoice=replace(invoice, status=InvoiceStatus.TO_CHECK),
    )
