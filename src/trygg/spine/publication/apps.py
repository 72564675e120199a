from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicationConfig(AppConfig):
    name = "trygg.spine.publication"
    label = "publication"
    verbose_name = _("Public register")

    def ready(self) -> None:
        from trygg.kernel.ui.kept import register_words
        from trygg.spine.publication import access, actions, panel, tasks  # noqa: F401  (registration)
        from trygg.spine.publication.archiving import register_archive
        from trygg.spine.publication.texts import label_of_input

        register_words(label_of_input)
        panel.register()
        tasks.register()
        register_archive()
