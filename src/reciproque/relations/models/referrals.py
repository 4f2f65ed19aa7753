"""Referrals: a partner's request handed to another unit, with an answer owed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner, Person
from reciproque.foundation.database.labels import Labelled
from reciproque.foundation.history import tracked
from reciproque.institution.models import Unit, User
from reciproque.relations.models.interactions import Interaction


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Reads of referrals."""

    def waiting(self) -> ReferralQuerySet:
        """Those that nobody has answered for."""
        return self.filter(state=Referral.State.WAITING)

    def owed(self) -> ReferralQuerySet:
        """Those whose outcome the sender still waits for."""
        return self.filter(state__in=[Referral.State.WAITING, Referral.State.ACCEPTED])


@tracked()
class Referral(Labelled):
    """From one unit to another, or to one of its people. Accepted, it ends with an interaction; declined, with a reason."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        ACCEPTED = "accepted", _("acceptée")
        ANSWERED = "answered", _("traitée")
        DECLINED = "declined", _("déclinée")

    partner = models.ForeignKey(Partner, models.PROTECT, verbose_name=_("partenaire"), related_name="+")
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("personne concernée"), null=True, blank=True, related_name="+"
    )
    from_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("de la part de"), related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("à"), related_name="+")
    to_user = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("à l’attention de"), null=True, blank=True, related_name="+"
    )
    author = models.ForeignKey(User, models.PROTECT, verbose_name=_("par"), null=True, editable=False, related_name="+")
    subject = models.CharField(_("objet"), max_length=200)
    text = models.TextField(_("message"), blank=True)
    due_on = models.DateField(_("réponse attendue le"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.WAITING, editable=False)
    reason = models.CharField(_("motif"), max_length=300, blank=True, editable=False)
    interaction = models.ForeignKey(
        Interaction, models.SET_NULL, verbose_name=_("suite donnée"), null=True, editable=False, related_name="+"
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("prise en charge par"), null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("envoyée le"), auto_now_add=True)
    decided_at = models.DateTimeField(_("répondue le"), null=True, editable=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("réorientation")
        verbose_name_plural = _("réorientations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(subject=""), name="referral_has_a_subject"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="declined_referral_has_a_reason",
                violation_error_message=_("Dites pourquoi vous déclinez : l’autre entité le lira."),
            ),
            models.CheckConstraint(
                condition=~Q(from_unit=F("to_unit")) | Q(to_user__isnull=False),
                name="referral_goes_somewhere_else",
                violation_error_message=_("Choisissez une autre entité, ou une personne."),
            ),
        ]
        indexes = [
            models.Index(fields=["to_unit", "state", "-id"], name="referral_by_receiver"),
            models.Index(fields=["from_unit", "state", "-id"], name="referral_by_sender"),
            models.Index(fields=["partner", "-id"], name="referral_by_partner"),
        ]

    def __str__(self) -> str:
        return self.subject
