"""The establishment's tree of units, the people who work there, and what they may do."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.database.functions import Fold
from reciproque.foundation.history import tracked


class UnitQuerySet(models.QuerySet["Unit"]):
    """Reads of the tree."""

    def active(self) -> UnitQuerySet:
        """Units that still exist."""
        return self.filter(closed_on=None)

    def under(self, unit: Unit) -> UnitQuerySet:
        """The unit and everything below it."""
        return self.filter(path__startswith=unit.path)

    def above(self, unit: Unit) -> UnitQuerySet:
        """The unit and everything above it, root first."""
        return self.filter(pk__in=[int(pk) for pk in unit.path.strip("/").split("/")]).order_by("path")

    def in_tree_order(self) -> UnitQuerySet:
        """Parents before children, siblings by position then name."""
        return self.order_by("tree_key")


@tracked()
class Unit(models.Model):
    """Any part of the university: the establishment itself, a faculty, an institute, a service, a laboratory, a CFA…"""

    class Kind(models.TextChoices):
        ESTABLISHMENT = "establishment", _("établissement")
        FACULTY = "faculty", _("UFR, faculté")
        INSTITUTE = "institute", _("institut, école interne (art. L713-9)")
        DEPARTMENT = "department", _("département")
        SERVICE = "service", _("service central ou commun")
        CONTINUING = "continuing_education_service", _("service de formation continue")
        CAREERS = "careers_service", _("orientation, stages et insertion")
        BUSINESS = "business_relations_service", _("relations entreprises et valorisation")
        LABORATORY = "laboratory", _("unité de recherche")
        PLATFORM = "technology_platform", _("plateforme technologique")
        DOCTORAL = "doctoral_school", _("école doctorale")
        CFA = "cfa", _("CFA, UFA")
        FOUNDATION = "foundation", _("fondation")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("nom"), max_length=200)
    short_name = models.CharField(_("nom court"), max_length=40)
    kind = models.CharField(_("nature"), max_length=40, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("rattachée à"), null=True, blank=True, related_name="children"
    )
    uai = models.CharField(_("UAI"), max_length=8, blank=True)
    supann_code = models.CharField(_("code SUPANN"), max_length=60, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    colour = models.PositiveSmallIntegerField(_("couleur"), default=0)
    closed_on = models.DateField(_("fermée le"), null=True, blank=True)
    path = models.CharField(max_length=200, editable=False, default="", db_index=True)
    tree_key = models.CharField(max_length=400, editable=False, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("entité")
        verbose_name_plural = _("entités")
        ordering = ["tree_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="unit_has_a_name"),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(kind="establishment"), name="only_an_establishment_has_no_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def depth(self) -> int:
        """0 for an establishment at the root."""
        return max(self.path.count("/") - 2, 0)


@tracked("password", "last_login")
class User(AbstractUser):
    """Somebody who works at the university and signs in."""

    title = models.CharField(_("fonction"), max_length=120, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    language = models.CharField(_("langue"), max_length=5, default="fr")
    persona = models.CharField(_("profil de démonstration"), max_length=300, blank=True, editable=False)
    name_key = models.GeneratedField(
        expression=Fold(models.functions.Concat("last_name", models.Value(" "), "first_name")),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("compte")  # type: ignore[assignment]
        verbose_name_plural = _("comptes")  # type: ignore[assignment]
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                name="one_account_per_email",
                condition=~Q(email=""),
                violation_error_message=_("Un compte a déjà cette adresse."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Role(models.TextChoices):
    """What a membership gives. The first three are ranks in a unit; the others hold for the whole establishment."""

    READER = "reader", _("lecture")
    MEMBER = "member", _("contribution")
    MANAGER = "manager", _("gestion")
    DATA_STEWARD = "data_steward", _("référent qualité des données")
    STEERING = "steering", _("pilotage")
    DPO = "dpo", _("déléguée ou délégué à la protection des données")
    ADMINISTRATOR = "administrator", _("administration")


RANK = {Role.READER: 0, Role.MEMBER: 1, Role.MANAGER: 2}
ESTABLISHMENT_WIDE = frozenset({Role.DATA_STEWARD, Role.STEERING, Role.DPO, Role.ADMINISTRATOR})


@tracked()
class Membership(models.Model):
    """A role of a person in a unit; it holds in everything below that unit."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("compte"), related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("entité"), related_name="memberships")
    role = models.CharField(_("rôle"), max_length=20, choices=Role)
    since = models.DateField(_("depuis"), auto_now_add=True)

    class Meta:
        verbose_name = _("appartenance")
        verbose_name_plural = _("appartenances")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit"],
                condition=Q(role__in=["reader", "member", "manager"]),
                name="one_rank_per_unit",
                violation_error_message=_("Cette personne a déjà un rôle dans cette entité : modifiez-le."),
            ),
            models.UniqueConstraint(fields=["user", "unit", "role"], name="each_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {Role(self.role).label} – {self.unit}"


@tracked()
class SavedView(models.Model):
    """A list as somebody wants to find it again: all its state is the query string, so it can be mailed as an address."""

    class Visibility(models.TextChoices):
        MINE = "mine", _("moi")
        UNIT = "unit", _("mon entité")
        ESTABLISHMENT = "establishment", _("tout l’établissement")

    page = models.CharField(_("page"), max_length=60)
    name = models.CharField(_("nom"), max_length=80)
    query = models.TextField(_("filtres, tri et colonnes"), blank=True)
    owner = models.ForeignKey(User, models.CASCADE, verbose_name=_("propriétaire"), related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name=_("entité"), null=True, blank=True, related_name="+")
    visibility = models.CharField(_("visible par"), max_length=20, choices=Visibility, default=Visibility.MINE)
    pinned = models.BooleanField(_("épinglée"), default=False)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("vue enregistrée")
        verbose_name_plural = _("vues enregistrées")
        ordering = ["page", "position", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                name="one_view_of_that_name",
                violation_error_message=_("Vous avez déjà une vue de ce nom."),
            ),
            models.CheckConstraint(
                condition=~Q(visibility="unit") | Q(unit__isnull=False), name="a_unit_view_has_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ListExport(models.Model):
    """A list sent out as a file: who took what, when, how many rows. Part of the audit.

    A small one leaves at once (`sent`); a big one is written by the worker and its file kept for a week.
    """

    class State(models.TextChoices):
        SENT = "sent", _("envoyé")
        WAITING = "waiting", _("en préparation")
        READY = "ready", _("prêt")
        FAILED = "failed", _("en échec")
        EXPIRED = "expired", _("effacé")

    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("compte"), null=True, related_name="+")
    at = models.DateTimeField(_("le"), auto_now_add=True)
    page = models.CharField(_("page"), max_length=60)
    query = models.TextField(_("filtres et tri"), blank=True)
    columns = models.JSONField(_("colonnes"), default=list)
    form = models.CharField(_("format"), max_length=8)
    rows = models.PositiveIntegerField(_("lignes"))
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.SENT)
    only = models.JSONField(_("fiches cochées"), default=list)
    path = models.CharField(_("fichier"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("octets"), default=0)
    ready_at = models.DateTimeField(_("prêt le"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.page} ({self.rows})"


@tracked()
class NoticeChoice(models.Model):
    """How soon somebody wants to hear by mail of a kind of fact; without a row, as the kind usually is."""

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", _("tout de suite")
        DAILY = "daily", _("une fois par jour")
        WEEKLY = "weekly", _("une fois par semaine")
        NEVER = "never", _("jamais")

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("compte"), related_name="+")
    kind = models.CharField(_("nature"), max_length=40)
    pace = models.CharField(_("rythme"), max_length=10, choices=Pace)

    class Meta:
        verbose_name = _("choix de notification")
        verbose_name_plural = _("choix de notifications")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_pace_per_kind")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.pace}"


class NoticeMail(models.Model):
    """One message that told somebody of some facts. `doubt`: the sender died, or the line broke, while it was handed over; never sent again."""

    class State(models.TextChoices):
        SENDING = "sending", _("en cours d’envoi")
        SENT = "sent", _("envoyé")
        EMPTY = "empty", _("sans objet")
        FAILED = "failed", _("refusé par le serveur")
        DOUBT = "doubt", _("incertain")

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("compte"), related_name="+")
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.SENDING)
    error = models.CharField(_("réponse du serveur"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("préparé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("message de notification")
        verbose_name_plural = _("messages de notification")
        ordering = ["pk"]
        indexes = [models.Index(fields=["created_at"], name="notice_mail_moving", condition=Q(state="sending"))]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"


class Notice(models.Model):
    """A fact of which somebody is told, once: its kind (`notices.kinds`) and what identifies it; its words are made when they are read."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("compte"), related_name="+", db_index=False)
    kind = models.CharField(_("nature"), max_length=40)
    fact = models.CharField(_("fait"), max_length=60)
    created_at = models.DateTimeField(_("le"), auto_now_add=True)
    seen_at = models.DateTimeField(_("lu le"), null=True, blank=True)
    mail = models.ForeignKey(
        NoticeMail, models.SET_NULL, verbose_name=_("message"), null=True, blank=True, related_name="notices"
    )

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "fact"], name="told_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_by_user"),
            models.Index(fields=["user"], name="notice_unseen", condition=Q(seen_at=None)),
            models.Index(fields=["kind", "created_at"], name="notice_to_mail", condition=Q(seen_at=None, mail=None)),
            models.Index(fields=["created_at"], name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.fact}"


@tracked("updated_at")
class Identity(models.Model):
    """How the establishment shows itself on the documents it sends: one row, none until it is set."""

    name = models.CharField(_("nom sur les documents"), max_length=200)
    colour = models.CharField(_("couleur"), max_length=7, default="#67408f", help_text=_("Comme #67408f."))
    address = models.TextField(_("adresse"), blank=True, max_length=500)
    contact = models.CharField(
        _("contact"), max_length=200, blank=True, help_text=_("Courriel ou téléphone de l’accueil des partenaires.")
    )
    logo = models.CharField(_("logo"), max_length=64, blank=True, editable=False)
    logo_text = models.CharField(_("texte qui remplace le logo"), max_length=120, blank=True)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)

    class Meta:
        verbose_name = _("identité de l’établissement")
        verbose_name_plural = _("identité de l’établissement")
        constraints = [
            models.UniqueConstraint(models.Value(1), name="one_identity"),
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-f]{6}$"),
                name="identity_has_a_colour",
                violation_error_message=_("Une couleur s’écrit # puis six chiffres de 0 à 9 ou lettres de a à f."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
