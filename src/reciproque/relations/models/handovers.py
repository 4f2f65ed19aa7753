"""Hand-overs: a partner passes from one referent to another, with what the one leaves to the other."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner
from reciproque.foundation.database.labels import Labelled
from reciproque.foundation.history import tracked
from reciproque.institution.models import Unit, User
from reciproque.relations.models.interactions import Interaction


@tracked()
class Handover(Labelled):
    """Somebody answers for a partner from now on, before the establishment, or for a unit; `was` (None: nobody) owes a word on it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("note attendue")
        WRITTEN = "written", _("note écrite")
        CLOSED = "closed", _("sans note")

    partner = models.ForeignKey(Partner, models.PROTECT, verbose_name=_("partenaire"), related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name=_("entité"), null=True, blank=True, related_name="+")
    was = models.ForeignKey(User, models.PROTECT, verbose_name=_("ancien référent"), null=True, related_name="+")
    now = models.ForeignKey(User, models.PROTECT, verbose_name=_("nouveau référent"), related_name="+")
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("décidé par"), null=True, related_name="+")
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.WAITING)
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, verbose_name=_("note de passation"), null=True, related_name="+"
    )
    at = models.DateTimeField(_("le"), auto_now_add=True)

    class Meta:
        verbose_name = _("passation")
        verbose_name_plural = _("passations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="waiting") | Q(was__isnull=False), name="somebody_owes_the_note"),
            models.UniqueConstraint(
                fields=["partner", "unit"],
                condition=Q(state="waiting"),
                name="one_handover_at_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.was_id} → {self.now_id}"
