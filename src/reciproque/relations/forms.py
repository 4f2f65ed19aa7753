"""What is typed in the pages of this module."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Sharing, Site
from reciproque.engines.reciprocity import SCALES
from reciproque.foundation.database.kept import kept
from reciproque.foundation.idempotence import OnceField
from reciproque.foundation.ui.days import DayField, HourField
from reciproque.institution.access import Actor
from reciproque.institution.forms import ColleagueField, ColleaguesField, UnitChoice
from reciproque.institution.models import Role, Unit, User
from reciproque.institution.reads import colleagues, units_where
from reciproque.relations import policies, wording
from reciproque.relations.models import Collaboration, Dispositif, Interaction, Need, ProposalAnswer, Task
from reciproque.relations.occupations import OccupationField

MENTION = re.compile(r"(?<![\w@])@([\w.+-]+)")
SHARED_WITH = [
    (Sharing.NETWORK, _("tout le réseau")),
    (Sharing.UNIT, _("mon entité ; les autres savent que cela existe")),
    (Sharing.RESTRICTED, _("les personnes nommées seulement")),
]


def units_of(actor: Actor) -> models.QuerySet[Unit]:
    """The units for which the actor may write."""
    return Unit.objects.active().in_tree_order().filter(pk__in=actor.units(Role.MEMBER))


def people_of(actor: Actor, partner: Partner) -> models.QuerySet[Person]:
    """The people of a partner that the actor may read."""
    there = Position.objects.current().filter(partner=partner).values("person")
    return directory.people.allowed(actor, "view").filter(pk__in=there, archived_at=None).order_by("name_key", "pk")


def colleagues_near(actor: Actor, partner: Partner) -> models.QuerySet[User]:
    """The accounts likely to have been there: those who answer for the partner, and those of one's units."""
    there = Q(pk=partner.referent_id or 0) | Q(memberships__unit__in=[unit for unit, _role in actor.roles])
    there |= Q(pk__in=PartnerUnit.objects.filter(partner=partner).order_by().values("referent"))
    return User.objects.filter(there, is_active=True).distinct().order_by("name_key", "pk")


def mentioned(text: str) -> list[User]:
    """The colleagues named in a text: « @anne.morel »."""
    names = {found.rstrip(".-").lower() for found in MENTION.findall(text)}
    return list(colleagues().filter(username__in=names)) if names else []


