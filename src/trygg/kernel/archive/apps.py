from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    name = "trygg.kernel.archive"
    label = "archive"
    verbose_name = _("Archive")

    def ready(self) -> None:
        from trygg.kernel.archive import access, actions  # noqa: F401  (registration)
        from trygg.kernel.archive.kernel_parts import RECORD_FILE, register_kernel
        from trygg.kernel.files.access import register_subject

        register_kernel()
        register_subject(RECORD_FILE, access.records_seen)
