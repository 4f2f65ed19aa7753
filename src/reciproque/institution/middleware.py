"""Give each request its actor: rights are read anew every time, so a right removed is gone at the next click."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from reciproque.institution.access import Actor


def actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.actor` for people signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.actor = Actor.of(request.user)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
