from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    name = "trygg.apps.assessments"
    label = "assessments"
    verbose_name = _("Assessments")

    def ready(self) -> None:
        from trygg.apps.assessments import access, actions, case_page, obligations, paper, theirs, waiting  # noqa: F401  (registration)
        from trygg.apps.assessments.archiving import register_archive
        from trygg.apps.assessments.content import FILES
        from trygg.apps.assessments.dossier import access as dossier_access
        from trygg.apps.assessments.dossier import actions as dossier_actions  # noqa: F401  (registration)
        from trygg.apps.assessments.dossier import panel as dossier_panel
        from trygg.apps.assessments.dossier import words as dossier_words
        from trygg.apps.assessments.dossier.models import DossierReview
        from trygg.apps.assessments.dossier.selectors import DRAFT_FILES, VERSION_FILES, reviewed_at
        from trygg.apps.assessments.questions import words_of_input
        from trygg.apps.assessments.services.taking_over import begin_from_piece
        from trygg.kernel.files.access import register_subject
        from trygg.kernel.ui.kept import register_words
        from trygg.spine.frameworks.access import register_seen
        from trygg.spine.matters.many.undoing import computed
        from trygg.spine.publication import reusable, sections

        register_words(words_of_input)
        register_subject(DRAFT_FILES, dossier_access.draft_files)
        register_subject(VERSION_FILES, dossier_access.version_files)
        register_subject(FILES, access.answers_seen)
        register_subject(obligations.RESULT_FILES, obligations.files_seen)
        register_seen(access.packs_asked)
        case_page.register()
        paper.register()
        reusable.register("assessments", build=theirs.pieces_of, look=theirs.look, begin=begin_from_piece)
        sections.register("assessments.origin", 60, theirs.origin_section)
        dossier_panel.register()
        dossier_words.register()
        computed(DossierReview, reviewed_at)
        waiting.register()
        register_archive()
