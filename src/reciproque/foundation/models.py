"""Tables that belong to no subject."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
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


class InboundMessage(models.Model):
    """A message that came in, as it came (`foundation/inbound`), and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        KEPT = "kept", _("classé")
        UNMATCHED = "unmatched", _("sans correspondance")
        REFUSED = "refused", _("refusé")
        FAILED = "failed", _("en échec")

    digest = models.CharField(_("empreinte"), max_length=64, unique=True)
    raw = models.BinaryField(_("message tel que reçu"))
    sender = models.CharField(_("expéditeur de l’enveloppe"), max_length=254, blank=True)
    recipients = ArrayField(models.CharField(max_length=254), verbose_name=_("destinataires"))
    received_at = models.DateTimeField(_("reçu le"), auto_now_add=True)
    state = models.CharField(_("état"), max_length=12, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("raison"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("traité le"), null=True, blank=True)

    class Meta:
        verbose_name = _("message reçu")
        verbose_name_plural = _("messages reçus")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", settled_at=None)
                | (~models.Q(state="waiting") & models.Q(settled_at__isnull=False)),
                name="a_message_dealt_with_has_its_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["unmatched", "refused", "failed"]) | ~models.Q(reason=""),
                name="a_message_not_filed_says_why",
            ),
        ]
        indexes = [models.Index(fields=["state", "-received_at"], name="inbound_by_state")]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M} {self.get_state_display()}"
