"""The smallest parts: icon, button, badge, chip, key, progress, figure."""

from __future__ import annotations

import warnings
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.template import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reciproque.foundation.prose import shown
from reciproque.foundation.ui.components.library import TONES, attributes, chosen, classes, register
from reciproque.foundation.ui.markup import HUES, filled, joined, path_to

SPRITE = "ui/vendor/icons.svg"
FALLBACK_ICON = "point"
BUTTON_KINDS = {
    "secondary": "",
    "primary": "rq-button-primary",
    "ghost": "rq-button-ghost",
    "danger": "rq-button-danger",
}
SIZES = {"": "", "sm": "rq-small", "lg": "rq-large"}

KINDS = {
    "company": ("building-factory-2", "blue"),
    "site": ("map-pin", "blue"),
    "authority": ("building-bank", "violet"),
    "association": ("users-group", "orange"),
    "branch": ("sitemap", "teal"),
    "opco": ("coins", "teal"),
    "school": ("school", "violet"),
    "hospital": ("building-hospital", "red"),
    "state": ("building-bank", "violet"),
    "research": ("flask", "teal"),
    "chamber": ("building-bridge-2", "teal"),
    "foundation": ("gift", "orange"),
    "self_employed": ("briefcase-2", "blue"),
    "other": ("building", "grey"),
    "laboratory": ("flask", "teal"),
    "unit": ("building-community", "violet"),
    "person": ("user", "grey"),
    "group": ("users", "grey"),
    "call": ("phone", "grey"),
    "email": ("mail", "grey"),
    "message": ("message", "grey"),
    "video": ("device-laptop", "blue"),
    "collaboration": ("heart-handshake", "violet"),
    "mail": ("mail", "grey"),
    "meeting": ("users", "blue"),
    "visit": ("map-pin", "green"),
    "note": ("note", "grey"),
    "file-import": ("file-import", "grey"),
    "merge": ("arrow-merge", "grey"),
    "alarm": ("alarm", "orange"),
    "lock-open": ("lock-open", "orange"),
    "heart-handshake": ("heart-handshake", "violet"),
    "event": ("calendar-event", "orange"),
    "agreement": ("signature", "violet"),
    "training": ("books", "teal"),
    "placement": ("briefcase", "blue"),
    "need": ("bulb", "orange"),
    "task": ("checkbox", "grey"),
    "invoice": ("file-invoice", "teal"),
    "file": ("file-text", "grey"),
    "body": ("gavel", "violet"),
    "lecturer": ("presentation", "green"),
    "import": ("file-import", "grey"),
    "system": ("settings", "grey"),
}


@cache
def known_icons() -> frozenset[str]:
    """The names drawn in the vendored sprite."""
    listing = Path(__file__).parent.parent / "static/ui/vendor/icons.txt"
    return frozenset(listing.read_text("utf-8").split())


@register.simple_tag(name="icon")
def draw_icon(name: str, label: str = "", size: str = "", **attrs: Any) -> SafeString:
    """An icon of the sprite. Decorative unless it has a `label`. Sizes: sm, lg, xl.

    A name that is not in the sprite is drawn as a point, with a warning: tests turn it into a failure.
    """
    if name not in known_icons():
        warnings.warn(f"icon not in the sprite: {name}", stacklevel=2)
        name = FALLBACK_ICON
    return _drawn(name, str(label), size) if not attrs else _draw(name, label, size, attrs)


@lru_cache(maxsize=2_000, typed=True)
def _drawn(name: str, label: str, size: str) -> SafeString:
    """The icons of a page are a few, drawn hundreds of times."""
    return _draw(name, label, size, {})


def _draw(name: str, label: str, size: str, attrs: dict[str, Any]) -> SafeString:
    spoken = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    look = classes("rq-icon", f"rq-icon-{size}" if size else "", attrs.pop("class", ""))
    rest = attributes({**spoken, **attrs})
    return filled('<svg class="{}"{}><use href="{}#{}"></use></svg>', look, rest, static(SPRITE), name)


