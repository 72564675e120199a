from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    name = "trygg.spine.papers"
    label = "papers"
    verbose_name = _("Papers")

    def ready(self) -> None:
        from trygg.kernel.files.access import register_subject
        from trygg.spine.papers import about, access, actions, annex, case, panel  # noqa: F401  (registration)
        from trygg.spine.papers.archiving import register_archive
        from trygg.spine.papers.models import TEMPLATE_FILES

        register_subject(TEMPLATE_FILES, access.template_ids)
        about.register()
        case.register()
        annex.register()
        panel.register()
        register_archive()
