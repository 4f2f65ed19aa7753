"""One cell of a list, changed where it is read."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reciproque.directory import services
from reciproque.directory.listing.kinds import ListKind
from reciproque.directory.models import Partner
from reciproque.directory.records.forms import RecordForm, read_again, refuse
from reciproque.foundation.errors import Conflict
from reciproque.foundation.listing.columns import Column
from reciproque.foundation.ui.pages import toast
from reciproque.institution.http import Request


@require_http_methods(["GET", "POST"])
def cell(request: Request, kind: ListKind, pk: int, name: str) -> HttpResponse:
    """The cell (`?voir`), or its editor; posted, the value is saved and the cell comes back."""
    column = next((one for one in kind.catalogue.columns if one.edits == name), None)
    if column is None or column.heading:
        raise Http404
    action = "view" if request.method == "GET" and "voir" in request.GET else "edit"
    record: Any = kind.policy.get_or_404(request.actor, action, pk=pk)
    if action == "view":
        return shown(request, kind, record, column)
    form = RecordForm(
        request.POST if request.method == "POST" else None, model=type(record), fields=[name], record=record
    )
    if form.is_bound and form.is_valid() and save(request, record, form, name):
        record = kind.policy.get_or_404(request.actor, "view", pk=pk)
        return toast(shown(request, kind, record, column), _("« %(field)s » est enregistré.") % {"field": column.label})
    context = {"form": form, "bound": form[name], "column": column, "address": request.path, "record": record}
    return render(request, "directory/listing/cell.html", context, status=422 if form.is_bound else 200)


def shown(request: Request, kind: ListKind, record: Any, column: Column) -> HttpResponse:
    """The cell as the list draws it."""
    extra = kind.catalogue.load(request.actor, [record])
    context = {"column": column, "value": column.show(record, extra), "record": record}
    return render(request, "directory/listing/cell_shown.html", context)


def save(request: Request, record: Any, form: RecordForm, name: str) -> bool:
    """Whether the value was kept; else the form says why."""
    version = form.cleaned_data["version"]
    try:
        if name == "referent":
            services.set_referent(
                actor=request.actor, partner=record, version=version, referent=form.values["referent"]
            )
        elif isinstance(record, Partner):
            services.edit_partner(actor=request.actor, partner=record, version=version, **form.values)
        else:
            services.edit_person(actor=request.actor, person=record, version=version, **form.values)
    except ValidationError as error:
        refuse(form, error)
    except Conflict as conflict:
        form.add_error(name, _("Quelqu’un a modifié la fiche entre-temps : relisez, puis enregistrez."))
        read_again(form, conflict)
    else:
        return True
    return False
