"""The request that our views receive."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from reciproque.institution.access import Actor
from reciproque.institution.models import User


class Request(HttpRequest):
    """A request with an actor, what htmx says of itself, and the number told on error pages."""

    actor: Actor
    htmx: HtmxDetails
    user: User
    reference: str
