"""Addresses of this module."""

from django.urls import path

from reciproque.relations.views import boards, catalogue, collaborations, interactions, tasks

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
]
