"""Open items as invoices: found among those that are here, else made."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog

from billify.application import audit
from billify.application.accounting_contacts import Contacts, Subject
from billify.application.partners.protocol import Run
from billify.data.db import Conflict, Unfit, transaction
from billify.data.models import Invoice
from billify.data.queries import accounting_following as following
from billify.data.queries import accounting_invoices as queries
from billify.data.queries import accounting_items as items
from billify.data.queries import bulk
from billify.data.queries.accounting_following import Weight
from billify.data.queries.accounting_invoices import Candidate
from billify.data.queries.accounting_items import Unlinked
from billify.data.types import uuid7
from billify.domain import duplicates, identity
from billify.domain.accounting import items as rules
from billify.domain.accounting.items import Here, Wanted
from billify.domain.invoices import InvoiceDirection, InvoiceStatus, after_payment

AT_ONCE = 500
"""Invoices in one transaction: each has a row in the audit log, whose chain is held meanwhile."""
log = structlog.get_logger()


def link(*, run: Run, source: str) -> int:
    """Say of each open item which invoice it is; one that is not here is made. Gives how many."""
    with transaction():
        queries.part(run.integration_id)
        part = items.unlinked(run.integration_id, after=None, size=AT_ONCE)
        contacts = Contacts.known() if part else Contacts()
    count = 0
    while part:
        run.begin_log()
        done, contacts = _link_each(run, source, part, contacts)
        count += done
        with transaction():
            part = items.unlinked(run.integration_id, after=part[-1].id, size=AT_ONCE)
    return count


def _link_each(
    run: Run, source: str, part: Sequence[Unlinked], contacts: Contacts
) -> tuple[int, Contacts]:
    """A part at once; where the database refuses something of it, one by one, so that an item
    that can't be written stops no other. It counts as odd, and is tried again by each reading."""
    try:
        with transaction():
            return _link_part(run.integration_id, source, part, contacts), contacts
    except (Unfit, Conflict):
        if len(part) == 1:
            log.exception("accounting.item_refused", item_id=str(part[0].id))
            run.odd += 1
    # What was made for this part was not kept.
    with transaction():
        contacts = Contacts.known()
    if len(part) == 1:
        return 0, contacts
    count = 0
    for one in part:
        done, contacts = _link_each(run, source, [one], contacts)
        count += done
    return count, contacts


def _link_part(
    integration_id: UUID, source: str, part: Sequence[Unlinked], contacts: Contacts
) -> int:
    wanted = {one.id: _wanted(one, contacts) for one in part}
    contacts.write_made()
    finder = _Finder(
        queries.candidates(
            integration_id,
            source=source,
            external_ids={one.external_id for one in part},
            number_keys={one.number_key for one in wanted.values() if one.number_key},
            contact_days={
                (one.contact_id, one.issue_date) for one in wanted.values() if not one.number_key
            },
        )
    )
    pairs: list[tuple[UUID, UUID]] = []
    missing: list[Unlinked] = []
    for one in part:
        invoice_id = finder.take(wanted[one.id], external_id=one.external_id)
        if invoice_id is None:
            missing.append(one)
            continue
        _say_found(invoice_id, one, source)
        pairs.append((one.id, invoice_id))
    numbers = _numbers(missing)
    made = [_made(one, wanted[one.id], source, contacts, numbers[one.id]) for one in missing]
    _write_made(integration_id, made)
    pairs += [(one.id, row["id"]) for one, row in zip(missing, made, strict=True)]
    queries.link(pairs)
    _weigh(missing, made)
    return len(pairs)


def _wanted(one: Unlinked, contacts: Contacts) -> Wanted:
    return Wanted(
        direction=one.direction,
        kind=rules.kind_of(one.original_amount, left=one.open_amount),
        contact_id=contacts.of(
            name=one.contact_name,
            vat_number=one.vat_number,
            external_id=one.contact_external_id,
            direction=one.direction,
        ),
        number_key=one.number_key,
        gross=rules.gross_of(one.original_amount, left=one.open_amount),
        issue_date=one.issue_date,
        name_key=identity.name_key(one.contact_name),
    )


def _numbers(missing: Sequence[Unlinked]) -> dict[UUID, str]:
    """The numbers of invoices that are made; those of sales are held against every other's."""
    told = {
        one.id: rules.number_of(
            one.number, description=one.description, external_id=one.external_id
        )
        for one in missing
    }
    keys = {
        duplicates.number_key(number)
        for one in missing
        if one.direction is InvoiceDirection.SALE
        for number in rules.numbers_for(told[one.id], external_id=one.external_id)
    }
    taken = queries.sale_numbers(keys) if keys else set()
    numbers: dict[UUID, str] = {}
    for one in missing:
        numbers[one.id] = rules.free_number(
            told[one.id], direction=one.direction, external_id=one.external_id, taken=taken
        )
        if one.direction is InvoiceDirection.SALE:
            taken.add(duplicates.number_key(numbers[one.id]))
    return numbers


class _Finder:
    """Invoices that items may be, each for one of them only."""

    def __init__(self, found: Sequence[Candidate]) -> None:
        self._free: defaultdict[tuple[InvoiceDirection, object], list[Here]]
        self._free = defaultdict(list)
        self._made_from: dict[tuple[InvoiceDirection, str], UUID] = {}
        self._taken = set[UUID]()
        for one in found:
            here = one.here
            if one.is_taken:
                continue
            self._free[here.direction, here.number_key].append(here)
            self._free[here.direction, here.issue_date].append(here)
            if one.external_id:
                self._made_from[here.direction, one.external_id] = here.id

    def take(self, wanted: Wanted, *, external_id: str) -> UUID | None:
        """The invoice that an item is, which no other item can be then: surest the one that was
        made from it before."""
        found = self._made_from.get((wanted.direction, external_id))
        if found is None or found in self._taken:
            key: object = wanted.number_key or wanted.issue_date
            free = [one for one in self._free[wanted.direction, key] if one.id not in self._taken]
            found = rules.same(wanted, among=free)
        if found is not None:
            self._taken.add(found)
        return found


def _made(
    one: Unlinked, wanted: Wanted, source: str, contacts: Contacts, number: str
) -> dict[str, Any]:  # Any: column values
    """An invoice that only the accounting knows: its total, what is open, and no lines."""
    left = rules.told_open(one.original_amount, left=one.open_amount)
    open_amount = min(left, wanted.gross)
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


def _weigh(missing: Sequence[Unlinked], made: Sequence[Mapping[str, Any]]) -> None:  # Any: values
    """What was settled when it was first told was settled elsewhere: no bank line had it."""
    pairs = zip(missing, made, strict=True)
    settled = [(one.id, row["gross_amount"] - row["open_amount"]) for one, row in pairs]
    following.weigh([Weight(key, one, one) for key, one in settled], at=datetime.now(UTC))


def _say_found(invoice_id: UUID, one: Unlinked, source: str) -> None:
    after = {"source": source, "number": one.number, "open_amount": one.open_amount}
    audit.record(
        "invoice.found_in_accounting", Subject("invoice", invoice_id), by=None, after=after
    )
