"""What a merge would bring to the record kept, told before anything is written: it is what `moving` then does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from reciproque.directory.merging import moving, tree
from reciproque.directory.merging.places import twin_of
from reciproque.directory.merging.relations import Relation, relations
from reciproque.directory.merging.shapes import KINDS, set_values
from reciproque.directory.models import Merge, MergeRow, Site


@dataclass(frozen=True, slots=True)
class Brought:
    """Rows of one table: `moved` stand with the record kept afterwards, `doubles` are set aside, since it has the same already."""

    model: type[models.Model]
    moved: int
    doubles: int

    @property
    def count(self) -> int:
        """All that is attached; the doubles complete the rows that say the same."""
        return self.moved + self.doubles

    @property
    def label(self) -> str:
        """What its rows are called, one or several of them."""
        meta = self.model._meta  # noqa: SLF001
        return str(meta.verbose_name if self.count == 1 else meta.verbose_name_plural)


def foresee(kind: str, kept: int, absorbed: Sequence[int]) -> list[Brought]:
    """What follows these records into the one kept, table by table; tables of which nothing follows are not named."""
    families = {pk: moving.family_of(kind, pk) for pk in absorbed}
    everyone = {kept, *absorbed}.union(*families.values(), moving.family_of(kind, kept))
    lines = _lines(kind, everyone)
    chains = moving.chains_of(kind, set().union(*families.values()))
    ahead = {(kind, pk): [*chain, kept] for pk, chain in chains.items()}
    columns: dict[type[models.Model], list[Relation]] = {}
    for relation in relations(KINDS[kind]):
        columns.setdefault(relation.model, []).append(relation)
    found = [
        _places(kept, absorbed)
        if (kind, model) == (Merge.Kind.PARTNER, Site)
        else _table(model, held, kept, absorbed, lines, ahead)
        for model, held in columns.items()
    ]
    return sorted((one for one in found if one.count), key=lambda one: one.label)


def _lines(kind: str, ids: Iterable[int]) -> dict[str, list[MergeRow]]:
    """Rows that already stand elsewhere than at home, of these records, by table."""
    found: dict[str, list[MergeRow]] = {}
    for line in MergeRow.objects.filter(holders__overlap=[f"{kind}:{pk}" for pk in ids]).order_by("pk"):
        found.setdefault(line.model, []).append(line)
    return found


def _table(
    model: type[models.Model], held: list[Relation], kept: int, absorbed: Sequence[int], lines: dict[str, list[MergeRow]], ahead: moving.Chains
) -> Brought:  # fmt: skip
    """One table. Where nothing forbids two of the same, all the rows follow; elsewhere each is looked at."""
    here = Q()
    for relation in held:
        here |= Q(**{f"{relation.field.attname}__in": absorbed})
    rows = model._base_manager.filter(here)  # noqa: SLF001
    if not moving.rules_of(model):
        return Brought(model, rows.count(), 0)
    known = {line.pk: line for line in [*lines.get(model._meta.label_lower, []), *moving.tracked(model, rows)]}  # noqa: SLF001
    fresh = moving.lines_of(model, rows.exclude(pk__in=[line.row_id for line in known.values()]))
    places = moving.foreseen(model, [*known.values(), *fresh], ahead) if known or fresh else []
    names = [relation.field.attname for relation in held]
    moved = doubles = 0
    for place in places:
        stood = place.line is not None and place.line.row is None
        was_kept = stood and any(place.values[name] == kept for name in names)
        moved += place.twin is None and not was_kept and any(place.moved[name] == kept for name in names)
        doubles += place.twin is not None and stood
    return Brought(model, moved, doubles)


def _places(kept: int, absorbed: Sequence[int]) -> Brought:
    """The places of partners: those described twice become one, which then says what both said."""
    here = list(Site.objects.filter(partner=kept).order_by("pk"))
    joined: dict[int, list[Any]] = {}
    moved = doubles = 0
    for partner in absorbed:
        came = list(Site.objects.filter(partner=partner).order_by("pk"))
        everywhere = sorted([*here, *came], key=lambda one: one.pk)
        numbers = {one.pk for one in came}
        for site in came:
            twin = twin_of(site, everywhere, numbers)
            if twin is None:
                moved += 1
                here.append(site)
                continue
            doubles += 1
            joined.setdefault(twin.pk, []).append(site)
        for site in here:
            if site.pk in joined:
                said = tree.preview(Merge.Kind.SITE, [Site.objects.get(pk=site.pk), *joined[site.pk]], {})
                set_values(site, said.values)
    return Brought(Site, moved, doubles)
