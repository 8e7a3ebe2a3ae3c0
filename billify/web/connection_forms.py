"""The forms of connections."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.application.partners.ponto.connecting import Choice
from billify.web.forms import Form, OptionalText, at_most, required

if TYPE_CHECKING:
    from billify.data.models import BankAccount, ConnectedAccount

NOT, NEW = "", "new"


class KeysForm(Form):
    """The company's own keys at Ponto."""

    client_id = OptionalText(_l("Client ID"), [required(), at_most(500)])
    client_secret = OptionalText(_l("Client secret"), [required(), at_most(500)])


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
