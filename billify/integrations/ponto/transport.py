"""One call over HTTP: time limits, size limits, certificates, signature, and what it weighed."""

import ssl
import time
import zlib
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from billify.integrations.ponto.errors import Unreachable, Unreadable
from billify.integrations.ponto.signature import Signer

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
WHOLE_SECONDS = 60.0
LARGEST = 8_000_000
"""Bytes of an answer once unpacked: a page of a hundred transactions is near 150,000."""
_CHUNK = 65_536


@dataclass(slots=True)
class Traffic:
    """What the calls of a run weighed on the wire, answers with their bodies as sent."""

    requests: int = 0
    bytes: int = 0
    last_request: str = ""
    """Ponto's own key of the last call, to ask its support about."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, unpacked."""

    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Transport:
    """Calls one partner at one address and nobody else."""

    def __init__(
        self,
        base_url: str,
        *,
        context: ssl.SSLContext | None = None,
        signer: Signer | None = None,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.traffic = Traffic()
        self._signer = signer
        self._origin = _origin(base_url)
        self._pool = urllib3.PoolManager(
            maxsize=1,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
            ssl_context=context,
        )

    def close(self) -> None:
        """Hang up."""
        self._pool.clear()

    def call(self, method: str, url: str, *, headers: dict[str, str], body: bytes = b"") -> Reply:
        """One call. Raises Unreachable and Unreadable.

        A link to somewhere else is not followed: it would be handed the token.
        """
        if _origin(url) != self._origin:
            raise Unreadable("a link leads away from the partner")
        parts = urlsplit(url)
        sent = {"Accept-Encoding": "gzip", "User-Agent": "billify", **headers}
        if self._signer is not None:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            sent |= self._signer.sign(method, target, parts.netloc, body, sent)
        self.traffic.requests += 1
        try:
            answer = self._pool.request(
                method,
                url,
                headers=sent,
                body=body or None,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            return self._read(answer)
        except (HTTPError, OSError) as error:
            raise Unreachable(type(error).__name__) from error

    def _read(self, answer: urllib3.BaseHTTPResponse) -> Reply:
        end = time.monotonic() + WHOLE_SECONDS
        unpack = _unpacker(answer.headers.get("Content-Encoding", ""))
        parts: list[bytes] = []
        size = 0
        with ExitStack() as hang_up:
            hang_up.callback(answer.close)
            for chunk in answer.stream(_CHUNK, decode_content=False):
                self.traffic.bytes += len(chunk)
                part = _unpacked(unpack, chunk, LARGEST + 1 - size)
                size += len(part)
                if size > LARGEST or (unpack is not None and unpack.unconsumed_tail):
                    raise Unreadable("the answer is too large")
                if time.monotonic() > end:
                    raise Unreachable("the answer takes too long")
                parts.append(part)
            if unpack is not None and not unpack.eof and size:
                raise Unreachable("the answer was cut off")
            hang_up.pop_all()
        answer.release_conn()
        headers = {name.lower(): value for name, value in answer.headers.items()}
        self.traffic.last_request = headers.get("ibanity-request-id", "")[:80]
        return Reply(answer.status, headers, b"".join(parts))


def tls(
    *,
    ca_file: str | None = None,
    certificate: str | None = None,
    key: str | None = None,
    passphrase: str | None = None,
) -> ssl.SSLContext:
    """TLS with the partner's authority, and with our own certificate when there is one."""
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        context.load_cert_chain(certificate, key, passphrase)
    return context


def _unpacked(unpack: "zlib._Decompress | None", chunk: bytes, most: int) -> bytes:
    if unpack is None:
        return chunk
    try:
        return unpack.decompress(chunk, most)
    except zlib.error as error:
        raise Unreadable("the answer can't be unpacked") from error


def _unpacker(encoding: str) -> "zlib._Decompress | None":
    return zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding.strip().lower() == "gzip" else None


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
