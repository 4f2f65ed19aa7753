"""The lines of a record's identity, written in Python: twenty of them through a template would cost more than reading the record."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reciproque.directory.records.kinds import Kind
from reciproque.directory.records.showing import Line
from reciproque.foundation.ui.components.elements import copyable, draw_icon
from reciproque.foundation.ui.markup import filled

LINE = '<div class="rq-line{}" id="champ-{}">\n  <dt{}>{}</dt>\n  <dd>{}{}</dd>\n</div>'
TOOLS = (
    '<div class="rq-line-tools">{}<a class="rq-line-tool" href="{}" hx-get="{}" hx-target="#champ-{}" hx-swap="outerHTML"'
    ' title="{}" aria-label="{}">{}</a></div>'
)
RELEASE = (
    '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    '<button class="rq-line-tool" title="{}" aria-label="{}">{}</button></form>'
)


def lines(request: HttpRequest, kind: Kind, record: Any, shown: Iterable[Line]) -> SafeString:
    """Lines « libellé : valeur », each with where it comes from and the tools of those who may change it."""
    return SafeString("".join([drawn(request, kind, record, one) for one in shown]))


def drawn(request: HttpRequest, kind: Kind, record: Any, line: Line) -> SafeString:
    """One of them."""
    look, hidden = (" rq-line-long", SafeString(' class="rq-hidden"')) if line.long else ("", "")
    tools = _tools(request, kind, record, line) if record.editable and line.field not in kind.shown_only else ""
    return filled(LINE, look, line.field, hidden, line.label, _value(line), tools)


def _value(line: Line) -> SafeString:
    if not line.value:
        return filled('<span class="rq-muted">{}</span>', _("non renseigné"))
    if line.href:
        said = filled('<a href="{}">{}</a>', line.href, line.value)
    elif line.copied:
        said = copyable(line.value, line.label, line.copied)
    else:
        said = filled("<span>{}</span>" if line.long else "{}", line.value)
    if not line.origin:
        return said
    picture = draw_icon("user" if line.by_hand else "database", line.origin, "sm")
    return filled('{}&#8288;<span class="rq-origin" title="{}">{}</span>', said, line.origin, picture)


def _tools(request: HttpRequest, kind: Kind, record: Any, line: Line) -> SafeString:
    address = reverse(kind.url("field"), args=[record.pk, line.field])
    change = _("Modifier : %(label)s") % {"label": line.label}
    free = _release(request, kind, record, line) if line.by_hand else ""
    return filled(TOOLS, free, address, address, line.field, change, change, draw_icon("pencil"))


def _release(request: HttpRequest, kind: Kind, record: Any, line: Line) -> SafeString:
    address = reverse(kind.url("release"), args=[record.pk, line.field])
    said = _("Libérer : %(label)s suivra de nouveau les sources") % {"label": line.label}
    return filled(RELEASE, address, get_token(request), said, said, draw_icon("lock-open"))
