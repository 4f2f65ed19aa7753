"""The two lists: what differs between them, so that their pages are written once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reciproque.directory import policies
from reciproque.directory.listing import partners, people
from reciproque.foundation.listing.columns import Catalogue
from reciproque.foundation.listing.listing import Listing
from reciproque.institution.access import Policy


@dataclass(frozen=True, slots=True)
class ListKind:
    """One list and its words."""

    name: str
    title: Any
    catalogue: Catalogue
    listing: Callable[..., Listing]
    policy: Policy[Any]
    one_word: Any
    many_word: Any
    search_label: Any
    create_label: Any
    empty_words: tuple[Any, Any]
    file_name: str

    def url(self, page: str = "list") -> str:
        """The name of one of its addresses."""
        return f"directory:{self.name}_{page}"


PARTNERS = ListKind(
    name="partner",
    title=_("Partenaires"),
    catalogue=partners.CATALOGUE,
    listing=partners.listing,
    policy=policies.partners,
    one_word=_("partenaire"),
    many_word=_("partenaires"),
    search_label=_("Nom, SIREN, ville, personne…"),
    create_label=_("Nouveau partenaire"),
    empty_words=(
        _("Aucun partenaire pour l’instant"),
        _("Importez le fichier d’un service, ou créez une première fiche : son SIREN suffit."),
    ),
    file_name="partenaires",
)
PEOPLE = ListKind(
    name="person",
    title=_("Personnes"),
    catalogue=people.CATALOGUE,
    listing=people.listing,
    policy=policies.people,
    one_word=_("personne"),
    many_word=_("personnes"),
    search_label=_("Nom, courriel, employeur…"),
    create_label=_("Nouvelle personne"),
    empty_words=(
        _("Aucune personne pour l’instant"),
        _("Les personnes arrivent avec les imports, ou se créent depuis la fiche de leur employeur."),
    ),
    file_name="personnes",
)
