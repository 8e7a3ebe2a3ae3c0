"""Yuki as one of the partners."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from billify.application import accounting_leaving
from billify.application.partners.protocol import Brings, Checked, Description, Field, Run
from billify.application.partners.yuki import access, connecting, sync
from billify.data.models import Integration
from billify.data.queries import accounting_leaving as queries
from billify.domain.accounting import plan
from billify.domain.connections import Partner, Trouble
from billify.domain.refusal import N_
from billify.domain.roles import Actor

PORTAL = "https://www.yukiworks.be"
STALE_AFTER = timedelta(hours=2)
"""At night it is asked each hour."""


class YukiAdapter:
    """The accounting of many Belgian companies, read only."""

    partners = frozenset({Partner.YUKI})

    def describe(self, **_: object) -> Description:
        """An access key of the customer's own, and then a choice of books."""
        return Description(
            name=connecting.NAME,
            brings=Brings.ACCOUNTING,
            title=N_("Your accounting at Yuki"),
            promise=N_("What is open with customers and suppliers. Billify only reads."),
            how=N_(
                "In Yuki, under Settings, Web services, an administrator makes an access key. The"
                " key could write there too; Billify never does."
            ),
            fields=(
                Field(
                    "access_key",
                    N_("Access key"),
                    N_("It is kept sealed and never shown again."),
                    is_secret=True,
                ),
            ),
            next_page="accounting.choose",
            own_page="accounting.connection",
            own_page_title=N_("Accounting"),
            own_address=PORTAL,
            words={
                Trouble.CALLS_SPENT: N_(
                    "The calls that %(partner)s allows for today are spent. Billify goes on shortly"
                    " after midnight."
                ),
                Trouble.ACTION_NEEDED: N_(
                    "%(partner)s refuses the access key, or the rights behind it. Look there at"
                    " its rights and at your subscription."
                ),
            },
            stale_after=STALE_AFTER,
            counts_calls=True,
        )

    def connect(self, *, given: Mapping[str, str], by: Actor, **_: object) -> Integration:
        """With an access key; its books are chosen next."""
        return connecting.connect(access_key=given.get("access_key", ""), by=by)

    def renew(self, *, row: Integration, given: Mapping[str, str], by: Actor) -> None:
        """Another access key for the same books."""
        connecting.renew(integration_id=row.id, access_key=given.get("access_key", ""), by=by)

    def check(self, *, row: Integration) -> Checked:
        """Are the books that are read still there? One call."""
        with access.client(integration_id=row.id) as client:
            found = {one.id: one for one in client.administrations()}
        books = found.get(str(row.details.get("administration_id")))
        return Checked(
            is_login_good=True,
            place=books.name if books else str(row.details.get("administration_name", "")),
            is_place_good=books is not None and books.is_active,
        )

    def sync(self, *, run: Run) -> Trouble | None:
        """What is open now, and once a day the balances."""
        return sync.work(run=run)

    def next_run(self, *, row: Integration, now: datetime, is_slow: bool) -> datetime | None:
        """By the plan of calls, so that they last until midnight."""
        found = access.budget_of(row, now=now)
        return plan.next_look(now, left=found.left, cap=found.cap, is_slow=is_slow)

    def calls_left(self, *, row: Integration) -> tuple[int, int] | None:
        """What is left of Billify's share today."""
        found = access.budget_of(row, now=datetime.now(UTC))
        return found.left, found.usable

    def hand_back(self, *, row: Integration) -> None:
        """Yuki has no way to tell it: a person withdraws the key there."""

    def left_open(self, *, row: Integration) -> int:
        """What only Yuki knows: without it nobody tells when it is paid."""
        return queries.count_left(row.id)

    def let_go(self, *, row: Integration, closes: bool) -> dict[str, int]:
        """What was told stays as it is, unless a person wants it out of the way."""
        return accounting_leaving.leave(row=row) if closes else {}
