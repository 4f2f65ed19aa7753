"""Golden values: which of several proposed values is kept. The result does not depend on their order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from reciproque.engines.survivorship.fields import MULTIPLE, completeness, is_empty, sameness
from reciproque.engines.survivorship.records import Candidate, Choice, Golden, Origin, Record

_FIRST = {"hand": 2, "register": 1, "source": 0}
NOTHING = Choice(None, None)


def choose(field: str, candidates: Sequence[Candidate]) -> Choice:
    """Typed by hand (until released), else the register, else the most recent, most complete, most frequent value.

    Releasing a value typed by hand is leaving it out of the candidates. Of the spellings of the value kept, at the same
    rank and date, the best written is shown. Ties left after that are settled by the source's code, the record's number
    and the value itself, so that the choice is always the same. An empty value never wins.
    """
    said = [candidate for candidate in candidates if not is_empty(candidate.value)]
    if not said:
        return NOTHING
    if len(said) == 1:
        return Choice(said[0].value, said[0].origin)
    if all(candidate.value == said[0].value and type(candidate.value) is type(said[0].value) for candidate in said):
        return Choice(said[0].value, max((candidate.origin for candidate in said), key=_standing))
    times = Counter(sameness(field, candidate.value) for candidate in said)
    ordered = sorted(said, key=lambda candidate: _worth(field, candidate, times), reverse=True)
    best = ordered[0]
    same = sameness(field, best.value)
    others: dict[str, Candidate] = {}
    for candidate in ordered[1:]:
        other = sameness(field, candidate.value)
        if other != same:
            others.setdefault(other, candidate)
    return Choice(best.value, best.origin, tuple(others.values()))


def _standing(origin: Origin) -> tuple[Any, ...]:
    return _FIRST[origin.kind], origin.on, origin.source, -1 if origin.record is None else origin.record


def _worth(field: str, candidate: Candidate, times: Counter[str]) -> tuple[Any, ...]:
    origin = candidate.origin
    return (
        _FIRST[origin.kind],
        origin.on,
        completeness(field, candidate.value),
        times[sameness(field, candidate.value)],
        origin.source,
        -1 if origin.record is None else origin.record,
        type(candidate.value).__name__,
        repr(candidate.value),
    )


def unite(field: str, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """All the values of a field that holds several, each once with its best origin, the best first.

    A candidate's value may be one value or a collection of them.
    """
    single = [
        Candidate(value, candidate.origin)
        for candidate in candidates
        for value in _values(candidate.value)
        if not is_empty(value)
    ]
    times = Counter(sameness(field, candidate.value) for candidate in single)
    ordered = sorted(single, key=lambda candidate: _worth(field, candidate, times), reverse=True)
    united: dict[str, Candidate] = {}
    for candidate in ordered:
        united.setdefault(sameness(field, candidate.value), candidate)
    return tuple(united.values())


def _values(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple, set, frozenset)) else (value,)


def compose(records: Sequence[Record], *, multiple: frozenset[str] = MULTIPLE) -> Golden:
    """One record out of several: each field chosen, or united when it holds several values.

    Fields about which nobody says anything are left out. The origin of a united field is that of its first value.
    """
    proposed: dict[str, list[Candidate]] = {}
    for record in records:
        for field, value in record.values.items():
            proposed.setdefault(field, []).append(Candidate(value, record.origin))
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    contradictions: dict[str, tuple[Candidate, ...]] = {}
    for field in sorted(proposed):
        if field in multiple:
            united = unite(field, proposed[field])
            if united:
                values[field], origins[field] = [each.value for each in united], united[0].origin
            continue
        choice = choose(field, proposed[field])
        if choice.origin is not None:
            values[field], origins[field] = choice.value, choice.origin
        if choice.contradictions:
            contradictions[field] = choice.contradictions
    return Golden(values, origins, contradictions)
