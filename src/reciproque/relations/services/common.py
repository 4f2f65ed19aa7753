"""What every operation of this module does: hold the partner still, read what was typed, refuse a stale version, tell the pulse."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, Person, Sharing
from reciproque.directory.services import steady
from reciproque.engines.identifiers import clean_text
from reciproque.foundation.errors import Conflict, DomainError, Forbidden
from reciproque.institution.access import Actor
from reciproque.institution.models import User

M = TypeVar("M", bound=models.Model)
LONGEST = 20_000
MOST_FILES = 10


def hold(partner: Partner) -> None:
    """Take the partner as it stands until the end of the transaction. Raises DomainError when another answers for it now."""
    steady()
    if Partner.objects.filter(pk=partner.pk, merged_into__isnull=False).exists():
        raise DomainError(_("Cette fiche vient d’être réunie à une autre : écrivez sur celle qui reste."))


def line(text: str) -> str:
    """One line of text, as it is kept."""
    return clean_text(text)


def prose(text: str) -> str:
    """Several lines of text, as they are kept. Raises ValidationError past 20,000 characters."""
    kept = clean_text(text, lines=True)
    if len(kept) > LONGEST:
        raise ValidationError({"text": _("Ce texte est trop long : 20 000 caractères au plus.")})
    return kept


def check(instance: models.Model, *, exclude: Iterable[str] = ()) -> None:
    """Raise ValidationError, field by field, when the row may not be."""
    instance.full_clean(exclude={"author", *exclude}, validate_unique=False, validate_constraints=True)


def locked(model: type[M], pk: int, version: int | None) -> M:
    """The row, held until the end of the transaction. Raises Conflict when it is no longer the version that was read."""
    row: Any = model._default_manager.select_for_update(of=("self",)).get(pk=pk)  # noqa: SLF001
    if version is not None and row.version != version:
        said = _("Quelqu’un a modifié cette fiche entre-temps : relisez-la, puis recommencez.")
        raise Conflict(said, version=row.version)
    return row  # type: ignore[no-any-return]


def give(row: Any, changes: Mapping[str, Any], allowed: Iterable[str]) -> list[str]:
    """Set what changed, and say what did. Raises TypeError for a field that may not be."""
    if unknown := set(changes) - set(allowed):
        raise TypeError(f"Not editable: {sorted(unknown)}")
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    if changed:
        row.version += 1
    return changed


def known_people(actor: Actor, people: Iterable[Person]) -> list[Person]:
    """People that the actor may read, each once. Raises Forbidden when one is not."""
    found = list({person.pk: person for person in people}.values())
    ids = [person.pk for person in found]
    if found and directory.people.allowed(actor, "view").filter(pk__in=ids).count() != len(ids):
        raise Forbidden(_("Vous n’avez pas ce droit."))
    return found


def check_readers(actor: Actor, sharing: str, readers: Iterable[User]) -> list[User]:
    """Who may read something restricted: those named, and its author. Nobody is named otherwise."""
    named = list({user.pk: user for user in readers}.values())
    if sharing != Sharing.RESTRICTED:
        return []
    if actor.user_id is None and not named:
        raise ValidationError({"readers": _("Nommez au moins une personne.")})
    return named


def readers_after(actor: Actor, sharing: str, readers: Iterable[User] | None, *, was: str) -> list[User] | None:
    """The readers of a record after a change, None when they stay: those let in to what a unit shares keep their access."""
    if sharing == was == Sharing.UNIT or (sharing == was == Sharing.RESTRICTED and readers is None):
        return None
    return check_readers(actor, sharing, readers or ())


def link(model: type[models.Model], owner: str, pk: int, name: str, wanted: Iterable[Any], **also: Any) -> bool:
    """Make the rows that tie a record to these ones, and only those; says whether anything changed."""
    rows: Any = model._default_manager.filter(**{owner: pk}, **also)  # noqa: SLF001
    held = {getattr(row, f"{name}_id"): row for row in rows}
    ids = list(dict.fromkeys(one.pk for one in wanted))
    gone = [row.pk for key, row in held.items() if key not in ids]
    fresh = [model(**{f"{owner}_id": pk, f"{name}_id": key}, **also) for key in ids if key not in held]
    if gone:
        rows.filter(pk__in=gone).delete()
    if fresh:
        model._default_manager.bulk_create(fresh)  # noqa: SLF001
    return bool(gone or fresh)


def link_people(
    actor: Actor, model: type[models.Model], owner: str, pk: int, people: Iterable[Person], **also: Any
) -> bool:
    """`link` for people outside: those whom the actor may not read, whom no form showed them, stay. Raises Forbidden."""
    wanted = known_people(actor, people)
    held: Any = model._default_manager.filter(**{owner: pk}, **also)  # noqa: SLF001
    kept = Person.objects.filter(pk__in=held.filter(person__isnull=False).values("person"))
    unseen = kept.exclude(pk__in=directory.people.allowed(actor, "view").order_by().values("pk"))
    return link(model, owner, pk, "person", [*wanted, *unseen], **also)
