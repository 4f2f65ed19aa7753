"""Addresses of this module."""

from django.urls import path

from reciproque.workspace import views

app_name = "workspace"
urlpatterns = [
    path("", views.home, name="home"),
    path("a-traiter/<str:key>/reporter/", views.snooze, name="snooze"),
    path("a-traiter/<str:key>/regler/", views.settle, name="settle"),
    path("a-traiter/<str:key>/reprendre/", views.resume, name="resume"),
]
