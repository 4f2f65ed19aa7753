"""What several records of one thing say together: computed from what each said by itself, so that taking one out is exact.

A record that absorbs others keeps its own values apart. What it shows is a function of its own values, of what the absorbed ones
show (they may have absorbed others before), and of the choices made when they were brought together. To separate is to compute
again without one of them: nothing is patched, so the order of separations does not matter.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Values = Mapping[str, Any]
Side = Literal["kept", "absorbed", "over"]
"""Whose value was chosen; `over` what had been typed on the record kept, until somebody types there again."""
EMPTY: tuple[Any, ...] = (None, "", [], ())


@dataclass(frozen=True, slots=True)
class Shape:
    """How the fields of a kind of record are brought together.

    `blocks` go together, told by their first field (an address is not half of one and half of another). `lists` are united.
    `texts` are put one after the other. `aliases` {field: list}: the value left over goes to that list (another name, another
    address). `stricter` {first field: values from the loosest to the strictest}: the strictest wins when nobody chose.
    """

    blocks: tuple[tuple[str, ...], ...]
    lists: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    stricter: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field."""
        return tuple(name for block in self.blocks for name in block)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What an absorbed record shows, and for the first field of a block, whose value was chosen."""

    values: Values
    choices: Mapping[str, Side] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Together:
    """The values, and where each comes from: the place in the list of absorbed records, or -1 for one's own.

    `chosen` are the fields that a person chose to take from another record.
    """

    values: dict[str, Any]
    taken: dict[str, int]
    chosen: frozenset[str]


def is_empty(value: Any) -> bool:
    """Whether a value says nothing (False and 0 say something)."""
    return value is None or value in EMPTY


def combine(shape: Shape, own: Values, absorbed: Sequence[Absorbed], pinned: Collection[str] = ()) -> Together:
    """The values of a record and of those it absorbed, oldest first.

    `pinned` are the fields typed since on the record itself: they stay as they are.
    """
    values, taken, chosen = dict(own), dict.fromkeys(shape.fields, -1), set()
    for block in shape.blocks:
        head = block[0]
        if any(name in pinned for name in block) and not any(one.choices.get(head) == "over" for one in absorbed):
            continue
        if head in shape.lists:
            _unite(values, taken, head, absorbed)
        elif head in shape.texts and not _choice(head, absorbed):
            _append(values, head, absorbed)
        else:
            place, asked = _source(shape, head, own, absorbed)
            if place >= 0:
                values |= {name: absorbed[place].values.get(name) for name in block}
                taken |= dict.fromkeys(block, place)
                chosen |= set(block) if asked else set()
    _keep_aliases(shape, values, [own, *(one.values for one in absorbed)], pinned)
    return Together(values, taken, frozenset(chosen))


def _choice(head: str, absorbed: Sequence[Absorbed]) -> bool:
    return any(one.choices.get(head) for one in absorbed)


def _source(shape: Shape, head: str, own: Values, absorbed: Sequence[Absorbed]) -> tuple[int, bool]:
    """Whose value a block takes: the last one chosen, else the strictest, else one's own, else the first that says something."""
    place, asked, value = -1, False, own.get(head)
    order = shape.stricter.get(head)
    for rank, one in enumerate(absorbed):
        choice, other = one.choices.get(head), one.values.get(head)
        if choice in ("absorbed", "over"):
            place, asked, value = rank, True, other
        elif choice == "kept" or is_empty(other):
            continue
        elif order and value in order and other in order:
            if order.index(other) > order.index(value):
                place, asked, value = rank, False, other
        elif is_empty(value):
            place, asked, value = rank, False, other
    return place, asked


def _unite(values: dict[str, Any], taken: dict[str, int], head: str, absorbed: Sequence[Absorbed]) -> None:
    found = list(values.get(head) or [])
    for rank, one in enumerate(absorbed):
        choice = one.choices.get(head)
        if choice == "kept":
            continue
        if choice in ("absorbed", "over"):
            found, taken[head] = [], rank
        found += [value for value in one.values.get(head) or [] if value not in found]
    values[head] = found


def _append(values: dict[str, Any], head: str, absorbed: Sequence[Absorbed]) -> None:
    text = str(values.get(head) or "")
    for one in absorbed:
        other = str(one.values.get(head) or "")
        if other and other not in text:
            text = f"{text}\n\n{other}" if text else other
    values[head] = text


def _keep_aliases(shape: Shape, values: dict[str, Any], said: Sequence[Values], pinned: Collection[str]) -> None:
    for name, target in shape.aliases.items():
        if target in pinned:
            continue
        shown = {_folded(values.get(one)) for one, where in shape.aliases.items() if where == target}
        found = list(values.get(target) or [])
        for one in said:
            other = one.get(name)
            if not is_empty(other) and _folded(other) not in shown and _folded(other) not in map(_folded, found):
                found.append(other)
        values[target] = [value for value in found if _folded(value) not in shown]


def _folded(value: Any) -> str:
    return str(value or "").casefold()


def differing(shape: Shape, records: Sequence[Values]) -> Iterator[tuple[str, ...]]:
    """The blocks in which the records do not all say the same."""
    for block in shape.blocks:
        if any(record.get(name) != records[0].get(name) for record in records[1:] for name in block):
            yield block
