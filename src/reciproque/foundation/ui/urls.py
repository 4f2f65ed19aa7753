"""Addresses of the shared interface."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.i18n import set_language

from reciproque.foundation.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = [
    path("apparence/", views.theme, name="theme"),
    path("langue/", login_not_required(set_language), name="language"),
    path("composants/", views.gallery, name="gallery"),
    path("accessibilite/", views.accessibility, name="accessibility"),
]
