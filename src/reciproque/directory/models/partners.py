"""Partners, their sites, their ties with units, and the vocabulary of tags."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from reciproque.directory.models.common import Golden, Shared
from reciproque.foundation.database.functions import Fold
from reciproque.foundation.database.labels import Labelled
from reciproque.foundation.history import tracked


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Reads of partners."""

    def current(self) -> PartnerQuerySet:
        """Those not archived."""
        return self.filter(archived_at=None)

    def by_name(self) -> PartnerQuerySet:
        """In French alphabetical order, stable."""
        return self.order_by("name_key", "pk")


@tracked("updated_at")
class Partner(Shared):
    """A legal entity or organisation outside the university: company, authority, association, branch, hospital…"""

    class Kind(models.TextChoices):
        COMPANY = "company", _("entreprise")
        ASSOCIATION = "association", _("association")
        AUTHORITY = "authority", _("collectivité territoriale")
        STATE = "state", _("administration de l’État")
        SCHOOL = "school", _("établissement d’enseignement")
        RESEARCH = "research", _("organisme de recherche")
        HOSPITAL = "hospital", _("établissement de santé")
        CHAMBER = "chamber", _("chambre consulaire")
        BRANCH = "branch", _("branche, fédération professionnelle")
        OPCO = "opco", _("OPCO, financeur")
        FOUNDATION = "foundation", _("fondation")
        SELF_EMPLOYED = "self_employed", _("indépendant")
        OTHER = "other", _("autre organisme")

    class Size(models.TextChoices):
        SME = "PME", _("PME")
        MID = "ETI", _("ETI")
        LARGE = "GE", _("grande entreprise")

    name = models.CharField(_("raison sociale"), max_length=250)
    usual_name = models.CharField(_("nom d’usage"), max_length=250, blank=True)
    acronym = models.CharField(_("sigle"), max_length=40, blank=True)
    former_names = ArrayField(
        models.CharField(max_length=250), verbose_name=_("autres noms, anciens noms"), default=list, blank=True
    )
    kind = models.CharField(_("nature"), max_length=20, choices=Kind, default=Kind.COMPANY)

    country = models.CharField(_("pays"), max_length=2, default="FR")
    siren = models.CharField(_("SIREN"), max_length=9, blank=True)
    rna = models.CharField(_("RNA"), max_length=10, blank=True)
    vat = models.CharField(_("TVA intracommunautaire"), max_length=20, blank=True)
    foreign_id = models.CharField(_("identifiant étranger"), max_length=60, blank=True)

    legal_category = models.CharField(_("catégorie juridique"), max_length=4, blank=True)
    naf = models.CharField(_("NAF rév. 2"), max_length=6, blank=True)
    naf2025 = models.CharField(_("NAF 2025"), max_length=6, blank=True)
    headcount_band = models.CharField(_("tranche d’effectif"), max_length=2, blank=True)
    headcount_year = models.PositiveSmallIntegerField(_("année de l’effectif"), null=True, blank=True)
    size_category = models.CharField(_("catégorie d’entreprise"), max_length=3, choices=Size, blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("groupe"), null=True, blank=True, related_name="subsidiaries"
    )
    register_state = models.CharField(
        _("état au registre"), max_length=1, choices=[("A", _("active")), ("C", _("cessée"))], blank=True
    )
    diffusion = models.CharField(
        _("diffusion au registre"), max_length=1, choices=[("O", _("complète")), ("P", _("partielle"))], blank=True
    )
    register_checked_on = models.DateField(_("vérifiée au registre le"), null=True, blank=True)

    web = models.URLField(_("site web"), max_length=300, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("langues"), default=list, blank=True)
    tags = ArrayField(models.CharField(max_length=60), verbose_name=_("étiquettes"), default=list, blank=True)
    description = models.TextField(_("présentation"), blank=True)
    referent = models.ForeignKey(
        "institution.User",
        models.SET_NULL,
        verbose_name=_("référent établissement"),
        null=True,
        blank=True,
        related_name="+",
    )

    # The place of the head site, copied here by the operations on sites so that lists need no join.
    postcode = models.CharField(_("code postal"), max_length=10, blank=True, editable=False)
    city = models.CharField(_("ville"), max_length=120, blank=True, editable=False)
    department = models.CharField(_("département"), max_length=3, blank=True, editable=False)

    label = models.GeneratedField(
        expression=Coalesce(NullIf(F("usual_name"), Value("")), F("name")),
        output_field=models.CharField(max_length=250),
        db_persist=True,
    )
    name_key = models.GeneratedField(
        expression=Fold(Coalesce(NullIf(F("usual_name"), Value("")), F("name"))),
        output_field=models.TextField(),
        db_persist=True,
    )
    city_key = models.GeneratedField(expression=Fold("city"), output_field=models.TextField(), db_persist=True)

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("réunie à"),
        null=True,
        editable=False,
        db_index=False,
        related_name="absorbed",
    )

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partenaire")
        verbose_name_plural = _("partenaires")
        ordering = ["name_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="partner_has_a_name"),
            models.UniqueConstraint(
                fields=["siren"],
                condition=~Q(siren=""),
                name="one_partner_per_siren",
                violation_error_message=_(
                    "Un partenaire porte déjà ce SIREN : ouvrez sa fiche plutôt que d’en créer une autre."
                ),
            ),
            models.UniqueConstraint(
                fields=["rna"],
                condition=~Q(rna=""),
                name="one_partner_per_rna",
                violation_error_message=_("Un partenaire porte déjà ce numéro RNA."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(archived_at__isnull=False, siren="", rna=""),
                name="absorbed_partner_is_away",
            ),
            models.CheckConstraint(condition=Q(siren="") | Q(siren__regex=r"^[0-9]{9}$"), name="siren_is_nine_digits"),
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="partner_is_not_its_own_group",
                violation_error_message=_("Un partenaire ne peut pas être son propre groupe."),
            ),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="partner_by_name"),
            models.Index(fields=["city_key", "name_key", "id"], name="partner_by_city"),
            models.Index(fields=["department", "name_key", "id"], name="partner_by_department"),
            models.Index(fields=["kind", "name_key", "id"], name="partner_by_kind"),
            models.Index(fields=["naf", "name_key", "id"], name="partner_by_naf"),
            models.Index(fields=["headcount_band", "name_key", "id"], name="partner_by_headcount"),
            models.Index(fields=["unit", "name_key", "id"], name="partner_by_unit"),
            models.Index(fields=["referent", "name_key", "id"], name="partner_by_referent"),
            models.Index(
                fields=["unit", "id"],
                name="partner_to_complete",
                condition=Q(archived_at=None) & (Q(siren="", rna="", foreign_id="") | Q(email="", phone="")),
            ),
            models.Index(
                fields=["legal_category", "name_key", "id"], name="partner_by_legal", condition=~Q(legal_category="")
            ),
            models.Index(
                fields=["size_category", "name_key", "id"], name="partner_by_size", condition=~Q(size_category="")
            ),
            models.Index(fields=["sharing", "name_key", "id"], name="partner_kept", condition=~Q(sharing="network")),
            models.Index(fields=["name_key", "id"], name="partner_archived", condition=Q(archived_at__isnull=False)),
            models.Index(fields=["merged_into"], name="partner_absorbed", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["-updated_at", "-id"], name="partner_by_update"),
            models.Index(fields=["-created_at", "-id"], name="partner_by_creation"),
            models.Index(
                fields=["department", "city_key"],
                include=["city", "kind", "naf"],
                condition=Q(archived_at=None, sharing="network"),
                name="partner_by_place",
            ),
            models.Index(
                fields=["department", "city_key"],
                include=["city", "sharing", "unit", "id"],
                condition=Q(archived_at=None) & ~Q(sharing="network"),
                name="partner_kept_by_place",
            ),
            GinIndex(fields=["tags"], name="partner_by_tag"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="partner_name_contains"),
        ]

    def __str__(self) -> str:
        return self.usual_name or self.name


