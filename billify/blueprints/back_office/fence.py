"""The fence between companies: every table with its policies, a live probe, and what the tests
found last."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from billify.application.back_office import audit_log, fence, version
from billify.domain.refusal import NotFound
from billify.web import htmx
from billify.web.access import staff

bp = Blueprint("staff_fence", __name__, url_prefix="/fence")


@bp.get("")
@staff
def index() -> Response:
    """How the fence stands."""
    return htmx.page("back_office/fence.html", **_shown())


@bp.post("")
@staff
def probe() -> Response:
    """Count in every table, within one company, the rows of others: there must be none."""
    company_id = _company()
    name = audit_log.company_name(company_id=company_id)
    probed = fence.probe(company_id=company_id)
    return htmx.page(
        "back_office/fence.html", probed=probed, probed_in=name, chosen=company_id, **_shown()
    )


def _shown() -> dict[str, Any]:  # Any: what the template takes
    return {
        "tables": fence.tables(),
        "role": fence.role(),
        "matrix": fence.matrix(),
        "version": version,
        "companies": audit_log.companies(words=""),
    }


def _company() -> UUID:
    try:
        return UUID(request.form.get("company", ""))
    except ValueError:
        raise NotFound from None
