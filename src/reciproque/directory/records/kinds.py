"""The two kinds of records that have a page: what differs between them, so that their views are written once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from reciproque.directory import policies, services
from reciproque.directory.models import Partner, Person
from reciproque.institution.access import Policy


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `groups` are the lines of its identity, `shown_only` those that no one edits by hand."""

    name: str
    word: Any
    model: type[models.Model]
    policy: Policy[Any]
    edit: Callable[..., Any]
    archive: Callable[..., Any]
    unarchive: Callable[..., Any]
    groups: tuple[tuple[Any, tuple[str, ...]], ...]
    shown_only: frozenset[str]
    created_with: tuple[str, ...]
    created_folded: frozenset[str]
    refresh_page: frozenset[str]

    @property
    def fields(self) -> list[str]:
        """The fields one may edit, in the order of the page."""
        return [field for _title, fields in self.groups for field in fields if field not in self.shown_only]

    @property
    def names(self) -> dict[str, str]:
        """The names of its addresses, for templates."""
        pages = (
            "edit",
            "field",
            "release",
            "restore",
            "archive",
            "unarchive",
            "tags",
            "sharing",
            "merge_choose",
            "known",
            "create",
            "list",
        )
        return {"page": self.url(), **{page: self.url(page) for page in pages}}

    def url(self, page: str = "") -> str:
        """The name of one of its addresses."""
        return f"directory:{self.name}_{page}" if page else f"directory:{self.name}"


def _edit_partner(*, record: Partner, **rest: Any) -> Partner:
    return services.edit_partner(partner=record, **rest)


def _edit_person(*, record: Person, **rest: Any) -> Person:
    return services.edit_person(person=record, **rest)


PARTNER = Kind(
    name="partner",
    word=_("partenaire"),
    model=Partner,
    policy=policies.partners,
    edit=_edit_partner,
    archive=lambda record, **rest: services.archive_partner(partner=record, **rest),
    unarchive=lambda record, **rest: services.unarchive_partner(partner=record, **rest),
    groups=(
        (_("Identité"), ("name", "usual_name", "acronym", "former_names", "kind")),
        (_("Contact"), ("web", "email", "phone", "languages")),
        (
            _("Activité"),
            ("naf", "naf2025", "legal_category", "headcount_band", "headcount_year", "size_category"),
        ),
        (_("Identifiants"), ("siren", "rna", "vat", "foreign_id", "country", "register_state", "register_checked_on")),
        (_("Présentation"), ("description",)),
    ),
    shown_only=frozenset({"register_state", "register_checked_on"}),
    created_with=("name", "siren", "kind", "usual_name", "rna", "phone", "email", "web"),
    created_folded=frozenset({"usual_name", "rna", "phone", "email", "web", "address"}),
    refresh_page=frozenset({"name", "usual_name", "kind"}),
)
PERSON = Kind(
    name="person",
    word=_("personne"),
    model=Person,
    policy=policies.people,
    edit=_edit_person,
    archive=lambda record, **rest: services.archive_person(person=record, **rest),
    unarchive=lambda record, **rest: services.unarchive_person(person=record, **rest),
    groups=(
        (_("Identité"), ("civility", "first_name", "last_name")),
        (_("Contact"), ("email", "other_emails", "phone", "mobile", "web", "languages")),
        (_("Remarques"), ("description",)),
        (_("Données personnelles"), ("source", "collected_on", "informed_on")),
    ),
    shown_only=frozenset(),
    created_with=("civility", "first_name", "last_name", "email", "phone", "mobile", "source", "web"),
    created_folded=frozenset({"civility", "web"}),
    refresh_page=frozenset({"civility", "first_name", "last_name", "collected_on", "informed_on"}),
)
