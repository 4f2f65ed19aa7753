"""Golden values: what the source records say together, by the rules of survivorship, without touching what a hand has typed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models

from reciproque.directory.models import Partner, Person, Position, Site
from reciproque.directory.reference import commune_of, headcount_bands, legal_categories
from reciproque.engines.identifiers import fold
from reciproque.engines.intake import kind_of_name
from reciproque.engines.survivorship import Candidate, Origin, Record, compose, is_empty
from reciproque.sourcing.models import Import, RecordPerson, Source, SourceRecord

PARTNER_FIELDS = {
    "name": "name", "usual_name": "usual_name", "acronym": "acronym", "siren": "siren", "rna": "rna", "vat": "vat",
    "foreign_id": "foreign_id", "country": "country", "kind": "kind", "legal_category": "legal_category", "naf": "naf",
    "naf2025": "naf2025", "headcount_band": "headcount_band", "web": "web", "email": "email", "phone": "phone",
    "tags": "tags", "notes": "description",
}  # fmt: skip
SITE_FIELDS = {
    "site_name": "name", "siret": "siret", "uai": "uai", "address": "address", "address_complement": "address_complement",
    "postcode": "postcode", "city": "city", "cedex": "cedex", "city_code": "city_code", "department": "department",
    "site_phone": "phone",
}  # fmt: skip
PERSON_FIELDS = {
    "civility": "civility", "first_name": "first_name", "last_name": "last_name", "email": "email", "phone": "phone",
    "mobile": "mobile", "linkedin": "web", "other_emails": "other_emails",
}  # fmt: skip
POSITION_FIELDS = {"role": "title"}
FIELDS: dict[type[models.Model], dict[str, str]] = {
    Partner: PARTNER_FIELDS, Site: SITE_FIELDS, Person: PERSON_FIELDS, Position: POSITION_FIELDS
}  # fmt: skip
SETTLED = {
    model: tuple(sorted({*names.values()} | ({"latitude", "longitude"} if model is Site else set())))
    for model, names in FIELDS.items()
}
GROUPS = {"partner": PARTNER_FIELDS, "site": SITE_FIELDS, "person": PERSON_FIELDS | POSITION_FIELDS}
"""What the columns of a file fill: those of a person tell of their function as well."""
MULTIPLE = frozenset({"tags", "other_emails"})
EARLIEST, LATEST = dt.date.min, dt.date.max
LEGAL_KINDS = (
    ("7331", Partner.Kind.SCHOOL), ("7364", Partner.Kind.HOSPITAL), ("7381", Partner.Kind.CHAMBER), ("7383", Partner.Kind.SCHOOL),
    ("7384", Partner.Kind.SCHOOL), ("5", Partner.Kind.COMPANY), ("6", Partner.Kind.COMPANY), ("92", Partner.Kind.ASSOCIATION),
    ("93", Partner.Kind.FOUNDATION), ("72", Partner.Kind.AUTHORITY), ("73", Partner.Kind.AUTHORITY),
    ("71", Partner.Kind.STATE), ("1", Partner.Kind.SELF_EMPLOYED),
)  # fmt: skip
"""What a legal category makes of an organisation, by the beginning of its code (INSEE); the first that fits wins."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one source record says of one golden record: values by the golden record's own field names."""

    record: int
    source: str
    kind: str
    on: dt.date
    values: dict[str, Any]
    rules: Mapping[str, str]


