from django.urls import path

from trygg.kernel.ui import views

app_name = "ui"
urlpatterns = [
    path("language/", views.language, name="language"),
    path("scheme/", views.scheme, name="scheme"),
    path("glossary/", views.glossary_page, name="glossary"),
    path("components/", views.components, name="components"),
]
