from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicConfig(AppConfig):
    name = "trygg.front.public"
    label = "public"
    verbose_name = _("Public pages")

    def ready(self) -> None:
        from trygg.front.public import forms  # noqa: F401  (registration of the fields)
        from trygg.kernel.ui import navigation

        navigation.register(40, _("Open register"), "public:register")
        navigation.register_footer(10, _("Accessibility"), "public:accessibility")
        navigation.register_footer(20, _("Personal data"), "public:personal_data")
        navigation.register_footer(30, _("Check the log"), "public:log")
        navigation.register_help("public:help")
