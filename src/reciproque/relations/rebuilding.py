"""All pulses made anew in bulk: moments read by COPY some thousands of partners at a time, read by the engine with NumPy, written by COPY.

Memory depends on the size of a slice, not on the network. Counts by state and by practice are made from the pulses.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from reciproque.directory.models import Partner
from reciproque.engines import reciprocity as engine
from reciproque.engines.reciprocity import bulk, months_after, months_before
from reciproque.relations import counting, moments, pulses
from reciproque.relations.models import Dispositif, Interaction, StateCount, Target

SLICE = 20_000
"""Partners read at once; a slice of a hundred thousand moments takes some tens of megabytes."""
FACTS = np.dtype(
    [("_fields", ">i2")]
    + [
        pair
        for name, kind in (("partner", ">i8"), ("unit", ">i8"), ("day", ">i4"), ("kind", ">i4"), ("met", ">i4"), ("held", ">i4"),
                           ("joint", ">i4"), ("given", ">f8"), ("received", ">f8"))
        for pair in ((f"_{name}", ">i4"), (name, kind))
    ]
)  # fmt: skip
PAIRS = np.dtype(
    [
        ("_fields", ">i2"),
        ("_partner", ">i4"),
        ("partner", ">i8"),
        ("_unit", ">i4"),
        ("unit", ">i8"),
        ("_who", ">i4"),
        ("who", ">i8"),
    ]
)
READ_FACTS = """COPY (SELECT one.partner_id, one.unit_id, one."on" - date '1970-01-01', kinds.rank, one.met::int, one.held::int,
  (one.collaboration_id IS NOT NULL)::int, one.given, one.received
  FROM relations_moment one JOIN pulse_kinds kinds ON kinds.kind = one.kind
  WHERE one.partner_id >= {low} AND one.partner_id < {high}) TO STDOUT (FORMAT BINARY)"""
READ_PAIRS = """COPY (SELECT one.partner_id, one.unit_id, who FROM relations_moment one, unnest(one.{side}) AS who
  WHERE one.partner_id >= {low} AND one.partner_id < {high} AND one.held AND one."on" > '{since}' AND one."on" <= '{today}')
  TO STDOUT (FORMAT BINARY)"""
WRITTEN = (
    "state", "cadence", "planned", "last_on", "next_on", "lapses_on", "changes_on", "given", "received", "balance", "dispositifs",
    "units", "outside", "inside", "computed_on",
)  # fmt: skip


def rebuild(*, today: dt.date | None = None) -> int:
    """Make every pulse anew from the moments, then the counts; returns how many partners have one. Safe to repeat, and to interrupt."""
    day, done = today or localdate(), 0
    above = pulses.lineages()
    for low, high in _slices():
        with transaction.atomic():
            done += _slice(low, high, day, above)
    counting.count(today=day)
    return done


def remake(*, today: dt.date | None = None) -> int:
    """Make the moments anew from what is written, then every pulse. For an installation that was filled in bulk."""
    moments.of_everything()
    return rebuild(today=today)


def count() -> None:
    """The counts alone, every night."""
    counting.count(today=localdate())


def look_back(*, months: int, today: dt.date) -> None:
    """Count the states at the end of each of the months gone by, as the engine reads them from today's moments and the targets of then."""
    above = pulses.lineages()
    for back in range(1, months + 1):
        month = months_after(today.replace(day=1), -back)
        day, found = months_after(month, 1) - dt.timedelta(days=1), Counter[tuple[int | None, str]]()
        for low, high in _slices():
            with transaction.atomic():
                _look(low, high, day, above, found)
        rows = [StateCount(month=month, unit_id=unit, state=state, partners=n) for (unit, state), n in found.items()]
        with transaction.atomic():
            StateCount.objects.filter(month=month).delete()
            StateCount.objects.bulk_create(rows)


