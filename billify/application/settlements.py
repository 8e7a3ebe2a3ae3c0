"""Writing down what a bank line settles: allocations, open amounts, the memory of accounts.

Called inside a use case of reconciliation, with the line locked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from billify.application import accounting_following, audit, live, news
from billify.data.db import transaction
from billify.data.models import Allocation, BankTransaction, Invoice
from billify.data.queries import matching as queries
from billify.data.queries.accounting import PARTNERS
from billify.domain.banking import MatchState
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus, after_payment
from billify.domain.matching.settling import Owed, Part, check
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor

ZERO = Decimal(0)
TOPICS = ("bank", "cash-flow", "purchases", "sales")
_CHANGEABLE = frozenset({InvoiceStatus.OPEN, InvoiceStatus.PAID})


def with_rest(parts: Sequence[Part]) -> list[Part]:
    """The same parts, with what they leave open written off."""
    return rest_of(
        parts=parts, invoices=queries.lock_invoices({UUID(part.invoice_id) for part in parts})
    )


def rest_of(*, parts: Sequence[Part], invoices: Mapping[UUID, Invoice]) -> list[Part]:
    """The same parts, with what they leave open written off."""
    return [
        Part(
            part.invoice_id,
            part.amount,
            max(invoices[UUID(part.invoice_id)].open_amount - abs(part.amount), ZERO),
        )
        for part in parts
    ]


def settle(
    *,
    line: BankTransaction,
    parts: Sequence[Part],
    evidence: Mapping[str, Any],  # Any: JSON
    by: Actor | None,
    invoices: Mapping[UUID, Invoice] | None = None,
    left: Decimal | None = None,
) -> None:
    """Write allocations, and let open amounts, states and the memory of accounts follow."""
    if invoices is None:
        invoices = queries.lock_invoices({UUID(part.invoice_id) for part in parts})
    owed = {str(key): _owed(row) for key, row in invoices.items()}
    for key, room in _rooms(invoices).items():
        owed[str(key)] = replace(owed[str(key)], open=room)
    _refuse_strange(line, parts, invoices)
    check(parts, owed=owed, left=_left(line, owed) if left is None else left)
    with transaction() as session:
        for part in parts:
            invoice = invoices[UUID(part.invoice_id)]
            reopens = owed[part.invoice_id].reopens(part.amount)
            row = Allocation(
                invoice_id=invoice.id,
                transaction_id=line.id,
                amount=abs(part.amount),
                written_off=part.written_off,
                reopens=reopens,
                evidence=dict(evidence),
                made_by=by.user_id if by else None,
                # The moment itself: a run of the matcher began a while ago.
                created_at=datetime.now(UTC),
            )
            session.add(row)
            session.flush()
            news.payment_received(row=row, invoice=invoice, line=line)
            _move(invoice, row, sign=1)
            if not reopens:
                _learn(invoice, line, times=1, by=by)
        line.match_state = MatchState.MATCHED
        line.category_id = None
        queries.drop_proposals(line.id)
        told = {"invoices": [invoices[UUID(part.invoice_id)].number for part in parts]}
        amounts = {"amounts": [part.amount for part in parts]}
        audit.record("match.made", line, by=by, after=told | amounts)
        live.touch(*TOPICS)


def _refuse_strange(
    line: BankTransaction, parts: Iterable[Part], invoices: Mapping[UUID, Invoice]
) -> None:
    for part in parts:
        invoice = invoices.get(UUID(part.invoice_id))
        if invoice is None:
            raise NotFound
        if invoice.status not in _CHANGEABLE:
            raise Refusal(N_("Only an open invoice can be paid."))
        if invoice.currency != line.currency:
            raise Refusal(N_("The bank line and the invoice are in different currencies."))


def _left(line: BankTransaction, owed: Mapping[str, Owed]) -> Decimal:
    """What a line has that settles nothing yet."""
    rows = queries.allocations(line.id)
    others = queries.lock_invoices({row.invoice_id for row in rows} - set(map(UUID, owed)))
    known = dict(owed) | {str(key): _owed(row) for key, row in others.items()}
    used = ZERO
    for row in rows:
        invoice = known[str(row.invoice_id)]
        is_credit = invoice.kind is InvoiceKind.CREDIT_NOTE
        used += invoice.cash(row.amount if is_credit is row.reopens else -row.amount)
    return line.amount - used


def take_back(*, row: Allocation, invoice: Invoice, line: BankTransaction) -> None:
    """Undo an allocation; its row stays, with its evidence."""
    with transaction() as session:
        row.undone_at = datetime.now(UTC)
        session.flush()
    news.payment_taken_back(row=row)
    _move(invoice, row, sign=-1)
    if not row.reopens:
        _learn(invoice, line, times=-1, by=None)


def _move(invoice: Invoice, row: Allocation, *, sign: int) -> None:
    """Let what is open follow an allocation, or follow it back."""
    taken = (row.amount + (row.written_off or ZERO)) * (-1 if row.reopens else 1) * sign
    left = accounting_following.left_of(invoice.id) if invoice.source in PARTNERS else None
    invoice.open_amount = invoice.open_amount - taken if left is None else left
    invoice.status = after_payment(invoice.status, open_amount=invoice.open_amount)


def _rooms(invoices: Mapping[UUID, Invoice]) -> dict[UUID, Decimal]:
    """What bank lines may still settle of invoices that only the accounting knows: all that no
    other line has. What is settled there may be this very payment, told before the bank did."""
    told = [row for row in invoices.values() if row.source in PARTNERS]
    taken = queries.taken_of([row.id for row in told]) if told else {}
    return {row.id: (row.gross_amount or ZERO) - taken.get(row.id, ZERO) for row in told}


def _learn(invoice: Invoice, line: BankTransaction, *, times: int, by: Actor | None) -> None:
    """A settled line teaches which account a contact uses; one taken back unteaches it."""
    iban = line.counterparty_iban
    if not iban or invoice.contact_id is None:
        return
    person = by.user_id if by else None
    queries.learn_iban(invoice.contact_id, iban, line.booked_on, times=times, confirmed_by=person)
    if times < 0:
        queries.forget_unpaid_iban(invoice.contact_id, iban, line.booked_on)


def _owed(row: Invoice) -> Owed:
    return Owed(
        number=row.number or "",
        direction=InvoiceDirection(row.direction),
        kind=InvoiceKind(row.kind),
        gross=row.gross_amount or ZERO,
        open=row.open_amount,
    )
