"""Keys under which partners are found again: derived, rebuilt at will."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MatchKey(models.Model):
    """One value (`engines.linkage.keys`) under which a partner answers, by itself or by one of its sites."""

    partner = models.ForeignKey("directory.Partner", models.CASCADE, related_name="+")
    family = models.CharField(max_length=16)
    value = models.TextField(db_collation="C")

    class Meta:
        verbose_name = _("clé de rapprochement")
        constraints = [models.UniqueConstraint(fields=["family", "value", "partner"], name="match_key_once")]
        indexes = [models.Index(fields=["partner"], name="match_key_by_partner")]

    def __str__(self) -> str:
        return f"{self.family}: {self.value}"
