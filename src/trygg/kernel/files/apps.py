from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "trygg.kernel.files"
    label = "files"
    verbose_name = _("Files")

    def ready(self) -> None:
        from trygg.kernel.files import access, actions  # noqa: F401  (registration)
