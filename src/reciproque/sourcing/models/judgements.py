"""What is thought, and what people said, of two records: edges between them, kept for good."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproque.institution.models import User


class Judgement(models.Model):
    """Two records that may be one. Found by comparison (`open`), then judged by somebody; « pas un doublon » never comes back.

    `low` < `high` are their numbers; `reasons` the codes of why; `gain` what a decision brings: how likely they are one, weighed
    by what hangs on them. `until`: the day when « plus tard » comes back, or when silence is agreement. `kept` is the record that
    would stay, when another unit was asked.
    """

    class Kind(models.TextChoices):
        PARTNER = "partner", _("partenaires")
        PERSON = "person", _("personnes")

    class Verdict(models.TextChoices):
        OPEN = "open", _("à juger")
        LATER = "later", _("plus tard")
        ASKED = "asked", _("accord demandé")
        SAME = "same", _("la même")
        DIFFERENT = "different", _("pas un doublon")

    kind = models.CharField(_("nature"), max_length=8, choices=Kind)
    low = models.BigIntegerField(_("première fiche"))
    high = models.BigIntegerField(_("seconde fiche"))
    score = models.FloatField(_("ressemblance"), default=0)
    reasons = models.JSONField(_("raisons"), default=list)
    gain = models.FloatField(_("intérêt"), default=0)
    verdict = models.CharField(_("décision"), max_length=9, choices=Verdict, default=Verdict.OPEN)
    found_at = models.DateTimeField(_("trouvé le"), auto_now_add=True)
    decided_at = models.DateTimeField(_("décidé le"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("par"), null=True, related_name="+")
    until = models.DateField(_("jusqu’au"), null=True)
    kept = models.BigIntegerField(_("fiche gardée"), null=True)

    class Meta:
        verbose_name = _("jugement de doublon")
        verbose_name_plural = _("jugements de doublon")
        constraints = [
            models.UniqueConstraint(fields=["kind", "low", "high"], name="one_judgement_per_pair"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="judgement_is_ordered"),
            models.CheckConstraint(
                condition=~Q(verdict="asked") | Q(kept__isnull=False, until__isnull=False, decided_by__isnull=False),
                name="who_asked_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "-gain", "id"],
                name="judgement_to_give",
                condition=Q(verdict__in=["open", "later", "asked"]),
            ),
            models.Index(fields=["kind", "high"], name="judgement_by_high"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.low} – {self.high}: {self.verdict}"
