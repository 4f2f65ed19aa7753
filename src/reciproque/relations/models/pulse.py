"""What is derived of interactions and collaborations: moments, pulses, counts. All of it can be made anew from them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner
from reciproque.foundation.database.labels import Labelled
from reciproque.foundation.history import tracked
from reciproque.institution.models import Unit, User
from reciproque.relations.models.collaborations import Collaboration
from reciproque.relations.models.dispositifs import Dispositif
from reciproque.relations.models.interactions import Interaction


class MomentQuerySet(models.QuerySet["Moment"]):
    """Reads of moments."""

    def of(self, partner_id: int) -> MomentQuerySet:
        """Those of a partner, oldest first."""
        return self.filter(partner=partner_id).order_by("on", "pk")


class Moment(models.Model):
    """A dated fact that weighs in the relation, made from one interaction or one collaboration that is not restricted.

    `met`: both sides met (what the cadence counts). `held`: it took place (else it is only planned). `given`, `received`: points
    brought to each side. `outside`, `inside`: numbers of the people, and of the colleagues, who took part.
    """

    follows_merges = False

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partenaire"), related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name=_("entité"), related_name="+", db_index=False)
    on = models.DateField(_("date"))
    kind = models.CharField(_("nature"), max_length=30)
    met = models.BooleanField(_("rencontre"))
    held = models.BooleanField(_("a eu lieu"))
    given = models.FloatField(_("apporté au partenaire"), default=0)
    received = models.FloatField(_("apporté à l’université"), default=0)
    outside = ArrayField(models.BigIntegerField(), verbose_name=_("personnes"), default=list)
    inside = ArrayField(models.BigIntegerField(), verbose_name=_("collègues"), default=list)
    interaction = models.ForeignKey(
        Interaction, models.CASCADE, verbose_name=_("échange"), null=True, related_name="+", db_index=False
    )
    collaboration = models.ForeignKey(
        Collaboration, models.CASCADE, verbose_name=_("collaboration"), null=True, related_name="+", db_index=False
    )
    ending = models.BooleanField(_("fin de la collaboration"), default=False)

    objects = MomentQuerySet.as_manager()

    class Meta:
        verbose_name = _("moment")
        verbose_name_plural = _("moments")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(interaction=None, collaboration__isnull=False)
                | Q(interaction__isnull=False, collaboration=None),
                name="moment_comes_from_one_thing",
            ),
            models.UniqueConstraint(
                fields=["interaction"], condition=Q(interaction__isnull=False), name="one_moment_per_interaction"
            ),
            models.UniqueConstraint(
                fields=["collaboration", "ending"],
                condition=Q(collaboration__isnull=False),
                name="one_moment_per_end_of_collaboration",
            ),
        ]
        indexes = [models.Index(fields=["partner", "on"], name="moment_by_partner")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.on} {self.kind}"


class Reading(Labelled):
    """The pulse of a relation as it stands, until `changes_on` when nothing new is written (`engines.reciprocity`).

    `lapses_on` is the day the cadence falls below the floor when nothing else is planned: past when it already has.
    """

    class State(models.TextChoices):
        NEW = "new", _("nouveau")
        ALIVE = "alive", _("vivant")
        FRAGILE = "fragile", _("fragile")
        TO_REVIVE = "to_revive", _("à relancer")
        DORMANT = "dormant", _("dormant")
        NONE = "none", _("sans lien")

    LIVING = (State.NEW, State.ALIVE, State.FRAGILE, State.TO_REVIVE)
    """The states of those that were met in the year."""

    state = models.CharField(_("état"), max_length=10, choices=State)
    cadence = models.PositiveSmallIntegerField(_("rencontres en douze mois"))
    planned = models.PositiveSmallIntegerField(_("rencontres prévues"), default=0)
    last_on = models.DateField(_("dernière rencontre"), null=True)
    next_on = models.DateField(_("prochaine rencontre"), null=True)
    lapses_on = models.DateField(_("à revoir avant le"), null=True)
    changes_on = models.DateField(null=True)
    given = models.FloatField(_("apporté au partenaire"), default=0)
    received = models.FloatField(_("apporté à l’université"), default=0)
    balance = models.FloatField(_("équilibre"), null=True)
    dispositifs = models.PositiveSmallIntegerField(_("dispositifs"), default=0)
    units = models.PositiveSmallIntegerField(_("entités"), default=0)
    outside = models.PositiveSmallIntegerField(_("personnes du partenaire"), default=0)
    inside = models.PositiveSmallIntegerField(_("collègues"), default=0)
    computed_on = models.DateField(_("calculé le"))

    class Meta:
        abstract = True


class Pulse(Reading):
    """Seen from the whole establishment."""

    follows_merges = False

    partner = models.OneToOneField(
        Partner, models.CASCADE, verbose_name=_("partenaire"), primary_key=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pouls d’un partenaire")
        verbose_name_plural = _("pouls des partenaires")
        indexes = [
            models.Index(fields=["state", "lapses_on", "partner"], name="pulse_by_state"),
            models.Index(fields=["lapses_on", "partner"], name="pulse_by_lapse"),
            models.Index(  # what the figures of living relations ask is read in the index itself
                fields=["lapses_on", "partner", "balance", "outside", "inside"],
                name="pulse_living",
                condition=Q(state__in=Reading.LIVING),
            ),
            models.Index(fields=["changes_on", "partner"], name="pulse_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.state}"


class UnitPulse(Reading):
    """Seen from one unit and those below it."""

    follows_merges = False

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partenaire"), related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name=_("entité"), related_name="+", db_index=False)

    class Meta:
        verbose_name = _("pouls d’un partenaire dans une entité")
        verbose_name_plural = _("pouls des partenaires dans les entités")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["partner", "unit"], name="one_pulse_per_unit")]
        indexes = [
            models.Index(fields=["unit", "state", "partner"], name="unit_pulse_by_state"),
            models.Index(fields=["unit", "lapses_on", "partner"], name="unit_pulse_by_lapse"),
            models.Index(fields=["changes_on", "partner"], name="unit_pulse_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.unit_id} {self.state}"


class StateCount(Labelled):
    """How many partners stood in a state at the end of a month, for the whole establishment or a unit; today's for the month that runs."""

    month = models.DateField(_("mois"))
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name=_("entité"), null=True, related_name="+")
    state = models.CharField(_("état"), max_length=10, choices=Reading.State)
    partners = models.PositiveIntegerField(_("partenaires"))

    class Meta:
        verbose_name = _("compte par état")
        verbose_name_plural = _("comptes par état")
        ordering = ["month", "state", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "unit", "state"], name="one_count_per_state", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="counted_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.unit_id} {self.state} {self.partners}"