class SiteManager(models.Manager["Site"]):
    """Places as they are shown: one that another has absorbed is no longer a place of its own."""

    def get_queryset(self) -> models.QuerySet[Site]:
        """Without the absorbed ones."""
        return super().get_queryset().filter(merged_into=None)


@tracked("updated_at")
class Site(Golden):
    """One place of a partner (établissement), with its SIRET when it has one."""

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partenaire"), related_name="sites")
    name = models.CharField(_("enseigne"), max_length=250, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    uai = models.CharField(_("UAI"), max_length=8, blank=True)
    is_head = models.BooleanField(_("siège"), default=False)
    address = models.CharField(_("adresse"), max_length=250, blank=True)
    address_complement = models.CharField(_("complément d’adresse"), max_length=250, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    city = models.CharField(_("ville"), max_length=120, blank=True)
    cedex = models.CharField(_("cedex"), max_length=40, blank=True)
    city_code = models.CharField(_("code commune"), max_length=5, blank=True)
    department = models.CharField(_("département"), max_length=3, blank=True)
    country = models.CharField(_("pays"), max_length=2, default="FR")
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    state = models.CharField(
        _("état"), max_length=1, choices=[("A", _("ouvert")), ("F", _("fermé"))], default="A", blank=True
    )
    merged_into = models.ForeignKey(
        "self",
        models.CASCADE,
        verbose_name=_("réuni à"),
        null=True,
        editable=False,
        db_index=False,
        related_name="absorbed",
    )

    objects = SiteManager()
    everything = models.Manager["Site"]()

    class Meta:
        verbose_name = _("établissement du partenaire")
        verbose_name_plural = _("établissements du partenaire")
        ordering = ["-is_head", "city", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"],
                condition=~Q(siret=""),
                name="one_site_per_siret",
                violation_error_message=_("Un établissement porte déjà ce SIRET."),
            ),
            models.UniqueConstraint(fields=["partner"], condition=Q(is_head=True), name="one_head_site"),
            models.CheckConstraint(
                condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$"), name="siret_is_fourteen_digits"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(siret="", is_head=False), name="absorbed_site_is_away"
            ),
        ]
        indexes = [
            models.Index(fields=["merged_into"], name="site_absorbed", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["postcode"], name="site_by_postcode"),
            models.Index(fields=["city_code"], name="site_by_commune"),
            models.Index(fields=["department", "partner"], name="site_by_department"),
            models.Index(fields=["uai"], condition=~Q(uai=""), name="site_by_uai"),
            models.Index(fields=["latitude", "longitude"], name="site_by_place", condition=Q(latitude__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or self.city or str(self.partner)


@tracked()
class PartnerUnit(Labelled):
    """What a partner is to a unit: its status there, and the colleague who carries the tie."""

    class Status(models.TextChoices):
        PROSPECT = "prospect", _("à contacter")
        ACTIVE = "active", _("en relation")
        SLEEPING = "sleeping", _("en sommeil")
        ENDED = "ended", _("relation close")

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partenaire"), related_name="units")
    unit = models.ForeignKey("institution.Unit", models.PROTECT, verbose_name=_("entité"), related_name="+")
    status = models.CharField(_("statut"), max_length=12, choices=Status, default=Status.ACTIVE)
    referent = models.ForeignKey(
        "institution.User",
        models.SET_NULL,
        verbose_name=_("référent d’entité"),
        null=True,
        blank=True,
        related_name="+",
    )
    since = models.DateField(_("depuis"), null=True, blank=True)

    class Meta:
        verbose_name = _("lien avec une entité")
        verbose_name_plural = _("liens avec les entités")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["partner", "unit"], name="one_tie_per_unit")]
        indexes = [
            models.Index(fields=["unit", "status", "partner"], name="tie_by_unit"),
            models.Index(fields=["referent", "partner"], name="tie_by_referent"),
            models.Index(
                fields=["unit", "partner"],
                name="tie_without_referent",
                condition=Q(referent=None, status__in=["prospect", "active"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} – {self.unit}"


class Tag(models.Model):
    """The shared vocabulary of tags; the records hold the names."""

    name = models.CharField(_("nom"), max_length=60)
    name_key = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)

    class Meta:
        verbose_name = _("étiquette")
        verbose_name_plural = _("étiquettes")
        ordering = ["name_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="one_tag_per_name")]

    def __str__(self) -> str:
        return self.name
