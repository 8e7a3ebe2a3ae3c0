"""Yuki as tests meet it: the stand-in of the product, in a thread of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal

from billify.config import Settings
from billify.integrations.yuki import Client, LimitReached, Wire
from billify.integrations.yuki.client import log_in
from billify.stand_ins.yuki import Books, Domain, Item, World, YukiServer

KEY = "1f0e9c2a-4d5b-4c3e-9f00-000000000001"
FIRST = date(2026, 9, 1)


@contextmanager
def yuki() -> Iterator[YukiServer]:
    """A Yuki with one domain and one administration, whose books are empty."""
    world = World()
    world.add(
        Domain("Bakkerij Anna", [Books("Bakkerij Anna BV", vat_number="BE 0403.170.701")]),
        access_key=KEY,
    )
    with YukiServer(world) as server:
        yield server


def books(server: YukiServer) -> Books:
    """Its first administration."""
    return server.world.keys[KEY][0].books[0]


def item(number: int = 1, **more: object) -> Item:
    """An open sales invoice."""
    values: dict[str, object] = {
        "contact": f"Klant {number}",
        "reference": f"2026-{number:04d}",
        "dated": FIRST,
        "due": date(2026, 10, 1),
        "original": Decimal("121.00"),
        **more,
    }
    return Item(**values)  # type: ignore[arg-type]  # given by name


def settings_of(server: YukiServer, settings: Settings) -> Settings:
    """The application's settings, with this Yuki in place of the real one."""
    return replace(settings, yuki=replace(settings.yuki, api_url=server.url))


class Logged:
    """A client that keeps its session, and counts what it spends."""

    def __init__(
        self, server: YukiServer, *, key: str = KEY, budget: int = 1000, read_seconds: float = 5.0
    ) -> None:
        self.wire = Wire(server.url, read_seconds=read_seconds)
        self.left = budget
        self.logins = 0
        self._key = key
        self._kept: str | None = None
        self.client = Client(self.wire, self._session, spend=self._spend)

    def _session(self, refused: str | None) -> str:
        if self._kept is None or self._kept == refused:
            self.logins += 1
            self._kept = log_in(self.wire, access_key=self._key, spend=self._spend)
        return self._kept

    def _spend(self) -> None:
        if self.left <= 0:
            raise LimitReached("the budget is spent")
        self.left -= 1
