"""What follows for invoices that only the accounting knows, its shells, when it tells something
else or when a bank line here settles something of one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from billify.application import audit
from billify.application.accounting_contacts import Subject
from billify.application.partners.protocol import Run
from billify.data.db import transaction
from billify.data.queries import accounting_following as queries
from billify.data.queries import accounting_invoices as invoices
from billify.data.queries.accounting_following import Changed, Followed, Weight
from billify.domain import duplicates
from billify.domain.accounting import items as rules
from billify.domain.invoices import InvoiceDirection, after_payment

AT_ONCE = 500
"""Invoices in one transaction: each has a row in the audit log, whose chain is held meanwhile."""


def follow(*, run: Run, source: str, gone: Sequence[UUID]) -> int:
    """Let shells be open by what is told, less what bank lines here have settled; those that are
    settled there are no longer open, `gone` being the items that are since this reading. A shell
    without a paper takes over number and days. Gives how many moved."""
    with transaction():
        straying = queries.straying(run.integration_id, source, gone=gone)
    if straying:
        run.begin_log()
    count = 0
    for at in range(0, len(straying), AT_ONCE):
        with transaction():
            part = queries.followed(run.integration_id, straying[at : at + AT_ONCE])
            count += _follow_part(part)
    return count


def _follow_part(part: Sequence[Followed]) -> int:
    taken = _taken_numbers(part)
    changed: list[Changed] = []
    weights: list[Weight] = []
    for one in part:
        after, weight = _followed(one, taken)
        if weight is not None:
            weights.append(weight)
        before = _as_it_is(one)
        if after == before:
            continue
        changed.append(after)
        is_other = [
            name for name in Changed._fields if getattr(before, name) != getattr(after, name)
        ]
        audit.record(
            "invoice.followed_accounting",
            Subject("invoice", one.id),
            by=None,
            before={_AS_KEPT.get(name, name): getattr(before, name) for name in is_other},
            after={_AS_KEPT.get(name, name): getattr(after, name) for name in is_other},
        )
    if changed:
        queries.change(changed)
    queries.weigh(weights, at=datetime.now(UTC))
    return len(changed)


_AS_KEPT = {"gross": "gross_amount", "open": "open_amount"}


def _as_it_is(one: Followed) -> Changed:
    return Changed(
        id=one.id,
        gross=one.gross,
        open=one.open,
        status=one.status,
        number=one.number,
        number_key=one.number_key,
        issue_date=one.issue_date,
        due_date=one.due_date,
    )


def _followed(one: Followed, taken: set[str]) -> tuple[Changed, Weight | None]:
    """The invoice as it becomes; a weight when what is settled there has moved."""
    after = _as_it_is(one)
    gross = one.gross if one.has_document else one.told_gross
    weight = None
    elsewhere = rules.elsewhere(
        settled=one.told_settled, allocated=one.allocated, late=one.late, before=one.weighed
    )
    if one.weighed is None or one.weighed.settled != one.told_settled:
        weight = Weight(one.item_id, elsewhere, one.told_settled)
    left = rules.still_open(
        gross=gross, allocated=one.allocated, told=one.told_open, elsewhere=elsewhere
    )
    after = after._replace(
        gross=gross, open=left, status=after_payment(one.status, open_amount=left)
    )
    if one.is_open and not one.has_document:
        number = _number(one, taken)
        after = after._replace(
            number=number,
            number_key=duplicates.number_key(number),
            issue_date=one.told_day,
            due_date=one.told_due or one.due_date,
        )
    return after, weight


def _number(one: Followed, taken: set[str]) -> str:
    """The number that is told, where it is another than the one that was made or told before."""
    told = rules.cut_number(one.told_number)
    key = duplicates.number_key(told)
    if not key or one.number_key.startswith(key):
        return one.number
    number = rules.free_number(
        told, direction=one.direction, external_id=one.external_id, taken=taken
    )
    taken.add(duplicates.number_key(number))
    return number


def _taken_numbers(part: Sequence[Followed]) -> set[str]:
    """Of the numbers that these may take over, those that other sales have."""
    sales = [one for one in part if one.direction is InvoiceDirection.SALE]
    keys = {
        duplicates.number_key(number)
        for one in sales
        for number in rules.numbers_for(one.told_number, external_id=one.external_id)
    }
    return invoices.sale_numbers(keys) if keys else set()


def left_of(invoice_id: UUID) -> Decimal | None:
    """What a bank line that was just written leaves open of a shell, or None when no connection
    tells of it."""
    integration_id = queries.integration_of(invoice_id)
    found = queries.followed(integration_id, [invoice_id]) if integration_id else []
    return _followed(found[0], set())[0].open if found else None
