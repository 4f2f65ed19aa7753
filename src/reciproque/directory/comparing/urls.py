"""Addresses of the comparison of records."""

from django.urls import path

from reciproque.directory.comparing import views
from reciproque.directory.comparing.kinds import PARTNERS, PEOPLE, SITES
from reciproque.directory.records.kinds import PARTNER, PERSON

patterns = [
    path("partenaires/reunir/", views.merge, {"kind": PARTNERS}, name="partner_merge"),
    path("personnes/reunir/", views.merge, {"kind": PEOPLE}, name="person_merge"),
    path("partenaires/sites/reunir/", views.merge, {"kind": SITES}, name="site_merge"),
    path("partenaires/<int:pk>/reunir/", views.choose, {"kind": PARTNER}, name="partner_merge_choose"),
    path("personnes/<int:pk>/reunir/", views.choose, {"kind": PERSON}, name="person_merge_choose"),
    path("partenaires/<int:pk>/sites/reunir/", views.choose_sites, name="site_merge_choose"),
    path("fiches/separer/<str:merges>/", views.separate, name="separate"),
]
