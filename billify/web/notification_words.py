"""The words for what people are told, in the language of who reads them, and where each leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.domain.brussels import day_of
from billify.domain.connections import Partner, Trouble
from billify.domain.forecast.shapes import AlertKind
from billify.domain.notifications import MailWish, NotificationKind
from billify.web import connection_view, filters, forecast_words, languages

Facts = Mapping[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of thing to be told of, as the page of choices calls it."""

    name: str
    hint: str
    icon: str


KINDS: Mapping[NotificationKind, Named] = {
    NotificationKind.TO_APPROVE: Named(
        _l("Waits for approval"), _l("An invoice was read or checked."), "hourglass"
    ),
    NotificationKind.READ_FAILED: Named(
        _l("Could not be read"), _l("A document needs a person."), "circle-x"
    ),
    NotificationKind.CONSENT_ENDING: Named(
        _l("Consent ends"), _l("Two weeks, a week and a day before."), "clock"
    ),
    NotificationKind.SYNC_FAILING: Named(
        _l("Connection fails"), _l("Nothing new comes in from a bank or from Yuki."), "plug"
    ),
    NotificationKind.BELOW_FLOOR: Named(
        _l("Below the floor"),
        _l("The forecast falls below what you want to keep."),
        "trending-down",
    ),
    NotificationKind.CUSTOMER_SLOWER: Named(
        _l("Customer gets slower"), _l("Somebody who owes you pays later than before."), "hourglass"
    ),
    NotificationKind.PAYMENT_RECEIVED: Named(
        _l("Payment received"), _l("A customer paid an invoice."), "banknote"
    ),
    NotificationKind.EXPORT_READY: Named(
        _l("File ready"), _l("A file you asked for can be fetched."), "download"
    ),
    NotificationKind.ANNOUNCEMENT: Named(
        _l("Announcements"), _l("News about Billify itself."), "info"
    ),
    NotificationKind.SUPPORT_ASKS: Named(
        _l("Support asks to look along"), _l("Nothing is seen before you allow it."), "eye"
    ),
}
WISHES: Mapping[MailWish, str] = {
    MailWish.NONE: _l("No mail"),
    MailWish.INSTANT: _l("At once"),
    MailWish.DIGEST: _l("Once a day"),
}


def init_app(app: Flask) -> None:
    """Templates say `told|told_said` and `told.kind|told_icon`."""
    app.jinja_env.filters["told_said"] = lambda one: sentence(one.kind, one.facts)
    app.jinja_env.globals["told_sentence"] = sentence
    app.jinja_env.globals["told_address"] = address
    app.jinja_env.filters["told_icon"] = lambda one: KINDS[NotificationKind(one.kind)].icon


def sentence(kind: NotificationKind | str, facts: Facts) -> str:
    """What happened, in one sentence."""
    return _SENTENCES[NotificationKind(kind)](facts)


def address(slug: str, path: str) -> str:
    """The whole path of where something leads: below the company, or anywhere on the site."""
    return path if path.startswith("/") else f"/c/{slug}/{path}"


def _to_approve(facts: Facts) -> str:
    name, amount = _name(facts), _amount(facts)
    if _count(facts) > 1:
        return _many(
            facts,
            _("%(count)d invoices wait for you, the last one of %(name)s."),
            _("%(count)d invoices wait for you."),
        )
    if name and amount:
        return str(
            _("An invoice of %(name)s for %(amount)s waits for you.", name=name, amount=amount)
        )
    if name:
        return str(_("An invoice of %(name)s waits for you.", name=name))
    return str(_("An invoice waits for you."))


def _read_failed(facts: Facts) -> str:
    if _count(facts) > 1:
        return _many(
            facts,
            _("%(count)d documents could not be read, the last one is %(name)s."),
            _("%(count)d documents could not be read."),
        )
    return str(_("%(name)s could not be read.", name=_name(facts)))


def _consent_ending(facts: Facts) -> str:
    name, days = _name(facts), int(facts.get("days", 0))
    if days < 1:
        return str(_("Your consent for %(name)s ends within a day. Renew it.", name=name))
    day = filters.day(day_of(datetime.fromisoformat(facts["ends"])))
    if days == 1:
        return str(_("Your consent for %(name)s ends tomorrow, %(day)s.", name=name, day=day))
    return str(
        _(
            "Your consent for %(name)s ends in %(days)d days, on %(day)s.",
            name=name,
            days=days,
            day=day,
        )
    )


def _sync_failing(facts: Facts) -> str:
    partner = Partner(facts["partner"])
    name = _name(facts) or connection_view.described(partner).name
    said = str(_("Nothing new comes in from %(name)s.", name=name))
    trouble = facts.get("trouble")
    if not trouble:
        return said
    return f"{said} {connection_view.sentence(partner, Trouble(trouble))}"


def _payment_received(facts: Facts) -> str:
    name, amount, number = _name(facts), _amount(facts), facts.get("number")
    if _count(facts) > 1:
        return _many(
            facts,
            _("%(count)d payments came in, the last one of %(name)s."),
            _("%(count)d payments came in."),
        )
    if number:
        return str(
            _(
                "%(name)s paid %(amount)s for invoice %(number)s.",
                name=name,
                amount=amount,
                number=number,
            )
        )
    return str(_("%(name)s paid %(amount)s.", name=name, amount=amount))


def _export_ready(facts: Facts) -> str:
    until = facts.get("until")
    if until is None:
        return str(_("The file you asked for is ready: %(name)s.", name=_name(facts)))
    day = filters.day(day_of(datetime.fromisoformat(until)))
    return str(_("Your data is ready. You can fetch it until %(day)s.", day=day))


def _announcement(facts: Facts) -> str:
    words = facts.get("words") or {}
    return str(words.get(languages.current()) or words.get("en") or next(iter(words.values()), ""))


def _support_asks(facts: Facts) -> str:
    return str(
        _(
            "%(name)s of Billify asks to look along: %(reason)s",
            name=_name(facts),
            reason=facts.get("reason", ""),
        )
    )


def _alert(kind: AlertKind) -> Callable[[Facts], str]:
    return lambda facts: forecast_words.alert(kind, facts)


def _count(facts: Facts) -> int:
    return int(facts.get("count", 1))


def _name(facts: Facts) -> str:
    return str(facts.get("name") or "")


def _many(facts: Facts, named: str, unnamed: str) -> str:
    """`named` when the last one has a name; both with places as gettext left them."""
    name = _name(facts)
    return (named if name else unnamed) % {"count": _count(facts), "name": name}


def _amount(facts: Facts) -> str:
    try:
        amount = Decimal(str(facts.get("amount")))
    except InvalidOperation:
        return ""
    sign = filters.currency_sign(str(facts.get("currency") or "EUR"))
    return f"{sign}\N{NO-BREAK SPACE}{filters.money(amount)}"


_SENTENCES: Mapping[NotificationKind, Callable[[Facts], str]] = {
    NotificationKind.TO_APPROVE: _to_approve,
    NotificationKind.READ_FAILED: _read_failed,
    NotificationKind.CONSENT_ENDING: _consent_ending,
    NotificationKind.SYNC_FAILING: _sync_failing,
    NotificationKind.BELOW_FLOOR: _alert(AlertKind.BELOW_FLOOR),
    NotificationKind.CUSTOMER_SLOWER: _alert(AlertKind.CUSTOMER_SLOWER),
    NotificationKind.PAYMENT_RECEIVED: _payment_received,
    NotificationKind.EXPORT_READY: _export_ready,
    NotificationKind.ANNOUNCEMENT: _announcement,
    NotificationKind.SUPPORT_ASKS: _support_asks,
}
