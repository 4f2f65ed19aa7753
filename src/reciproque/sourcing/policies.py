"""Rights on sources, imports and source records: a unit's own people, and the data stewards for every unit."""

from reciproque.institution.access import Actor, Policy, has_role, in_unit, staff
from reciproque.institution.models import Role
from reciproque.sourcing.models import Import, Source, SourceRecord

IMPORTERS = (Role.MEMBER, Role.DATA_STEWARD)
stewards = has_role(Role.DATA_STEWARD)
theirs = in_unit("unit", Role.MEMBER) | stewards

sources = Policy(Source.objects.select_related("unit").all, view=theirs, edit=theirs)
imports = Policy(
    Import.objects.select_related("source", "unit", "author", "file").all, view=theirs, run=theirs, undo=theirs
)
records = Policy(
    SourceRecord.objects.select_related("source", "unit", "import_run__file").all,
    view=in_unit("unit", Role.READER) | stewards,
    notice=staff,
    decide=theirs,
)


def may_import(actor: Actor) -> bool:
    """Whether there is a unit whose files they may import."""
    return actor.has(*IMPORTERS)
