from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicationConfig(AppConfig):
    name = "trygg.spine.publication"
    label = "publication"
    verbose_name = _("Public register")

    def ready(self) -> None:
        from trygg.spine.publication import access, actions, panel, tasks  # noqa: F401  (registration)

        panel.register()
        tasks.register()
