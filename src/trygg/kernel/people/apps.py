from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "trygg.kernel.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from trygg.kernel.access import third_party
        from trygg.kernel.people import access, actions  # noqa: F401  (registration)

        third_party("allauth.", public=True)
        third_party("django.views.i18n", public=True)
        third_party("django.contrib.staticfiles", public=True)
