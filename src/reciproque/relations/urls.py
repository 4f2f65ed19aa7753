"""Addresses of this module."""

from django.urls import path

from reciproque.relations.views import boards, capture, catalogue, collaborations, concertation, interactions, tasks

app_name = "relations"
urlpatterns = [
    path("partenaires/<int:partner_id>/chronologie/", interactions.timeline, name="timeline"),
    path("partenaires/<int:partner_id>/echanges/nouveau/", interactions.record, name="interaction_create"),
    path("echanges/nouveau/", interactions.quick, name="interaction_quick"),
    path("echanges/<int:interaction_id>/", interactions.interaction, name="interaction"),
    path("echanges/<int:interaction_id>/<slug:action>/", interactions.move, name="interaction_move"),
    path("partenaires/<int:partner_id>/collaborations/nouvelle/", collaborations.create, name="collaboration_create"),
    path("collaborations/", collaborations.listing, name="collaborations"),
    path("collaborations/export/", collaborations.export, name="collaborations_export"),
    path("collaborations/<int:collaboration_id>/", collaborations.collaboration, name="collaboration"),
    path("collaborations/<int:collaboration_id>/modifier/", collaborations.edit, name="collaboration_edit"),
    path("collaborations/<int:collaboration_id>/<slug:action>/", collaborations.move, name="collaboration_move"),
    path("partenaires/<int:partner_id>/besoins/nouveau/", tasks.create_need, name="need_create"),
    path("besoins/", tasks.needs, name="needs"),
    path("besoins/<int:need_id>/<slug:action>/", tasks.move_need, name="need_move"),
    path("taches/", tasks.tasks, name="tasks"),
    path("partenaires/<int:partner_id>/taches/nouvelle/", tasks.create_task, name="task_create"),
    path("taches/<int:task_id>/<slug:action>/", tasks.move_task, name="task_move"),
    path("partenaires/<int:partner_id>/reorienter/", tasks.refer, name="refer"),
    path("reorientations/", tasks.referrals, name="referrals"),
    path("reorientations/<int:referral_id>/<slug:action>/", tasks.move_referral, name="referral_move"),
    path("mes-partenaires/", boards.mine, name="mine"),
    path("reciprocite/", boards.board, name="board"),
    path("reciprocite/liste/", boards.figures, name="figures"),
    path("reciprocite/export/", boards.export, name="figures_export"),
    path("partenaires/<int:partner_id>/reciprocite/", boards.counted, name="counted"),
    path("partenaires/<int:partner_id>/bilan/", boards.review, name="review"),
    path("partenaires/<int:partner_id>/objectif/", catalogue.target, name="target"),
    path("partenaires/<int:partner_id>/propositions/<int:dispositif_id>/", catalogue.answer, name="proposal_answer"),
    path("dispositifs/", catalogue.listing, name="dispositifs"),
    path("dispositifs/nouveau/", catalogue.create, name="dispositif_create"),
    path("dispositifs/objectif/", catalogue.usual_target, name="target_usual"),
    path("dispositifs/<int:dispositif_id>/", catalogue.edit, name="dispositif_edit"),
    path("dispositifs/<int:dispositif_id>/retirer/", catalogue.close, name="dispositif_close"),
    path("partenaires/<int:partner_id>/avant-de-contacter/", concertation.before, name="before"),
    path("partenaires/<int:partner_id>/presence/", concertation.presence, name="presence"),
    path("partenaires/<int:partner_id>/sollicitations/nouvelle/", concertation.solicit, name="solicit"),
    path("sollicitations/", concertation.calendar, name="solicitations"),
    path("sollicitations/plafonds/", concertation.caps, name="caps"),
    path(
        "sollicitations/<int:solicitation_id>/<slug:action>/", concertation.move_solicitation, name="solicitation_move"
    ),
    path("acces/", concertation.access_requests, name="access_requests"),
    path("acces/<slug:kind>/<int:record_id>/demander/", concertation.ask_access, name="access_ask"),
    path("acces/<int:request_id>/<slug:action>/", concertation.answer_access, name="access_answer"),
    path("suivi-courriel/", capture.mail, name="mail"),
    path("suivi-courriel/adresse/", capture.create_address, name="mail_address"),
    path("suivi-courriel/<int:message_id>/reessayer/", capture.file_again, name="mail_again"),
    path("echanges/fichiers/<int:file_id>/", capture.attachment, name="attachment"),
    path("agenda/<str:token>/reciproque.ics", capture.calendar_feed, name="calendar_feed"),
]
