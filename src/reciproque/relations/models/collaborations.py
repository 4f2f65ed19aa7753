"""Collaborations: one instance of a dispositif with a partner, from the idea to what it brought."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Person, Site
from reciproque.foundation.history import tracked
from reciproque.institution.models import User
from reciproque.relations.models.common import Kept
from reciproque.relations.models.dispositifs import Dispositif


class CollaborationQuerySet(models.QuerySet["Collaboration"]):
    """Reads of collaborations."""

    def open(self) -> CollaborationQuerySet:
        """Those that go on."""
        return self.filter(state__in=Collaboration.OPEN)

    def unconfirmed(self, today: dt.date) -> CollaborationQuerySet:
        """Agreed or under way, and past their date: did they take place?"""
        late = Q(ends_on__lt=today) | Q(ends_on=None, starts_on__lt=today)
        return self.filter(late, state__in=[Collaboration.State.AGREED, Collaboration.State.UNDER_WAY])


@tracked("updated_at")
class Collaboration(Kept):
    """Something done together. `given` (to the partner), `received` (by the university): {scale: quantity}.

    `given_points`, `received_points` are what the balance counts of them (`engines.reciprocity.scales`).
    """

    class State(models.TextChoices):
        IDEA = "idea", _("idée")
        PROPOSED = "proposed", _("proposée")
        AGREED = "agreed", _("acceptée")
        UNDER_WAY = "under_way", _("en cours")
        DONE = "done", _("réalisée")
        DECLINED = "declined", _("refusée")
        STOPPED = "stopped", _("arrêtée")

    OPEN = (State.IDEA, State.PROPOSED, State.AGREED, State.UNDER_WAY)

    dispositif = models.ForeignKey(
        Dispositif, models.PROTECT, verbose_name=_("dispositif"), related_name="+", db_index=False
    )
    site = models.ForeignKey(
        Site, models.SET_NULL, verbose_name=_("établissement"), null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("intitulé"), max_length=200)
    text = models.TextField(_("description"), blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.IDEA, editable=False)
    reason = models.CharField(_("motif"), max_length=300, blank=True, editable=False)
    moved_on = models.DateField(_("dans cet état depuis le"), editable=False)
    starts_on = models.DateField(_("date, ou début"), null=True, blank=True)
    ends_on = models.DateField(_("fin"), null=True, blank=True)
    given = models.JSONField(_("ce que le partenaire y gagne"), default=dict, blank=True)
    received = models.JSONField(_("ce que l’université y gagne"), default=dict, blank=True)
    given_points = models.FloatField(default=0, editable=False)
    received_points = models.FloatField(default=0, editable=False)

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        verbose_name = _("collaboration")
        verbose_name_plural = _("collaborations")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="collaboration_has_a_title"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="collaboration_ends_after_it_starts",
                violation_error_message=_("La fin ne peut pas précéder le début."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "under_way", "done"]) | Q(starts_on__isnull=False),
                name="agreed_collaboration_has_a_date",
                violation_error_message=_("Donnez la date : une collaboration acceptée a un jour, ou un début."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "stopped"]) | ~Q(reason=""),
                name="refused_collaboration_has_a_reason",
                violation_error_message=_("Dites pourquoi : le motif servira à ne pas reposer la même question."),
            ),
            models.CheckConstraint(
                condition=Q(given_points__gte=0, received_points__gte=0), name="collaboration_brings_no_debt"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-starts_on", "-id"], name="collaboration_by_partner"),
            models.Index(fields=["unit", "state", "-id"], name="collaboration_by_unit"),
            models.Index(fields=["state", "-moved_on", "-id"], name="collaboration_by_state_day"),
            models.Index(fields=["-moved_on", "-id"], name="collaboration_by_day"),
            models.Index(fields=["starts_on", "id"], name="collaboration_by_start"),
            models.Index(fields=["dispositif", "partner", "created_at"], name="collaboration_by_dispositif"),
            models.Index(fields=["author", "state"], name="collaboration_by_author"),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class CollaborationPart(models.Model):
    """The part that somebody, outside or inside, takes in a collaboration."""

    collaboration = models.ForeignKey(
        Collaboration, models.CASCADE, verbose_name=_("collaboration"), related_name="parts"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("personne"), null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("collègue"), null=True, blank=True, related_name="+")
    role = models.CharField(_("rôle"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("part dans une collaboration")
        verbose_name_plural = _("parts dans les collaborations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, user__isnull=False) | Q(person__isnull=False, user=None),
                name="part_is_of_one_person",
            ),
            models.UniqueConstraint(
                fields=["collaboration", "person"], condition=Q(person__isnull=False), name="one_part_per_person"
            ),
            models.UniqueConstraint(
                fields=["collaboration", "user"], condition=Q(user__isnull=False), name="one_part_per_colleague"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collaboration_id} {self.person_id or self.user_id}"


@tracked()
class CollaborationReader(models.Model):
    """Somebody who may read a restricted collaboration."""

    collaboration = models.ForeignKey(
        Collaboration, models.CASCADE, verbose_name=_("collaboration"), related_name="readers", db_index=False
    )
    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("lecteur"), related_name="+", db_index=False)

    class Meta:
        verbose_name = _("lecteur d’une collaboration restreinte")
        verbose_name_plural = _("lecteurs des collaborations restreintes")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["collaboration", "user"], name="each_reader_once_of_it")]
        indexes = [models.Index(fields=["user", "collaboration"], name="collaboration_by_reader")]

    def __str__(self) -> str:
        return f"{self.collaboration_id} {self.user_id}"
