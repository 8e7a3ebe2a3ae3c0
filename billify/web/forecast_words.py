"""The words for what a forecast says in codes: where a movement comes from, why it is expected,
what can be done, what is told, and what is missing."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from billify.domain.forecast.shapes import AlertKind, Flow, Reason, Source
from billify.domain.forecast.vat_due import UNKNOWN
from billify.domain.refusal import N_
from billify.web import filters

Values = Mapping[str, str | int]

SOURCES: Mapping[Source, tuple[str, str]] = {
    Source.SALE: (N_("Sale"), "file-up"),
    Source.PURCHASE: (N_("Purchase"), "file-down"),
    Source.RECURRING: (N_("Recurring"), "refresh-cw"),
    Source.TAX: (N_("Tax"), "scale"),
    Source.PLANNED: (N_("Planned"), "calendar"),
    Source.BUDGET: (N_("Budget"), "chart-column"),
    Source.REST: (N_("Day-to-day"), "trending-up"),
    Source.SCENARIO: (N_("Scenario"), "copy"),
}
"""Of each source its word and its icon."""

MISSING: Mapping[str, str] = {
    "history": N_("There is too little history to say how sure this is, so no band is shown."),
    "little_history": N_("There is little history yet, so the band is a wide guess."),
    "accounts": N_("There is no account in your currency: the balance begins at zero."),
    "invoices": N_("There are no open invoices."),
    "vat": N_("VAT ahead is not known, so it is not counted: invoices here tell none."),
}
"""What the forecast had to do without."""

_NAMED_BY_US = frozenset({Source.TAX, Source.REST, Source.SCENARIO})
_MANY = N_("Planned items")
"""Several planned items that were drawn together into one row."""


def init_app(app: Flask) -> None:
    """Templates say `alert|alert_said`."""
    app.jinja_env.filters["alert_said"] = lambda one: alert(one.kind, one.facts)


def source(kind: Source) -> str:
    """The word of a source."""
    return str(_(SOURCES[kind][0]))


def name(flow: Flow) -> str:
    """What to call a movement; those of the state and of the rest are named by us."""
    own = flow.source in _NAMED_BY_US or flow.what == _MANY
    return str(_(flow.what)) if own and flow.what else flow.what


def reason(why: Reason, *, is_ours: bool = False) -> str:
    """Why it is expected then and for that much; nothing for a code without words.

    `is_ours` says that we pay, so the habit is our own.
    """
    said = _OUR_REASONS.get(why.code) if is_ours else None
    said = said or _REASONS.get(why.code)
    if said is None:
        return ""
    values = dict(why.values)
    return said(values) + _besides(values) + _untold(why, values)


def missing(code: str) -> str:
    """What a forecast had to do without, in one sentence."""
    known = MISSING.get(code)
    return str(_(known)) if known else ""


def alert(kind: AlertKind, facts: Mapping[str, object]) -> str:
    """What is told once, in one sentence."""
    values = {key: value for key, value in facts.items() if isinstance(value, str | int)}
    return _ALERTS[kind](values)


def amount(values: Values, key: str) -> str:
    """An amount that was written as `0.00` text, as people write it."""
    try:
        return filters.money(Decimal(str(values.get(key, "0"))))
    except InvalidOperation:
        return ""


def day(values: Values, key: str) -> str:
    """A day that was written as an ISO date, as people write it."""
    try:
        return filters.day(date.fromisoformat(str(values.get(key, ""))))
    except ValueError:
        return ""


def number(values: Values, key: str) -> int:
    """A whole number; zero when it is not there."""
    try:
        return int(values.get(key, 0))
    except ValueError:
        return 0


def _pays_late(values: Values) -> str:
    days = number(values, "days")
    if days > 1:
        said = _("pays %(days)d days late on average", days=days)
    elif days == 1:
        said = _("pays a day late on average")
    elif days == 0:
        said = _("pays on the due date on average")
    elif days == -1:
        said = _("pays a day early on average")
    else:
        said = _("pays %(days)d days early on average", days=-days)
    return str(said) + _spread(values)


def _we_pay_late(values: Values) -> str:
    days = number(values, "days")
    if days > 1:
        said = _("you pay %(days)d days late on average", days=days)
    elif days == 1:
        said = _("you pay a day late on average")
    elif days == 0:
        said = _("you pay on the due date on average")
    elif days == -1:
        said = _("you pay a day early on average")
    else:
        said = _("you pay %(days)d days early on average", days=-days)
    return str(said) + _spread(values)


def _spread(values: Values) -> str:
    """`; 8 of 9 between 6 and 16`; a minus is for days before the due date."""
    if not number(values, "of"):
        return ""
    return "; " + str(
        _(
            "%(inside)d of %(of)d between %(low)s and %(high)s",
            inside=number(values, "inside"),
            of=number(values, "of"),
            low=filters.quantity(number(values, "low")),
            high=filters.quantity(number(values, "high")),
        )
    )


def _like_others(values: Values) -> str:
    days = number(values, "days")
    if days > 0:
        return str(_("few payments seen; others like it pay %(days)d days late", days=days))
    return str(_("few payments seen; others like it pay on time"))


def _we_like_others(values: Values) -> str:
    days = number(values, "days")
    if days > 0:
        return str(_("few payments seen; you pay others %(days)d days late", days=days))
    return str(_("few payments seen; you pay others on time"))


def _overdue(values: Values) -> str:
    days = number(values, "days_overdue")
    if days == 1:
        return str(_("overdue since yesterday"))
    return str(_("%(days)d days overdue; the day is a guess from late payments", days=days))


def _we_overdue(values: Values) -> str:
    days = number(values, "days_overdue")
    if days == 1:
        return str(_("overdue since yesterday"))
    return str(_("%(days)d days overdue", days=days))


def _vat_final(values: Values) -> str:
    return str(
        _(
            "VAT on sales %(sales)s less %(bought)s on purchases",
            sales=amount(values, "sales"),
            bought=amount(values, "bought"),
        )
    )


def _vat_estimate(values: Values) -> str:
    return str(
        _(
            "%(so_far)s from invoices so far, %(percent)d %% of what is usual by now",
            so_far=amount(values, "so_far"),
            percent=number(values, "percent"),
        )
    )


def _vat_carried(values: Values) -> str:
    return str(_("less the credit of %(credit)s of before", credit=amount(values, "credit")))


def _besides(values: Values) -> str:
    """Of VAT, what is usually paid beyond what the invoices here come to."""
    if "besides" not in values:
        return ""
    more = amount(values, "besides")
    return "; " + str(_("%(amount)s is usually paid besides", amount=more))


def untold(count: int, gross: str) -> str:
    """That invoices tell no VAT: how many, and what they come to as people write it."""
    return str(
        ngettext(
            "%(num)s invoice of %(amount)s tells no VAT",
            "%(num)s invoices of %(amount)s in all tell no VAT",
            count,
            amount=gross,
        )
    )


def _untold(why: Reason, values: Values) -> str:
    """Of VAT, the invoices of its period that tell none."""
    count = number(values, "untold")
    if not count:
        return ""
    said = untold(count, amount(values, "untold_gross"))
    guess = "" if why.code == UNKNOWN else "; " + str(_("their VAT is estimated"))
    return f"; {said}{guess}"


def _vat_usual(_values: Values) -> str:
    return str(_("as in the periods before"))


def _tax_last_year(values: Values) -> str:
    return str(
        _("%(amount)s a year before, and how it moved since", amount=amount(values, "amount"))
    )


def _tax_as_before(values: Values) -> str:
    return str(_("as the last %(count)d times", count=number(values, "count")))


def _comes_back(values: Values) -> str:
    return str(
        _(
            "seen %(count)d times; on this day with %(percent)d %% certainty",
            count=number(values, "count"),
            percent=number(values, "percent"),
        )
    )


def _next_invoice(values: Values) -> str:
    return str(
        _(
            "the invoice of about %(day)s, not there yet; %(count)d came in this rhythm",
            day=day(values, "issued"),
            count=number(values, "count"),
        )
    )


def _netted(values: Values) -> str:
    return str(_("taken off what %(name)s is paid or pays", name=values.get("name", "")))


def _rest(values: Values) -> str:
    share = number(values, "invoices")
    if share:
        return str(
            _(
                "what usually moves besides, %(share)d %% of it invoices not made yet",
                share=share,
            )
        )
    return str(_("what usually moves besides what is known"))


def _budget_left(values: Values) -> str:
    if "unsorted" in values:
        return str(
            _(
                "left of a budget of %(budget)s; %(actual)s is booked, %(unsorted)s moves"
                " without a category",
                budget=amount(values, "budget"),
                actual=amount(values, "actual"),
                unsorted=amount(values, "unsorted"),
            )
        )
    return str(
        _(
            "left of a budget of %(budget)s; %(actual)s is booked",
            budget=amount(values, "budget"),
            actual=amount(values, "actual"),
        )
    )


def _plain(words: str) -> Callable[[Values], str]:
    return lambda _values: str(_(words))


def _other_currency(values: Values) -> str:
    return str(_("in %(currency)s, which is not counted", currency=values.get("currency", "")))


def _below_floor(values: Values) -> str:
    if not amount(values, "floor").strip("0,"):
        return str(_("The balance falls below zero on %(day)s.", day=day(values, "day")))
    return str(
        _(
            "The balance falls below your floor of %(floor)s on %(day)s.",
            floor=amount(values, "floor"),
            day=day(values, "day"),
        )
    )


def _large_outflow(values: Values) -> str:
    return str(
        _(
            "An unusually large amount went out: %(amount)s to %(name)s on %(day)s.",
            amount=amount(values, "amount"),
            name=values.get("name", ""),
            day=day(values, "day"),
        )
    )


def _customer_slower(values: Values) -> str:
    return str(
        _(
            "%(name)s gets slower: now %(now)d days late, before %(before)d.",
            name=values.get("name", ""),
            now=number(values, "now"),
            before=number(values, "before"),
        )
    )


_REASONS: Mapping[str, Callable[[Values], str]] = {
    "pays_late": _pays_late,
    "like_others": _like_others,
    "by_terms": _plain(N_("no payments seen yet; as most are paid")),
    "overdue": _overdue,
    "by_hand": _plain(N_("day set by hand")),
    "disputed": _plain(N_("disputed")),
    "too_late": _plain(N_("not expected within three years")),
    "other_currency": _other_currency,
    "comes_back": _comes_back,
    "next_invoice": _next_invoice,
    "netted": _netted,
    "rest": _rest,
    "budget_left": _budget_left,
    "vat_final": _vat_final,
    "vat_estimate": _vat_estimate,
    "vat_carried": _vat_carried,
    "vat_usual": _vat_usual,
    "vat_part_told": _vat_final,
    "vat_unknown": _plain(N_("no invoice or payment here tells what VAT is usual")),
    "tax_last_year": _tax_last_year,
    "tax_as_before": _tax_as_before,
}
_OUR_REASONS: Mapping[str, Callable[[Values], str]] = {
    "pays_late": _we_pay_late,
    "like_others": _we_like_others,
    "overdue": _we_overdue,
}
_ALERTS: Mapping[AlertKind, Callable[[Values], str]] = {
    AlertKind.BELOW_FLOOR: _below_floor,
    AlertKind.LARGE_OUTFLOW: _large_outflow,
    AlertKind.CUSTOMER_SLOWER: _customer_slower,
}
