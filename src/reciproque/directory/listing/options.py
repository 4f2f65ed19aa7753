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
from reciproque.foundation.listing import menus
from reciproque.institution.models import User
from reciproque.institution.reads import units as every_unit

MOST = 1000
MINE = "moi"


def units(actor: Any) -> list[tuple[str, Any]]:
    """The units, in the order of the tree; depth is shown by spaces."""
    return [
        (str(pk), "\u2003" * one.depth + one.name) for pk, one in every_unit(actor).items() if one.closed_on is None
    ]


def people_of_ours(_actor: Any) -> list[tuple[str, Any]]:
    """« Moi », then colleagues by name."""
    rows = _colleagues()
    return [(MINE, _("moi")), *((str(pk), f"{first} {last}".strip() or name) for pk, first, last, name in rows)]


def drawn_colleagues() -> SafeString:
    """The same, as the options of a menu that every list holds: drawn once for each state of the accounts."""
    return _drawn(tuple(people_of_ours(None)), get_language())


@lru_cache(maxsize=4)
def _drawn(choices: tuple[tuple[str, Any], ...], _language: str | None) -> SafeString:
    return menus.options(choices)


@kept
def _colleagues() -> QuerySet[User, tuple[int, str, str, str]]:
    rows = User.objects.filter(is_active=True).order_by("name_key", "pk")
    return rows.values_list("pk", "first_name", "last_name", "username")[:MOST]


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
    found = [listing.actor.user_id if value == MINE else value for value in values]
    return [int(value) for value in found if str(value).isascii() and str(value).isdecimal() and len(str(value)) < 19]
