"""Who pays when: each customer in its own rhythm, suppliers around the due date."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from billify.domain import invoices, money
from billify.domain.cash_flow import Shift, working_day
from billify.domain.demo.numbers import dice
from billify.domain.demo.profile import Customer, Profile, Year
from billify.domain.demo.shapes import DemoContact, DemoInvoice
from billify.domain.invoices import InvoiceDirection, InvoiceKind

_INVOICE = {"nl": "factuur", "fr": "facture", "de": "Rechnung"}
_SHOP_CARDS = Decimal(82)
OF_LATE = timedelta(days=120)
"""Who has got slower did so for invoices due since then."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money on a bank account, and the invoices it settles."""

    day: date
    amount: Decimal
    name: str
    iban: str | None
    kind: str
    text: str
    account: str = "current"
    contact: str | None = None
    reference: str | None = None
    evidence: str = ""
    shares: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """Payments made, and the invoices that were paid before the first bank line."""

    payments: list[Payment]
    before: frozenset[str]


def customers_pay(
    profile: Profile,
    *,
    sold: list[DemoInvoice],
    contacts: dict[str, DemoContact],
    year: Year,
    seed: int,
) -> Settled:
    """Payments of customers and of the shop's own till."""
    payments: list[Payment] = []
    before: set[str] = set()
    credits = {one.credited: one for one in sold if one.credited}
    for at, customer in enumerate(profile.customers):
        roll = dice(seed, f"pays-{at}")
        contact = contacts[customer.name]
        own = [one for one in sold if one.contact == contact.key and not one.credited]
        for day, batch in _batches(customer, own, year, roll):
            batch += [credits[one.key] for one in batch if one.key in credits]
            if day < year.start:
                before |= {one.key for one in batch}
            elif day <= year.today:
                payments.append(_transfer(day, batch, contact, roll, customer.references))
    payments += _part_payment(sold, payments, before, contacts, year)
    shop = contacts[profile.words.shop]
    for invoice in sold:
        if invoice.contact == shop.key:
            payments += _till(profile, invoice, year)
    return Settled(payments, frozenset(before))


def suppliers_are_paid(
    profile: Profile,
    *,
    bought: list[DemoInvoice],
    contacts: dict[str, DemoContact],
    year: Year,
    seed: int,
) -> Settled:
    """Our payments: debits on the due date, transfers on a working day around it."""
    payments: list[Payment] = []
    before: set[str] = set()
    debited = {contacts[one.name].key for one in profile.suppliers if one.is_debited}
    people = {contact.key: contact for contact in contacts.values()}
    credits = {one.credited: one for one in bought if one.credited}
    roll = dice(seed, "we-pay")
    for invoice in bought:
        if invoice.credited:
            continue
        is_debit = invoice.contact in debited
        shift = Shift.NEXT if is_debit else Shift.PREVIOUS
        delay = timedelta(days=0 if is_debit else roll.choice((-3, -1, 0, 0, 0, 0, 2)))
        day = working_day(max(invoice.due_date + delay, invoice.issue_date), shift=shift)
        batch = [invoice, credits[invoice.key]] if invoice.key in credits else [invoice]
        if day < year.start:
            before |= {one.key for one in batch}
        elif day <= year.today:
            paid = _transfer(day, batch, people[invoice.contact], roll, 100)
            payments.append(replace(paid, kind="direct_debit") if is_debit else paid)
    return Settled(payments, frozenset(before))


def cash_of(invoice: DemoInvoice) -> Decimal:
    """The whole invoice as cash sees it: above zero comes in."""
    return invoices.signed(invoice.gross, direction=invoice.direction, kind=invoice.kind)


def _batches(
    customer: Customer, own: Iterable[DemoInvoice], year: Year, roll: random.Random
) -> list[tuple[date, list[DemoInvoice]]]:
    """Invoices with the day they are paid; who gets two a month often pays both at once."""
    batches: list[tuple[date, list[DemoInvoice]]] = []
    for invoice in own:
        day = _customer_day(customer, invoice, year, roll)
        together = customer.per_month > 1 and roll.randrange(100) < 45
        if together and batches and len(batches[-1][1]) == 1 and day <= year.today:
            day = max(day, batches[-1][0])
            batches[-1] = (day, [*batches[-1][1], invoice])
        else:
            batches.append((day, [invoice]))
    return batches


