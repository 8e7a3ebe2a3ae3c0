"""What a browser is told not to do with our pages, and how a stored file leaves us safely."""

import re
import unicodedata
from urllib.parse import quote

from flask import Flask, Response, make_response

PAGE_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
# A served document may show itself and nothing else: no script, form, frame or request.
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"

HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With the full address to ourselves, since the CSRF check looks at it; to others nothing.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(),"
        " publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONE_YEAR_HTTPS = "max-age=31536000; includeSubDomains"

# What a browser may show inside a page; anything else is saved.
SHOWN = frozenset({"image/webp", "image/png", "image/jpeg"})

LONGEST_NAME = 120
_UNFIT = re.compile(r'[\\/:*?"<>|%;,=]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def init_app(app: Flask, *, is_production: bool) -> None:
    """Put the headers on every answer that has not chosen its own."""
    headers = dict(HEADERS)
    if is_production:
        headers["Strict-Transport-Security"] = ONE_YEAR_HTTPS

    def protect(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        # What a signed-in person saw must not be shown to the next one from a cache.
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    app.after_request(protect)


def file_answer(content: bytes, *, name: str, media_type: str, is_shown: bool = False) -> Response:
    """A stored file as an answer that can't act in our name, whatever is in it."""
    response = make_response(content)
    shown = is_shown and media_type in SHOWN
    response.headers["Content-Type"] = media_type if _is_plain(media_type) else _UNKNOWN
    response.headers["Content-Disposition"] = content_disposition(name, is_shown=shown)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, max-age=3600, immutable"
    return response


def content_disposition(name: str, *, is_shown: bool = False) -> str:
    """The header that names a file, from a name that may be meant to harm (RFC 6266, 8187)."""
    kind = "inline" if is_shown else "attachment"
    safe = safe_name(name)
    plain = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode()
    plain = safe_name(plain) if plain.strip("._ -") else "document"
    if plain == safe:
        return f'{kind}; filename="{plain}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def safe_name(name: str) -> str:
    """A file name without path, control or direction characters, of a length any disk takes."""
    last_part = re.split(r"[\\/]", name)[-1]
    # Control, format (which turns text around, so exe looks like pdf), surrogates, unassigned.
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in last_part)
    tidy = re.sub(r" +", " ", _UNFIT.sub("_", unicodedata.normalize("NFC", visible)))
    tidy = _shortened(tidy.strip(" ."))
    if _RESERVED.match(tidy):
        tidy = f"_{tidy}"
    return tidy or "document"


_UNKNOWN = "application/octet-stream"


def _is_plain(media_type: str) -> bool:
    return bool(re.fullmatch(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}", media_type))


def _shortened(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = name, "", ""
    room = LONGEST_NAME - len(dot + ending)
    return stem[:room].rstrip(" .") + dot + ending
