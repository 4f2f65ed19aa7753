"""One import: a sheet of a file, read for a unit, and how far it is."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.history import tracked
from reciproque.sourcing.models.files import ImportFile, Source

UNDO_DAYS = 30


class ImportQuerySet(models.QuerySet["Import"]):
    """Reads of imports."""

    def unfinished(self) -> "ImportQuerySet":
        """Those that wait for somebody."""
        return self.filter(state__in=[Import.State.UPLOADED, Import.State.CHECKED, Import.State.STOPPED])


@tracked("done", "counts", "moved_at")
class Import(models.Model):
    """Rows of one sheet on their way to the directory. Its progress is counted from the rows themselves."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("à préparer")
        CHECKING = "checking", _("contrôle en cours")
        CHECKED = "checked", _("contrôlé, à valider")
        RUNNING = "running", _("écriture en cours")
        STOPPED = "stopped", _("arrêté")
        DONE = "done", _("terminé")
        UNDOING = "undoing", _("annulation en cours")
        UNDONE = "undone", _("annulé")
        FAILED = "failed", _("en échec")

    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"), related_name="imports")
    unit = models.ForeignKey("institution.Unit", models.PROTECT, verbose_name=_("entité"), related_name="+")
    author = models.ForeignKey(
        "institution.User", models.SET_NULL, verbose_name=_("par"), null=True, blank=True, related_name="+"
    )
    file = models.ForeignKey(ImportFile, models.PROTECT, verbose_name=_("fichier"), related_name="imports")
    sheet = models.CharField(_("feuille"), max_length=120, blank=True)
    options = models.JSONField(_("lecture du fichier"), default=dict)
    mapping = models.JSONField(_("correspondance des colonnes"), null=True, blank=True)
    observed_on = models.DateField(_("date des données"), default=timezone.localdate)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.UPLOADED, editable=False)
    total = models.PositiveIntegerField(_("lignes"), default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    stop_asked = models.BooleanField(default=False)
    problem = models.TextField(_("incident"), blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="a_done_import_has_an_end"
            )
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="import_by_unit")]

    def __str__(self) -> str:
        return f"{self.source} – {self.file}"

    @property
    def undoable_until(self) -> dt.datetime | None:
        """The last moment at which the whole import can be undone."""
        return self.finished_at + dt.timedelta(days=UNDO_DAYS) if self.finished_at else None

    @property
    def columns_open(self) -> bool:
        """Whether one may still say what its columns are: until the import has been started."""
        return self.state in {self.State.UPLOADED, self.State.CHECKED, self.State.FAILED}

    @property
    def rows_open(self) -> bool:
        """Whether its rows may be mended and decided upon: they are checked, nobody writes them now and it is not undone."""
        return self.state in {self.State.CHECKED, self.State.STOPPED, self.State.DONE, self.State.FAILED}

    @property
    def is_moving(self) -> bool:
        """Whether the worker is at it."""
        return self.state in {self.State.CHECKING, self.State.RUNNING, self.State.UNDOING}
