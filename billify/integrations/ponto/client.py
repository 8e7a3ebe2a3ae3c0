"""The calls that Billify makes to Ponto. Lists are followed by the links they come with."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from billify.integrations.ponto import resources
from billify.integrations.ponto.answers import Json, document
from billify.integrations.ponto.errors import Gone, TokenEnded, Unreadable
from billify.integrations.ponto.resources import Account, Synchronization, Transaction
from billify.integrations.ponto.transport import Traffic, Transport

MOST_A_PAGE = 100
MOST_PAGES = 50_000
MEDIA = "application/vnd.api+json"
Token = Callable[[bool], str]
"""Gives an access token; True asks for a new one, since the last was not taken."""


@dataclass(frozen=True, slots=True)
class Page:
    """Movements of one answer, newest first, and where older ones stand."""

    transactions: tuple[Transaction, ...]
    odd: int
    """How many could not be read as money on a day."""
    next: str | None


class Client:
    """One connection's view of Ponto."""

    def __init__(
        self, transport: Transport, token: Token, *, limit_name: str = "page[limit]"
    ) -> None:
        self._transport = transport
        self._token = token
        self._limit = f"{quote(limit_name)}={MOST_A_PAGE}"

    @property
    def traffic(self) -> Traffic:
        """What the calls weighed so far."""
        return self._transport.traffic

    def accounts(self) -> list[Account]:
        """Every account that the connection may read."""
        found: list[Account] = []
        for answer in self._follow(self._url("/accounts")):
            found += [resources.account(one) for one in resources.resources(answer)]
        return found

    def pages(self, account_id: str, *, start: str | None = None) -> Iterator[Page]:
        """Booked movements page by page, newest first; `start` is a link that a page gave."""
        address = start or self._url(f"/accounts/{quote(account_id, safe='')}/transactions")
        return map(_page, self._follow(address))

    def updated(self, synchronization_id: str) -> Iterator[Page]:
        """The movements that a synchronisation added or changed."""
        key = quote(synchronization_id, safe="")
        return map(_page, self._follow(self._url(f"/synchronizations/{key}/updated-transactions")))

    def pending(self, account_id: str) -> list[Transaction]:
        """Movements that the bank has not booked yet."""
        key = quote(account_id, safe="")
        answers = self._follow(self._url(f"/accounts/{key}/pending-transactions"))
        return [one for answer in answers for one in _page(answer).transactions]

    def has_transaction(self, account_id: str, transaction_id: str) -> bool:
        """Whether the bank still tells a movement under this key."""
        of, key = quote(account_id, safe=""), quote(transaction_id, safe="")
        try:
            self._get(f"{self._transport.base_url}/accounts/{of}/transactions/{key}")
        except Gone:
            return False
        return True

    def synchronize(
        self, account_id: str, subtype: str, *, person_address: str | None = None
    ) -> Synchronization:
        """Ask the bank for what is new. Raises TooSoon.

        `person_address` is the address of the person who waits for it, and of nobody else.
        """
        attributes = {"resourceType": "account", "resourceId": account_id, "subtype": subtype}
        if person_address:
            attributes["customerIpAddress"] = person_address
        asked = {"data": {"type": "synchronization", "attributes": attributes}}
        answer = self._post("/synchronizations", asked)
        return resources.synchronization(resources.resource(answer))

    def synchronization(self, synchronization_id: str) -> Synchronization:
        """How a synchronisation goes."""
        key = quote(synchronization_id, safe="")
        answer = self._get(f"{self._transport.base_url}/synchronizations/{key}")
        return resources.synchronization(resources.resource(answer))

    def reauthorization(self, account_id: str, *, redirect_uri: str) -> str | None:
        """Where a person renews the consent for an account (Ponto Connect)."""
        key = quote(account_id, safe="")
        attributes = {"redirectUri": redirect_uri}
        asked = {"data": {"type": "accountReauthorizationRequest", "attributes": attributes}}
        return resources.redirect_link(
            self._post(f"/accounts/{key}/reauthorization-requests", asked)
        )

    def organisation(self) -> str:
        """The name of who connected (Ponto Connect)."""
        return str(self._get(f"{self._transport.base_url}/userinfo").get("name") or "")[:200]

    def _url(self, path: str) -> str:
        return f"{self._transport.base_url}{path}?{self._limit}"

    def _follow(self, url: str) -> Iterator[Json]:
        """Each page of a list. A list that leads back to itself is refused."""
        seen: set[str] = set()
        following: str | None = url
        while following is not None:
            if following in seen or len(seen) >= MOST_PAGES:
                raise Unreadable("a list has no end")
            seen.add(following)
            answer = self._get(following)
            yield answer
            following = resources.next_link(answer)

    def _get(self, url: str) -> Json:
        return self._call("GET", url, b"", {})

    def _post(self, path: str, asked: Json) -> Json:
        headers = {"Content-Type": MEDIA, "Ibanity-Idempotency-Key": str(uuid.uuid4())}
        url = f"{self._transport.base_url}{path}"
        return self._call("POST", url, json.dumps(asked).encode(), headers)

    def _call(self, method: str, url: str, body: bytes, more: dict[str, str]) -> Json:
        """Once more with a new token, when the one we had was not taken."""
        try:
            return self._once(method, url, body, more, self._token(False))
        except TokenEnded:
            return self._once(method, url, body, more, self._token(True))

    def _once(self, method: str, url: str, body: bytes, more: dict[str, str], token: str) -> Json:
        headers = {"Accept": MEDIA, "Authorization": f"Bearer {token}", **more}
        return document(self._transport.call(method, url, headers=headers, body=body))


def _page(answer: Json) -> Page:
    told = resources.resources(answer)
    read = [resources.transaction(one) for one in told]
    kept = tuple(one for one in read if one is not None)
    return Page(kept, len(told) - len(kept), resources.next_link(answer))
