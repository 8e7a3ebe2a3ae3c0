"""Logging in: client credentials, authorization code with PKCE, and refresh tokens used once."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from billify.integrations.ponto.answers import document
from billify.integrations.ponto.errors import LoginRefused, Refused, TokenEnded, Unreadable
from billify.integrations.ponto.transport import Transport

SCOPE = "ai name offline_access"
"""Reading only: `pi`, which makes payments, is never asked for."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a login gave. Each refresh token opens once; the answer holds the next one."""

    access_token: str = field(repr=False)
    expires_in: float
    refresh_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Verifier:
    """The secret of one authorization, and what may be shown of it (RFC 7636, S256)."""

    secret: str = field(repr=False)

    @classmethod
    def new(cls) -> "Verifier":
        """A fresh one."""
        return cls(secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """What goes along in the address."""
        hashed = hashlib.sha256(self.secret.encode()).digest()
        return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


class Logins:
    """The login door of one partner, for one client."""

    def __init__(self, transport: Transport, client_id: str, client_secret: str) -> None:
        self._transport = transport
        self._client_id = client_id
        self._secret = client_secret

    def by_keys(self) -> Grant:
        """With keys alone. Raises LoginRefused when they are not taken."""
        return self._ask({"grant_type": "client_credentials"})

    def by_code(self, *, code: str, verifier: Verifier, redirect_uri: str) -> Grant:
        """With the code that the browser brought back. Raises LoginRefused."""
        return self._ask(
            {
                "grant_type": "authorization_code",
                "code": code,
                "code_verifier": verifier.secret,
                "redirect_uri": redirect_uri,
                "client_id": self._client_id,
            }
        )

    def by_refresh(self, refresh_token: str) -> Grant:
        """With a refresh token, which is spent by it. Raises LoginRefused."""
        return self._ask(
            {
                "grant_type": "refresh_token",
                "refresh_token": refresh_token,
                "client_id": self._client_id,
            }
        )

    def revoke(self, refresh_token: str) -> None:
        """Hand a refresh token back."""
        self._transport.call(
            "POST",
            f"{self._transport.base_url}/oauth2/revoke",
            headers=self._headers(),
            body=urlencode({"token": refresh_token}).encode(),
        )

    def _ask(self, form: dict[str, str]) -> Grant:
        reply = self._transport.call(
            "POST",
            f"{self._transport.base_url}/oauth2/token",
            headers=self._headers(),
            body=urlencode(form).encode(),
        )
        try:
            found = document(reply)
        except (TokenEnded, Refused) as no:
            raise LoginRefused("the login was refused", code=no.code) from no
        access, seconds = found.get("access_token"), found.get("expires_in")
        if not isinstance(access, str) or not access:
            raise Unreadable("the login gave no token")
        refresh = found.get("refresh_token")
        return Grant(
            access,
            float(seconds) if isinstance(seconds, int | float) else 60.0,
            refresh if isinstance(refresh, str) and refresh else None,
        )

    def _headers(self) -> dict[str, str]:
        pair = f"{self._client_id}:{self._secret}".encode()
        return {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }


def authorization_url(
    address: str, *, client_id: str, redirect_uri: str, state: str, challenge: str
) -> str:
    """Where a person allows it."""
    asked = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": SCOPE,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{address}?{urlencode(asked, quote_via=quote)}"
