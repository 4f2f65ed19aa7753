"""Addresses of this module."""

from django.urls import path

from reciproque.directory.comparing import urls as comparing
from reciproque.directory.listing import urls as listing
from reciproque.directory.piles import late
from reciproque.directory.piles import views as piles
from reciproque.directory.records import urls as records

app_name = "directory"
urlpatterns = [
    *comparing.patterns,
    *listing.patterns,
    *records.patterns,
    path("a-traiter/entites-en-retard/", late.late_units, name="late_units"),
    path("a-traiter/entites-en-retard/export/", late.export, name="late_units_export"),
    path("a-traiter/<slug:slug>/", piles.pile, name="pile"),
    path("a-traiter/<slug:slug>/annuler/", piles.undo, name="pile_undo"),
]
