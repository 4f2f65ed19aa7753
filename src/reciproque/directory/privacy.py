"""What this module holds about people, why and for how long."""

from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import (
    Merge,
    MergeBase,
    MergeRow,
    Partner,
    PartnerUnit,
    Person,
    Position,
    SearchEntry,
    SearchWord,
    Site,
)
from reciproque.foundation.personal import declare

TECHNICAL = ("origins", "version", "created_at", "updated_at")

declare(
    Person,
    purpose=_("joindre les interlocuteurs des partenaires et se souvenir de la relation"),
    basis="RGPD art. 6-1-e",
    retention=_("trois ans après le dernier contact, puis anonymisation"),
    source=_("la personne elle-même, les agents, les fichiers importés"),
    fields=(
        "civility", "first_name", "last_name", "email", "other_emails", "phone", "mobile", "web", "languages", "tags",
        "description", "channel", "do_not_contact", "refusal", "refused_on", "source", "collected_on", "informed_on",
        "name_key", "email_key", "readers",
    ),
    other=("unit", "sharing", "archived_at", "merged_into", *TECHNICAL),
)  # fmt: skip
declare(
    Position,
    purpose=_("savoir qui fait quoi chez un partenaire"),
    basis="RGPD art. 6-1-e",
    retention=_("autant que la fiche de la personne"),
    source=_("la personne elle-même, les agents, les fichiers importés"),
    fields=("person", "partner", "site", "title", "service", "started_on", "ended_on"),
    other=TECHNICAL,
)
declare(
    Partner,
    purpose=_("connaître les organisations ; celles d’une seule personne (indépendants) en portent le nom"),
    basis="RGPD art. 6-1-e",
    retention=_("autant que la relation, puis archivage"),
    source=_("le registre SIRENE, les agents, les fichiers importés"),
    fields=("name", "usual_name", "label", "name_key", "former_names", "email", "phone", "referent", "readers", "description"),
    other=(
        "acronym", "kind", "country", "siren", "rna", "vat", "foreign_id", "legal_category", "naf", "naf2025",
        "headcount_band", "headcount_year", "size_category", "parent", "register_state", "diffusion",
        "register_checked_on", "web", "languages", "tags", "postcode", "city", "department", "city_key", "unit",
        "sharing", "archived_at", "merged_into", *TECHNICAL,
    ),
)  # fmt: skip
declare(
    PartnerUnit,
    purpose=_("savoir quelle entité, et quel collègue, suit un partenaire"),
    basis="RGPD art. 6-1-e",
    retention=_("autant que la fiche du partenaire"),
    source=_("les agents"),
    fields=("referent",),
    other=("partner", "unit", "status", "since"),
)
declare(
    SearchEntry,
    purpose=_("retrouver un partenaire ou une personne par ce que l’on tape"),
    basis="RGPD art. 6-1-e",
    retention=_("autant que la fiche ; l’index est refait à partir d’elle"),
    source=_("les fiches elles-mêmes"),
    fields=("person", "key", "document"),
    other=("partner", "rank"),
)
declare(
    Site,
    purpose=_("situer les partenaires ; l’adresse d’un indépendant peut être la sienne"),
    basis="RGPD art. 6-1-e",
    retention=_("autant que la fiche du partenaire"),
    source=_("le registre SIRENE, les agents, les fichiers importés"),
    fields=("name", "address", "address_complement", "phone", "email", "latitude", "longitude"),
    other=(
        "partner", "siret", "uai", "is_head", "postcode", "city", "cedex", "city_code", "department", "country", "state",
        "merged_into", *TECHNICAL,
    ),
)  # fmt: skip
declare(
    SearchWord,
    purpose=_("comprendre un mot mal tapé ; parmi les mots connus se trouvent des noms"),
    basis="RGPD art. 6-1-e",
    retention=_("jusqu’à la prochaine reconstruction de l’index"),
    source=_("les fiches elles-mêmes"),
    fields=("word",),
    other=("partners", "people"),
)
for model, kept, beside in (
    (
        Merge,
        ("user", "undone_by", "choices"),
        ("kind", "kept_id", "absorbed_id", "at", "entailed_by", "archived_at", "was_head", "undone_at"),
    ),
    (MergeBase, ("own", "computed", "origins"), ("kind", "record_id", "pinned")),
    (MergeRow, ("row", "given"), ("model", "row_id", "home", "shown", "holders", "twin")),
):
    declare(
        model,
        purpose=_("séparer exactement, plus tard, des fiches réunies à tort"),
        basis="RGPD art. 6-1-e",
        retention=_("autant que les fiches réunies"),
        source=_("les fiches elles-mêmes"),
        fields=kept,
        other=beside,
    )  # fmt: skip
