"""Tasks: what somebody has to do, by when; the next step of an interaction is one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner, Person
from reciproque.foundation.database.labels import Labelled
from reciproque.foundation.history import tracked
from reciproque.institution.models import Unit, User
from reciproque.relations.models.collaborations import Collaboration
from reciproque.relations.models.interactions import Interaction


class TaskQuerySet(models.QuerySet["Task"]):
    """Reads of tasks."""

    def pending(self) -> TaskQuerySet:
        """Those to do."""
        return self.filter(done_at=None)

    def by_due_date(self) -> TaskQuerySet:
        """The most urgent first."""
        return self.order_by("due_on", "pk")


@tracked()
class Task(Labelled):
    """Something to do about a partner. `private`: seen by its owner and its author only, not by their unit."""

    class Recurrence(models.TextChoices):
        NONE = "", _("une fois")
        WEEKLY = "weekly", _("chaque semaine")
        MONTHLY = "monthly", _("chaque mois")
        QUARTERLY = "quarterly", _("chaque trimestre")
        YEARLY = "yearly", _("chaque année")

    owner = models.ForeignKey(User, models.PROTECT, verbose_name=_("à faire par"), related_name="+")
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("demandé par"), null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("entité"), null=True, blank=True, related_name="+")
    partner = models.ForeignKey(
        Partner, models.PROTECT, verbose_name=_("partenaire"), null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("personne"), null=True, blank=True, related_name="+"
    )
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, verbose_name=_("suite de"), null=True, blank=True, related_name="+"
    )
    collaboration = models.ForeignKey(
        Collaboration, models.SET_NULL, verbose_name=_("collaboration"), null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("à faire"), max_length=200)
    due_on = models.DateField(_("pour le"))
    remind_on = models.DateField(_("rappel le"), null=True, blank=True)
    recurrence = models.CharField(_("répétition"), max_length=10, choices=Recurrence, blank=True, default="")
    private = models.BooleanField(_("visible de son auteur et de son destinataire seulement"), default=False)
    done_at = models.DateTimeField(_("fait le"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("demandé le"), auto_now_add=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("tâche")
        verbose_name_plural = _("tâches")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="task_has_a_title"),
            models.UniqueConstraint(
                fields=["interaction"],
                condition=Q(interaction__isnull=False, done_at=None),
                name="one_next_step_at_once",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on", "id"], name="task_to_do", condition=Q(done_at=None)),
            models.Index(fields=["owner", "-done_at"], name="task_done", condition=Q(done_at__isnull=False)),
            models.Index(fields=["partner", "due_on"], name="task_by_partner", condition=Q(done_at=None)),
            models.Index(fields=["unit", "due_on", "id"], name="task_by_unit", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return self.title
