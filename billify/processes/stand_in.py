"""The partners of the demo company: where none is named, one that plays it runs beside the web."""

import json
import socket
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Part:
    """A partner that is played: the setting that would name a real one, and how it is played."""

    setting: str
    told: Callable[[str], dict[str, str]]
    """Settings by the address at which it plays."""
    write: Callable[[Path], object | None]
    """What it is to play, as a dataclass, from the rows; None when there is no demo company."""
    play: Callable[[socket.socket, Path], None]


def open_doors(environ: MutableMapping[str, str]) -> dict[str, socket.socket]:
    """A port of this machine for each stand-in, told to all; none where a partner is named."""
    doors = {}
    for name, part in PARTS.items():
        if environ.get(part.setting):
            continue
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        environ.update(part.told(f"http://127.0.0.1:{listener.getsockname()[1]}"))
        doors[name] = listener
    return doors


def rehearse(var: Path, doors: Mapping[str, socket.socket]) -> None:
    """Write down what each is to play, so that it need not ask the database itself: that would
    take it thirty megabytes for the rest of its life."""
    for name in doors:
        script = PARTS[name].write(var)
        if script is not None:
            file = _script(var, name)
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # mypy: a dataclass, as `write` says
            file.write_text(json.dumps(asdict(script), default=str))  # type: ignore[call-overload]


def play(name: str, listener: socket.socket, var: Path) -> None:
    """Be a stand-in until told to stop."""
    PARTS[name].play(listener, var)


def _tell_ponto(origin: str) -> dict[str, str]:
    return {
        "PONTO_API_URL": origin,
        "PONTO_CONNECT_URL": f"{origin}/ponto-connect",
        "PONTO_AUTHORIZATION_URL": f"{origin}/oauth2/auth",
        "PONTO_CLIENT_ID": "demo",
        "PONTO_CLIENT_SECRET": "demo-secret",
    }


def _tell_yuki(origin: str) -> dict[str, str]:
    return {"YUKI_API_URL": f"{origin}/ws/"}


def _write_ponto(var: Path) -> object | None:
    """Nobody pays what differs in the books, so that it stays to be looked at."""
    from billify.application.demo import bank

    return bank.script(but=_planted(var).values())


def _write_yuki(var: Path) -> object | None:
    """The differences of before stay the same."""
    from billify.application.demo import books

    return books.script(kept=_planted(var))


def _planted(var: Path) -> dict[str, str]:
    file = _script(var, "yuki")
    found: dict[str, str] = json.loads(file.read_text())["plants"] if file.exists() else {}
    return found


def _play_ponto(listener: socket.socket, var: Path) -> None:
    from billify.stand_ins.ponto import PontoServer, playing

    server = PontoServer(listener=listener)
    if _script(var, "ponto").exists():
        script = json.loads(_script(var, "ponto").read_text())
        coming = [
            playing.Coming(
                one["name"], one["iban"], Decimal(one["amount"]), one["message"],
                one["is_structured"],
            )
            for one in script["payments"]
        ]  # fmt: skip
        playing.stage(
            server.world,
            key=script["account_id"],
            iban=script["iban"],
            holder=script["holder"],
            balance=Decimal(script["balance"]),
            coming=coming,
            file=_told_by_bank(var),
        ).begin()
    server.serve()


def _play_yuki(listener: socket.socket, var: Path) -> None:
    from billify.stand_ins.yuki import YukiServer, playing

    server = YukiServer(listener=listener)
    if _script(var, "yuki").exists():
        script = json.loads(_script(var, "yuki").read_text())
        playing.stage(server.world, script, bank=_told_by_bank(var)).begin()
    server.serve()


def _told_by_bank(var: Path) -> Path:
    return var / "stand-ins" / "ponto.json"


def _script(var: Path, name: str) -> Path:
    """The bank's is the first there was, and keeps its name."""
    return var / "stand-ins" / ("script.json" if name == "ponto" else f"{name}-script.json")


# The books come first: the bank leaves out what differs in them.
PARTS = {
    "yuki": Part("YUKI_API_URL", _tell_yuki, _write_yuki, _play_yuki),
    "ponto": Part("PONTO_API_URL", _tell_ponto, _write_ponto, _play_ponto),
}
