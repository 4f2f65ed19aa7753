"""What this module holds about people, why and for how long."""

from django.utils.translation import gettext_lazy as _

from reciproque.foundation.personal import declare
from reciproque.institution.models import ListExport, Membership, Notice, NoticeChoice, NoticeMail, SavedView, User

declare(
    User,
    purpose=_("ouvrir l’application aux agents et signer ce qu’ils y font"),
    basis="RGPD art. 6-1-e",
    retention=_("deux ans après la dernière connexion, après un préavis de 30 jours"),
    source=_("l’administration de l’établissement"),
    fields=("username", "first_name", "last_name", "email", "title", "phone", "last_login", "date_joined", "name_key"),
    other=("password", "is_superuser", "is_staff", "is_active", "language", "persona", "groups", "user_permissions"),
)
declare(
    Membership,
    purpose=_("dire qui peut lire et modifier quoi"),
    basis="RGPD art. 6-1-e",
    retention=_("autant que le compte"),
    source=_("l’administration de l’établissement, les gestionnaires d’entité"),
    fields=("user", "unit", "role", "since"),
)
declare(
    SavedView,
    purpose=_("retrouver une liste telle qu’on l’avait composée"),
    basis="RGPD art. 6-1-e",
    retention=_("autant que le compte"),
    source=_("la personne elle-même"),
    fields=("owner",),
    other=("page", "name", "query", "unit", "visibility", "pinned", "position"),
)
declare(
    ListExport,
    purpose=_("savoir qui a fait sortir des données, et lesquelles"),
    basis="RGPD art. 6-1-e",
    retention=_("un an"),
    source=_("l’application elle-même"),
    fields=("user", "at"),
    other=("page", "query", "columns", "form", "rows", "state", "only", "path", "size", "ready_at"),
)
TOLD = _("dire à chacun ce qui le concerne, au rythme qu’il a choisi")
declare(
    Notice, purpose=TOLD, basis="RGPD art. 6-1-e", retention=_("un an"), source=_("l’application elle-même"),
    fields=("user", "created_at", "seen_at"), other=("kind", "fact", "mail"),
)  # fmt: skip
declare(
    NoticeMail, purpose=TOLD, basis="RGPD art. 6-1-e", retention=_("un an"), source=_("l’application elle-même"),
    fields=("user", "created_at"), other=("state", "error"),
)  # fmt: skip
declare(
    NoticeChoice, purpose=TOLD, basis="RGPD art. 6-1-e", retention=_("autant que le compte"), source=_("la personne elle-même"),
    fields=("user", "kind", "pace"),
)  # fmt: skip
