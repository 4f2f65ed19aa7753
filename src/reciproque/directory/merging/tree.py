"""The values of records that were brought together: each keeps what it said by itself, the one that stays shows what they say together."""

from typing import Any

from reciproque.directory.merging.moving import family_of, root_of
from reciproque.directory.merging.shapes import IDENTIFIERS, SHAPES, everything, set_beside, set_values, values_of
from reciproque.directory.models import Merge, MergeBase
from reciproque.engines.merging import Absorbed, Together, combine


def standing(kind: str, kept: int) -> list[Merge]:
    """The merges that stand into a record, oldest first."""
    return list(Merge.objects.filter(kind=kind, kept_id=kept, undone_at=None).order_by("pk"))


def base_of(kind: str, record: Any) -> MergeBase:
    """What a record says by itself, up to date with what was typed on it since it was brought together with others."""
    base = MergeBase.objects.filter(kind=kind, record_id=record.pk).first()
    values = values_of(kind, record)
    if base is None:
        return MergeBase.objects.create(
            kind=kind, record_id=record.pk, own=values, origins=dict(record.origins), computed=values
        )
    if record.merged_into_id is None:
        typed = [name for name, value in values.items() if not _same(name, base.computed.get(name), value)]
        for name in typed:
            base.own[name] = values[name]
            _origin(base.origins, name, record.origins.get(name))
        base.pinned = sorted({*base.pinned, *typed})
        base.computed |= {name: values[name] for name in typed}
        base.save()
    return base


def _same(name: str, computed: Any, value: Any) -> bool:
    """Whether a value is the one that was written; a head that another place absorbed is that other place."""
    return bool(computed == value or (name == "head" and computed and root_of(Merge.Kind.SITE, computed) == value))


def _origin(origins: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        origins.pop(name, None)
    else:
        origins[name] = value


def together(
    kind: str, pk: int, cache: dict[int, tuple[Together, dict[str, Any]]] | None = None
) -> tuple[Together, dict[str, Any]]:
    """What a record and all those it absorbed say, with the origin of each value."""
    found = {} if cache is None else cache
    if pk in found:
        return found[pk]
    base = MergeBase.objects.get(kind=kind, record_id=pk)
    merges = standing(kind, pk)
    below = [together(kind, merge.absorbed_id, found) for merge in merges]
    said = [Absorbed(values.values, merge.choices) for merge, (values, _origins) in zip(merges, below, strict=True)]
    result = combine(SHAPES[kind], base.own, said, base.pinned)
    origins = dict(base.origins)
    for name, place in result.taken.items():
        if place >= 0:
            by_hand = {"kind": "hand", "on": merges[place].at.date().isoformat(), "by": merges[place].user_id}
            _origin(origins, name, by_hand if name in result.chosen else below[place][1].get(name))
    found[pk] = (result, origins)
    return found[pk]


def write(kind: str, pk: int) -> Any:
    """Give a record the values that it shows today."""
    record: Any = everything(kind).get(pk=pk)
    base = MergeBase.objects.get(kind=kind, record_id=pk)
    said, origins = together(kind, pk)
    values = dict(said.values)
    if values.get("parent") and values["parent"] in family_of(kind, pk):
        values["parent"] = None  # none is its own group
    if values.get("head"):
        values["head"] = root_of(Merge.Kind.SITE, values["head"])
    shown = dict(values)
    if record.merged_into_id is not None:
        shown |= dict.fromkeys(IDENTIFIERS[kind], "")
    changed = set_values(record, shown)
    set_beside(record, shown)
    if changed or record.origins != origins or record.merged_into_id is None:
        record.origins = origins
        record.version += (
            1  # even when nothing else changed: its places may have, and what is derived from them follows
        )
        record.save()
    if record.merged_into_id is None and "head" in values:
        values["head"] = values_of(kind, record)["head"]
    base.computed = values
    base.save(update_fields=["computed"])
    return record


def bound(kind: str, ids: set[int]) -> set[int]:
    """Those of these records that have absorbed another, or that another has absorbed."""
    merges = Merge.objects.filter(kind=kind, undone_at=None)
    found = set(merges.filter(kept_id__in=ids).values_list("kept_id", flat=True))
    return found | set(merges.filter(absorbed_id__in=ids).values_list("absorbed_id", flat=True))


def forget_lonely(kind: str, ids: set[int]) -> None:
    """Records that stand alone again need no memory of what they said by themselves."""
    MergeBase.objects.filter(kind=kind, record_id__in=ids - bound(kind, ids)).delete()


def preview(kind: str, records: list[Any], choices: list[dict[str, Any]]) -> Together:
    """What the first record would say once it had absorbed the others, with these choices; nothing is written."""
    own = values_of(kind, records[0])
    said = [Absorbed(values_of(kind, one), chosen) for one, chosen in zip(records[1:], choices, strict=True)]
    base = MergeBase.objects.filter(kind=kind, record_id=records[0].pk).first()
    if base is None:
        return combine(SHAPES[kind], own, said)
    base = base_of(kind, records[0])
    merges = standing(kind, records[0].pk)
    before = [Absorbed(together(kind, merge.absorbed_id)[0].values, merge.choices) for merge in merges]
    return combine(SHAPES[kind], base.own, [*before, *said], base.pinned)
