"""The client against a Ponto that plays along, fails in each way, and tells odd things."""

import gzip
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from billify.integrations import ponto
from billify.integrations.ponto import (
    Gone,
    Limited,
    LoginRefused,
    NotAllowedThere,
    PontoError,
    ServerFault,
    Signer,
    TooSoon,
    Transport,
    Unreachable,
    Unreadable,
    Verifier,
    transport,
)
from billify.stand_ins.ponto import Fault, PontoServer, Transaction, World, samples
from tests.fakes import ponto as fake

BACK = "https://billify.example/connections/ponto"


@pytest.fixture
def server() -> Iterator[PontoServer]:
    with fake.ponto() as started:
        yield started


def account_id(server: PontoServer) -> str:
    return fake.account(server).id


def read(server: PontoServer) -> list[ponto.Transaction]:
    pages = fake.client(server).pages(account_id(server))
    return [one for page in pages for one in page.transactions]


def test_accounts_are_told_with_balance_and_consent(server: PontoServer) -> None:
    (found,) = fake.client(server).accounts()

    assert (found.reference, found.is_iban, found.currency) == (fake.IBAN, True, "EUR")
    assert found.balance == Decimal("1000.00")
    assert found.consent_ends is not None
    assert found.consent_ends > datetime.now(UTC) + timedelta(days=179)
    assert not found.is_readonly


@pytest.mark.parametrize("name", ["after", "page[after]"])
def test_lists_are_followed_by_their_links(name: str, server: PontoServer) -> None:
    server.world.behaviour.after_name = name
    made = fake.movements(257)
    server.world.tell(fake.account(server), *made)

    found = read(server)

    assert [one.id for one in found] == [one.id for one in reversed(fake.account(server).booked)]
    assert server.world.calls["GET /accounts/*/transactions"] == 3


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2026-01-04T23:00:00.000Z", date(2026, 1, 5)),
        ("2026-01-05T00:00:00.000Z", date(2026, 1, 5)),
        ("2026-03-28T23:00:00.000Z", date(2026, 3, 29)),
        ("2026-03-29T22:00:00.000Z", date(2026, 3, 30)),
        ("2026-10-24T22:00:00.000Z", date(2026, 10, 25)),
        ("2026-10-25T23:00:00.000Z", date(2026, 10, 26)),
    ],
)
def test_a_day_is_the_one_in_brussels(told: str, day: date, server: PontoServer) -> None:
    one = Transaction(date(2026, 1, 1), Decimal(1), more={"executionDate": told})
    server.world.tell(fake.account(server), one)

    assert [found.booked_on for found in read(server)] == [day]


@pytest.mark.parametrize("amount", ["0.1", "-1234567.89", "100000", "0.07", "-999999999.99"])
def test_an_amount_is_exact(amount: str, server: PontoServer) -> None:
    server.world.tell(fake.account(server), Transaction(date(2026, 1, 1), Decimal(amount)))

    assert [one.amount for one in read(server)] == [Decimal(amount)]


def test_odd_accounts_and_movements_are_read(server: PontoServer) -> None:
    with PontoServer(samples.world()) as odd:
        client = fake.client(odd)
        accounts = client.accounts()
        found = [one for page in client.pages(accounts[0].id) for one in page.transactions]

    assert [one.currency for one in accounts] == ["EUR", "EUR", "USD", "EUR"]
    assert [one.is_iban for one in accounts] == [True, True, True, False]
    assert len(found) == 7
    assert {one.counterpart_reference for one in found} >= {"", "BE9786154282554"}


def test_what_is_not_known_does_no_harm(server: PontoServer) -> None:
    server.world.behaviour.has_unknown_attributes = True
    server.world.behaviour.embeds_latest = False
    odd = {"moonPhase": [1, {"x": None}], "counterpartName": None, "purposeCode": 7}
    server.world.tell(fake.account(server), Transaction(date(2026, 1, 1), Decimal(1), more=odd))

    assert [one.counterpart_name for one in read(server)] == [""]
    assert fake.client(server).accounts()[0].latest == ""


