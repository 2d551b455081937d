"""What is counted and logged of requests: route, method and status; no ids, no query, no body."""

import logging
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from ports.clock import Clock

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
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


class Telemetry:
    """Counts requests in a registry of its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("atsbridge_http_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "atsbridge_http_request_seconds", "Time to answer.", ("method", "route"), registry=self._registry
        )

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
        method = request.method if request.method in _METHODS else "other"
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "unknown"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        if route not in _QUIET:
            _log.info("request", method=method, route=route, status=status, seconds=round(seconds, 4))
