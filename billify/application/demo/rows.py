"""A made company as rows: each kind of row in one go."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from billify.data.models import (
    Allocation,
    BankAccount,
    BankTransaction,
    Contact,
    ContactIban,
    Invoice,
    InvoiceLine,
    InvoiceVat,
    NumberSeries,
)
from billify.data.queries import banking, bulk
from billify.data.types import uuid7
from billify.domain import identity, references
from billify.domain import invoices as rules
from billify.domain.banking import MatchState
from billify.domain.brussels import BRUSSELS
from billify.domain.demo import (
    DemoCompany,
    DemoContact,
    DemoInvoice,
    DemoLine,
    DemoMovement,
)
from billify.domain.duplicates import number_key
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.roles import Actor

SERIES = "sales"
_UNDECIDED = frozenset({InvoiceStatus.TO_CHECK, InvoiceStatus.TO_APPROVE, InvoiceStatus.DRAFT})
_REJECTED = {"nl": "Niet besteld", "fr": "Non commandé"}
Keys = dict[str, UUID]
Row = dict[str, Any]  # Any: column values


def insert(made: DemoCompany, *, by: Actor) -> dict[str, int]:
    """Every row of a made company but its papers; gives how many of each kind."""
    contacts = _keys(one.key for one in made.contacts)
    invoices = _keys(one.key for one in made.invoices)
    accounts = _keys(one.key for one in made.accounts)
    movements = _keys(one.key for one in made.movements)
    bulk.add(Contact, [_contact(one, contacts) for one in made.contacts])
    bulk.add(ContactIban, _ibans(made, contacts))
    names = {one.key: one.name for one in made.contacts}
    bulk.add(Invoice, [_invoice(one, invoices, contacts, names, made, by) for one in made.invoices])
    _insert_parts(made, invoices)
    bulk.add(NumberSeries, _series(made))
    _insert_bank(made, accounts, movements)
    booked = {one.key: one.booked_on for one in made.movements}
    bulk.add(
        Allocation,
        [
            {
                "invoice_id": invoices[one.invoice],
                "transaction_id": movements[one.movement],
                "amount": one.amount,
                "evidence": {one.evidence: 1},
                "created_at": _morning(booked[one.movement]),
            }
            for one in made.allocations
        ],
    )
    return {
        "contacts": len(contacts),
        "invoices": len(invoices),
        "movements": len(movements),
        "allocations": len(made.allocations),
    }


def _keys(names: Iterable[str]) -> Keys:
    return {name: uuid7() for name in names}


def _contact(one: DemoContact, contacts: Keys) -> Row:
    return {
        "id": contacts[one.key],
        "name": one.name,
        "search_key": identity.search_key(one.name),
        "is_customer": one.is_customer,
        "is_supplier": one.is_supplier,
        "vat_number": one.vat_number,
        "enterprise_number": one.enterprise_number,
        "iban": one.iban,
        "email": one.email or None,
        "phone": one.phone or None,
        "street": one.street or None,
        "postcode": one.postcode or None,
        "city": one.city or None,
        "country": one.country,
        "language": one.language,
        "payment_terms": one.terms,
    }


def _ibans(made: DemoCompany, contacts: Keys) -> list[Row]:
    """The account numbers that suppliers were paid on, as often as they were."""
    seen: dict[tuple[str, str], list[date]] = {}
    for one in made.movements:
        if one.contact and one.counterparty_iban and one.amount < 0:
            seen.setdefault((one.contact, one.counterparty_iban), []).append(one.booked_on)
    return [
        {
            "contact_id": contacts[contact],
            "iban": iban,
            "first_seen": min(days),
            "times_paid": len(days),
        }
        for (contact, iban), days in seen.items()
    ]


def _invoice(
    one: DemoInvoice,
    invoices: Keys,
    contacts: Keys,
    names: dict[str, str],
    made: DemoCompany,
    by: Actor,
) -> Row:
    is_decided = one.status not in _UNDECIDED
    is_rejected = one.status is InvoiceStatus.REJECTED
    return {
        "id": invoices[one.key],
        "direction": one.direction,
        "kind": one.kind,
        "status": one.status,
        "number": one.number,
        "number_key": number_key(one.number),
        "contact_id": contacts[one.contact],
        "party_name": names[one.contact],
        "party_key": identity.search_key(names[one.contact]),
        "issue_date": one.issue_date,
        "due_date": one.due_date,
        "delivery_date": one.delivery_date,
        "currency": one.currency,
        "net_amount": one.net,
        "vat_amount": one.vat,
        "gross_amount": one.gross,
        "open_amount": one.open_amount,
        "payment_reference": one.payment_reference,
        "payee_iban": one.payee_iban,
        "reject_reason": _REJECTED[made.language] if is_rejected else None,
        "source": "demo",
        "credited_invoice_id": invoices[one.credited] if one.credited else None,
        "decided_by": by.user_id if is_decided else None,
        "decided_at": _morning(one.issue_date) if is_decided else None,
        "created_at": _morning(one.issue_date),
    }


def _insert_parts(made: DemoCompany, invoices: Keys) -> None:
    """Lines, and the VAT of each rate, computed as for every invoice."""
    lines: list[Row] = []
    vat: list[Row] = []
    for one in made.invoices:
        key = invoices[one.key]
        lines += [_line(line, key, at) for at, line in enumerate(one.lines, 1)]
        sums = rules.totals([_line_value(line) for line in one.lines])
        vat += [
            {
                "invoice_id": key,
                "position": at,
                "category": part.category,
                "rate": part.rate,
                "base": part.base,
                "amount": part.vat,
            }
            for at, part in enumerate(sums.by_rate, 1)
        ]
    bulk.add(InvoiceLine, lines)
    bulk.add(InvoiceVat, vat)


def _line(line: DemoLine, invoice_id: UUID, position: int) -> Row:
    return {
        "invoice_id": invoice_id,
        "position": position,
        "description": line.description,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "vat_category": line.vat_category,
        "vat_rate": line.vat_rate,
        "net_amount": line.net,
    }


def _line_value(line: DemoLine) -> rules.Line:
    return rules.Line(
        line.quantity, line.unit_price, line.vat_category, line.vat_rate, line.discount
    )


def _series(made: DemoCompany) -> list[Row]:
    """The last sales number of each year, so that the next one follows on."""
    last: dict[int, int] = {}
    for one in made.invoices:
        year, _, count = one.number.partition("-")
        if one.direction is InvoiceDirection.SALE and year.isdigit() and count.isdigit():
            last[int(year)] = max(last.get(int(year), 0), int(count))
    return [{"series": SERIES, "year": year, "last_number": count} for year, count in last.items()]


def _insert_bank(made: DemoCompany, accounts: Keys, movements: Keys) -> None:
    now = datetime.now(UTC)
    bulk.add(
        BankAccount,
        [
            {
                "id": accounts[one.key],
                "name": one.name,
                "iban": one.iban,
                "kind": one.kind,
                "currency": one.currency,
                "balance": one.closing_balance,
                "as_of": now,
            }
            for one in made.accounts
        ],
    )
    settling = {one.movement for one in made.allocations}
    bulk.add(
        BankTransaction,
        [
            _movement(one, accounts, movements)
            | {"match_state": MatchState.MATCHED if one.key in settling else MatchState.NEW}
            for one in made.movements
        ],
    )
    for one in made.accounts:
        banking.recount(
            accounts[one.key], opening_day=one.opening_date, opening_balance=one.opening_balance
        )


def _movement(one: DemoMovement, accounts: Keys, movements: Keys) -> Row:
    is_structured = bool(one.reference and references.structured(one.reference))
    told = [one.text] if is_structured else [one.reference or "", one.text]
    return {
        "id": movements[one.key],
        "account_id": accounts[one.account],
        "booked_on": one.booked_on,
        "value_date": one.value_on,
        "amount": one.amount,
        "counterparty_name": one.counterparty_name,
        "counterparty_iban": one.counterparty_iban,
        "remittance_information": " ".join(part for part in told if part),
        "structured_communication": one.reference if is_structured else None,
        "external_id": f"demo-{one.account}-{one.key}",
        "created_at": _morning(one.booked_on),
    }


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8, 30), BRUSSELS)
