"""The palette's answers, and the page that shows everything found."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from reciproque.foundation.ui.pages import page, wants_part
from reciproque.institution.http import Request
from reciproque.workspace import palette as offers


@never_cache
@require_GET
def palette(request: Request) -> HttpResponse:
    """The lines of the palette; a browser without script is sent to the search page."""
    text = request.GET.get("q", "")
    if not wants_part(request):
        target = redirect("workspace:search")
        target.headers["Location"] += f"?{urlencode({'q': text})}" if text else ""
        return target
    sections = offers.answer(request.actor, text, request.GET.get("scope", ""))
    return page(request, "workspace/palette.html", {"sections": sections})


@require_GET
def search(request: Request) -> HttpResponse:
    """Everything found for a text."""
    text = request.GET.get("q", "")[: offers.LONGEST]
    sections = offers.found_on_page(request.actor, text)
    context = {"q": text, "sections": sections, "most": offers.FOUND_ON_PAGE}
    return page(request, "workspace/search.html", context, part="found")
