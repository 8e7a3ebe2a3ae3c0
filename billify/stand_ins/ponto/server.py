"""Ponto on a loopback port."""

import socket
import ssl

from billify.stand_ins.ponto import documents
from billify.stand_ins.ponto.answers import MEDIA, Call, answer
from billify.stand_ins.ponto.world import World
from billify.stand_ins.serving import Answer, Play, Request, StandIn

_CODES = {401: "invalidAccessToken", 429: "tooManyRequests", 403: "forbidden"}


class PontoServer(StandIn):
    """A world behind an address."""

    def __init__(
        self,
        world: World | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        listener: socket.socket | None = None,
    ) -> None:
        self.world = world or World()
        play = Play(
            self.world.faults, self._answer, _problem, lambda: self.world.behaviour.compresses
        )
        super().__init__(play, host=host, port=port, tls=tls, listener=listener)

    @property
    def connect_url(self) -> str:
        """Where Ponto Connect begins."""
        return f"{self.origin}/ponto-connect"

    @property
    def authorization_url(self) -> str:
        """Where a person allows it."""
        return f"{self.origin}/oauth2/auth"

    def _answer(self, asked: Request) -> Answer:
        call = Call(asked.method, asked.target, asked.headers, asked.body, asked.origin)
        return answer(self.world, call)


def _problem(status: int) -> Answer:
    code = _CODES.get(status, "internalServerError")
    return Answer(status, documents.problem(code, "A fault."), media_type=MEDIA)
