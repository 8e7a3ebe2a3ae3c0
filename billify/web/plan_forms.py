"""The forms of plans: items by hand, recurring movements, taxes."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from billify.application import categories
from billify.application.cash_plans import Change, Plan, Recurring
from billify.domain.cash_flow import Rhythm
from billify.domain.forecast.known import TaxChoice
from billify.domain.obligations import Every
from billify.domain.refusal import Refusal
from billify.web import category_choices, languages, plan_words
from billify.web.bank_forms import WAYS, given
from billify.web.forms import (
    ChoiceField,
    DayField,
    Form,
    MoneyField,
    OptionalText,
    WholeField,
    at_most,
    chosen,
    required,
)

if TYPE_CHECKING:
    from billify.data.models import PlannedItem

RHYTHMS = [
    (Rhythm.ONCE.value, _l("Once")),
    (Rhythm.WEEKLY.value, _l("Every week")),
    (Rhythm.MONTHLY.value, _l("Every month")),
    (Rhythm.MONTHLY_LAST_WORKING_DAY.value, _l("Every month, last working day")),
    (Rhythm.QUARTERLY.value, _l("Every quarter")),
    (Rhythm.YEARLY.value, _l("Every year")),
]
NONE = "none"
VAT_PERIODS = [
    (Every.MONTH.value, _l("Every month")),
    (Every.QUARTER.value, _l("Every quarter")),
    (NONE, _l("No VAT returns")),
]
WITHHOLDING_PERIODS = [
    (Every.MONTH.value, _l("Every month")),
    (Every.QUARTER.value, _l("Every quarter")),
    (NONE, _l("As often as it was paid before")),
]


class PlannedForm(Form):
    """Money that comes or goes without an invoice."""

    name = OptionalText(_l("What"), [required(), at_most(200)])
    way = ChoiceField(_l("Direction"), [chosen()], choices=WAYS)
    amount = MoneyField(_l("Amount"), [required()])
    rhythm = ChoiceField(_l("How often"), [chosen()], choices=RHYTHMS)
    day = DayField(_l("First day"), [required()])
    until = DayField(_l("Last day"))
    # A form that was opened before the company had categories names one of the default set.
    category = ChoiceField(_l("Category"), validate_choice=False)

    def offer(self, kept: str = "") -> None:
        """Fill the list of categories."""
        offered = [("", _("None")), *category_choices.offered(kept)]
        self.category.choices = [SelectChoice(*one) for one in offered]

    def validate_category(self, field: ChoiceField) -> None:
        """Refuse what is no category of the company."""
        try:
            categories.chosen(given=field.data or "")
        except Refusal as refusal:
            raise ValidationError(languages.sentence(refusal)) from None

    def plan(self) -> Plan:
        """The planned item as typed; the direction gives the sign."""
        return Plan(
            name=given(self.name.data),
            amount=_signed(given(self.amount.data), self.way.data),
            rhythm=Rhythm(self.rhythm.data),
            starts_on=given(self.day.data),
            until=self.until.data,
            category_id=categories.chosen(given=self.category.data or ""),
        )


class RecurringForm(Form):
    """How a recurring movement goes on; what stays as it was found is not written down."""

    name = OptionalText(_l("Name"), [required(), at_most(200)])
    way = ChoiceField(_l("Direction"), [chosen()], choices=WAYS)
    amount = MoneyField(_l("Amount"), [required()])
    rhythm = ChoiceField(_l("How often"))
    day = WholeField(_l("Day of the month"), least=1, most=31)
    until = DayField(_l("Last day"))

    def offer(self, one: Recurring) -> None:
        """Fill the list of rhythms: first the one that was found."""
        own = [choice for choice in RHYTHMS if choice[0] != Rhythm.ONCE.value]
        if one.found is not None:
            said = plan_words.rhythm(one.found.rhythm)
            own = [("", _("As found: %(rhythm)s", rhythm=said)), *own]
        self.rhythm.choices = [SelectChoice(*choice) for choice in own]

    def change(self, one: Recurring) -> Change:
        """What was changed of what was found."""
        amount = _signed(given(self.amount.data), self.way.data)
        found = one.found
        if found is None:
            return Change(
                name=self.name.data,
                amount=amount,
                rhythm=Rhythm(self.rhythm.data) if self.rhythm.data else None,
                day=self.day.data,
                until=self.until.data,
            )
        rhythm = Rhythm(self.rhythm.data) if self.rhythm.data else None
        return Change(
            name=None if self.name.data == found.name else self.name.data,
            amount=None if amount == found.amount else amount,
            rhythm=None if rhythm == found.rhythm else rhythm,
            day=None if self.day.data == found.day else self.day.data,
            until=self.until.data,
        )


class TaxForm(Form):
    """What a payment to the state will be; empty stays as it is worked out."""

    amount = MoneyField(_l("Amount"))
    pay_on = DayField(_l("Paid on"))


class TaxPeriodsForm(Form):
    """How long the periods of the returns are."""

    vat_period = ChoiceField(_l("VAT returns"), [chosen()], choices=VAT_PERIODS)
    withholding_period = ChoiceField(
        _l("Payroll withholding tax"), [chosen()], choices=WITHHOLDING_PERIODS
    )


def of_item(item: "PlannedItem") -> PlannedForm:
    """A planned item as it stands."""
    kept = str(item.category_id or "")
    form = PlannedForm(
        name=item.name,
        way="in" if item.amount > 0 else "out",
        amount=abs(item.amount),
        rhythm=item.rhythm.value,
        day=item.starts_on,
        until=item.until,
        category=kept,
    )
    form.offer(kept)
    return form


def new_item(today: date) -> PlannedForm:
    """An empty one, that begins today."""
    form = PlannedForm(day=today, rhythm=Rhythm.MONTHLY.value)
    form.offer()
    return form


def of_recurring(one: Recurring) -> RecurringForm:
    """A recurring movement as it counts now."""
    amount = one.amount or Decimal(0)
    form = RecurringForm(
        name=one.name,
        way="in" if amount > 0 else "out",
        amount=abs(amount),
        rhythm=one.choice.rhythm.value if one.choice and one.choice.rhythm else "",
        day=one.day,
        until=one.until,
    )
    form.offer(one)
    return form


def of_tax(said: TaxChoice | None) -> TaxForm:
    """What a person said of a payment to the state, else empty."""
    if said is None:
        return TaxForm()
    return TaxForm(amount=said.amount, pay_on=said.pay_on)


def period(text: str) -> Every | None:
    """The period that a list named; none for who owes nothing."""
    return None if text == NONE else Every(text)


def named(every: Every | None) -> str:
    """The same as the list has it."""
    return NONE if every is None else every.value


def _signed(amount: Decimal, way: str) -> Decimal:
    """A minus sign typed by habit changes nothing: the direction says it."""
    return abs(amount) if way == "in" else -abs(amount)
