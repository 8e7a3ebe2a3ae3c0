"""Logs as one JSON object a line, with the request, company and job they belong to.

No personal data: a request is told by its route and never by its URL, an exception by its kind
and place and never by its message (a database's message quotes the row), and a key that
smells of a person is left out.
"""

import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from billify.config import Settings
from billify.web import request_id

LEFT_OUT = "(left out)"
PERSONAL = frozenset(
    """
    address amount authorization bic body cookie email first_name form gross iban ip last_name
    name net password phone query recipient secret street token url user_agent vat_number
    """.split()  # noqa: SIM905  # as a list it fills a page
)
LONGEST_TRACE = 30

Event = MutableMapping[str, Any]  # structlog's own type for what is logged

log: structlog.stdlib.BoundLogger = structlog.get_logger("billify.web")


def init_app(app: Flask) -> None:
    """One line per request, and every line with the ids it belongs to."""
    settings: Settings = app.config["SETTINGS"]
    configure(is_readable=settings.env == "development")
    app.before_request(_start)
    app.after_request(_finish)


def configure(*, is_readable: bool = False, stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's loggers to stderr; stdout is for results."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(colors=False)]
        if is_readable
        else [tell_exception, leave_out_people, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [kept for kept in root.handlers if not _is_ours(kept)]
    handler.set_name("billify")
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # Their own lines hold the URL and the address of the visitor, and whom a limit stopped.
    for name in ("werkzeug", "flask-limiter"):
        logging.getLogger(name).setLevel(logging.WARNING)


def bind_company(company_id: UUID) -> None:
    """From here on, each line of this request tells the company."""
    bind_contextvars(company_id=str(company_id))


def tell_exception(_logger: object, _method: str, event: Event) -> Event:
    """Replace an exception by its kind and where it came from, without its message."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = _kind(error)
        event["trace"] = _trace(error.__traceback__)
        cause = error.__cause__ or error.__context__
        if cause is not None:
            event["cause"] = _kind(cause)
    event.pop("stack_info", None)
    return event


def leave_out_people(_logger: object, _method: str, event: Event) -> Event:
    """Blank the values of keys that smell of a person or of money."""
    for key in event:
        if key in PERSONAL:
            event[key] = LEFT_OUT
    return event


def _start() -> None:
    # Threads are used again for other requests, and so would be what was bound.
    clear_contextvars()
    bind_contextvars(request_id=request_id.current())
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    started = g.get("started")
    log.info(
        "request",
        method=request.method,
        route=route_name(),
        status=response.status_code,
        ms=round((time.perf_counter() - started) * 1000, 1) if started else None,
    )
    return response


def route_name() -> str:
    """The rule that answers, as `/c/<company>/purchases`: few values, nobody's data."""
    return request.url_rule.rule if request.url_rule else "(none)"


def _is_ours(handler: logging.Handler) -> bool:
    return handler.get_name() == "billify"


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _trace(tb: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(tb)[-LONGEST_TRACE:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
