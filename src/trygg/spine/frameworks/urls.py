from django.urls import path

from trygg.spine.frameworks import views

app_name = "frameworks"
urlpatterns = [
    path("", views.instruments, name="list"),
    path("mappings/<int:mapping_id>/", views.mapping, name="mapping"),
    path("upload/", views.upload, name="upload"),
    path("<int:pack_id>/", views.version, name="version"),
    path("<int:pack_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pack_id>/restore/", views.restore, name="restore"),
    path("<int:pack_id>/file/", views.download, name="file"),
]
