from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "trygg.kernel.ui"
    label = "ui"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from trygg.kernel.ui import navigation

        navigation.register_footer(5, _("Words"), "ui:glossary")
