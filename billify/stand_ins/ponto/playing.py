"""The bank of the demo: each minute somebody pays, or the shop took money on cards."""

import json
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from billify.stand_ins.ponto.world import BRUSSELS, Account, Json, Transaction, World

EVERY_SECONDS = 55.0
LATER_SECONDS = 900.0
QUICK_FOR = 60
"""So many movements come one a minute; after that a demo left alone goes on at its ease."""
SHOP = "KAARTVERKOPEN WINKEL"
_TAKINGS = ("184.60", "97.35", "241.10", "62.80", "318.45", "129.90", "75.25", "203.70")


@dataclass(frozen=True, slots=True)
class Coming:
    """A movement that will be told."""

    name: str
    iban: str | None
    amount: Decimal
    message: str
    is_structured: bool


class Stage:
    """Plays one account, and keeps what it told in a file over restarts."""

    def __init__(self, world: World, account: Account, coming: Sequence[Coming], file: Path):
        self._world, self._account, self._file = world, account, file
        self._coming = list(coming)
        self._played = 0
        self._restore()
        world.on_change = self._keep

    def begin(self) -> None:
        """Play in a thread of its own until the process ends."""
        threading.Thread(target=self._play, daemon=True, name="stage").start()

    def step(self) -> Transaction:
        """The next movement: an invoice that is paid, and now and then the till of the shop."""
        told = {(one.message, one.amount) for one in self._account.booked}
        waiting = [one for one in self._coming if (one.message, one.amount) not in told]
        self._played += 1
        is_till = not waiting or self._played % 3 == 0
        made = self._till() if is_till else _as_transaction(waiting[0], self._today())
        self._world.tell(self._account, made)
        return made

    def _play(self) -> None:
        while True:
            time.sleep(EVERY_SECONDS if self._played < QUICK_FOR else LATER_SECONDS)
            self.step()

    def _till(self) -> Transaction:
        amount = Decimal(_TAKINGS[len(self._account.booked) % len(_TAKINGS)])
        number = len(self._account.booked) + 1
        return Transaction(self._today(), amount, SHOP, None, f"TERMINAL 04218 BATCH {number:05d}")

    def _today(self) -> date:
        return datetime.fromtimestamp(self._world.clock(), BRUSSELS).date()

    def _restore(self) -> None:
        """What was told before is told again, under the same keys."""
        if not self._file.exists():
            return
        kept: Json = json.loads(self._file.read_text())
        if kept.get("reference") != self._account.reference:
            return
        self._account.opening = Decimal(kept["opening"])
        for one in kept["booked"]:
            day = date.fromisoformat(one["day"])
            self._account.book(
                Transaction(
                    day,
                    Decimal(one["amount"]),
                    one["counterpart"],
                    one["iban"],
                    one["message"],
                    one["structured"],
                    one["id"],
                )
            )

    def _keep(self) -> None:
        kept = {
            "reference": self._account.reference,
            "opening": str(self._account.opening),
            "booked": [_as_json(one) for one in self._account.booked],
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(kept))
        fresh.replace(self._file)


def stage(
    world: World, *, key: str, iban: str, holder: str, balance: Decimal,
    coming: Iterable[Coming], file: Path,
) -> Stage:  # fmt: skip
    """An account on the stage, with who will pay it."""
    account = Account(iban, holder, balance, id=key)
    made = Stage(world, account, tuple(coming), file)
    world.add(account)
    return made


def _as_transaction(one: Coming, day: date) -> Transaction:
    return Transaction(day, one.amount, one.name, one.iban, one.message, one.is_structured)


def _as_json(one: Transaction) -> Json:
    return {
        "id": one.id,
        "day": one.day.isoformat(),
        "amount": str(one.amount),
        "counterpart": one.counterpart,
        "iban": one.iban,
        "message": one.message,
        "structured": one.structured,
    }
