"""Needs: a skill or a change that a partner says, or shows, it needs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Person
from reciproque.foundation.history import tracked
from reciproque.relations.models.collaborations import Collaboration
from reciproque.relations.models.common import Kept


class NeedQuerySet(models.QuerySet["Need"]):
    """Reads of needs."""

    def open(self) -> NeedQuerySet:
        """Those that nothing has answered yet."""
        return self.filter(state=Need.State.OPEN)


@tracked("updated_at")
class Need(Kept):
    """What a partner needs. `rome` is the code of an occupation in France Travail's register (a letter, four digits)."""

    class Kind(models.TextChoices):
        SKILL = "skill", _("compétence à acquérir")
        RECRUITMENT = "recruitment", _("recrutement")
        TRAINEE = "trainee", _("stagiaires, alternants")
        EQUIPMENT = "equipment", _("changement d’équipement")
        METHOD = "method", _("changement de méthode")
        ORGANISATION = "organisation", _("changement d’organisation")
        RESEARCH = "research", _("recherche, expertise")
        OTHER = "other", _("autre")

    class State(models.TextChoices):
        OPEN = "open", _("ouvert")
        ANSWERED = "answered", _("satisfait")
        DROPPED = "dropped", _("abandonné")

    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("dit par"), null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("nature"), max_length=12, choices=Kind, default=Kind.SKILL)
    title = models.CharField(_("besoin"), max_length=200)
    text = models.TextField(_("précisions"), blank=True)
    rome = models.CharField(_("code ROME"), max_length=5, blank=True)
    horizon = models.DateField(_("pour quand"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("nombre de personnes"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.OPEN, editable=False)
    reason = models.CharField(_("motif"), max_length=300, blank=True, editable=False)
    collaboration = models.ForeignKey(
        Collaboration, models.SET_NULL, verbose_name=_("satisfait par"), null=True, blank=True, related_name="+"
    )

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("besoin")
        verbose_name_plural = _("besoins")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="need_has_a_title"),
            models.CheckConstraint(
                condition=Q(rome="") | Q(rome__regex=r"^[A-N][0-9]{4}$"),
                name="rome_is_a_letter_and_four_digits",
                violation_error_message=_("Un code ROME est une lettre (A à N) et quatre chiffres, comme I1304."),
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(reason=""),
                name="dropped_need_has_a_reason",
                violation_error_message=_("Dites pourquoi ce besoin est abandonné."),
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "state", "-id"], name="need_by_partner"),
            models.Index(fields=["unit", "state", "-id"], name="need_by_unit"),
            models.Index(fields=["author"], name="need_by_author"),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class NeedReader(models.Model):
    """Somebody who may read a restricted need."""

    need = models.ForeignKey(Need, models.CASCADE, verbose_name=_("besoin"), related_name="readers", db_index=False)
    user = models.ForeignKey(
        "institution.User", models.CASCADE, verbose_name=_("lecteur"), related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("lecteur d’un besoin restreint")
        verbose_name_plural = _("lecteurs des besoins restreints")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["need", "user"], name="each_reader_of_a_need_once")]
        indexes = [models.Index(fields=["user", "need"], name="need_by_reader")]

    def __str__(self) -> str:
        return f"{self.need_id} {self.user_id}"
