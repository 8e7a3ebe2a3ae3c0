"""How connections are shown: states in words, what a person should know, and how fresh figures
are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import current_app, url_for
from flask_babel import gettext as _

from billify.application.partners import registry
from billify.application.partners.protocol import CONNECT_PAGE, Checked, Description
from billify.data.queries import connections as queries
from billify.domain import connections as rules
from billify.domain.brussels import BRUSSELS
from billify.domain.connections import (
    AccountState,
    ConnectionState,
    Partner,
    RunState,
    Trouble,
)
from billify.domain.refusal import N_
from billify.web import features, languages
from billify.web.access import now

if TYPE_CHECKING:
    from billify.data.models import ConnectedAccount, Integration

STATES = {
    ConnectionState.ASKED: (N_("Not allowed yet"), "warn", "hourglass"),
    ConnectionState.CHOOSING: (N_("Choose what is read"), "warn", "list-checks"),
    ConnectionState.ACTIVE: (N_("Connected"), "good", "circle-check"),
    ConnectionState.RECONNECT: (N_("Connect again"), "bad", "circle-alert"),
    ConnectionState.DISCONNECTED: (N_("Disconnected"), "neutral", "ban"),
}
ACCOUNTS = {
    AccountState.OFFERED: (N_("Not brought"), "neutral", "circle-dashed"),
    AccountState.FOLLOWED: (N_("Up to date"), "good", "circle-check"),
    AccountState.CONSENT_ENDED: (N_("Consent ended"), "bad", "circle-alert"),
    AccountState.FROZEN: (N_("Frozen there"), "warn", "lock"),
    AccountState.GONE: (N_("No longer there"), "warn", "circle-x"),
}
RUNS = {
    RunState.RUNNING: (N_("Running"), "accent", "loader-circle"),
    RunState.DONE: (N_("Done"), "good", "circle-check"),
    RunState.FAILED: (N_("Failed"), "bad", "circle-x"),
}
SPENT_NOTHING = queries.Spent()


@dataclass(frozen=True, slots=True)
class Offer:
    """A partner that can be connected here."""

    partner: Partner
    described: Description
    url: str


@dataclass(frozen=True, slots=True)
class Health:
    """How a connection is doing, in the words of its partner."""

    row: "Integration"
    described: Description
    state: tuple[str, str, str]
    trouble: str | None
    is_stale: bool
    spent: queries.Spent
    calls_left: tuple[int, int] | None
    accounts: int
    consent_ends: datetime | None
    links: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The connection as a person calls it."""
        return self.row.name or self.described.name

    @property
    def calls(self) -> int:
        """How often the partner was asked today: by its own count where it has one, which knows
        of checks and of other programs too."""
        if self.calls_left is None:
            return self.spent.calls
        left, usable = self.calls_left
        return usable - left


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found out."""

    text: str
    tone: str


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


def offers() -> list[Offer]:
    """Every partner that can be connected here; those first for which nothing is filled in."""
    found = []
    for partner in Partner:
        one = described(partner)
        if not one.is_offered:
            continue
        own = {"partner": partner.value} if one.connect_page == CONNECT_PAGE else {}
        url = _url(one.connect_page, **own)
        if url and not is_switched_off(partner):
            found.append(Offer(partner, one, url))
    return sorted(found, key=lambda one: bool(one.described.fields))


def is_switched_off(partner: Partner) -> bool:
    """Does the company do without the part that this partner is for? Then it is not asked."""
    page = described(partner).own_page
    return page is not None and not _is_there(page)


def health(
    rows: Sequence["Integration"],
    *,
    moment: datetime,
    accounts: Sequence["ConnectedAccount"] | None = None,
) -> list[Health]:
    """Each connection as its page shows it; today's costs in one question for all of them."""
    if not rows:
        return []
    keys = [row.id for row in rows]
    begin = datetime.combine(moment.astimezone(BRUSSELS), time(), BRUSSELS)
    costs = queries.spent(keys, since=begin)
    brought = queries.accounts(*keys) if accounts is None else accounts
    return [_health(row, costs.get(row.id, SPENT_NOTHING), brought, moment) for row in rows]


