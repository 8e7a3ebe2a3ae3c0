"""The bank of the demo company: where no Ponto is named, one that plays it runs beside the web."""

import socket
from collections.abc import MutableMapping
from pathlib import Path

from flask import Flask

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


def play(app: Flask, listener: socket.socket, var: Path) -> None:
    """Be the stand-in until told to stop."""
    from billify.application.demo import bank
    from billify.data.db import db
    from billify.stand_ins.ponto import PontoServer, playing

    with app.app_context():
        script = bank.script()
        db.session.remove()
        db.engine.dispose()
    server = PontoServer(listener=listener)
    if script is not None:
        coming = [
            playing.Coming(one.name, one.iban, one.amount, one.message, one.is_structured)
            for one in script.payments
        ]
        playing.stage(
            server.world,
            key=script.account_id,
            iban=script.iban,
            holder=script.holder,
            balance=script.balance,
            coming=coming,
            file=var / "stand-ins" / "ponto.json",
        ).begin()
    server.serve()
