"""The life of an import, in one table."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.lifecycle import Lifecycle, Transition, states
from reciproque.sourcing.models import Import, SourceRecord

S = Import.State


def unmapped(run: Import) -> list[Any]:
    """A row becomes a partner by a name or an identifier: one of them must be mapped."""
    from reciproque.engines.intake import Mapping  # noqa: PLC0415

    if run.mapping and Mapping.from_json(run.mapping).usable:
        return []
    return [
        _("Dites quelle colonne porte le nom, le SIRET ou le SIREN : sans cela, aucune ligne ne peut être reconnue.")
    ]


def unchecked(run: Import) -> list[Any]:
    """Nothing is written while rows remain to be checked: the account would not be whole."""
    if SourceRecord.objects.filter(import_run=run, state=SourceRecord.State.STAGED).exists():
        return [_("Le contrôle n’est pas terminé : reprenez-le d’abord.")]
    return []


def too_late(run: Import) -> list[Any]:
    """An import can be undone for thirty days."""
    if run.undoable_until and timezone.now() > run.undoable_until:
        return [_("Le délai de 30 jours est passé : corrigez les fiches une à une.")]
    return []


importing = Lifecycle(
    S,
    Transition("check", _("Contrôler"), states(S.UPLOADED, S.CHECKED, S.FAILED, S.STOPPED), S.CHECKING, unmapped),
    Transition("checked", _("Contrôle terminé"), states(S.CHECKING), S.CHECKED),
    Transition("run", _("Importer"), states(S.CHECKED, S.STOPPED, S.DONE, S.FAILED), S.RUNNING, unchecked),
    Transition("stop", _("Arrêter"), states(S.RUNNING, S.CHECKING), S.STOPPED),
    Transition("finish", _("Terminer"), states(S.RUNNING), S.DONE),
    Transition("undo", _("Annuler l’import"), states(S.DONE, S.STOPPED, S.FAILED), S.UNDOING, too_late),
    Transition("undone", _("Annulation terminée"), states(S.UNDOING), S.UNDONE),
    Transition("fail", _("Échouer"), states(S.CHECKING, S.RUNNING, S.UNDOING), S.FAILED),
)
