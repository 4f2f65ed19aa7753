"""The catalogue of what a column may be: its group, how its cells are read, whether two columns may share it."""

import re
from dataclasses import dataclass
from typing import Literal

Group = Literal["partner", "site", "person", "meta"]
Reader = Literal[
    "text", "lines", "siren", "siret", "rna", "uai", "vat", "phone", "email", "url", "postcode", "naf", "country",
    "department", "year", "date", "list", "full_name", "civility", "raw",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One target. `code` is the key in the draft's dictionaries; `repeatable` targets take several columns."""

    code: str
    group: Group
    reader: Reader = "text"
    repeatable: bool = False

    @property
    def path(self) -> str:
        """The name used in mappings: `partner.name`; persons are numbered there: `person1.email`."""
        return f"{self.group}.{self.code}"


CATALOGUE = (
    Field("name", "partner"),
    Field("name_complement", "partner", repeatable=True),
    Field("usual_name", "partner"),
    Field("acronym", "partner"),
    Field("siren", "partner", "siren"),
    Field("rna", "partner", "rna"),
    Field("vat", "partner", "vat"),
    Field("foreign_id", "partner", "raw"),
    Field("country", "partner", "country"),
    Field("kind", "partner"),
    Field("legal_category", "partner"),
    Field("naf", "partner", "naf"),
    Field("naf2025", "partner", "naf"),
    Field("headcount_band", "partner"),
    Field("parent_group", "partner"),
    Field("web", "partner", "url"),
    Field("email", "partner", "email"),
    Field("phone", "partner", "phone"),
    Field("tags", "partner", "list", repeatable=True),
    Field("notes", "partner", "lines", repeatable=True),
    Field("siret", "site", "siret"),
    Field("uai", "site", "uai"),
    Field("site_name", "site"),
    Field("address", "site", "lines"),
    Field("address_complement", "site", repeatable=True),
    Field("postcode", "site", "postcode"),
    Field("city", "site"),
    Field("city_code", "site", "raw"),
    Field("department", "site", "department"),
    Field("cedex", "site"),
    Field("site_phone", "site", "phone"),
    Field("last_name", "person"),
    Field("first_name", "person"),
    Field("full_name", "person", "full_name"),
    Field("civility", "person", "civility"),
    Field("role", "person"),
    Field("email", "person", "email"),
    Field("phone", "person", "phone"),
    Field("mobile", "person", "phone"),
    Field("linkedin", "person", "url"),
    Field("year", "meta", "year"),
    Field("date", "meta", "date"),
    Field("external_id", "meta", "raw"),
    Field("unit_code", "meta", "raw"),
    Field("keep", "meta", "raw", repeatable=True),
    Field("ignore", "meta", "raw", repeatable=True),
)
FIELDS: dict[str, Field] = {field.path: field for field in CATALOGUE}
"""By path; persons under `person.…`. `meta.keep` stays readable in the source record, `meta.ignore` is not shown either."""

_PERSON = re.compile(r"person(\d{1,2})\.(\w+)")


def field_of(path: str) -> Field | None:
    """The field of a mapping's path (`person2.email` → the e-mail of a person), None when there is none."""
    match = _PERSON.fullmatch(path)
    if match:
        return FIELDS.get(f"person.{match[2]}")
    return None if path.startswith("person.") else FIELDS.get(path)


def person_number(path: str) -> int:
    """2 for `person2.email`, 0 when the path is not a person's."""
    match = _PERSON.fullmatch(path)
    return int(match[1]) if match else 0
