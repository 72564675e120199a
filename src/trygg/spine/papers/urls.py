from django.urls import path

from trygg.spine.papers import views

app_name = "papers"
urlpatterns = [
    path("matters.xlsx", views.workbook, name="workbook"),
    path("templates/", views.templates, name="templates"),
    path("templates/fields/", views.fields, name="fields"),
    path("templates/standard-<slug:language>.docx", views.standard, name="standard"),
    path("templates/<int:template_id>/preview.docx", views.preview, name="preview"),
    path("templates/<int:template_id>/restore/", views.restore, name="restore"),
    path("<slug:matter_key>/proposal/", views.proposal, name="proposal"),
    path("<slug:matter_key>/package/", views.package, name="package"),
    path("<slug:matter_key>/<slug:paper>-<slug:language>.<slug:ending>", views.paper, name="paper"),
]
