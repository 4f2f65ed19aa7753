"""Records brought together: decisions that can be taken back, and what each record said by itself."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproque.institution.models import User


class Merge(models.Model):
    """A decision: one record absorbs another, which keeps its number and its values. Undone, never deleted.

    `choices` {first field of a block: "kept"|"absorbed"}. `was_head`: an absorbed place was the head of its partner. `entailed_by` is
    the merge of partners that brought about that of their places.
    """

    class Kind(models.TextChoices):
        PARTNER = "partner", _("partenaire")
        SITE = "site", _("établissement")
        PERSON = "person", _("personne")

    follows_merges = False

    kind = models.CharField(_("nature"), max_length=8, choices=Kind)
    kept_id = models.BigIntegerField(_("fiche gardée"))
    absorbed_id = models.BigIntegerField(_("fiche réunie"))
    at = models.DateTimeField(_("le"), auto_now_add=True)
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("par"), null=True, related_name="+")
    entailed_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="entailed")
    choices = models.JSONField(_("choix"), default=dict)
    archived_at = models.DateTimeField(_("déjà archivée le"), null=True)
    was_head = models.BooleanField(default=False)
    undone_at = models.DateTimeField(_("séparées le"), null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("séparées par"), null=True, related_name="+")

    class Meta:
        verbose_name = _("réunion de fiches")
        verbose_name_plural = _("réunions de fiches")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "absorbed_id"], condition=Q(undone_at=None), name="one_merge_per_absorbed"
            ),
            models.CheckConstraint(condition=~Q(kept_id=F("absorbed_id")), name="merge_of_two_records"),
        ]
        indexes = [
            models.Index(fields=["kind", "kept_id"], name="merge_by_kept"),
            models.Index(fields=["kind", "absorbed_id"], name="merge_by_absorbed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.absorbed_id} → {self.kept_id}"


class MergeBase(models.Model):
    """What a record said by itself when it was first brought together with another; gone once it stands alone again.

    `pinned` are the fields typed on it since; `computed` the values last written, which tell those typed from the others.
    """

    follows_merges = False

    kind = models.CharField(max_length=8, choices=Merge.Kind)
    record_id = models.BigIntegerField()
    own = models.JSONField()
    origins = models.JSONField()
    pinned = ArrayField(models.CharField(max_length=40), default=list)
    computed = models.JSONField()

    class Meta:
        verbose_name = _("valeurs propres d’une fiche réunie")
        constraints = [models.UniqueConstraint(fields=["kind", "record_id"], name="one_base_per_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"


class MergeRow(models.Model):
    """A row of another table that stands with a record that absorbed its own, or that was set aside beside it.

    `home` {column: number}: the records it was made for; `shown`: those it holds today; `holders` the same as `home`, to be found by.
    `row` is the whole row when it is set aside, `twin` the one that stands in its place, `given` {column: [before, after]} what
    it completes there.
    """

    follows_merges = False

    model = models.CharField(max_length=80)
    row_id = models.BigIntegerField()
    home = models.JSONField()
    shown = models.JSONField()
    holders = ArrayField(models.CharField(max_length=30))
    row = models.JSONField(null=True)
    twin = models.BigIntegerField(null=True)
    given = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("ligne d’une fiche réunie")
        constraints = [models.UniqueConstraint(fields=["model", "row_id"], name="one_home_per_row")]
        indexes = [GinIndex(fields=["holders"], name="merge_row_by_holder")]

    def __str__(self) -> str:
        return f"{self.model} {self.row_id}"
