"""Tables that belong to no subject."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OnceKey(models.Model):
    """The one-time key of a form already sent, and where its sender was led (`foundation/idempotence.py`)."""

    key = models.CharField(_("clé"), max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("compte"), related_name="+")
    result_url = models.CharField(_("adresse du résultat"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("envoyé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("formulaire envoyé")
        verbose_name_plural = _("formulaires envoyés")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="each_form_sent_once")]
        indexes = [models.Index(fields=["user", "created_at"], name="form_sent_by")]

    def __str__(self) -> str:
        return self.result_url
