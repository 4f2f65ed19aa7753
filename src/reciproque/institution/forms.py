"""Forms of the administration pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproque.institution.models import Identity, Role, Unit, User


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit, shown at its depth in the tree."""

    def label_from_instance(self, unit: Unit) -> str:
        """« — — Département GMP »."""
        return "\u2003" * unit.depth + unit.name


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A unit and its place in the tree."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Unit
        fields = ["name", "short_name", "code", "kind", "parent", "uai", "supann_code", "email", "phone", "position"]
        field_classes = {"parent": UnitChoice}
        help_texts = {
            "short_name": _("Celui des listes et des filtres, par exemple « IUT »."),
            "code": _("Minuscules, chiffres et tirets : il sert aux imports et aux commandes."),
            "supann_code": _("Code de l’entité dans l’annuaire de l’établissement (supannCodeEntite)."),
            "position": _("Ordre parmi les entités voisines."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.active().in_tree_order()
        if self.instance.pk:
            units = units.exclude(path__startswith=self.instance.path)
        parent: Any = self.fields["parent"]
        parent.queryset = units
        parent.required = not (self.instance.pk and self.instance.parent_id is None)
        self.fields["version"].initial = self.instance.version


class IdentityForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the establishment shows itself on documents."""

    colour = forms.CharField(label=_("Couleur"), max_length=7, widget=forms.TextInput(attrs={"type": "color"}))
    logo_file = forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG ou JPEG, un mégaoctet au plus."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )  # fmt: skip
    no_logo = forms.BooleanField(label=_("Retirer le logo"), required=False)

    class Meta:
        model = Identity
        fields = ["name", "colour", "address", "contact", "logo_text"]
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"logo_text": _("Pour qui écoute le document : « Logo de l’Université de … ».")}

    def clean_colour(self) -> str:
        """Browsers write colours in small letters, people do not always."""
        return str(self.cleaned_data["colour"]).lower()


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """Somebody's account."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "username", "title", "phone"]
        help_texts = {"username": _("Celui de l’annuaire de l’établissement, si possible.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "email"):
            self.fields[name].required = True


class RoleForm(forms.Form):
    """A role to give in a unit."""

    unit = UnitChoice(Unit.objects.none(), label=_("Entité"))
    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices, initial=Role.MEMBER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.active().in_tree_order()


class LanguageForm(forms.Form):
    """The language somebody reads in."""

    language = forms.ChoiceField(choices=[("fr", "Français"), ("en", "English")])
