"""One SOAP 1.1 call over HTTP: the envelope, limits of time and size, faults, and its weight.

Answers are read as they come in, element by element: a list of 20,000 open items never stands in
memory as a whole.
"""

import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import urllib3
from urllib3.exceptions import HTTPError

from billify.integrations.yuki.errors import Unreachable, Unreadable, of_fault

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "http://www.theyukicompany.com/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0
"""A list of 1,700 items of a small firm weighs 1.6 MB and is slow to begin."""
WHOLE_SECONDS = 300.0
LARGEST = 200_000_000
LARGEST_FAULT = 200_000
_CHUNK = 65_536
Value = str | bool | int | date


@dataclass(slots=True)
class Traffic:
    """What the calls of a run weighed on the wire, answers with their bodies as sent."""

    requests: int = 0
    bytes: int = 0


class Wire:
    """Calls one Yuki at one address, such as https://api.yukiworks.be/ws/, and nobody else."""

    def __init__(self, base_url: str, *, read_seconds: float = READ_SECONDS) -> None:
        self.traffic = Traffic()
        self._base_url = base_url.rstrip("/") + "/"
        self._pool = urllib3.PoolManager(
            maxsize=1,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
        )

    def close(self) -> None:
        """Hang up."""
        self._pool.clear()

    def elements(
        self, service: str, operation: str, values: Mapping[str, Value], *, each: str
    ) -> Iterator["_Element"]:
        """Each element of this local name in the answer; it is emptied once the next is asked for.

        Raises Unreachable, Unreadable, and what a fault means.
        """
        self.traffic.requests += 1
        try:
            answer = self._pool.request(
                "POST",
                f"{self._base_url}{service}.asmx",
                body=envelope(operation, values),
                headers={
                    "Content-Type": "text/xml; charset=utf-8",
                    "SOAPAction": f'"{NAMESPACE}{operation}"',
                    "Accept-Encoding": "gzip",
                    "User-Agent": "billify",
                },
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            with ExitStack() as hang_up:
                hang_up.callback(answer.close)
                body = _Body(answer, self.traffic)
                _refuse_other(answer, body)
                yield from _parsed(body, each, f"{operation}Response")
                hang_up.pop_all()
            answer.release_conn()
        except (HTTPError, OSError) as error:
            raise Unreachable(type(error).__name__) from error


def envelope(operation: str, values: Mapping[str, Value]) -> bytes:
    """The request as Yuki wants it: names are case-sensitive, and the order is kept."""
    from lxml import etree

    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    body = etree.SubElement(root, f"{{{SOAP}}}Body")
    # Without a prefix, as Yuki's own examples are.
    call = etree.SubElement(body, f"{{{NAMESPACE}}}{operation}", nsmap={None: NAMESPACE})
    for name, value in values.items():
        etree.SubElement(call, f"{{{NAMESPACE}}}{name}").text = _written(value)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00"
    return str(value)


class _Body:
    """The bytes of an answer as a file that can't grow or last without end."""

    def __init__(self, answer: urllib3.BaseHTTPResponse, traffic: Traffic) -> None:
        self._chunks = answer.stream(_CHUNK, decode_content=False)
        self._traffic = traffic
        self._left = b""
        self._size = 0
        self._end = time.monotonic() + WHOLE_SECONDS
        packing = answer.headers.get("Content-Encoding", "").strip().lower()
        self._unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if packing == "gzip" else None

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                if self._unpack is not None and self._size and not self._unpack.eof:
                    raise Unreachable("the answer was cut off")
                return b""
            self._left = self._unpacked(chunk)
        if size < 0:
            taken, self._left = self._left, b""
        else:
            taken, self._left = self._left[:size], self._left[size:]
        return taken

    def _unpacked(self, chunk: bytes) -> bytes:
        self._traffic.bytes += len(chunk)
        if time.monotonic() > self._end:
            raise Unreachable("the answer takes too long")
        if self._unpack is not None:
            try:
                chunk = self._unpack.decompress(chunk, LARGEST + 1 - self._size)
            except zlib.error as error:
                raise Unreadable("the answer can't be unpacked") from error
        self._size += len(chunk)
        if self._size > LARGEST:
            raise Unreadable("the answer is too large")
        return chunk


def _refuse_other(answer: urllib3.BaseHTTPResponse, body: _Body) -> None:
    """Raise what an answer other than a result means; a page for people is no result."""
    is_xml = "xml" in answer.headers.get("Content-Type", "").lower()
    if answer.status == 200 and is_xml:
        return
    if answer.status != 500 or not is_xml:
        raise Unreachable(f"HTTP {answer.status}")
    said = b""
    while len(said) < LARGEST_FAULT and (more := body.read()):
        said += more
    raise of_fault(_fault_text(said))


def _fault_text(said: bytes) -> str:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(said, parser) if said.strip() else None
    if root is None:
        return ""
    found = (one for one in root.iter() if _local(one) in ("faultstring", "Text"))
    return " ".join(one.text or "" for one in found)


def _parsed(body: _Body, each: str, response: str) -> "Iterator[_Element]":
    """The elements asked for; an answer to something else, or cut off, is refused."""
    from lxml import etree

    is_answer = False
    try:
        # Only these are told: to hear of each of the 25 parts of an item takes twice as long.
        wanted = [f"{{*}}{one}" for one in ("Envelope", response, "Fault", each) if one]
        steps = etree.iterparse(
            body,
            events=("start", "end"),
            tag=wanted,
            resolve_entities=False,
            no_network=True,
            huge_tree=True,
        )
        for event, element in steps:
            name = _local(element)
            if event == "start":
                if name == "Envelope" and element.getroottree().docinfo.doctype:
                    raise Unreadable("an answer with a document type")
                is_answer = is_answer or name == response
            elif name == each:
                yield element
                _drop(element)
            elif name == "Fault":
                raise of_fault(" ".join(element.itertext()))
    except etree.XMLSyntaxError as error:
        raise Unreachable("the answer was cut off or is no XML") from error
    if not is_answer:
        raise Unreadable("an answer to something else")


def _drop(element: "_Element") -> None:
    """Let go of an element and of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _local(element: "_Element") -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
