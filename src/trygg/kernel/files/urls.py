from django.urls import path

from trygg.kernel.files import views

app_name = "files"
urlpatterns = [
    path("<int:file_id>/", views.download, name="download"),
    path("<int:file_id>/read/", views.read, name="read"),
    path("<int:file_id>/quarantine/", views.quarantine, name="quarantine"),
]
