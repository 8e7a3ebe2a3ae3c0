"""Figures for Prometheus: how long routes take, what waits, and how much memory is used.

Labels take few values by design: the route's rule, never a URL; a known method; the class of a
status. What waits is asked for when someone looks, so it costs nothing in between.
"""

import hmac
import math
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Slow:
    """How long a route took in this process: half of its requests were faster than `median`
    seconds, nineteen in twenty faster than `p95`. None is beyond the last bucket."""

    method: str
    route: str
    requests: int
    median: float | None
    p95: float | None

    @property
    def milliseconds(self) -> tuple[str, str]:
        """Both as people write them."""
        return _told(self.median), _told(self.p95)


def slowest(count: int) -> list[Slow]:
    """The routes of this process that were slowest, by the time of nineteen in twenty."""
    registry: CollectorRegistry = current_app.extensions["metrics"]
    counts: dict[tuple[str, str], dict[float, float]] = {}
    for metric in registry.restricted_registry(["billify_request_seconds_bucket"]).collect():
        for sample in metric.samples:
            labels = sample.labels
            key = labels["method"], labels["route"]
            counts.setdefault(key, {})[float(labels["le"])] = sample.value
    found = [_slow(*key, buckets) for key, buckets in counts.items()]
    beyond = SECONDS[-1] + 1
    return sorted(found, key=lambda one: one.p95 or beyond, reverse=True)[:count]


def _slow(method: str, route: str, buckets: dict[float, float]) -> Slow:
    total = round(buckets[math.inf])
    return Slow(method, route, total, _quantile(buckets, 0.5), _quantile(buckets, 0.95))


def _told(seconds: float | None) -> str:
    if seconds is None:
        return f"> {SECONDS[-1]:.0f}.000"
    return f"{seconds * 1000:.1f}".replace(".", ",")


def _quantile(buckets: dict[float, float], share: float) -> float | None:
    """Within its bucket a request may be anywhere, so a straight line is drawn through it."""
    wanted = buckets[math.inf] * share
    lower, below = 0.0, 0.0
    for edge in sorted(buckets):
        if buckets[edge] >= wanted > 0:
            if math.isinf(edge):
                return None
            return lower + (edge - lower) * (wanted - below) / (buckets[edge] - below)
        lower, below = edge, buckets[edge]
    return None


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
