"""Figures for Prometheus: how long routes take, what waits, and how much memory is used.

Labels take few values by design: the route's rule, never a URL; a known method; the class of a
status. What waits is asked for when someone looks, so it costs nothing in between.
"""

import hmac
import re
import time
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from billify.application import health
from billify.config import Settings
from billify.web import logs

SECONDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
PROXY_HEADERS = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


def init_app(app: Flask) -> None:
    """Time each request, and be ready to tell what waits when someone reads the figures."""
    registry = CollectorRegistry()
    seconds = Histogram(
        "billify_request_seconds",
        "Server time of a request",
        ["method", "route"],
        buckets=SECONDS,
        registry=registry,
    )
    answers = Counter(
        "billify_answers",
        "Answers by route and class of status",
        ["route", "status"],
        registry=registry,
    )
    registry.register(Waiting())
    registry.register(Memory())
    ProcessCollector(registry=registry)

    def start() -> None:
        g.metrics_started = time.perf_counter()

    def note(response: Response) -> Response:
        method = request.method if request.method in METHODS else "other"
        route = logs.route_name()
        started = g.get("metrics_started")
        if started is not None:
            seconds.labels(method, route).observe(time.perf_counter() - started)
        answers.labels(route, f"{response.status_code // 100}xx").inc()
        return response

    app.before_request(start)
    app.after_request(note)
    app.extensions["metrics"] = registry


def page() -> Response:
    """Every figure in the text format of Prometheus."""
    text = generate_latest(current_app.extensions["metrics"])
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def may_read() -> bool:
    """Someone on this machine, or anyone with the token.

    A proxy on this machine calls from loopback too, on behalf of anybody; it says so in a
    header, and then only the token counts.
    """
    settings: Settings = current_app.config["SETTINGS"]
    token = settings.metrics_token
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    return _is_loopback(request.remote_addr) and not any(
        header in request.headers for header in PROXY_HEADERS
    )


class Waiting(Collector):
    """Bells by queue and jobs by state; what can't be counted now is left out."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing, so that registering asks neither the database nor the queue."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Ask both now."""
        yield from _gauge(
            "billify_queue_depth", "Bells waiting in a queue", "queue", health.bells_by_queue()
        )
        yield from _gauge("billify_jobs", "Jobs by state", "state", health.jobs_by_state())


class Memory(Collector):
    """Memory of this process: resident, and proportional (shared pages divided)."""

    def __init__(self, proc: Path = Path("/proc/self")) -> None:
        self._proc = proc

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read both from the kernel; where there is no such file there is no figure."""
        try:
            rollup = (self._proc / "smaps_rollup").read_text()
        except OSError:
            return
        for name, field, words in (
            ("billify_memory_pss_bytes", "Pss", "Memory with shared pages divided"),
            ("billify_memory_rss_bytes", "Rss", "Resident memory"),
        ):
            found = re.search(rf"^{field}:\s+(\d+) kB$", rollup, re.MULTILINE)
            if found:
                yield GaugeMetricFamily(name, words, value=int(found[1]) * 1024)


def _gauge(
    name: str, words: str, label: str, counts: Mapping[str, int]
) -> Iterator[GaugeMetricFamily]:
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for value, number in counts.items():
        gauge.add_metric([value], number)
    yield gauge


def _is_loopback(address: str | None) -> bool:
    try:
        return address is not None and ip_address(address).is_loopback
    except ValueError:
        return False
