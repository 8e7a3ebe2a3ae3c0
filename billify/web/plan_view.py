"""Plans as their lists show them: rows with everything in words."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from billify.application import cash_plans, tax_plans
from billify.application.cash_plans import Recurring
from billify.domain.forecast.shapes import Source, Verdict
from billify.domain.forecast.taxes import TaxAhead
from billify.domain.obligations import Tax
from billify.domain.refusal import N_
from billify.web import category_choices, forecast_words, plan_words
from billify.web.access import today
from billify.web.figures import figure_url

if TYPE_CHECKING:
    from billify.data.models import Category

VERDICTS = {
    Verdict.CONFIRMED: (N_("Confirmed"), "good", "circle-check"),
    Verdict.CHANGED: (N_("Changed"), "accent", "pencil"),
    Verdict.REFUSED: (N_("Refused"), "neutral", "ban"),
}
_OF_INVOICES = re.compile(r"(?P<desk>sale|purchase) (?P<contact>[0-9a-f]{8}-[0-9a-f-]{27})\|")
"""The key of invoices that come back: the direction and the contact."""
Chip = tuple[str, str, str]
WORKED_OUT = frozenset({"vat_final", "vat_part_told", "vat_estimate", "vat_carried"})
"""Reasons for an amount that invoices of the period made."""


@dataclass(frozen=True, slots=True)
class RecurringRow:
    """A recurring movement in words; `amount` is what counts, `found` what the bank shows."""

    key: str
    dom_id: str
    name: str
    category: str
    rhythm: str
    amount: Decimal | None
    spread: Decimal
    drift: str
    next: date | None
    until: date | None
    seen: str
    last: date | None
    past_url: str | None
    is_of_invoices: bool
    chip: Chip | None
    is_decided: bool
    is_refused: bool
    is_gone: bool


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A payment to the state in words; `amount` below zero goes out, as everywhere."""

    ref: str
    dom_id: str
    name: str
    period: str
    due: date
    day: date
    amount: Decimal
    worked_out: Decimal | None
    """None when it can't be told."""
    reason: str
    invoices_url: str | None
    untold_url: str | None
    """The invoices of its period that tell no VAT."""
    note: str
    is_unknown: bool
    is_estimate: bool
    is_by_hand: bool
    is_left_out: bool
    is_planned: bool
    """A planned item stands for it."""

    @property
    def is_decided(self) -> bool:
        """Did a person say anything about it?"""
        return self.is_by_hand or self.is_left_out


def names(known: Iterable["Category"]) -> dict[str, str]:
    """The name of each category by its code and its key, in the person's language."""
    found = dict(category_choices.pairs([]))
    for one in known:
        said = category_choices.name(one.name, one.code)
        found[str(one.id)] = said
        if one.code is not None:
            found[one.code] = said
    return found


def recurring_row(one: Recurring, named: Mapping[str, str]) -> RecurringRow:
    """A recurring movement as its list shows it."""
    found = one.found
    is_refused = one.verdict is Verdict.REFUSED
    return RecurringRow(
        key=one.key,
        dom_id=dom_id("recurring", one.key),
        name=_name(one, named),
        category=named.get(found.category, "") if found else "",
        rhythm=plan_words.how_often(one),
        amount=one.amount,
        spread=found.spread_amount if found and one.amount == found.amount else Decimal(0),
        drift=plan_words.drift(one),
        next=cash_plans.next_day(one, today=today()),
        until=one.until,
        seen=plan_words.seen(one),
        last=found.last if found else None,
        past_url=_past_url(one) if found else None,
        is_of_invoices=_OF_INVOICES.match(one.key) is not None,
        chip=VERDICTS[one.verdict] if one.verdict else None,
        is_decided=one.choice is not None,
        is_refused=is_refused,
        is_gone=found is None,
    )


def _name(one: Recurring, named: Mapping[str, str]) -> str:
    """Its name; a category's where the bank tells none, and none once an invoice's is gone."""
    if one.found is None and _OF_INVOICES.match(one.key) and not (one.choice and one.choice.name):
        return str(_("Invoices that came back"))
    return named.get(one.name, one.name) or str(_("Unknown"))


def _past_url(one: Recurring) -> str:
    """What it was found in: bank lines, or the invoices of a contact."""
    of_invoices = _OF_INVOICES.match(one.key)
    if of_invoices is None:
        return figure_url("recurring_past", ref=one.key)
    desk = "sales.index" if of_invoices["desk"] == Source.SALE else "purchases.index"
    return url_for(desk, contact=of_invoices["contact"], view="all")


def tax_row(one: TaxAhead) -> TaxRow:
    """A payment to the state as its list shows it."""
    return TaxRow(
        ref=tax_plans.ref_of(one),
        dom_id=dom_id("tax", tax_plans.ref_of(one)),
        name=str(_(one.label)),
        period=plan_words.period(one.period),
        due=one.due,
        day=one.day,
        amount=-one.amount,
        worked_out=None if one.worked_out is None else -one.worked_out,
        reason=forecast_words.reason(one.reason) if not one.is_by_hand else "",
        invoices_url=_invoices_url(one),
        untold_url=_untold_url(one),
        note=str(_(one.note)),
        is_unknown=one.is_unknown,
        is_estimate=one.is_estimate,
        is_by_hand=one.is_by_hand,
        is_left_out=one.is_left_out,
        is_planned=one.is_planned,
    )


def _invoices_url(one: TaxAhead) -> str | None:
    """The invoices that VAT is worked out from, once there are some."""
    if one.tax is not Tax.VAT or one.reason.code not in WORKED_OUT:
        return None
    return figure_url("vat_of_period", ref=tax_plans.ref_of(one))


def _untold_url(one: TaxAhead) -> str | None:
    if "untold" not in dict(one.reason.values):
        return None
    return figure_url("vat_not_told", ref=tax_plans.ref_of(one))


def dom_id(kind: str, key: str) -> str:
    """The id of a row on the page; a key itself may hold anything."""
    return f"{kind}-{hashlib.blake2s(key.encode(), digest_size=6).hexdigest()}"
