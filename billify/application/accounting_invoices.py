"""Open items as invoices: found among those that are here, else made; and what follows for those
that only the accounting knows when it tells something else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from billify.application import audit
from billify.application.accounting_contacts import Contacts, Subject
from billify.application.partners.protocol import Run
from billify.data.db import transaction
from billify.data.models import Invoice
from billify.data.queries import accounting_invoices as queries
from billify.data.queries import accounting_items as items
from billify.data.queries import bulk
from billify.data.queries.accounting_invoices import Candidate, Followed
from billify.data.queries.accounting_items import Unlinked
from billify.data.types import uuid7
from billify.domain import duplicates, identity
from billify.domain.accounting import items as rules
from billify.domain.accounting.items import Wanted
from billify.domain.invoices import InvoiceDirection, InvoiceStatus, after_payment

AT_ONCE = 500
"""Invoices in one transaction: each has a row in the audit log, whose chain is held meanwhile."""
_COUNTED = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})


def link(*, run: Run, source: str) -> int:
    """Say of each open item which invoice it is; one that is not here is made. Gives how many."""
    with transaction():
        part = items.unlinked(run.integration_id, after=None, size=AT_ONCE)
        contacts = Contacts.known() if part else Contacts()
    count = 0
    while part:
        run.begin_log()
        with transaction():
            count += _link_part(run.integration_id, source, part, contacts)
        with transaction():
            part = items.unlinked(run.integration_id, after=part[-1].id, size=AT_ONCE)
    return count


def follow(*, run: Run, source: str) -> int:
    """Let invoices that only the accounting knows be open by what it tells, less what bank lines
    here have settled; those that are settled there are no longer open. Gives how many moved."""
    with transaction():
        straying = queries.straying(run.integration_id, source)
    if straying:
        run.begin_log()
    count = 0
    for at in range(0, len(straying), AT_ONCE):
        with transaction():
            part = queries.followed(run.integration_id, straying[at : at + AT_ONCE])
            count += _follow_part(part)
    return count


def _link_part(
    integration_id: UUID, source: str, part: Sequence[Unlinked], contacts: Contacts
) -> int:
    wanted = {one.id: _wanted(one, contacts) for one in part}
    contacts.write_made()
    found = queries.candidates(
        integration_id,
        number_keys={one.number_key for one in wanted.values() if one.number_key},
        contact_days={
            (one.contact_id, one.issue_date) for one in wanted.values() if not one.number_key
        },
    )
    finder = _Finder(found)
    pairs: list[tuple[UUID, UUID]] = []
    made: list[dict[str, Any]] = []  # Any: column values
    for one in part:
        invoice_id = finder.take(wanted[one.id])
        if invoice_id is None:
            row = _made(one, wanted[one.id], source, contacts, finder)
            made.append(row)
            invoice_id = row["id"]
        else:
            _say_found(invoice_id, one, source)
        pairs.append((one.id, invoice_id))
    _write_made(integration_id, made)
    queries.link(pairs)
    return len(pairs)


def _wanted(one: Unlinked, contacts: Contacts) -> Wanted:
    return Wanted(
        direction=one.direction,
        kind=rules.kind_of(one.original_amount, left=one.open_amount),
        contact_id=contacts.of(name=one.contact_name, vat_number=one.vat_number),
        number_key=one.number_key,
        gross=rules.gross_of(one.original_amount, left=one.open_amount),
        issue_date=one.issue_date,
    )


class _Finder:
    """Invoices that items may be, each for one of them only."""

    def __init__(self, found: Sequence[Candidate]) -> None:
        self._free: defaultdict[tuple[InvoiceDirection, object], list[Candidate]]
        self._free = defaultdict(list)
        self.sale_numbers = set[str]()
        """Numbers that issued sales have, which nothing else may have."""
        for one in found:
            here = one.here
            if here.direction is InvoiceDirection.SALE and here.status in _COUNTED:
                self.sale_numbers.add(here.number_key)
            if not one.is_taken:
                self._free[here.direction, here.number_key].append(one)
                self._free[here.direction, here.issue_date].append(one)
        self._taken = set[UUID]()

    def take(self, wanted: Wanted) -> UUID | None:
        """The invoice that an item is, which no other item can be then."""
        key: object = wanted.number_key or wanted.issue_date
        free = [one.here for one in self._free[wanted.direction, key]]
        found = rules.same(wanted, among=[one for one in free if one.id not in self._taken])
        if found is not None:
            self._taken.add(found)
        return found

    def free_number(self, number: str, *, direction: InvoiceDirection, external_id: str) -> str:
        """The number for a new invoice: a sale whose number another sale has gets a mark, as two
        may not have one (royal decree no 1 on VAT, article 5)."""
        if direction is not InvoiceDirection.SALE:
            return number
        if duplicates.number_key(number) in self.sale_numbers:
            number = f"{number} ({external_id[:8]})"
        self.sale_numbers.add(duplicates.number_key(number))
        return number


def _made(
    one: Unlinked, wanted: Wanted, source: str, contacts: Contacts, finder: _Finder
) -> dict[str, Any]:  # Any: column values
    """An invoice that only the accounting knows: its total, what is open, and no lines."""
    told = rules.number_of(one.number, description=one.description, external_id=one.external_id)
    number = finder.free_number(told, direction=one.direction, external_id=one.external_id)
    left = rules.told_open(one.original_amount, left=one.open_amount)
    open_amount = rules.still_open(gross=wanted.gross, allocated=rules.ZERO, told=left)
    name = one.contact_name or one.vat_number
    return {
        "id": uuid7(),
        "direction": one.direction,
        "kind": wanted.kind,
        "status": after_payment(InvoiceStatus.OPEN, open_amount=open_amount),
        "number": number,
        "number_key": duplicates.number_key(number),
        "contact_id": wanted.contact_id,
        "party_name": name,
        "party_key": identity.search_key(name),
        "issue_date": one.issue_date,
        "due_date": rules.due_date(
            one.issue_date, told=one.due_date, agreed=contacts.terms_of(wanted.contact_id)
        ),
        "gross_amount": wanted.gross,
        "open_amount": open_amount,
        "source": source,
        "external_id": one.external_id,
    }


def _write_made(
    integration_id: UUID, made: Sequence[Mapping[str, Any]]
) -> None:  # Any: column values
    bulk.add_at_once(Invoice, made)
    for direction in InvoiceDirection:
        sides = {row["contact_id"] for row in made if row["direction"] is direction}
        if sides:
            queries.note_sides(sides, direction)
    if made:
        # One row for the part: a first reading may bring 20,000 invoices.
        after = {"invoices": len(made), "numbers": [row["number"] for row in made]}
        subject = Subject("integration", integration_id)
        audit.record("connection.invoices_taken", subject, by=None, after=after)


def _say_found(invoice_id: UUID, one: Unlinked, source: str) -> None:
    after = {"source": source, "number": one.number, "open_amount": one.open_amount}
    audit.record(
        "invoice.found_in_accounting", Subject("invoice", invoice_id), by=None, after=after
    )


def _follow_part(part: Sequence[Followed]) -> int:
    changed: list[tuple[UUID, Decimal, Decimal, InvoiceStatus]] = []
    for one in part:
        gross = one.gross
        if one.told_gross is not None and not one.has_document:
            gross = one.told_gross
        left = rules.still_open(gross=gross, allocated=one.allocated, told=one.told_open)
        if (gross, left) == (one.gross, one.open):
            continue
        status = after_payment(one.status, open_amount=left)
        changed.append((one.id, gross, left, status))
        audit.record(
            "invoice.followed_accounting",
            Subject("invoice", one.id),
            by=None,
            before={"gross_amount": one.gross, "open_amount": one.open, "status": one.status},
            after={"gross_amount": gross, "open_amount": left, "status": status},
        )
    if changed:
        queries.change(changed)
    return len(changed)
