"""What is typed in the pages of campaigns."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.idempotence import OnceField
from reciproque.institution.access import Actor
from reciproque.institution.forms import UnitChoice
from reciproque.institution.models import SavedView, Unit
from reciproque.relations.forms import units_of
from reciproque.relations.models import Dispositif


class CampaignForm(forms.Form):
    """What a campaign is: its name, who carries it, what it asks."""

    title = forms.CharField(
        label=_("Nom de la campagne"), max_length=160, help_text=_("Pour les collègues ; les destinataires ne le voient pas.")
    )  # fmt: skip
    unit = UnitChoice(Unit.objects.none(), label=_("Entité"), empty_label=None)
    dispositif = forms.ModelChoiceField(
        Dispositif.objects.none(), label=_("Ce que l’on demande"), required=False, empty_label="—"
    )
    reply_to = forms.EmailField(
        label=_("Répondre à"), required=False, help_text=_("Vide : les réponses vont à la personne qui crée la campagne.")
    )  # fmt: skip
    once = OnceField()

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        fields["unit"].queryset = units_of(actor)
        fields["dispositif"].queryset = Dispositif.objects.filter(closed_on=None)


class AudienceForm(forms.Form):
    """Which view of the list of people the campaign addresses."""

    audience = forms.ChoiceField(label=_("Vue de la liste des personnes"), required=False)
    address = forms.CharField(
        label=_("Ou l’adresse d’une liste filtrée"), required=False, max_length=200_000,
        help_text=_("Filtrez la liste des personnes, puis copiez ici l’adresse de la page."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, views: Iterable[SavedView], current: str = "") -> None:
        super().__init__(data, initial={"address": f"?{current}" if current else ""})
        fields: Any = self.fields
        fields["audience"].choices = [("", "—"), *((str(view.pk), view.name) for view in views)]
        self.views = {str(view.pk): view for view in views}

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("audience") and not cleaned.get("address", "").strip():
            self.add_error("audience", _("Choisissez une vue, ou donnez l’adresse d’une liste filtrée."))
        return cleaned

    @property
    def query(self) -> str:
        """The query that the list of people understands."""
        view = self.views.get(self.cleaned_data.get("audience", ""))
        return view.query if view else self.cleaned_data["address"].strip().partition("#")[0].rpartition("?")[2]


class MessageForm(forms.Form):
    """The message, with its variables; `version` tells whether a colleague changed it meanwhile."""

    subject = forms.CharField(label=_("Objet"), max_length=200)
    body = forms.CharField(
        label=_("Message"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Texte simple : une ligne vide sépare les paragraphes, « - » fait une liste, ** entoure ce qui est en gras."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReleaseForm(forms.Form):
    """Why a message that was held back may go."""

    reason = forms.CharField(label=_("Pourquoi il peut partir"), max_length=300, required=False)
