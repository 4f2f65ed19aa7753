"""Forms: a field with its label, help and errors tied together; the summary of errors; dropping files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ModelChoiceField,
    MultiValueField,
    RadioSelect,
    Select,
)
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from reciproque.foundation.ui.components.library import attributes, classes, fragment, register
from reciproque.foundation.ui.days import DayInput
from reciproque.foundation.ui.markup import filled

MOST_CHOICES = 20


def _control_class(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, (CheckboxSelectMultiple, RadioSelect)):
        return ""
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    base = "form-select" if isinstance(widget, Select) else "form-control"
    return f"{base} is-invalid" if bound.errors else base


def _control(bound: BoundField, extra: Mapping[str, Any], *, helped: bool) -> SafeString:
    """The control alone, tied to its help and errors; an attribute given as "" takes away the widget's own."""
    parts = (("help", helped), ("error", bool(bound.errors)))
    described = " ".join(f"{bound.auto_id}_{part}" for part, shown in parts if shown)
    named = {name.replace("_", "-"): value for name, value in extra.items() if value is not None}
    look = classes(_control_class(bound), str(bound.field.widget.attrs.get("class", "")), str(named.pop("class", "")))
    attrs = {
        "class": look or False,
        "aria-describedby": described or False,
        "aria-invalid": "true" if bound.errors else False,
        **{name: False if value == "" else value for name, value in named.items()},
    }
    return bound.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def field(
    context: Context,
    bound: BoundField,
    label: str = "",
    help_text: str = "",
    width: str = "",
    **attrs: Any,
) -> SafeString:
    """A form field: label, « (obligatoire) » in words, help, control, errors. Width: narrow, half, or full by default."""
    widget = bound.field.widget
    grouped = isinstance(widget, (CheckboxSelectMultiple, RadioSelect))
    shape = "group" if grouped else "check" if isinstance(widget, CheckboxInput) else "text"
    if bound.is_hidden:
        return bound.as_widget()
    key = _steady(bound, label, help_text, width, attrs)
    if key is not None and (known := _drawn.get(key)) is not None:
        return known
    found = _drawing(context, bound, label or bound.label, help_text or bound.help_text, shape, width, attrs)
    if key is not None:
        if len(_drawn) >= MOST_DRAWN:
            _drawn.clear()
        _drawn[key] = found
    return found


MOST_DRAWN = 500
_drawn: dict[Hashable, SafeString] = {}


def _steady(bound: BoundField, *asked: Any) -> Hashable | None:
    """All that the look of a field depends on, when nothing is written in it yet; None when that cannot be told cheaply."""
    form, own, value = bound.form, bound.field, bound.value()
    if form.is_bound or isinstance(own, (ModelChoiceField, MultiValueField)):
        return None
    if len(choices := list(getattr(own.widget, "choices", ()))) > MOST_CHOICES:
        return None
    if not (value in (None, "") or isinstance(value, dt.date) or (choices and isinstance(value, (str, int)))):
        return None  # somebody's words are kept nowhere else than in their record
    words = (str(own.label), str(own.help_text), own.required, own.disabled, *map(str, asked), str(own.widget.attrs))
    kinds = (type(form), type(own), type(own.widget), form.prefix, str(form.auto_id), bound.name)
    return (
        get_language(),
        *kinds,
        value if value is None else str(value),
        words,
        str([(code, str(said)) for code, said in choices]),
    )


def _drawing(
    context: Context, bound: BoundField, label: Any, shown_help: Any, shape: str, width: str, attrs: Mapping[str, Any]
) -> SafeString:
    values = {
        "bound": bound,
        "control": _control(bound, attrs, helped=bool(shown_help)),
        "label": label,
        "help": shown_help,
        "shape": shape,
        "width": width,
    }
    return fragment(context, "field", values)


@register.simple_tag(takes_context=True)
def form_errors(context: Context, form: BaseForm) -> SafeString:
    """The summary on top of a refused form: what is wrong, with links to the fields. Takes the focus."""
    if not form.is_bound or not form.errors:
        return SafeString("")
    faulty = [form[name] for name in form.errors if name in form.fields]
    return fragment(context, "form_errors", {"general": form.non_field_errors(), "faulty": faulty})


@register.simple_tag(takes_context=True)
def form_fields(context: Context, form: BaseForm) -> SafeString:
    """All the fields of a form, in their order, after the summary of errors."""
    return fragment(context, "form_fields", {"form": form})


@register.simple_tag
def day_input(name: str, id: str, value: dt.date | None = None) -> SafeString:  # noqa: A002 -- the attribute's name
    """A day outside a form object: typed day first, or chosen in the browser's calendar."""
    return DayInput().render(name, value, {"id": id})


@register.simple_block_tag
def form_actions(content: str) -> SafeString:
    """The foot of a form: the main button first, then the others."""
    return filled('<div class="rq-form-actions">{}</div>', content)


@register.simple_tag(takes_context=True)
def search_field(
    context: Context, name: str, label: str, value: str = "", placeholder: str = "", **attrs: Any
) -> SafeString:
    """A search box with its magnifier; the label is read aloud, not shown."""
    values = {"name": name, "label": label, "value": value, "placeholder": placeholder, "rest": attributes(attrs)}
    return fragment(context, "search_field", values)


@register.simple_tag(takes_context=True)
def file_drop(context: Context, bound: BoundField, text: str = "") -> SafeString:
    """A file field one can also drop files on. Without script it is an ordinary file field."""
    return fragment(
        context,
        "file_drop",
        {"bound": bound, "control": _control(bound, {}, helped=bool(bound.help_text)), "text": text},
    )
