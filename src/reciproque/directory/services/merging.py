"""Records of one same thing brought together, and taken apart again, at any time and in any order."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reciproque.directory import policies, search
from reciproque.directory.merging import moving, tree
from reciproque.directory.merging.locking import alone, steady
from reciproque.directory.merging.moving import root_of
from reciproque.directory.merging.places import twin_of
from reciproque.directory.merging.shapes import IDENTIFIERS, everything, kind_of
from reciproque.directory.merging.tree import bound
from reciproque.directory.models import Merge, MergeBase, MergeRow, Partner, Position, Site
from reciproque.directory.services import sites
from reciproque.foundation.errors import Conflict, DomainError
from reciproque.foundation.events import announce
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor

__all__ = [
    "alone",
    "bound",
    "check_mergeable",
    "gather_strays",
    "merge_records",
    "root_of",
    "separate",
    "separate_all",
    "steady",
]
MOST = 4
Choices = Mapping[str, int]
"""First field of a block → number of the record whose value is chosen."""


@operation("directory.merge_records")
def merge_records(
    *,
    actor: Actor,
    kept: Any,
    absorbed: Sequence[Any],
    choices: Choices | None = None,
    versions: Mapping[int, int] | None = None,
    agreed: Collection[int] = (),
) -> Any:
    """Bring records together into `kept`; returns it as it has become. Nothing is lost: `separate` takes it back exactly.

    `versions` {number: version that was read} guards against what changed meanwhile (Conflict). Raises DomainError when
    the records cannot be one thing (two SIREN), Forbidden when the actor may not change one of them, but those whose own
    unit has `agreed`, which the caller answers for.
    """
    kind = kind_of(kept)
    alone()
    others = [one.pk for one in absorbed]
    rows = _held(kind, [kept.pk, *others], versions or {})
    first = rows[kept.pk]
    for row in (one for one in rows.values() if one.pk not in agreed):
        _rights(kind).require(actor, "merge", row if kind != Merge.Kind.SITE else row.partner)
    check_mergeable(kind, [rows[pk] for pk in dict.fromkeys([kept.pk, *others])])
    for pk in dict.fromkeys(others):
        _absorb(actor, kind, first, rows[pk], choices or {}, None)
    announce("directory.merged", kind=kind, pk=kept.pk)
    return _after(kind, {kept.pk, *others}, kept.pk)


def _rights(kind: str) -> Any:
    return policies.people if kind == Merge.Kind.PERSON else policies.partners


def _held(kind: str, ids: Sequence[int], versions: Mapping[int, int]) -> dict[int, Any]:
    wanted = sorted(set(ids))
    rows = {row.pk: row for row in everything(kind).filter(pk__in=wanted).order_by("pk").select_for_update()}
    if len(wanted) != len(ids) or not 2 <= len(wanted) <= MOST:
        raise DomainError(_("Choisissez de deux à quatre fiches différentes."))
    for pk in wanted:
        row = rows.get(pk)
        if row is None or row.merged_into_id is not None:
            raise DomainError(_("Une de ces fiches vient d’être réunie à une autre : relisez la liste."))
        if pk in versions and row.version != versions[pk]:
            raise Conflict(_("Une de ces fiches a changé depuis que vous l’avez lue : relisez, puis confirmez."), pk=pk)
    return rows


def check_mergeable(kind: str, rows: Sequence[Any]) -> None:
    """Two official numbers are two organisations, or two places. Raises DomainError."""
    for name in IDENTIFIERS[kind]:
        numbers = sorted({getattr(row, name) for row in rows} - {""})
        if len(numbers) > 1:
            said = _("Ces fiches portent des numéros officiels différents (%(numbers)s) : ce ne sont pas les mêmes.")
            raise DomainError(said % {"numbers": ", ".join(numbers)})
    if kind == Merge.Kind.SITE and len({row.partner_id for row in rows}) > 1:
        raise DomainError(_("Ces établissements sont ceux de deux partenaires : réunissez d’abord les partenaires."))


def _absorb(actor: Actor, kind: str, kept: Any, absorbed: Any, choices: Choices, entailed_by: Merge | None) -> Merge:
    base = tree.base_of(kind, everything(kind).get(pk=kept.pk))  # it may have just absorbed another
    tree.base_of(kind, absorbed)
    merge = Merge.objects.create(
        kind=kind, kept_id=kept.pk, absorbed_id=absorbed.pk, user_id=actor.user_id, choices=tree.picks(choices, base, absorbed.pk),
        entailed_by=entailed_by, archived_at=getattr(absorbed, "archived_at", None),
    )  # fmt: skip
    if kind == Merge.Kind.PARTNER:
        Site.objects.filter(partner=absorbed, is_head=True).update(is_head=False)
    if kind == Merge.Kind.SITE and absorbed.is_head:
        merge.was_head = True
        merge.save()
        Site.objects.filter(pk=absorbed.pk).update(is_head=False)
        Site.objects.filter(pk=kept.pk).update(is_head=True)
    fresh = moving.track(kind, absorbed.pk)
    came = (
        set(Site.objects.filter(partner=absorbed.pk).values_list("pk", flat=True))
        if kind == Merge.Kind.PARTNER
        else set()
    )
    _put_away(kind, absorbed, kept)
    moving.settle(kind, moving.family_of(kind, kept.pk), fresh)
    tree.write(kind, kept.pk)
    if kind == Merge.Kind.PARTNER:
        _bring_sites_together(actor, merge, kept.pk, came)
    return merge


def _put_away(kind: str, absorbed: Any, kept: Any) -> None:
    row = everything(kind).get(pk=absorbed.pk)
    row.merged_into_id = kept.pk
    if hasattr(row, "archived_at") and row.archived_at is None:
        row.archived_at = timezone.now()
    for name in IDENTIFIERS[kind]:
        setattr(row, name, "")
    row.version += 1
    row.save()


def _bring_sites_together(actor: Actor, merge: Merge, partner_id: int, came: set[int]) -> None:
    """Places that the two records described twice: the same SIRET, or the same address where one has no SIRET."""
    places = list(Site.objects.filter(partner=partner_id).order_by("pk"))
    for site in [one for one in places if one.pk in came]:
        twin = twin_of(site, places, came)
        if twin is not None:
            _absorb(actor, Merge.Kind.SITE, twin, site, {}, merge)
            places = [one for one in places if one.pk != site.pk]


def _after(kind: str, ids: set[int], kept: int) -> Any:
    owners = set(ids) if kind == Merge.Kind.PARTNER else set()
    if kind == Merge.Kind.SITE:
        owners = set(Site.everything.filter(pk__in=ids).values_list("partner_id", flat=True))
    for partner in Partner.objects.filter(pk__in=owners).order_by("pk"):
        sites.copy_head(partner)
    if kind == Merge.Kind.SITE:
        search.refresh(partner_ids=owners)
    else:
        _indexed(kind, ids)
    return everything(kind).get(pk=kept)


def _indexed(kind: str, ids: set[int]) -> None:
    """The search follows: who is away is not found, and those around are found under the new names."""
    mine, theirs = ("partner", "person") if kind == Merge.Kind.PARTNER else ("person", "partner")
    away = set(everything(kind).filter(pk__in=ids, merged_into__isnull=False).values_list("pk", flat=True))
    around = set(Position.objects.filter(**{f"{mine}__in": ids}).values_list(f"{theirs}_id", flat=True))
    search.forget(**{f"{mine}_ids": away})
    search.refresh(**{f"{mine}_ids": ids - away, f"{theirs}_ids": around})


@operation("directory.separate")
def separate(*, actor: Actor, merge: Merge) -> Any:
    """Take apart what was brought together: the absorbed record is again what it was, the kept one what it says without it.

    What was typed since on the kept record stays there. Returns the record that stands alone again.
    """
    alone()
    held = Merge.objects.select_for_update().get(pk=merge.pk)
    if held.undone_at is not None:
        raise DomainError(_("Ces fiches ont déjà été séparées."))
    chain = moving.chain_of(held.kind, held.kept_id)
    root: Any = everything(held.kind).select_for_update().get(pk=chain[-1])
    _rights(held.kind).require(actor, "merge", root if held.kind != Merge.Kind.SITE else root.partner)
    tree.base_of(held.kind, root)
    touched = {held.absorbed_id, *chain}
    _separate(actor, held, chain)
    announce("directory.separated", kind=held.kind, pk=held.absorbed_id, other=held.kept_id)
    _after(held.kind, touched, held.absorbed_id)
    return everything(held.kind).get(pk=held.absorbed_id)


@operation("directory.separate_all")
def separate_all(*, actor: Actor, merges: Sequence[Merge]) -> None:
    """Take several apart, the last first; one that went with another is already apart."""
    for one in merges:
        if Merge.objects.filter(pk=one.pk, undone_at=None).exists():
            separate(actor=actor, merge=one)


def _separate(actor: Actor, merge: Merge, chain: list[int]) -> None:
    apart = moving.family_of(merge.kind, merge.absorbed_id)
    for entailed in _bound(merge, apart):
        above = moving.chain_of(entailed.kind, entailed.kept_id)
        tree.base_of(entailed.kind, everything(entailed.kind).get(pk=above[-1]))
        _separate(actor, entailed, above)
    merge.undone_at, merge.undone_by_id = timezone.now(), actor.user_id
    merge.save()
    everything(merge.kind).filter(pk=merge.absorbed_id).update(merged_into=None)
    if merge.kind == Merge.Kind.PARTNER:
        Site.objects.filter(partner__in=chain, is_head=True).update(is_head=False)  # each finds its own below
    moving.settle(merge.kind, {*moving.family_of(merge.kind, chain[-1]), *apart})
    if merge.was_head and Site.objects.filter(pk=merge.kept_id, is_head=True).update(is_head=False):
        Site.objects.filter(pk=merge.absorbed_id).update(is_head=True)
    for pk in chain:
        tree.write(merge.kind, pk)
    _bring_back(merge)
    _head_again(merge)
    tree.forget_lonely(merge.kind, {merge.absorbed_id, *chain})


def _head_again(merge: Merge) -> None:
    """The place separated from another may be the head of a partner that was brought together with others."""
    if merge.kind == Merge.Kind.SITE:
        owner = Site.everything.get(pk=merge.absorbed_id).partner_id
        if MergeBase.objects.filter(kind=Merge.Kind.PARTNER, record_id=owner).exists():
            tree.write(Merge.Kind.PARTNER, owner)


def _bound(merge: Merge, apart: set[int]) -> list[Merge]:
    """The merges of places that cannot outlive that of their partners: one place goes back, the other stays."""
    if merge.kind != Merge.Kind.PARTNER:
        return []
    homes = MergeRow.objects.filter(model="directory.site", holders__overlap=[f"partner:{pk}" for pk in apart])
    back = set(homes.values_list("row_id", flat=True))
    between = Merge.objects.filter(kind=Merge.Kind.SITE, undone_at=None).order_by("-pk")
    between = between.filter(Q(kept_id__in=back) | Q(absorbed_id__in=back))
    return [one for one in between if (one.kept_id in back) != (one.absorbed_id in back)]


def _bring_back(merge: Merge) -> None:
    row: Any = everything(merge.kind).select_for_update().get(pk=merge.absorbed_id)
    if hasattr(row, "archived_at"):
        row.archived_at = merge.archived_at
    row.version += 1
    said, _origins = tree.together(merge.kind, row.pk)
    for name in IDENTIFIERS[merge.kind]:
        _check_free(merge.kind, name, said.values.get(name), row.pk)
    row.save()
    tree.write(merge.kind, row.pk)


def _check_free(kind: str, name: str, value: Any, pk: int) -> None:
    holder = everything(kind).filter(**{name: value}).exclude(pk=pk).first() if value else None
    if holder is not None:
        said = _("« %(record)s » porte maintenant le numéro %(value)s : retirez-le d’abord, puis séparez.")
        raise DomainError(said % {"record": holder, "value": value})


def gather_strays() -> int:
    """Bring along what was written to absorbed records in spite of all (a bulk load); returns how many had some. Safe to repeat."""
    found = 0
    for kind in (Merge.Kind.PARTNER, Merge.Kind.SITE, Merge.Kind.PERSON):
        with transaction.atomic():
            alone()
            for pk in sorted(moving.strays(kind)):
                fresh = moving.track(kind, pk)
                root = moving.root_of(kind, pk)
                moving.settle(kind, moving.family_of(kind, root), fresh)
                _after(kind, {root}, root)
                found += 1
    return found
