"""How many partners stand where: derived, so that the map of a big network costs no more than that of a small one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceCount(models.Model):
    """Partners open to the whole network, by département, kind and division of activity. Made anew by a job."""

    department = models.CharField(_("département"), max_length=3, blank=True)
    kind = models.CharField(_("nature"), max_length=20)
    division = models.CharField(_("division d’activité"), max_length=2, blank=True)
    partners = models.PositiveIntegerField(_("partenaires"))

    class Meta:
        verbose_name = _("compte par département")
        verbose_name_plural = _("comptes par département")
        ordering = ["department", "kind", "division", "pk"]
        constraints = [models.UniqueConstraint(fields=["department", "kind", "division"], name="one_count_per_place")]

    def __str__(self) -> str:
        return f"{self.department} {self.kind} {self.division} {self.partners}"
