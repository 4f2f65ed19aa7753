"""Addresses of the lists of partners and of people."""

from django.urls import path

from reciproque.directory.listing import acting, cellular, exporting, views
from reciproque.directory.listing.kinds import PARTNERS, PEOPLE
from reciproque.directory.mapping import views as mapping

patterns = [
    path("partenaires/", views.records, {"kind": PARTNERS}, name="partner_list"),
    path("partenaires/carte/", mapping.atlas, name="partner_map"),
    path("partenaires/exporter/", exporting.export, {"kind": PARTNERS}, name="partner_export"),
    path("partenaires/en-nombre/", acting.bulk, {"kind": PARTNERS}, name="partner_bulk"),
    path("partenaires/en-nombre/annuler/<str:key>/", acting.undo, {"kind": PARTNERS}, name="partner_bulk_undo"),
    path("partenaires/<int:pk>/apercu/", views.peek, {"kind": PARTNERS}, name="partner_peek"),
    path("partenaires/<int:pk>/cellule/<slug:name>/", cellular.cell, {"kind": PARTNERS}, name="partner_cell"),
    path("personnes/", views.records, {"kind": PEOPLE}, name="person_list"),
    path("personnes/exporter/", exporting.export, {"kind": PEOPLE}, name="person_export"),
    path("personnes/en-nombre/", acting.bulk, {"kind": PEOPLE}, name="person_bulk"),
    path("personnes/en-nombre/annuler/<str:key>/", acting.undo, {"kind": PEOPLE}, name="person_bulk_undo"),
    path("personnes/<int:pk>/apercu/", views.peek, {"kind": PEOPLE}, name="person_peek"),
    path("personnes/<int:pk>/cellule/<slug:name>/", cellular.cell, {"kind": PEOPLE}, name="person_cell"),
]
