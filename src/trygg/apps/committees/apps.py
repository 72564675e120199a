from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitteesConfig(AppConfig):
    name = "trygg.apps.committees"
    label = "committees"
    verbose_name = _("Committees")

    def ready(self) -> None:
        from trygg.apps.committees import access, actions, pages, waiting  # noqa: F401  (registration)
        from trygg.apps.committees.archiving import register_archive
        from trygg.apps.committees.services.opinions import attendance_noted
        from trygg.kernel.ledger import on_change

        waiting.register()
        pages.register()
        on_change(attendance_noted)
        register_archive()
