"""The bank of the demo: each open invoice is paid once, also over a restart."""

from decimal import Decimal
from pathlib import Path

from billify.stand_ins.ponto import World, playing
from billify.stand_ins.ponto.playing import Coming, Stage

IBAN = "BE68539007547034"
WANTED = [
    Coming("Hotel", None, Decimal("121.00"), "090933755493", True),
    Coming("Molens", None, Decimal("-50.00"), "2026-0815", False),
]


def stage(file: Path) -> tuple[World, Stage]:
    world = World()
    made = playing.stage(
        world, key="a", iban=IBAN, holder="Anna", balance=Decimal("1000.00"),
        coming=WANTED, file=file,
    )  # fmt: skip
    return world, made


def test_each_invoice_is_paid_once_and_then_the_till_goes_on(tmp_path: Path) -> None:
    world, made = stage(tmp_path / "ponto.json")

    told = [made.step() for _ in range(5)]

    names = [one.counterpart for one in told]
    assert names == ["Hotel", "Molens", playing.SHOP, playing.SHOP, playing.SHOP]
    assert len({(one.message, one.amount) for one in told}) == 5
    (account,) = world.accounts.values()
    assert account.balance == Decimal("1000.00") + sum(one.amount for one in told)


def test_a_restart_tells_the_same_under_the_same_keys(tmp_path: Path) -> None:
    world, made = stage(tmp_path / "ponto.json")
    made.step()
    (before,) = world.accounts.values()

    again, later = stage(tmp_path / "ponto.json")

    (account,) = again.accounts.values()
    assert [one.id for one in account.booked] == [one.id for one in before.booked]
    assert account.balance == before.balance
    assert later.step().counterpart == "Molens"
