"""The forms of the bank room, and what they say in the words of the use cases."""

from decimal import Decimal
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from billify.application.banking import Account, Movement
from billify.domain.banking import AccountKind
from billify.web.forms import (
    ChoiceField,
    DayField,
    Form,
    MoneyField,
    OptionalText,
    at_most,
    chosen,
    required,
)

Value = TypeVar("Value")
KINDS = [
    (AccountKind.CURRENT.value, _l("Current account")),
    (AccountKind.SAVINGS.value, _l("Savings account")),
    (AccountKind.CASH.value, _l("Cash")),
]
WAYS = [("out", _l("Money out")), ("in", _l("Money in"))]


class AccountForm(Form):
    """An account kept by hand."""

    name = OptionalText(_l("Name"), [required(), at_most(120)])
    kind = ChoiceField(_l("Kind"), [chosen()], choices=KINDS)
    iban = OptionalText(_l("IBAN"), [at_most(50)])

    def account(self) -> Account:
        """The account as described."""
        iban = None if self.kind.data == AccountKind.CASH else self.iban.data
        return Account(given(self.name.data), iban, AccountKind(self.kind.data))


class NewAccountForm(AccountForm):
    """The same with what it holds now."""

    balance = MoneyField(_l("Balance"), [required()])
    day = DayField(_l("On"), [required()])


class MovementForm(Form):
    """Money that came in or went out."""

    way = ChoiceField(_l("Direction"), [chosen()], choices=WAYS)
    amount = MoneyField(_l("Amount"), [required()])
    day = DayField(_l("Day"), [required()])
    counterparty = OptionalText(_l("From or to whom"), [at_most(200)])
    message = OptionalText(_l("Message"), [at_most(500)])

    def movement(self) -> Movement:
        """The movement as typed; the direction gives the sign."""
        return Movement(
            booked_on=given(self.day.data),
            amount=_signed(given(self.amount.data), self.way.data),
            counterparty_name=self.counterparty.data or "",
            remittance_information=self.message.data or "",
        )


class BalanceForm(Form):
    """What an account holds, as counted or as the bank says."""

    balance = MoneyField(_l("Balance"), [required()])
    day = DayField(_l("At the end of"), [required()])


def given(value: Value | None) -> Value:
    """What a required field holds once the form has been checked."""
    if value is None:
        raise ValueError("a required field was not checked")
    return value


def _signed(amount: Decimal, way: str) -> Decimal:
    """A minus sign typed by habit changes nothing: the direction says it."""
    return abs(amount) if way == "in" else -abs(amount)
