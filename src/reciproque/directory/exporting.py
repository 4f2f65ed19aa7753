"""The whole directory as tables: every partner or person that the actor may view, by chunks, for files going out."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from reciproque.directory import policies
from reciproque.directory.models import Position
from reciproque.institution.access import Actor

CHUNK = 2000
PARTNER_COLUMNS = (
    "name", "usual_name", "acronym", "kind", "siren", "rna", "vat", "naf", "legal_category", "headcount_band", "postcode", "city",
    "department", "web", "email", "phone",
)  # fmt: skip
PERSON_COLUMNS = ("civility", "first_name", "last_name", "email", "phone", "mobile")


def table(actor: Actor, what: str) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and rows of `partners` or `people`; headings are those that imports recognise."""
    if what == "partners":
        headers = [
            _("Raison sociale"), _("Nom d’usage"), _("Sigle"), _("Nature"), "SIREN", "RNA", _("TVA"), "NAF", _("Catégorie juridique"),
            _("Effectif"), _("Code postal"), _("Ville"), _("Département"), _("Site web"), _("Courriel"), _("Téléphone"), _("Étiquettes"),
        ]  # fmt: skip
        return headers, _partners(actor)
    headers = [
        _("Civilité"), _("Prénom"), _("Nom"), _("Courriel"), _("Téléphone"), _("Mobile"), _("Fonction"), _("Raison sociale"), "SIREN",
    ]  # fmt: skip
    return headers, _people(actor)


def _partners(actor: Actor) -> Iterator[list[Any]]:
    rows = policies.partners.allowed(actor, "view").filter(archived_at=None).order_by("pk")
    for row in rows.values_list(*PARTNER_COLUMNS, "tags").iterator(chunk_size=CHUNK):
        yield [*row[:-1], ", ".join(row[-1])]


def _people(actor: Actor) -> Iterator[list[Any]]:
    people = policies.people.allowed(actor, "view").filter(archived_at=None)
    partners = policies.partners.allowed(actor, "view")
    held = Position.objects.current().filter(person__in=people, partner__in=partners).order_by("person_id", "pk")
    columns = [f"person__{name}" for name in PERSON_COLUMNS]
    for row in held.values_list(*columns, "title", "partner__label", "partner__siren").iterator(chunk_size=CHUNK):
        yield list(row)
