"""Tasks and notifications of the public register."""

from django.utils.translation import gettext as _

from trygg.kernel.work.registry import register_notification, register_task

APPROVE, CORRECT, PUBLISH = "publication.approve", "publication.correct", "publication.publish"
SUBJECT = "publication.entryversion"


def register() -> None:
    """Wording; called once, when the application starts."""
    register_task(
        APPROVE,
        heading=lambda p: _("Read and approve the public page of %(title)s") % p,
        why=lambda p: _("A colleague wrote it. Nothing is published that only one person has seen."),
        icon="people",
    )
    register_task(
        CORRECT,
        heading=lambda p: _("Correct the public page of %(title)s") % p,
        why=lambda p: _("It was read, and sent back. What to correct stands on the page."),
        icon="pencil",
    )
    register_task(
        PUBLISH,
        heading=lambda p: _("Publish the page of %(title)s") % p,
        why=lambda p: _("It is approved. Everyone can read it once you publish it."),
        icon="share",
    )
    register_notification(
        "entry_published", text=lambda p: _("The page of %(title)s was published in the public register.") % p
    )
    register_notification(
        "entry_retracted", text=lambda p: _("The page of %(title)s was retracted from the public register.") % p
    )