@pytest.mark.parametrize(
    "more",
    [
        {"amount": None},
        {"amount": "12.00"},
        {"amount": True},
        {"amount": 0.001},
        {"amount": 1e15},
        {"executionDate": None, "valueDate": None, "createdAt": None},
        {"executionDate": "soon"},
        {"executionDate": "0001-01-01T00:00:00Z"},
    ],
)
def test_what_is_no_money_on_a_day_is_odd_and_not_guessed(
    more: dict[str, object], server: PontoServer
) -> None:
    server.world.tell(fake.account(server), Transaction(date(2026, 1, 1), Decimal(1), more=more))

    (page,) = fake.client(server).pages(account_id(server))

    assert (page.transactions, page.odd) == ((), 1)


def test_pending_movements_are_a_list_of_their_own(server: PontoServer) -> None:
    fake.account(server).pending = [Transaction(date(2026, 1, 1), Decimal(-3), "Kaart")]

    (found,) = fake.client(server).pending(account_id(server))

    assert (found.amount, found.counterpart_name) == (Decimal(-3), "Kaart")
    assert read(server) == []


def test_a_synchronisation_is_asked_for_and_looked_at(server: PontoServer) -> None:
    server.world.behaviour.between_synchronizations = 300
    client = fake.client(server)
    asked = client.synchronize(account_id(server), "accountDetails", person_address="203.0.113.7")

    states = [client.synchronization(asked.id).status for _ in range(3)]

    assert (asked.status, states) == ("pending", ["running", "running", "success"])
    with pytest.raises(TooSoon):
        client.synchronize(account_id(server), "accountDetails")


def test_what_a_synchronisation_changed_has_a_list(server: PontoServer) -> None:
    bank = fake.account(server)
    server.world.tell(bank, *fake.movements(3))
    server.world.tell(bank, Transaction(date(2025, 1, 1), Decimal(9)))
    client = fake.client(server)

    latest = client.accounts()[0].latest
    found = [one.amount for page in client.updated(latest) for one in page.transactions]

    assert found == [Decimal(9)]


def test_a_movement_is_asked_for_by_its_key(server: PontoServer) -> None:
    (one,) = fake.movements(1)
    server.world.tell(fake.account(server), one)
    client, key = fake.client(server), one.id

    assert client.has_transaction(account_id(server), key)
    fake.account(server).change_ids()
    assert not client.has_transaction(account_id(server), key)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=403), NotAllowedThere),
        (Fault(status=404), Gone),
        (Fault(status=500), ServerFault),
        (Fault(status=503, body=b"<html>", media_type="text/html"), ServerFault),
        (Fault(body=b"{"), Unreadable),
        (Fault(body=b'{"data": NaN}'), Unreadable),
        (Fault(body=b"[" * 100_000), Unreadable),
        (Fault(body=b'{"data": {}}'), Unreadable),
        (Fault(body=b'{"data": [{"type": "account"}]}'), Unreadable),
        (Fault(body=b"<h1>Hello</h1>", media_type="text/html"), Unreadable),
        (Fault(body=b" " * 8_000_001), Unreadable),
        (Fault(cut_after=0), Unreachable),
        (Fault(cut_body_after=0), Unreachable),
        (Fault(cut_body_after=300), Unreachable),
        (Fault(wait=1.0), Unreachable),
    ],
    ids=[
        "403", "404", "500", "503-html", "half", "nan", "deep", "no-list", "no-key", "html",
        "huge", "cut-at-once", "cut-body", "cut-late", "slow",
    ],
)  # fmt: skip
def test_each_fault_has_its_error(
    fault: Fault, error: type[PontoError], server: PontoServer
) -> None:
    client = fake.client(server, read_seconds=0.5)
    client.accounts()
    server.world.faults.add(fault)

    with pytest.raises(error):
        client.accounts()

    assert len(client.accounts()) == 1


