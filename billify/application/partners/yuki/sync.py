"""One look at the accounting: what is open, which invoices that is, and once a day the rest."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from billify.application import (
    accounting_following,
    accounting_invoices,
    accounting_items,
    live,
    matching,
)
from billify.application.partners import rows
from billify.application.partners.protocol import Run
from billify.application.partners.yuki import access, daily
from billify.data.db import transaction
from billify.data.queries import accounting_items as items
from billify.domain import duplicates, identity, references
from billify.domain.accounting.items import Told
from billify.domain.brussels import day_of
from billify.domain.connections import Partner, Trouble
from billify.domain.invoices import InvoiceDirection
from billify.domain.money import cents
from billify.domain.refusal import Refusal
from billify.integrations import yuki

AT_ONCE = 1_000
"""Items compared and written at once: enough to be quick, few enough for memory."""
LARGEST = 10**11
SOURCE = Partner.YUKI.value
TOPICS = ("purchases", "sales", "cash-flow", "contacts", "connections")


def work(*, run: Run) -> Trouble | None:
    """Read both lists and write what they tell; a second run of a connection at once does
    nothing, for an older list may not come after a newer one."""
    with items.alone(run.integration_id) as is_alone:
        if not is_alone:
            return None
        with access.client(integration_id=run.integration_id) as client:
            run.traffic = client.traffic
            try:
                _look(run, client)
            finally:
                if not run.is_quiet:
                    _touch()
            daily.work(run=run, client=client)
    return None


def _look(run: Run, client: yuki.Client) -> None:
    """What is told no longer counts as settled only once both lists were read to their end."""
    with transaction():
        place = access.books_of(rows.found(run.integration_id))
    told: set[str] = set()
    for direction, listed in (
        (InvoiceDirection.SALE, client.receivables(administration_id=place)),
        (InvoiceDirection.PURCHASE, client.payables(administration_id=place)),
    ):
        for part in _parts(run, listed, direction, told):
            accounting_items.write(run=run, told=part, at=run.started)
    day = day_of(run.started)
    gone = accounting_items.settle(run=run, told=told, on=day, at=run.started)
    linked = accounting_invoices.link(run=run, source=SOURCE)
    followed = accounting_following.follow(run=run, source=SOURCE, gone=gone)
    if run.is_quiet:
        run.counted.changed += linked + followed


def _parts(
    run: Run, listed: Iterator[yuki.OpenItem], direction: InvoiceDirection, told: set[str]
) -> Iterator[list[Told]]:
    """The list in parts, each item once; `told` collects the keys."""
    while read := list(islice(listed, AT_ONCE)):
        part = []
        for one in read:
            if not one.id or one.id in told:
                continue
            told.add(one.id)
            if max(abs(one.open_amount), abs(one.original_amount)) < LARGEST:
                part.append(_as_told(one, direction))
            else:
                run.odd += 1
        yield part


def _as_told(one: yuki.OpenItem, direction: InvoiceDirection) -> Told:
    return Told(
        external_id=one.id,
        direction=direction,
        kind_id=one.type_id,
        contact_name=_plain(one.contact),
        contact_key=_search_key(_plain(one.contact)),
        contact_external_id=one.contact_id,
        vat_number=_vat(one.vat_number),
        number=_plain(one.reference),
        number_key=duplicates.number_key(one.reference),
        description=_plain(one.description),
        issue_date=one.dated,
        due_date=one.due,
        open_amount=cents(one.open_amount),
        original_amount=cents(one.original_amount),
        document_external_id=one.document_id,
    )


def _plain(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


# The same customer stands on many items, and both take a while to work out.
@lru_cache(maxsize=2_000)
def _search_key(name: str) -> str:
    return identity.search_key(name)


@lru_cache(maxsize=2_000)
def _vat(text: str) -> str:
    """Normalised where it is a valid number, else as it stands there."""
    try:
        return references.normalise_vat(text) if text else ""
    except Refusal:
        return _plain(text)


def _touch() -> None:
    """Once a reading: pages, the forecast, and the bank lines that may be for what is new."""
    with transaction():
        live.touch(*TOPICS)
        matching.ask()
