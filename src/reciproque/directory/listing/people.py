"""The list of people: what it shows, sorts and filters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproque.directory import policies
from reciproque.directory.listing import cells, options
from reciproque.directory.models import PartnerUnit, Person, Position, Sharing
from reciproque.directory.search.restricting import containing, narrowing
from reciproque.engines.identifiers import format_phone
from reciproque.foundation.database.kept import kept, ready
from reciproque.foundation.listing.columns import Catalogue, Column, Sort
from reciproque.foundation.listing.filters import Choice, Day, Flag, Words
from reciproque.foundation.listing.listing import Listing, Told
from reciproque.foundation.listing.narrowing import Narrowing, among
from reciproque.foundation.listing.paging import in_order
from reciproque.foundation.listing.state import State
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.institution.reads import units as every_unit

PAGE = "directory.people"
BY_NAME = ("name_key", "pk")
HEAVY = ("origins", "description", "other_emails", "languages")


@dataclass(slots=True)
class Extra:
    """What the cells need besides the people: their current positions in partners the actor may know, units by number."""

    positions: dict[int, list[Position]] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)


def load(actor: Actor, rows: Sequence[Person]) -> Extra:
    """Two queries whatever the number of rows."""
    extra = Extra(units=every_unit(actor))
    for position in _positions(actor, people=[row.pk for row in rows]) if rows else ():
        extra.positions.setdefault(position.person_id, []).append(position)
    return extra


@ready
def _positions(actor: Actor, *, people: list[int]) -> QuerySet[Position]:
    known = policies.partners.allowed(actor, "notice").order_by()
    found = Position.objects.current().filter(person__among=people, partner__in=known)
    return found.select_related("partner").order_by("person", "-started_on", "pk")


def of_partners_tied(values: Sequence[str], listing: Any) -> Narrowing:
    """Working for a partner tied with these units."""
    units = options.numbers(values, listing)
    tied = PartnerUnit.objects.filter(unit__in=units).values("partner")
    return among(Position.objects.current().filter(partner__in=tied), "person_id")


def titles(row: Person, extra: Extra) -> str:
    """The current functions."""
    return ", ".join(job.title for job in extra.positions.get(row.pk, ()) if job.title)


def archived(_listing: Any) -> Narrowing:
    """Those put away; the list otherwise leaves them out."""
    return Narrowing.of(Q(archived_at__isnull=False, merged_into=None))


COLUMNS = (
    Column(
        "name",
        _("Nom"),
        lambda row, _extra: f"{row.last_name} {row.first_name}".strip(),
        cells.person_name,
        Sort(BY_NAME),
        edits="last_name",
        shown=True,
        heading=True,
    ),
    Column("title", _("Fonction"), titles, look="rq-truncate", shown=True),
    Column(
        "partner",
        _("Partenaire"),
        lambda row, extra: ", ".join(job.partner.label for job in extra.positions.get(row.pk, ())),
        cells.employers,
        look="rq-truncate",
        shown=True,
    ),
    Column("email", _("Courriel"), lambda row, _extra: row.email, cells.mail, edits="email", shown=True),
    Column(
        "phone",
        _("Téléphone"),
        lambda row, _extra: format_phone(row.mobile or row.phone).replace("\u00a0", " "),
        lambda row, _extra: format_phone(row.mobile or row.phone),
        look="rq-num",
        shown=True,
    ),
    Column("tags", _("Étiquettes"), lambda row, _extra: ", ".join(row.tags), cells.tags, shown=True),
    Column(
        "updated",
        _("Modifiée"),
        lambda row, _extra: localdate(row.updated_at),
        lambda row, _extra: cells.moment(row.updated_at),
        Sort(("updated_at", "pk"), newest_first=True),
        shown=True,
    ),
    Column("first_name", _("Prénom"), lambda row, _extra: row.first_name, edits="first_name"),
    Column("last_name", _("Nom de famille"), lambda row, _extra: row.last_name, edits="last_name"),
    Column("civility", _("Civilité"), lambda row, _extra: row.civility, edits="civility"),
    Column(
        "do_not_contact",
        _("À ne pas contacter"),
        lambda row, _extra: str(_("oui")) if row.do_not_contact else "",
    ),
    Column("channel", _("Canal préféré"), lambda row, _extra: str(row.get_channel_display())),
    Column("owner", _("Apportée par"), lambda row, extra: str(extra.units.get(row.unit_id, ""))),
    Column("sharing", _("Partage"), lambda row, _extra: str(row.get_sharing_display()), cells.sharing),
    Column("informed", _("Informée le"), lambda row, _extra: row.informed_on),
    Column(
        "created",
        _("Créée"),
        lambda row, _extra: localdate(row.created_at),
        lambda row, _extra: cells.moment(row.created_at),
        Sort(("created_at", "pk"), newest_first=True),
    ),
)
WHO, RECORD = _("Concertation"), _("Fiche")
FILTERS = (
    Choice("unit", _("Partenaire lié à l’entité"), WHO, among=options.units, links=of_partners_tied),
    Choice(
        "tags", _("Étiquettes"), WHO, among=options.tags, where=options.holding_tags, optional=True, empty=Q(tags=[])
    ),
    Flag("do_not_contact", _("À ne pas contacter"), WHO, where=Q(do_not_contact=True)),
    Words("name", _("Nom"), RECORD, field="last_name", folded="name_key", containing=partial(containing, Person)),
    Words("email", _("Courriel"), RECORD, field="email_key", exact_only=True),
    Flag("informed", _("Informée (RGPD)"), RECORD, where=Q(informed_on__isnull=False)),
    Choice("sharing", _("Partage"), RECORD, field="sharing", among=options.choices(Sharing.choices)),
    Choice(
        "owner",
        _("Apportée par"),
        RECORD,
        among=options.units,
        links=lambda v, asks: Narrowing.of(Q(unit__in=options.numbers(v, asks))),
    ),
    Day("collected", _("Collectée"), RECORD, field="collected_on", moment=False),
    Day("created", _("Créée"), RECORD, field="created_at"),
    Day("updated", _("Modifiée"), RECORD, field="updated_at"),
    Flag("archived", _("Archivée"), RECORD, links=archived),
)
CATALOGUE = Catalogue(PAGE, COLUMNS, FILTERS, order="name", load=load)


@ready
def _numbered(actor: Actor, *, ids: list[int]) -> QuerySet[Person]:
    return policies.people.allowed(actor, "view").defer(*HEAVY).filter(archived_at=None, pk__among=ids).order_by()


@kept
def _first(actor: Actor, order: str, descending: bool, most: int) -> QuerySet[Person]:  # noqa: FBT001 -- part of the shape
    rows = policies.people.allowed(actor, "view").defer(*HEAVY).filter(archived_at=None)
    return in_order(rows, CATALOGUE.sorts[order][1], descending=descending)[:most]


def listing(actor: Actor, state: State, size: int = 50) -> Listing:
    """The people that the actor may read, as the state asks; archived ones only when asked for."""
    base = policies.people.allowed(actor, "view").defer(*HEAVY)

    def search(text: str) -> Narrowing:
        return narrowing(Person, text)

    if state.filter_on("archived"):
        return Listing(state, actor, base, search, size=size)
    told = Told(numbered=lambda ids: _numbered(actor, ids=ids), first=partial(_first, actor))
    return Listing(state, actor, base, search, always=Narrowing.of(Q(archived_at=None)), size=size, told=told)
