"""Invitations that leave for people outside: whom a meeting was told to, what each answered, every version that was sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Person
from reciproque.foundation.database.labels import Labelled
from reciproque.foundation.history import tracked
from reciproque.relations.models.concertation import Solicitation
from reciproque.relations.models.interactions import Interaction


@tracked()
class Invitation(Labelled):
    """Somebody outside invited by mail to a planned meeting, at one address. `wanted`: still invited; false once taken out of it."""

    class Answer(models.TextChoices):
        NONE = "none", _("sans réponse")
        ACCEPTED = "accepted", _("accepte")
        TENTATIVE = "tentative", _("peut-être")
        DECLINED = "declined", _("décline")
        COUNTER = "counter", _("propose un autre moment")

    interaction = models.ForeignKey(Interaction, models.CASCADE, verbose_name=_("échange"), related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("personne"), related_name="+")
    email = models.EmailField(_("courriel"))
    wanted = models.BooleanField(_("toujours invitée"), default=True)
    solicitation = models.ForeignKey(
        Solicitation, models.SET_NULL, verbose_name=_("sollicitation"), null=True, related_name="+"
    )
    answer = models.CharField(_("réponse"), max_length=10, choices=Answer, default=Answer.NONE)
    words = models.CharField(_("message de la réponse"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("réponse du"), null=True)

    class Meta:
        verbose_name = _("invitation à un rendez-vous")
        verbose_name_plural = _("invitations à des rendez-vous")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["interaction", "email"], name="each_address_invited_once"),
            models.CheckConstraint(
                condition=Q(answer="none") | Q(answered_at__isnull=False), name="answer_has_its_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.person_id}"


class InvitationMail(Labelled):
    """One version of an invitation, sent at most once. `says`: what it told (« off » when it called off), written as it is handed over.

    `doubt`: the process died, or the line broke, while it was handed over; it is never sent again by itself. `void`: nothing was left to tell.
    """

    class State(models.TextChoices):
        READY = "ready", _("à envoyer")
        SENDING = "sending", _("en cours d’envoi")
        SENT = "sent", _("envoyée")
        FAILED = "failed", _("refusée par le serveur")
        BOUNCED = "bounced", _("revenue")
        DOUBT = "doubt", _("incertaine")
        VOID = "void", _("sans objet")

    OFF = "off"

    invitation = models.ForeignKey(Invitation, models.CASCADE, verbose_name=_("invitation"), related_name="mails")
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.READY)
    says = models.CharField(_("ce qui est dit"), max_length=60, blank=True)
    sequence = models.PositiveIntegerField(_("version"), default=0)
    again = models.BooleanField(_("à dire de nouveau"), default=False)
    created_at = models.DateTimeField(_("demandée le"), auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyée le"), null=True)
    error = models.CharField(_("réponse du serveur"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("courriel d’invitation")
        verbose_name_plural = _("courriels d’invitation")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation"], condition=Q(state="ready"), name="one_version_waits_per_invitation"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="invitation_mail_to_send", condition=Q(state__in=["ready", "sending"]))
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.state}"
