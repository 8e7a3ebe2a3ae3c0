"""Documents of Yuki's archive, fetched when a person wants one: a call each."""

from datetime import UTC, datetime
from uuid import UUID

from billify.application import audit, documents, live
from billify.application.documents import Received
from billify.application.partners import rows
from billify.application.partners.protocol import PartnerFailed
from billify.application.partners.yuki import access, connecting
from billify.data.db import transaction
from billify.data.models import AccountingItem
from billify.data.queries import accounting as queries
from billify.data.queries import invoices
from billify.domain.accounting import plan
from billify.domain.connections import ConnectionState
from billify.domain.documents import DocumentSource
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Right
from billify.integrations import yuki


def fetch(*, item_id: UUID, by: Actor) -> Received:
    """Fetch the document of an item, as if it were uploaded; an invoice that has none gets it.

    Refuses when the invoice has a document, the archive has none, or the day's calls or documents
    are spent.
    """
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
    with transaction():
        item = queries.item(item_id)
        known = invoices.get(item.invoice_id) if item and item.invoice_id else None
    if item is None:
        raise NotFound
    if known is not None and known.document_id is not None:
        raise Refusal(N_("This invoice has a document already."))
    found = _file(item)
    received = documents.receive(
        content=found.content, name=found.name or "Yuki", by=by, source=DocumentSource.YUKI
    )
    _attach(item, received, by)
    return received


def _file(item: AccountingItem) -> yuki.File:
    if not item.document_external_id:
        raise Refusal(N_("Yuki has no document with this entry."))
    row = rows.found(item.integration_id)
    if row.state is not ConnectionState.ACTIVE:
        raise Refusal(N_("This connection has to be renewed first."))
    if not access.take_document(row, now=datetime.now(UTC)):
        raise Refusal(
            N_("Today %(most)s documents were fetched from Yuki, which is all a day allows."),
            most=plan.DOCUMENTS_A_DAY,
        )
    try:
        with access.client(integration_id=row.id) as client:
            return client.file(document_id=item.document_external_id)
    except PartnerFailed as failed:
        raise connecting.as_refusal(failed) from failed


def _attach(item: AccountingItem, received: Received, by: Actor) -> None:
    """Put the paper with the invoice of its item, unless either belongs to another already."""
    if item.invoice_id is None:
        return
    with transaction():
        invoice = invoices.lock(item.invoice_id)
        if invoice is None or invoice.document_id is not None:
            return
        if invoices.lock_of_document(received.document.id) is not None:
            return
        invoice.document_id = received.document.id
        after = {"document": received.document.name}
        audit.record("invoice.document_fetched", invoice, by=by, after=after)
        live.touch("purchases", "sales", "documents")
