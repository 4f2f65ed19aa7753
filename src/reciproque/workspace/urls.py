"""Addresses of this module."""

from django.urls import path

from reciproque.workspace import searching, views

app_name = "workspace"
urlpatterns = [
    path("", views.home, name="home"),
    path("palette/", searching.palette, name="palette"),
    path("recherche/", searching.search, name="search"),
    path("a-traiter/<str:key>/reporter/", views.snooze, name="snooze"),
    path("a-traiter/<str:key>/regler/", views.settle, name="settle"),
    path("a-traiter/<str:key>/reprendre/", views.resume, name="resume"),
]
