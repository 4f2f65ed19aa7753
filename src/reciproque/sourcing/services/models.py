"""Models learnt here: asked for, adopted or refused by somebody, given up for the shipped one."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from reciproque.foundation.errors import DomainError
from reciproque.foundation.jobs import defer
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.sourcing.models import TrainedModel
from reciproque.sourcing.pipeline import likeness
from reciproque.sourcing.services.zones import DECIDERS

S = TrainedModel.State
LOST_AFTER = dt.timedelta(hours=3)
"""An apprenticeship that says nothing for so long has lost its worker for good: another may be asked for."""


@operation("sourcing.ask_for_model")
def ask_for_model(*, actor: Actor) -> TrainedModel:
    """Have the worker learn a model from the installation's own pairs. One at a time."""
    require_role(actor, *DECIDERS)
    running = TrainedModel.objects.select_for_update().filter(state=S.TRAINING).first()
    if running is not None and timezone.now() - running.asked_at < LOST_AFTER:
        return running
    if running is not None:
        training_failed(actor=actor, model_id=running.pk)
    asked = TrainedModel.objects.create(asked_by_id=actor.user_id)
    defer("sourcing.train_model", lock="train-model", model_id=asked.pk)
    return asked


@operation("sourcing.adopt_model")
def adopt_model(*, actor: Actor, model: TrainedModel) -> TrainedModel:
    """Put a model in service, in place of the one before; the whole network is compared again with it."""
    require_role(actor, *DECIDERS)
    held = TrainedModel.objects.select_for_update().get(pk=model.pk)
    if held.state not in {S.CANDIDATE, S.REFUSED, S.RETIRED}:
        raise DomainError(_("Ce modèle ne peut pas être mis en service."))
    if not likeness.path_of(held.code).exists():
        raise DomainError(_("Le fichier de ce modèle n’est plus là : faites-en apprendre un autre."))
    _retire(actor)
    return _decided(actor, held, S.ADOPTED)


@operation("sourcing.refuse_model")
def refuse_model(*, actor: Actor, model: TrainedModel) -> TrainedModel:
    """Set a proposed model aside."""
    require_role(actor, *DECIDERS)
    held = TrainedModel.objects.select_for_update().get(pk=model.pk)
    if held.state != S.CANDIDATE:
        raise DomainError(_("Ce modèle n’est plus à décider."))
    return _decided(actor, held, S.REFUSED)


@operation("sourcing.back_to_shipped")
def back_to_shipped(*, actor: Actor) -> bool:
    """Give up the adopted model: the shipped one judges again. Says whether there was one."""
    require_role(actor, *DECIDERS)
    return _retire(actor)


def _retire(actor: Actor) -> bool:
    held = TrainedModel.objects.select_for_update().filter(state=S.ADOPTED).first()
    if held is None:
        return False
    _decided(actor, held, S.RETIRED)
    return True


def _decided(actor: Actor, model: TrainedModel, state: str) -> TrainedModel:
    model.state, model.decided_at, model.decided_by_id = state, timezone.now(), actor.user_id
    model.save()
    if state != S.REFUSED:
        defer("sourcing.compare_network", queueing_lock="compare-network", lock="automatic-merges")
    return model


@operation("sourcing.trained")
def trained(*, actor: Actor, model: TrainedModel, report: dict[str, Any], code: str) -> TrainedModel:
    """Keep what came of an apprenticeship: a candidate and its report, or what was missing. A same file is proposed once."""
    del actor
    held = TrainedModel.objects.select_for_update().get(pk=model.pk)
    held.report, held.trained_at = report, timezone.now()
    held.state, held.code = (S.CANDIDATE, code) if code else (S.SHORT, "")
    held.save()
    older = TrainedModel.objects.filter(state=S.CANDIDATE).exclude(pk=held.pk)
    if code:
        older.update(state=S.REFUSED, decided_at=timezone.now())
    return held


@operation("sourcing.training_failed")
def training_failed(*, actor: Actor, model_id: int) -> None:
    """Note that an apprenticeship failed; it may be asked for again."""
    del actor
    TrainedModel.objects.filter(pk=model_id, state=S.TRAINING).update(state=S.FAILED, trained_at=timezone.now())


def ask_weekly() -> TrainedModel | None:
    """Every week, a new candidate; not while one waits for a decision."""
    if TrainedModel.objects.filter(state=S.CANDIDATE).exists():
        return None
    return ask_for_model(actor=Actor.system(_("apprentissage de la semaine")))