def optional_icon(name: str) -> SafeString:
    """The icon, or nothing when there is no name."""
    return draw_icon(name) if name else SafeString("")


def _face(label: str, icon: str, shortcut: str) -> SafeString:
    return filled("{}<span>{}</span>{}", optional_icon(icon), label, kbd(shortcut) if shortcut else "")


def _button_class(kind: str, size: str, extra: str) -> str:
    kinds, sizes = chosen(kind, BUTTON_KINDS, "kind"), chosen(size, SIZES, "size")
    return classes("rq-button", BUTTON_KINDS[kinds], SIZES[sizes], extra)


@register.simple_tag
def button(
    label: str, icon: str = "", kind: str = "secondary", size: str = "", shortcut: str = "", **attrs: Any
) -> SafeString:
    """A button, `type="submit"` unless said. Kinds: primary (one per page), secondary, ghost, danger.

    Free attributes: `hx_post=…`, `name=…`, `data_dialog_open=…`.
    """
    look = _button_class(kind, size, attrs.pop("class", ""))
    rest = attributes({"type": "submit", **attrs})
    return filled('<button class="{}"{}>{}</button>', look, rest, _face(label, icon, shortcut))


@register.simple_tag
def link_button(
    label: str, href: str, icon: str = "", kind: str = "secondary", size: str = "", shortcut: str = "", **attrs: Any
) -> SafeString:
    """A link that looks like a button, for what leads to another page."""
    look = _button_class(kind, size, attrs.pop("class", ""))
    return filled('<a class="{}" href="{}"{}>{}</a>', look, href, attributes(attrs), _face(label, icon, shortcut))


@register.simple_tag
def icon_button(label: str, icon: str, href: str = "", kind: str = "ghost", size: str = "", **attrs: Any) -> SafeString:
    """A button (or a link, with `href`) that shows only its icon; the label is its name and its tooltip."""
    look = _button_class(kind, size, classes("rq-button-icon", attrs.pop("class", "")))
    named = {"aria-label": label, "title": label}
    if href:
        return filled('<a class="{}" href="{}"{}>{}</a>', look, href, attributes({**named, **attrs}), draw_icon(icon))
    rest = attributes({"type": "button", **named, **attrs})
    return filled('<button class="{}"{}>{}</button>', look, rest, draw_icon(icon))


@register.simple_tag
def badge(label: str, tone: str = "neutral", icon: str = "", title: str = "") -> SafeString:
    """A short state or count. Tones: neutral, info, success, warning, danger, accent, partner, university."""
    look = classes("rq-badge", f"rq-tone-{chosen(tone, TONES, 'tone')}")
    rest = attributes({"title": title})
    return filled('<span class="{}"{}>{}{}</span>', look, rest, optional_icon(icon), label)


@register.simple_tag
def status(label: str, tone: str = "neutral", title: str = "") -> SafeString:
    """A state in a list: a shape in the tone's colour, and the words, never the colour alone."""
    look = classes("rq-status", f"rq-tone-{chosen(tone, TONES, 'tone')}")
    return filled('<span class="{}"{}><i aria-hidden="true"></i>{}</span>', look, attributes({"title": title}), label)


@register.simple_tag(takes_context=True)
def tag_chip(
    context: Context, label: str, href: str = "", remove_url: str = "", hue: str = "grey", **attrs: Any
) -> SafeString:
    """A word put on a record, with its own quiet hue; with `remove_url`, a small form removes it.

    Free attributes go to that form (`hx_post=…`, `hx_target=…`). Not inside another form.
    """
    face = filled('<a href="{}">{}</a>', href, label) if href else filled("<span>{}</span>", label)
    remove = ""
    if remove_url:
        remove = filled(
            '<form method="post" action="{}"{}><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="rq-chip-remove" aria-label="{}">{}</button></form>',
            remove_url,
            attributes(attrs),
            context.get("csrf_token") or "",
            _("Retirer « %(label)s »") % {"label": label},
            draw_icon("x"),
        )
    return filled('<span class="rq-chip rq-hue-{}">{}{}</span>', hue, face, remove)


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """A key combination, its keys separated by spaces: {% kbd "Ctrl K" %}."""
    return filled('<span class="rq-keys">{}</span>', joined("", "<kbd>{}</kbd>", ((k,) for k in keys.split())))


