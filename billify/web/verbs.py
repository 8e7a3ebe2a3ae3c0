"""What the audit log's verbs are called on screen."""

from flask import Flask
from flask_babel import gettext

from billify.domain.refusal import N_

VERBS = {
    "company.signed_up": N_("Company signed up"),
    "company.changed": N_("Company changed"),
    "member.changed": N_("Role or limit changed"),
    "member.removed": N_("Person removed"),
    "document.received": N_("Document received"),
    "document.unreadable": N_("Document could not be read"),
    "document.retried": N_("Read again"),
    "document.deleted": N_("Upload deleted"),
    "invoice.drafted": N_("Read from the document"),
    "invoice.entered": N_("Entered by hand"),
    "invoice.saved": N_("Saved"),
    "invoice.approved": N_("Approved"),
    "invoice.rejected": N_("Rejected"),
    "invoice.set_aside": N_("Set aside"),
    "invoice.reopened": N_("Taken up again"),
    "invoices.exported": N_("Invoices exported"),
    "contact.added": N_("Contact added"),
    "contact.changed": N_("Contact changed"),
    "account.added": N_("Bank account added"),
    "account.changed": N_("Bank account changed"),
    "movement.entered": N_("Movement entered"),
    "planned.added": N_("Planned item added"),
    "planned.changed": N_("Planned item changed"),
    "planned.removed": N_("Planned item removed"),
}


def init_app(app: Flask) -> None:
    """Templates say `event.verb|verb`."""
    app.jinja_env.filters["verb"] = name


def name(verb: str) -> str:
    """The words for a verb; an unknown one is shown as it is."""
    known = VERBS.get(verb)
    return gettext(known) if known else verb