def said_of(
    record: SourceRecord, source: Source, model: type[models.Model], draft: Mapping[str, Any], rules: Mapping[str, str]
) -> Said:
    """Translate a part of a row's draft into the fields of a golden record, cut to what they hold."""
    names = FIELDS[model]
    values = {names[key]: fitted(model, names[key], value) for key, value in draft.items() if key in names and value}
    if model is Partner:
        values |= {"kind": kind} if (kind := kind_of(values)) else {}
        if not kind:
            values.pop("kind", None)
        if values.get("headcount_band") not in headcount_bands():
            values.pop("headcount_band", None)
        if values.get("legal_category") not in legal_categories():
            values.pop("legal_category", None)
    if model is Site and (place := commune_of(values.get("postcode", ""), values.get("city", ""))):
        values |= {
            "city": place.name,
            "city_code": place.code,
            "department": place.department,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
    return Said(record.pk, source.code, source.kind, record.observed_on, values, rules)


def fitted(model: type[models.Model], field: str, value: Any) -> Any:
    """A value as the field holds it: lists split, texts cut at their length (the source record keeps the whole)."""
    if field == "other_emails":
        return str(value).split()
    if field in MULTIPLE:
        return [part.strip()[:60] for part in str(value).split("\n") if part.strip()]
    limit = _longest(model, field)
    return value[:limit].strip() if limit and isinstance(value, str) else value


@cache
def _longest(model: type[models.Model], field: str) -> int | None:
    return getattr(model._meta.get_field(field), "max_length", None)  # noqa: SLF001


def kind_of(values: Mapping[str, Any]) -> str:
    """The kind of a partner: as the file says, else by its legal category, else by its name; "" when nothing tells."""
    typed = fold(str(values.get("kind", "")))
    for code, label in Partner.Kind.choices if typed else ():
        if typed in (code, fold(str(label))):
            return code
    legal = str(values.get("legal_category", ""))
    for prefix, kind in LEGAL_KINDS:
        if legal.startswith(prefix):
            return kind
    return kind_of_name(str(values.get("name", "")))


def speaking(model: type[models.Model], ids: Iterable[int]) -> dict[int, list[Said]]:
    """What every source record that speaks today says of these golden records. A few queries, whatever their number."""
    wanted = list(ids)
    found: dict[int, list[Said]] = defaultdict(list)
    rules = _Rules()
    rows = (
        SourceRecord.objects.speaking()
        .order_by("pk")
        .only("draft", "observed_on", "source", "import_run", "partner", "site")
    )
    if model in {Person, Position}:
        links = _named(model, wanted)
        spoken = {row.pk: row for row in rows.filter(pk__among={record for _target, record, _rank in links})}
        for target, record, rank in links:
            if record in spoken and rank < len(people := spoken[record].draft.get("people", [])):
                found[target].append(rules.said(spoken[record], model, people[rank], f"person{rank + 1}"))
        return found
    part = "partner" if model is Partner else "site"
    for row in rows.filter(**{f"{part}__among": wanted}):
        found[getattr(row, f"{part}_id")].append(rules.said(row, model, row.draft.get(part, {}), part))
    return found


def _named(model: type[models.Model], ids: list[int]) -> list[tuple[int, int, int]]:
    """(person or function, record, rank) of every row that names them."""
    links = RecordPerson.objects.filter(record__state=SourceRecord.State.APPLIED, record__current=True)
    if model is Person:
        return list(links.filter(person__among=ids).order_by("record").values_list("person_id", "record_id", "rank"))
    spots = {
        (person, partner): pk
        for pk, person, partner in Position.objects.filter(pk__among=ids)
        .order_by()
        .values_list("pk", "person_id", "partner_id")
    }
    people = {person for person, _partner in spots}
    rows = (
        links.filter(person__among=people)
        .order_by("record")
        .values_list("person_id", "record__partner_id", "record_id", "rank")
    )
    return [
        (spots[person, partner], record, rank) for person, partner, record, rank in rows if (person, partner) in spots
    ]


class _Rules:
    """Sources and the rules of imports, each read once."""

    def __init__(self) -> None:
        self._sources = Source.objects.in_bulk()
        self._rules: dict[tuple[int, str], dict[str, str]] = {}

    def said(self, row: SourceRecord, model: type[models.Model], draft: Mapping[str, Any], group: str) -> Said:
        spot = (row.import_run_id, group)
        if spot not in self._rules:
            mapping = Import.objects.values_list("mapping", flat=True).get(pk=row.import_run_id)
            self._rules[spot] = rules_of(mapping, group)
        return said_of(row, self._sources[row.source_id], model, draft, self._rules[spot])


def rules_of(mapping: dict[str, Any] | None, group: str) -> dict[str, str]:
    """The rule chosen for each mapped field of a group (`partner`, `site`, `person1`), by the golden record's own field names."""
    columns = (mapping or {}).get("columns", [])
    prefix = f"{group}."
    chosen = {
        c["field"].removeprefix(prefix): c.get("rule", "fill")
        for c in columns
        if (c.get("field") or "").startswith(prefix)
    }
    names = GROUPS[group.rstrip("0123456789")]
    return {names[key]: rule for key, rule in chosen.items() if key in names}


def settle(record: Any, said: list[Said], *, released: str = "") -> dict[str, Any]:
    """Give a golden record the values its sources agree upon; returns the fields that changed, as they were.

    What a hand typed stays; so does a value that nobody signed (it was there before any source), but for the field just
    released. A field whose only source has gone is emptied. The column rules bend the order: `keep` speaks only when nobody else
    does, `replace` speaks last.
    """
    origins = dict(record.origins)
    values, signatures = _agreed(said, _held(record))
    before: dict[str, Any] = {}
    for field in SETTLED[type(record)] if origins else sorted(values):  # what nobody signed nor says stays as it is
        held, signed = getattr(record, field), origins.get(field)
        if (signed or {}).get("kind") == "hand" or (
            signed is None and field != released and held not in ("", None, []) and not _is_default(record, field)
        ):
            continue
        value = values.get(field)
        if value is None:
            if signed is None:
                continue
            value = _default(record, field)
            origins.pop(field)
        else:
            origins[field] = signatures[field]
        if value != held:
            before[field] = held
            setattr(record, field, value)
    if origins != record.origins:
        before.setdefault("origins", record.origins)
        record.origins = origins
    return before


def _held(record: Any) -> list[Record]:
    """Values that came otherwise than by a row (the register, a takeover) speak beside the rows, with their own origin."""
    found = []
    for field, about in record.origins.items():
        if (
            about.get("kind") in {"register", "source"}
            and about.get("record") is None
            and field in FIELDS[type(record)].values()
        ):
            origin = Origin(about["kind"], about.get("source", ""), None, dt.date.fromisoformat(about["on"]))
            found.append(Record(origin, {field: getattr(record, field)}))
    return found


def _agreed(said: list[Said], held: list[Record]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The values that these rows and what was held agree upon, and the origin of each. One row alone agrees with itself."""
    if len(said) == 1 and not held and not any(isinstance(value, list) for value in said[0].values.values()):
        values = {field: value for field, value in said[0].values.items() if not is_empty(value)}
        signature = _signature(said[0].kind, said[0].source, said[0].record, said[0].on)
        return values, dict.fromkeys(values, signature)
    golden = compose([part for each in said for part in _records(each)] + held, multiple=MULTIPLE)
    days = {each.record: each.on for each in said}
    signatures = {
        field: _signature(origin.kind, origin.source, origin.record, days.get(origin.record or 0, origin.on))
        for field, origin in golden.origins.items()
    }
    return golden.values, signatures


def contradictions(said: list[Said]) -> dict[str, tuple[Candidate, ...]]:
    """The fields on which these rows disagree, each with the values that were not kept."""
    return compose([part for each in said for part in _records(each)], multiple=MULTIPLE).contradictions


def _signature(kind: str, source: str, record: int | None, on: dt.date) -> dict[str, Any]:
    return {
        "kind": "register" if kind == Source.Kind.REGISTER else "source", "source": source, "record": record, "on": on.isoformat()
    }  # fmt: skip


def _default(record: Any, field: str) -> Any:
    return record._meta.get_field(field).get_default()  # noqa: SLF001


def _is_default(record: Any, field: str) -> bool:
    return bool(getattr(record, field) == _default(record, field))


def _records(said: Said) -> list[Record]:
    kind = "register" if said.kind == Source.Kind.REGISTER else "source"
    groups: dict[dt.date, dict[str, Any]] = defaultdict(dict)
    for field, value in said.values.items():
        rule = said.rules.get(field, "fill")
        groups[EARLIEST if rule == "keep" else LATEST if rule == "replace" else said.on][field] = value
    return [Record(Origin(kind, said.source, said.record, on), values) for on, values in groups.items()]  # type: ignore[arg-type]
