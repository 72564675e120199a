from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "trygg.spine.meetings"
    label = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from trygg.kernel.work.registry import register_task
        from trygg.spine.meetings import access, actions  # noqa: F401  (registration)
        from trygg.spine.meetings.archiving import register_archive

        register_task(
            "do_meeting_action",
            heading=lambda params: params["text"],
            why=lambda params: _("Agreed at %(body)s.") % {"body": params["body"]},
        )
        register_archive()
