"""Partners: created, edited, shared, archived."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from reciproque.directory import policies, search
from reciproque.directory.models import Partner, Person, Position, Sharing
from reciproque.directory.services import common, sites
from reciproque.engines.identifiers import vat_of_siren
from reciproque.foundation.errors import DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User

EDITABLE = frozenset(
    {
        "name", "usual_name", "acronym", "former_names", "kind", "country", "siren", "rna", "vat", "foreign_id",
        "legal_category", "naf", "naf2025", "headcount_band", "headcount_year", "size_category", "parent",
        "web", "email", "phone", "languages", "tags", "description", "referent",
    }
)  # fmt: skip
CREATED_WITH = EDITABLE | {"sharing"}
NAMES = frozenset({"name", "usual_name", "acronym"})


@operation("directory.create_partner")
def create_partner(*, actor: Actor, name: str, unit: Unit | None = None, **fields: Any) -> Partner:
    """Add a partner, with its head site when an address, a town or a SIRET is given.

    The SIREN is taken from the SIRET, the VAT number from the SIREN. Raises AlreadyKnown, ValidationError, Forbidden.
    """
    place = {field: fields.pop(field) for field in sorted(sites.EDITABLE - CREATED_WITH) if field in fields}
    common.only(CREATED_WITH, fields)
    common.check_unit(actor, unit)
    siret = common.read("siret", place.get("siret", ""))
    values = _completed(common.read_all({"name": name, **fields}), siret[:9])
    partner = Partner(unit=unit)
    common.check_unknown(actor, partner=None, siren=values.get("siren", ""), rna=values.get("rna", ""))
    common.write(partner, values, actor)
    common.insert(partner)
    policies.partners.require(actor, "record", partner)
    if any(place.values()):
        country = {"country": partner.country} if "country" not in place else {}
        sites.add_site(actor=actor, partner=partner, is_head=True, **place, **country)
        partner.refresh_from_db()
    search.refresh(partner_ids=[partner.pk])
    return partner


def _completed(values: dict[str, Any], siren: str = "") -> dict[str, Any]:
    if siren and not values.get("siren"):
        values["siren"] = siren
    if values.get("siren") and not values.get("vat"):
        values["vat"] = vat_of_siren(values["siren"])
    return values


@operation("directory.edit_partner")
def edit_partner(*, actor: Actor, partner: Partner, version: int | None, **changes: Any) -> Partner:
    """Change what is known of a partner. Each value is signed as typed by hand.

    Raises Conflict when `version` is no longer the current one, AlreadyKnown, ValidationError, Forbidden.
    """
    common.only(EDITABLE, changes)
    row = common.locked(partner, version, changes)
    policies.partners.require(actor, "edit", row)
    values = common.read_all(changes, country=row.country)
    if values.get("siren") and not row.vat and "vat" not in values:
        values["vat"] = vat_of_siren(values["siren"])
    _check_siren(row, values.get("siren", row.siren))
    common.check_unknown(actor, partner=row, siren=values.get("siren", ""), rna=values.get("rna", ""))
    if parent := values.get("parent"):
        _check_parent(actor, row, parent)
    was = row.referent_id
    if changed := common.write(row, values, actor):
        common.keep(row, changed)
        _refresh(row, named=bool(NAMES.intersection(changed)))
    common.tell_referents(actor, [(row.pk, 0, was, row.referent_id)])
    return row


def _check_siren(row: Partner, siren: str) -> None:
    """The sites' SIRET begin with the SIREN of their partner."""
    if not siren or siren == row.siren:
        return
    if other := row.sites.exclude(siret="").exclude(siret__startswith=siren).first():
        said = _("L’établissement %(siret)s n’a pas ce SIREN : corrigez son SIRET d’abord.") % {"siret": other.siret}
        raise ValidationError({"siren": said})


def _check_parent(actor: Actor, row: Partner, parent: Partner) -> None:
    """A group is another partner, that one may read, and not one of its own subsidiaries."""
    policies.partners.require(actor, "view", parent)
    above: Partner | None = parent
    for _step in range(20):
        if above is None:
            return
        if above.pk == row.pk:
            raise ValidationError({"parent": _("Un partenaire ne peut pas être dans son propre groupe.")})
        above = above.parent
    raise ValidationError({"parent": _("Cette chaîne de groupes est trop longue : vérifiez-la.")})


def _refresh(row: Partner, *, named: bool) -> None:
    """Write the search entry anew, and those of the people who work there when the name changed."""
    working = Position.objects.current().filter(partner=row).values_list("person_id", flat=True)
    search.refresh(partner_ids=[row.pk], person_ids=list(working) if named else [])


@operation("directory.set_referent")
def set_referent(*, actor: Actor, partner: Partner, version: int | None, referent: User | None) -> Partner:
    """Name the colleague who answers for a partner before the whole establishment, or nobody."""
    return edit_partner(actor=actor, partner=partner, version=version, referent=referent)


@operation("directory.set_sharing")
def set_sharing(
    *,
    actor: Actor,
    record: Partner | Person,
    version: int | None,
    sharing: str,
    unit: Unit | None = None,
    readers: Iterable[User] = (),
) -> Partner | Person:
    """Say who may read a partner or a person. The actor keeps reading it: one does not shut oneself out."""
    policy = policies.partners if isinstance(record, Partner) else policies.people
    row = common.locked(record, version, {"sharing": sharing, "unit": unit})
    policy.require(actor, "edit", row)
    if unit != row.unit:
        common.check_unit(actor, unit)
    named = list(readers)
    if sharing == Sharing.UNIT and unit is None:
        raise ValidationError({"unit": _("Dites à quelle entité la fiche est partagée.")})
    if sharing == Sharing.RESTRICTED and actor.user_id not in {user.pk for user in named}:
        raise DomainError(_("Gardez-vous parmi les personnes autorisées, sinon vous ne pourriez plus ouvrir la fiche."))
    common.write(row, {"sharing": sharing, "unit": unit}, actor)
    common.keep(row)
    row.readers.set(named)
    policy.require(actor, "view", row)
    _refresh_shared(row)
    return row


def _refresh_shared(row: Partner | Person) -> None:
    """What others' entries may say of this record has changed with its sharing."""
    ids = list(row.positions.filter(ended_on=None).values_list("person_id", "partner_id"))
    if isinstance(row, Partner):
        search.refresh(partner_ids=[row.pk], person_ids=[person for person, _partner in ids])
    else:
        search.refresh(partner_ids=[partner for _person, partner in ids], person_ids=[row.pk])


@operation("directory.archive_partner")
def archive_partner(*, actor: Actor, partner: Partner, version: int | None = None) -> Partner:
    """Put a partner away: it leaves the lists and keeps its history. For the managers of its unit and data stewards."""
    row = common.locked(partner, version, {})
    policies.partners.require(actor, "archive", row)
    if row.archived_at is None:
        row.archived_at = now()
        common.keep(row)
        search.refresh(partner_ids=[row.pk])
    return row


@operation("directory.unarchive_partner")
def unarchive_partner(*, actor: Actor, partner: Partner) -> Partner:
    """Bring an archived partner back."""
    row = common.locked(partner, None, {})
    policies.partners.require(actor, "archive", row)
    if row.archived_at is not None:
        row.archived_at = None
        common.keep(row)
        search.refresh(partner_ids=[row.pk])
    return row
