"""The bank of the demo company: where no Ponto is named, one that plays it runs beside the web."""

import json
import socket
from collections.abc import MutableMapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

NAME = "ponto"


def open_door(environ: MutableMapping[str, str]) -> socket.socket | None:
    """A port of this machine for the stand-in, told to all; None when a Ponto is named."""
    if environ.get("PONTO_API_URL"):
        return None
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    environ.update(
        PONTO_API_URL=origin,
        PONTO_CONNECT_URL=f"{origin}/ponto-connect",
        PONTO_AUTHORIZATION_URL=f"{origin}/oauth2/auth",
        PONTO_CLIENT_ID="demo",
        PONTO_CLIENT_SECRET="demo-secret",
    )
    return listener


def rehearse(var: Path) -> None:
    """Write down what the stand-in is to play, so that it need not ask the database itself: that
    would take it thirty megabytes for the rest of its life."""
    from billify.application.demo import bank

    script = bank.script()
    if script is not None:
        file = _script(var)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(script), default=str))


def play(listener: socket.socket, var: Path) -> None:
    """Be the stand-in until told to stop."""
    from billify.stand_ins.ponto import PontoServer, playing

    server = PontoServer(listener=listener)
    if _script(var).exists():
        script = json.loads(_script(var).read_text())
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
            file=var / "stand-ins" / "ponto.json",
        ).begin()
    server.serve()


def _script(var: Path) -> Path:
    return var / "stand-ins" / "script.json"
