"""Ponto as tests meet it: the stand-in of the product, in a thread of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from billify.config import Settings
from billify.integrations.ponto import Client, Grant, Logins, Transport
from billify.stand_ins.ponto import Account, PontoServer, Transaction, World

IBAN, OTHER_IBAN = "BE68539007547034", "BE71096123456769"
FIRST = date(2026, 9, 1)


@contextmanager
def ponto() -> Iterator[PontoServer]:
    """A Ponto with one account that has no movements yet."""
    world = World()
    world.behaviour.between_synchronizations = 0
    world.add(Account(IBAN, opening=Decimal("1000.00")))
    with PontoServer(world) as server:
        yield server


def account(server: PontoServer) -> Account:
    """Its first account."""
    return next(iter(server.world.accounts.values()))


def movements(count: int, *, first: date = FIRST, a_day: int = 4) -> list[Transaction]:
    """Movements of some days, all different."""
    return [
        Transaction(
            first + timedelta(days=at // a_day),
            Decimal(at * 7 - 350) / 100 or Decimal("0.01"),
            f"Klant {at % 13}",
            OTHER_IBAN,
            f"Factuur 2026-{at:05d}",
        )
        for at in range(count)
    ]


def client(server: PontoServer, *, read_seconds: float = 20.0) -> Client:
    """A client with keys of its own."""
    transport = Transport(server.origin, read_seconds=read_seconds)
    logins = Logins(transport, "demo", "demo-secret")
    kept: list[Grant] = []

    def token(is_refused: bool) -> str:
        if is_refused or not kept:
            kept[:] = [logins.by_keys()]
        return kept[0].access_token

    return Client(transport, token)


def settings_of(server: PontoServer, settings: Settings) -> Settings:
    """The application's settings, with this Ponto in place of the real one."""
    return replace(
        settings,
        ponto=replace(
            settings.ponto,
            api_url=server.origin,
            connect_url=server.connect_url,
            authorization_url=server.authorization_url,
            client_id="demo",
            client_secret="demo-secret",
        ),
    )