def _health(
    row: "Integration",
    spent: queries.Spent,
    brought: Sequence["ConnectedAccount"],
    moment: datetime,
) -> Health:
    one = described(row.partner)
    own = [found for found in brought if found.integration_id == row.id and found.account_id]
    is_active = row.state is ConnectionState.ACTIVE
    is_stale = is_active and (row.fresh_at is None or moment - row.fresh_at > one.stale_after)
    state = STATES[row.state]
    if is_active and (row.trouble or is_stale):
        state = (N_("Something is wrong") if row.trouble else N_("Late"), "warn", "triangle-alert")
    links: tuple[tuple[str, str], ...] = ()
    page = _url(one.own_page, integration_id=row.id) if one.own_page else None
    if page and row.state is not ConnectionState.DISCONNECTED:
        links = ((_(one.own_page_title), page),)
    return Health(
        row=row,
        described=one,
        state=state,
        trouble=sentence(row.partner, row.trouble) if row.trouble else None,
        is_stale=is_stale,
        spent=spent,
        calls_left=registry.of(row.partner).calls_left(row=row) if is_active else None,
        accounts=len(own),
        consent_ends=min((x.consent_ends for x in own if x.consent_ends), default=None),
        links=links,
    )


def described(partner: Partner) -> Description:
    """A partner as a person meets it."""
    return registry.described(partner)


def sentence(partner: Partner, trouble: Trouble) -> str:
    """What is wrong, in the partner's own words where it has some."""
    one = described(partner)
    said = one.words.get(trouble, rules.TROUBLES[trouble])
    return languages.phrase(said, {"partner": one.name})


def findings(partner: Partner, checked: Checked) -> list[Finding]:
    """What a check found out, a sentence each."""
    name = described(partner).name
    found = []
    if checked.is_login_good is not None:
        found.append(
            Finding(_("The login is good."), "good")
            if checked.is_login_good
            else Finding(_("%(partner)s does not accept the login.", partner=name), "bad")
        )
    if checked.is_login_good and checked.is_place_good:
        found.append(Finding(_("%(place)s can be read.", place=checked.place), "good"))
    elif checked.is_login_good and checked.place:
        found.append(
            Finding(_("%(place)s can't be read at the moment.", place=checked.place), "warn")
        )
    elif checked.is_login_good:
        found.append(Finding(_("Nothing was chosen yet that is to be read."), "warn"))
    if checked.trouble and checked.trouble is not Trouble.LOGIN_REFUSED:
        found.append(Finding(sentence(partner, checked.trouble), "warn"))
    return found


def freshness() -> Freshness:
    """The company's connections in one question to the database."""
    moment = now()
    notices: dict[str, Notice] = {}
    stale: list[tuple[UUID, datetime | None]] = []
    is_connected = False
    for connection, account in queries.followed():
        if connection.state is ConnectionState.RECONNECT:
            text = _to_renew(connection)
            notices[text] = Notice(text, "bad", connection.id)
        elif connection.trouble is Trouble.ACTION_NEEDED:
            text = sentence(connection.partner, connection.trouble)
            notices[text] = Notice(text, "warn", connection.id)
        if account is None or account.account_id is None:
            continue
        is_connected = True
        since = rules.stale_since(
            account.state,
            connection.state,
            account_fresh=account.fresh_at,
            fresh=connection.fresh_at,
            now=moment,
        )
        if since is not None:
            stale.append((account.account_id, since))
        found = rules.consent_notice(account.name, account.consent_ends, now=moment)
        if found is not None and connection.state is not ConnectionState.RECONNECT:
            notices[found.account] = Notice(
                _consent(found), "bad" if found.is_urgent else "warn", connection.id
            )
    return Freshness(tuple(notices.values()), tuple(stale), is_connected)


def _to_renew(row: "Integration") -> str:
    said: str = _(
        "The connection of %(name)s to %(partner)s has to be renewed.",
        name=row.name,
        partner=described(row.partner).name,
    )
    return said


def _is_there(endpoint: str) -> bool:
    return endpoint in current_app.view_functions and features.has_page(endpoint)


def _url(endpoint: str, **values: Any) -> str | None:  # Any: as url_for has it
    return url_for(endpoint, **values) if _is_there(endpoint) else None


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
