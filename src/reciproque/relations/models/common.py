"""What the dated facts of a relation have in common: whose they are, and who may read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner, Sharing
from reciproque.foundation.database.labels import Labelled
from reciproque.institution.models import Unit, User


class Kept(Labelled):
    """A record about a partner, carried by a unit, written by somebody, shared more or less widely.

    Its readers, when it is restricted, stand in a table of their own. Each table has its indexes by partner, unit and author, that begin
    with them and give the order of its lists.
    """

    partner = models.ForeignKey(Partner, models.PROTECT, verbose_name=_("partenaire"), related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("entité"), related_name="+", db_index=False)
    author = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name=_("auteur"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    sharing = models.CharField(_("partage"), max_length=12, choices=Sharing, default=Sharing.NETWORK)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("écrit le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        abstract = True
