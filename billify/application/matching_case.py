"""Between rows and the matcher: its case from a company's rows, and its answers as columns."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from billify.data.queries import matching_case as queries
from billify.data.queries.matching_case import Earlier, Line, Owed
from billify.domain import references
from billify.domain.invoices import InvoiceKind
from billify.domain.matching import (
    Case,
    Contact,
    Link,
    Movement,
    OpenInvoice,
    Proposal,
    Settlement,
)

ZERO = Decimal(0)


def by_currency(
    lines: Sequence[Line], *, settled_since: date, earlier_since: date
) -> Iterator[Case]:
    """A case for each currency that has lines: nothing is matched across currencies."""
    invoices = queries.invoices(settled_since=settled_since)
    people = queries.contacts()
    contacts = [Contact(str(key), name, tuple(ibans)) for key, (name, ibans) in people.items()]
    earlier = queries.earlier(since=earlier_since)
    own, rejected = queries.own_ibans(), queries.rejections()
    for currency in sorted({one.currency for one in lines}):
        yield Case(
            invoices=[_invoice(one) for one in invoices if one.currency == currency],
            contacts=contacts,
            movements=[_movement(one) for one in lines if one.currency == currency],
            own_accounts=own,
            rejected=rejected,
            settled=_settled([one for one in earlier if one.line.currency == currency]),
        )


def proposal_row(*, line_id: UUID, rank: int, one: Proposal) -> dict[str, object]:
    """A proposal as the columns of its row."""
    return {
        "transaction_id": line_id,
        "rank": rank,
        "kind": one.kind.value,
        "probability": Decimal(str(round(one.probability, 4))),
        "links": [[link.invoice_id, f"{link.amount:.2f}"] for link in one.links],
        "evidence": _reasons(one),
    }


def evidence(one: Proposal) -> dict[str, Any]:  # Any: JSON
    """Why an allocation was made, as it is kept with it."""
    return {
        "kind": one.kind.value,
        "probability": f"{one.probability:.4f}",
        "reasons": _reasons(one),
    }


def _invoice(one: Owed) -> OpenInvoice:
    sign = -1 if one.kind is InvoiceKind.CREDIT_NOTE else 1
    days = (one.discount_until - one.issue_date).days if one.discount_until else 0
    return OpenInvoice(
        id=str(one.id),
        number=one.number or "",
        direction=one.direction,
        contact_id=str(one.contact_id),
        issued=one.issue_date,
        due=one.due_date,
        amount=sign * (one.gross or ZERO),
        open=sign * one.open,
        references=(references.payment_reference(one.reference),) if one.reference else (),
        discount_percent=one.discount_percent if days else None,
        discount_days=days,
    )


def _movement(one: Line) -> Movement:
    return Movement(
        id=str(one.id),
        day=one.booked_on,
        amount=one.amount,
        name=one.name,
        iban=one.iban or "",
        text=one.text,
        structured=one.structured,
        account=one.account_iban or "",
    )


def _settled(earlier: Sequence[Earlier]) -> list[Settlement]:
    lines: dict[UUID, Line] = {}
    links: defaultdict[UUID, list[Link]] = defaultdict(list)
    for one in earlier:
        lines[one.line.id] = one.line
        sign = -1 if one.kind is InvoiceKind.CREDIT_NOTE else 1
        links[one.line.id].append(Link(str(one.invoice_id), sign * one.amount))
    return [Settlement(_movement(line), tuple(links[key])) for key, line in lines.items()]


def _reasons(one: Proposal) -> list[dict[str, Any]]:  # Any: JSON
    return [
        {"code": clue.code, "values": dict(clue.values), "weight": clue.weight}
        for clue in one.evidence
    ]
