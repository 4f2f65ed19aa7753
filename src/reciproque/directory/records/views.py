"""Pages of one record: read, changed field by field or whole, created, put away, brought back in time."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reciproque.directory import policies, services
from reciproque.directory.models import Partner, Person, Position, Site
from reciproque.directory.records import duplicates, past, reads
from reciproque.directory.records.drawing import drawn
from reciproque.directory.records.forms import BroughtForm, PlaceForm, RecordForm, read_again, refuse
from reciproque.directory.records.kinds import PARTNER, PERSON, Kind
from reciproque.directory.records.pasting import read_pasted
from reciproque.directory.records.showing import label, line, origins_of, shown
from reciproque.directory.services.common import read
from reciproque.engines.identifiers import read_siret
from reciproque.engines.intake import split_name
from reciproque.foundation import history
from reciproque.foundation.errors import Conflict
from reciproque.foundation.idempotence import once
from reciproque.foundation.panels import PARTNER_WAYS
from reciproque.foundation.ui.pages import go, page, tell, toast
from reciproque.institution.http import Request

MODELS: dict[str, Any] = {"partner": Partner, "site": Site, "person": Person, "position": Position}


@require_http_methods(["GET", "POST"])
def field(request: Request, kind: Kind, pk: int, name: str) -> HttpResponse:
    """One field: its line (`?voir`), or its editor; posted, it is saved and its line comes back."""
    if name not in kind.fields:
        raise Http404
    if request.method == "GET" and "voir" in request.GET:
        return _line(request, kind, reads.find(kind, request.actor, pk), name)
    record = reads.find(kind, request.actor, pk, "edit")
    data = request.POST if request.method == "POST" else None
    form = RecordForm(data, model=kind.model, fields=[name], record=record)
    if form.is_bound and form.is_valid() and (answer := _save_field(request, kind, record, form, name)):
        return answer
    context = {"form": form, "bound": form[name], "record": record, "kind": kind, "name": name}
    context |= {"back": reverse(kind.url(), args=[pk]), "address": request.path}
    return page(request, "directory/records/field.html", context, part="editor", status=422 if form.is_bound else 200)


def _save_field(request: Request, kind: Kind, record: Any, form: RecordForm, name: str) -> HttpResponse | None:
    """Save; None when the form is to be shown again, with what was refused."""
    try:
        kind.edit(actor=request.actor, record=record, version=form.cleaned_data["version"], **form.values)
    except ValidationError as error:
        refuse(form, error)
        return None
    except Conflict as conflict:
        current = shown(kind.model, name, conflict.details["current"][name]) or _("vide")
        said = _(
            "Quelqu’un a modifié la fiche entre-temps ; la valeur y est maintenant : « %(value)s ». Relisez, puis enregistrez."
        )
        form.add_error(name, said % {"value": current})
        read_again(form, conflict)
        return None
    if not request.htmx or name in kind.refresh_page:
        tell(request, _("« %(field)s » est enregistré.") % {"field": label(kind.model, name)})
        return go(request, kind.url(), record.pk)
    answer = _line(request, kind, reads.find(kind, request.actor, record.pk), name)
    return toast(answer, _("« %(field)s » est enregistré.") % {"field": label(kind.model, name)})


def _line(request: Request, kind: Kind, record: Any, name: str) -> HttpResponse:
    (origins,) = origins_of([record])
    context = {"drawn": drawn(request, kind, record, line(record, name, origins))}
    return page(request, "directory/records/line.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Request, kind: Kind, pk: int) -> HttpResponse:
    """The whole record in one form."""
    record = reads.find(kind, request.actor, pk, "edit")
    data = request.POST if request.method == "POST" else None
    form = RecordForm(data, model=kind.model, fields=kind.fields, record=record)
    if form.is_bound and form.is_valid():
        changes = _typed(kind, record, form)
        try:
            kind.edit(actor=request.actor, record=record, version=form.cleaned_data["version"], **changes)
        except ValidationError as error:
            refuse(form, error)
        except Conflict as conflict:
            return _conflict(request, kind, record, form, conflict, changes)
        else:
            tell(request, _("« %(record)s » est enregistré.") % {"record": record})
            return go(request, kind.url(), pk)
    context = {"form": form, "record": record, "kind": kind, "back": reverse(kind.url(), args=[pk])}
    return page(request, "directory/records/edit.html", context, status=422 if form.is_bound else 200)


def _typed(kind: Kind, record: Any, form: RecordForm) -> dict[str, Any]:
    """What the person changed from the version they read, and chose to keep when asked."""
    typed = {name: value for name, value in form.values.items() if form.data.get(f"garder-{name}") != "theirs"}
    event = history.event_model(kind.model).objects.filter(pgh_obj_id=record.pk, version=form.cleaned_data["version"])
    base = event.order_by("-pgh_id").first() or (record if record.version == form.cleaned_data["version"] else None)
    if base is None or any(name.startswith("garder-") for name in form.data):
        return typed
    return {name: value for name, value in typed.items() if not _same(base, name, value)}


def _same(base: Any, name: str, value: Any) -> bool:
    """Whether what was typed is, once read, what the record already held."""
    try:
        return bool(read(name, value) == getattr(base, name))
    except ValidationError:
        return False


def _conflict(
    request: Request, kind: Kind, record: Any, form: RecordForm, conflict: Conflict, changes: Mapping[str, Any]
) -> HttpResponse:
    """Both versions face to face, and everything that was typed, ready to be sent again with the choices."""
    now = reads.find(kind, request.actor, record.pk)
    rows = [
        {
            "key": name,
            "label": label(kind.model, name),
            "mine": shown(kind.model, name, value) or "—",
            "theirs": shown(kind.model, name, getattr(now, name)) or "—",
        }
        for name, value in changes.items()
    ]
    sent = [(name, value) for name, value in form.data.items() if name in changes]
    kept = [(name, _sendable(form, name, getattr(now, name))) for name in kind.fields if name not in changes]
    context = {"rows": rows, "sent": [*sent, *kept], "version": conflict.details["version"], "record": record}
    context |= {"kind": kind, "address": reverse(kind.url("edit"), args=[record.pk]), "message": str(conflict)}
    return page(request, "directory/records/conflict.html", context, status=409)


def _sendable(form: RecordForm, name: str, value: Any) -> str:
    """A stored value as a form would send it."""
    if value is None or isinstance(value, dt.date):
        return value.isoformat() if value else ""
    return str(form.fields[name].prepare_value(value))


@require_http_methods(["GET", "POST"])
def create(request: Request, kind: Kind) -> HttpResponse:
    """A new record, typed or pasted; what is already known of that name is shown first."""
    reads.may_create(request.actor)
    sent = request.method == "POST" and "coller" not in request.POST
    start, data = _start(request, kind), request.POST if sent else None
    form = BroughtForm(data, actor=request.actor, model=kind.model, fields=kind.created_with, initial=start)
    place = PlaceForm(data, initial=start)
    partner = _employer(request) if kind is PERSON else None
    doubt = False
    if form.is_bound and form.is_valid() and place.is_valid():
        address, doubt = _create(request, kind, form, place, partner)
        if address:
            return go(request, address)
    context = {"form": form, "place": place, "kind": kind, "employer": partner, "doubt": doubt, "start": start}
    context["ways"] = PARTNER_WAYS if kind is PARTNER else []
    context["job"] = request.POST.get("title", start.get("title", ""))
    context["known"] = duplicates.known(request.actor, kind, request.POST if sent else start)
    context["more"] = any(
        bound.errors or bound.value() for bound in (*form, *place) if bound.name in kind.created_folded
    )
    return page(request, f"directory/records/{kind.name}_create.html", context, status=422 if sent else 200)


def _start(request: Request, kind: Kind) -> dict[str, str]:
    """What the form begins with: what was pasted, or the name that was looked for."""
    if request.method == "POST":
        return read_pasted(request.POST.get("pasted", ""), person=kind is PERSON) if "coller" in request.POST else {}
    looked_for = request.GET.get("nom", "").strip()[:250]
    if kind is PERSON:
        return split_name(looked_for)
    return {"name": looked_for} if looked_for else {}


def _employer(request: Request) -> Partner | None:
    """The partner where the new person works, when the page was opened from it."""
    asked = request.POST.get("partner") or request.GET.get("partenaire") or ""
    return policies.partners.get_or_404(request.actor, "view", pk=int(asked)) if asked.isdecimal() else None


def _create(
    request: Request, kind: Kind, form: BroughtForm, place: PlaceForm, partner: Partner | None
) -> tuple[str, bool]:
    """Write the record, once even when the form is sent twice.

    Its address, or "" with what was refused in the form; and whether it is because it resembles another.
    """

    def act() -> str:
        if "quand_meme" not in request.POST and duplicates.doubtful(request.actor, kind, request.POST):
            return ""
        record = _write(request, kind, form, place, partner)
        tell(request, _("« %(record)s » est enregistré.") % {"record": record})
        return reverse(kind.url(), args=[record.pk])

    try:
        address = once(user_id=request.user.pk, key=form.cleaned_data["once"], act=act)[0]
    except services.AlreadyKnown as known:
        form.add_error(None, str(known))
    except ValidationError as error:
        refuse(form, error)
    else:
        return address, not address
    return "", False


def _write(request: Request, kind: Kind, form: BroughtForm, place: PlaceForm, partner: Partner | None) -> Any:
    if kind is PARTNER:
        return services.create_partner(actor=request.actor, **_given(form, place))
    title = request.POST.get("title", "")
    return services.create_person(actor=request.actor, partner=partner, title=title, **form.values)


def _given(form: BroughtForm, place: PlaceForm) -> dict[str, Any]:
    """What was typed of a partner; a SIRET written in place of the SIREN is one."""
    given = form.values | {name: value for name, value in place.cleaned_data.items() if value}
    if not given.get("siret") and read_siret(given.get("siren", "")).value:
        given["siret"] = given.pop("siren")
    return given


@require_GET
def known(request: Request, kind: Kind) -> HttpResponse:
    """« Déjà connu ? »: what resembles what is being typed."""
    context = {"known": duplicates.known(request.actor, kind, request.GET), "kind": kind, "doubt": False}
    return page(request, "directory/records/known.html", context)


@require_POST
def archive(request: Request, kind: Kind, pk: int) -> HttpResponse:
    """Put the record away; the message offers to undo it."""
    record = reads.find(kind, request.actor, pk, "archive")
    kind.archive(actor=request.actor, record=record)
    undo = reverse(kind.url("unarchive"), args=[pk])
    tell(request, _("« %(record)s » est archivé.") % {"record": record}, undo=undo)
    return go(request, kind.url(), pk)


@require_POST
def unarchive(request: Request, kind: Kind, pk: int) -> HttpResponse:
    """Bring the record back."""
    record = reads.find(kind, request.actor, pk, "archive")
    kind.unarchive(actor=request.actor, record=record)
    tell(request, _("« %(record)s » est de retour dans les listes.") % {"record": record})
    return go(request, kind.url(), pk)


@require_POST
def release(request: Request, kind: Kind, pk: int, name: str) -> HttpResponse:
    """Give a value typed by hand back to the sources."""
    record = reads.find(kind, request.actor, pk, "edit")
    services.release_field(actor=request.actor, record=record, field=name)
    tell(request, _("« %(field)s » suivra de nouveau les sources.") % {"field": label(kind.model, name)})
    return go(request, kind.url(), pk)


@require_POST
def restore(request: Request, kind: Kind, pk: int) -> HttpResponse:
    """Give a field the value it held before; the message offers to undo it."""
    record = reads.find(kind, request.actor, pk, "edit")
    asked = {
        name: request.POST.get(name) or request.GET.get(name, "") for name in ("model", "object", "event", "field")
    }
    model, object_id, event_id = _event(kind, record, asked)
    name, last = asked["field"], past.latest(model, object_id)
    services.restore_field(actor=request.actor, model=model, object_id=object_id, event_id=event_id, field=name)
    undo = f"{request.path}?{urlencode(asked | {'event': last})}" if last else ""
    tell(request, _("« %(field)s » est rétabli.") % {"field": label(model, name)}, undo=undo)
    return go(request, f"{reverse(kind.url(), args=[pk])}?onglet=historique")


def _event(kind: Kind, record: Any, asked: Mapping[str, str]) -> tuple[Any, int, int]:
    """The event asked for, when it is one of this record or of what belongs to it; 404 otherwise."""
    model = MODELS.get(asked["model"])
    numbers = [asked[name] for name in ("object", "event")]
    if model is None or not all(number.isdecimal() and len(number) < 19 for number in numbers):
        raise Http404
    object_id, event_id = map(int, numbers)
    owner = object_id
    if model is not kind.model:
        found = model.objects.filter(pk=object_id, **{kind.name: record.pk})
        owner = found.values_list(kind.name, flat=True).first()
    events = history.event_model(model).objects.filter(pgh_id=event_id, pgh_obj_id=object_id)
    if owner != record.pk or not events.exists():
        raise Http404
    return model, object_id, event_id
