"""Speaking with one voice: what was asked of whom, the caps, campaigns, requests to read what is reserved, who writes to whom now."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner, Person
from reciproque.foundation.database.labels import Labelled
from reciproque.foundation.history import tracked
from reciproque.institution.models import Unit, User
from reciproque.relations.models.collaborations import Collaboration
from reciproque.relations.models.common import Kept
from reciproque.relations.models.dispositifs import Dispositif
from reciproque.relations.models.interactions import Interaction


@tracked()
class SolicitationCaps(Labelled):
    """What the establishment allows (`engines.concertation.Caps`): one row."""

    person = models.PositiveSmallIntegerField(_("par personne"), default=3)
    partner = models.PositiveSmallIntegerField(_("par partenaire"), default=8)
    window = models.PositiveSmallIntegerField(_("sur combien de jours"), default=90)
    rest = models.PositiveSmallIntegerField(_("jours de repos après une sollicitation"), default=14)

    class Meta:
        verbose_name = _("plafonds de sollicitation")
        verbose_name_plural = _("plafonds de sollicitation")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__gte=1, partner__gte=1, window__gte=1, window__lte=365, rest__lte=90),
                name="caps_make_sense",
                violation_error_message=_("Les plafonds vont de 1 à 365 jours, le repos de 0 à 90 jours."),
            ),
            models.UniqueConstraint(models.Value(1), name="one_row_of_caps"),
        ]

    def __str__(self) -> str:
        return f"{self.person}/{self.partner} en {self.window} j"


@tracked("updated_at")
class Campaign(Labelled):
    """One message to many people, chosen by a view of the list of people, written as a template, sent through the queue."""

    class State(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        READY = "ready", _("prête à envoyer")
        SENDING = "sending", _("envoi en cours")
        STOPPED = "stopped", _("envoi interrompu")
        SENT = "sent", _("envoyée")

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("entité"), related_name="+")
    author = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("auteur"), null=True, editable=False, related_name="+"
    )
    title = models.CharField(_("nom de la campagne"), max_length=160)
    dispositif = models.ForeignKey(
        Dispositif, models.PROTECT, verbose_name=_("ce que l’on demande"), null=True, blank=True, related_name="+"
    )
    audience = models.TextField(_("destinataires (vue de la liste des personnes)"), blank=True)
    subject = models.CharField(_("objet"), max_length=200, blank=True)
    body = models.TextField(_("message"), blank=True)
    reply_to = models.EmailField(_("répondre à"), blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)
    started_at = models.DateTimeField(_("envoi commencé le"), null=True, editable=False)
    ended_at = models.DateTimeField(_("envoi terminé le"), null=True, editable=False)

    class Meta:
        verbose_name = _("campagne")
        verbose_name_plural = _("campagnes")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="campaign_has_a_title"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "ready"]) | (~Q(subject="") & ~Q(body="")),
                name="campaign_sent_says_something",
                violation_error_message=_("Écrivez l’objet et le message avant d’envoyer."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="campaign_by_unit")]

    def __str__(self) -> str:
        return self.title


class RecipientQuerySet(models.QuerySet["CampaignRecipient"]):
    """Reads of recipients."""

    def to_send(self) -> RecipientQuerySet:
        """Those whose message may go, in the order they go."""
        return self.filter(state=CampaignRecipient.State.READY).order_by("pk")


class CampaignRecipient(Labelled):
    """Somebody a campaign addresses: ready, held back with the reasons, sent…

    `doubt`: the process died, or the line broke, while the message was being handed over; it is never sent again by itself.
    """

    class State(models.TextChoices):
        READY = "ready", _("prêt")
        HELD = "held", _("retenu")
        EXCLUDED = "excluded", _("écarté")
        SENDING = "sending", _("en cours d’envoi")
        SENT = "sent", _("envoyé")
        BOUNCED = "bounced", _("revenu")
        FAILED = "failed", _("refusé par le serveur")
        DOUBT = "doubt", _("incertain")

    campaign = models.ForeignKey(Campaign, models.CASCADE, verbose_name=_("campagne"), related_name="recipients")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("personne"), related_name="+")
    partner = models.ForeignKey(
        Partner, models.PROTECT, verbose_name=_("partenaire"), null=True, related_name="+", db_index=False
    )
    email = models.EmailField(_("courriel"), blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State)
    reasons = ArrayField(models.CharField(max_length=20), verbose_name=_("motifs"), default=list)
    released_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("libéré par"), null=True, related_name="+", db_index=False
    )
    release_reason = models.CharField(_("motif de la libération"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True)
    error = models.CharField(_("réponse du serveur"), max_length=300, blank=True)
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, verbose_name=_("échange"), null=True, related_name="+", db_index=False
    )

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("destinataire d’une campagne")
        verbose_name_plural = _("destinataires de campagnes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person"], name="each_person_once_per_campaign"),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "excluded"]) | ~Q(reasons=[]), name="held_recipient_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "held", "excluded", "sending", "failed", "doubt"])
                | Q(sent_at__isnull=False),
                name="sent_recipient_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "id"], name="recipient_by_state"),
            models.Index(fields=["partner"], name="recipient_held", condition=Q(state="held")),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.person_id} {self.state}"


class SolicitationQuerySet(models.QuerySet["Solicitation"]):
    """Reads of solicitations."""

    def made(self) -> SolicitationQuerySet:
        """Those that weigh: neither planned nor called off."""
        return self.exclude(state__in=[Solicitation.State.PLANNED, Solicitation.State.CALLED_OFF])

    def between(self, first: dt.date, last: dt.date) -> SolicitationQuerySet:
        """Those of a period, both days included."""
        return self.filter(on__gte=first, on__lte=last)


@tracked("updated_at")
class Solicitation(Kept):
    """Something asked of a partner, or of one of its people: by which unit, when, what the answer was."""

    class State(models.TextChoices):
        PLANNED = "planned", _("prévue")
        ASKED = "asked", _("faite")
        ACCEPTED = "accepted", _("acceptée")
        DECLINED = "declined", _("déclinée")
        SILENT = "silent", _("sans réponse")
        CALLED_OFF = "called_off", _("annulée")

    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("personne"), null=True, blank=True, related_name="+", db_index=False
    )
    dispositif = models.ForeignKey(
        Dispositif, models.PROTECT, verbose_name=_("dispositif"), null=True, blank=True, related_name="+"
    )
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, verbose_name=_("campagne"), null=True, editable=False, related_name="+"
    )
    subject = models.CharField(_("ce qui est demandé"), max_length=200)
    on = models.DateField(_("date"))
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.ASKED)
    answer = models.CharField(_("réponse"), max_length=300, blank=True)
    answered_on = models.DateField(_("répondu le"), null=True, blank=True)
    override = models.CharField(_("motif du dépassement"), max_length=300, blank=True)

    objects = SolicitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("sollicitation")
        verbose_name_plural = _("sollicitations")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(subject=""), name="solicitation_says_what")]
        indexes = [
            models.Index(fields=["partner", "-on"], name="solicitation_by_partner"),
            models.Index(fields=["person", "-on"], name="solicitation_by_person", condition=Q(person__isnull=False)),
            models.Index(fields=["-on", "-id"], name="solicitation_by_date"),
            models.Index(fields=["unit"], name="solicitation_by_unit"),
            models.Index(fields=["author"], name="solicitation_by_author"),
        ]

    def __str__(self) -> str:
        return self.subject


@tracked()
class Unsubscription(models.Model):
    """Somebody who wants no more campaigns (RFC 8058, one click): their own will, nobody may release it."""

    person = models.OneToOneField(Person, models.CASCADE, verbose_name=_("personne"), related_name="+")
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, verbose_name=_("à la suite de"), null=True, related_name="+"
    )
    at = models.DateTimeField(_("le"), auto_now_add=True)

    class Meta:
        verbose_name = _("désinscription")
        verbose_name_plural = _("désinscriptions")

    def __str__(self) -> str:
        return str(self.person_id)


@tracked()
class AccessRequest(Labelled):
    """A request to read something reserved, answered in one click by who wrote it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        GRANTED = "granted", _("accordée")
        DECLINED = "declined", _("refusée")

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("demandé par"), related_name="+", db_index=False)
    interaction = models.ForeignKey(
        Interaction, models.CASCADE, verbose_name=_("échange"), null=True, blank=True, related_name="+"
    )
    collaboration = models.ForeignKey(
        Collaboration, models.CASCADE, verbose_name=_("collaboration"), null=True, blank=True, related_name="+"
    )
    asked_of = models.ForeignKey(User, models.CASCADE, verbose_name=_("demandé à"), related_name="+", db_index=False)
    text = models.CharField(_("pourquoi"), max_length=300, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.WAITING, editable=False)
    created_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    decided_at = models.DateTimeField(_("répondu le"), null=True, editable=False)

    class Meta:
        verbose_name = _("demande d’accès")
        verbose_name_plural = _("demandes d’accès")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(interaction=None, collaboration__isnull=False)
                | Q(interaction__isnull=False, collaboration=None),
                name="access_is_asked_to_one_thing",
            ),
            models.CheckConstraint(condition=~Q(user=F("asked_of")), name="access_is_asked_of_somebody_else"),
            models.UniqueConstraint(
                fields=["user", "interaction", "collaboration"],
                condition=Q(state="waiting"),
                name="access_asked_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["asked_of", "-id"], name="access_to_answer", condition=Q(state="waiting")),
            models.Index(fields=["user", "-id"], name="access_asked_by"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.interaction_id or self.collaboration_id}"

    @property
    def record(self) -> Interaction | Collaboration:
        """What one asks to read."""
        found = self.interaction or self.collaboration
        assert found is not None  # noqa: S101 -- a constraint says so
        return found


class Presence(models.Model):
    """Somebody is writing to this partner now: a heartbeat, shown to the others for a minute."""

    follows_merges = False

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("compte"), related_name="+")
    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partenaire"), related_name="+", db_index=False)
    at = models.DateTimeField(_("vu le"))

    class Meta:
        verbose_name = _("présence")
        verbose_name_plural = _("présences")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "partner"], name="one_presence_each")]
        indexes = [models.Index(fields=["partner", "-at"], name="presence_by_partner")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.partner_id}"
