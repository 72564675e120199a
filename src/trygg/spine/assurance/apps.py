from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssuranceConfig(AppConfig):
    name = "trygg.spine.assurance"
    label = "assurance"
    verbose_name = _("Assurance case")

    def ready(self) -> None:
        from trygg.engines.assurance import needs
        from trygg.kernel.files.access import register_subject
        from trygg.kernel.ledger import on_change
        from trygg.spine.assurance import access, actions, pages, recompute, tasks  # noqa: F401  (registration)
        from trygg.spine.assurance.archiving import register_archive
        from trygg.spine.assurance.models import Case
        from trygg.spine.assurance.selectors import matters_worked_on
        from trygg.spine.matters.many import undoing

        needs.register("condition_met", needs.check_any)
        on_change(recompute.listen)
        register_subject("assurance.evidence", access.evidence_ids)
        register_subject("assurance.document", access.document_ids)
        undoing.computed(Case, matters_worked_on)
        pages.register()
        tasks.register()
        register_archive()
