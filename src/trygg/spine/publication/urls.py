from django.urls import path

from trygg.spine.publication import views

app_name = "publication"
urlpatterns = [
    path("versions/<int:version_id>/", views.version, name="version"),
    path("versions/<int:version_id>/ask/", views.ask, name="ask"),
    path("versions/<int:version_id>/approve/", views.approve, name="approve"),
    path("versions/<int:version_id>/return/", views.send_back, name="return"),
    path("versions/<int:version_id>/publish/", views.publish, name="publish"),
    path("entries/<int:entry_id>/retract/", views.retract, name="retract"),
    path("<slug:matter_key>/", views.overview, name="overview"),
    path("<slug:matter_key>/draft/", views.draft, name="draft"),
]
