"""Addresses of the shared interface."""

from django.urls import URLPattern, path

from reciproque.foundation.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = [
    path("apparence/", views.theme, name="theme"),
    path("composants/", views.gallery, name="gallery"),
    path("accessibilite/", views.accessibility, name="accessibility"),
]
