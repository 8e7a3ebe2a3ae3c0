"""Where a partner sends a person back to: one address for all companies, as it is registered."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from billify.domain.refusal import NotFound
from billify.web import htmx
from billify.web.access import person

bp = Blueprint("consents", __name__)


@bp.get("/connections/ponto")
@person
def ponto() -> Response:
    """On to the company and connection that the state names; there it is checked."""
    if not request.args.get("state"):
        # A consent was renewed: nothing has to be taken over, the next run sees it.
        return htmx.go(url_for("auth.start"))
    slug, _, rest = request.args["state"].partition(".")
    key = rest.partition(".")[0]
    try:
        integration_id = UUID(key)
    except ValueError:
        raise NotFound from None
    # Any: as url_for has it, which also takes flags of its own
    answer: dict[str, Any] = {
        name: request.args[name] for name in ("code", "state", "error") if name in request.args
    }
    where = url_for("ponto.consent", company=slug, integration_id=integration_id, **answer)
    return htmx.go(where)
