"""From one row and a mapping: a partner, its site, its people, and what is wrong with the cells."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reciproque.engines.identifiers import (
    Problem,
    Reading,
    Severity,
    clean_text,
    department_of,
    fold,
    read_country,
    read_email,
    read_naf,
    read_phone,
    read_postcode,
    read_rna,
    read_siren,
    read_siret,
    read_text,
    read_uai,
    read_url,
    read_vat,
)
from reciproque.engines.intake import cells as parts
from reciproque.engines.intake.fields import Reader, field_of, person_number
from reciproque.engines.intake.mapping import Mapping
from reciproque.engines.intake.severity import row_severity

SHARED = re.compile(
    r"(?:contacts?|accueil|infos?|secretariat|mairie|direction|administration|courrier|asso|bureau|agence|service|rh|drh|compta|"
    r"comptabilite|recrutement|commercial|bonjour|hello)\b"
)
PERSONAL = re.compile(r"[a-z]+(?:-[a-z]+)?[._][a-z-]{2,}@")
ROW = -1
"""The column of a problem that is the whole row's."""


class CellProblem(NamedTuple):
    """One thing wrong with one cell, and what to do: `suggestion` is a value to accept in one click, or ""."""

    column: int
    field: str
    code: str
    severity: Severity
    value: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a row says. Empty fields are absent; tags and notes are joined by line feeds.

    Beside the fields of the catalogue: `site.city_key` (folded, Saint for ST), `other_emails` and `other_phones`
    (space-separated) in partner, site and people.
    """

    partner: dict[str, str] = field(default_factory=dict)
    site: dict[str, str] = field(default_factory=dict)
    people: tuple[dict[str, str], ...] = ()
    meta: dict[str, str] = field(default_factory=dict)
    problems: tuple[CellProblem, ...] = ()
    key: str = ""

    @property
    def waits(self) -> bool:
        """Whether the row must wait for a person."""
        return any(problem.severity == "error" for problem in self.problems)


def _lines(text: str) -> Reading:
    reading = read_text(text)
    if "\n" not in text or not reading.value:
        return reading
    return Reading(clean_text(text, lines=True) if reading.problem is None else reading.value, reading.problem)


READERS: dict[Reader, Callable[[str], Reading]] = {
    "text": read_text,
    "raw": read_text,
    "lines": _lines,
    "list": _lines,
    "siren": read_siren,
    "siret": read_siret,
    "rna": read_rna,
    "uai": read_uai,
    "vat": read_vat,
    "phone": read_phone,
    "email": read_email,
    "url": read_url,
    "postcode": read_postcode,
    "naf": read_naf,
    "country": read_country,
    "department": parts.read_department,
    "year": parts.read_year,
    "date": parts.read_date,
    "full_name": read_text,
    "civility": parts.read_civility,
}
CACHED = frozenset({"postcode", "naf", "country", "department", "year", "date", "civility"})
CACHED_CODES = frozenset(
    {"city", "first_name", "last_name", "role", "kind", "legal_category", "headcount_band", "site_name"}
)
CACHE_SIZE = 20_000


class Step(NamedTuple):
    """One mapped column, ready to be read."""

    column: int
    path: str
    group: str
    person: int
    code: str
    kind: Reader
    repeatable: bool
    read: Callable[[str], Reading]


def _remembering(read: Callable[[str], Reading]) -> Callable[[str], Reading]:
    """The same reader for columns whose values repeat; forgets everything when full."""
    known: dict[str, Reading] = {}

    def reader(text: str) -> Reading:
        reading = known.get(text)
        if reading is None:
            if len(known) >= CACHE_SIZE:
                known.clear()
            reading = known[text] = read(text)
        return reading

    return reader


class Drafter:
    """A mapping made ready for many rows."""

    def __init__(self, mapping: Mapping) -> None:
        self._constants = mapping.constants
        self._steps = [
            step
            for column in mapping.columns
            if column.field and (step := _step(column.index, column.field)) and step.code not in {"keep", "ignore"}
        ]
        self._steps.sort(key=lambda step: step.kind != "country")
        self._constant_steps = [(step, value) for path, value in mapping.constants if (step := _step(ROW, path))]

    def draft(self, cells: Sequence[str]) -> Draft:
        """What the row says."""
        work = _Work()
        for step in self._steps:
            if step.column < len(cells):
                text = cells[step.column]
                if text and not text.isspace():
                    work.take(step, text)
        for step, value in self._constant_steps:
            if step.repeatable or step.code not in work.group(step):
                work.take(step, value)
        return work.finished()


def _step(column: int, path: str) -> Step | None:
    found = field_of(path)
    if found is None:
        return None
    read = READERS[found.reader]
    return Step(
        column, path, found.group, person_number(path), found.code, found.reader, found.repeatable,
        _remembering(read) if found.reader in CACHED or found.code in CACHED_CODES else read,
    )  # fmt: skip


class _Work:
    """A row being read."""

    __slots__ = ("meta", "partner", "people", "problems", "site", "where")

    def __init__(self) -> None:
        self.partner: dict[str, str] = {}
        self.site: dict[str, str] = {}
        self.meta: dict[str, str] = {}
        self.people: dict[int, dict[str, str]] = {}
        self.problems: list[CellProblem] = []
        self.where: dict[str, int] = {}

    def group(self, step: Step) -> dict[str, str]:
        if step.person:
            return self.people.setdefault(step.person, {})
        return self.partner if step.group == "partner" else self.site if step.group == "site" else self.meta

    def take(self, step: Step, text: str) -> None:
        kind = step.kind
        if kind in {"siret", "siren"} and text[:1] in "12" and parts.is_nir(text):
            self.problems.append(CellProblem(step.column, step.path, "nir", "warning", ""))
            return
        if kind == "postcode" and self.partner.get("country", "FR") != "FR":
            reading = read_postcode(text, self.partner["country"])
        else:
            reading = step.read(text)
        into = self.group(step)
        if reading.problem is not None:
            self._tell(step, text, reading.problem, into)
        if reading.value:
            self.where[step.path] = step.column
            before = into.get(step.code)
            if before and step.repeatable:
                glue = "\n" if kind in {"list", "lines"} else " "
                into[step.code] = f"{before}{glue}{reading.value}"
            else:
                into[step.code] = reading.value

    def _tell(self, step: Step, text: str, problem: Problem, into: dict[str, str]) -> None:
        detail = problem.detail
        suggestion = detail.get("suggestion") or detail.get("expected") or ""
        if siren := detail.get("siren"):
            if problem.code == "siret_checksum":
                suggestion = siren
            else:
                self.partner.setdefault("siren", siren)
        if problem.code == "siret_in_siren":
            self.site.setdefault("siret", detail["siret"])
        elif problem.code == "email_in_url":
            self.partner.setdefault("email", detail["email"])
        elif problem.code in {"email_several", "phone_several"}:
            into["other_emails" if step.kind == "email" else "other_phones"] = detail["others"]
        elif problem.code == "postcode_cleaned" and "city" in detail:
            self.site.setdefault("city", detail["city"])
        self.problems.append(
            CellProblem(step.column, step.path, problem.code, row_severity(problem), text.strip(), suggestion)
        )

    def finished(self) -> Draft:
        partner, site, meta = self.partner, self.site, self.meta
        if complement := partner.pop("name_complement", ""):
            partner["name"] = f"{partner['name']} {complement}" if "name" in partner else complement
        if partner.get("name", "").isdigit():
            self._numbered_name(partner["name"])
        if siret := site.get("siret"):
            self._reconcile(siret)
        self._place()
        people = tuple(found for number in sorted(self.people) if (found := _person(self.people[number])))
        if not (partner.keys() & _IDENTITY or site.keys() & _SITE_IDENTITY):
            self.problems.append(CellProblem(ROW, "partner.name", "no_identity", "error", ""))
        key = row_key(Draft(partner, site, people, meta))
        people = tuple(found for found in people if _is_somebody(found) or not self._organisations(found))
        return Draft(partner, site, people, meta, tuple(self.problems), key)

    def _organisations(self, nobody: dict[str, str]) -> bool:
        """Give the organisation the address and the telephone that stand beside no name; whether nothing of it is left out."""
        partner = self.partner
        for code in ("email", "phone"):
            others = f"other_{code}s"
            for value in (nobody.get(code, ""), *nobody.get(others, "").split()):
                if value and partner.setdefault(code, value) != value:
                    partner[others] = f"{partner.get(others, '')} {value}".strip()
        return not nobody.keys() & {"mobile", "linkedin"}

    def _numbered_name(self, name: str) -> None:
        """An identifier typed as a name is an identifier; another number is a strange name."""
        for read, into, code in ((read_siret, self.site, "siret"), (read_siren, self.partner, "siren")):
            reading = read(name)
            if reading.value and reading.problem is None and into.setdefault(code, reading.value) == reading.value:
                del self.partner["name"]
                self._mended("partner.name", "identifier_in_name", name)
                return
        if len(name) > 5:
            column = self.where.get("partner.name", ROW)
            self.problems.append(CellProblem(column, "partner.name", "name_is_number", "warning", name))

    def _reconcile(self, siret: str) -> None:
        siren = self.partner.setdefault("siren", siret[:9])
        if siren != siret[:9]:
            column = self.where.get("partner.siren", ROW)
            self.problems.append(CellProblem(column, "partner.siren", "siren_siret_differ", "error", siren, siret[:9]))

    def _place(self) -> None:
        site = self.site
        address = site.get("address", "")
        found = parts.split_address(address) if address and "city" not in site else None
        if found and site.get("postcode", found[1]) == found[1]:
            site["address"], site["postcode"], site["city"] = found
            self._mended("site.address", "address_split", address)
        city = site.get("city", "")
        if city[:1].isdigit() and (found := parts.split_address(f"- {city}")):
            site.setdefault("postcode", found[1])
            city = site["city"] = found[2]
            self._mended("site.city", "postcode_in_city", city)
        if city:
            if "cede" in (lowered := city.lower()) or "cdx" in lowered:
                site["city"], cedex = parts.split_town(city)
                if cedex:
                    site.setdefault("cedex", cedex)
            if key := parts.town_key(site["city"]):
                site["city_key"] = key
        french = "postcode" in site and self.partner.get("country", "FR") == "FR"
        if french and "department" not in site and (department := department_of(site["postcode"])):
            site["department"] = department

    def _mended(self, path: str, code: str, value: str) -> None:
        self.problems.append(CellProblem(self.where.get(path, ROW), path, code, "repaired", value))


_IDENTITY = frozenset({"name", "siren", "rna", "vat", "foreign_id"})
_SITE_IDENTITY = frozenset({"siret", "uai"})
_SOMEBODY = frozenset({"last_name", "first_name", "email", "phone", "mobile", "linkedin"})


def _person(found: dict[str, str]) -> dict[str, str]:
    full = found.pop("full_name", "")
    if full:
        for code, value in parts.split_name(full).items():
            found.setdefault(code, value)
    return found if found.keys() & _SOMEBODY else {}


def _is_somebody(found: dict[str, str]) -> bool:
    """A name; or else an address of their own: « prenom.nom@ », or one that stands beside a function, but « accueil@ »."""
    if {"last_name", "first_name"} & found.keys():
        return True
    email = found.get("email", "")
    return bool(email) and not SHARED.match(email) and bool("role" in found or PERSONAL.match(email))


def draft(cells: Sequence[str], mapping: Mapping) -> Draft:
    """What one row says; for many rows make one `Drafter` and use its `draft`."""
    return Drafter(mapping).draft(cells)


def row_key(found: Draft) -> str:
    """The identity of a row within its source, the same in the next version of the file.

    The source's own number when it gives one, else the SIRET, else name and place; with the year and the first person
    when the row has them, for files with a line a year or a line a person. Two equal rows have the same key: whoever
    stores them adds a rank.
    """
    partner, site, meta = found.partner, found.site, found.meta
    if external := meta.get("external_id"):
        return f"id:{external}"
    if siret := site.get("siret"):
        who = f"siret:{siret}"
    else:
        name = " ".join(
            fold(partner.get("name") or partner.get("siren") or partner.get("rna") or site.get("uai", "")).split()
        )
        who = f"name:{name}|{site.get('postcode', '')}|{site.get('city_key', '')}"
    when = meta.get("year") or meta.get("date", "")
    person = found.people[0] if found.people else {}
    name = " ".join(fold(f"{person.get('last_name', '')} {person.get('first_name', '')}").split())
    whom = name or person.get("email", "")
    return "|".join(part for part in (who, when, whom) if part)
