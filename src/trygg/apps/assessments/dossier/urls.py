from django.urls import path

from trygg.apps.assessments.dossier.views import drafting, reading, taking

urlpatterns = [
    path("dossiers/", drafting.dossiers, name="dossiers"),
    path("dossiers/new/", drafting.begin, name="begin_dossier"),
    path("dossiers/<int:dossier_id>/", drafting.overview, name="dossier"),
    path("dossiers/<int:dossier_id>/names/", drafting.names, name="dossier_names"),
    path("dossiers/<int:dossier_id>/publish/", drafting.publish, name="publish_dossier"),
    path("dossiers/<int:dossier_id>/upgrade/", drafting.upgrade, name="upgrade_dossier"),
    path("dossiers/<int:dossier_id>/sections/<str:section>/", drafting.section_page, name="dossier_section"),
    path("dossiers/<int:dossier_id>/sections/<str:section>/add/", drafting.add_entry, name="add_dossier_entry"),
    path("dossiers/<int:dossier_id>/items/<str:item_id>/autosave/", drafting.autosave, name="dossier_autosave"),
    path("dossiers/texts/<int:text_id>/", drafting.choose, name="choose_dossier_text"),
    path("dossiers/versions/<int:version_id>/", reading.version_page, name="dossier_version"),
    path("dossiers/versions/<int:version_id>/withdraw/", reading.withdraw, name="withdraw_dossier"),
    path("dossiers/reviews/<int:review_id>/", reading.review_page, name="dossier_review"),
    path("<int:assessment_id>/reuse/", taking.reuse, name="reuse"),
    path("takings/<int:taking_id>/undo/", taking.undo, name="undo_taking"),
]
