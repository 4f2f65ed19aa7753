"""What each person put off or settled in their list of things to do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InboxState(models.Model):
    """A thing to do that somebody does not want to see: until a day, or for good when there is none."""

    user = models.ForeignKey("institution.User", models.CASCADE, verbose_name=_("compte"), related_name="+")
    key = models.CharField(_("chose à faire"), max_length=80)
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    at = models.DateTimeField(_("noté le"), auto_now=True)

    class Meta:
        verbose_name = _("chose reportée")
        verbose_name_plural = _("choses reportées")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_state_per_thing")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
