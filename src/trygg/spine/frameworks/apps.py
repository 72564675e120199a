from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrameworksConfig(AppConfig):
    name = "trygg.spine.frameworks"
    label = "frameworks"
    verbose_name = _("Frameworks")

    def ready(self) -> None:
        from trygg.kernel.access import Role
        from trygg.kernel.ui import navigation
        from trygg.spine.frameworks import access, actions  # noqa: F401  (registration)
        from trygg.spine.frameworks.archiving import register_archive

        navigation.register(50, _("Questions"), "frameworks:list", may=lambda actor: actor.has_role(Role.ADMINISTRATOR))
        register_archive()
