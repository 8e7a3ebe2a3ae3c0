"""How connections are shown: states in words, what a person should know, and how fresh figures
are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from billify.data.queries import connections as queries
from billify.domain import connections as rules
from billify.domain.connections import AccountState, ConnectionState, Partner, RunState
from billify.domain.refusal import N_
from billify.web.access import now

STATES = {
    ConnectionState.ASKED: (N_("Not allowed yet"), "warn", "hourglass"),
    ConnectionState.CHOOSING: (N_("Choose accounts"), "warn", "list-checks"),
    ConnectionState.ACTIVE: (N_("Connected"), "good", "circle-check"),
    ConnectionState.RECONNECT: (N_("Connect again"), "bad", "circle-alert"),
    ConnectionState.DISCONNECTED: (N_("Disconnected"), "neutral", "ban"),
}
ACCOUNTS = {
    AccountState.OFFERED: (N_("Not brought"), "neutral", "circle-dashed"),
    AccountState.FOLLOWED: (N_("Up to date"), "good", "circle-check"),
    AccountState.CONSENT_ENDED: (N_("Consent ended"), "bad", "circle-alert"),
    AccountState.FROZEN: (N_("Frozen at Ponto"), "warn", "lock"),
    AccountState.GONE: (N_("No longer at Ponto"), "warn", "circle-x"),
}
RUNS = {
    RunState.RUNNING: (N_("Running"), "accent", "loader-circle"),
    RunState.DONE: (N_("Done"), "good", "circle-check"),
    RunState.FAILED: (N_("Failed"), "bad", "circle-x"),
}
PARTNERS = {
    Partner.PONTO: N_("Ponto, with keys of your own"),
    Partner.PONTO_CONNECT: N_("Ponto Connect"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the bar on top of a page, and the connection it is about."""

    text: str
    tone: str
    integration_id: UUID


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a person should know of the connections, and accounts whose figures are old."""

    notices: tuple[Notice, ...] = ()
    stale: tuple[tuple[UUID, datetime | None], ...] = ()
    is_connected: bool = False

    def since(self, account_id: UUID) -> datetime | None:
        """Since when an account's figures are old."""
        return dict(self.stale).get(account_id)

    @property
    def oldest(self) -> datetime | None:
        """Since when what depends on all accounts is old."""
        return min((since for _account, since in self.stale if since), default=None)


def freshness() -> Freshness:
    """The company's connections in one question to the database."""
    moment = now()
    notices: dict[str, Notice] = {}
    stale: list[tuple[UUID, datetime | None]] = []
    followed = queries.followed()
    for account, connection in followed:
        since = rules.stale_since(
            account.state,
            connection.state,
            account_fresh=account.fresh_at,
            fresh=connection.fresh_at,
            now=moment,
        )
        if since is not None and account.account_id is not None:
            stale.append((account.account_id, since))
        if connection.state is ConnectionState.RECONNECT:
            text = _("The bank connection of %(name)s has to be renewed.", name=connection.name)
            notices[text] = Notice(text, "bad", connection.id)
            continue
        found = rules.consent_notice(account.name, account.consent_ends, now=moment)
        if found is not None:
            notices[found.account] = Notice(
                _consent(found), "bad" if found.is_urgent else "warn", connection.id
            )
    return Freshness(tuple(notices.values()), tuple(stale), bool(followed))


def _consent(found: rules.Notice) -> str:
    if found.has_ended:
        said = _("Your consent for %(account)s has ended: nothing new comes in.")
    elif found.days == 0:
        said = _("Your consent for %(account)s ends today.")
    else:
        said = _("Your consent for %(account)s ends in %(days)d days.")
        if found.days == 1:
            said = _("Your consent for %(account)s ends tomorrow.")
    return str(said) % {"account": found.account, "days": found.days}


def seconds(milliseconds: int) -> str:
    """A duration as people write it: `1,4`."""
    return f"{milliseconds / 1000:.1f}".replace(".", ",")
