"""Ponto as one of the partners."""

from collections.abc import Mapping
from datetime import datetime

from billify.application import ports
from billify.application.partners.ponto import access, connecting, faults, sync
from billify.application.partners.protocol import Brings, Checked, Description, Field, Run
from billify.data.models import Integration
from billify.data.queries import bank_sync as movements
from billify.data.queries import connections as queries
from billify.domain.connections import Partner, Trouble
from billify.domain.refusal import N_
from billify.domain.roles import Actor

DASHBOARD = "https://dashboard.myponto.com"
_PROMISE = N_("Movements and balances of your bank. Billify only reads: it can't pay.")


class PontoAdapter:
    """Both ways to the bank: they differ in how one logs in."""

    partners = frozenset({Partner.PONTO, Partner.PONTO_CONNECT})

    def describe(self, *, partner: Partner) -> Description:
        """Keys of the company's own, or the consent that a person gives at Ponto."""
        if partner is Partner.PONTO:
            return Description(
                name=faults.NAME,
                brings=Brings.BANK,
                title=N_("Your bank, with keys of your own"),
                promise=_PROMISE,
                how=N_(
                    "In the Ponto dashboard, under Integrations, make a live integration. It shows"
                    " a client ID and, once, a secret."
                ),
                fields=(
                    Field("client_id", N_("Client ID")),
                    Field(
                        "client_secret",
                        N_("Client secret"),
                        N_("It is kept sealed and never shown again."),
                        is_secret=True,
                    ),
                ),
                next_page="ponto.choose",
                own_page="ponto.choose",
                own_page_title=N_("Choose accounts"),
                own_address=DASHBOARD,
                topics=("bank",),
            )
        return Description(
            name="Ponto Connect",
            brings=Brings.BANK,
            title=N_("Your bank, by consent"),
            promise=_PROMISE,
            how=N_("You choose your bank and allow it there. You need no keys."),
            next_page="ponto.allow",
            renew_page="ponto.renew",
            own_page="ponto.choose",
            own_page_title=N_("Choose accounts"),
            topics=("bank",),
            is_offered=ports.settings().ponto.has_connect,
        )

    def connect(self, *, partner: Partner, given: Mapping[str, str], by: Actor) -> Integration:
        """With keys at once; by consent it begins here and a person goes on at Ponto."""
        if partner is Partner.PONTO_CONNECT:
            return connecting.begin(by=by)
        return connecting.connect_with_keys(
            client_id=given.get("client_id", ""),
            client_secret=given.get("client_secret", ""),
            by=by,
        )

    def renew(self, *, row: Integration, given: Mapping[str, str], by: Actor) -> None:
        """Other keys, or consent once more."""
        if row.partner is Partner.PONTO_CONNECT:
            connecting.begin_again(integration_id=row.id, by=by)
            return
        connecting.renew_keys(
            integration_id=row.id,
            client_id=given.get("client_id", ""),
            client_secret=given.get("client_secret", ""),
            by=by,
        )

    def check(self, *, row: Integration) -> Checked:
        """Which accounts does Ponto give now, and are those that were picked among them?"""
        with faults.told(), access.client(integration_id=row.id) as client:
            told = {one.id: one for one in client.accounts()}
        picked = [one for one in queries.accounts(row.id) if one.account_id is not None]
        states = [sync.state_of(told.get(one.external_id)) for one in picked]
        has_ended = sync.ENDED in states
        return Checked(
            is_login_good=True,
            place=", ".join(one.name for one in picked or told.values()),
            is_place_good=bool(states) and all(one is sync.GOOD for one in states),
            trouble=Trouble.CONSENT_ENDED if has_ended else None,
        )

    def sync(self, *, run: Run) -> Trouble | None:
        """What is new since the last time."""
        with faults.told(), access.client(integration_id=run.integration_id) as client:
            run.traffic = client.traffic
            try:
                return sync.work(run=run, client=client)
            finally:
                run.partner_request = client.traffic.last_request

    def next_run(self, **_: object) -> datetime | None:
        """As the engine has it: the question costs one call, and Ponto does not count them."""
        return None

    def calls_left(self, **_: object) -> tuple[int, int] | None:
        """Ponto allows as many as it takes."""
        return None

    def hand_back(self, *, row: Integration) -> None:
        """Tell Ponto that its tokens are forgotten here."""
        connecting.hand_back(row)

    def left_open(self, **_: object) -> int:
        """Invoices do not come from a bank."""
        return 0

    def let_go(self, *, row: Integration, **_: object) -> dict[str, int]:
        """What waits at the bank is no longer known; movements stay."""
        for one in queries.accounts(row.id):
            if one.account_id is not None:
                movements.forget_pending(one.account_id)
        queries.let_go(row.id)
        return {}
