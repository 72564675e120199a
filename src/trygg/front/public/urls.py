from django.urls import path

from trygg.front.public import views

app_name = "public"
urlpatterns = [
    path("", views.front, name="front"),
    path("register/", views.register, name="register"),
    path("register.json", views.register_json, name="register_json"),
    path("register.csv", views.register_csv, name="register_csv"),
    path("register/<slug:slug>.json", views.entry_json, name="entry_json"),
    path("register/<slug:slug>/case.json", views.case_json, name="case_json"),
    path("register/<slug:slug>/v/<int:number>/case.json", views.case_json, name="version_case_json"),
    path("register/<slug:slug>/", views.entry, name="entry"),
    path("register/<slug:slug>/v/<int:number>.json", views.entry_json, name="version_json"),
    path("register/<slug:slug>/v/<int:number>/", views.entry, name="version"),
    path("about/accessibility/", views.accessibility, name="accessibility"),
    path("about/personal-data/", views.personal_data, name="personal_data"),
    path("about/log/", views.log, name="log"),
    path("about/log/checkpoint.txt", views.checkpoint, name="checkpoint"),
    path("help/", views.help_page, name="help"),
    path("help/<slug:role>/", views.guide, name="guide"),
]
