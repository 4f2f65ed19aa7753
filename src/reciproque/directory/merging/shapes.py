"""How the fields of partners, sites and people are brought together, and how their values are read and written."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from reciproque.directory.models import Merge, Partner, Person, Sharing, Site
from reciproque.engines.merging import Shape

KINDS: Mapping[str, type[models.Model]] = {
    Merge.Kind.PARTNER: Partner,
    Merge.Kind.SITE: Site,
    Merge.Kind.PERSON: Person,
}
BESIDE = frozenset({"readers", "head"})
"""Values of a record that other tables hold."""
SHARED = ("sharing", "unit", "readers")
STRICTER = {"sharing": (Sharing.NETWORK, Sharing.UNIT, Sharing.RESTRICTED)}
SHAPES: Mapping[str, Shape] = {
    Merge.Kind.PARTNER: Shape(
        blocks=(
            ("name",), ("usual_name",), ("acronym",), ("former_names",), ("kind",), ("siren",), ("rna",), ("vat",), ("foreign_id",),
            ("country",), ("legal_category",), ("naf",), ("naf2025",), ("headcount_band", "headcount_year"), ("size_category",),
            ("parent",), ("register_state", "diffusion", "register_checked_on"), ("web",), ("email",), ("phone",), ("languages",),
            ("tags",), ("description",), ("referent",), ("head",), SHARED,
        ),
        lists=frozenset({"former_names", "languages", "tags"}),
        texts=frozenset({"description"}),
        aliases={"name": "former_names", "usual_name": "former_names", "acronym": "former_names"},
        stricter=STRICTER,
    ),
    Merge.Kind.SITE: Shape(
        blocks=(
            ("name",), ("siret",), ("uai",),
            (
                "address", "address_complement", "postcode", "city", "cedex", "city_code", "department", "country", "latitude",
                "longitude",
            ),
            ("phone",), ("email",), ("state",),
        ),
    ),
    Merge.Kind.PERSON: Shape(
        blocks=(
            ("last_name", "first_name"), ("civility",), ("email",), ("other_emails",), ("phone",), ("mobile",), ("web",), ("languages",),
            ("tags",), ("description",), ("channel",), ("do_not_contact", "refusal", "refused_on"),
            ("source", "collected_on", "informed_on"), SHARED,
        ),
        lists=frozenset({"other_emails", "languages", "tags"}),
        texts=frozenset({"description"}),
        aliases={"email": "other_emails"},
        stricter={"do_not_contact": (False, True), **STRICTER},
    ),
}  # fmt: skip
IDENTIFIERS = {"partner": ("siren", "rna"), "site": ("siret",), "person": ()}
"""What two records of the directory may not both bear: an absorbed record lends it to the one that absorbed it."""


def everything(kind: str) -> models.Manager[Any]:
    """All the records of a kind, absorbed ones too."""
    return KINDS[kind]._base_manager  # noqa: SLF001 -- Django's own


def kind_of(record: models.Model) -> str:
    """The kind of a record."""
    return next(kind for kind, model in KINDS.items() if isinstance(record, model))


def values_of(kind: str, record: Any) -> dict[str, Any]:
    """What a record says, as plain values that JSON keeps."""
    found: dict[str, Any] = {}
    for name in SHAPES[kind].fields:
        if name == "readers":
            found[name] = sorted(record.readers.values_list("pk", flat=True))
            continue
        if name == "head":
            found[name] = Site.objects.filter(partner=record, is_head=True).values_list("pk", flat=True).first()
            continue
        value = getattr(record, record._meta.get_field(name).attname)  # noqa: SLF001
        found[name] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


def set_values(record: Any, values: Mapping[str, Any]) -> bool:
    """Write these values on a record, in memory; returns whether one of them changed. Those kept beside it are written by `set_beside`."""
    changed = False
    for name, value in values.items():
        if name in BESIDE:
            continue
        column = record._meta.get_field(name)  # noqa: SLF001
        new = column.to_python(value) if value is not None and not column.is_relation else value
        if getattr(record, column.attname) != new:
            setattr(record, column.attname, new)
            changed = True
    return changed


def set_beside(record: Any, values: Mapping[str, Any]) -> None:
    """Write the values kept in other tables: who may read the record, which of its places is its head."""
    if "readers" in values:
        wanted = values["readers"] or []
        if sorted(record.readers.values_list("pk", flat=True)) != sorted(wanted):
            record.readers.set(wanted)
    if "head" in values and record.merged_into_id is None:
        set_head(record, values["head"])


def set_head(partner: Partner, wanted: int | None) -> None:
    """Make a place the head of its partner; the first one when that place is elsewhere: a partner with places has a head."""
    places = Site.objects.filter(partner=partner).order_by("pk")
    here = set(places.values_list("pk", flat=True))
    head = wanted if wanted in here else min(here, default=None)
    places.filter(is_head=True).exclude(pk=head or 0).update(is_head=False)
    places.filter(pk=head or 0, is_head=False).update(is_head=True)
