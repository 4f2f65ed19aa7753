"""Forms of the import wizard."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from reciproque.engines.intake import Column, Mapping
from reciproque.engines.zoning import Zones
from reciproque.institution.models import Unit
from reciproque.sourcing import wording
from reciproque.sourcing.models import Import, MatchingSettings, Source

RULES = [("fill", _("selon les règles")), ("keep", _("seulement si vide")), ("replace", _("toujours remplacer"))]


class NewImportForm(forms.Form):
    """A file, and whose it is: a source used before, or a new one."""

    file = forms.FileField(label=_("Fichier"), help_text=_("CSV, XLSX, XLS ou ODS, 20 Mo et 200 000 lignes au plus."))
    source = forms.ModelChoiceField(
        Source.objects.none(), label=_("Source"), required=False, empty_label=_("Nouvelle source"),
        help_text=_("Choisissez la source déjà importée pour mettre à jour ses lignes."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Nom de la nouvelle source"),
        max_length=160,
        required=False,
        help_text=_("Par exemple « Entreprises d’accueil GEA »."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Entité"), required=False, empty_label=_("Choisir une entité")
    )

    def __init__(self, *args: Any, sources: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["source"]
        chosen.queryset = sources
        where: Any = self.fields["unit"]
        where.queryset = units
        if units.count() == 1:
            where.initial = units.first()

    def clean(self) -> dict[str, Any]:
        """A new source needs a name and a unit."""
        data = super().clean() or {}
        if not data.get("source"):
            if not data.get("name"):
                self.add_error("name", _("Donnez un nom à la source, ou choisissez-en une."))
            if not data.get("unit"):
                self.add_error("unit", _("Dites de quelle entité vient ce fichier."))
        return data


class ColumnsForm(forms.Form):
    """What each column is. One pair of fields a column: `field_3`, `rule_3`."""

    sheet = forms.ChoiceField(label=_("Feuille"), required=False)

    def __init__(self, *args: Any, run: Import, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mapping = Mapping.from_json(run.mapping)
        choices = [("", _("— ne pas reprendre —")), *wording.field_choices()]
        for column in self.mapping.columns:
            self.fields[f"field_{column.index}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=column.field or "",
                widget=forms.Select({"class": "form-select form-select-sm", "aria-label": column.header}),
                label=_("Champ pour « %(column)s »") % {"column": column.header},
            )
            self.fields[f"rule_{column.index}"] = forms.ChoiceField(
                choices=RULES,
                required=False,
                initial=column.rule,
                widget=forms.Select({"class": "form-select form-select-sm", "aria-label": column.header}),
                label=_("Règle pour « %(column)s »") % {"column": column.header},
            )

    def chosen(self) -> dict[str, Any]:
        """The mapping as it was filled in."""
        columns = [
            Column(
                column.index, column.header, self.cleaned_data.get(f"field_{column.index}") or None,
                self.cleaned_data.get(f"rule_{column.index}") or "fill",
            )
            for column in self.mapping.columns
        ]  # fmt: skip
        return {
            "version": 1,
            "columns": [{"index": c.index, "header": c.header, "field": c.field, "rule": c.rule} for c in columns],
            "constants": dict(self.mapping.constants),
        }


class ReadingForm(forms.Form):
    """How a sheet is read, when what was found is not right."""

    SEPARATORS = [(";", _("point-virgule ;")), (",", _("virgule ,")), ("\t", _("tabulation")), ("|", _("barre |"))]
    ENCODINGS = [("utf-8", "UTF-8"), ("cp1252", "Windows (cp1252)"), ("utf-16", "UTF-16")]

    header_line = forms.IntegerField(label=_("Ligne des titres de colonnes"), min_value=1, max_value=400)
    separator = forms.ChoiceField(label=_("Séparateur"), choices=SEPARATORS, required=False)
    encoding = forms.ChoiceField(label=_("Codage"), choices=ENCODINGS, required=False)

    def __init__(self, data: Any = None, *, sheet: Any) -> None:
        header = max(sheet.header_rows, default=max(1, sheet.first_line - 1))
        initial = {"header_line": header, "separator": sheet.separator, "encoding": sheet.encoding}
        super().__init__(data, initial=initial)
        if sheet.format != "csv":
            del self.fields["separator"], self.fields["encoding"]
            return
        self.found_separator = str(dict(self.SEPARATORS).get(sheet.separator, ""))
        self.found_encoding = str(
            dict(self.ENCODINGS).get(sheet.encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be"), "")
        )
        for name in ("separator", "encoding"):
            choice: Any = self.fields[name]
            held = initial[name]
            if held and held not in dict(choice.choices):
                choice.choices = [(held, held), *choice.choices]


IN_ORDER = _("Le seuil de revue doit être plus bas que celui des réunions automatiques.")


class ZonesForm(forms.Form):
    """The establishment's thresholds, in percent. An address may propose others (`?automatique=98&revue=20`): they are previewed."""

    automatic = forms.DecimalField(
        label=_("Réunir sans demander à partir de (%)"), min_value=90, max_value=100, max_digits=4, decimal_places=1, localize=True,
        help_text=_("Vraisemblance que les deux fiches soient la même, calculée par le modèle."),
    )  # fmt: skip
    review = forms.DecimalField(
        label=_("Montrer à partir de (%)"), min_value=1, max_value=95, max_digits=4, decimal_places=1, localize=True,
        help_text=_("En dessous, la paire est laissée de côté ; elle revient si le seuil baisse."),
    )  # fmt: skip
    merges_alone = forms.BooleanField(
        label=_("Réunir sans demander, chaque nuit"), required=False,
        help_text=_("Chaque réunion est signée, se sépare à tout moment, et un échantillon est à vérifier."),
    )  # fmt: skip
    most = forms.IntegerField(label=_("Réunions par nuit, au plus"), min_value=1, max_value=5000)
    checked = forms.IntegerField(label=_("Réunions à vérifier par nuit"), min_value=0, max_value=200)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, asked: QueryDict | None = None, *, held: MatchingSettings) -> None:
        initial = {
            "automatic": round(100 * held.automatic, 1), "review": round(100 * held.review, 1), "merges_alone": held.merges_alone,
            "most": held.most, "checked": held.checked, "version": held.version,
        }  # fmt: skip
        self.held = held
        self.unseen: list[str] = []
        """Why what an address proposes cannot be previewed."""
        super().__init__(data, initial=initial)
        self.asked = self._proposed(asked) if asked and data is None else {}
        self.initial.update({name: round(100 * value, 1) for name, value in self.asked.items()})

    def _proposed(self, asked: QueryDict) -> dict[str, float]:
        found = {}
        for name, word in (("automatic", "automatic"), ("review", "review")):
            field = self.fields[name]
            try:
                found[name] = float(field.clean(asked.get(word, ""))) / 100
            except forms.ValidationError as refusal:
                if word in asked:
                    self.unseen += [f"{field.label} : {message}" for message in refusal.messages]
        if len(found) == 2 and found["review"] >= found["automatic"]:
            self.unseen.append(str(IN_ORDER))
        return {} if self.unseen else found

    def clean(self) -> dict[str, Any]:
        """The zones follow each other."""
        data = super().clean() or {}
        if "review" in data and "automatic" in data and data["review"] >= data["automatic"]:
            self.add_error("review", IN_ORDER)
        return data

    def zones(self) -> Zones:
        """The thresholds to preview: those that are proposed, else those in force."""
        return Zones(self.asked.get("automatic", self.held.automatic), self.asked.get("review", self.held.review))

    def wanted(self) -> dict[str, Any]:
        """What the operation takes."""
        data = self.cleaned_data
        return {
            "version": data["version"], "automatic": float(data["automatic"]) / 100, "review": float(data["review"]) / 100,
            "merges_alone": data["merges_alone"], "most": data["most"], "checked": data["checked"],
        }  # fmt: skip
