"""What comes in by mail: the addresses that file, what became of each message, meetings that follow an invitation, attached files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner
from reciproque.foundation.database.labels import Labelled
from reciproque.foundation.history import tracked
from reciproque.foundation.inbound.keeping import LOCAL
from reciproque.foundation.models import InboundMessage
from reciproque.institution.models import Unit, User
from reciproque.relations.models.interactions import Interaction


class CaptureAddress(Labelled):
    """The address `suivi+<key>@…` of somebody in a unit: what is sent there is filed in their name. The key can be renewed."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("compte"), related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name=_("entité"), related_name="+")
    key = models.CharField(_("clé"), max_length=32, unique=True)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("adresse de suivi")
        verbose_name_plural = _("adresses de suivi")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "unit"], name="one_capture_address_per_unit")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.unit_id}"

    @property
    def email(self) -> str:
        """The address to put in copy."""
        return f"{LOCAL}+{self.key}@{settings.MAIL_IN_DOMAIN}"


class Filing(Labelled):
    """What one address did with one message: the interaction it wrote, for each partner; none when it could not."""

    message = models.ForeignKey(InboundMessage, models.CASCADE, verbose_name=_("message"), related_name="+")
    address = models.ForeignKey(
        CaptureAddress, models.CASCADE, verbose_name=_("adresse"), related_name="+", db_index=False
    )
    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partenaire"), null=True, related_name="+")
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, verbose_name=_("échange"), null=True, blank=True, related_name="+"
    )
    mail_id = models.CharField(_("identifiant du message"), max_length=500, blank=True)
    subject = models.CharField(_("objet"), max_length=300, blank=True)
    unknown = models.JSONField(_("adresses inconnues"), default=list)
    checks = models.JSONField(_("authenticité de l’expéditeur"), default=dict)
    at = models.DateTimeField(_("traité le"), auto_now_add=True)

    class Meta:
        verbose_name = _("classement d’un message")
        verbose_name_plural = _("classements de messages")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "address", "partner"], name="filed_once_per_partner", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(fields=["address", "-id"], name="filing_by_address"),
            models.Index(
                fields=["mail_id", "partner"],
                name="filing_by_mail_id",
                condition=~Q(mail_id="") & Q(interaction__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.mail_id


class InvitedMeeting(models.Model):
    """The meeting made of an invitation: later versions of the same `uid` move it or call it off."""

    uid = models.CharField(_("identifiant dans l’agenda"), max_length=500)
    occurrence = models.CharField(_("occurrence"), max_length=40, blank=True)
    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partenaire"), related_name="+")
    interaction = models.ForeignKey(Interaction, models.CASCADE, verbose_name=_("échange"), related_name="+")
    sequence = models.PositiveIntegerField(_("version"), default=0)
    stamp = models.DateTimeField(_("version du"))

    class Meta:
        verbose_name = _("rendez-vous d’un agenda")
        verbose_name_plural = _("rendez-vous d’agendas")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["uid", "occurrence", "partner"], name="one_meeting_per_invitation")
        ]

    def __str__(self) -> str:
        return self.uid


@tracked()
class InteractionFile(models.Model):
    """A file attached to an interaction. Its content is stored once under its digest (`foundation/files.py`)."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, verbose_name=_("échange"), related_name="files")
    name = models.CharField(_("nom"), max_length=200)
    size = models.PositiveIntegerField(_("taille"))
    digest = models.CharField(_("empreinte"), max_length=64)

    class Meta:
        verbose_name = _("fichier d’un échange")
        verbose_name_plural = _("fichiers d’échanges")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["interaction", "digest"], name="each_file_once_there")]

    def __str__(self) -> str:
        return self.name
