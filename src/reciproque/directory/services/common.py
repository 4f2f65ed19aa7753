"""What every operation on a record does: read what was typed, refuse a stale version, sign each value by hand."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory import policies
from reciproque.directory.merging import moving
from reciproque.directory.merging.shapes import everything, kind_of
from reciproque.directory.models import Partner, Site
from reciproque.directory.models.common import Golden
from reciproque.directory.wording import sentence
from reciproque.engines.identifiers import (
    Reading,
    clean_text,
    fold,
    read_country,
    read_email,
    read_naf,
    read_phone,
    read_postcode,
    read_rna,
    read_siren,
    read_siret,
    read_uai,
    read_url,
    read_vat,
)
from reciproque.foundation.errors import Conflict, DomainError, Forbidden
from reciproque.foundation.events import announce
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit

G = TypeVar("G", bound=Golden)
ANNOUNCED = 500
"""Changes told in one job."""

READERS: dict[str, Callable[[str], Reading]] = {
    "siren": read_siren,
    "siret": read_siret,
    "rna": read_rna,
    "vat": read_vat,
    "uai": read_uai,
    "naf": read_naf,
    "phone": read_phone,
    "mobile": read_phone,
    "email": read_email,
    "web": read_url,
    "country": read_country,
}
SILENT = frozenset({"null_word", "spreadsheet_error"})
LISTS = frozenset({"former_names", "other_emails", "languages", "tags"})
PAST = frozenset({"collected_on", "informed_on", "refused_on"})
"""Days of what has been done: never after today."""
UNSIGNED = frozenset({"unit", "sharing", "archived_at", "is_head", "person", "partner"})


class AlreadyKnown(DomainError):
    """Another record holds this identifier. `details["partner_id"]` is its number when the actor may know of it."""

    code, status = "already_known", 409


def read(field: str, value: Any, *, country: str = "FR") -> Any:
    """The value to keep for what was typed in a field. Raises ValidationError, with a sentence, when nothing can be."""
    if field in LISTS:
        return _several(field, value or [])
    if not isinstance(value, str):
        if field in PAST and value and value > localdate():
            raise ValidationError({field: _("Ce jour est à venir : choisissez un jour passé ou aujourd’hui.")})
        return value
    if field == "description":
        return clean_text(value, lines=True)
    if field == "postcode" and country == "FR":
        return _usable(field, read_postcode(value))
    reader = READERS.get(field)
    return _usable(field, reader(value)) if reader else clean_text(value)


def _usable(field: str, reading: Reading) -> str:
    problem = reading.problem
    if problem and not reading.value and problem.code not in SILENT:
        raise ValidationError({field: sentence(problem)}, code=problem.code)
    return reading.value


def _several(field: str, values: Iterable[str]) -> list[str]:
    """The values of a list, cleaned, without repetition (accents and case aside), in the order given."""
    found: dict[str, str] = {}
    for value in values:
        text = _usable(field, read_email(value)) if field == "other_emails" else clean_text(value)
        if text:
            found.setdefault(fold(text), text)
    return list(found.values())


def read_all(values: Mapping[str, Any], *, country: str = "FR") -> dict[str, Any]:
    """Every value read; all that cannot be kept is said at once."""
    found, wrong = {}, {}
    for field, value in values.items():
        try:
            found[field] = read(field, value, country=str(values.get("country") or country))
        except ValidationError as error:
            wrong.update(error.message_dict)
    if wrong:
        raise ValidationError(wrong)
    return found


def only(fields: Iterable[str], values: Mapping[str, Any]) -> None:
    """Refuse a field that this operation does not write: a fault of ours, not of people."""
    if unknown := set(values) - set(fields):
        raise TypeError(f"Unexpected fields: {', '.join(sorted(unknown))}")


def locked(record: G, version: int | None, submitted: Mapping[str, Any]) -> G:
    """The row as it is now, locked. Raises Conflict when it is no longer the version that was read (None: any)."""
    manager = type(record)._base_manager  # noqa: SLF001 -- Django's own
    row: G = manager.select_for_update(of=("self",)).get(pk=record.pk)
    check_standing(row)
    if version is not None and row.version != version:
        raise Conflict(
            _("Quelqu’un a modifié cette fiche entre-temps : rien n’a été enregistré."),
            current={field: getattr(row, field) for field in submitted if hasattr(row, field)},
            submitted=dict(submitted),
            version=row.version,
            model=row._meta.label_lower,  # noqa: SLF001
            pk=row.pk,
        )
    return row


def check_standing(row: Any) -> None:
    """Refuse to write to a record that another one answers for since it was read."""
    if getattr(row, "merged_into_id", None) is None:
        return
    root = moving.root_of(kind_of(row), row.pk)
    said = _("Cette fiche vient d’être réunie à « %(name)s » : ouvrez celle-ci, puis recommencez.")
    raise DomainError(said % {"name": everything(kind_of(row)).get(pk=root)}, merged_into=root)


def by_hand(actor: Actor) -> dict[str, Any]:
    """The origin of a value typed today by this actor."""
    return {"kind": "hand", "on": localdate().isoformat(), "by": actor.user_id}


def write(row: Golden, values: Mapping[str, Any], actor: Actor) -> list[str]:
    """Set the values that differ and sign each; returns their names. Nothing is saved yet."""
    changed = [field for field, value in values.items() if getattr(row, field) != value]
    for field in changed:
        setattr(row, field, values[field])
        if field not in UNSIGNED:
            row.origins[field] = by_hand(actor)
    return changed


def keep(row: Golden, changed: Iterable[str] | None = None) -> None:
    """Check and save a record already in the table, one version further; the names of what changed save checking the rest again."""
    row.version += 1
    if changed is None:
        row.full_clean()
    else:
        _check(row, frozenset(changed))
    guarded(row)


def _check(row: models.Model, changed: frozenset[str]) -> None:
    """As `full_clean`, for these fields and the constraints that speak of them; the rest was right when it was saved."""
    meta = row._meta  # noqa: SLF001 -- Django's own introspection
    names = {field.name for field in meta.fields}
    row.full_clean(exclude=names - changed, validate_constraints=False)
    told = [named for one in meta.constraints if changed & (named := _named_by(one))]
    if told:
        row.validate_constraints(exclude=names.difference(*told))


def _named_by(constraint: Any) -> set[str]:
    """The fields that a constraint speaks of."""
    condition = getattr(constraint, "condition", None)
    said = {name.removesuffix("_id") for name in condition.referenced_base_fields} if condition else set()
    return said | set(getattr(constraint, "fields", ()))


def insert(row: models.Model) -> None:
    """Check and save a new record."""
    row.full_clean()
    guarded(row)


def guarded(row: models.Model) -> None:
    """Save; what another transaction took in the meantime (an identifier) is told like what was already there."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        row.validate_constraints()
        raise DomainError(
            _("Cette valeur vient d’être prise par une autre fiche : relisez, puis réessayez.")
        ) from error


