"""Forms of one record. They read the shape of what is typed; what it is worth is judged by the operations."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from reciproque.directory import reference
from reciproque.directory.models import PartnerUnit, Person, Sharing
from reciproque.directory.records.showing import FORMATS
from reciproque.foundation.errors import Conflict
from reciproque.foundation.idempotence import OnceField
from reciproque.foundation.ui.days import DayField
from reciproque.institution.access import Actor
from reciproque.institution.forms import ColleagueField, ColleaguesField, UnitChoice
from reciproque.institution.models import Role, Unit

LOOSE = frozenset(
    {"siren", "siret", "rna", "vat", "uai", "naf", "naf2025", "phone", "mobile", "email", "web", "postcode", "country"}
)
HELP = {
    "naf": _("Comme 62.01Z."),
    "former_names": _("Séparés par des points-virgules."),
    "other_emails": _("Séparées par des points-virgules."),
    "languages": _("Par exemple : fr ; en."),
    "usual_name": _("Celui que l’on emploie, s’il diffère de la raison sociale."),
    "source": _("D’où viennent ces coordonnées : carte de visite, salon, site public…"),
}
WRITTEN = frozenset({"siren", "siret", "phone", "mobile", "country"})
KINDS_OF_INPUT = {
    "siren": "numeric",
    "siret": "numeric",
    "postcode": "numeric",
    "phone": "tel",
    "mobile": "tel",
    "email": "email",
    "web": "url",
}


class Words(forms.CharField):
    """Several words in one line, separated by semicolons."""

    def prepare_value(self, value: Any) -> Any:
        """« un ; deux »."""
        return " ; ".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        """The list of what was typed."""
        return [word.strip() for word in (super().clean(value) or "").split(";") if word.strip()]


def control(model: type[models.Model], name: str) -> forms.Field:
    """The form field of one column."""
    column: Any = model._meta.get_field(name)  # noqa: SLF001 -- Django's own introspection
    common: dict[str, Any] = {
        "label": capfirst(str(column.verbose_name)),
        "required": not column.blank,
        "help_text": HELP.get(name, ""),
        "initial": _legible(name, column.get_default()) if column.has_default() else None,
    }
    if name in LOOSE:
        attrs = {"inputmode": KINDS_OF_INPUT[name]} if name in KINDS_OF_INPUT else {}
        return forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}), **common)
    if isinstance(column, ArrayField):
        return Words(max_length=2000, **common)
    if choices := _choices(column):
        return forms.ChoiceField(choices=choices, **common)
    if isinstance(column, models.DateField):
        return DayField(**common)
    if isinstance(column, models.TextField):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000, **common)
    return column.formfield(**common)  # type: ignore[no-any-return]


def _choices(column: Any) -> list[tuple[str, Any]]:
    """What one may choose in a column, from the model or from the reference tables; empty when it is free."""
    tables = {"headcount_band": reference.headcount_bands, "legal_category": reference.legal_categories}
    found = [*tables[column.name]().items()] if column.name in tables else [*(column.flatchoices or ())]
    return [("", "—"), *found] if found and column.blank else found


def _legible(name: str, value: Any) -> Any:
    """A stored value as people write it: « 02 41 00 00 01 », « France »."""
    if name not in WRITTEN or not value:
        return value
    return FORMATS[name](value).replace("\u00a0", " ").replace("\u202f", " ")


class RecordForm(forms.Form):
    """Some fields of a record, and the version they were read at."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        model: type[models.Model],
        fields: Iterable[str],
        record: Any = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        start = {name: _legible(name, getattr(record, name)) for name in fields} if record else {}
        start |= {"version": record.version} if record else {}
        given = {name: _legible(name, value) for name, value in (initial or {}).items()}
        super().__init__(data, initial={**start, **given})
        for name in fields:
            self.fields[name] = control(model, name)

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "once"}}


