"""OAuth as Ponto does it: client credentials, authorization code with PKCE, rotating tokens."""

import base64
import hashlib
import secrets
from urllib.parse import urlencode

from billify.stand_ins.ponto.world import Json, World

OWN = "ai"
CONNECT = "offline_access ai name"


class Refused(Exception):
    """An OAuth error with its code."""


def token(world: World, client: tuple[str, str] | None, form: dict[str, str]) -> Json:
    """An access token, and with Ponto Connect a new refresh token. Raises Refused."""
    if client is None or world.clients.get(client[0]) != client[1]:
        raise Refused("invalid_client")
    grants = {
        "client_credentials": _by_keys,
        "authorization_code": _by_code,
        "refresh_token": _by_refresh,
    }
    grant = grants.get(form.get("grant_type", ""))
    if grant is None:
        raise Refused("unsupported_grant_type")
    return grant(world, client[0], form)


def authorize(world: World, asked: dict[str, str]) -> str:
    """The person says yes: where the browser goes next, with a code."""
    code = secrets.token_urlsafe(24)
    with world.lock:
        world.codes[code] = {
            "client": asked.get("client_id", ""),
            "challenge": asked.get("code_challenge", ""),
            "redirect": asked.get("redirect_uri", ""),
        }
    return _joined(asked, code=code)


def declined(asked: dict[str, str]) -> str:
    """The person says no."""
    return _joined(asked, error="access_denied")


def revoke(world: World, form: dict[str, str]) -> None:
    """Forget a refresh token."""
    with world.lock:
        world.refresh.pop(form.get("token", ""), None)


def is_valid(world: World, bearer: str | None) -> bool:
    """Whether an access token still opens the door."""
    with world.lock:
        return bearer is not None and world.access.get(bearer, 0) > world.clock()


def _by_keys(world: World, _client: str, _form: dict[str, str]) -> Json:
    return _answer(world, OWN)


def _by_code(world: World, client: str, form: dict[str, str]) -> Json:
    with world.lock:
        kept = world.codes.pop(form.get("code", ""), None)
    if kept is None or kept["client"] != client or kept["redirect"] != form.get("redirect_uri"):
        raise Refused("invalid_grant")
    hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    if base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() != kept["challenge"]:
        raise Refused("invalid_grant")
    return _with_refresh(world, client)


def _by_refresh(world: World, client: str, form: dict[str, str]) -> Json:
    with world.lock:
        owner = world.refresh.pop(form.get("refresh_token", ""), None)
    if owner != client:
        raise Refused("invalid_grant")
    return _with_refresh(world, client)


def _with_refresh(world: World, client: str) -> Json:
    made = _answer(world, CONNECT)
    made["refresh_token"] = secrets.token_urlsafe(32)
    with world.lock:
        world.refresh[made["refresh_token"]] = client
    world.on_change()
    return made


def _answer(world: World, scope: str) -> Json:
    access = secrets.token_urlsafe(32)
    seconds = world.behaviour.token_seconds
    with world.lock:
        world.access[access] = world.clock() + seconds
    return {
        "access_token": access,
        "expires_in": int(seconds),
        "scope": scope,
        "token_type": "bearer",
    }


def _joined(asked: dict[str, str], **more: str) -> str:
    if "state" in asked:
        more["state"] = asked["state"]
    address = asked.get("redirect_uri", "")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(more)}"
