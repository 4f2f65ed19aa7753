"""What the official register proposes about partners: who they are, and what became of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models import Partner, Site
from reciproque.institution.models import User
from reciproque.sourcing.models.records import SourceRecord


class RegisterProposal(models.Model):
    """A fact of the register that would change a record. `fact` names it for good: refused, it never comes back.

    `candidates` are the companies that a partner without number may be, best first ({siren, siret, score, reasons}); `changes`
    what accepting writes, told to the reader ({label, before, after}). `record` is the source record that accepting wrote.
    """

    class Kind(models.TextChoices):
        MATCH = "match", _("entreprise reconnue")
        CLOSED = "closed", _("établissement fermé")
        MOVED = "moved", _("établissement déménagé")
        CEASED = "ceased", _("entreprise cessée")
        RENAMED = "renamed", _("changement de nom")
        HIDDEN = "hidden", _("diffusion devenue partielle")

    class State(models.TextChoices):
        OPEN = "open", _("à juger")
        LATER = "later", _("plus tard")
        ACCEPTED = "accepted", _("acceptée")
        REFUSED = "refused", _("refusée")

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partenaire"), related_name="+")
    site = models.ForeignKey(
        Site, models.CASCADE, verbose_name=_("établissement"), null=True, related_name="+", db_index=False
    )
    kind = models.CharField(_("nature"), max_length=8, choices=Kind)
    fact = models.CharField(_("fait"), max_length=120)
    siren = models.CharField(_("SIREN"), max_length=9, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    score = models.FloatField(_("vraisemblance"), default=1)
    candidates = models.JSONField(_("candidates"), default=list)
    changes = models.JSONField(_("changements"), default=list)
    state = models.CharField(_("décision"), max_length=8, choices=State, default=State.OPEN)
    found_on = models.DateField(_("trouvée le"))
    until = models.DateField(_("jusqu’au"), null=True)
    decided_at = models.DateTimeField(_("décidée le"), null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("par"), null=True, related_name="+")
    record = models.ForeignKey(SourceRecord, models.SET_NULL, null=True, related_name="+", db_index=False)
    before = models.JSONField(_("avant"), default=dict)

    class Meta:
        verbose_name = _("proposition du registre")
        verbose_name_plural = _("propositions du registre")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "fact"], name="one_proposal_per_fact"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "later"]) | Q(decided_at__isnull=False), name="a_decision_has_a_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "-score", "id"], name="register_to_judge", condition=Q(state__in=["open", "later"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact}"
