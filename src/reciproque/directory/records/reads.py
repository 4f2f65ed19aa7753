"""What the pages of one record show, read in a constant number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory import policies
from reciproque.directory.merging.moving import group_of
from reciproque.directory.models import Partner, PartnerUnit, Person, Position, Site
from reciproque.directory.models.people import inform_before
from reciproque.directory.records.kinds import Kind
from reciproque.directory.records.showing import Line, line, origins_of
from reciproque.directory.services.common import check_standing
from reciproque.engines.identifiers import format_phone, format_siret
from reciproque.foundation.database.kept import ready
from reciproque.institution.access import Actor, require_role
from reciproque.institution.models import Membership, Role

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Group:
    """A titled set of lines; the empty ones stand apart, to be folded."""

    title: str
    filled: list[Line]


def find(kind: Kind, actor: Actor, pk: int, action: str = "view") -> Any:
    """The record with what the actor may do to it: `readable`, `editable`, `archivable`. 404 when it may not be known."""
    policy = kind.policy
    record: Any = _known.first(actor, kind.name, action == "notice", pk=pk)
    if record is None:
        raise Http404
    if action != "notice":
        check_standing(record)
    if action != "notice" and not record.readable:
        policy.require(actor, "view", record)
    if (action == "edit" and not record.editable) or (action == "archive" and not record.archivable):
        policy.require(actor, action, record)
    return record


@ready
def _known(actor: Actor, kind: str, counted: bool, *, pk: int) -> QuerySet[Any]:  # noqa: FBT001 -- part of the shape
    policy: Any = policies.partners if kind == "partner" else policies.people
    marked = policy.marked(actor, "notice", readable="view", editable="edit", archivable="archive").filter(pk=pk)
    if kind != "partner":
        return marked.select_related("unit")  # type: ignore[no-any-return]
    marked = marked.select_related("unit", "referent")
    return _counted(actor, marked) if counted else marked  # type: ignore[no-any-return]


def groups(kind: Kind, record: Any) -> tuple[list[Group], list[Line]]:
    """The lines of the identity column, group by group, and the empty ones."""
    (origins,) = origins_of([record])
    found, empty = [], []
    for title, fields in kind.groups:
        lines = [line(record, field, origins) for field in fields]
        found.append(Group(str(title), [one for one in lines if one.value]))
        empty += [one for one in lines if not one.value and one.field not in kind.shown_only]
    return [group for group in found if group.filled], empty


def _counted(actor: Actor, partners: Any) -> Any:
    """Each with `sites_count`, and `people_count`: those at work there that the actor may read."""
    sites = Site.objects.filter(partner=OuterRef("pk")).order_by().values("partner").annotate(n=Count("pk")).values("n")
    people = (
        Position.objects.current()
        .filter(partner=OuterRef("pk"), person__in=_readable_people(actor))
        .order_by()
        .values("partner")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return partners.annotate(
        sites_count=Coalesce(Subquery(sites), Value(0)), people_count=Coalesce(Subquery(people), Value(0))
    )


def _readable_people(actor: Actor) -> Any:
    return policies.people.allowed(actor, "view").filter(archived_at=None).values("pk")


@ready
def _there(actor: Actor, *, partner: Partner) -> QuerySet[Position]:
    rows = Position.objects.filter(partner=partner, person__in=_readable_people(actor))
    return rows.select_related("person", "site")[:SHOWN]


def positions_at(actor: Actor, partner: Partner) -> list[Position]:
    """Who holds or held a function there, among the people that the actor may read; current ones first."""
    found = _there(actor, partner=partner)
    for position in found:
        position.number = format_phone(position.person.mobile or position.person.phone)  # type: ignore[attr-defined]
    return found


def sites_of(partner: Partner) -> list[Site]:
    """The places of a partner, its head first."""
    found = list(partner.sites.all()[:SHOWN])
    for site in found:
        site.siret_shown = format_siret(site.siret)  # type: ignore[attr-defined]
    return found


def positions_of(actor: Actor, person: Person) -> list[Position]:
    """The functions of a person, in the partners that the actor may know of."""
    return _held(actor, person=person)


@ready
def _held(actor: Actor, *, person: Person) -> QuerySet[Position]:
    known = policies.partners.allowed(actor, "notice").values("pk")
    rows = Position.objects.filter(person=person, partner__in=known)
    return rows.select_related("partner", "site")[:SHOWN]


def ties_of(actor: Actor, partner: Partner) -> list[PartnerUnit]:
    """The units tied with a partner, in the order of the tree, each with whether the actor may change it."""
    return _ties(actor, partner=partner)


@ready
def _ties(actor: Actor, *, partner: Partner) -> QuerySet[PartnerUnit]:
    return policies.ties.marked(actor, "view", editable="edit").filter(partner=partner).order_by("unit__tree_key")


@ready
def _around(actor: Actor, *, names: list[int], group: int) -> QuerySet[Partner]:
    around = policies.partners.allowed(actor, "view").filter(Q(parent__among=names) | Q(pk=group))
    return around.filter(archived_at=None).only("label").order_by("name_key", "pk")[: SHOWN + 1]


def family(actor: Actor, partner: Partner) -> dict[str, Any]:
    """The group above and the subsidiaries below, as far as the actor may read them. Two queries.

    Both are told by the number that was given, which another record may answer for by now.
    """
    group, names = group_of(partner.pk, partner.parent_id)
    rows = _around(actor, names=names, group=group or 0)
    above = next((row for row in rows if row.pk == group), None)
    return {"parent": above, "subsidiaries": [row for row in rows if row.pk != group][:SHOWN]}


def to_inform(person: Person) -> dict[str, Any]:
    """Where the duty to inform stands (RGPD art. 14): done, or due one month after the collection."""
    if person.informed_on or not person.collected_on:
        return {"informed_on": person.informed_on, "due": None, "late": False}
    due = inform_before(person.collected_on)
    return {"informed_on": None, "due": due, "late": due < localdate()}


def contacts(record: Any) -> list[dict[str, str]]:
    """Whom to ask about a record whose content is kept: referents, else those who manage the unit that brought it."""
    found = []
    if getattr(record, "referent", None):
        found.append(
            {"name": str(record.referent), "email": record.referent.email, "role": _("référent établissement")}
        )
    if isinstance(record, Partner):
        ties = PartnerUnit.objects.filter(partner=record, referent__isnull=False).select_related("unit", "referent")
        found += [
            {"name": str(tie.referent), "email": tie.referent.email if tie.referent else "", "role": tie.unit.name}
            for tie in ties[:SHOWN]
        ]
    if found or record.unit is None:
        return found
    above = [int(pk) for pk in record.unit.path.strip("/").split("/")]
    managers = Membership.objects.filter(unit__in=above, role=Role.MANAGER, user__is_active=True)
    rows = managers.select_related("user", "unit").order_by("-unit__path", "pk")
    return [{"name": str(row.user), "email": row.user.email, "role": row.unit.name} for row in rows[:3]]


def may_create(actor: Actor) -> None:
    """Refuse the creation page to those who could not save it."""
    require_role(actor, Role.MEMBER, Role.DATA_STEWARD)
