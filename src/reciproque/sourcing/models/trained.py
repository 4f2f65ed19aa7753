"""Models learnt from the installation's own pairs: proposed with a report, adopted or refused by somebody."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.institution.models import User


class TrainedModel(models.Model):
    """A model of likeness kept as a file in the data folder. The shipped one has no row: it serves when none is adopted."""

    class State(models.TextChoices):
        TRAINING = "training", _("apprentissage en cours")
        CANDIDATE = "candidate", _("proposé")
        ADOPTED = "adopted", _("en service")
        REFUSED = "refused", _("écarté")
        RETIRED = "retired", _("remplacé")
        SHORT = "short", _("trop peu de paires")
        FAILED = "failed", _("en échec")

    state = models.CharField(_("état"), max_length=9, choices=State, default=State.TRAINING)
    code = models.CharField(_("version"), max_length=16, blank=True)
    asked_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    asked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("demandé par"), null=True, related_name="+")
    trained_at = models.DateTimeField(_("appris le"), null=True)
    report = models.JSONField(_("rapport"), default=dict)
    decided_at = models.DateTimeField(_("décidé le"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("décidé par"), null=True, related_name="+")

    class Meta:
        verbose_name = _("modèle de rapprochement")
        verbose_name_plural = _("modèles de rapprochement")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="adopted"), name="one_model_adopted"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="training"), name="one_model_in_training"),
            models.CheckConstraint(
                condition=~Q(state__in=["candidate", "adopted", "refused", "retired"]) | ~Q(code=""),
                name="a_model_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(self.pk)
