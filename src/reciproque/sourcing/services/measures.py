"""Measures of quality that come from elsewhere: those an establishment kept before, in another tool."""

from collections.abc import Sequence

from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.sourcing.models import QualityDay
from reciproque.sourcing.services.zones import DECIDERS


@operation("sourcing.keep_measures")
def keep_measures(*, actor: Actor, measures: Sequence[QualityDay]) -> int:
    """Keep past measures; those of days that are already measured are left as they are. Returns how many days of units there are now."""
    require_role(actor, *DECIDERS)
    QualityDay.objects.bulk_create(measures, ignore_conflicts=True, batch_size=1000)
    return QualityDay.objects.count()
