from django.urls import path

from trygg.spine.matters.imports import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("export/", views.export, name="export"),
    path("export/<str:standard>/<str:form>/", views.download, name="export_file"),
    path("<int:run_id>/", views.run, name="import_run"),
    path("<int:run_id>/columns/", views.columns, name="import_columns"),
    path("<int:run_id>/rows/<int:number>/", views.row, name="import_row"),
    path("<int:run_id>/again/", views.again, name="import_again"),
    path("<int:run_id>/apply/", views.apply, name="import_apply"),
    path("<int:run_id>/undo/", views.undo, name="import_undo"),
    path("<int:run_id>/discard/", views.discard, name="import_discard"),
]
