"""Where rows come from: a source (a service's file, a register) and the files it gave."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.history import tracked


@tracked()
class Source(models.Model):
    """Somebody's file, known by a code, with the meaning of its columns once it has been said."""

    class Kind(models.TextChoices):
        FILE = "file", _("fichier d’une entité")
        REGISTER = "register", _("registre officiel")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=160)
    kind = models.CharField(_("nature"), max_length=10, choices=Kind, default=Kind.FILE)
    unit = models.ForeignKey("institution.Unit", models.PROTECT, verbose_name=_("entité"), related_name="+")
    mapping = models.JSONField(_("correspondance des colonnes"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="source_has_a_name")]

    def __str__(self) -> str:
        return self.name


class ImportFile(models.Model):
    """A file as it was received: kept under a name of ours, outside what the web server serves."""

    path = models.CharField(_("emplacement"), max_length=200, unique=True)
    original_name = models.CharField(_("nom d’origine"), max_length=250)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("taille"))
    inspection = models.JSONField(_("contenu"), default=dict)
    uploaded_by = models.ForeignKey(
        "institution.User", models.SET_NULL, verbose_name=_("déposé par"), null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("déposé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("fichier importé")
        verbose_name_plural = _("fichiers importés")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["sha256"], name="import_file_by_content")]

    def __str__(self) -> str:
        return self.original_name
