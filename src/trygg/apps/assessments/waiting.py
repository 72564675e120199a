"""Wording of the tasks and notifications of assessments. They name the system and titles, never an answer or a comment."""

from django.utils.translation import gettext_lazy as _

from trygg.apps.assessments.questions import said
from trygg.kernel.people.models import RoleChoice
from trygg.kernel.work.registry import register_notification, register_task


def words(params: dict) -> dict[str, str]:
    """The titles of a task's parameters in the reader's language."""
    title, system = said(params.get("title")), params.get("system", "")
    return {"section": said(params.get("section")), "title": title, "about": f"{title}: {system}" if system else title}


def role_words(params: dict) -> str:
    """The role that was named: as the instrument calls it, else as Trygg does."""
    role = params.get("role", "")
    own = {"accountable": _("accountable person"), "overseer": _("overseer")}
    if params.get("role_title"):
        return said(params["role_title"])
    return str(own.get(role) or (RoleChoice(role).label if role in RoleChoice.values else role))


def instead_words(params: dict) -> str:
    """Why it is this person's task although another role was named; "" when it is not so."""
    if not params.get("instead"):
        return ""
    return _("The questions name the role “%(role)s”. Nobody here holds it, so it has come to you.") % {"role": role_words(params)}


def duty(params: dict) -> dict[str, str]:
    about = words(params)["about"]
    level, instead = said(params.get("level")), instead_words(params)
    return {"text": said(params.get("text")), "about": about, "level": level, "instead": f" {instead}" if instead else ""}


def register() -> None:
    register_task(
        "assessments.obligation",
        heading=lambda params: duty(params)["text"],
        why=lambda params: _("%(about)s. It follows from the level “%(level)s”.%(instead)s") % duty(params),
        icon="pencil",
    )
    register_task(
        "assessments.escalated",
        heading=lambda params: _("Look into the answer to “%(text)s”") % duty(params),
        why=lambda params: _("%(about)s. The answer is to be taken further.%(instead)s") % duty(params),
        icon="info",
    )
    register_task(
        "assessments.answer_section",
        heading=lambda params: _("Answer the section “%(section)s”") % words(params),
        why=lambda params: _("%(about)s. Others wait for these answers.") % words(params),
        icon="pencil",
    )
    register_task(
        "assessments.sign_off",
        heading=lambda params: _("Sign your sections of %(title)s") % words(params),
        why=lambda params: _("%(about)s. All your sections are done.") % words(params),
        icon="tick",
    )
    register_task(
        "assessments.lock_assessment",
        heading=lambda params: _("Lock %(title)s") % words(params),
        why=lambda params: _("%(about)s. All have signed.") % words(params),
        icon="lock",
    )
    register_notification(
        "assessments.section_given",
        text=lambda params: _("You were asked to answer “%(section)s” in %(about)s.") % words(params),
    )
    register_notification(
        "assessments.section_moved",
        text=lambda params: _("“%(section)s” in %(about)s goes on as a new revision. Look through your answers again.")
        % words(params),
    )
    register_notification(
        "assessments.comment_made",
        text=lambda params: _("There is a new comment in “%(section)s” in %(about)s.") % words(params),
    )
    register_task(
        "assessments.second_reading",
        heading=lambda params: _("Answer %(title)s as a second reader") % words(params),
        why=lambda params: _("%(about)s. You answer alone, and see the other answers when you are done.") % words(params),
        icon="pencil",
    )
    register_task(
        "assessments.settle_differences",
        heading=lambda params: _("Settle where two readers of %(title)s differ") % words(params),
        why=lambda params: _("%(about)s. The second reader is done.") % words(params),
        icon="people",
    )
    register_notification(
        "assessments.second_reader_asked",
        text=lambda params: _("You were asked to be the second reader of %(about)s.") % words(params),
    )
    register_notification(
        "assessments.second_reader_done",
        text=lambda params: _("The second reader of %(about)s is done.") % words(params),
    )
