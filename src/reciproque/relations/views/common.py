"""What the pages of this module do alike."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner
from reciproque.foundation.errors import Conflict
from reciproque.foundation.idempotence import once
from reciproque.foundation.ui.pages import go
from reciproque.institution.access import require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role, Unit


def partner_of(request: Request, partner_id: int, action: str = "view") -> Partner:
    """A partner that the reader may read; 404 otherwise."""
    return directory.partners.get_or_404(request.actor, action, pk=partner_id)


def writing_on(request: Request, partner_id: int) -> Partner:
    """A partner about which the reader may write: a contributor of some unit. 403 for others who may read it."""
    partner = partner_of(request, partner_id)
    require_role(request.actor, Role.MEMBER)
    return partner


def home_of(partner_id: int, tab: str = "") -> str:
    """The address of a partner's page, on one of its tabs."""
    return reverse("directory:partner", args=[partner_id]) + (f"?onglet={tab}" if tab else "")


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what an operation refused beside the fields."""
    for name, messages in (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    ).items():
        form.add_error(name if name in form.fields else None, list(messages))


def saved(form: forms.Form, act: Callable[[], Any], request: Request | None = None) -> Any:
    """What the operation returned, or None with what it refused in the form. Sent twice, it acts once (`True` the second time)."""
    if not form.is_valid():
        return None
    result: list[Any] = []

    def run() -> str:
        result.append(act() or True)
        return "done"

    try:
        key = str(form.cleaned_data.get("once", "")) if request else ""
        once(user_id=request.user.pk if request else 0, key=key, act=run)
    except ValidationError as error:
        refuse(form, error)
        return None
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return None
    return result[0] if result else True


def unit_asked(request: Request, name: str = "entite") -> Unit | None:
    """The unit named in the address, when there is one; 404 for what is none."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    return unit_named(asked)


def unit_named(asked: str) -> Unit:
    """The unit of this number; 404 for what is none."""
    found = Unit.objects.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    if found is None:
        raise Http404
    return found


def back(request: Request, fallback: str) -> HttpResponse:
    """Where the form says it came from, when that is one of our pages; else the fallback."""
    asked = request.POST.get("retour", "")
    return go(
        request, asked if asked.startswith("/") and not asked.startswith("//") and "\\" not in asked else fallback
    )


def every_unit() -> QuerySet[Unit]:
    """The units one may choose among, in the order of the tree."""
    return Unit.objects.active().in_tree_order()
