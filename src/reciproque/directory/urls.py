"""Addresses of this module."""

from reciproque.directory.records import urls as records

app_name = "directory"
urlpatterns = [*records.patterns]
