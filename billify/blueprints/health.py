"""For machines that watch over Billify: is it alive, is it ready, and how does it fare."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify

from billify.application import health
from billify.web import metrics
from billify.web.access import public

bp = Blueprint("health", __name__)


@bp.get("/health/live")
@public
def live() -> Response:
    """The process answers; it asks nobody else, so a restart is only for a hung process."""
    return _fresh({"status": "live"})


@bp.get("/health/ready")
@public
def ready() -> Response:
    """Every part with how long it took; 503 when one fails."""
    parts = health.check()
    is_ready = all(part.is_ok for part in parts)
    return _fresh(
        {"status": "ready" if is_ready else "not ready", "parts": [_told(part) for part in parts]},
        status=200 if is_ready else 503,
    )


@bp.get("/health")
@public
def summary() -> Response:
    """One word on the whole and one on each part."""
    parts = health.check()
    return _fresh(
        {"status": _word(parts), "parts": {part.name: _word([part]) for part in parts}},
        status=200 if all(part.is_ok for part in parts) else 503,
    )


@bp.get("/metrics")
@public
def figures() -> Response:
    """Figures for Prometheus; for anyone but this machine and the holder of the token, nothing."""
    if not metrics.may_read():
        abort(404)
    return metrics.page()


def _word(parts: list[health.Part]) -> str:
    if not all(part.is_ok for part in parts):
        return "down"
    return "degraded" if any(part.note for part in parts) else "ok"


def _told(part: health.Part) -> dict[str, Any]:  # Any: JSON
    told = {"name": part.name, "ok": part.is_ok, "ms": part.ms}
    return told | {"note": part.note} if part.note else told


def _fresh(body: dict[str, Any], *, status: int = 200) -> Response:  # Any: JSON
    response = jsonify(body)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
