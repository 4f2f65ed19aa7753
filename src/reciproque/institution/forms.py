"""Forms of the administration pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from reciproque.engines.identifiers import read_uai
from reciproque.foundation.listing.state import TYPED
from reciproque.institution.access import Actor
from reciproque.institution.models import ESTABLISHMENT_WIDE, RANK, Identity, Role, Unit, User
from reciproque.institution.reads import accounts, colleagues, named, offered


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit, shown at its depth in the tree."""

    def label_from_instance(self, unit: Unit) -> str:
        """« — — Département GMP »."""
        return "\u2003" * unit.depth + unit.name


class _Offer(forms.CheckboxSelectMultiple):
    """A few colleagues to tick, and a field to look for others: with script they appear while one types, without it the name typed counts.

    Its value is (identifiers ticked, text typed). `near`: the accounts offered before anything is typed; `fixed`: what may be ticked
    besides accounts; `former`: closed accounts are found too.
    """

    template_name = "institution/colleagues.html"
    several = True
    near: QuerySet[User] | None = None
    nobody: Any = None
    fixed: Sequence[tuple[str, Any]] = ()
    former = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was ticked and what was typed."""
        del files
        held = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        held = held if isinstance(held, (list, tuple)) else [held]
        return [str(one) for one in held if str(one)], str(data.get(f"{name}{TYPED}") or "").replace("\0", "")[
            :200
        ].strip()

    def get_context(self, name: str, value: Any, attrs: Any) -> Any:
        """The colleagues to show, those chosen first."""
        ids, text = value if isinstance(value, tuple) else (value or [], "")
        chosen = {int(one) for one in ids if _is_number(one)}
        among = accounts() if self.former else None
        rows = [(one, one.pk in chosen) for one in offered(chosen, text, self.near, among)]
        context = forms.Widget.get_context(self, name, None, attrs)
        context["offer"] = {
            "rows": rows, "text": text, "several": self.several, "nobody": self.nobody, "chosen": bool(chosen), "typed": f"{name}{TYPED}",
            "none": bool(text) and len(rows) == len(chosen), "kind": "checkbox" if self.several else "radio",
            "fixed": [(said, label, said in ids) for said, label in self.fixed], "former": self.former,
        }  # fmt: skip
        return context


class _OfferOne(_Offer):
    several = False


def _is_number(value: Any) -> bool:
    return (said := str(value)).isascii() and said.isdecimal() and len(said) < 10


def offer_of(name: str, data: Any, *, several: bool, former: bool = False) -> Any:
    """What the part of a field of colleagues shows for what is ticked and typed in it."""
    widget: _Offer = _Offer() if several else _OfferOne()
    widget.former = former
    return widget.get_context(name, widget.value_from_datadict(data, None, name), {"id": f"id_{name}"})


def colleague_picker(name: str, ticked: Sequence[str], text: str = "", **manners: Any) -> SafeString:
    """A field of colleagues outside a form. `manners`: `several`, `near`, `fixed`, `former` of the field, and `attrs` of its box."""
    attrs = {"id": f"id_{name}", **manners.pop("attrs", {})}
    widget: _Offer = _Offer() if manners.pop("several", True) else _OfferOne()
    for manner, value in manners.items():
        setattr(widget, manner, value)
    return widget.render(name, (list(ticked), text), attrs)


class ColleaguesField(forms.Field):
    """Colleagues, found by name; its value is the list of their accounts."""

    widget: Any = _Offer
    default_error_messages = {
        "unknown": _("Aucun collègue ne répond à « %(text)s »."),
        "several": _("Plusieurs collègues répondent à « %(text)s » : %(names)s. Cochez le bon."),
        "invalid": _("Ce compte n’est pas de ceux que l’on peut nommer."),
    }

    def __init__(self, *, near: QuerySet[User] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.near = near

    @property
    def near(self) -> QuerySet[User] | None:
        """The accounts offered before anything is typed."""
        return self.widget.near  # type: ignore[no-any-return]

    @near.setter
    def near(self, accounts: QuerySet[User] | None) -> None:
        self.widget.near = accounts

    def prepare_value(self, value: Any) -> Any:
        """Identifiers ticked and text typed, of what the form starts with or of what was sent."""
        if isinstance(value, tuple):
            return value
        held = value if isinstance(value, (list, set)) else [value] if value else []
        return [str(getattr(one, "pk", one)) for one in held], ""

    def clean(self, value: Any) -> Any:
        """The accounts ticked, and the one that each name typed means. Raises ValidationError."""
        ids, text = value
        if not all(map(_is_number, ids)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        found = list(colleagues().filter(pk__in=ids)) if ids else []
        if len(found) < len(set(ids)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        for part in filter(None, (part.strip() for part in text.split(";"))):
            self._add(part, found)
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found

    def _add(self, text: str, found: list[User]) -> None:
        rows = list(named(text)[:20])
        if any(one in found for one in rows):
            return
        exact = [
            one
            for one in rows
            if text.casefold() in {one.username.casefold(), str(one).casefold(), one.email.casefold()}
        ]
        rows = exact or rows
        if len(rows) != 1:
            code = "several" if rows else "unknown"
            told = {"text": text, "names": ", ".join(f"{one} ({one.username})" for one in rows[:5])}
            raise ValidationError(self.error_messages[code], code=code, params=told)
        found.extend(rows)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether others are named."""
        return bool(self.prepare_value(initial) != data)


class ColleagueField(ColleaguesField):
    """One colleague; its value is the account, or None. `nobody`: what choosing none is called."""

    widget: Any = _OfferOne

    def __init__(self, *, nobody: Any = _("personne"), **options: Any) -> None:
        super().__init__(**options)
        self.widget.nobody = nobody

    def clean(self, value: Any) -> Any:
        """The account: a name typed wins over the one that was ticked."""
        found = super().clean(value)
        return found[-1] if found else None


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

    def clean_uai(self) -> str:
        """Seven digits and the letter that they give."""
        reading = read_uai(self.cleaned_data["uai"])
        if reading.problem:
            raise ValidationError(_("Cet UAI n’est pas valable : sept chiffres, puis la lettre qui les contrôle."))
        return reading.value


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
    """A role to give in a unit: any one for an administrator, a rank in the units below them for a manager."""

    unit = UnitChoice(Unit.objects.none(), label=_("Entité"), empty_label=_("Choisir une entité"))
    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices, initial=Role.MEMBER)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.active().in_tree_order()
        if not actor.has(Role.ADMINISTRATOR):
            role: Any = self.fields["role"]
            role.choices = [(rank.value, rank.label) for rank in RANK]
            unit.queryset = unit.queryset.filter(pk__in=actor.units(Role.MANAGER))

    def clean(self) -> dict[str, Any]:
        """A role of the whole establishment is given at its root."""
        data = super().clean() or {}
        unit = data.get("unit")
        if unit and data.get("role") in ESTABLISHMENT_WIDE and unit.kind != Unit.Kind.ESTABLISHMENT:
            self.add_error("unit", _("Ce rôle vaut pour tout l’établissement : choisissez l’établissement lui-même."))
        return data


class LanguageForm(forms.Form):
    """The language somebody reads in."""

    language = forms.ChoiceField(choices=[("fr", "Français"), ("en", "English")])