def check_unknown(actor: Actor, *, partner: Partner | None, siren: str = "", rna: str = "") -> None:
    """Refuse an identifier that another partner holds."""
    others = Partner.objects.exclude(pk__in=[partner.pk] if partner else [])
    for label, field, value in (("SIREN", "siren", siren), ("RNA", "rna", rna)):
        if value and (found := others.filter(**{field: value}).first()):
            _refuse_known(actor, found, label)


def check_siret_unknown(actor: Actor, siret: str, site: Site | None) -> None:
    """Refuse a SIRET that another site holds."""
    others = Site.objects.exclude(pk__in=[site.pk] if site and site.pk else []).select_related("partner")
    if siret and (found := others.filter(siret=siret).first()):
        _refuse_known(actor, found.partner, "SIRET")


def _refuse_known(actor: Actor, partner: Partner, label: str) -> None:
    if policies.partners.permits(actor, "notice", partner):
        said = _("« %(name)s » porte déjà ce %(label)s : ouvrez sa fiche plutôt que d’en créer une autre.")
        raise AlreadyKnown(said % {"name": partner.label, "label": label}, partner_id=partner.pk, field=label.lower())
    said = _("Ce %(label)s est déjà connu, sur une fiche qui ne vous est pas ouverte : demandez à l’équipe qualité.")
    raise AlreadyKnown(said % {"label": label}, partner_id=None, field=label.lower())


def check_unit(actor: Actor, unit: Unit | None) -> None:
    """A record is brought by a unit in which one contributes; those who look after the data may name any."""
    if unit is None or actor.has(Role.DATA_STEWARD) or unit.pk in actor.units(Role.MEMBER):
        return
    raise Forbidden(_("Vous ne contribuez pas à l’entité « %(unit)s » : choisissez une des vôtres.") % {"unit": unit})


def tell_referents(actor: Actor, changes: Iterable[tuple[int, int, int | None, int | None]]) -> None:
    """Announce whose referent changed: (partner, unit or 0, before, now). Nothing is told of what stays."""
    told = [[partner, unit, was or 0, now or 0] for partner, unit, was, now in changes if was != now]
    for start in range(0, len(told), ANNOUNCED):
        announce("directory.referents_changed", changes=told[start : start + ANNOUNCED], by=actor.user_id or 0)
