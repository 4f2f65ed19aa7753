"""What is typed in the pages of concertation."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner, Person, Sharing
from reciproque.foundation.idempotence import OnceField
from reciproque.foundation.ui.days import DayField
from reciproque.institution.access import Actor
from reciproque.institution.forms import UnitChoice
from reciproque.institution.models import Unit
from reciproque.relations.forms import SHARED_WITH, people_of, units_of
from reciproque.relations.models import Dispositif


class SolicitationForm(forms.Form):
    """What is asked of a partner; the reason appears when a cap stands against it."""

    subject = forms.CharField(label=_("Ce qui est demandé"), max_length=200)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("À qui"), required=False, empty_label=_("au partenaire")
    )
    dispositif = forms.ModelChoiceField(
        Dispositif.objects.none(), label=_("Dispositif"), required=False, empty_label="—"
    )
    on = DayField(label=_("Date"))
    unit = UnitChoice(Unit.objects.none(), label=_("Entité"), empty_label=None)
    sharing = forms.ChoiceField(label=_("Partage"), choices=SHARED_WITH[:2], initial=Sharing.NETWORK)
    override = forms.CharField(
        label=_("Motif pour passer outre un plafond"), max_length=300, required=False,
        help_text=_("Demandé seulement si le partenaire, ou la personne, a déjà été beaucoup sollicité."),
    )  # fmt: skip
    once = OnceField()

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, partner: Partner) -> None:
        super().__init__(data, initial={"on": localdate()})
        fields: Any = self.fields
        fields["person"].queryset = people_of(actor, partner)
        fields["dispositif"].queryset = Dispositif.objects.filter(closed_on=None)
        fields["unit"].queryset = units_of(actor)


class CapsForm(forms.Form):
    """The establishment's caps."""

    person = forms.IntegerField(label=_("Par personne"), min_value=1, max_value=99)
    partner = forms.IntegerField(label=_("Par partenaire"), min_value=1, max_value=999)
    window = forms.IntegerField(label=_("Sur combien de jours"), min_value=1, max_value=365)
    rest = forms.IntegerField(label=_("Jours de repos après une sollicitation"), min_value=0, max_value=90)


class AnswerForm(forms.Form):
    """The answer to a solicitation, in a few words."""

    answer = forms.CharField(label=_("Réponse"), max_length=300, required=False)
