"""What a person says about a bank file: to which account each part goes, what columns mean."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.application.bank_files import Choice, Seen
from billify.domain import money
from billify.domain.bank_files import Role
from billify.domain.refusal import N_, Refusal

if TYPE_CHECKING:
    from billify.data.models import BankAccount

NEW, LEAVE = "new", "leave"
ROLES = (
    (Role.BOOKED, _l("Day")),
    (Role.AMOUNT, _l("Amount")),
    (Role.CREDIT, _l("Money in")),
    (Role.DEBIT, _l("Money out")),
    (Role.DIRECTION, _l("In or out")),
    (Role.CURRENCY, _l("Currency")),
    (Role.BALANCE, _l("Balance after it")),
    (Role.ACCOUNT, _l("Own account")),
    (Role.COUNTERPARTY_NAME, _l("From or to whom")),
    (Role.COUNTERPARTY_ACCOUNT, _l("Their account")),
    (Role.MESSAGE, _l("Message")),
    (Role.STRUCTURED, _l("Structured communication")),
    (Role.DESCRIPTION, _l("Description")),
    (Role.VALUED, _l("Value date")),
    (Role.STATE, _l("State")),
)
"""What a column can mean, the needed first."""


def choices(form: Mapping[str, str], seen: Sequence[Seen]) -> dict[str, Choice]:
    """Where each part goes; parts that are left out are not in it. Refuses a bad amount."""
    chosen = {}
    for one in seen:
        key = one.part.key
        where = form.get(f"account-{key}", LEAVE)
        if where == NEW:
            typed = form.get(f"balance-{key}", "").strip()
            chosen[key] = Choice(
                name=form.get(f"name-{key}", "").replace("\x00", "").strip()[:120],
                opening_balance=money.parse(typed) if typed else None,
            )
        elif where != LEAVE:
            chosen[key] = Choice(account_id=_key(where))
    return chosen


def accounts(form: Mapping[str, str]) -> dict[str, str]:
    """What was chosen for each part, by its key."""
    start = "account-"
    return {name[len(start) :]: value for name, value in form.items() if name.startswith(start)}


def is_settled(one: Seen) -> bool:
    """Whether the file itself says which account it is, and it is there."""
    number = one.part.account
    return number is not None and one.account is not None and one.account.iban == number


def targets(one: Seen, accounts: Sequence["BankAccount"]) -> list[tuple[str, str]]:
    """The accounts a part may go to: those in its currency, a new one, or none."""
    fitting = [
        (str(account.id), account.name)
        for account in accounts
        if one.part.currency in (None, account.currency)
    ]
    new = [] if is_settled(one) else [(NEW, _("Add it as a new account"))]
    return [*fitting, *new, (LEAVE, _("Leave it out"))]


def suggested(one: Seen) -> str:
    """The account the file names; a number that is not known yet is a new account."""
    if one.account is not None:
        return str(one.account.id)
    return NEW


def columns(form: Mapping[str, str]) -> dict[str, str]:
    """Role to column, as chosen. Refuses too little to read a movement."""
    said = {role.value: form.get(role.value, "") for role, _name in ROLES if form.get(role.value)}
    has_amount = Role.AMOUNT in said or {Role.CREDIT, Role.DEBIT} <= set(said)
    if Role.BOOKED not in said or not has_amount:
        raise Refusal(
            N_("Say at least which column holds the day, and which the amount or money in and out.")
        )
    return said


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(N_("Choose one from the list.")) from None
