"""Yuki on a loopback port."""

import socket

from billify.stand_ins.serving import Answer, Play, Request, StandIn
from billify.stand_ins.yuki.answers import answer, fault_answer
from billify.stand_ins.yuki.world import World


class YukiServer(StandIn):
    """A world behind an address."""

    def __init__(
        self,
        world: World | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        listener: socket.socket | None = None,
    ) -> None:
        self.world = world or World()
        play = Play(
            self.world.faults, self._answer, _problem, lambda: self.world.behaviour.compresses
        )
        super().__init__(play, host=host, port=port, listener=listener)

    @property
    def url(self) -> str:
        """Where its services begin."""
        return f"{self.origin}/ws/"

    def _answer(self, asked: Request) -> Answer:
        if asked.method != "POST" or not asked.target.endswith(".asmx"):
            return Answer(404, b"<html><body>Not found</body></html>", media_type="text/html")
        return answer(self.world, asked)


def _problem(status: int) -> Answer:
    """What stands before the service says so: a page for people."""
    if status == 500:
        return fault_answer("Object reference not set to an instance of an object.")
    page = b"<html><body><h1>Yuki is in maintenance</h1></body></html>"
    return Answer(status, page, media_type="text/html; charset=utf-8")
