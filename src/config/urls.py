"""Every address of the application. French paths, English names."""

from django.urls import include, path

from reciproque.foundation.ui import errors

urlpatterns = [
    path("", include("reciproque.foundation.monitoring")),
    path("compte/", include("allauth.account.urls")),
    path("compte/2fa/", include("allauth.mfa.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
    path("", include("reciproque.workspace.urls")),
    path("", include("reciproque.directory.urls")),
    path("", include("reciproque.relations.urls")),
    path("", include("reciproque.sourcing.urls")),
    path("", include("reciproque.institution.urls")),
    path("", include("reciproque.foundation.ui.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
