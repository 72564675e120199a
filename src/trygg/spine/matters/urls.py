from django.urls import include, path

from trygg.spine.matters import views

app_name = "matters"
urlpatterns = [
    path("", views.matter_list, name="list"),
    path("new/", views.new_matter, name="new"),
    path("systems/", views.system_list, name="systems"),
    path("systems/<int:system_id>/", views.system, name="system"),
    path("systems/<int:system_id>/vendor/", views.vendor, name="vendor"),
    path("systems/<int:system_id>/version/", views.version, name="version"),
    path("shares/<int:share_id>/end/", views.end_share, name="end_share"),
    path("openings/", include("trygg.spine.matters.many.urls")),
    path("imports/", include("trygg.spine.matters.imports.urls")),
    path("<slug:matter_key>/", views.case, name="case"),
    path("<slug:matter_key>/facts/", views.facts, name="facts"),
    path("<slug:matter_key>/edit/", views.edit, name="edit"),
    path("<slug:matter_key>/stage/", views.stage, name="stage"),
    path("<slug:matter_key>/pause/", views.pause, name="pause"),
    path("<slug:matter_key>/resume/", views.resume, name="resume"),
    path("<slug:matter_key>/share/", views.share, name="share"),
]
