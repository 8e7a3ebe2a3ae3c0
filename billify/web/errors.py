"""Every error ends here as one clear sentence; nobody sees a stack."""

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from billify.application import faults
from billify.data.db import Conflict, StaleRow, Unfit, Unreached, abandon
from billify.domain.refusal import Closed, NotAllowed, NotFound, Refusal, Stale
from billify.web import access, htmx, languages, logs

RETRY_AFTER = "5"
_PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 429, 500, 503})
log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Answer refusals, HTTP errors, a missing database and our own mistakes."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RateLimitExceeded, _too_often)
    app.register_error_handler(StaleRow, lambda _error: _refused(Stale()))
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(Unfit, _unfit)
    for unreached in Unreached:
        app.register_error_handler(unreached, _no_database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _mistake)


def _refused(refusal: Refusal) -> Response:
    title = _("Closed for now") if isinstance(refusal, Closed) else None
    return answer(_status(refusal), languages.sentence(refusal), title=title)


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, NotFound):
        return 404
    if isinstance(refusal, NotAllowed):
        return 403
    return 409 if isinstance(refusal, Stale) else 422


def _stale_form(_error: CSRFError) -> Response:
    return answer(400, _("This form was open too long. Load the page again and send it anew."))


def _too_often(error: RateLimitExceeded) -> Response:
    response = answer(429, _("Too many attempts. Wait a minute and try again."))
    wait = error.limit.limit.get_expiry() if error.limit else 60
    response.headers.setdefault("Retry-After", str(wait))
    return response


def _conflict(error: Conflict) -> Response:
    abandon()
    log.warning("request.conflict", error=type(error.orig).__name__)
    return answer(409, _("This no longer fits what is stored. Load the page again and check it."))


def _unfit(error: Unfit) -> Response:
    abandon()
    log.warning("request.unfit", error=type(error.orig).__name__)
    return answer(400, _("This can't be stored or searched for. Leave out unusual characters."))


def _no_database(error: Exception) -> Response:
    abandon()
    access.ask_no_more()
    log.error("database.away", error=type(getattr(error, "orig", error)).__name__)
    response = answer(503, _("Billify is away for a moment. Your work is safe; try again soon."))
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _http(error: HTTPException) -> Response:
    if error.response is not None and error.code is None:
        return make_response(error.response)
    return answer(error.code or 500, None, headers=dict(error.get_headers()))


def _mistake(error: Exception) -> Response:
    abandon()
    access.ask_no_more()
    log.exception("request.mistake", error=type(error).__name__)
    faults.record(error, during=f"{request.method} {logs.route_name()}")
    return answer(500, None)


def answer(
    status: int,
    message: str | None,
    headers: dict[str, str] | None = None,
    title: str | None = None,
) -> Response:
    """The error as a toast for an htmx request, as JSON for a machine, else as a page."""
    if htmx.is_htmx():
        said = message or _("That did not work. Try again.")
        response = make_response("", status)
        htmx.toast(response, said, "bad")
    else:
        code = status if status in _PAGES else (500 if status >= 500 else 400)
        context = {"message": message, "request_id": g.get("request_id"), "said": title}
        response = make_response(render_template(f"errors/{code}.html", **context), status)
    for name in ("Allow", "Retry-After"):
        if headers and name in headers:
            response.headers[name] = headers[name]
    if request.method == "HEAD":
        response.set_data(b"")
    return response
