"""The forms that add one change to a scenario: sent by GET, since their answer is an address."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.fields import SelectChoice
from wtforms.widgets import TextInput

from billify.application.scenarios import LONGEST_NAME, Customer
from billify.domain.forecast import scenarios
from billify.domain.forecast.scenarios import Change, Kind, Unreadable
from billify.web import scenario_words
from billify.web.forms import (
    ChoiceField,
    DayField,
    Form,
    MoneyField,
    OptionalText,
    at_most,
    required,
)


class CountField(Field):  # type: ignore[misc]  # wtforms has no types
    """A whole number, which may stand below zero."""

    widget = TextInput()

    def process_formdata(self, values: Sequence[str]) -> None:
        """Read the digits; empty is None."""
        self.data: int | None = None
        text = values[0].strip().replace("\N{MINUS SIGN}", "-") if values else ""
        if text and not re.fullmatch(r"-?\d{1,5}", text):
            raise ValueError(gettext("Write a whole number."))
        self.data = int(text) if text else None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class ChangeForm(Form):
    """One kind of change. Its fields are named as the values of `Change`."""

    class Meta:
        """Looking changes nothing, so no token is wanted."""

        csrf = False

    def offer(self, *, customers: Sequence[Customer], today: date) -> None:
        """Fill the lists to choose from."""
        if "contact" in self:
            named = [("", gettext("Choose a customer")), *((one.id, one.name) for one in customers)]
            self["contact"].choices = [SelectChoice(*one) for one in named]
        if isinstance(self._fields.get("on"), ChoiceField):
            months = scenario_words.months_ahead(today)
            named = [(f"{one:%Y-%m}", scenario_words.month(one)) for one in months]
            self["on"].choices = [SelectChoice(*one) for one in named]

    def change(self, kind: Kind, today: date) -> Change:
        """What was filled in. Raises Unreadable with the field it is about."""
        # Any: each value as its field gives it, which is what Change has for the name
        values: dict[str, Any] = {
            name: self[name].data
            for name in scenarios.fields_of(kind)
            if self[name].data is not None
        }
        if scenarios.begins_on(kind) == "month":
            values["on"] = date.fromisoformat(f"{values['on']}-01")
        return scenarios.checked(change=Change(kind, **values), today=today)


class LateForm(ChangeForm):
    """A customer that pays later or earlier."""

    contact = ChoiceField(_l("Customer"), [required()])
    days = CountField(_l("Days later"), [required()])


class LoseForm(ChangeForm):
    """A customer that buys no more."""

    contact = ChoiceField(_l("Customer"), [required()])
    on = ChoiceField(_l("From"), [required()])


class HireForm(ChangeForm):
    """One more wage."""

    amount = MoneyField(_l("Gross wage a month"), [required()])
    on = ChoiceField(_l("From"), [required()])


class BuyForm(ChangeForm):
    """One purchase."""

    amount = MoneyField(_l("Price without VAT"), [required()])
    percent = MoneyField(_l("VAT in percent"))
    on = DayField(_l("Paid on"), [required()])


class PriceForm(ChangeForm):
    """Other prices."""

    percent = MoneyField(_l("Change in percent"), [required()])
    on = ChoiceField(_l("From"), [required()])


class VatForm(ChangeForm):
    """VAT that is paid later."""

    days = CountField(_l("Days later"), [required()])


class LoanForm(ChangeForm):
    """Money that is borrowed and paid back."""

    amount = MoneyField(_l("Amount of the loan"), [required()])
    months = CountField(_l("Months"), [required()])
    percent = MoneyField(_l("Yearly interest in percent"), [required()])
    on = ChoiceField(_l("Paid out in"), [required()])


class NameForm(Form):
    """What a scenario is called."""

    name = OptionalText(_l("Name"), [required(), at_most(LONGEST_NAME)])


FORMS: dict[Kind, type[ChangeForm]] = {
    Kind.LATE: LateForm,
    Kind.LOSE: LoseForm,
    Kind.HIRE: HireForm,
    Kind.BUY: BuyForm,
    Kind.PRICE: PriceForm,
    Kind.VAT: VatForm,
    Kind.LOAN: LoanForm,
}
LOOKS = {
    "contact": "select",
    "days": "number",
    "amount": "money",
    "percent": "number",
    "months": "number",
}
"""How each field is shown; `on` is a day or a list of months."""


def sent(kind: Kind, args: "MultiDict[str, str]") -> ChangeForm:
    """The form as it was filled in."""
    return FORMS[kind](formdata=args)


def shown(kind: Kind, *, before: Change | None, today: date) -> ChangeForm:
    """The form with the change that is there, else with what most people would fill in."""
    values = _of_change(before) if before else _usual(kind, today)
    return FORMS[kind](formdata=None, data=values)


def refuse(form: ChangeForm, refusal: Unreadable) -> None:
    """Show the sentence at its field."""
    form.refuse(refusal, refusal.field)


def look_of(form: ChangeForm, name: str) -> str:
    """How a field of the form is shown."""
    if name == "on":
        return "select" if isinstance(form["on"], ChoiceField) else "date"
    return LOOKS[name]


def _of_change(change: Change) -> dict[str, object]:
    found = {name: getattr(change, name) for name in scenarios.fields_of(change.kind)}
    if scenarios.begins_on(change.kind) == "month" and change.on:
        found["on"] = f"{change.on:%Y-%m}"
    return found


def _usual(kind: Kind, today: date) -> dict[str, object]:
    following = scenarios.month_after(today, 1)
    found: dict[str, object] = {"days": 30, "months": 36, "on": f"{following:%Y-%m}"}
    if kind is Kind.BUY:
        found |= {"percent": Decimal(21), "on": following}
    if kind is Kind.PRICE:
        found["percent"] = Decimal(5)
    return found