@register.simple_tag
def kind_icon(kind: str, label: str = "", size: str = "") -> SafeString:
    """The picture of a kind of thing (company, person, call, agreement…) where others would put initials."""
    return _pictured(kind, str(label), size)


@lru_cache(maxsize=2_000, typed=True)
def _pictured(kind: str, label: str, size: str) -> SafeString:
    name, hue = KINDS.get(kind, ("circle-dot", "grey"))
    look = classes("rq-kind", f"rq-hue-{hue}", f"rq-kind-{size}" if size else "")
    return filled('<span class="{}"{}>{}</span>', look, attributes({"title": label}), draw_icon(name, label))


@register.simple_tag
def progress(value: float, maximum: float = 100, label: str = "", tone: str = "accent") -> SafeString:
    """How far a work is, with its words."""
    return filled(
        '<span class="rq-progress rq-tone-{}"><progress value="{}" max="{}" aria-label="{}"></progress><span>{}</span></span>',
        chosen(tone, TONES, "tone"),
        str(value),
        str(maximum),
        label or _("Avancement"),
        label,
    )


@register.simple_tag
def skeleton(lines: int = 3) -> SafeString:
    """Grey lines that hold the place of what is being fetched."""
    bars = joined("", '<i class="rq-bar-{}"></i>', ((line % 3,) for line in range(lines)))
    return filled(
        '<span class="rq-skeleton" role="status"><span class="rq-hidden">{}</span>{}</span>', _("Chargement…"), bars
    )


@register.simple_tag
def stat(label: str, value: Any, href: str = "", hint: str = "") -> SafeString:
    """One plain figure. `href` leads to the list of what it counts."""
    figure = filled('<a href="{}">{}</a>', href, value) if href else value
    note = filled('<span class="rq-stat-hint">{}</span>', hint) if hint else ""
    return filled('<span class="rq-stat"><b>{}</b> <span>{}</span>{}</span>', figure, label, note)


@register.simple_tag
def copyable(value: str, label: str = "", copied: str = "") -> SafeString:
    """An identifier with a button that copies it, or copies `copied` when it is shown with spaces."""
    said = _("Copier %(what)s") % {"what": label or value}
    return filled(
        '<span class="rq-copy"><span class="rq-num">{}</span>'
        '<button type="button" class="rq-copy-button" data-copy="{}" aria-label="{}" title="{}">{}</button></span>',
        value,
        copied or value,
        said,
        said,
        draw_icon("copy"),
    )


@register.simple_tag
def hint(text: str, label: str = "") -> SafeString:
    """A question mark that opens an explanation: reachable by keyboard and touch, which a tooltip is not."""
    return filled(
        '<details class="rq-menu rq-hint"><summary aria-label="{}" title="{}">{}</summary><p class="rq-popup">{}</p></details>',
        label or _("Explication"),
        label or _("Explication"),
        draw_icon("help-circle"),
        text,
    )


@register.filter
def hue(number: int) -> str:
    """The class of a unit's colour: `{{ row.unit.colour|hue }}`."""
    return f"rq-hue-{HUES[number % len(HUES)]}"


@register.filter
def prose(text: str) -> SafeString:
    """What somebody wrote, in its small Markdown: `{{ row.text|prose }}` in a `rq-prose` block."""
    return shown(str(text or ""))


@register.filter
def page_of(number: int, name: str) -> SafeString:
    """The address of a record's page: `{{ row.pk|page_of:"directory:partner" }}`, for lists, where `url` is asked hundreds of times."""
    return SafeString(path_to(name, number))


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def browser(agent: str) -> str:
    """« Firefox, Windows »: what people recognise in the signature of a browser; the signature itself when nothing is."""
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or agent[:60] or "—"
