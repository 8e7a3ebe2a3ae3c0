"""The accountant of the demo: books what the bank paid, and settles one invoice on trust."""

import base64
import json
import threading
import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from billify.stand_ins.yuki.world import Books, Document, Domain, Entry, Item, World

Json = dict[str, Any]  # Any: JSON
EVERY_SECONDS = 300.0
ZERO = Decimal("0.00")


class Stage:
    """Plays one administration. `bank` is the file in which the stand-in of the bank keeps what
    it told: the accountant has it as statements."""

    def __init__(self, books: Books, bank: Path, messages: Mapping[str, str], goes: set[str]):
        self._books, self._bank = books, bank
        self._messages, self._goes = messages, goes

    def begin(self) -> None:
        """Play in a thread of its own until the process ends."""
        threading.Thread(target=self._play, daemon=True, name="stage").start()

    def step(self) -> None:
        """Book every payment that the bank has told of an item in full, and let go what goes."""
        paid = self._paid()
        for is_sale, items in ((True, self._books.receivables), (False, self._books.payables)):
            for item in items:
                amount = item.original if is_sale else -item.original
                if item.id in self._goes or (self._messages.get(item.id), amount) in paid:
                    item.open = ZERO

    def _paid(self) -> set[tuple[str, Decimal]]:
        if not self._bank.exists():
            return set()
        kept: Json = json.loads(self._bank.read_text())
        return {(one["message"], Decimal(one["amount"])) for one in kept["booked"]}

    def _play(self) -> None:
        while True:
            time.sleep(EVERY_SECONDS)
            self.step()


def stage(world: World, script: Json, *, bank: Path) -> Stage:
    """The books of a script on the stage."""
    books = Books(script["name"], script["vat_number"], id=script["books_id"])
    day = date.fromisoformat(script["day"])
    for one in script["entries"]:
        (books.receivables if one["is_sale"] else books.payables).append(_item(one))
    for code, name, amount in script["ledger"]:
        books.accounts[code] = name
        books.ledger.append(Entry(code, day, Decimal(amount), "Saldo"))
    books.documents += [
        Document(
            subject=one["subject"],
            dated=date.fromisoformat(one["dated"]),
            folder=1,
            content=base64.b64decode(one["content"]),
            name=one["name"],
            id=one["id"],
        )
        for one in script["documents"]
    ]
    world.add(
        Domain(script["name"], [books], id=script["domain_id"]), access_key=script["access_key"]
    )
    messages = {one["id"]: one["message"] for one in script["entries"] if one["message"]}
    return Stage(books, bank, messages, {one["id"] for one in script["entries"] if one["goes"]})


def _item(one: Json) -> Item:
    return Item(
        contact=one["contact"],
        reference=one["reference"],
        dated=date.fromisoformat(one["dated"]),
        due=date.fromisoformat(one["due"]) if one["due"] else None,
        original=Decimal(one["original"]),
        open=Decimal(one["open"]),
        vat_number=one["vat_number"],
        type_id=one["type_id"],
        document_id=one["document_id"],
        contact_id=one["contact_id"],
        id=one["id"],
    )
