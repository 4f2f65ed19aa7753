"""The establishment's three zones, the merges made alone, and those that people check."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Merge
from reciproque.foundation.history import tracked
from reciproque.institution.models import User

ONLY = 1
"""The number of the one row of settings."""


@tracked("changed_at")
class MatchingSettings(models.Model):
    """What the establishment decided of duplicates: one row. Likelihoods are those of a calibrated model, of 0 to 1."""

    merges_alone = models.BooleanField(_("réunir sans demander"), default=False)
    automatic = models.FloatField(
        _("seuil de réunion automatique"),
        default=0.995,
        validators=[MinValueValidator(0.9), MaxValueValidator(1)],
    )
    review = models.FloatField(
        _("seuil de revue"), default=0.1, validators=[MinValueValidator(0.01), MaxValueValidator(0.95)]
    )
    most = models.PositiveIntegerField(
        _("réunions par passage, au plus"), default=200, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    checked = models.PositiveIntegerField(
        _("réunions à vérifier par passage"), default=15, validators=[MinValueValidator(0), MaxValueValidator(200)]
    )
    changed_at = models.DateTimeField(_("modifiés le"), auto_now=True)
    changed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("modifiés par"), null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("réglages du rapprochement")
        verbose_name_plural = _("réglages du rapprochement")
        constraints = [
            models.CheckConstraint(condition=Q(id=ONLY), name="one_row_of_matching_settings"),
            models.CheckConstraint(
                condition=Q(review__gt=0, automatic__lte=1) & Q(review__lt=F("automatic")),
                name="zones_follow_each_other",
                violation_error_message=_("Le seuil de revue doit être plus bas que celui des réunions automatiques."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.automatic} / {self.review}"


class AutomaticRun(models.Model):
    """A night's merges made alone: with which model, from which likelihood, and whether somebody took them all back."""

    class State(models.TextChoices):
        RUNNING = "running", _("en cours")
        DONE = "done", _("terminé")
        UNDOING = "undoing", _("annulation en cours")
        UNDONE = "undone", _("annulé")

    state = models.CharField(_("état"), max_length=8, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(_("commencé le"), auto_now_add=True)
    ended_at = models.DateTimeField(_("terminé le"), null=True)
    model = models.CharField(_("modèle"), max_length=16)
    automatic = models.FloatField(_("seuil"))
    most = models.PositiveIntegerField(_("au plus"))
    merged = models.PositiveIntegerField(_("réunions"), default=0)
    undone_at = models.DateTimeField(_("annulé le"), null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("annulé par"), null=True, related_name="+")

    class Meta:
        verbose_name = _("passage de réunion automatique")
        verbose_name_plural = _("passages de réunion automatique")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_automatic_run_at_a_time"),
            models.CheckConstraint(
                condition=~Q(state__in=["undoing", "undone"]) | Q(undone_by__isnull=False), name="who_undid_it_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(_("passage n° %(n)s") % {"n": self.pk})


class Check(models.Model):
    """A merge made alone, drawn for somebody to check. `weight` is how many merges it stands for in its stratum."""

    class Answer(models.TextChoices):
        NONE = "", _("à vérifier")
        RIGHT = "right", _("la même")
        WRONG = "wrong", _("pas la même")

    run = models.ForeignKey(AutomaticRun, models.CASCADE, verbose_name=_("passage"), related_name="checks")
    merge = models.OneToOneField(Merge, models.CASCADE, verbose_name=_("réunion"), related_name="+")
    judgement = models.ForeignKey("Judgement", models.CASCADE, verbose_name=_("paire"), related_name="+")
    stratum = models.PositiveSmallIntegerField(_("strate"))
    weight = models.FloatField(_("poids"), default=1)
    answer = models.CharField(_("réponse"), max_length=5, choices=Answer, blank=True, default=Answer.NONE)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("par"), null=True, related_name="+")
    at = models.DateTimeField(_("le"), null=True)

    class Meta:
        verbose_name = _("vérification d’une réunion")
        verbose_name_plural = _("vérifications de réunions")
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], name="check_to_give", condition=Q(answer=""))]

    def __str__(self) -> str:
        return f"{self.merge_id}: {self.answer}"
