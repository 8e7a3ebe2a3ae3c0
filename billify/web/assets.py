"""Static files: read once, packed once, named by their content, kept by the browser for good.

There is no build step. The files lie in `static/` as they are written; here `app.css` gets its
parts put in the places of its imports, so a page fetches one style sheet instead of thirty.
The version in the address covers the whole folder, so modules and fonts that name each other
by relative paths always belong together.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from billify.web.access import public

STATIC = Path(__file__).parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"
ONE_MINUTE = "public, max-age=60"
PACKED_TYPES = ("text/", "image/svg", "application/json", "application/manifest")

_TYPES = {".woff2": "font/woff2", ".js": "text/javascript", ".svg": "image/svg+xml"}
_IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\(([\w-]+)\);')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent: its bytes, and packed when packing pays."""

    content: bytes
    packed: bytes | None
    media_type: str


class Assets:
    """All static files of one folder, in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.reload()

    def reload(self) -> None:
        """Read the folder anew."""
        self._stamp = self._newest()
        self.files = {
            path.relative_to(self._folder).as_posix(): _asset(path, self._folder)
            for path in sorted(self._folder.rglob("*"))
            if path.is_file()
        }
        whole = hashlib.sha256()
        for name, asset in self.files.items():
            whole.update(name.encode() + b"\0" + asset.content)
        self.version = whole.hexdigest()[:12]
        self._urls = {name: f"/assets/{self.version}/{name}" for name in self.files}

    def reload_if_changed(self) -> None:
        """Read the folder anew when a file in it was written since (development)."""
        if self._newest() != self._stamp:
            self.reload()

    def url(self, name: str) -> str:
        """Where a browser fetches this file; a name that does not exist fails loudly."""
        return self._urls[name]

    def _newest(self) -> int:
        return max(path.stat().st_mtime_ns for path in self._folder.rglob("*"))


def init_app(app: Flask, *, folder: Path = STATIC) -> Assets:
    """Give templates `asset("css/app.css")` and serve what it points at."""
    assets = Assets(folder)
    app.add_url_rule("/assets/<version>/<path:name>", "asset", _serve(assets))
    app.jinja_env.globals["asset"] = assets.url
    app.extensions["assets"] = assets
    if app.debug:
        app.before_request(assets.reload_if_changed)
    return assets


def _serve(assets: Assets) -> Callable[[str, str], Response]:
    @public
    def serve(version: str, name: str) -> Response:
        asset = assets.files.get(name) or abort(404)
        packed = asset.packed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
        answer = Response(asset.packed if packed else asset.content, content_type=asset.media_type)
        # An old page may still ask for an old version: it gets today's file, but not for good.
        answer.headers["Cache-Control"] = FOREVER if version == assets.version else ONE_MINUTE
        if packed:
            answer.headers["Content-Encoding"] = "gzip"
        if asset.packed is not None:
            answer.headers["Vary"] = "Accept-Encoding"
        return answer

    return serve


def _asset(path: Path, folder: Path) -> Asset:
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    content = _css(path, folder) if path.suffix == ".css" else path.read_bytes()
    packed = None
    if media_type.startswith(PACKED_TYPES):
        packed = gzip.compress(content, 9, mtime=0)
    return Asset(content, packed, media_type)


def _css(path: Path, folder: Path) -> bytes:
    """A style sheet with its imports in place and without comments and indents."""

    def put_in_place(match: re.Match[str]) -> str:
        part, layer = match.groups()
        return f"@layer {layer} {{\n{_css(path.parent / part, folder).decode()}}}"

    text = _IMPORT.sub(put_in_place, path.read_text("utf-8"))
    if path.parent == folder / "css" and path.name == "app.css":
        text = _INDENT.sub("\n", _COMMENT.sub("", text)).strip() + "\n"
    return text.encode()