def refuse(form: forms.Form, error: ValidationError) -> None:
    """Put an operation's refusal beside the fields it speaks of."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        beside = "siren" if name == "siret" and name not in form.fields else name
        form.add_error(beside if beside in form.fields else None, errors)


def read_again(form: forms.Form, conflict: Conflict) -> None:
    """Make a form stand on the version that is there now: sent once more, it is no longer stale."""
    data: Any = dict(form.data.items())
    data["version"] = str(conflict.details["version"])
    form.data = data


class BroughtForm(RecordForm):
    """A record to create: the fields, the unit that brings it, and who may read it."""

    unit = UnitChoice(Unit.objects.none(), label=_("Entité qui l’apporte"), required=False, empty_label="—")
    sharing = forms.ChoiceField(
        label=_("Partage"),
        choices=[(Sharing.NETWORK, _("tout le réseau")), (Sharing.UNIT, _("l’entité seulement"))],
        initial=Sharing.NETWORK,
    )
    once = OnceField()

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, **rest: Any) -> None:
        super().__init__(data, **rest)
        units = units_of(actor)
        field: Any = self.fields["unit"]
        field.queryset = units
        if data is None and (mine := list(units[:2])) and len(mine) == 1:
            self.initial["unit"] = mine[0].pk


def units_of(actor: Actor) -> models.QuerySet[Unit]:
    """The units for which the actor may write."""
    units = Unit.objects.active().in_tree_order()
    return units if actor.has(Role.DATA_STEWARD) else units.filter(pk__in=actor.units(Role.MEMBER))


class PlaceForm(forms.Form):
    """The place asked for when a partner is created."""

    siret = forms.CharField(label=_("SIRET du siège"), required=False, max_length=200)
    address = forms.CharField(label=_("Adresse"), required=False, max_length=250)
    postcode = forms.CharField(label=_("Code postal"), required=False, max_length=20)
    city = forms.CharField(label=_("Ville"), required=False, max_length=120)


class ReferentForm(forms.Form):
    """The referent of the establishment."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    referent = ColleagueField(label=_("Référent établissement"), required=False)


class TieForm(forms.Form):
    """What a partner is to a unit."""

    unit = UnitChoice(Unit.objects.none(), label=_("Entité"), empty_label="—")
    status = forms.ChoiceField(label=_("Statut"), choices=PartnerUnit.Status.choices, initial=PartnerUnit.Status.ACTIVE)
    referent = ColleagueField(label=_("Référent d’entité"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = units_of(actor)


READ_BY = [
    (Sharing.NETWORK, _("tout le réseau")),
    (Sharing.UNIT, _("l’entité qui l’apporte ; les autres savent que la fiche existe")),
    (Sharing.RESTRICTED, _("les personnes autorisées seulement")),
]


class SharingForm(forms.Form):
    """Who may read a record."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sharing = forms.ChoiceField(label=_("Qui peut lire la fiche"), choices=READ_BY, widget=forms.RadioSelect)
    unit = UnitChoice(Unit.objects.none(), label=_("Entité qui l’apporte"), required=False, empty_label="—")
    readers = ColleaguesField(label=_("Personnes autorisées"), required=False, help_text=_("Gardez-vous parmi elles."))

    def __init__(self, *args: Any, actor: Actor, present: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = units_of(actor) | Unit.objects.filter(pk=present or 0)


class TagsForm(forms.Form):
    """Tags to add."""

    tags = Words(label=_("Ajouter une étiquette"), max_length=400)


class ContactForm(forms.Form):
    """How somebody wants to be reached."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(label=_("Canal préféré"), choices=[("", "—"), *Person.Channel.choices], required=False)
    do_not_contact = forms.BooleanField(label=_("Ne pas contacter"), required=False)
    refusal = forms.ChoiceField(label=_("Motif"), choices=[("", "—"), *Person.Refusal.choices], required=False)
    refused_on = DayField(label=_("Depuis le"), required=False)
