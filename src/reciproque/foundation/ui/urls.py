"""Addresses of the shared interface."""

from django.urls import URLPattern

app_name = "ui"
urlpatterns: list[URLPattern] = []
