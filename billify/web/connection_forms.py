"""The forms of connections."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.application.partners.ponto.connecting import Choice
from billify.application.partners.protocol import Description, Field
from billify.web.forms import Form, OptionalText, at_most, required

if TYPE_CHECKING:
    from billify.data.models import BankAccount, ConnectedAccount

NOT, NEW = "", "new"
LONGEST_KEY = 500


def login_form(fields: Sequence[Field]) -> Form:
    """The form of what a partner asks for to connect."""
    made = {
        one.name: OptionalText(_l(one.label), [required(), at_most(LONGEST_KEY)]) for one in fields
    }
    # Any: a class made here, whose fields nobody asks for by attribute
    kind: Any = type("LoginForm", (Form,), made)
    form: Form = kind()
    return form


def given(form: Form, described: Description) -> dict[str, str]:
    """What was filled in, by the names of the partner's fields."""
    return {one.name: form[one.name].data or "" for one in described.fields}


def choices(form: Mapping[str, str], offered: Sequence["ConnectedAccount"]) -> dict[UUID, Choice]:
    """What was picked for each account that is offered; a strange value picks nothing."""
    found = {}
    for one in offered:
        picked = form.get(f"account-{one.id}", NOT)
        if picked == NEW:
            found[one.id] = Choice()
        elif picked:
            try:
                found[one.id] = Choice(account_id=UUID(picked))
            except ValueError:
                continue
    return found


def options(accounts: Sequence["BankAccount"]) -> list[tuple[str, str]]:
    """Where an account's movements may go."""
    return [
        (NOT, _("Do not bring it")),
        (NEW, _("To a new account")),
        *((str(one.id), _("To %(name)s", name=one.name)) for one in accounts),
    ]


def picked(
    one: "ConnectedAccount", suggested: Mapping[UUID, "BankAccount"], form: Mapping[str, str]
) -> str:
    """What the list shows for an account: what was picked, what it is, or what is likely."""
    told = form.get(f"account-{one.id}")
    if told is not None:
        return told
    if one.account_id is not None:
        return str(one.account_id)
    return str(suggested[one.id].id) if one.id in suggested else NEW
