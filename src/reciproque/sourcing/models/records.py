"""Source records: every row as it was given, what was understood of it, and what it did to the directory."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.sourcing.models.files import Source
from reciproque.sourcing.models.imports import Import


class SourceRecordQuerySet(models.QuerySet["SourceRecord"]):
    """Reads of rows."""

    def speaking(self) -> "SourceRecordQuerySet":
        """Rows that have a say in golden values: applied, and not replaced by a newer version of the same row."""
        return self.filter(state=SourceRecord.State.APPLIED, current=True)


class SourceRecord(models.Model):
    """One row (fiche source). `cells` never change; what a person mends stands apart in `corrections` {column: text}."""

    class State(models.TextChoices):
        STAGED = "staged", _("lue")
        WAITING = "waiting", _("en attente")
        READY = "ready", _("prête")
        APPLIED = "applied", _("importée")
        UNCHANGED = "unchanged", _("inchangée")
        IGNORED = "ignored", _("écartée")
        WITHDRAWN = "withdrawn", _("retirée")

    class Decision(models.TextChoices):
        NONE = "", _("à rapprocher")
        NEW = "new", _("nouvelle")
        SAME = "same", _("déjà connue")
        DOUBTFUL = "doubtful", _("douteuse")
        LATER = "later", _("plus tard")

    # Few indexes: this is the table that grows. Source and unit are copies of the import's, which the database checks.
    import_run = models.ForeignKey(
        Import, models.CASCADE, verbose_name=_("import"), related_name="records", db_index=False
    )
    source = models.ForeignKey(
        Source, models.PROTECT, verbose_name=_("source"), related_name="+", db_index=False, db_constraint=False
    )
    unit = models.ForeignKey(
        "institution.Unit",
        models.PROTECT,
        verbose_name=_("entité"),
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    line = models.PositiveIntegerField(_("ligne"))
    observed_on = models.DateField(_("date des données"))
    cells = ArrayField(models.TextField(), verbose_name=_("cellules"))
    corrections = models.JSONField(_("corrections"), default=dict)
    draft = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    problem_codes = ArrayField(models.CharField(max_length=60), default=list)
    row_key = models.TextField(blank=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.STAGED)
    decision = models.CharField(_("rapprochement"), max_length=10, choices=Decision, default=Decision.NONE, blank=True)
    decided_by = models.ForeignKey(
        "institution.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    candidate = models.ForeignKey(
        "directory.Partner", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    leader = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    score = models.FloatField(default=0)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    change = models.CharField(
        _("évolution"), max_length=10, blank=True
    )  # new, changed, same, against the version before
    before = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    current = models.BooleanField(default=True)
    partner = models.ForeignKey(
        "directory.Partner", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    site = models.ForeignKey("directory.Site", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    applied_at = models.DateTimeField(_("importée le"), null=True, blank=True)
    kept = models.CharField(_("gardée à l’annulation"), max_length=10, blank=True)

    objects = SourceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiche source")
        verbose_name_plural = _("fiches sources")
        ordering = ["import_run", "line"]
        constraints = [
            models.UniqueConstraint(fields=["import_run", "line"], name="one_record_per_line"),
            models.UniqueConstraint(
                fields=["source", "row_key"],
                condition=Q(current=True, state="applied"),
                name="one_speaking_record_per_row",
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(applied_at__isnull=False), name="applied_has_a_date"
            ),
        ]
        indexes = [
            models.Index(fields=["import_run", "state", "line"], name="record_by_state"),
            models.Index(fields=["import_run", "decision", "line"], name="record_by_decision"),
            models.Index(fields=["partner", "source"], name="record_by_partner", condition=Q(partner__isnull=False)),
            models.Index(fields=["site"], name="record_by_site", condition=Q(site__isnull=False)),
            models.Index(fields=["candidate"], name="record_by_candidate", condition=Q(candidate__isnull=False)),
            models.Index(fields=["leader"], name="record_by_leader", condition=Q(leader__isnull=False)),
            models.Index(fields=["before"], name="record_by_version", condition=Q(before__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.line}"

    @property
    def values(self) -> list[str]:
        """The cells as they are read now: the file's, corrected where somebody did."""
        return [self.corrections.get(str(column), cell) for column, cell in enumerate(self.cells)]


class RecordPerson(models.Model):
    """A person that a row names."""

    record = models.ForeignKey(SourceRecord, models.CASCADE, related_name="people", db_index=False)
    person = models.ForeignKey("directory.Person", models.CASCADE, related_name="+", db_index=False)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("personne d’une fiche source")
        verbose_name_plural = _("personnes de fiches sources")
        constraints = [models.UniqueConstraint(fields=["record", "rank"], name="one_person_per_rank")]
        indexes = [models.Index(fields=["person"], name="record_person_by_person")]

    def __str__(self) -> str:
        return f"{self.record_id} → {self.person_id}"


class ImportEffect(models.Model):
    """What an import did to one record of the directory: what undoing it takes back.

    `before` holds the fields as they were (empty when the record was created), `after` as they were left, `version` the
    version then. `fate` says what undoing the import made of it.
    """

    class Fate(models.TextChoices):
        STANDS = "stands", _("en place")
        GONE = "gone", _("retirée")
        USED = "used", _("gardée : utilisée ailleurs")
        SETTLED = "settled", _("valeurs rétablies")

    import_run = models.ForeignKey(Import, models.CASCADE, related_name="effects", db_index=False, db_constraint=False)
    model = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    created = models.BooleanField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    fate = models.CharField(max_length=10, choices=Fate, default=Fate.STANDS)
    settled = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("effet d’un import")
        verbose_name_plural = _("effets d’un import")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["import_run", "model", "object_id"], name="one_effect_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
