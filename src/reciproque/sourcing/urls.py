"""Addresses of this module."""

from django.urls import path, re_path

from reciproque.sourcing.views import doubles, quality, reports, steps, zones

app_name = "sourcing"
urlpatterns = [
    path("doublons/", doubles.queue, name="doubles"),
    path("doublons/decider/", doubles.decide, name="doubles_decide"),
    path("doublons/rouvrir/<str:judged>/", doubles.reopen, name="doubles_reopen"),
    path("doublons/pourquoi/", doubles.why, name="why"),
    path("doublons/a-verifier/", zones.check_queue, name="checks"),
    path("doublons/a-verifier/<int:check_id>/", zones.check_answer, name="check_answer"),
    path("doublons/a-verifier/<int:check_id>/revoir/", zones.check_reopen, name="check_reopen"),
    path("qualite/", quality.board, name="quality"),
    path("qualite/mesurer/", quality.measure, name="quality_measure"),
    path("qualite/entites/fichier/", quality.units_file, name="quality_units_file"),
    path("qualite/fiches/", quality.records, name="quality_records"),
    path("qualite/fiches/fichier/", quality.records_file, name="quality_records_file"),
    path("qualite/paires/", quality.pairs, name="quality_pairs"),
    path("qualite/paires/fichier/", quality.pairs_file, name="quality_pairs_file"),
    path("qualite/seuils/", zones.zones, name="zones"),
    path("qualite/reunions/", zones.run_list, name="runs"),
    path("qualite/reunions/<int:run_id>/defaire/", zones.run_undo, name="run_undo"),
    path("qualite/modeles/", zones.model_list, name="models"),
    path("qualite/modeles/livre/", zones.model_shipped, name="model_shipped"),
    path("qualite/modeles/<int:model_id>/", zones.model_page, name="model"),
    path("qualite/modeles/<int:model_id>/decider/", zones.model_decide, name="model_decide"),
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
    path("imports/<int:import_id>/rapprochement/<int:row_id>/", steps.import_why, name="import_why"),
    path("imports/<int:import_id>/recapitulatif/", steps.import_summary, name="import_summary"),
    path("imports/<int:import_id>/abandonner/", steps.import_abandon, name="import_abandon"),
    re_path(
        r"^imports/(?P<import_id>\d+)/(?P<action>arreter|reprendre|annuler|controler)/$",
        steps.import_action,
        name="import_action",
    ),
    re_path(r"^imports/(?P<import_id>\d+)/lignes\.(?P<kind>csv|xlsx)$", reports.import_rows, name="import_rows"),
]
