"""What a person can do about the lowest point: in words, with the page where it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from billify.domain.forecast.shapes import Action, ActionKind
from billify.domain.roles import Right
from billify.web import filters, forecast_words
from billify.web.access import actor


@dataclass(frozen=True, slots=True)
class Step:
    """An action as its list shows it: what, why, where, and what the lowest point gains."""

    title: str
    why: str
    href: str
    icon: str
    effect: Decimal


def step(action: Action) -> Step:
    """An action in the person's language."""
    words, icon = _WORDS[action.kind]
    title, href = words(action)
    why = forecast_words.reason(action.reason, is_ours=action.kind is ActionKind.WAIT)
    return Step(title, why, href, icon, action.effect)


def _remind(action: Action) -> tuple[str, str]:
    title = _(
        "Remind %(name)s: %(amount)s is open",
        name=action.what,
        amount=filters.money(action.amount),
    )
    return str(title), _contact(action.ref)


def _wait(action: Action) -> tuple[str, str]:
    amount = filters.money(abs(action.amount))
    if action.day is None:
        title = _(
            "Let the bill of %(name)s wait: %(amount)s is not due yet",
            name=action.what,
            amount=amount,
        )
    else:
        title = _(
            "The bill of %(name)s over %(amount)s can wait until %(day)s",
            name=action.what,
            amount=amount,
            day=filters.day(action.day),
        )
    return str(title), _invoice(action.ref)


def _set_aside(action: Action) -> tuple[str, str]:
    values = {"name": _(action.what), "amount": filters.money(abs(action.amount))}
    if action.day is None:
        title = _("Set %(amount)s aside for %(name)s", **values)
    else:
        title = _(
            "Set %(amount)s aside for %(name)s on %(day)s", day=filters.day(action.day), **values
        )
    return str(title), url_for("cash_plans.taxes")


def _match_lines(action: Action) -> tuple[str, str]:
    count = forecast_words.number(dict(action.reason.values), "count")
    if not count:
        return str(_("Match the open bank lines")), url_for("matching.index")
    title = ngettext("Match %(num)d bank line", "Match %(num)d bank lines", count)
    return str(title), url_for("matching.index")


def _renew_consent(action: Action) -> tuple[str, str]:
    if action.day is None:
        title = _("Renew the consent for %(name)s", name=action.what)
    else:
        title = _(
            "Renew the consent for %(name)s before %(day)s",
            name=action.what,
            day=filters.day(action.day),
        )
    key = _uuid(action.ref)
    if key is None or not actor().can(Right.MANAGE_COMPANY):
        return str(title), url_for("banking.index")
    return str(title), url_for("connections.show", integration_id=key)


_WORDS: Mapping[ActionKind, tuple[Callable[[Action], tuple[str, str]], str]] = {
    ActionKind.REMIND: (_remind, "send"),
    ActionKind.WAIT: (_wait, "clock"),
    ActionKind.SET_ASIDE: (_set_aside, "wallet"),
    ActionKind.MATCH_LINES: (_match_lines, "link"),
    ActionKind.RENEW_CONSENT: (_renew_consent, "plug"),
}


def _contact(ref: str) -> str:
    key = _uuid(ref)
    if key is None:
        return url_for("sales.index", view="overdue")
    return url_for("contacts.show", contact_id=key)


def _invoice(ref: str) -> str:
    key = _uuid(ref)
    return url_for("purchases.index") if key is None else url_for("invoices.show", invoice_id=key)


def _uuid(ref: str) -> UUID | None:
    try:
        return UUID(ref)
    except ValueError:
        return None
