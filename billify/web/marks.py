"""The small marks a page shows hundreds of times: amounts, days, icons, states.

As Jinja macros these were two thirds of the time of a list page, so they are functions that write
their HTML themselves. Templates import them like any macro: `ui/_money.html`, `ui/_chip.html` and
`ui/_icon.html` hand them on.
"""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

from flask import Flask
from markupsafe import Markup, escape

from billify.domain.refusal import N_
from billify.web import filters, words
from billify.web.assets import Assets

NOTHING = Markup('<span class="muted">–</span>')

# Of a document or an invoice, by the value of its StrEnum: words, tone and icon.
LOOKS = {
    "stored": (N_("Waiting"), "neutral", "hourglass"),
    "waiting": (N_("Waiting"), "neutral", "hourglass"),
    "received": (N_("Waiting"), "neutral", "hourglass"),
    "reading": (N_("Reading"), "accent", "loader-circle"),
    "sending": (N_("Sending"), "accent", "loader-circle"),
    "to_check": (N_("To check"), "warn", "eye"),
    "to_approve": (N_("To approve"), "accent", "list-checks"),
    "failed": (N_("Failed"), "bad", "circle-x"),
    "set_aside": (N_("Set aside"), "neutral", "archive"),
    "rejected": (N_("Rejected"), "bad", "ban"),
    "duplicate": (N_("Duplicate"), "warn", "copy"),
    "draft": (N_("Draft"), "neutral", "circle-dashed"),
    "issued": (N_("Open"), "neutral", "clock"),
    "approved": (N_("Approved"), "neutral", "check"),
    "open": (N_("Open"), "neutral", "clock"),
    "overdue": (N_("Overdue"), "bad", "circle-alert"),
    "partly_paid": (N_("Partly paid"), "accent", "circle-dashed"),
    "paid": (N_("Paid"), "good", "circle-check"),
    "done": (N_("Done"), "good", "circle-check"),
    "split": (N_("Split"), "neutral", "copy"),
    "credited": (N_("Credited"), "neutral", "undo-2"),
    "cancelled": (N_("Cancelled"), "neutral", "ban"),
    "deleted": (N_("Deleted"), "neutral", "trash-2"),
}


def init_app(app: Flask) -> None:
    """Give templates `marks`; the files in ui/ name its parts. Comes after the assets."""
    icons = Icons(app.extensions["assets"])
    app.jinja_env.globals["marks"] = SimpleNamespace(
        money=money,
        date=day,
        moment=moment,
        icon=icons.icon,
        chip=icons.chip,
        status=icons.status,
    )


def money(
    amount: Decimal | int | None,
    currency: str = "",
    incoming: bool = False,
    late: bool = False,
    href: str | None = None,
    signed: bool = False,
) -> Markup:
    """An amount: its exact value for machines, 1.234,56 for people.

    Incoming money is green, late money red. With `href` it leads to the rows behind it; without
    a currency the head of its column names one. A change is `signed`: +1.234,56.
    """
    if amount is None:
        return NOTHING
    look = " money--late" if late else " money--in" if incoming else ""
    sign = ""
    if currency:
        sign = f'<span class="money__currency">{escape(filters.currency_sign(currency))}</span> '
    sign += "+" if signed and amount > 0 else ""
    shown = f'<data class="money{look}" value="{amount}">{sign}{filters.money(amount)}</data>'
    return Markup(f'<a href="{escape(href)}">{shown}</a>' if href else shown)


def day(value: date | None) -> Markup:
    """A day as dd/mm/yyyy."""
    if value is None:
        return NOTHING
    return Markup(f'<time datetime="{value.isoformat()}">{filters.day(value)}</time>')


def moment(value: datetime | None) -> Markup:
    """A day with its time, on the clock of Brussels."""
    if value is None:
        return NOTHING
    return Markup(f'<time datetime="{value.isoformat()}">{filters.moment(value)}</time>')


class Icons:
    """Icons of the sprite, and what is made with them."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._statuses: dict[tuple[str, str, str], Markup] = {}

    def icon(self, name: str, label: str | None = None, size: str = "") -> Markup:
        """An icon. Alone on a button it needs a label; beside a word it is silent."""
        look = f" icon--{size}" if size else ""
        told = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
        sprite = self._assets.url("img/icons.svg")
        return Markup(
            f'<svg class="icon{look}" {told} width="18" height="18">'
            f'<use href="{sprite}#{escape(name)}"/></svg>'
        )

    def chip(self, label: str, tone: str = "neutral", icon_name: str | None = None) -> Markup:
        """A state: icon and word, colour only helps. Tones: neutral, accent, good, warn, bad."""
        size = "s icon--spin" if icon_name == "loader-circle" else "s"
        icon = self.icon(icon_name, size=size) if icon_name else ""
        return Markup(f'<span class="chip chip--{escape(tone)}">{icon}{escape(label)}</span>')

    def status(self, value: str) -> Markup:
        """The chip of a status; one that is not known shows its own name."""
        key = (words.language(), self._assets.version, value)
        known = self._statuses.get(key)
        if known is None:
            known = self._made(value)
            if value.lower() in LOOKS:
                self._statuses[key] = known
        return known

    def _made(self, value: str) -> Markup:
        label, tone, icon_name = LOOKS.get(value.lower(), (None, "neutral", None))
        return self.chip(words.text(label) if label else value, tone, icon_name)