def _look(
    low: int, high: int, day: dt.date, above: Mapping[int, tuple[int, ...]], found: Counter[tuple[int | None, str]]
) -> None:
    """Add up the states of a slice of partners on a day; those put away or restricted never count."""
    with connection.cursor() as cursor:
        rows, sides = _facts(cursor, low, high, day)
        seen = Partner.objects.filter(pk__gte=low, pk__lt=high, archived_at=None).exclude(sharing="restricted")
        open_ones = np.array(sorted(seen.order_by().values_list("pk", flat=True)), dtype=np.int64)
        rows = rows[np.isin(rows["partner"].astype(np.int64), open_ones)]
    targets, nobody = _targets(low, high, day), [side[:0] for side in sides]
    partners = np.unique(rows["partner"].astype(np.int64))
    _tally(found, None, _readings(partners, partners, rows, nobody, targets, day)[1].state)
    keys, wide = _by_unit(rows, above)
    if len(wide):
        unique = np.unique(keys)
        states = _readings(
            unique, unique // UNITS, wide, nobody, targets, day, [keys, *(side["who"] for side in nobody)]
        )[1].state
        for unit in np.unique(unique % UNITS):
            _tally(found, int(unit), states[unique % UNITS == unit])


def _tally(found: Counter[tuple[int | None, str]], unit: int | None, states: Any) -> None:
    for rank, number in zip(*np.unique(states, return_counts=True), strict=True):
        if bulk.STATES[rank].value != "none":
            found[unit, bulk.STATES[rank].value] += int(number)


