"""Which answer belongs to which call."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

from billify.stand_ins import serving
from billify.stand_ins.ponto import documents, logins
from billify.stand_ins.ponto.signatures import is_signed
from billify.stand_ins.ponto.world import CONSENT, Account, Json, Synchronization, World
from billify.stand_ins.serving import Request

MEDIA = "application/vnd.api+json"


class Call(Request):
    """What was asked of Ponto."""

    @property
    def path(self) -> str:
        """The path without what stands in front of it with Ponto Connect."""
        return urlsplit(self.target).path.removeprefix("/ponto-connect")

    @property
    def base(self) -> str:
        """What links begin with."""
        is_connect = self.target.startswith("/ponto-connect")
        return self.origin + ("/ponto-connect" if is_connect else "")

    @property
    def asked(self) -> dict[str, str]:
        """What stands behind the question mark."""
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def form(self) -> dict[str, str]:
        """A form, with what stands behind the question mark (one client sends it there)."""
        return self.asked | dict(parse_qsl(self.body.decode("utf-8", "replace")))


class Answer(serving.Answer):
    """JSON where nothing else is said."""

    def __init__(
        self,
        status: int,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        media_type: str = MEDIA,
    ) -> None:
        super().__init__(status, body, headers or {}, media_type)


def answer(world: World, call: Call) -> Answer:
    """The answer to a call, as Ponto would give it."""
    with world.lock:
        world.calls[f"{call.method} {_shape(call.path)}"] += 1
    if call.path.startswith("/oauth2/"):
        return _login(world, call)
    if world.signature_key is not None and not is_signed(call, world.signature_key):
        return Answer(401, documents.problem("invalidSignature", "The signature is wrong."))
    scheme, _, bearer = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not logins.is_valid(world, bearer):
        return Answer(401, documents.problem("invalidAccessToken", "The token has ended."))
    with world.lock:
        for method, pattern, handle in ROUTES:
            found = re.fullmatch(pattern, call.path)
            if found and method == call.method:
                return handle(world, call, *found.groups())
    return _unknown("resource")


def _login(world: World, call: Call) -> Answer:
    if call.path == "/oauth2/auth" and call.method == "GET":
        return _door(world, call)
    if call.path == "/oauth2/revoke":
        logins.revoke(world, call.form)
        return Answer(200, b"{}")
    if call.path != "/oauth2/token" or call.method != "POST":
        return _unknown("resource")
    try:
        return Answer(200, json.dumps(logins.token(world, _client(call), call.form)).encode())
    except logins.Refused as refused:
        said = {"error": str(refused), "error_description": "It was refused.", "error_hint": ""}
        return Answer(401 if str(refused) == "invalid_client" else 400, json.dumps(said).encode())


def _door(world: World, call: Call) -> Answer:
    """The page on which a person allows it; `allow=1` and `allow=0` are its two links."""
    asked = call.asked
    choice = asked.pop("allow", None)
    if choice is not None and "account" in asked:
        return _renewed(world, asked, is_allowed=choice == "1")
    if choice is not None:
        where = logins.authorize(world, asked) if choice == "1" else logins.declined(asked)
        return Answer(303, headers={"Location": where})
    address = html.escape(call.target, quote=True)
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Ponto (stand-in)</title>"
        "<body style='font:16px/1.5 sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem'>"
        "<h1>Ponto (stand-in)</h1><p>May Billify read your accounts and their movements?</p>"
        f"<p><a href='{address}&amp;allow=1'>Allow</a> &middot; "
        f"<a href='{address}&amp;allow=0'>Do not allow</a></p>"
    )
    return Answer(200, page.encode(), media_type="text/html; charset=utf-8")


def _renewed(world: World, asked: dict[str, str], *, is_allowed: bool) -> Answer:
    """The person renews the consent for one account, or does not."""
    one = world.accounts.get(asked["account"])
    if one is not None and is_allowed:
        one.consent_ends = world.now() + CONSENT
        world.synchronize(one)
    return Answer(303, headers={"Location": asked.get("redirect_uri", "/")})


def _client(call: Call) -> tuple[str, str] | None:
    kind, _, coded = call.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    name, _, secret = base64.b64decode(coded).decode().partition(":")
    return name, secret


def _accounts(world: World, call: Call) -> Answer:
    found = [one for one in world.accounts.values() if not one.is_revoked]
    shown = [json.dumps(documents.account(world, one, call.base)) for one in found]
    links = {"first": f"{call.base}/accounts"}
    return Answer(200, documents.listing(shown, links, {"paging": {"limit": documents.MOST}}))


def _account(world: World, call: Call, key: str) -> Answer:
    one = _open_account(world, key)
    if one is None:
        return _unknown("account")
    return Answer(200, documents.single(documents.account(world, one, call.base)))


def _transactions(world: World, call: Call, key: str) -> Answer:
    one = _open_account(world, key)
    if one is None:
        return _unknown("account")
    return _page(world, call, one, "transaction")


def _pending(world: World, call: Call, key: str) -> Answer:
    one = _open_account(world, key)
    if one is None:
        return _unknown("account")
    return _page(world, call, one, "pendingTransaction")


def _page(world: World, call: Call, one: Account, kind: str) -> Answer:
    found = one.booked if kind == "transaction" else one.pending
    address = call.base + call.path
    body = documents.movements(world, one, kind, found, address, call.asked)
    return _unknown("transaction") if body is None else Answer(200, body)


def _transaction(world: World, _call: Call, key: str, movement: str) -> Answer:
    one = _open_account(world, key)
    found = one.by_id.get(movement) if one else None
    if one is None or found is None:
        return _unknown("transaction")
    text = found.text("transaction", one.currency, one.id)
    return Answer(200, f'{{"data":{text}}}'.encode())


def _synchronize(world: World, call: Call) -> Answer:
    asked = json.loads(call.body or b"{}").get("data", {}).get("attributes", {})
    one = _open_account(world, str(asked.get("resourceId")))
    if one is None:
        return _unknown("account")
    subtype = str(asked.get("subtype"))
    earliest = world.now().timestamp() - world.behaviour.between_synchronizations
    if any(
        known.account_id == one.id
        and known.subtype == subtype
        and known.created.timestamp() > earliest
        for known in world.synchronizations.values()
    ):
        said = (
            "This type of synchronization was already created recently for the account."
            " Try again later or on the Dashboard."
        )
        return Answer(400, documents.problem("accountRecentlySynchronized", said))
    made = Synchronization(one.id, subtype, world.now())
    world.synchronizations[made.id] = made
    return Answer(201, documents.single(documents.synchronization_of(world, made, call.base)))


def _synchronization(world: World, call: Call, key: str) -> Answer:
    one = world.synchronizations.get(key)
    if one is None:
        return _unknown("synchronization")
    one.looks += 1
    if one.status in ("pending", "running"):
        one.status = "running"
        if one.looks >= world.behaviour.looks_until_done:
            world.finish(one)
    return Answer(200, documents.single(documents.synchronization_of(world, one, call.base)))


def _updated(world: World, call: Call, key: str) -> Answer:
    one = world.synchronizations.get(key)
    if one is None:
        return _unknown("synchronization")
    of = world.accounts[one.account_id]
    found = [of.by_id[name] for name in one.updated if name in of.by_id]
    found.sort(key=lambda kept: kept.place)
    address = call.base + call.path
    body = documents.movements(world, of, "transaction", found, address, call.asked)
    return _unknown("transaction") if body is None else Answer(200, body)


def _institutions(_world: World, call: Call) -> Answer:
    shown = [json.dumps(documents.institution())]
    return Answer(200, documents.listing(shown, {"first": call.base + call.path}, {}))


def _institution(_world: World, _call: Call, key: str) -> Answer:
    if key != documents.INSTITUTION:
        return _unknown("financialInstitution")
    return Answer(200, documents.single(documents.institution()))


def _userinfo(_world: World, _call: Call) -> Answer:
    said: Json = {"sub": "stand-in", "name": "Bakkerij Anna BV", "onboardingComplete": True}
    return Answer(200, json.dumps(said).encode(), media_type="application/json")


def _reauthorize(world: World, call: Call, key: str) -> Answer:
    one = _open_account(world, key)
    if one is None:
        return _unknown("account")
    wanted = json.loads(call.body or b"{}").get("data", {}).get("attributes", {})
    back = {"account": one.id, "redirect_uri": str(wanted.get("redirectUri"))}
    links = {"redirect": f"{call.origin}/oauth2/auth?{urlencode(back)}"}
    made: Json = {"type": "accountReauthorizationRequest", "id": one.id, "links": links}
    return Answer(201, documents.single(made))


def _open_account(world: World, key: str) -> Account | None:
    one = world.accounts.get(key)
    return None if one is None or one.is_revoked else one


def _unknown(what: str) -> Answer:
    said = "The requested resource was not found."
    return Answer(404, documents.problem("resourceNotFound", said, resource=what))


def _shape(path: str) -> str:
    """A path with `*` for each key, to count by."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", path)


Handler = Callable[..., Answer]
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/accounts", _accounts),
    ("GET", "/accounts/([^/]+)", _account),
    ("GET", "/accounts/([^/]+)/transactions", _transactions),
    ("GET", "/accounts/([^/]+)/transactions/([^/]+)", _transaction),
    ("GET", "/accounts/([^/]+)/pending-transactions", _pending),
    ("POST", "/accounts/([^/]+)/reauthorization-requests", _reauthorize),
    ("POST", "/synchronizations", _synchronize),
    ("GET", "/synchronizations/([^/]+)", _synchronization),
    ("GET", "/synchronizations/([^/]+)/updated-transactions", _updated),
    ("GET", "/financial-institutions", _institutions),
    ("GET", "/financial-institutions/([^/]+)", _institution),
    ("GET", "/userinfo", _userinfo),
)