def test_an_answer_cut_at_any_byte_is_an_error_and_nothing_else(server: PontoServer) -> None:
    """In the head, in the body, compressed or not: never half an answer."""
    for compresses in (True, False):
        server.world.behaviour.compresses = compresses
        client = fake.client(server)  # the last one's connection was cut, perhaps this moment
        client.accounts()
        for cut in [*range(0, 240, 7), *range(240, 2000, 61)]:
            with server.world.faults.during(Fault(path="/accounts", cut_after=cut)):
                try:
                    found = client.accounts()
                except (Unreachable, Unreadable):
                    continue
            assert len(found) == 1, cut
            assert cut > 600


def test_a_bomb_is_not_unpacked(server: PontoServer) -> None:
    bomb = gzip.compress(b'{"data":"' + b"x" * 50_000_000 + b'"}')
    headers = {"Content-Encoding": "gzip"}
    server.world.behaviour.compresses = False
    server.world.faults.add(Fault(path="/accounts", body=bomb, headers=headers))

    with pytest.raises(Unreadable, match="too large"):
        fake.client(server).accounts()


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("120", 120), ("Fri, 01 Jan 2100 00:00:00 GMT", 24 * 3600), ("soon", None)],
)
def test_how_long_to_wait_is_heard(told: str, seconds: float | None, server: PontoServer) -> None:
    server.world.faults.add(Fault(path="/accounts", status=429, headers={"Retry-After": told}))

    with pytest.raises(Limited) as limited:
        fake.client(server).accounts()

    assert limited.value.retry_after == seconds


def test_a_token_that_ended_is_asked_anew_once(server: PontoServer) -> None:
    client = fake.client(server)
    client.accounts()
    server.world.access.clear()

    assert len(client.accounts()) == 1
    assert server.world.calls["POST /oauth2/token"] == 2


def test_a_link_to_elsewhere_is_not_handed_the_token(server: PontoServer) -> None:
    away = b'{"data": [], "links": {"next": "http://127.0.0.2:1/steal"}}'
    server.world.faults.add(Fault(path="/transactions", body=away))

    with pytest.raises(Unreadable, match="leads away"):
        list(fake.client(server).pages(account_id(server)))


def test_a_list_that_leads_to_itself_ends(server: PontoServer) -> None:
    loop = f'{{"data": [], "links": {{"next": "{server.origin}/accounts?page%5Blimit%5D=100"}}}}'
    server.world.faults.add(Fault(path="/accounts", body=loop.encode(), times=5))

    with pytest.raises(Unreadable, match="no end"):
        fake.client(server).accounts()


def test_keys_that_are_wrong_are_refused(server: PontoServer) -> None:
    logins = ponto.Logins(Transport(server.origin), "demo", "wrong")

    with pytest.raises(LoginRefused):
        logins.by_keys()


def test_a_code_opens_once_and_with_its_verifier_only(server: PontoServer) -> None:
    logins = ponto.Logins(Transport(server.connect_url), "demo", "demo-secret")
    verifier = Verifier.new()

    with pytest.raises(LoginRefused):
        logins.by_code(code=allowed(server, verifier), verifier=Verifier.new(), redirect_uri=BACK)
    code = allowed(server, verifier)
    grant = logins.by_code(code=code, verifier=verifier, redirect_uri=BACK)

    assert grant.refresh_token
    with pytest.raises(LoginRefused):
        logins.by_code(code=code, verifier=verifier, redirect_uri=BACK)


def test_a_refresh_token_opens_once(server: PontoServer) -> None:
    logins = ponto.Logins(Transport(server.connect_url), "demo", "demo-secret")
    verifier = Verifier.new()
    grant = logins.by_code(code=allowed(server, verifier), verifier=verifier, redirect_uri=BACK)
    assert grant.refresh_token is not None

    second = logins.by_refresh(grant.refresh_token)

    assert second.refresh_token not in (None, grant.refresh_token)
    with pytest.raises(LoginRefused):
        logins.by_refresh(grant.refresh_token)
    logins.revoke(str(second.refresh_token))
    with pytest.raises(LoginRefused):
        logins.by_refresh(str(second.refresh_token))


