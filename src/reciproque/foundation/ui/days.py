"""A day and an hour in a form: typed as they are written here, day first, on twenty-four hours, whatever the language of the browser."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.dates import read_day, read_hour


class DayInput(forms.DateInput):
    """« 12/03/2026 » in a text field, with a button that opens the browser's calendar where there is script."""

    template_name = "ui/day_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"placeholder": _("jj/mm/aaaa"), "autocomplete": "off", **(attrs or {})}, format="%d/%m/%Y")

    def get_context(self, name: str, value: Any, attrs: Any) -> Any:
        """Only the text field bears the attributes."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].setdefault("class", "form-control")
        return context


class Typed(forms.Field):
    """What is typed, in any of the ways in which `read` reads it (ValueError when it cannot)."""

    read: Callable[[str], Any]

    def to_python(self, value: Any) -> Any:
        """What was typed, None when nothing is. Raises ValidationError."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return self.read(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class DayField(Typed, forms.DateField):
    """A day, in any of the ways in which `read_day` reads it."""

    widget = DayInput
    default_error_messages = {"invalid": _("Écrivez le jour, le mois et l’année, comme 12/03/2026.")}

    read = staticmethod(read_day)


class HourField(Typed, forms.TimeField):
    """An hour, in any of the ways in which `read_hour` reads it."""

    widget = forms.TimeInput(
        attrs={"placeholder": _("hh:mm"), "autocomplete": "off", "size": "6"},
        format="%H:%M",
    )
    default_error_messages = {"invalid": _("Écrivez l’heure et les minutes, comme 14:30.")}

    read = staticmethod(read_hour)
