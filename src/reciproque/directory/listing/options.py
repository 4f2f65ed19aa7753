"""The values among which the filters of partners and people let one choose."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reciproque.directory import reference
from reciproque.directory.models import Tag
from reciproque.foundation.database.kept import kept
from reciproque.institution import forms
from reciproque.institution.models import Membership, User
from reciproque.institution.reads import accounts, colleagues, named
from reciproque.institution.reads import units as every_unit

MOST = 1000
MINE = "moi"


def units(actor: Any) -> list[tuple[str, Any]]:
    """The units, in the order of the tree; depth is shown by spaces."""
    return [
        (str(pk), "\u2003" * one.depth + one.name) for pk, one in every_unit(actor).items() if one.closed_on is None
    ]


def colleagues_meant(values: Sequence[str], listing: Any) -> list[int]:
    """The accounts that these values mean: numbers, « moi », or the whole or part of a name. A name typed to find one already chosen adds nobody."""
    ids = numbers(values, listing)
    found = {text: list(named(text, accounts()).values_list("pk", flat=True)[:MOST]) for text in _typed(values)}
    return [*ids, *(one for those in found.values() if not set(ids) & set(those) for one in those)]


def colleagues_said(values: Sequence[str], actor: Any) -> list[str]:
    """The same in words: names, « moi », or what was typed between quotes."""
    ids = _numbers(values)
    names = {str(one.pk): str(one) for one in User.objects.filter(pk__in=ids)} if ids else {}
    mine = {actor.user_id} if MINE in values else set()
    spare = {text for text in _typed(values) if named(text, accounts()).filter(pk__in={*ids, *mine}).exists()}
    said = {MINE: str(_("moi")), **names, **{text: f"« {text} »" for text in _typed(values)}}
    return [said.get(value, value) for value in values if value not in spare]


def colleague_picker(name: str, values: Sequence[str], actor: Any) -> SafeString:
    """The field of the filter: « moi », those chosen, colleagues of one's units, and whoever one types the name of, gone or not."""
    ticked, near = [value for value in values if value == MINE or value in map(str, _numbers(values))], colleagues()
    near = near.filter(pk__in=Membership.objects.filter(unit__in=[unit for unit, _role in actor.roles]).values("user"))
    manners = {"near": near, "fixed": [(MINE, _("moi"))], "former": True, "attrs": {"data-focus": ""}}
    return forms.colleague_picker(name, ticked, "; ".join(_typed(values)), **manners)


def referent_picker() -> SafeString:
    """The field of the referent given to many partners at once: the same in every list."""
    return _referent_picker(get_language())


@lru_cache(maxsize=4)
def _referent_picker(_language: str | None) -> SafeString:
    fixed = [(MINE, _("moi")), ("", _("aucun"))]
    return forms.colleague_picker("referent", [MINE], several=False, fixed=fixed, attrs={"id": "bulk-referent"})


def _typed(values: Sequence[str]) -> list[str]:
    """What is neither a number nor « moi »."""
    return [value for value in values if value != MINE and not value.isdecimal()]


def _numbers(values: Sequence[Any]) -> list[int]:
    return [int(value) for value in values if (said := str(value)).isascii() and said.isdecimal() and len(said) < 19]


def tags(_actor: Any) -> list[tuple[str, Any]]:
    """The vocabulary of tags."""
    return [(name, name) for name in _vocabulary()]


@kept
def _vocabulary() -> QuerySet[Tag, str]:
    return Tag.objects.order_by("name_key").values_list("name", flat=True)[:MOST]


def departments(_actor: Any) -> list[tuple[str, Any]]:
    """Départements, in the order of their codes."""
    return [(code, f"{code} {found.name}") for code, found in reference.departments().items()]


def regions(_actor: Any) -> list[tuple[str, Any]]:
    """Régions, by name."""
    return sorted(reference.regions().items(), key=lambda region: region[1])


def sections(_actor: Any) -> list[tuple[str, Any]]:
    """Sections of the NAF."""
    return [(code, f"{code} {label}") for code, label in reference.sections().items()]


def divisions(_actor: Any) -> list[tuple[str, Any]]:
    """Divisions of the NAF."""
    return [(code, f"{code} {label}") for code, label in reference.divisions().items()]


def activities(_actor: Any) -> list[tuple[str, Any]]:
    """Sub-classes of the NAF."""
    return [(code, f"{code} {found.label}") for code, found in reference.activities().items()]


def legal_categories(_actor: Any) -> list[tuple[str, Any]]:
    """INSEE's legal categories."""
    return [(code, f"{code} {label}") for code, label in reference.legal_categories().items()]


def headcounts(_actor: Any) -> list[tuple[str, Any]]:
    """Headcount bands, smallest first."""
    return list(reference.headcount_bands().items())


def choices(of: Iterable[tuple[Any, Any]]) -> Any:
    """The choices of a model's field."""
    fixed = [(str(value), label) for value, label in of]
    return lambda _actor: fixed


def in_regions(codes: Sequence[str]) -> Q:
    """Départements of these régions."""
    wanted = set(codes)
    return Q(department__in=[code for code, found in reference.departments().items() if found.region in wanted])


def in_sections(codes: Sequence[str]) -> Q:
    """Activities of these sections of the NAF."""
    wanted = set(codes)
    return Q(naf__in=[code for code, found in reference.activities().items() if found.section in wanted])


def in_divisions(codes: Sequence[str]) -> Q:
    """Activities of these divisions of the NAF."""
    wanted = set(codes)
    return Q(naf__in=[code for code, found in reference.activities().items() if found.division in wanted])


def holding_tags(names: Sequence[str]) -> Q:
    """Records that have one of these tags."""
    return Q(tags__overlap=list(names))


def numbers(values: Sequence[str], listing: Any) -> list[int]:
    """Identifiers among the values; « moi » is the person who asks."""
    return _numbers([listing.actor.user_id if value == MINE else value for value in values])
