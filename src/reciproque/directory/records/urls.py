"""Addresses of the pages of one partner and of one person."""

from django.urls import path

from reciproque.directory.records import pages, parts, views
from reciproque.directory.records.kinds import PARTNER, PERSON, Kind


def _shared(kind: Kind, root: str) -> list[object]:
    """The addresses that both kinds have."""
    extra, name = {"kind": kind}, kind.name
    return [
        path(f"{root}/<int:pk>/modifier/", views.edit, extra, name=f"{name}_edit"),
        path(f"{root}/<int:pk>/champ/<slug:name>/", views.field, extra, name=f"{name}_field"),
        path(f"{root}/<int:pk>/champ/<slug:name>/liberer/", views.release, extra, name=f"{name}_release"),
        path(f"{root}/<int:pk>/retablir/", views.restore, extra, name=f"{name}_restore"),
        path(f"{root}/<int:pk>/archiver/", views.archive, extra, name=f"{name}_archive"),
        path(f"{root}/<int:pk>/desarchiver/", views.unarchive, extra, name=f"{name}_unarchive"),
        path(f"{root}/<int:pk>/partage/", parts.sharing, extra, name=f"{name}_sharing"),
        path(f"{root}/<int:pk>/etiquettes/", parts.tags, extra, name=f"{name}_tags"),
    ]


patterns = [
    path("partenaires/nouveau/", views.create, {"kind": PARTNER}, name="partner_create"),
    path("partenaires/deja-connu/", views.known, {"kind": PARTNER}, name="partner_known"),
    path("partenaires/<int:pk>/", pages.partner, name="partner"),
    *_shared(PARTNER, "partenaires"),
    path("partenaires/<int:pk>/referent/", parts.referent, name="partner_referent"),
    path("partenaires/<int:pk>/groupe/", parts.choose, {"kind": PARTNER, "purpose": "group"}, name="partner_group"),
    path("partenaires/<int:pk>/liens/", parts.tie, name="partner_tie"),
    path("partenaires/<int:pk>/liens/<int:unit_id>/retirer/", parts.untie, name="partner_untie"),
    path("partenaires/<int:pk>/sites/nouveau/", parts.site_add, name="site_add"),
    path("partenaires/<int:pk>/sites/<int:site_id>/", parts.site_edit, name="site_edit"),
    path("partenaires/<int:pk>/sites/<int:site_id>/siege/", parts.site_head, name="site_head"),
    path("partenaires/<int:pk>/sites/<int:site_id>/retirer/", parts.site_remove, name="site_remove"),
    path("personnes/nouvelle/", views.create, {"kind": PERSON}, name="person_create"),
    path("personnes/deja-connue/", views.known, {"kind": PERSON}, name="person_known"),
    path("personnes/<int:pk>/", pages.person, name="person"),
    *_shared(PERSON, "personnes"),
    path("personnes/<int:pk>/contact/", parts.contact, name="person_contact"),
    path(
        "personnes/<int:pk>/fonctions/nouvelle/",
        parts.choose,
        {"kind": PERSON, "purpose": "position"},
        name="position_add",
    ),
    path("personnes/<int:pk>/fonctions/<int:position_id>/", parts.position, name="position_edit"),
]