def _slices() -> Iterator[tuple[int, int]]:
    """Ranges of partners, each with about as many of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM directory_partner")
        first, last = cursor.fetchone()
    for low in range(first or 0, (last or -1) + 1, SLICE):
        yield low, low + SLICE


def _slice(low: int, high: int, day: dt.date, above: Mapping[int, tuple[int, ...]]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "LOCK TABLE relations_pulse IN SHARE ROW EXCLUSIVE MODE"
        )  # writers wait for the end of the slice
        rows, sides = _facts(cursor, low, high, day)
        cursor.execute("DELETE FROM relations_pulse WHERE partner_id >= %s AND partner_id < %s", [low, high])
        cursor.execute("DELETE FROM relations_unitpulse WHERE partner_id >= %s AND partner_id < %s", [low, high])
        partners = np.unique(rows["partner"].astype(np.int64))
        targets = _targets(low, high, day)
        whole = partners, partners, rows, sides
        _write(cursor, "relations_pulse", ("partner_id",), *_readings(*whole, targets, day), day)
        parts = [_by_unit(one, above) for one in (rows, *sides)]
        if len(parts[0][1]):
            keys = np.unique(parts[0][0])
            seen = keys, keys // UNITS, parts[0][1], [part[1] for part in parts[1:]]
            owners = [part[0] for part in parts]
            names = ("partner_id", "unit_id")
            _write(cursor, "relations_unitpulse", names, *_readings(*seen, targets, day, owners), day)
    return len(partners)


def _facts(cursor: Any, low: int, high: int, day: dt.date) -> tuple[Any, list[Any]]:
    """The moments of these partners, and the people of both sides who were there in the last 24 months."""
    kinds = [*Dispositif.objects.values_list("code", flat=True), *Interaction.Kind.values]
    cursor.execute("DROP TABLE IF EXISTS pulse_kinds")
    cursor.execute("CREATE TEMP TABLE pulse_kinds (kind text PRIMARY KEY, rank int) ON COMMIT DROP")
    cursor.execute(
        "INSERT INTO pulse_kinds SELECT kind, row_number() OVER () FROM (SELECT DISTINCT unnest(%s::text[]) kind) one",
        [kinds],
    )
    rows = _read(cursor, READ_FACTS.format(low=low, high=high), FACTS)
    since = {"since": months_before(day, 24), "today": day, "low": low, "high": high}
    sides = [_read(cursor, READ_PAIRS.format(side=side, **since), PAIRS) for side in ("outside", "inside")]
    return rows, sides


UNITS = 1 << 20
"""`partner * UNITS + unit` names a partner seen from a unit."""


def _by_unit(rows: Any, above: Mapping[int, tuple[int, ...]]) -> tuple[Any, Any]:
    """Each row as many times as there are units from which it is seen, with the key of the partner seen from there."""
    keys, found = [np.empty(0, dtype=np.int64)], [rows[:0]]
    units = rows["unit"].astype(np.int64)
    for unit in np.unique(units):
        mine = rows[units == unit]
        for seen in above.get(int(unit), ()):
            keys.append(mine["partner"].astype(np.int64) * UNITS + seen)
            found.append(mine)
    return np.concatenate(keys), np.concatenate(found)


def _readings(
    keys: Any,
    partners: Any,
    rows: Any,
    sides: Any,
    targets: Mapping[int | None, tuple[int, int]],
    day: dt.date,
    owners: Any = None,
) -> tuple[Any, bulk.Readings, list[Any]]:
    """The readings of these keys, and how many dispositifs, units, people and colleagues carry each."""
    owner = owners or [rows["partner"].astype(np.int64), *(side["partner"].astype(np.int64) for side in sides)]
    group = np.searchsorted(keys, owner[0])
    floor, goal = _wanted(partners, targets)
    facts = bulk.Facts(
        group=group, day=rows["day"].astype(np.int64), kind=rows["kind"].astype(np.int64), met=rows["met"] == 1, held=rows["held"] == 1,
        given=rows["given"].astype(float), received=rows["received"].astype(float),
    )  # fmt: skip
    found = bulk.read(facts, floor, goal, today=day)
    now, since = bulk.day_of(day), bulk.day_of(months_before(day, 24))
    lived = facts.held & (facts.day <= now) & (facts.day > since)
    joint = lived & (rows["joint"] == 1)
    widths = [
        _different(group[joint], rows["kind"][joint], len(keys)),
        _different(group[lived], rows["unit"][lived], len(keys)),
    ]
    for side, of in zip(sides, owner[1:], strict=True):
        widths.append(_different(np.searchsorted(keys, of), side["who"], len(keys)))
    return keys, found, widths


def _wanted(partners: Any, targets: Mapping[int | None, tuple[int, int]]) -> tuple[Any, Any]:
    """The floor and the goal of each of these partners."""
    floor, goal = np.full(len(partners), targets[None][0]), np.full(len(partners), targets[None][1])
    own = sorted((partner, *wanted) for partner, wanted in targets.items() if partner is not None)
    if own:
        table = np.array(own, dtype=np.int64)
        place = np.minimum(np.searchsorted(table[:, 0], partners), len(own) - 1)
        raised = table[place, 0] == partners
        floor[raised], goal[raised] = table[place[raised], 1], table[place[raised], 2]
    return floor, goal


def _different(group: Any, values: Any, size: int) -> Any:
    """How many different values each group has."""
    if not len(group):
        return np.zeros(size, dtype=np.int64)
    pairs = np.unique(np.stack([group.astype(np.int64), values.astype(np.int64)]), axis=1)
    return np.bincount(pairs[0], minlength=size)


def _write(
    cursor: Any, table: str, names: tuple[str, ...], keys: Any, found: bulk.Readings, widths: list[Any], day: dt.date
) -> None:
    states = [state.value for state in bulk.STATES]
    dates = [_dates(column) for column in (found.last, found.next, found.lapses, found.changes)]
    balance = [None if one != one else round(one, 6) for one in found.balance.tolist()]  # noqa: PLR0124 -- NaN is not itself
    columns = [
        [states[state] for state in found.state.tolist()], found.number.tolist(), found.planned.tolist(), *dates,
        found.given.round(4).tolist(), found.received.round(4).tolist(), balance, *(width.tolist() for width in widths),
    ]  # fmt: skip
    owners = [keys.tolist()] if len(names) == 1 else [(keys // UNITS).tolist(), (keys % UNITS).tolist()]
    quoted = ", ".join((*names, *WRITTEN))
    with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
        for line in zip(*owners, *columns, strict=True):
            copy.write_row((*line, day))


def _dates(days: Any) -> list[str | None]:
    texts = np.where(days == bulk.NEVER, 0, days).astype("datetime64[D]").astype(str).tolist()
    return [text if known else None for text, known in zip(texts, (days != bulk.NEVER).tolist(), strict=True)]


def _targets(low: int, high: int, day: dt.date) -> dict[int | None, tuple[int, int]]:
    """The targets in force on a day: the establishment's under None, and those of the partners that have their own."""
    these: Any = Q(partner__gte=low, partner__lt=high)
    past = day < localdate()
    rows = pulses.decided(these, on=day) if past else Target.objects.filter(these | Q(partner=None)).order_by()
    found = {row.partner_id: engine.Targets(row.floor, row.goal) for row in rows}
    usual = found.get(None, pulses.USUAL)
    wanted = {pk: pulses.raised(usual, own) for pk, own in found.items()} | {None: usual}
    return {pk: (one.floor, one.goal) for pk, one in wanted.items()}


def _read(cursor: Any, statement: str, shape: Any) -> Any:
    """The rows of a binary COPY whose columns all have one length and are never null."""
    with cursor.copy(statement) as copy:
        content = b"".join(copy)
    return np.frombuffer(content, dtype=shape, offset=19, count=(len(content) - 21) // shape.itemsize)
