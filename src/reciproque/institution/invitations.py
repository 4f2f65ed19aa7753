"""The message with which somebody chooses a first password, and addresses one may be sent back to."""

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from reciproque.foundation.errors import DomainError
from reciproque.institution.models import User


def send(request: HttpRequest, user: User) -> None:
    """Send the link that lets somebody choose a password (allauth's own: bound to the person, used once)."""
    form = ResetPasswordForm(data={"email": user.email})
    if not form.is_valid():
        raise DomainError("; ".join(form.errors.get("email", [])))
    form.save(request)


def local_path(request: HttpRequest, address: str) -> str:
    """The address if it is one of ours, else home: nobody is sent to another site."""
    if address.startswith("/") and url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return address
    return "/"
