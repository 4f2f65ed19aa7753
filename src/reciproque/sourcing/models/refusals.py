"""What people said of two records, when one of them leaves with its import: kept by the rows that told of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.institution.models import User
from reciproque.sourcing.models.judgements import Judgement
from reciproque.sourcing.models.records import SourceRecord


class Refusal(models.Model):
    """« Pas un doublon », waiting for records to be made again: undoing an import deletes them, importing its file again numbers them anew.

    `row` told of the one that left, and the row of the same source and key will tell of it again; `facing_row`, when there is one,
    told of the other, whose number was `facing`. `rank` is the place of a person in the row, 0 for a partner.
    """

    kind = models.CharField(_("nature"), max_length=8, choices=Judgement.Kind)
    row = models.ForeignKey(SourceRecord, models.CASCADE, related_name="+", verbose_name=_("ligne"), db_index=False)
    rank = models.PositiveSmallIntegerField(_("rang"), default=0)
    facing_row = models.ForeignKey(
        SourceRecord, models.CASCADE, related_name="+", verbose_name=_("ligne de l’autre"), null=True
    )
    facing_rank = models.PositiveSmallIntegerField(_("rang dans l’autre"), default=0)
    facing = models.BigIntegerField(_("l’autre fiche"))
    decided_at = models.DateTimeField(_("décidé le"))
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("par"), null=True, related_name="+")

    class Meta:
        verbose_name = _("doublon écarté, en attente de ses fiches")
        verbose_name_plural = _("doublons écartés, en attente de leurs fiches")
        constraints = [
            models.UniqueConstraint(
                fields=["row", "kind", "rank", "facing_row", "facing_rank", "facing"],
                name="one_refusal_per_rows",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(kind="person") | Q(rank=0, facing_rank=0), name="partners_have_no_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id} – {self.facing}"
