"""A partner on a loopback port: reads a call, lets faults happen, writes the answer."""

import contextlib
import gzip
import socket
import ssl
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from billify.stand_ins.faults import Fault, Faults

WORTH_COMPRESSING = 200


@dataclass(slots=True)
class Request:
    """What was asked; names of headers in small letters."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    origin: str


@dataclass(slots=True)
class Answer:
    """What is said."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/octet-stream"


@dataclass(slots=True)
class Play:
    """How a partner answers: its faults, its answer to a call, and what it says of a status."""

    faults: Faults
    answer: Callable[[Request], Answer]
    problem: Callable[[int], Answer]
    compresses: Callable[[], bool]


class StandIn:
    """A partner behind an address. As a context it serves in a thread of its own."""

    def __init__(
        self,
        play: Play,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        listener: socket.socket | None = None,
    ) -> None:
        self._server = _Server((host, port), _Handler, bind_and_activate=listener is None)
        if listener is not None:
            self._server.socket.close()
            self._server.socket = listener
            self._server.server_address = listener.getsockname()
        self._server.play = play
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls is not None else "http"
        self.origin = f"{scheme}://{host}:{self._server.server_address[1]}"
        self._server.origin = self.origin
        self._thread: threading.Thread | None = None

    def serve(self) -> None:
        """Answer until the process ends."""
        self._server.serve_forever(poll_interval=0.5)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self._thread is not None:
            self._thread.join(timeout=5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    play: Play
    origin: str

    # Any: as socketserver has it
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        """Any call."""
        length = int(self.headers.get("Content-Length") or 0)
        play = self.server.play
        asked = Request(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            self.server.origin,
        )
        fault = play.faults.take(asked.method, _told_by(asked))
        if fault is not None and fault.wait:
            time.sleep(fault.wait)
        said = _faulty(fault, play) if fault is not None else None
        self._write(said or play.answer(asked), asked, fault)

    do_POST = do_DELETE = do_PATCH = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing: a demo's terminal is for people."""

    def _write(self, said: Answer, asked: Request, fault: Fault | None) -> None:
        body = said.body
        headers = {
            "Content-Type": said.media_type,
            "ibanity-request-id": uuid.uuid4().hex,
            **said.headers,
        }
        takes = "gzip" in asked.headers.get("accept-encoding", "")
        if self.server.play.compresses() and takes and len(body) > WORTH_COMPRESSING:
            body = gzip.compress(body, 5, mtime=0)
            headers["Content-Encoding"] = "gzip"
        head = f"HTTP/1.1 {said.status} {_reason(said.status)}\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in headers.items()
        )
        wire = f"{head}Content-Length: {len(body)}\r\n\r\n".encode()
        whole = wire + body
        end = len(whole)
        if fault is not None and fault.cut_after is not None:
            end = min(end, fault.cut_after)
        if fault is not None and fault.cut_body_after is not None:
            end = min(end, len(wire) + fault.cut_body_after)
        with contextlib.suppress(OSError):
            self.wfile.write(whole[:end])
            self.wfile.flush()
            if end < len(whole) or (fault is not None and fault.cut_after is not None):
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)


def _told_by(asked: Request) -> str:
    """What a fault goes by: the address, and the operation of a SOAP call."""
    return asked.target + asked.headers.get("soapaction", "")


def _faulty(fault: Fault, play: Play) -> Answer | None:
    """What is said in place of the answer; None when the answer itself is sent, late or in part."""
    if fault.body is not None:
        return Answer(fault.status or 200, fault.body, dict(fault.headers), fault.media_type)
    if fault.status is None:
        return None
    said = play.problem(fault.status)
    return Answer(fault.status, said.body, dict(fault.headers), said.media_type)


def _reason(status: int) -> str:
    return {200: "OK", 201: "Created", 303: "See Other"}.get(status, "Said")
