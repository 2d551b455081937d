"""What is counted and logged of requests: route, method and status; no ids, no query, no body.

All are counted. Those that were answered as asked, and soon, are not logged one by one.
"""

import logging
from collections.abc import Awaitable, Callable

import attrs
import structlog
from aiohttp import web
from aiohttp.web import AbstractResource
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from application.receipts import Receipts
from ports.clock import Clock

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_SOON = 1.0
_log = structlog.get_logger("atsbridge.web")


def server_log() -> logging.Logger:
    """Where the server under us says which requests it could not read: without what it quotes of them."""
    log = logging.getLogger("atsbridge.server")
    log.addFilter(_without_quotations)
    return log


def _without_quotations(record: logging.LogRecord) -> bool:
    kind = record.exc_info[0] if record.exc_info else None
    record.msg, record.args = f"a request was cut off or could not be read: {kind.__name__ if kind else 'unknown'}", ()
    record.exc_info = record.exc_text = record.stack_info = None
    return True


@attrs.frozen
class _Counts:
    """Where the requests of one kind are counted."""

    method: str
    route: str
    requests: Counter
    seconds: Histogram


class Telemetry:
    """Counts requests in a registry of its own, and shows how it stands with the receipts of this process."""

    def __init__(self, clock: Clock, receipts: Receipts) -> None:
        self._clock = clock
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("atsbridge_http_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "atsbridge_http_request_seconds", "Time to answer.", ("method", "route"), registry=self._registry
        )
        in_hand = Gauge(
            "atsbridge_receipts_in_hand", "Confirmed by an ATS, not yet taken by the database.", registry=self._registry
        )
        in_hand.set_function(lambda: receipts.in_hand)
        doubled = Gauge(
            "atsbridge_effects_doubled", "Seen to stand in an ATS twice by this process.", registry=self._registry
        )
        doubled.set_function(lambda: receipts.doubled)
        self._known: dict[tuple[str, AbstractResource | None, int], _Counts] = {}

    def exposed(self) -> bytes:
        """The counts, in the text format of Prometheus."""
        return generate_latest(self._registry)

    @web.middleware
    async def watch(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Stands around everything else, so that each answer is seen."""
        began = self._clock.monotonic()
        status = 499
        try:
            response = await handler(request)
            status = response.status
        finally:
            self._seen(request, status, self._clock.monotonic() - began)
        return response

    def _seen(self, request: web.Request, status: int, seconds: float) -> None:
        kind = (request.method, request.match_info.route.resource, status)
        counts = self._known.get(kind) or self._counts(*kind)
        counts.requests.inc()
        counts.seconds.observe(seconds)
        if (status >= 400 or seconds >= _SOON) and counts.route not in _QUIET:
            _log.info("request", method=counts.method, route=counts.route, status=status, seconds=round(seconds, 4))

    def _counts(self, method: str, resource: AbstractResource | None, status: int) -> _Counts:
        """Looking labels up takes longer than counting does: what a known method led to is remembered."""
        named = method if method in _METHODS else "other"
        route = resource.canonical if resource is not None else "unknown"
        counted = self._requests.labels(named, route, str(status))
        counts = _Counts(named, route, counted, self._seconds.labels(named, route))
        if named == method:
            self._known[method, resource, status] = counts
        return counts