def allowed(server: PontoServer, verifier: Verifier) -> str:
    """A person allows it; gives the code that the browser brings back."""
    import requests

    where = ponto.authorization_url(
        server.authorization_url,
        client_id="demo",
        redirect_uri=BACK,
        state="s",
        challenge=verifier.challenge,
    )
    assert "scope=ai%20name%20offline_access" in where
    answer = requests.get(f"{where}&allow=1", allow_redirects=False, timeout=5)
    return answer.headers["Location"].split("code=")[1].split("&")[0]


def test_nothing_secret_is_shown_of_a_grant() -> None:
    grant = ponto.Grant("access", 1799, "refresh")

    assert "access" not in repr(grant).replace("access_token", "")
    assert "refresh" not in repr(grant)
    assert "secret" not in repr(Verifier("secret"))


@dataclass
class Papers:
    """An authority, a server's and a client's certificate, and a key that signs."""

    folder: Path

    def path(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    from tests.fakes.certificates import write_all

    folder = tmp_path_factory.mktemp("papers")
    write_all(folder)
    return Papers(folder)


@pytest.fixture
def strict(papers: Papers) -> Iterator[PontoServer]:
    """Ponto Connect as it is: TLS on both sides, and a signature on each call."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers.path("server.pem"), papers.path("server.key"))
    context.load_verify_locations(papers.path("ca.pem"))
    context.verify_mode = ssl.CERT_REQUIRED
    world = World()
    world.signature_key = load_pem_public_key(Path(papers.path("signature.pub")).read_bytes())
    world.add(samples.Account(fake.IBAN))
    with PontoServer(world, tls=context) as started:
        yield started


def connect(server: PontoServer, papers: Papers, *, is_known: bool, signs: bool) -> ponto.Client:
    context = ponto.tls(
        ca_file=papers.path("ca.pem"),
        certificate=papers.path("client.pem") if is_known else None,
        key=papers.path("client.key"),
        passphrase="geheim",
    )
    signer = Signer.from_file("key-1", papers.path("signature.key"), None) if signs else None
    wire = Transport(server.connect_url, context=context, signer=signer)
    logins = ponto.Logins(wire, "demo", "demo-secret")
    return ponto.Client(wire, lambda _: logins.by_keys().access_token)


def test_ponto_connect_knows_us_by_certificate_and_signature(
    strict: PontoServer, papers: Papers
) -> None:
    client = connect(strict, papers, is_known=True, signs=True)

    accounts = client.accounts()
    asked = client.synchronize(accounts[0].id, "accountDetails")

    assert len(accounts) == 1
    assert asked.status == "pending"
    assert next(iter(client.pages(accounts[0].id))).transactions == ()


def test_without_a_certificate_there_is_no_answer(strict: PontoServer, papers: Papers) -> None:
    with pytest.raises(Unreachable):
        connect(strict, papers, is_known=False, signs=True).accounts()


def test_without_a_signature_nothing_is_told(strict: PontoServer, papers: Papers) -> None:
    with pytest.raises(PontoError):
        connect(strict, papers, is_known=True, signs=False).accounts()


def test_a_server_that_nobody_vouches_for_is_not_talked_to(strict: PontoServer) -> None:
    wire = Transport(strict.connect_url, context=ponto.tls())

    with pytest.raises(Unreachable):
        wire.call("GET", f"{strict.connect_url}/accounts", headers={})


def test_the_largest_answer_is_far_above_a_full_page(server: PontoServer) -> None:
    wide = {"remittanceInformation": "x" * 1000, "additionalInformation": "y" * 4000}
    made = [Transaction(date(2026, 1, 1), Decimal(1), more=wide) for _ in range(100)]
    server.world.tell(fake.account(server), *made)

    assert len(read(server)) == 100
    assert transport.LARGEST > 10 * 100 * 5000
