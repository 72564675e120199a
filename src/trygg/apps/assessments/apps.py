from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "trygg.apps.assessments"
    label = "assessments"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from trygg.apps.assessments import access, actions, case_page, waiting  # noqa: F401  (registration)
        from trygg.apps.assessments.content import FILES
        from trygg.kernel.files.access import register_subject

        register_subject(FILES, access.answers_seen)
        case_page.register()
        waiting.register()
