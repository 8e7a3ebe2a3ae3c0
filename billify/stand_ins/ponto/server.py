"""The stand-in on a loopback port: reads a call, lets faults happen, writes the answer."""

import contextlib
import gzip
import socket
import ssl
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from billify.stand_ins.ponto import documents
from billify.stand_ins.ponto.answers import Answer, Call, answer
from billify.stand_ins.ponto.faults import Fault
from billify.stand_ins.ponto.world import World

WORTH_COMPRESSING = 200


class PontoServer:
    """A world behind an address. As a context it serves in a thread of its own."""

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
        self._server = _Server((host, port), _Handler, bind_and_activate=listener is None)
        if listener is not None:
            self._server.socket.close()
            self._server.socket = listener
            self._server.server_address = listener.getsockname()
        self._server.world = self.world
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if tls is not None else "http"
        self.origin = f"{scheme}://{host}:{self._server.server_address[1]}"
        self._server.origin = self.origin
        self._thread: threading.Thread | None = None

    @property
    def connect_url(self) -> str:
        """Where Ponto Connect begins."""
        return f"{self.origin}/ponto-connect"

    @property
    def authorization_url(self) -> str:
        """Where a person allows it."""
        return f"{self.origin}/oauth2/auth"

    def serve(self) -> None:
        """Answer until the process ends."""
        self._server.serve_forever(poll_interval=0.5)

    def __enter__(self) -> "PontoServer":
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
    world: World
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
        call = Call(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            self.server.origin,
        )
        fault = self.server.world.faults.take(call.method, call.target)
        if fault is not None and fault.wait:
            time.sleep(fault.wait)
        said = _faulty(fault) if fault is not None else None
        self._write(said or answer(self.server.world, call), call, fault)

    do_POST = do_DELETE = do_PATCH = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing: a demo's terminal is for people."""

    def _write(self, said: Answer, call: Call, fault: Fault | None) -> None:
        body = said.body
        headers = {
            "Content-Type": said.media_type,
            "ibanity-request-id": uuid.uuid4().hex,
            **said.headers,
        }
        takes = "gzip" in call.headers.get("accept-encoding", "")
        if self.server.world.behaviour.compresses and takes and len(body) > WORTH_COMPRESSING:
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


def _faulty(fault: Fault) -> Answer | None:
    """What is said in place of the answer; None when the answer itself is sent, late or in part."""
    if fault.body is not None:
        return Answer(fault.status or 200, fault.body, dict(fault.headers), fault.media_type)
    if fault.status is None:
        return None
    codes = {401: "invalidAccessToken", 429: "tooManyRequests", 403: "forbidden"}
    code = codes.get(fault.status, "internalServerError")
    return Answer(fault.status, documents.problem(code, "A fault."), dict(fault.headers))


def _reason(status: int) -> str:
    return {200: "OK", 201: "Created", 303: "See Other"}.get(status, "Said")
