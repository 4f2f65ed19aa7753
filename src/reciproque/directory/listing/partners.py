"""The list of partners: what it shows, sorts and filters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproque.directory import policies, reference
from reciproque.directory.listing import cells, options
from reciproque.directory.listing.together import together
from reciproque.directory.models import Partner, PartnerUnit, Sharing
from reciproque.directory.search.restricting import containing, narrowing
from reciproque.engines.identifiers import format_phone, format_siren
from reciproque.foundation.database.kept import kept, ready
from reciproque.foundation.listing.columns import Catalogue, Column, Sort
from reciproque.foundation.listing.filters import Choice, Day, Flag, Sought, Words
from reciproque.foundation.listing.listing import Listing, Told
from reciproque.foundation.listing.narrowing import Narrowing, among
from reciproque.foundation.listing.paging import in_order
from reciproque.foundation.listing.state import State
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.institution.reads import units as every_unit

PAGE = "directory.partners"
BY_NAME = ("name_key", "pk")
HEAVY = ("origins", "description", "former_names", "languages")
# What the columns shown unless one chooses read of a partner.
USUAL = (
    "kind", "name", "usual_name", "label", "city", "sharing", "referent", "unit", "naf", "headcount_band", "tags", "updated_at",
)  # fmt: skip


@dataclass(slots=True)
class Extra:
    """What the cells need besides the partners: ties by partner, colleagues and units by number."""

    ties: dict[int, list[PartnerUnit]] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)


@ready
def _ties(actor: Actor, *, partners: list[int]) -> QuerySet[PartnerUnit]:
    return policies.ties.allowed(actor, "view").select_related(None).filter(partner__among=partners).order_by()


@ready
def _users(*, ids: set[int]) -> QuerySet[User]:
    return User.objects.only("first_name", "last_name", "username").filter(pk__among=ids).order_by()


def load(actor: Actor, rows: Sequence[Partner]) -> Extra:
    """Three queries whatever the number of rows; the units are few and shared by the ties."""
    extra = Extra(units=every_unit(actor))
    found = _ties(actor, partners=[row.pk for row in rows]) if rows else []
    referents = {row.referent_id for row in rows if row.referent_id}
    extra.users = {user.pk: user for user in _users(ids=referents)} if referents else {}
    for tie in sorted(found, key=lambda tie: extra.units[tie.unit_id].tree_key):
        tie.unit = extra.units[tie.unit_id]
        extra.ties.setdefault(tie.partner_id, []).append(tie)
    return extra


def tied(values: Sequence[str], listing: Any) -> Narrowing:
    """Tied with these units or one below them."""
    return among(PartnerUnit.objects.filter(unit__in=_below(options.numbers(values, listing))), "partner_id")


def tied_so(values: Sequence[str], listing: Any) -> Narrowing:
    """A tie of that status, with the units asked for when there are some."""
    links = PartnerUnit.objects.filter(status__in=list(values))
    asked = listing.state.filter_on("unit")
    if asked and asked.operator == "est":
        links = links.filter(unit__in=_below(options.numbers(asked.values, listing)))
    return among(links, "partner_id")


def _below(units: Sequence[int]) -> list[int]:
    paths = list(Unit.objects.filter(pk__in=units).values_list("path", flat=True))
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return list(Unit.objects.filter(condition).values_list("pk", flat=True))


def carried_by(values: Sequence[str], listing: Any) -> Narrowing:
    """Whose referent, for the establishment or for a unit, is one of these people."""
    people = options.colleagues_meant(values, listing)
    own = Narrowing.of(Q(referent__in=people))
    by_unit = among(PartnerUnit.objects.filter(referent__in=people), "partner_id")
    return Narrowing(own.rows | by_unit.rows, own.plain | by_unit.plain)


def archived(_listing: Any) -> Narrowing:
    """Those put away; the list otherwise leaves them out."""
    return Narrowing.of(Q(archived_at__isnull=False, merged_into=None))


COLUMNS = (
    Column(
        "name",
        _("Partenaire"),
        lambda row, _extra: row.label,
        cells.partner_name,
        Sort(BY_NAME),
        edits="usual_name",
        shown=True,
        heading=True,
    ),
    Column(
        "units",
        _("Entités"),
        lambda row, extra: ", ".join(str(t.unit) for t in extra.ties.get(row.pk, ())),
        cells.ties,
        shown=True,
    ),
    Column(
        "referent",
        _("Référent"),
        lambda row, extra: str(cells.referent(row, extra)),
        cells.referent,
        edits="referent",
        look="rq-truncate",
        shown=True,
    ),
    Column(
        "naf",
        _("Secteur"),
        lambda row, _extra: reference.naf_label(row.naf) or row.naf,
        cells.activity,
        Sort(("naf", *BY_NAME)),
        edits="naf",
        look="rq-truncate",
        shown=True,
    ),
    Column(
        "headcount",
        _("Effectif"),
        lambda row, _extra: reference.headcount_label(row.headcount_band),
        None,
        Sort(("headcount_band", *BY_NAME)),
        edits="headcount_band",
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
    Column(
        "kind",
        _("Nature"),
        lambda row, _extra: str(row.get_kind_display()),
        None,
        Sort(("kind", *BY_NAME)),
        edits="kind",
    ),
    Column("city", _("Ville"), lambda row, _extra: row.city, None, Sort(("city_key", *BY_NAME))),
    Column("postcode", _("Code postal"), lambda row, _extra: row.postcode),
    Column(
        "department",
        _("Département"),
        lambda row, _extra: reference.department_label(row.department),
        None,
        Sort(("department", *BY_NAME)),
    ),
    Column(
        "siren",
        _("SIREN"),
        lambda row, _extra: row.siren,
        lambda row, _extra: format_siren(row.siren),
        edits="siren",
        look="rq-num",
    ),
    Column("rna", _("RNA"), lambda row, _extra: row.rna, None, edits="rna", look="rq-num"),
    Column(
        "legal",
        _("Catégorie juridique"),
        lambda row, _extra: reference.legal_label(row.legal_category),
        None,
        edits="legal_category",
        look="rq-truncate",
    ),
    Column("size", _("Taille"), lambda row, _extra: str(row.get_size_category_display()), None, edits="size_category"),
    Column("email", _("Courriel"), lambda row, _extra: row.email, cells.mail, edits="email"),
    Column(
        "phone",
        _("Téléphone"),
        lambda row, _extra: format_phone(row.phone).replace("\u00a0", " "),
        lambda row, _extra: format_phone(row.phone),
        edits="phone",
        look="rq-num",
    ),
    Column("web", _("Site web"), lambda row, _extra: row.web, None, edits="web", look="rq-truncate"),
    Column("owner", _("Apportée par"), lambda row, extra: str(extra.units.get(row.unit_id, ""))),
    Column("sharing", _("Partage"), lambda row, _extra: str(row.get_sharing_display()), cells.sharing),
    Column(
        "created",
        _("Créée"),
        lambda row, _extra: localdate(row.created_at),
        lambda row, _extra: cells.moment(row.created_at),
        Sort(("created_at", "pk"), newest_first=True),
    ),
)
WHO, WHERE, WHAT, RECORD = _("Concertation"), _("Lieu"), _("Activité"), _("Fiche")
FILTERS = (
    Choice("unit", _("Entité"), WHO, among=options.units, links=tied),
    Choice("status", _("Statut du lien"), WHO, among=options.choices(PartnerUnit.Status.choices), links=tied_so),
    Sought(
        "referent",
        _("Référent"),
        WHO,
        picker=options.colleague_picker,
        said=options.colleagues_said,
        links=carried_by,
        optional=True,
        empty=Q(referent=None),
    ),
    Choice(
        "tags", _("Étiquettes"), WHO, among=options.tags, where=options.holding_tags, optional=True, empty=Q(tags=[])
    ),
    Words("city", _("Ville"), WHERE, field="city", folded="city_key", inside=False),
    Choice("department", _("Département"), WHERE, field="department", among=options.departments, optional=True),
    Choice("region", _("Région"), WHERE, among=options.regions, where=options.in_regions),
    Choice("kind", _("Nature"), WHAT, field="kind", among=options.choices(Partner.Kind.choices)),
    Choice("section", _("Section d’activité"), WHAT, among=options.sections, where=options.in_sections),
    Choice("division", _("Division d’activité"), WHAT, among=options.divisions, where=options.in_divisions),
    Choice("naf", _("Code NAF"), WHAT, field="naf", among=options.activities, optional=True),
    Choice("headcount", _("Effectif"), WHAT, field="headcount_band", among=options.headcounts, optional=True),
    Choice(
        "size", _("Taille"), WHAT, field="size_category", among=options.choices(Partner.Size.choices), optional=True
    ),
    Choice(
        "legal", _("Catégorie juridique"), WHAT, field="legal_category", among=options.legal_categories, optional=True
    ),
    Words("name", _("Nom"), RECORD, field="label", folded="name_key", containing=partial(containing, Partner)),
    Words("siren", _("SIREN"), RECORD, field="siren", exact_only=True),
    Flag("email", _("A un courriel"), RECORD, where=~Q(email="")),
    Choice("sharing", _("Partage"), RECORD, field="sharing", among=options.choices(Sharing.choices)),
    Choice(
        "owner",
        _("Apportée par"),
        RECORD,
        among=options.units,
        where=lambda v: Q(unit__in=_below([int(x) for x in v if x.isdecimal() and len(x) < 19])),
    ),
    Day("created", _("Créée"), RECORD, field="created_at"),
    Day("updated", _("Modifiée"), RECORD, field="updated_at"),
    Flag("archived", _("Archivée"), RECORD, links=archived),
)
CATALOGUE = Catalogue(PAGE, COLUMNS, FILTERS, order="name", load=load)


def _standing(actor: Actor, order: str, *, lean: bool) -> QuerySet[Partner]:
    rows = policies.partners.allowed(actor, "view").filter(archived_at=None)
    return rows.only(*USUAL, *CATALOGUE.sorts[order][1].fields) if lean else rows.defer(*HEAVY)


@ready
def _numbered(actor: Actor, order: str, lean: bool, *, ids: list[int]) -> QuerySet[Partner]:  # noqa: FBT001 -- part of the shape
    return _standing(actor, order, lean=lean).filter(pk__among=ids).order_by()


@kept
def _first(actor: Actor, lean: bool, order: str, descending: bool, most: int) -> QuerySet[Partner]:  # noqa: FBT001
    rows = _standing(actor, order, lean=lean)
    return in_order(rows, CATALOGUE.sorts[order][1], descending=descending)[:most]


def listing(actor: Actor, state: State, size: int = 50) -> Listing:
    """The partners that the actor may read, as the state asks; archived ones only when asked for."""
    base = policies.partners.allowed(actor, "view").defer(*HEAVY)

    def search(text: str) -> Narrowing:
        return narrowing(Partner, text)

    if state.filter_on("archived"):
        return Listing(state, actor, base, search, size=size)
    lean, order = state.columns == CATALOGUE.default, state.order_key
    told = Told(numbered=lambda ids: _numbered(actor, order, lean, ids=ids), first=partial(_first, actor, lean))
    return Listing(
        state,
        actor,
        base,
        search,
        always=Narrowing.of(Q(archived_at=None)),
        size=size,
        told=told,
        together=partial(together, units=_below),
    )
