"""The network's quality, measured every night: figures per unit and per day, and where the sources contradict each other."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reciproque.institution.models import Unit


class QualityDay(models.Model):
    """The figures of one unit (its own partners, not those of units below) on one day; without unit, of the whole network.

    Records kept to named people are never counted. `fields` {field: partners whose sources disagree on it}.
    """

    day = models.DateField(_("jour"))
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name=_("entité"), null=True, related_name="+")
    at = models.DateTimeField(_("mesuré le"))
    partners = models.PositiveIntegerField(_("fiches"), default=0)
    numbered = models.PositiveIntegerField(_("avec numéro officiel"), default=0)
    registered = models.PositiveIntegerField(_("rapprochées du registre"), default=0)
    placed = models.PositiveIntegerField(_("avec lieu"), default=0)
    reachable = models.PositiveIntegerField(_("joignables"), default=0)
    staffed = models.PositiveIntegerField(_("avec une personne"), default=0)
    contradicted = models.PositiveIntegerField(_("contredites"), default=0)
    doubled = models.PositiveIntegerField(_("peut-être en double"), default=0)
    neat = models.PositiveIntegerField(_("propres"), default=0)
    found = models.PositiveIntegerField(_("doublons trouvés"), default=0)
    waiting = models.PositiveIntegerField(_("doublons à juger"), default=0)
    merged = models.PositiveIntegerField(_("doublons réunis"), default=0)
    alone = models.PositiveIntegerField(_("réunis sans demander"), default=0)
    refused = models.PositiveIntegerField(_("doublons écartés"), default=0)
    fields = models.JSONField(_("contradictions"), default=dict)

    class Meta:
        verbose_name = _("mesure de la qualité")
        verbose_name_plural = _("mesures de la qualité")
        ordering = ["-day", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["day", "unit"], name="one_measure_a_day", nulls_distinct=False),
        ]
        indexes = [models.Index(fields=["unit", "day"], name="measure_by_unit")]

    def __str__(self) -> str:
        return f"{self.unit or '—'}, {self.day}"


class Contradiction(models.Model):
    """A field on which the rows that speak of a partner do not say the same: derived, made anew every night."""

    follows_merges = False

    pk = models.CompositePrimaryKey("field", "partner_id")
    field = models.CharField(_("champ"), max_length=40)
    partner = models.ForeignKey("directory.Partner", models.CASCADE, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("contradiction entre sources")
        indexes = [models.Index(fields=["partner"], name="contradiction_by_partner")]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.field}"
