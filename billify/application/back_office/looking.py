"""Each look of staff at a company's rows is a line in that company's own audit log."""

from uuid import UUID

from billify.application import audit
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.queries import companies as queries
from billify.domain.roles import Staff


def note(*, what: str, company_id: UUID, by: Staff) -> None:
    """Write down that staff look at a company's rows, before they are shown.

    `what` is a word of `web/verbs.py` PAGES, or the path of a page of the company.
    """
    with tenancy.company_scope(company_id), transaction():
        audit.record("staff.looked", queries.own(), by=by, after={"page": what})
