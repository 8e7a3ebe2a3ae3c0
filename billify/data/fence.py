"""Tables that are open on purpose, or fenced by something else than the company, each with its
reason. Staff read it on the fence page; a test holds the database against it."""

from billify.domain.refusal import N_

OPEN = {
    "user_account": N_("A person may belong to many companies, and logs in before one is chosen."),
    "login_session": N_("A cookie is looked up before anyone knows whose it is."),
    "partner_call": N_(
        "A partner counts calls for its customer, whom several companies may share. It holds a"
        " hash and a number."
    ),
    "alembic_version": N_("Holds the number of the schema only."),
}
"""No policy at all."""

OTHERWISE = {
    "company": N_("Seen by its people, and its name by staff and the clock."),
    "passkey": N_("Seen by its person."),
    "recovery_code": N_("Seen by its person."),
    "person_token": N_("Seen by its person."),
    "notification_choice": N_("Seen by its person."),
    "person_export": N_("Seen by its person."),
    "mail": N_("Seen by its person and the company that it is about."),
    "app_error": N_("Seen by staff."),
    "announcement": N_("Seen by all, written by staff."),
}
"""Fenced by something else than the company of a row."""