class Files(forms.FileField):
    """Several files at once; its value is a list."""

    def __init__(self, **options: Any) -> None:
        widget = forms.FileInput()
        widget.allow_multiple_selected = True
        widget.attrs["multiple"] = True
        super().__init__(required=False, widget=widget, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file, as the browser sent it."""
        sent = data if isinstance(data, list) else [data] if data else []
        return [super(Files, self).clean(one, initial) for one in sent]


class _Written(forms.Form):
    """What is shared about a partner, by one of one's units."""

    unit = UnitChoice(Unit.objects.none(), label=_("Entité"), empty_label=None)
    sharing = forms.ChoiceField(label=_("Partage"), choices=SHARED_WITH, initial=Sharing.NETWORK)
    readers = ColleaguesField(label=_("Personnes nommées"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, partner: Partner, **rest: Any) -> None:
        super().__init__(data, **rest)
        fields: Any = self.fields
        mine = units_of(actor)
        fields["unit"].queryset = mine
        held = self.initial.get("unit")
        if held and not mine.filter(pk=held).exists():
            fields["unit"].queryset = Unit.objects.filter(pk=held) | mine
        self.initial.setdefault("unit", next((unit.pk for unit in mine), None))
        if "people" in fields:
            fields["people"].queryset = people_of(actor, partner)
            if self.initial.get("people"):
                fields["people"].queryset |= directory.people.allowed(actor, "view").filter(
                    pk__in=self.initial["people"]
                )
        if "site" in fields:
            fields["site"].queryset = Site.objects.filter(partner=partner)


class ComposerForm(_Written):
    """A note in ten seconds: the kind, the text, and if need be who, when, and what next."""

    kind = forms.ChoiceField(label=_("Nature"), choices=Interaction.Kind.choices, initial=Interaction.Kind.CALL)
    text = forms.CharField(
        label=_("Ce qui s’est dit"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    subject = forms.CharField(label=_("Objet"), max_length=200, required=False)
    on = DayField(label=_("Date"))
    at = HourField(label=_("Heure"), required=False)
    minutes = forms.IntegerField(label=_("Durée (min)"), required=False, min_value=1, max_value=6000)
    place = forms.CharField(label=_("Lieu"), max_length=200, required=False)
    invite = forms.BooleanField(
        label=_("Envoyer une invitation d’agenda aux personnes cochées"), required=False,
        help_text=_("Elles reçoivent l’objet, le jour, l’heure et le lieu, jamais le texte ; puis les changements et l’annulation."),
    )  # fmt: skip
    override = forms.CharField(
        label=_("Pourquoi inviter tout de même"), max_length=300, required=False,
        help_text=_("Demandé quand un plafond de sollicitation est atteint."),
    )  # fmt: skip
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Avec"), required=False, widget=forms.CheckboxSelectMultiple
    )
    colleagues = ColleaguesField(label=_("Collègues présents"), required=False)
    collaboration = forms.ModelChoiceField(
        Collaboration.objects.none(), label=_("Dans le cadre de"), required=False, empty_label="—"
    )
    joined = Files(label=_("Joindre des fichiers"), help_text=_("Vingt mégaoctets par fichier, dix fichiers au plus."))
    next_step = forms.CharField(label=_("Prochaine étape"), max_length=200, required=False)
    next_on = DayField(label=_("pour le"), required=False)
    once = OnceField()
    field_order = (
        "kind",
        "text",
        "on",
        "people",
        "joined",
        "subject",
        "at",
        "minutes",
        "place",
        "invite",
        "override",
        "colleagues",
        "collaboration",
        "next_step",
        "next_on",
        "unit",
        "sharing",
        "readers",
    )

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, partner: Partner, **rest: Any) -> None:
        super().__init__(data, actor=actor, partner=partner, **rest)
        self.initial.setdefault("on", localdate())
        fields: Any = self.fields
        known = policies.collaborations.allowed(actor, "view").filter(partner=partner)
        fields["collaboration"].queryset = known.filter(
            Q(pk=self.initial.get("collaboration") or 0) | Q(state__in=Collaboration.OPEN)
        )
        self.initial.setdefault("colleagues", [actor.user_id] if actor.user_id else [])
        fields["colleagues"].near = colleagues_near(actor, partner)

    def clean(self) -> dict[str, Any]:
        """A note says something; a next step has its day."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("text") and not given.get("subject") and "text" not in self.errors:
            self.add_error("text", _("Écrivez au moins un mot : l’objet ou le texte."))
        if bool(given.get("next_step")) != bool(given.get("next_on")) and "next_on" not in self.errors:
            missing = "next_on" if given.get("next_step") else "next_step"
            self.add_error(missing, _("Une prochaine étape a un intitulé et un jour."))
        if given.get("sharing") == Sharing.RESTRICTED and not given.get("readers"):
            given["readers"] = []
        return given


class ShortComposer(ComposerForm):
    """The same before anything is typed, as it stands on a partner's page: only its units and its people are read, once each."""

    def __init__(self, *, actor: Actor, partner: Partner) -> None:
        forms.Form.__init__(self, None)
        mine = units_where(actor, Role.MEMBER)
        self.there = _there(actor, partner=partner)
        fields: Any = self.fields
        fields["people"].choices = [(one.pk, str(one)) for one in self.there]
        self.initial["on"], self.initial["unit"] = localdate(), mine[0].pk if mine else None


@kept
def _there(actor: Actor, *, partner: Partner) -> models.QuerySet[Person]:
    return people_of(actor, partner)


class InteractionForm(ComposerForm):
    """An exchange that was written, to correct."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    met = forms.BooleanField(label=_("Compte comme rencontre"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from_a_calendar = self.initial.get("source") == Interaction.Source.CALENDAR
        for name in ("next_step", "next_on", "once", *(("invite", "override") if from_a_calendar else ())):
            del self.fields[name]
        if "override" in self.fields and not self.is_bound:  # asked for when it is missing
            self.fields["override"].widget = forms.HiddenInput()


class Quantities(forms.MultiValueField):
    """A quantity on each scale; empty ones are left out. Its value is {scale: quantity}."""

    def __init__(self, **options: Any) -> None:
        fields = [forms.FloatField(required=False, min_value=0, max_value=scale.highest) for scale in SCALES]
        super().__init__(fields=fields, require_all_fields=False, required=False, widget=QuantitiesWidget(), **options)

    def compress(self, values: Any) -> dict[str, float]:
        """{scale: quantity}, whole when it is."""
        found = {scale.code: value for scale, value in zip(SCALES, values or [], strict=False) if value}
        return {code: int(value) if value == int(value) else value for code, value in found.items()}


class QuantitiesWidget(forms.MultiWidget):
    """One small number field a scale, with its words."""

    template_name = "relations/quantities.html"

    def __init__(self) -> None:
        super().__init__(
            [forms.NumberInput(attrs={"min": "0", "step": "any", "class": "form-control"}) for _scale in SCALES]
        )

    def decompress(self, value: Any) -> list[Any]:
        """One value a scale."""
        return [(value or {}).get(scale.code) for scale in SCALES]

    def get_context(self, name: str, value: Any, attrs: Any) -> Any:
        """Each field with its words."""
        context = super().get_context(name, value, attrs)
        for part, scale in zip(context["widget"]["subwidgets"], SCALES, strict=True):
            part["words"] = wording.SCALES[scale.code]
        return context


class CollaborationForm(_Written):
    """Something done together."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    dispositif = forms.ModelChoiceField(Dispositif.objects.none(), label=_("Dispositif"), empty_label="—")
    title = forms.CharField(label=_("Intitulé"), max_length=200, required=False)
    starts_on = DayField(label=_("Date, ou début"), required=False)
    ends_on = DayField(label=_("Fin"), required=False)
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Établissement"), required=False, empty_label="—")
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Personnes du partenaire"), required=False, widget=forms.CheckboxSelectMultiple
    )
    colleagues = ColleaguesField(label=_("Collègues"), required=False)
    text = forms.CharField(
        label=_("Description"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    given = Quantities(label=_("Ce que le partenaire y gagne"))
    received = Quantities(label=_("Ce que l’université y gagne"))
    once = OnceField()
    field_order = (
        "dispositif", "title", "starts_on", "ends_on", "people", "colleagues", "site", "text", "given", "received", "unit", "sharing",
        "readers",
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, partner: Partner, **rest: Any) -> None:
        super().__init__(data, actor=actor, partner=partner, **rest)
        fields: Any = self.fields
        fields["dispositif"].queryset = Dispositif.objects.current().in_order() | Dispositif.objects.filter(
            pk=self.initial.get("dispositif") or 0
        )


class MoveForm(forms.Form):
    """A step in the life of a collaboration: its date, or its reason."""

    reason = forms.CharField(label=_("Motif"), max_length=300, required=False)
    starts_on = DayField(label=_("Date, ou début"), required=False)
    ends_on = DayField(label=_("Fin"), required=False)


class NeedForm(_Written):
    """What a partner needs."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Besoin"), max_length=200)
    kind = forms.ChoiceField(label=_("Nature"), choices=Need.Kind.choices, initial=Need.Kind.SKILL)
    horizon = DayField(label=_("Pour quand"), required=False)
    headcount = forms.IntegerField(label=_("Nombre de personnes"), required=False, min_value=1, max_value=30_000)
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Dit par"), required=False, empty_label="—")
    rome = OccupationField(label=_("Métier (ROME)"), required=False)
    text = forms.CharField(
        label=_("Précisions"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    once = OnceField()
    field_order = ("title", "kind", "horizon", "headcount", "person", "rome", "text", "unit", "sharing", "readers")

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, partner: Partner, **rest: Any) -> None:
        super().__init__(data, actor=actor, partner=partner, **rest)
        fields: Any = self.fields
        fields["person"].queryset = people_of(actor, partner)


class NeedAnswerForm(forms.Form):
    """By what a need is met, when it is by something done together."""

    collaboration = forms.ModelChoiceField(
        Collaboration.objects.none(), label=_("Satisfait par"), required=False, empty_label=_("autre chose")
    )

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, partner: Partner) -> None:
        super().__init__(data)
        field: Any = self.fields["collaboration"]
        done = policies.collaborations.allowed(actor, "view").filter(partner=partner).exclude(state="declined")
        field.queryset = done.order_by("-moved_on", "-pk")


class TaskForm(forms.Form):
    """Something to do."""

    title = forms.CharField(label=_("À faire"), max_length=200)
    due_on = DayField(label=_("Pour le"))
    remind_on = DayField(label=_("Rappel le"), required=False)
    owner = ColleagueField(label=_("Par"), required=False, nobody=_("moi"))
    recurrence = forms.ChoiceField(label=_("Répétition"), choices=Task.Recurrence.choices, required=False)
    private = forms.BooleanField(label=_("Visible de moi et de cette personne seulement"), required=False)
    once = OnceField()


class ReferralForm(forms.Form):
    """A request handed to another unit."""

    from_unit = UnitChoice(Unit.objects.none(), label=_("De la part de"), empty_label=None)
    to_unit = UnitChoice(Unit.objects.none(), label=_("À"), empty_label="—")
    to_user = ColleagueField(label=_("À l’attention de"), required=False)
    subject = forms.CharField(label=_("Objet"), max_length=200)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Personne concernée"), required=False, empty_label="—"
    )
    due_on = DayField(label=_("Réponse attendue le"), required=False)
    text = forms.CharField(
        label=_("Message"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    once = OnceField()

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, partner: Partner, **rest: Any) -> None:
        super().__init__(data, **rest)
        fields: Any = self.fields
        fields["from_unit"].queryset = units_of(actor)
        fields["to_unit"].queryset = Unit.objects.active().in_tree_order()
        fields["person"].queryset = people_of(actor, partner)


class HandoverForm(forms.Form):
    """What a referent leaves to the next one."""

    text = forms.CharField(
        label=_("Ce qu’il faut savoir"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Ce qui est en cours, qui appeler d’abord, ce qui a été promis. La note va sur la chronologie."),
    )  # fmt: skip
    once = OnceField()


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Motif"), max_length=300, required=False)


class DispositifForm(forms.Form):
    """A kind of collaboration."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Nom"), max_length=80)
    family = forms.ChoiceField(label=_("Famille"), choices=Dispositif.Family.choices)
    description = forms.CharField(label=_("En une phrase"), max_length=300, required=False)
    counting = forms.ChoiceField(label=_("Rencontres"), choices=Dispositif.Counting.choices)
    needs_agreement = forms.BooleanField(label=_("Demande une convention"), required=False)
    to_partner = Quantities(label=_("Ce qu’il apporte d’ordinaire au partenaire"))
    to_university = Quantities(label=_("Ce qu’il apporte d’ordinaire à l’université"))


class TargetForm(forms.Form):
    """How many moments a year."""

    floor = forms.IntegerField(label=_("Plancher (rencontres par an)"), min_value=1, max_value=52)
    goal = forms.IntegerField(label=_("Objectif (rencontres par an)"), min_value=1, max_value=52)


class AnswerForm(forms.Form):
    """What is answered to a proposal."""

    verdict = forms.ChoiceField(choices=ProposalAnswer.Verdict.choices)
