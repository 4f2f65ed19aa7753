"""The values of records that were brought together: each keeps what it said by itself, the one that stays shows what they say together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reciproque.directory.merging.moving import family_of, root_of
from reciproque.directory.merging.shapes import IDENTIFIERS, SHAPES, everything, set_beside, set_values, values_of
from reciproque.directory.models import Merge, MergeBase
from reciproque.engines.merging import Absorbed, Side, Together, combine


def standing(kind: str, kept: int) -> list[Merge]:
    """The merges that stand into a record, oldest first."""
    return list(Merge.objects.filter(kind=kind, kept_id=kept, undone_at=None).order_by("pk"))


def base_of(kind: str, record: Any) -> MergeBase:
    """What a record says by itself, up to date with what was typed on it since it was brought together with others; kept."""
    base, typed = read_base(kind, record)
    for merge in standing(kind, record.pk) if typed else []:
        fresh = _outdated(merge.choices, typed)
        if fresh != merge.choices:
            Merge.objects.filter(pk=merge.pk).update(choices=fresh)
    base.save()
    return base


def _outdated(choices: Mapping[str, Side], typed: Collection[str]) -> dict[str, Side]:
    """Choices after something was typed on the record kept: no longer over it."""
    return {head: "absorbed" if side == "over" and head in typed else side for head, side in choices.items()}


def read_base(kind: str, record: Any) -> tuple[MergeBase, list[str]]:
    """The same, without writing it, and the names of what was typed."""
    values = values_of(kind, record)
    base = MergeBase.objects.filter(kind=kind, record_id=record.pk).first()
    if base is None:
        made = MergeBase(kind=kind, record_id=record.pk, own=values, origins=dict(record.origins), computed=values)
        return made, []
    typed: list[str] = []
    if record.merged_into_id is None:
        typed = [name for name, value in values.items() if not _same(name, base.computed.get(name), value)]
        for name in typed:
            base.own[name] = values[name]
            _origin(base.origins, name, record.origins.get(name))
        base.pinned = sorted({*base.pinned, *typed})
        base.computed |= {name: values[name] for name in typed}
    return base, typed


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


def picks(choices: Mapping[str, int], base: MergeBase, absorbed: int) -> dict[str, Side]:
    """What the choices of cells {first field of a block: record} mean for one of the records that `base` absorbs."""
    pinned = {block[0] for block in SHAPES[base.kind].blocks if any(name in base.pinned for name in block)}
    found: dict[str, Side] = {}
    for head, chosen in choices.items():
        if chosen == absorbed:
            found[head] = "over" if head in pinned else "absorbed"
        elif chosen == base.record_id:
            found[head] = "kept"
    return found


def preview(kind: str, records: Sequence[Any], choices: Mapping[str, int]) -> Together:
    """What the first record would say once it had absorbed the others; nothing is written. `taken` counts from the others."""
    kept, *others = records
    base, typed = read_base(kind, kept)
    cache: dict[int, tuple[Together, dict[str, Any]]] = {}
    merges = standing(kind, kept.pk)
    before = [
        Absorbed(together(kind, merge.absorbed_id, cache)[0].values, _outdated(merge.choices, typed))
        for merge in merges
    ]
    said = [Absorbed(values_of(kind, one), picks(choices, base, one.pk)) for one in others]
    found = combine(SHAPES[kind], base.own, [*before, *said], base.pinned)
    return replace(found, taken={name: max(place - len(before), -1) for name, place in found.taken.items()})


def own_names(merges: Iterable[Merge]) -> dict[int, str]:
    """What each absorbed record was called by itself, by merge. One query."""
    asked = {(merge.kind, merge.absorbed_id): merge.pk for merge in merges}
    bases = MergeBase.objects.filter(record_id__in={pk for _kind, pk in asked}) if asked else []
    return {asked[base.kind, base.record_id]: name_in(base) for base in bases if (base.kind, base.record_id) in asked}


def name_in(base: MergeBase) -> str:
    """The name that a record bore by itself."""
    own = base.own
    if base.kind == Merge.Kind.PERSON:
        return f"{own['first_name']} {own['last_name']}".strip()
    if base.kind == Merge.Kind.SITE:
        return str(own["name"] or own["address"] or own["city"] or "—")
    return str(own["usual_name"] or own["name"])
