from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "trygg.apps.assessments"
    label = "assessments"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from trygg.apps.assessments import access, actions, case_page, obligations, paper, waiting  # noqa: F401  (registration)
        from trygg.apps.assessments.content import FILES
        from trygg.apps.assessments.questions import words_of_input
        from trygg.kernel.files.access import register_subject
        from trygg.kernel.ui.kept import register_words
        from trygg.spine.frameworks.access import register_seen

        register_words(words_of_input)
        register_subject(FILES, access.answers_seen)
        register_subject(obligations.RESULT_FILES, obligations.files_seen)
        register_seen(access.packs_asked)
        case_page.register()
        paper.register()
        waiting.register()
