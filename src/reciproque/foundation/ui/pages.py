"""One URL, one view, one template: the whole page for a navigation, one named part for htmx."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part, rather than the browser for a page (boosted links and history want the page)."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """Answer with the template, or with its named part when htmx asks. A refused form is a 422."""
    name = f"{template}#{part}" if part and wants_part(request) else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted"])
    return response


def go(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Send the reader elsewhere after a change, whether the browser or htmx asked."""
    target = redirect(to, *args, **kwargs)
    return HttpResponseClientRedirect(target.url) if wants_part(request) else target


def tell(request: HttpRequest, text: Any, *, tone: str = "success", undo: str = "") -> None:
    """Show a message on the next page: `tone` is success, info, warning or error; `undo` an address to POST to."""
    level = {"success": messages.SUCCESS, "info": messages.INFO, "warning": messages.WARNING, "error": messages.ERROR}
    messages.add_message(request, level[tone], text, extra_tags=undo)


def toast(response: HttpResponse, text: Any, *, tone: str = "success", undo: str = "") -> HttpResponse:
    """Show a message now, with an htmx answer."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": str(text), "tone": tone, "undo": undo}})
    return response