class Practice(models.Model):
    """Among the partners of one profile (sector, size, nature), how many do a dispositif: what proposals are drawn from."""

    profile = models.CharField(_("profil"), max_length=40)
    dispositif = models.ForeignKey(
        Dispositif, models.CASCADE, verbose_name=_("dispositif"), null=True, related_name="+"
    )
    partners = models.PositiveIntegerField(_("partenaires"))

    class Meta:
        verbose_name = _("pratique d’un profil")
        verbose_name_plural = _("pratiques des profils")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "dispositif"], name="one_practice_each", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.profile} {self.dispositif_id} {self.partners}"


@tracked()
class Target(Labelled):
    """How many moments a year keep a relation alive: the establishment's own (no partner), or a partner's, raised."""

    partner = models.OneToOneField(
        Partner, models.CASCADE, verbose_name=_("partenaire"), null=True, blank=True, related_name="+"
    )
    floor = models.PositiveSmallIntegerField(_("plancher"), default=2)
    goal = models.PositiveSmallIntegerField(_("objectif"), default=3)

    class Meta:
        verbose_name = _("objectif de cadence")
        verbose_name_plural = _("objectifs de cadence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(floor__gte=1, goal__gte=F("floor"), goal__lte=52),
                name="goal_is_not_below_the_floor",
                violation_error_message=_("L’objectif ne peut pas être inférieur au plancher, ni le plancher à 1."),
            ),
            models.UniqueConstraint(
                models.Value(1), condition=Q(partner=None), name="one_target_for_the_establishment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id or '*'} {self.floor}–{self.goal}"


@tracked()
class ProposalAnswer(Labelled):
    """What was answered to a proposal, so that it does not come back: not for them, or not before a day."""

    class Verdict(models.TextChoices):
        LATER = "later", _("pas maintenant")
        NEVER = "never", _("pas pour eux")

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partenaire"), related_name="+")
    dispositif = models.ForeignKey(Dispositif, models.CASCADE, verbose_name=_("dispositif"), related_name="+")
    verdict = models.CharField(_("réponse"), max_length=6, choices=Verdict)
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("par"), null=True, related_name="+")
    on = models.DateField(_("le"), auto_now_add=True)

    class Meta:
        verbose_name = _("réponse à une proposition")
        verbose_name_plural = _("réponses à des propositions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "dispositif"], name="one_answer_per_proposal"),
            models.CheckConstraint(
                condition=Q(verdict="never", until=None) | Q(verdict="later", until__isnull=False),
                name="later_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.dispositif_id} {self.verdict}"
