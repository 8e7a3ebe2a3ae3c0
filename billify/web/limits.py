"""How often one address may try: stricter where passwords are guessed or files are sent."""

import hmac

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

LOGIN = "10 per minute; 60 per hour"
SIGN_UP = "10 per hour"
RECOVERY = "10 per hour"
INVITATIONS = "60 per hour"
UPLOAD = "240 per minute"
PRINT = "30 per minute"

csrf = CSRFProtect()


limiter = Limiter(key_func=get_remote_address, headers_enabled=True, strategy="fixed-window")
"""Counts in Valkey; while that is away each process counts for itself."""


def init_app(app: Flask) -> None:
    """Count what is limited by address; reading pages is free."""
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
    """The account somebody tries to enter, so that many addresses share one count. As a
    mark that only our key makes: what counts need not know whose it is."""
    email = request.form.get("email", "").strip().lower()[:200]
    if not email:
        return get_remote_address()
    key: str = current_app.config["SETTINGS"].secret_key
    return f"account:{hmac.new(key.encode(), email.encode(), 'sha256').hexdigest()}"


def is_get() -> bool:
    """Showing a form costs nothing."""
    return request.method != "POST" or current_app.config.get("RATELIMIT_ENABLED") is False
