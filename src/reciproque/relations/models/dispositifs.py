"""The catalogue of dispositifs: what one can do together, and what it usually brings to each side."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.database.functions import Fold
from reciproque.foundation.database.labels import Labelled
from reciproque.foundation.history import tracked


class DispositifQuerySet(models.QuerySet["Dispositif"]):
    """Reads of the catalogue."""

    def current(self) -> DispositifQuerySet:
        """Those that may still be started."""
        return self.filter(closed_on=None)

    def in_order(self) -> DispositifQuerySet:
        """By family, then as the establishment ranks them."""
        return self.order_by("family", "position", "name_key", "pk")


@tracked()
class Dispositif(Labelled):
    """A kind of collaboration. `to_partner`, `to_university`: {scale: quantity} that it brings unless corrected by hand.

    `given_points`, `received_points`: the same, weighed (`engines.reciprocity.scales`).
    """

    class Family(models.TextChoices):
        TRAINING = "1training", _("formation initiale")
        CONTINUING = "2continuing", _("formation continue")
        INSERTION = "3insertion", _("stages, alternance, emploi")
        RESEARCH = "4research", _("recherche et innovation")
        SUPPORT = "5support", _("soutien et moyens")
        GOVERNANCE = "6governance", _("gouvernance et réseau")

    class Counting(models.TextChoices):
        NONE = "none", _("ne compte pas comme rencontre")
        ONCE = "once", _("une rencontre, à sa date")
        BOTH_ENDS = "both_ends", _("deux rencontres : au début et à la fin")

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("nom"), max_length=80)
    family = models.CharField(_("famille"), max_length=20, choices=Family)
    description = models.CharField(_("en une phrase"), max_length=300, blank=True)
    counting = models.CharField(_("rencontres"), max_length=10, choices=Counting, default=Counting.ONCE)
    needs_agreement = models.BooleanField(_("demande une convention"), default=False)
    to_partner = models.JSONField(_("ce qu’il apporte au partenaire"), default=dict, blank=True)
    to_university = models.JSONField(_("ce qu’il apporte à l’université"), default=dict, blank=True)
    given_points = models.FloatField(default=0, editable=False)
    received_points = models.FloatField(default=0, editable=False)
    icon = models.CharField(_("icône"), max_length=40, default="heart-handshake")
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    closed_on = models.DateField(_("retiré le"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    name_key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    objects = DispositifQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispositif")
        verbose_name_plural = _("dispositifs")
        ordering = ["family", "position", "name_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="dispositif_has_a_name"),
            models.UniqueConstraint(
                fields=["name_key"],
                name="one_dispositif_per_name",
                violation_error_message=_("Le catalogue a déjà un dispositif de ce nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
