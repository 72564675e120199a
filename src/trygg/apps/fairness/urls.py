from django.urls import path

from trygg.apps.fairness import views

app_name = "fairness"
urlpatterns = [
    path("", views.audits, name="list"),
    path("declare/<slug:matter_key>/", views.declare, name="declare"),
    path("<int:audit_id>/", views.audit, name="audit"),
    path("<int:audit_id>/file/", views.receive, name="receive"),
    path("<int:audit_id>/rows/", views.rows, name="rows"),
    path("<int:audit_id>/repeat/", views.repeat, name="repeat"),
    path("<int:audit_id>/use/", views.use, name="use"),
    path("<int:audit_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:audit_id>/report.pdf", views.report_pdf, name="report_pdf"),
    path("<int:audit_id>/audit.json", views.audit_json, name="audit_json"),
]
