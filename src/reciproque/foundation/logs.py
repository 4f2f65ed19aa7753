"""The journal: one JSON line per event on standard output, with identifiers only, never names, addresses or bodies."""

import logging
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("reciproque.web")
QUIET = ("/static/", "/healthz", "/readyz", "/metrics")


def configure(options: dict[str, Any]) -> None:
    """Send the standard library's and our own records to one stream as JSON lines (Django's LOGGING_CONFIG)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr if options.get("stream") == "stderr" else sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(options.get("level", "INFO"))
    for noisy in ("django.request", "procrastinate", "fontTools"):
        logging.getLogger(noisy).setLevel("WARNING")


class RequestLogMiddleware:
    """Give every request a number, told to the user on error pages and written with its time in the journal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = uuid.uuid4().hex[:10]  # type: ignore[attr-defined]
        started = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=request.reference)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            structlog.contextvars.unbind_contextvars("request")
        if not request.path.startswith(QUIET):
            match = getattr(request, "resolver_match", None)
            log.info(
                "request",
                reference=request.reference,  # type: ignore[attr-defined]
                method=request.method,
                route=match.view_name if match else "",
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
                user=getattr(getattr(request, "user", None), "pk", None),
            )
        response.headers["X-Request-Reference"] = request.reference  # type: ignore[attr-defined]
        return response
