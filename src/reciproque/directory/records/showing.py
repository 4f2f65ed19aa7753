"""How the value of a field is shown to people, and what is said of where it comes from."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from reciproque.directory import reference
from reciproque.engines.identifiers import country_name, format_phone, format_siren, format_siret
from reciproque.foundation.database.kept import ready
from reciproque.foundation.dates import date_format
from reciproque.institution.models import User


def _bare_url(url: str) -> str:
    """« organisme.fr/page »."""
    return url.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


FORMATS: dict[str, Callable[[str], str]] = {
    "siren": format_siren,
    "siret": format_siret,
    "phone": format_phone,
    "mobile": format_phone,
    "country": lambda code: country_name(code) or code,
    "naf": lambda code: f"{reference.naf_label(code)} ({code})" if reference.naf_label(code) else code,
    "naf2025": lambda code: f"{reference.naf2025_label(code)} ({code})" if reference.naf2025_label(code) else code,
    "legal_category": lambda code: reference.legal_label(code) or code,
    "headcount_band": lambda code: reference.headcount_label(code) or code,
    "department": reference.department_label,
    "web": _bare_url,
}
COPIED = frozenset({"siren", "siret", "rna", "vat", "email", "phone", "mobile", "uai"})


@dataclass(frozen=True, slots=True)
class Line:
    """A « Libellé : valeur » line. `origin` says who or what gave the value; `by_hand`, that somebody typed it."""

    field: str
    label: str
    value: str
    href: str = ""
    copied: str = ""
    origin: str = ""
    by_hand: bool = False
    long: bool = False


def shown(
    model: type[models.Model], field: str, value: Any, names: Mapping[str, Mapping[int, str]] | None = None
) -> str:
    """A value in words. `names` gives, by field, the names of the records that foreign keys lead to."""
    if value in (None, "", []):
        return ""
    column: Any = model._meta.get_field(field)  # noqa: SLF001 -- Django's own introspection
    if isinstance(column, models.ForeignKey):
        known = (names or {}).get(field, {})
        return str(value) if isinstance(value, models.Model) else known.get(value, _("réservé"))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return _words(field, value)


def _words(field: str, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, dt.date):
        return date_format(localtime(value) if isinstance(value, dt.datetime) else value, "j F Y")
    return str(FORMATS.get(field, str)(value))


def line(record: Any, field: str, origins: Mapping[str, tuple[str, bool]], href: str = "") -> Line:
    """One field of a record, ready to be drawn."""
    value = getattr(record, field)
    text = shown(type(record), field, value)
    origin, by_hand = origins.get(field, ("", False))
    return Line(
        field=field,
        label=label(type(record), field),
        value=text,
        href=href or _href(field, value),
        copied=str(value) if field in COPIED and value else "",
        origin=origin if text else "",
        by_hand=by_hand,
        long=field == "description",
    )


def label(model: type[models.Model], field: str) -> str:
    """The name of a field, as written at the head of its line."""
    return str(capfirst(str(model._meta.get_field(field).verbose_name)))  # type: ignore[union-attr]  # noqa: SLF001


def _href(field: str, value: Any) -> str:
    if not value:
        return ""
    return {"web": f"{value}", "email": f"mailto:{value}", "phone": f"tel:{value}", "mobile": f"tel:{value}"}.get(
        field, ""
    )


@ready
def _users(*, ids: set[int]) -> models.QuerySet[User]:
    return User.objects.filter(pk__among=ids).only("username", "first_name", "last_name")


def origins_of(records: Iterable[Any]) -> list[dict[str, tuple[str, bool]]]:
    """For each record, by field: what to say of the value's origin, and whether it was typed. One query for them all."""
    rows = list(records)
    typists = {origin.get("by") for row in rows for origin in row.origins.values() if isinstance(origin.get("by"), int)}
    names = {user.pk: str(user) for user in _users(ids=typists)} if typists else {}
    return [{field: _origin(origin, names) for field, origin in row.origins.items()} for row in rows]


def _origin(origin: Mapping[str, Any], names: Mapping[int, str]) -> tuple[str, bool]:
    on = _day(origin.get("on"))
    source = str(origin.get("source") or "")
    if origin.get("kind") == "hand":
        by = names.get(origin.get("by") or 0, str(origin.get("by") or ""))
        said = _("saisie par %(by)s le %(on)s") if by and on else _("saisie à la main")
        return said % {"by": by, "on": on} if by and on else said, True
    source = source.upper() if origin.get("kind") == "register" else source
    said = _("registre %(source)s, %(on)s") if origin.get("kind") == "register" else _("source %(source)s, %(on)s")
    return (said % {"source": source, "on": on}).strip(" ,"), False


def _day(text: Any) -> str:
    try:
        return date_format(dt.date.fromisoformat(str(text)[:10]), "j F Y")
    except ValueError:
        return ""
