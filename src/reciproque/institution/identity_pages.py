"""« Identité »: how the establishment shows itself on the documents it sends."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reciproque.foundation import documents
from reciproque.foundation.ui.pages import go, page, tell
from reciproque.institution import services
from reciproque.institution.access import require_role
from reciproque.institution.forms import IdentityForm
from reciproque.institution.http import Request
from reciproque.institution.models import Role


@require_http_methods(["GET", "POST"])
def identity(request: Request) -> HttpResponse:
    """Name, colour, logo."""
    require_role(request.actor, Role.ADMINISTRATOR)
    held = services.identity()
    form = IdentityForm(request.POST or None, request.FILES or None, instance=held)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        tell(request, _("L’identité de l’établissement est enregistrée."))
        return go(request, "institution:identity")
    context = {"form": form, "held": held}
    return page(request, "institution/identity.html", context, status=422 if form.is_bound else 200)


def _saved(request: Request, form: IdentityForm) -> bool:
    given = {name: form.cleaned_data[name] for name in ("name", "colour", "address", "contact", "logo_text")}
    sent = form.cleaned_data["logo_file"]
    logo = b"" if form.cleaned_data["no_logo"] else sent.read() if sent else None
    try:
        services.set_identity(actor=request.actor, logo=logo, **given)
    except ValidationError as error:
        for name, said in error.message_dict.items():
            field = {"logo": "logo_file", NON_FIELD_ERRORS: None}.get(name, name)
            form.add_error(field if field is None or field in form.fields else None, said)
        return False
    return True


@require_GET
def logo(request: Request) -> HttpResponse:  # noqa: ARG001 -- a view
    """The picture, as it is; nothing when there is none."""
    content = services.logo_of(services.identity())
    kind = documents.picture_kind(content)
    if not kind:
        return HttpResponse(status=204)
    answer = HttpResponse(content, content_type="image/png" if kind == "png" else "image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
