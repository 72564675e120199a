from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FairnessConfig(AppConfig):
    name = "trygg.apps.fairness"
    label = "fairness"
    verbose_name = _("Bias audits")

    def ready(self) -> None:
        from trygg.apps.fairness import access, actions, evidence, pages  # noqa: F401  (registration)
        from trygg.apps.fairness.archiving import register_archive

        evidence.register()
        pages.register()
        register_archive()
