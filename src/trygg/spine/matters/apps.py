from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MattersConfig(AppConfig):
    name = "trygg.spine.matters"
    label = "matters"
    verbose_name = _("Matters")

    def ready(self) -> None:
        from trygg.kernel.ui.kept import register_words
        from trygg.kernel.work.registry import register_notification
        from trygg.spine.matters import access, actions, rounds  # noqa: F401  (registration)
        from trygg.spine.matters.archiving import register_archive
        from trygg.spine.matters.many.services import OPENED, told

        register_notification(OPENED, text=told)
        register_words(rounds.words_of_input)
        register_archive()
