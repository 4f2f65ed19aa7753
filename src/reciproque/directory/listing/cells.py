"""What stands in the cells of the lists: made in Python, because fifty rows of ten included templates would cost more than the query."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reciproque.directory import reference
from reciproque.foundation.dates import date_format
from reciproque.foundation.ui.components.elements import badge, draw_icon, kind_icon
from reciproque.foundation.ui.markup import HUES, escaped, filled, path_to

SHOWN = 3


def partner_name(row: Any, _extra: Any) -> SafeString:
    """The kind as a picture, the name that leads to the record, the town."""
    kept = row.sharing != "network"
    lock = draw_icon("lock", _("partage : %(sharing)s") % {"sharing": row.get_sharing_display()}, "sm") if kept else ""
    return filled(
        '<span class="rq-cell-main">{}<span><a href="{}" data-open>{}</a>{}{}</span></span>',
        kind_icon(row.kind, row.get_kind_display(), "sm"),
        path_to("directory:partner", row.pk),
        row.label,
        filled(" {}", lock) if lock else "",
        filled(" <small>{}</small>", row.city) if row.city else "",
    )


def person_name(row: Any, _extra: Any) -> SafeString:
    """Last name first, as the list is sorted."""
    refused = draw_icon("phone-off", _("ne pas contacter"), "sm") if row.do_not_contact else ""
    return filled(
        '<span class="rq-cell-main">{}<span><a href="{}" data-open>{} {}</a>{}</span></span>',
        kind_icon("person", size="sm"),
        path_to("directory:person", row.pk),
        row.last_name,
        row.first_name,
        filled(" {}", refused) if refused else "",
    )


def employers(row: Any, extra: Any) -> SafeString:
    """Where the person works now."""
    found = [
        filled('<a href="{}">{}</a>', path_to("directory:partner", job.partner_id), job.partner.label)
        for job in extra.positions.get(row.pk, ())
    ]
    return several(found)


def ties(row: Any, extra: Any) -> SafeString:
    """The units tied with the partner, each with its own colour."""
    found = extra.ties.get(row.pk, ())
    return several([_tie(tie.unit.colour, tie.unit.name, tie.get_status_display(), str(tie.unit)) for tie in found])


@lru_cache(maxsize=4_000)
def _tie(colour: int, name: str, status: str, short: str) -> SafeString:
    return filled(
        '<span class="rq-chip rq-hue-{}" title="{} · {}"><span>{}</span></span>',
        HUES[colour % len(HUES)],
        name,
        status,
        short,
    )


def tags(row: Any, _extra: Any) -> SafeString:
    """The tags, the first ones in full."""
    return several(map(_tag, row.tags)) if row.tags else SafeString("")


@lru_cache(maxsize=4_000)
def _tag(word: str) -> SafeString:
    return filled('<span class="rq-chip rq-hue-{}"><span>{}</span></span>', hue_of(word), word)


def hue_of(word: str) -> str:
    """A quiet colour, always the same for the same word."""
    return HUES[sum(word.encode()) % len(HUES)]


def several(parts: Iterable[Any]) -> SafeString:
    """A few parts side by side, and how many more."""
    found = list(parts)
    shown = " ".join(map(escaped, found[:SHOWN]))
    more = f' <span class="rq-count">+{len(found) - SHOWN}</span>' if len(found) > SHOWN else ""
    return SafeString(shown + more)


def referent(row: Any, extra: Any) -> Any:
    """The establishment's referent."""
    return extra.users.get(row.referent_id, "")


def activity(row: Any, _extra: Any) -> Any:
    """The activity in words."""
    label = reference.naf_label(row.naf)
    return filled('<span title="{} ({})">{}</span>', label, row.naf, label) if label else row.naf


def mail(row: Any, _extra: Any) -> Any:
    """An address one can write to, unless the person refused."""
    if not row.email or getattr(row, "do_not_contact", False):
        return row.email
    return filled('<a href="mailto:{}">{}</a>', row.email, row.email)


def sharing(row: Any, _extra: Any) -> Any:
    """Who may read it; nothing is said of what is open to all."""
    return badge(row.get_sharing_display(), "warning", icon="lock") if row.sharing != "network" else ""


def moment(value: Any) -> Any:
    """A date in short French, the exact time on hovering."""
    return _moment(value.replace(second=0, microsecond=0), get_language()) if value else ""


@lru_cache(maxsize=4_000)
def _moment(minute: dt.datetime, _language: str) -> SafeString:
    local = localtime(minute)
    return filled(
        '<time class="rq-muted" datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        date_format(local, "j F Y H:i"),
        date_format(local, "j N Y"),
    )
