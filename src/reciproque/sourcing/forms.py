"""Forms of the import wizard."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproque.engines.intake import Column, Mapping
from reciproque.institution.models import Unit
from reciproque.sourcing import wording
from reciproque.sourcing.models import Import, Source

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
        for name in ("separator", "encoding"):
            choice: Any = self.fields[name]
            held = initial[name]
            if held and held not in dict(choice.choices):
                choice.choices = [(held, held), *choice.choices]
