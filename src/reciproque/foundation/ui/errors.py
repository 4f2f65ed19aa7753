"""Pages that say what went wrong, what was kept and what to do, with the number to give when asking for help."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import trigger_client_event

from reciproque.foundation.errors import DomainError
from reciproque.foundation.ui.pages import wants_part


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal of the domain: a toast for htmx, a page otherwise."""
    if wants_part(request):
        response = HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
        response.headers["HX-Reswap"] = "none"
        return trigger_client_event(response, "toast", {"text": str(error), "tone": "error"})
    return _answer(request, error.status, {"message": str(error), "code": error.code})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django names it
    """400."""
    return _answer(request, 400, {})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django names it
    """403."""
    return _answer(request, 403, {})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django names it
    """404: the same words whether the thing does not exist or may not be known."""
    return _answer(request, 404, {})


def broken(request: HttpRequest) -> HttpResponse:
    """500: a page without any query, so that it shows even when the database is gone (503 then)."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    reference = getattr(request, "reference", "")
    return render(None, "errors/500.html", {"reference": reference}, status=500)


def unavailable(request: HttpRequest, message: str = "") -> HttpResponse:
    """503: without any query; says when to come back."""
    if message and "HX-Request" in request.headers:
        response = HttpResponse(message, status=503, content_type="text/plain; charset=utf-8")
        response.headers["HX-Reswap"] = "none"
        response = trigger_client_event(response, "toast", {"text": message, "tone": "error"})
    else:
        context = {"status": 503, "message": message, "reference": getattr(request, "reference", "")}
        response = render(None, "errors/503.html", context, status=503)
    response.headers["Retry-After"] = "60"
    return response


def _answer(request: HttpRequest, status: int, context: dict[str, Any]) -> HttpResponse:
    context |= {"status": status, "reference": getattr(request, "reference", "")}
    known = {400, 403, 404, 409, 422, 429, 500, 503}
    return render(request, f"errors/{status if status in known else 400}.html", context, status=status)
