"""The three kinds of records that may be brought together: where they are found, and how they are named on the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reciproque.directory import policies
from reciproque.directory.models import Merge, Partner, Person, Site
from reciproque.institution.access import Actor


@dataclass(frozen=True, slots=True)
class Compared:
    """A kind of record. `found` gives those that the actor may read, each with `mergeable`."""

    kind: str
    title: Any
    found: Callable[[Actor, Sequence[int]], QuerySet[Any]]
    named: Callable[[Any], tuple[str, str]]
    page: Callable[[Any], str]
    address: str


def _partners(actor: Actor, ids: Sequence[int]) -> QuerySet[Any]:
    rows = policies.partners.marked(actor, "view", mergeable="merge").filter(pk__in=ids, merged_into=None)
    return rows.select_related("unit", "referent")


def _people(actor: Actor, ids: Sequence[int]) -> QuerySet[Any]:
    rows = policies.people.marked(actor, "view", mergeable="merge").filter(pk__in=ids, merged_into=None)
    return rows.select_related("unit")


def _sites(actor: Actor, ids: Sequence[int]) -> QuerySet[Any]:
    owners = policies.partners.allowed(actor, "view").values("pk")
    mine = policies.partners.allowed(actor, "merge").values("pk")
    rows = Site.objects.filter(pk__in=ids, partner__in=owners).select_related("partner")
    return rows.annotate(mergeable=Q(partner__in=mine))


def _partner_named(partner: Partner) -> tuple[str, str]:
    return partner.label, " · ".join(filter(None, [partner.city, str(partner.unit or "")]))


def _person_named(person: Person) -> tuple[str, str]:
    jobs = [str(job.partner.label) for job in person.positions.filter(ended_on=None).select_related("partner")[:2]]
    return str(person), ", ".join(jobs) or str(person.unit or "")


def _site_named(site: Site) -> tuple[str, str]:
    return str(site.name or site.address or site.city or "—"), " ".join(filter(None, [site.postcode, site.city]))


PARTNERS = Compared(
    Merge.Kind.PARTNER, _("Réunir des partenaires"), _partners, _partner_named,
    lambda record: reverse("directory:partner", args=[record.pk]), "directory:partner_merge",
)  # fmt: skip
PEOPLE = Compared(
    Merge.Kind.PERSON, _("Réunir des personnes"), _people, _person_named,
    lambda record: reverse("directory:person", args=[record.pk]), "directory:person_merge",
)  # fmt: skip
SITES = Compared(
    Merge.Kind.SITE, _("Réunir des établissements"), _sites, _site_named,
    lambda record: reverse("directory:partner", args=[record.partner_id]) + "?onglet=sites", "directory:site_merge",
)  # fmt: skip
COMPARED = {one.kind: one for one in (PARTNERS, PEOPLE, SITES)}
