from django.urls import path

from trygg.kernel.archive import views

app_name = "archive"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("new/", views.ask, name="ask"),
    path("<int:export_id>/", views.export, name="export"),
    path("<int:export_id>/fetch/", views.fetch, name="fetch"),
    path("<int:export_id>/again/", views.again, name="again"),
    path("<int:export_id>/cancel/", views.cancel, name="cancel"),
]