def _customer_day(
    customer: Customer, invoice: DemoInvoice, year: Year, roll: random.Random
) -> date:
    delay = max(-8, min(75, round(roll.gauss(customer.late, customer.spread))))
    if invoice.due_date > year.today - OF_LATE:
        delay += customer.slower
    day = max(invoice.due_date + timedelta(days=delay), invoice.issue_date + timedelta(days=2))
    if customer.weekday is not None:
        day += timedelta(days=(customer.weekday - day.weekday()) % 7)
    return working_day(day, shift=Shift.NEXT)


def _transfer(
    day: date,
    batch: list[DemoInvoice],
    contact: DemoContact,
    roll: random.Random,
    references: int,
) -> Payment:
    """One transfer for a batch: by reference when it pays one invoice, else by numbers."""
    has_reference = len(batch) == 1 and batch[0].payment_reference is not None
    by_reference = has_reference and roll.randrange(100) < references
    numbers = " ".join(one.number for one in batch)
    return Payment(
        day=day,
        amount=sum((cash_of(one) for one in batch), invoices.ZERO),
        name=contact.name,
        iban=contact.iban,
        kind="transfer",
        text="" if by_reference else f"{_INVOICE[contact.language]} {numbers}",
        contact=contact.key,
        reference=batch[0].payment_reference if by_reference else None,
        evidence="reference" if by_reference else "number",
        shares=tuple((one.key, one.gross) for one in batch),
    )


def _part_payment(
    sold: list[DemoInvoice],
    payments: list[Payment],
    before: set[str],
    contacts: dict[str, DemoContact],
    year: Year,
) -> list[Payment]:
    """The oldest open invoice got six tenths of its money, in whole fifties."""
    settled = {key for payment in payments for key, _ in payment.shares} | before
    shops = {one.key for one in contacts.values() if one.is_customer and one.vat_number is None}
    credited = {one.credited for one in sold if one.credited}
    waiting = [
        one
        for one in sold
        if one.key not in settled | credited
        and one.contact not in shops
        and one.kind is InvoiceKind.INVOICE
        and one.gross > 500
    ]
    if not waiting:
        return []
    invoice = min(waiting, key=lambda one: (one.due_date, one.key))
    contact = next(one for one in contacts.values() if one.key == invoice.contact)
    day = working_day(
        min(year.today, max(invoice.due_date, invoice.issue_date + timedelta(days=9))),
        shift=Shift.PREVIOUS,
    )
    amount = Decimal(int(invoice.gross * 6 / 10) // 50 * 50).quantize(money.CENT)
    words = {"nl": "eerste deel", "fr": "acompte", "de": "Teilzahlung"}[contact.language]
    return [
        Payment(
            day=day,
            amount=amount,
            name=contact.name,
            iban=contact.iban,
            kind="transfer",
            text=f"{words} {invoice.number}",
            contact=contact.key,
            evidence="number",
            shares=((invoice.key, amount),),
        )
    ]


def _till(profile: Profile, invoice: DemoInvoice, year: Year) -> list[Payment]:
    """A week of the shop reaches the bank as cards on Monday and cash on Wednesday."""
    cards, cash = money.allocate(invoice.gross, weights=(_SHOP_CARDS, 100 - _SHOP_CARDS))
    week = f"{invoice.issue_date:%d/%m/%Y}"
    found = []
    for wait, amount, kind, text in (
        (2, cards, "card_settlement", profile.words.shop_cards),
        (4, cash, "cash", profile.words.shop_cash),
    ):
        day = working_day(invoice.issue_date + timedelta(days=wait), shift=Shift.NEXT)
        if day <= year.today:
            found.append(
                Payment(
                    day=day,
                    amount=amount,
                    name=profile.name if kind == "cash" else profile.words.shop_cards,
                    iban=None,
                    kind=kind,
                    text=f"{text} {week}",
                    contact=invoice.contact,
                    evidence="amount",
                    shares=((invoice.key, amount),),
                )
            )
    return found


def is_sale(invoice: DemoInvoice) -> bool:
    """Whether the invoice is ours to a customer."""
    return invoice.direction is InvoiceDirection.SALE
