"""The forms of rules for bank lines and of categories."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from billify.application import categories
from billify.application.bank_rules import Wanted
from billify.data.queries import cash_flow
from billify.domain.banking import Flow
from billify.domain.refusal import Refusal
from billify.web import category_choices, languages
from billify.web.forms import ChoiceField, Form, OptionalText, at_most, chosen, required

if TYPE_CHECKING:
    from billify.data.models import BankRule, BankTransaction

FLOWS = [
    (Flow.ANY.value, _l("Money in and out")),
    (Flow.OUT.value, _l("Money out")),
    (Flow.IN.value, _l("Money in")),
]


class RuleForm(Form):
    """Words to look for, and what lines with them are for."""

    words = OptionalText(_l("Contains"), [required(), at_most(80)])
    flow = ChoiceField(_l("Which lines"), [chosen()], choices=FLOWS)
    account = ChoiceField(_l("Account"))
    # A form that was opened before the company had categories names one of the default set.
    category = ChoiceField(_l("Category"), [chosen()], validate_choice=False)
    needs_invoice = BooleanField(_l("An invoice is still expected"))
    is_active = BooleanField(_l("In use for new lines"))

    def offer(self, kept: str = "") -> None:
        """Fill the lists to choose from."""
        accounts = [(str(one.id), one.name) for one in cash_flow.accounts()]
        self.account.choices = [SelectChoice(*one) for one in [("", _("All accounts")), *accounts]]
        offered = [("", _("Choose")), *category_choices.offered(kept)]
        self.category.choices = [SelectChoice(*one) for one in offered]

    def validate_category(self, field: ChoiceField) -> None:
        """Refuse what is no category of the company."""
        try:
            categories.chosen(given=field.data or "")
        except Refusal as refusal:
            raise ValidationError(languages.sentence(refusal)) from None

    def wanted(self) -> Wanted:
        """The rule as described."""
        category_id = categories.chosen(given=self.category.data or "")
        if category_id is None:
            raise ValueError("a required field was not checked")
        return Wanted(
            words=self.words.data or "",
            category_id=category_id,
            flow=Flow(self.flow.data),
            account_id=UUID(self.account.data) if self.account.data else None,
            needs_invoice=bool(self.needs_invoice.data),
            is_active=bool(self.is_active.data),
        )


class CategoryForm(Form):
    """A category of one's own."""

    name = OptionalText(_l("Name"), [required(), at_most(80)])


def of_rule(row: "BankRule") -> RuleForm:
    """A rule as it stands."""
    form = RuleForm(
        words=row.words,
        flow=row.flow.value,
        account=str(row.account_id or ""),
        category=str(row.category_id),
        needs_invoice=row.needs_invoice,
        is_active=row.is_active,
    )
    form.offer(str(row.category_id))
    return form


def of_line(line: "BankTransaction | None") -> RuleForm:
    """A new rule, begun with a line's name."""
    flow = Flow.ANY if line is None else Flow.OUT if line.amount < 0 else Flow.IN
    words = "" if line is None else (line.counterparty_name or line.remittance_information)[:80]
    form = RuleForm(words=words, flow=flow.value, is_active=True)
    form.offer()
    return form
