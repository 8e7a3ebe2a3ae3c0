"""Reading one account of a connection, part by part."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from uuid import UUID

from billify.application.partners.ponto import ingest
from billify.application.partners.ponto.ingest import Close
from billify.application.partners.protocol import Counted
from billify.data.db import transaction
from billify.data.models import ConnectedAccount
from billify.data.queries import bank_sync as rows
from billify.domain.bank_sync import Told
from billify.domain.connections import READ_BACK
from billify.integrations import ponto

AT_ONCE = 2_000
"""Movements written in one transaction: enough to be quick, few enough for memory."""
PENDING = "pending:"


def read(
    *, client: ponto.Client, row: ConnectedAccount, found: ponto.Account, counted: Counted
) -> int:
    """Read an account from its newest movement back to what is known; the first time, to the end.

    Each part is written with the place to go on from, so a run that dies loses nothing. Gives how
    many movements could not be taken as money on a day in the currency of the account.
    """
    if row.account_id is None:
        return 0
    was_resumed = bool(row.resume) and not row.is_complete
    writer = _Writer(client, row, row.account_id, found, counted)
    for page in _updated(client, row, found):
        writer.take(page)
    for page in _pages(client, row, found):
        writer.take(page)
        if page.next is None or writer.is_enough(page):
            break
    # What came in since the reading began stands before the place it was resumed at.
    writer.close("" if was_resumed else found.synchronized)
    return writer.odd


def _updated(
    client: ponto.Client, row: ConnectedAccount, found: ponto.Account
) -> Iterator[ponto.Page]:
    """What the last synchronisation added or changed, however old: read beside the newest pages,
    which find the rest. A synchronisation that brings no movements has no such list."""
    if not row.is_complete or not found.latest:
        return
    try:
        yield from client.updated(found.latest)
    except (ponto.Gone, ponto.Refused):
        return


def _pages(
    client: ponto.Client, row: ConnectedAccount, found: ponto.Account
) -> Iterator[ponto.Page]:
    """From where the first reading was left, else from the newest on."""
    if not row.resume or row.is_complete:
        return client.pages(found.id)
    pages = client.pages(found.id, start=row.resume)
    try:
        first = next(pages, None)
    except (ponto.Gone, ponto.Refused, ponto.Unreadable):
        return client.pages(found.id)
    return chain([first] if first else [], pages)


class _Writer:
    """Writes the parts of one account."""

    def __init__(
        self,
        client: ponto.Client,
        row: ConnectedAccount,
        account_id: UUID,
        found: ponto.Account,
        counted: Counted,
    ) -> None:
        self.odd = 0
        self._client, self._row, self._found = client, row, found
        self._account_id, self._counted = account_id, counted
        self._part: list[Told] = []
        with transaction():
            last = rows.last_day(account_id)
        self._until = last - READ_BACK if row.is_complete and last else None

    def take(self, page: ponto.Page) -> None:
        """One more page, written when there is enough for a transaction."""
        currency = self._found.currency
        kept = [told for told in page.transactions if told.currency in ("", currency)]
        self.odd += page.odd + len(page.transactions) - len(kept)
        self._part += map(ingest.as_told, kept)
        if len(self._part) >= AT_ONCE:
            self._write(resume=None if self._row.is_complete else page.next, close=None)

    def is_enough(self, page: ponto.Page) -> bool:
        """Everything on the page is known, and it lies well before the last known day."""
        if self._until is None or not page.transactions:
            return False
        if min(told.booked_on for told in page.transactions) >= self._until:
            return False
        keys = {told.id for told in page.transactions}
        with transaction():
            return keys <= set(rows.by_key(self._account_id, keys))

    def close(self, cursor: str) -> None:
        """The last part, with what waits at the bank and with its balance."""
        found = self._found
        waiting = self._client.pending(found.id)
        pending = tuple(ingest.as_told(one, prefix=PENDING) for one in waiting)
        is_steady = bool(cursor)
        if self._row.is_anchored and is_steady:
            now = {told.id: told for told in self._client.accounts()}.get(found.id)
            is_steady = now is not None and now.synchronized == found.synchronized
        close = Close(found, pending, cursor, datetime.now(UTC), is_steady)
        self._write(resume=None, close=close)

    def _write(self, *, resume: str | None, close: Close | None) -> None:
        part, self._part = self._part, []
        ingest.write(
            connected_id=self._row.id,
            account_id=self._account_id,
            told=part,
            still_told=lambda key: self._client.has_transaction(self._found.id, key),
            counted=self._counted,
            resume=resume,
            close=close,
        )
