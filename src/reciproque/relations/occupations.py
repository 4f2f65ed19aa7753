"""A field for an occupation of the ROME: its code is typed, or it is found by its name as one types."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reciproque.directory.reference import occupation, occupations_named
from reciproque.foundation.listing.state import TYPED

CODE = re.compile(r"[A-N][0-9]{4}")


class OccupationInput(forms.RadioSelect):
    """A field to look for an occupation, those found above it; without script the name typed counts. Its value is (code, text)."""

    template_name = "relations/occupation.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was ticked and what was typed."""
        del files
        return str(data.get(name) or "")[:5], str(data.get(f"{name}{TYPED}") or "").replace("\0", "")[:200].strip()

    def get_context(self, name: str, value: Any, attrs: Any) -> Any:
        """The occupation chosen, then those that what is typed names."""
        code, text = value if isinstance(value, tuple) else (value or "", "")
        held = occupation(code)
        found = [one for one in occupations_named(text) if one.code != code] if text else []
        context = forms.Widget.get_context(self, name, None, attrs)
        context["offer"] = {
            "code": code, "label": held.label if held else "", "rows": found, "text": text, "typed": f"{name}{TYPED}",
            "none": bool(text) and not found and not code,
        }  # fmt: skip
        return context


class OccupationField(forms.Field):
    """The code of an occupation, "" for none. A code that our version of the register does not know is kept as it is typed."""

    widget = OccupationInput
    default_error_messages = {
        "unknown": _("Aucun métier du ROME ne répond à « %(text)s »."),
        "several": _("Plusieurs métiers répondent à « %(text)s » : cochez le bon."),
        "invalid": _("Un code ROME est une lettre (A à N) et quatre chiffres, comme I1304."),
    }

    def prepare_value(self, value: Any) -> Any:
        """The code held, or what was sent."""
        return value if isinstance(value, tuple) else (value or "", "")

    def clean(self, value: Any) -> str:
        """The code ticked, else the one that the text is or means. Raises ValidationError."""
        code, text = str(value[0]), str(value[1])
        typed = text.upper()
        if CODE.fullmatch(typed):
            return typed
        if code and not text:
            if not CODE.fullmatch(code):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            return code
        if not text:
            return ""
        found = occupations_named(text)
        if code in {one.code for one in found}:
            return code
        if len(found) != 1:
            wrong = "several" if found else "unknown"
            raise ValidationError(self.error_messages[wrong], code=wrong, params={"text": text})
        return found[0].code

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another is meant."""
        return bool(self.prepare_value(initial) != data)


def offer_of(data: Any, name: str) -> Any:
    """What the part of the field shows for what is ticked and typed in it."""
    widget = OccupationInput()
    return widget.get_context(name, widget.value_from_datadict(data, None, name), {"id": f"id_{name}"})
