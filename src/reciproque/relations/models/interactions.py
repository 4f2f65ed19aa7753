"""Interactions: a call, a message, a meeting, a note; done or planned."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Person, Sharing, Site
from reciproque.foundation.history import tracked
from reciproque.foundation.prose import plain
from reciproque.institution.models import User
from reciproque.relations.models.collaborations import Collaboration
from reciproque.relations.models.common import Kept


class InteractionQuerySet(models.QuerySet["Interaction"]):
    """Reads of interactions."""

    def standing(self) -> InteractionQuerySet:
        """All but those that were called off."""
        return self.exclude(state=Interaction.State.CANCELLED)

    def ahead(self, today: dt.date) -> InteractionQuerySet:
        """What is planned, the nearest first."""
        return self.filter(state=Interaction.State.PLANNED, on__gte=today).order_by("on", "at", "pk")

    def unconfirmed(self, today: dt.date) -> InteractionQuerySet:
        """What was planned for a day that has passed: did it take place?"""
        return self.filter(state=Interaction.State.PLANNED, on__lt=today)


@tracked("updated_at")
class Interaction(Kept):
    """One exchange with a partner. `met`: both sides really met or acted together, so that it counts in the cadence."""

    class Kind(models.TextChoices):
        CALL = "call", _("appel")
        EMAIL = "email", _("courriel")
        MEETING = "meeting", _("rendez-vous")
        VISIT = "visit", _("visite")
        VIDEO = "video", _("visioconférence")
        MESSAGE = "message", _("message")
        NOTE = "note", _("note")

    class State(models.TextChoices):
        PLANNED = "planned", _("prévu")
        DONE = "done", _("fait")
        CANCELLED = "cancelled", _("annulé")

    class Source(models.TextChoices):
        HAND = "hand", _("saisi")
        MAIL = "mail", _("courriel capté")
        CALENDAR = "calendar", _("invitation d’agenda")
        CAMPAIGN = "campaign", _("campagne")

    MET = frozenset({Kind.MEETING, Kind.VISIT, Kind.VIDEO})
    """The kinds that are meetings unless said otherwise."""

    site = models.ForeignKey(
        Site, models.SET_NULL, verbose_name=_("établissement"), null=True, blank=True, related_name="+"
    )
    collaboration = models.ForeignKey(
        Collaboration, models.SET_NULL, verbose_name=_("collaboration"), null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("nature"), max_length=10, choices=Kind, default=Kind.NOTE)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.DONE)
    on = models.DateField(_("date"))
    at = models.TimeField(_("heure"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("durée (min)"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=200, blank=True)
    subject = models.CharField(_("objet"), max_length=200, blank=True)
    text = models.TextField(_("texte"), blank=True)
    met = models.BooleanField(_("compte comme rencontre"), default=False)
    source = models.CharField(_("saisie"), max_length=10, choices=Source, default=Source.HAND, editable=False)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("échange")
        verbose_name_plural = _("échanges")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="", text=""),
                name="interaction_says_something",
                violation_error_message=_("Écrivez au moins un mot : l’objet ou le texte."),
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__gt=0, minutes__lte=6000), name="interaction_lasts_some_minutes"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-on", "-id"], name="interaction_by_partner"),
            models.Index(fields=["unit", "-on", "-id"], name="interaction_by_unit"),
            models.Index(fields=["author", "-on", "-id"], name="interaction_by_author"),
            models.Index(fields=["on", "id"], name="interaction_planned", condition=Q(state="planned")),
            models.Index(fields=["author", "on", "id"], name="interaction_to_confirm", condition=Q(state="planned")),
            models.Index(
                fields=["collaboration"], name="interaction_by_collab", condition=Q(collaboration__isnull=False)
            ),
            models.Index(fields=["partner"], name="interaction_restricted", condition=Q(sharing=Sharing.RESTRICTED)),
        ]

    def __str__(self) -> str:
        return self.subject or plain(self.text.strip().partition("\n")[0])[:120]


@tracked()
class InteractionPerson(models.Model):
    """Somebody outside who took part."""

    interaction = models.ForeignKey(
        Interaction, models.CASCADE, verbose_name=_("échange"), related_name="people", db_index=False
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("personne"), related_name="+")

    class Meta:
        verbose_name = _("personne d’un échange")
        verbose_name_plural = _("personnes des échanges")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["interaction", "person"], name="each_person_once_there")]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.person_id}"


@tracked()
class InteractionColleague(models.Model):
    """A colleague who took part, or who is mentioned (`mentioned`: told of it, was not there)."""

    interaction = models.ForeignKey(
        Interaction, models.CASCADE, verbose_name=_("échange"), related_name="colleagues", db_index=False
    )
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("collègue"), related_name="+", db_index=False)
    mentioned = models.BooleanField(_("mentionné"), default=False)

    class Meta:
        verbose_name = _("collègue d’un échange")
        verbose_name_plural = _("collègues des échanges")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["interaction", "user"], name="each_colleague_once_there")]
        indexes = [models.Index(fields=["user", "-interaction"], name="interaction_by_colleague")]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.user_id}"


@tracked()
class InteractionReader(models.Model):
    """Somebody who may read a restricted interaction."""

    interaction = models.ForeignKey(
        Interaction, models.CASCADE, verbose_name=_("échange"), related_name="readers", db_index=False
    )
    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("lecteur"), related_name="+", db_index=False)

    class Meta:
        verbose_name = _("lecteur d’un échange restreint")
        verbose_name_plural = _("lecteurs des échanges restreints")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["interaction", "user"], name="each_reader_once")]
        indexes = [models.Index(fields=["user", "interaction"], name="interaction_by_reader")]

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.user_id}"
