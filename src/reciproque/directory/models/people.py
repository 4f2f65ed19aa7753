"""People outside the university, and the functions they hold over time."""

from __future__ import annotations

import calendar
import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models.common import Golden, Shared
from reciproque.directory.models.partners import Partner, Site
from reciproque.foundation.database.functions import Fold
from reciproque.foundation.history import tracked


def inform_before(collected_on: dt.date) -> dt.date:
    """The last day to tell somebody that their data were collected elsewhere: one month on (RGPD art. 14-3 a).

    The month ends on the same day of the next one, or on its last day.
    """
    year, month = divmod(collected_on.year * 12 + collected_on.month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(collected_on.day, last))


def late_before(today: dt.date) -> dt.date:
    """The first day of collection for which `inform_before` has not passed: whoever was collected before it should have been told."""
    days = (today - dt.timedelta(days=back) for back in range(31, 27, -1))
    return next(day for day in days if inform_before(day) >= today)


class PersonQuerySet(models.QuerySet["Person"]):
    """Reads of people."""

    def current(self) -> PersonQuerySet:
        """Those not archived."""
        return self.filter(archived_at=None)


@tracked("updated_at")
class Person(Shared):
    """A human outside the university. One record for life: changing company is a new position, not a new person."""

    class Civility(models.TextChoices):
        MADAM = "Mme", _("Mme")
        SIR = "M.", _("M.")

    class Channel(models.TextChoices):
        EMAIL = "email", _("courriel")
        PHONE = "phone", _("téléphone")
        MOBILE = "mobile", _("mobile")
        POST = "post", _("courrier")

    class Refusal(models.TextChoices):
        REQUEST = "request", _("à sa demande")
        LEFT = "left", _("a quitté ses fonctions")
        BOUNCED = "bounced", _("adresse qui ne répond plus")
        DISPUTE = "dispute", _("désaccord en cours")
        OTHER = "other", _("autre raison")

    civility = models.CharField(_("civilité"), max_length=3, choices=Civility, blank=True)
    first_name = models.CharField(_("prénom"), max_length=120, blank=True)
    last_name = models.CharField(_("nom"), max_length=120)
    email = models.EmailField(_("courriel"), blank=True)
    other_emails = ArrayField(models.EmailField(), verbose_name=_("autres courriels"), default=list, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    web = models.URLField(_("profil public"), max_length=300, blank=True)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("langues"), default=list, blank=True)
    tags = ArrayField(models.CharField(max_length=60), verbose_name=_("étiquettes"), default=list, blank=True)
    description = models.TextField(_("remarques"), blank=True)

    channel = models.CharField(_("canal préféré"), max_length=10, choices=Channel, blank=True)
    do_not_contact = models.BooleanField(_("ne pas contacter"), default=False)
    refusal = models.CharField(_("motif"), max_length=10, choices=Refusal, blank=True)
    refused_on = models.DateField(_("depuis le"), null=True, blank=True)

    source = models.CharField(_("source de la collecte"), max_length=200, blank=True)
    collected_on = models.DateField(_("collectée le"), null=True, blank=True)
    informed_on = models.DateField(_("informée le (RGPD art. 14)"), null=True, blank=True)

    name_key = models.GeneratedField(
        expression=Fold(Concat(F("last_name"), Value(" "), F("first_name"))),
        output_field=models.TextField(),
        db_persist=True,
    )
    email_key = models.GeneratedField(expression=Lower("email"), output_field=models.TextField(), db_persist=True)

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("réunie à"),
        null=True,
        editable=False,
        db_index=False,
        related_name="absorbed",
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        ordering = ["name_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(last_name=""), name="person_has_a_name"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(archived_at__isnull=False), name="absorbed_person_is_away"
            ),
            models.CheckConstraint(
                condition=Q(do_not_contact=False) | ~Q(refusal=""),
                name="do_not_contact_has_a_reason",
                violation_error_message=_("Dites pourquoi cette personne ne doit pas être contactée."),
            ),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="person_by_name"),
            models.Index(fields=["name_key", "id"], name="person_archived", condition=Q(archived_at__isnull=False)),
            models.Index(fields=["name_key", "id"], name="person_to_leave_alone", condition=Q(do_not_contact=True)),
            models.Index(fields=["name_key", "id"], name="person_informed", condition=Q(informed_on__isnull=False)),
            models.Index(fields=["sharing", "name_key", "id"], name="person_kept", condition=~Q(sharing="network")),
            models.Index(fields=["merged_into"], name="person_absorbed", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["-created_at", "-id"], name="person_by_creation"),
            GinIndex(fields=["tags"], name="person_by_tag"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="person_name_contains"),
            models.Index(fields=["email_key"], name="person_by_email", condition=~Q(email="")),
            GinIndex(fields=["other_emails"], name="person_by_other_email", condition=~Q(other_emails=[])),
            models.Index(fields=["-updated_at", "-id"], name="person_by_update"),
            models.Index(fields=["unit", "name_key", "id"], name="person_by_unit"),
            models.Index(
                fields=["unit", "collected_on", "id"],
                name="person_to_inform",
                condition=Q(informed_on=None, archived_at=None, collected_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class PositionQuerySet(models.QuerySet["Position"]):
    """Reads of positions."""

    def current(self) -> PositionQuerySet:
        """Those that have not ended."""
        return self.filter(ended_on=None)


@tracked("updated_at")
class Position(Golden):
    """What ties a person to a partner (and one of its sites) for a time."""

    person = models.ForeignKey(Person, models.CASCADE, verbose_name=_("personne"), related_name="positions")
    partner = models.ForeignKey(
        Partner, models.CASCADE, verbose_name=_("partenaire"), related_name="positions", db_index=False
    )
    site = models.ForeignKey(
        Site, models.SET_NULL, verbose_name=_("établissement"), null=True, blank=True, related_name="positions"
    )
    title = models.CharField(_("fonction"), max_length=200, blank=True)
    service = models.CharField(_("service"), max_length=200, blank=True)
    started_on = models.DateField(_("depuis"), null=True, blank=True)
    ended_on = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("fonction")
        verbose_name_plural = _("fonctions")
        ordering = [F("ended_on").desc(nulls_first=True), "-started_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                name="position_ends_after_it_starts",
                violation_error_message=_("La fin d’une fonction ne peut pas précéder son début."),
            ),
            models.UniqueConstraint(
                fields=["person", "partner"],
                condition=Q(ended_on=None),
                name="one_current_position_per_partner",
                violation_error_message=_(
                    "Cette personne a déjà une fonction en cours chez ce partenaire : modifiez-la."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "person"], name="position_by_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.title or self.partner}"
