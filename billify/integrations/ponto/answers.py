"""What an answer means: its document, or the error it stands for."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from billify.integrations.ponto.errors import (
    Gone,
    Limited,
    LoginRefused,
    NotAllowedThere,
    Refused,
    ServerFault,
    TokenEnded,
    TooSoon,
    Unreadable,
)
from billify.integrations.ponto.transport import Reply

Json = dict[str, Any]  # Any: JSON
LONGEST_WAIT = 24 * 3600.0
_LOGIN_CODES = frozenset(
    {
        "authorizationCodeInvalid",
        "clientIdInvalid",
        "invalidCredentials",
        "credentialsInvalid",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
    }
)


def document(reply: Reply) -> Json:
    """The document of an answer that went well, numbers as Decimal. Raises PontoError."""
    if reply.status >= 300:
        _raise(reply)
    return _parsed(reply.body)


def _parsed(body: bytes) -> Json:
    try:
        found = json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the answer is no JSON") from error
    if not isinstance(found, dict):
        raise Unreadable("the answer is no JSON object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _raise(reply: Reply) -> NoReturn:
    code = _code(reply.body)
    if code == "accountRecentlySynchronized":
        raise TooSoon("synchronised a moment ago", code=code)
    if reply.status == 429:
        raise Limited("asked too often", retry_after=_seconds(reply.headers.get("retry-after")))
    if code in _LOGIN_CODES:
        raise LoginRefused("the login was refused", code=code)
    said = f"answered {reply.status}"
    if reply.status >= 500:
        raise ServerFault(said, code=code)
    kind = {401: TokenEnded, 403: NotAllowedThere, 404: Gone, 410: Gone}.get(reply.status, Refused)
    raise kind(said, code=code)


def _code(body: bytes) -> str:
    """Ponto's word for an error: of JSON:API, or of OAuth. An HTML page has none."""
    try:
        found = _parsed(body)
    except Unreadable:
        return ""
    errors = found.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return str(errors[0].get("code") or "")[:80]
    return str(found.get("error") or "")[:80]


def _seconds(told: str | None) -> float | None:
    """`Retry-After` in seconds, or as a date (RFC 9110, 10.2.3); None when it says neither."""
    if not told:
        return None
    if told.strip().isdigit():
        return min(float(told), LONGEST_WAIT)
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max((until - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_WAIT)
