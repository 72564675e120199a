"""All URLs. Each view says itself who may open it."""

from django.urls import include, path

from trygg.front.api.urls import api
from trygg.kernel.ui.home import home

urlpatterns = [
    path("home/", home, name="home"),
    path("accounts/", include("trygg.kernel.people.auth_urls")),
    path("people/", include("trygg.kernel.people.urls")),
    path("archive/", include("trygg.kernel.archive.urls")),
    path("files/", include("trygg.kernel.files.urls")),
    path("matters/", include("trygg.spine.matters.urls")),
    path("case/", include("trygg.spine.assurance.urls")),
    path("instruments/", include("trygg.spine.frameworks.urls")),
    path("assessments/", include("trygg.apps.assessments.urls")),
    path("committees/", include("trygg.apps.committees.urls")),
    path("fairness/", include("trygg.apps.fairness.urls")),
    path("publication/", include("trygg.spine.publication.urls")),
    path("papers/", include("trygg.spine.papers.urls")),
    path("api/v1/", api.urls),
    path("", include("trygg.kernel.ui.urls")),
    path("", include("trygg.front.public.urls")),
]

handler400 = "trygg.kernel.ui.views.bad_request"
handler403 = "trygg.kernel.ui.views.forbidden"
handler404 = "trygg.kernel.ui.views.not_found"
handler500 = "trygg.kernel.ui.views.server_error"
