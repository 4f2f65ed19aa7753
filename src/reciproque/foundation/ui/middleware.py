"""What stands between views and the browser: refusals become answers, private pages are not kept by caches."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from reciproque.foundation.errors import DomainError
from reciproque.foundation.ui.errors import refused


class RefusalMiddleware:
    """Turn a domain refusal into an answer a person can read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a DomainError with its status; anything else goes on."""
        return refused(request, error) if isinstance(error, DomainError) else None


class PrivateMiddleware:
    """No cache keeps a page that somebody signed in has read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
