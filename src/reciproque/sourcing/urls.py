"""Addresses of this module."""

from django.urls import path, re_path

from reciproque.sourcing.views import doubles, reports, steps

app_name = "sourcing"
urlpatterns = [
    path("doublons/", doubles.queue, name="doubles"),
    path("doublons/decider/", doubles.decide, name="doubles_decide"),
    path("doublons/rouvrir/<str:judged>/", doubles.reopen, name="doubles_reopen"),
    path("imports/", steps.import_list, name="import_list"),
    path("imports/nouveau/", steps.import_new, name="import_new"),
    path("imports/decloisonnement/", reports.decloisonnement, name="decloisonnement"),
    path("imports/decloisonnement.xlsx", reports.decloisonnement_file, name="decloisonnement_file"),
    path("imports/<int:import_id>/", steps.import_page, name="import"),
    path("imports/<int:import_id>/correspondance/", steps.import_columns, name="import_columns"),
    path("imports/<int:import_id>/feuille/", steps.import_sheet, name="import_sheet"),
    path("imports/<int:import_id>/lecture/", steps.import_reading, name="import_reading"),
    path("imports/<int:import_id>/controle/", steps.import_problems, name="import_problems"),
    path("imports/<int:import_id>/rapprochement/", steps.import_matches, name="import_matches"),
    path("imports/<int:import_id>/recapitulatif/", steps.import_summary, name="import_summary"),
    path("imports/<int:import_id>/abandonner/", steps.import_abandon, name="import_abandon"),
    re_path(
        r"^imports/(?P<import_id>\d+)/(?P<action>arreter|reprendre|annuler|controler)/$",
        steps.import_action,
        name="import_action",
    ),
    re_path(r"^imports/(?P<import_id>\d+)/lignes\.(?P<kind>csv|xlsx)$", reports.import_rows, name="import_rows"),
]
