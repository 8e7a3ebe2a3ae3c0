"""What the stand-in says, as JSON:API."""

import bisect
import json
from collections.abc import Sequence

from billify.stand_ins.ponto.world import Account, Json, Synchronization, Transaction, World, stamp
from billify.stand_ins.ponto.world import synchronization_resource as synchronization

DEFAULT_LIMIT, MOST = 10, 100
INSTITUTION = "0ef1a5a4-7f3c-4f5b-9a0e-2f6f3c8f3b11"


def account(world: World, one: Account, base: str) -> Json:
    """An account with its balance and when it was last synchronised."""
    synchronized = stamp(one.synchronized_at) if one.synchronized_at else None
    told = one.more.get("currentBalance", float(one.balance))
    attributes: Json = {
        "subtype": "checking",
        "reference": one.reference,
        "referenceType": "IBAN",
        "product": "Business account",
        "internalReference": one.id[:18],
        "description": "Zichtrekening",
        "holderName": one.holder,
        "currency": one.currency,
        "deprecated": False,
        "currentBalance": told,
        "currentBalanceReferenceDate": synchronized,
        "currentBalanceChangedAt": synchronized,
        "currentBalanceVariationObservedAt": synchronized,
        "availableBalance": told,
        "availableBalanceReferenceDate": synchronized,
        "availableBalanceChangedAt": None,
        "availableBalanceVariationObservedAt": None,
        "authorizedAt": synchronized,
        "authorizationExpirationExpectedAt": stamp(one.consent_ends) if one.consent_ends else None,
        **{key: value for key, value in one.more.items() if key != "currentBalance"},
    }
    meta: Json = {"synchronizedAt": synchronized, "availability": one.availability}
    if world.behaviour.embeds_latest:
        meta["latestSynchronization"] = one.latest
    if world.behaviour.has_unknown_attributes:
        attributes["moonPhase"] = {"deep": [1, None, "x"]}
    return {
        "type": "account",
        "id": one.id,
        "attributes": attributes,
        "relationships": {
            "transactions": {"links": {"related": f"{base}/accounts/{one.id}/transactions"}},
            "financialInstitution": {
                "links": {"related": f"{base}/financial-institutions/{INSTITUTION}"},
                "data": {"type": "financialInstitution", "id": INSTITUTION},
            },
        },
        "links": {"self": f"{base}/accounts/{one.id}"},
        "meta": meta,
    }


def single(resource: Json) -> bytes:
    """One resource in its envelope."""
    return json.dumps({"data": resource}).encode()


def listing(resources: Sequence[str], links: Json, meta: Json) -> bytes:
    """A list in its envelope; resources are JSON already."""
    head = f'{{"data":[{",".join(resources)}],"links":{json.dumps(links)},'
    return f'{head}"meta":{json.dumps(meta)}}}'.encode()


def movements(
    world: World,
    of: Account,
    kind: str,
    found: Sequence[Transaction],
    address: str,
    asked: dict[str, str],
) -> bytes | None:
    """A page of movements, newest first; `found` is oldest first. None: the cursor is unknown."""
    limit = _limit(asked)
    start = _start(of, found, asked, limit)
    if start is None:
        return None
    end = min(start + limit, len(found))
    part = [found[len(found) - 1 - at] for at in range(start, end)]
    after = world.behaviour.after_name
    before = after.replace("after", "before")
    links: Json = {"first": f"{address}?limit={limit}"}
    paging: Json = {"limit": limit}
    if start > 0 and part:
        links["prev"] = f"{address}?{before}={part[0].id}&limit={limit}"
        paging["before"] = part[0].id
    if end < len(found):
        links["next"] = f"{address}?{after}={part[-1].id}&limit={limit}"
        paging["after"] = part[-1].id
    meta: Json = {"paging": paging}
    if of.synchronized_at is not None:
        meta["synchronizedAt"] = stamp(of.synchronized_at)
        meta["latestSynchronization"] = of.latest
    return listing([one.text(kind, of.currency, of.id) for one in part], links, meta)


def synchronization_of(world: World, one: Synchronization, base: str) -> Json:
    """A synchronisation with the link to what it brought."""
    made = synchronization(one, world.now())
    address = f"{base}/synchronizations/{one.id}"
    made["relationships"] = {
        "updatedTransactions": {"links": {"related": f"{address}/updated-transactions"}}
    }
    made["links"] = {"self": address}
    return made


def problem(code: str, detail: str, **meta: object) -> bytes:
    """An error as Ponto says it."""
    return json.dumps({"errors": [{"code": code, "detail": detail, "meta": meta}]}).encode()


def institution() -> Json:
    """The only bank there is."""
    return {
        "type": "financialInstitution",
        "id": INSTITUTION,
        "attributes": {"name": "Bank van het voorbeeld", "deprecated": False, "country": "BE"},
    }


def _limit(asked: dict[str, str]) -> int:
    told = asked.get("page[limit]") or asked.get("limit") or str(DEFAULT_LIMIT)
    return min(max(int(told), 1), MOST) if told.isdigit() else DEFAULT_LIMIT


def _start(
    of: Account, found: Sequence[Transaction], asked: dict[str, str], limit: int
) -> int | None:
    """How many newer ones come before the page."""
    after = asked.get("page[after]") or asked.get("after")
    before = asked.get("page[before]") or asked.get("before")
    key = after or before
    if key is None:
        return 0
    known = of.by_id.get(key)
    if known is None:
        return None
    place = len(found) - 1 - bisect.bisect_left(found, known.place, key=lambda one: one.place)
    return place + 1 if after is not None else max(place - limit, 0)
