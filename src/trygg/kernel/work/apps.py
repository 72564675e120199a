from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    name = "trygg.kernel.work"
    label = "work"
    verbose_name = _("Tasks and notifications")

    def ready(self) -> None:
        from trygg.kernel.work import access, actions  # noqa: F401  (registration)
