"""Pages of the interface itself: choices of the reader, gallery of components, accessibility statement."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from reciproque.foundation.ui.context import THEMES
from reciproque.foundation.ui.gallery import samples

ONE_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme chosen by this browser, and go back where the reader was."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    asked = request.POST.get("theme", "")
    if asked in THEMES:
        response.set_cookie("theme", asked, max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states: where a page is begun, and what the accessibility tests examine."""
    return render(request, "ui/gallery.html", samples(both=request.GET.get("themes") == "2"))


@login_not_required
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "ui/accessibility.html")
