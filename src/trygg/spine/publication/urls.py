from django.urls import path

from trygg.spine.publication import views, views_others

app_name = "publication"
urlpatterns = [
    path("versions/<int:version_id>/", views.version, name="version"),
    path("versions/<int:version_id>/ask/", views.ask, name="ask"),
    path("versions/<int:version_id>/approve/", views.approve, name="approve"),
    path("versions/<int:version_id>/return/", views.send_back, name="return"),
    path("versions/<int:version_id>/publish/", views.publish, name="publish"),
    path("versions/<int:version_id>/goes-along/", views_others.goes_along, name="goes_along"),
    path("entries/<int:entry_id>/retract/", views.retract, name="retract"),
    path("<slug:matter_key>/", views.overview, name="overview"),
    path("<slug:matter_key>/draft/", views.draft, name="draft"),
    path("<slug:matter_key>/others/", views_others.others_list, name="others"),
    path("<slug:matter_key>/others/file/", views_others.read_file, name="case_file"),
    path("<slug:matter_key>/others/file/<int:outside_id>/", views_others.other_outside, name="other_outside"),
    path("<slug:matter_key>/others/<int:version_id>/", views_others.other_here, name="other_here"),
]
