"""How often one address may try: stricter where passwords are guessed or files are sent."""

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from billify.web.access import COOKIE

LOGIN = "10 per minute; 60 per hour"
SIGN_UP = "10 per hour"
UPLOAD = "240 per minute"
CHANGES = "600 per minute"

csrf = CSRFProtect()


def _caller() -> str:
    """The signed-in device, else the address. The cookie is never stored as it is."""
    token = request.cookies.get(COOKIE)
    return f"device:{hash(token)}" if token else f"address:{get_remote_address()}"


limiter = Limiter(key_func=get_remote_address, headers_enabled=True, strategy="fixed-window")
"""Counts in Valkey; while that is away each process counts for itself."""


def init_app(app: Flask) -> None:
    """Count changes by caller; reading pages is free."""
    settings = app.config["SETTINGS"]
    url = settings.redis_url
    app.config.update(
        RATELIMIT_STORAGE_URI=f"redis+{url}" if url.startswith("unix:") else url,
        RATELIMIT_STORAGE_OPTIONS={"socket_timeout": 1, "socket_connect_timeout": 1},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_KEY_PREFIX="limit",
    )
    csrf.init_app(app)
    limiter.init_app(app)


def login_email() -> str:
    """The account somebody tries to enter, so that many addresses share one count."""
    email = request.form.get("email", "").strip().lower()[:200]
    return f"account:{email}" if email else get_remote_address()


def is_get() -> bool:
    """Showing a form costs nothing."""
    return request.method != "POST" or current_app.config.get("RATELIMIT_ENABLED") is False
