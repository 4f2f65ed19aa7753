"""Files attached to exchanges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

from reciproque.foundation import files as store
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.relations import policies
from reciproque.relations.models import Interaction, InteractionFile
from reciproque.relations.services import common

MEGA = 1024 * 1024


def attach(row: Interaction, files: Sequence[File[bytes]]) -> None:
    """Keep files with an exchange, the same content once. Raises ValidationError for one that may not be kept, or too many."""
    if not files:
        return
    if len(files) + row.files.count() > common.MOST_FILES:
        raise ValidationError({"files": _("Dix fichiers au plus par échange.")})
    for file in files:
        if not store.may_keep(file.name or "", file.size):
            raise ValidationError({"files": _refused(file)})
    kept = [
        InteractionFile(interaction=row, name=_named(file), size=file.size, digest=store.keep(file.read()))
        for file in files
    ]
    InteractionFile.objects.bulk_create(kept, ignore_conflicts=True)


def _refused(file: File[bytes]) -> str:
    if file.size > store.LARGEST:
        return _("« %(name)s » est trop gros : %(most)s Mo au plus.") % {
            "name": _named(file),
            "most": store.LARGEST // MEGA,
        }
    return _("« %(name)s » n’est pas d’un format qui se joint : document, tableau, image, courriel ou archive.") % {
        "name": _named(file)
    }


def _named(file: File[bytes]) -> str:
    return common.line(PurePath(file.name or "").name)[-200:] or "fichier"


@operation("relations.detach_file")
def detach_file(*, actor: Actor, file: InteractionFile) -> None:
    """Take a file away from an exchange that one may edit; who did it stays in history."""
    row = common.locked(Interaction, file.interaction_id, None)
    policies.interactions.require(actor, "edit", row)
    InteractionFile.objects.filter(pk=file.pk, interaction=row).delete()
