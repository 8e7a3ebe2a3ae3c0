"""The way in: from a proof of who one is to the first page, and what is kept in between."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_address
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, request, session, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from billify.application import auth
from billify.domain.passkeys import Party
from billify.web import access, languages

HALF_LASTS = timedelta(minutes=5)
_HALF, _BROWSER = "half", "browser"
ONE_YEAR = 31_536_000


def into(entered: auth.SignedIn, wanted: str | None = None) -> BaseResponse:
    """Sign this device in and go to the page that was wanted, or to the person's first one.

    Whatever the browser held before is forgotten, so that nobody enters on a session that
    somebody else has laid out for them.
    """
    session.clear()
    response = redirect(
        safe_address(wanted) or first_page(entered.slugs, is_staff=entered.user.is_staff), code=303
    )
    access.set_cookie(response, entered.token)
    response.set_cookie(languages.COOKIE, entered.user.language, max_age=ONE_YEAR, samesite="Lax")
    return response


def first_page(slugs: Sequence[str], *, is_staff: bool = False) -> str:
    """The company of who has one, the board of who has several, the back office of staff."""
    if not slugs:
        return url_for("back_office.index" if is_staff else "auth.account")
    return url_for("board.index") if len(slugs) > 1 else url_for("home.index", company=slugs[0])


def safe_address(wanted: str | None) -> str | None:
    """An address on this site, or nothing: a link must not lead a person elsewhere.

    Browsers read a backslash as a slash and leave tabs and line ends out (WHATWG URL, 4.4), so
    neither may stand in it.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return None
    if any(sign == "\\" or sign < "!" for sign in wanted):
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted


def to_second_step(half: auth.Half, wanted: str | None = None) -> BaseResponse:
    """Remember, signed and for five minutes, who gave the right password; ask for a code."""
    session.clear()
    until = int((access.now() + HALF_LASTS).timestamp())
    session[_HALF] = {"user": str(half.user_id), "mark": half.mark, "until": until}
    return redirect(url_for("auth.second_step", next=safe_address(wanted)), code=303)


def half() -> auth.Half | None:
    """Who gave the right password in this browser less than five minutes ago."""
    if _HALF not in session:
        return None
    found = session[_HALF]
    if found["until"] < access.now().timestamp():
        return None
    return auth.Half(UUID(found["user"]), found["mark"])


def half_key() -> str:
    """Whose codes somebody tries, so that many addresses share one count."""
    found = half()
    return f"half:{found.user_id}" if found else f"address:{request.remote_addr}"


def person_key() -> str:
    """Whose password somebody tries at an open screen."""
    one = access.signed_in()
    return f"person:{one.user_id}" if one else f"address:{request.remote_addr}"


def browser() -> str:
    """A name for this browser while nobody is signed in on it: its challenges are its own."""
    if _BROWSER not in session:
        session[_BROWSER] = secrets.token_urlsafe(16)
    return cast(str, session[_BROWSER])  # what stands in the session is what was put there


def party() -> Party | None:
    """What passkeys are bound to; None where pages are asked for by number, which no browser
    takes (W3C, 5.4.2). In production it is the address that settings name."""
    settings = current_app.config["SETTINGS"]
    origin = settings.public_url if settings.is_production else request.host_url.rstrip("/")
    name = urlsplit(origin).hostname or ""
    return None if _is_number(name) else Party(id=name, origin=origin)


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
