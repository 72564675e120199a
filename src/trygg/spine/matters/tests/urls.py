"""The addresses that the pages of this room need, so that its tests stand on their own."""

from django.urls import include, path

from trygg.kernel.ui.home import home

urlpatterns = [
    path("home/", home, name="home"),
    path("accounts/", include("allauth.urls")),
    path("matters/", include("trygg.spine.matters.urls")),
    path("", include("trygg.kernel.ui.urls")),
]
