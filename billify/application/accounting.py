"""The accounting: connected, its books chosen, asked anew, its documents fetched, its calls
counted. Items come in by `application/partners/yuki`, see docs/flows/accounting-synchronisation.md.
"""

from datetime import UTC, datetime
from uuid import UUID

from billify.application import connections, documents
from billify.application.partners import rows
from billify.application.partners.yuki import access, archive, connecting
from billify.application.partners.yuki.connecting import OTHER_BOOKS, Books, Offered
from billify.data.models import Integration
from billify.domain.accounting import plan
from billify.domain.accounting.plan import Budget
from billify.domain.connections import Trouble
from billify.domain.refusal import N_, NotAllowed, Refusal
from billify.domain.roles import Actor, Right

__all__ = [
    "OTHER_BOOKS",
    "Books",
    "Budget",
    "Offered",
    "administrations",
    "budget",
    "choose",
    "connect",
    "fetch_document",
    "refresh",
    "renew",
    "set_cap",
]

CALLS_SPENT = N_(
    "Of %(usable)s calls to Yuki that Billify may make today, %(spent)s are made. It reads again"
    " shortly after midnight."
)
LIMIT_REACHED = N_(
    "Yuki takes no more calls today: others use it too. Billify reads again shortly after midnight."
)


def connect(*, access_key: str, by: Actor) -> Integration:
    """Connect with an access key; its books are chosen next. Refuses a key that is not taken."""
    return connecting.connect(access_key=access_key, by=by)


def renew(*, integration_id: UUID, access_key: str, by: Actor) -> None:
    """Give a connection another key. Refuses one that does not open the books that are read."""
    connecting.renew(integration_id=integration_id, access_key=access_key, by=by)


def administrations(integration_id: UUID) -> list[Offered]:
    """The books that the key opens, the suggested ones first; empty once they are chosen."""
    return connecting.offered(integration_id=integration_id)


def choose(*, integration_id: UUID, administration_id: str, by: Actor) -> Integration:
    """Read these books from now on; the first reading begins at once."""
    return connecting.choose(
        integration_id=integration_id, administration_id=administration_id, by=by
    )


def set_cap(*, integration_id: UUID, cap: int, by: Actor) -> None:
    """Say how many calls a day the subscription at Yuki allows: one of `plan.CAPS`."""
    connecting.set_cap(integration_id=integration_id, cap=cap, by=by)


def refresh(*, integration_id: UUID, by: Actor) -> None:
    """Ask the accounting now. Refuses, with the count, when the day's calls are spent."""
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
    row = rows.found(integration_id)
    now = datetime.now(UTC)
    found = access.budget_of(row, now=now)
    if found.left < plan.CALLS_A_LOOK:
        raise Refusal(CALLS_SPENT, usable=found.usable, spent=found.spent)
    if row.trouble is Trouble.CALLS_SPENT and row.next_run > now:
        raise Refusal(LIMIT_REACHED)
    connections.refresh(integration_id=integration_id, by=by)


def budget(integration_id: UUID) -> Budget:
    """The calls of today: the cap, what is kept in reserve, spent and left, and the plan's."""
    return access.budget_of(rows.found(integration_id), now=datetime.now(UTC))


def fetch_document(item_id: UUID, *, by: Actor) -> documents.Received:
    """Fetch the document of an item from the archive, as if it were uploaded; one that belongs to
    an invoice without a paper is put there. Refuses when there is none, or no call is left."""
    return archive.fetch(item_id=item_id, by=by)
