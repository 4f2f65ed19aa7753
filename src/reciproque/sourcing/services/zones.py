"""The establishment's thresholds: read, previewed, changed; the pairs follow at once."""

from django.db import IntegrityError
from django.utils.translation import gettext as _

from reciproque.foundation.errors import Conflict, DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.institution.models import Role
from reciproque.sourcing.models import MatchingSettings
from reciproque.sourcing.models.zones import ONLY
from reciproque.sourcing.pipeline import weighing

DECIDERS = (Role.DATA_STEWARD, Role.ADMINISTRATOR)
FIELDS = ("merges_alone", "automatic", "review", "most", "checked")


@operation("sourcing.set_zones")
def set_zones(*, actor: Actor, version: int | None = None, **wanted: float | bool) -> tuple[MatchingSettings, int]:
    """Change the thresholds and sort every waiting pair anew; returns the settings and how many pairs changed zone.

    `version` is the one that was read: an older one is refused (Conflict). Raises DomainError for thresholds out of order.
    """
    require_role(actor, *DECIDERS)
    try:
        MatchingSettings.objects.get_or_create(pk=ONLY)
    except IntegrityError as error:  # pragma: no cover -- two first times at once
        raise Conflict(_("Quelqu’un vient de changer ces réglages : relisez-les.")) from error
    held = MatchingSettings.objects.select_for_update().get(pk=ONLY)
    if version is not None and held.version != version:
        raise Conflict(_("Quelqu’un vient de changer ces réglages : relisez-les."), pk=held.pk)
    for name in FIELDS:
        setattr(held, name, wanted.get(name, getattr(held, name)))
    if not held.review < held.automatic:
        raise DomainError(_("Le seuil de revue doit être plus bas que celui des réunions automatiques."))
    held.version += 1
    held.changed_by_id = actor.user_id
    held.full_clean()
    held.save()
    weighing.withhold()
    return held, weighing.sort(held)
