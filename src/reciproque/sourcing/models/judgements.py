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

    `likelihood` is what the model `model` makes of them as they were at `weighed_at` (none until then), `zone` what the establishment's
    thresholds make of that, `withheld` why they are not merged alone however likely, `run` the automatic merges of which theirs was one.
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

    class Zone(models.TextChoices):
        AUTOMATIC = "automatic", _("réunie sans demander")
        REVIEW = "review", _("à juger")
        DROPPED = "dropped", _("laissée de côté")

    class Withheld(models.TextChoices):
        NOTHING = "", _("rien")
        NUMBERS = "numbers", _("deux numéros officiels")
        REFUSED = "refused", _("déjà écartée")
        UNITS = "units", _("de deux entités")
        SHARING = "sharing", _("partage restreint ou différent")
        GROUP = "group", _("un groupe et sa filiale")
        UNDONE = "undone", _("déjà séparée")
        CONTACT = "contact", _("un téléphone commun, rien d’autre")

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
    likelihood = models.FloatField(_("vraisemblance"), null=True)
    model = models.CharField(_("modèle"), max_length=16, blank=True, db_default="")
    weighed_at = models.DateTimeField(_("pesée le"), null=True)
    zone = models.CharField(_("zone"), max_length=9, choices=Zone, default=Zone.REVIEW, db_default=Zone.REVIEW)
    withheld = models.CharField(
        _("retenue"), max_length=8, choices=Withheld, default=Withheld.NOTHING, db_default="", blank=True
    )
    run = models.ForeignKey(
        "AutomaticRun", models.PROTECT, verbose_name=_("passage"), null=True, related_name="+", db_index=False
    )

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
            models.CheckConstraint(
                condition=Q(likelihood=None) | Q(likelihood__gte=0, likelihood__lte=1), name="likelihood_is_a_share"
            ),
            models.CheckConstraint(
                condition=~Q(zone="automatic") | Q(withheld="", likelihood__isnull=False),
                name="nothing_withholds_an_automatic_pair",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "-gain", "id"],
                name="judgement_to_give",
                condition=Q(verdict__in=["open", "later", "asked"]),
            ),
            models.Index(fields=["kind", "-gain", "id"], name="judgement_asked", condition=Q(verdict="asked")),
            models.Index(fields=["kind", "high"], name="judgement_by_high"),
            models.Index(fields=["run"], name="judgement_by_run", condition=Q(run__isnull=False)),
            models.Index(
                fields=["-likelihood", "id"],
                name="judgement_by_likelihood",
                condition=Q(kind="partner", verdict="open", likelihood__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.low} – {self.high}: {self.verdict}"
