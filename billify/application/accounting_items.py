"""Open items as the accounting tells them, written down part by part; what is told no longer is
settled. Which partner told them makes no difference here."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from billify.application.partners.protocol import Run
from billify.data.db import transaction
from billify.data.queries import accounting_items as queries
from billify.domain.accounting.items import Told


def write(*, run: Run, told: Sequence[Told], at: datetime) -> None:
    """Keep a part of what is open now; only what is new or changed is written."""
    with transaction():
        news = queries.differing(run.integration_id, told)
    added = sum(news.values())
    run.counted.known += len(told) - len(news)
    if not news:
        return
    run.begin_log()
    with transaction():
        queries.keep(run.integration_id, [one for one in told if one.external_id in news], at=at)
    run.counted.added += added
    run.counted.changed += len(news) - added


def settle(*, run: Run, told: Collection[str], on: date, at: datetime) -> list[UUID]:
    """What is open here and was in none of the whole lists is settled there since `on`; gives
    those items."""
    with transaction():
        gone = queries.gone(run.integration_id, told)
    if not gone:
        return []
    run.begin_log()
    with transaction():
        queries.settle(gone, on=on, at=at)
    run.counted.changed += len(gone)
    return gone
