"""What partners, sites and people have in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.database.labels import Labelled


class Sharing(models.TextChoices):
    """Who may read a record (glossary: partage)."""

    NETWORK = "network", _("réseau")
    UNIT = "unit", _("entité")
    RESTRICTED = "restricted", _("restreint")


class Golden(Labelled):
    """A record built out of sources and typed values.

    `origins` holds, for each field, where its value comes from:
    `{"name": {"kind": "hand"|"register"|"source", "source": "CODE", "record": 12, "on": "2026-03-02", "by": "name"}}`.
    `version` rises by one at each change: saving an older one is refused (Conflict).
    """

    origins = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)

    class Meta:
        abstract = True


class Shared(Golden):
    """A golden record that belongs to a unit and says who may read it."""

    unit = models.ForeignKey(
        "institution.Unit",
        models.PROTECT,
        verbose_name=_("entité qui l’apporte"),
        null=True,
        blank=True,
        related_name="+",
    )
    sharing = models.CharField(_("partage"), max_length=12, choices=Sharing, default=Sharing.NETWORK)
    readers = models.ManyToManyField(
        "institution.User", verbose_name=_("personnes autorisées"), blank=True, related_name="+"
    )
    archived_at = models.DateTimeField(_("archivée le"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
