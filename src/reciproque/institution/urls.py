"""Addresses of this module."""

from django.urls import path

from reciproque.institution import export_pages, health_pages, identity_pages, notice_pages, view_pages, views

app_name = "institution"
urlpatterns = [
    path("administration/entites/", views.unit_list, name="unit_list"),
    path("administration/entites/nouvelle/", views.unit_create, name="unit_create"),
    path("administration/entites/<int:unit_id>/", views.unit_edit, name="unit_edit"),
    path("administration/entites/<int:unit_id>/fermer/", views.unit_close, name="unit_close"),
    path("administration/entites/<int:unit_id>/rouvrir/", views.unit_reopen, name="unit_reopen"),
    path("administration/comptes/collegues/", views.colleagues, name="colleagues"),
    path("administration/comptes/", views.account_list, name="account_list"),
    path("administration/comptes/nouveau/", views.account_create, name="account_create"),
    path("administration/comptes/<int:user_id>/", views.account_edit, name="account_edit"),
    path("administration/comptes/<int:user_id>/fermer/", views.account_close, name="account_close"),
    path("administration/comptes/<int:user_id>/rouvrir/", views.account_reopen, name="account_reopen"),
    path("administration/comptes/<int:user_id>/inviter/", views.account_invite, name="account_invite"),
    path("administration/comptes/<int:user_id>/sessions/", views.account_sessions_end, name="account_sessions_end"),
    path("administration/comptes/<int:user_id>/roles/", views.role_grant, name="role_grant"),
    path("administration/roles/<int:membership_id>/retirer/", views.role_revoke, name="role_revoke"),
    path("mon-compte/", views.account, name="account"),
    path("mon-compte/sessions/<int:session_id>/fermer/", views.session_end, name="session_end"),
    path("mes-exports/", export_pages.exports, name="exports"),
    path("mes-exports/<int:export_id>/", export_pages.download, name="export_download"),
    path("mes-exports/<int:export_id>/effacer/", export_pages.forget, name="export_forget"),
    path("administration/etat/", health_pages.state, name="state"),
    path("administration/identite/", identity_pages.identity, name="identity"),
    path("identite/logo/", identity_pages.logo, name="logo"),
    path("notifications/", notice_pages.notices, name="notices"),
    path("notifications/vues/", notice_pages.see, name="notices_seen"),
    path("notifications/reglages/", notice_pages.choices, name="notice_settings"),
    path("vues/nouvelle/", view_pages.create, name="view_create"),
    path("vues/<int:view_id>/", view_pages.update, name="view_update"),
    path("vues/<int:view_id>/epingler/", view_pages.pin, name="view_pin"),
    path("vues/<int:view_id>/supprimer/", view_pages.delete, name="view_delete"),
    path("langue/", views.language, name="language"),
    path("entrer/", views.enter, name="enter"),
]
