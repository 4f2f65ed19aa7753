"""« Déjà connu ? »: records that may be the one being created. Certain by an identifier, likely by name and town."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from reciproque.directory import policies, search
from reciproque.directory.models import Site
from reciproque.directory.records.kinds import PARTNER, Kind
from reciproque.directory.records.reads import contacts
from reciproque.directory.reference import place_key
from reciproque.engines.identifiers import fold, read_rna, read_siren, read_siret
from reciproque.engines.linkage import name_key, near
from reciproque.institution.access import Actor

SHOWN = 5
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Known:
    """A record that resembles: by an identifier it is `certain`, by its name and town `likely`.

    `reserved` says whom to ask when its content is kept.
    """

    pk: int
    label: str
    detail: str
    likely: bool = False
    certain: bool = False
    reserved: str = ""
    why: tuple[str, ...] = ()


LOOKERS: list[Callable[[Actor, dict[str, str]], list[Known]]] = []
"""What modules above find among the partners that are like what is typed, by field: the likeliest first. Asked of nothing, when a form
is opened, they get ready."""


def known(actor: Actor, kind: Kind, data: Mapping[str, Any]) -> list[Known]:
    """What resembles what is being typed, the surest first."""
    return (_partners if kind is PARTNER else _people)(actor, data)[:SHOWN]


def doubtful(actor: Actor, kind: Kind, data: Mapping[str, Any]) -> bool:
    """Whether to show what resembles before creating; what is certain is refused by the operation itself."""
    found = known(actor, kind, data)
    return any(one.likely for one in found) and not any(one.certain for one in found)


def _typed(data: Mapping[str, Any], *names: str) -> str:
    return " ".join(str(data.get(name) or "").strip() for name in names).strip()


def _partners(actor: Actor, data: Mapping[str, Any]) -> list[Known]:
    found = {one.pk: one for one in _by_number(actor, data)}
    said = {name: _typed(data, name) for name in data} if len(_typed(data, "name")) >= SHORTEST else {}
    for looker in LOOKERS:
        found = {one.pk: one for one in looker(actor, said)} | found
    name, city = name_key(_typed(data, "name")), place_key(_typed(data, "city"))
    for text in (_typed(data, "name", "city"), _typed(data, "name")):
        if len(text) >= SHORTEST and len(found) < SHOWN:
            for hit in search.find(actor, text, kinds=["partner"], limit=SHOWN):
                same = bool(name) and near(name, name_key(hit.label)) and city in ("", _town(hit))
                found.setdefault(hit.pk, Known(hit.pk, hit.label, hit.detail, likely=same))
    return sorted(found.values(), key=lambda one: (not one.certain, not one.likely))


def _town(hit: search.Hit) -> str:
    return place_key(hit.detail.split(" · ")[0])


def _by_number(actor: Actor, data: Mapping[str, Any]) -> Iterable[Known]:
    """Partners that hold this SIREN, SIRET or RNA number, content reserved or not."""
    siret = read_siret(_typed(data, "siret")).value
    siren, rna = read_siren(_typed(data, "siren")).value or siret[:9], read_rna(_typed(data, "rna")).value
    held = [Q(siren=siren)] if siren else []
    held += [Q(rna=rna)] if rna else []
    held += [Q(pk__in=Site.objects.filter(siret=siret).values("partner"))] if siret else []
    if not held:
        return []
    rows: QuerySet[Any] = policies.partners.marked(actor, "notice", readable="view").select_related("unit", "referent")
    return [_certain(row) for row in rows.filter(_any(held))[:SHOWN]]


def _any(conditions: list[Q]) -> Q:
    whole = conditions[0]
    for condition in conditions[1:]:
        whole |= condition
    return whole


def _certain(row: Any) -> Known:
    detail = " · ".join(filter(None, [row.city, row.siren or row.rna]))
    reserved = ""
    if not row.readable:
        whom = [one["name"] for one in contacts(row)[:2]] or [str(row.unit or "")]
        reserved = _("fiche réservée à %(unit)s, demander à %(whom)s") % {"unit": row.unit, "whom": ", ".join(whom)}
    return Known(row.pk, row.label, detail, certain=True, reserved=reserved)


def _people(actor: Actor, data: Mapping[str, Any]) -> list[Known]:
    first, last, email = _typed(data, "first_name"), _typed(data, "last_name"), _typed(data, "email").lower()
    found: dict[int, Known] = {}
    if email:
        same = policies.people.allowed(actor, "view").filter(email_key=email, archived_at=None)
        found = {row.pk: Known(row.pk, str(row), email, likely=True) for row in same[:SHOWN]}
    name = f"{first} {last}".strip()
    if len(name) >= SHORTEST:
        for hit in search.find(actor, name, kinds=["person"], limit=SHOWN):
            alike = bool(first) and fold(hit.label) == fold(name)
            found.setdefault(hit.pk, Known(hit.pk, hit.label, hit.detail, likely=alike))
    return sorted(found.values(), key=lambda one: not one.likely)
