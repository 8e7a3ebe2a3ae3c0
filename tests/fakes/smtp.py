"""A mail server on loopback (RFC 5321) that takes letters, or fails in the way it is told to."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class FakeServer:
    """What has arrived, and what goes wrong next."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    refuses: dict[str, str] = field(default_factory=dict)
    """The answer to a command, such as {"RCPT": "550 5.1.1 nobody here"}."""
    hangs_up_after_data: bool = False
    """The letter is taken, and the answer never comes."""
    hangs_up_before: str = ""
    is_silent: bool = False
    """It takes the connection and says nothing."""


class _Handler(socketserver.StreamRequestHandler):
    fake: FakeServer

    def handle(self) -> None:
        self.fake.connections += 1
        if self.fake.is_silent:
            time.sleep(0.5)
            return
        self._say(self.fake.refuses.get("connect", "220 fake ready"))
        while line := self.rfile.readline(2000):
            word = line.decode("ascii", "replace").strip().split(" ")[0].split(":")[0].upper()
            if word == self.fake.hangs_up_before:
                return
            refused = self.fake.refuses.get(word)
            if refused is not None:
                self._say(refused)
            elif not self._answer(word, line):
                return

    def _answer(self, word: str, line: bytes) -> bool:
        """Go on with the conversation? False ends it."""
        if word == "EHLO":
            self._say("250-fake", "250-8BITMIME", "250 SMTPUTF8")
        elif word == "RCPT":
            self.fake.recipients.append(line.decode().strip())
            self._say("250 ok")
        elif word == "DATA":
            self._say("354 go on")
            self._take()
            if self.fake.hangs_up_after_data:
                return False
            self._say(self.fake.refuses.get("letter", "250 taken"))
        elif word == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 ok")
        return True

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if "letter" not in self.fake.refuses:
            read = message_from_bytes(b"".join(lines), policy=default)
            self.fake.letters.append(read)

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def smtp_server() -> Iterator[FakeServer]:
    """The server, for as long as it is needed."""
    fake = FakeServer()
    handler = type("Handler", (_Handler,), {"fake": fake})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        fake.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
