from django.urls import path

from trygg.apps.assessments import views

app_name = "assessments"
urlpatterns = [
    path("start/<slug:matter_key>/", views.start, name="start"),
    path("<int:assessment_id>/", views.overview, name="overview"),
    path("<int:assessment_id>/score/", views.score, name="score"),
    path("<int:assessment_id>/score.json", views.score_json, name="score_json"),
    path("<int:assessment_id>/tender/", views.tender, name="tender"),
    path("<int:assessment_id>/tender/<slug:language>.docx", views.tender_word, name="tender_word"),
    path("<int:assessment_id>/what-if/", views.what_if, name="what_if"),
    path("<int:assessment_id>/second-reader/", views.ask_reader, name="ask_reader"),
    path("<int:assessment_id>/sign/", views.sign, name="sign"),
    path("<int:assessment_id>/lock/", views.lock, name="lock"),
    path("<int:assessment_id>/reopen/", views.reopen, name="reopen"),
    path("<int:assessment_id>/upgrade/", views.upgrade, name="upgrade"),
    path("<int:assessment_id>/upgrade/undo/", views.undo_upgrade, name="undo_upgrade"),
    path("<int:assessment_id>/carried/", views.carried, name="carried"),
    path("<int:assessment_id>/phase/", views.next_phase, name="next_phase"),
    path("obligations/<int:task_id>/", views.obligation, name="obligation"),
    path("signatures/<int:signoff_id>/withdraw/", views.withdraw, name="withdraw"),
    path("sections/<int:section_id>/", views.section_page, name="section"),
    path("sections/<int:section_id>/assign/", views.assign, name="assign"),
    path("sections/<int:section_id>/items/<str:item_id>/autosave/", views.autosave, name="autosave"),
    path("sections/<int:section_id>/items/<str:item_id>/earlier/", views.earlier, name="earlier"),
    path("sections/<int:section_id>/entries/add/", views.add_entry, name="add_entry"),
    path("sections/<int:section_id>/entries/removed/", views.removed_entries, name="removed_entries"),
    path("sections/<int:section_id>/entries/<str:entry>/", views.entry, name="entry"),
    path("readings/<int:reading_id>/", views.reading, name="reading"),
    path("readings/<int:reading_id>/withdraw/", views.withdraw_reading, name="withdraw_reading"),
    path("readings/<int:reading_id>/differences/", views.differences, name="differences"),
    path("readings/<int:reading_id>/differences/<str:item_id>/", views.settle, name="settle"),
    path("readings/<int:reading_id>/sections/<str:section>/", views.reading_section, name="reading_section"),
    path("readings/<int:reading_id>/items/<str:item_id>/autosave/", views.reading_autosave, name="reading_autosave"),
    path("texts/<int:version_id>/", views.choose, name="choose"),
]
