"""A name for each request, so that one line in any log can be found in all the others."""

import re
from uuid import uuid4

from flask import Flask, Response, g, request

HEADER = "X-Request-ID"

# What a proxy may hand us: no spaces, quotes or line breaks, so it is safe in logs and headers.
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def init_app(app: Flask) -> None:
    """Name each request first of all, and tell the name in the answer."""
    app.before_request(_name_request)
    app.after_request(_tell_name)


def accepted(given: str | None) -> str:
    """The name a proxy gave when it is harmless, else a new one."""
    if given and _SAFE.fullmatch(given):
        return given
    return uuid4().hex


def current() -> str:
    """The name of the running request, for an error page."""
    name: str = g.setdefault("request_id", accepted(request.headers.get(HEADER)))
    return name


def _name_request() -> None:
    current()


def _tell_name(response: Response) -> Response:
    response.headers[HEADER] = current()
    return response
