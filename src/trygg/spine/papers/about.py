"""What papers say of the matter itself: what it is, who answers for it, which children meet it, what is known."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.kernel.access import Actor
from trygg.kernel.people.models import Membership
from trygg.kernel.ui.words import fullday, number
from trygg.spine.assurance import wording
from trygg.spine.assurance.selectors import fact_questions
from trygg.spine.frameworks.selectors import current_facts
from trygg.spine.matters.models import Fact, FactState, Matter
from trygg.spine.papers import sections

CHILD_FACTS = ("children_count", "age_bands", "child_groups")
CHILDREN = (
    ("children_where", lambda: _("Where children meet it")),
    ("children_told", lambda: _("How children are told")),
    ("children_say_no", lambda: _("How one says no, and reaches the same goal")),
    ("children_object", lambda: _("How one objects")),
    ("children_human", lambda: _("How one gets a human")),
    ("children_correct", lambda: _("How one gets something corrected")),
)


def register() -> None:
    """Called once, when the application starts."""
    sections.register("matters.about", 10, about, papers={sections.FULL})
    sections.register(
        "matters.children", 20, children, missing=lambda: _("Which children it concerns has not been answered.")
    )
    sections.register("matters.facts", 195, facts, papers={sections.FULL})


def named(membership: Membership | None) -> str:
    """A person and what she does there; that there is nobody."""
    if membership is None:
        return _("nobody yet")
    return f"{membership.person.shown_name}, {membership.title or membership.get_role_display()}"


def about(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any]:
    """What it is, and who answers for it."""
    system = matter.system
    rows = [
        (_("Kind"), str(matter.get_kind_display())),
        (_("Stage"), str(matter.get_stage_display())),
        (_("Belongs to"), matter.owner.name),
        (_("System"), system.name if system else ""),
        (_("Version"), matter.system_version),
        (_("Vendor"), (system.vendor.name if system.vendor else system.vendor_name) if system else ""),
        (_("Accountable person"), named(matter.accountable)),
        (_("Can pause at once"), named(matter.overseer)),
        (_("Decides"), matter.deciding_body or _("nobody yet")),
        (_("Secrecy class"), str(matter.get_secrecy_display())),
        (_("How long it is kept"), matter.retention),
        (_("Diary number"), matter.diary_number),
    ]
    blocks = []
    if matter.stage == Matter.Stage.PAUSED and matter.pause_reason:
        blocks.append(sections.text(_("It is paused: %(reason)s") % {"reason": matter.pause_reason}))
    blocks.append(sections.table([_("What"), _("Answer")], [[what, said] for what, said in rows if said], [1, 2]))
    gaps = [] if matter.accountable else [_("Nobody is accountable yet.")]
    if matter.kind != Matter.Kind.PLAN and matter.overseer is None:
        gaps.append(_("Nobody is named who can pause it at once."))
    return {"heading": _("What it is, and who answers for it"), "blocks": blocks, "missing": gaps}


def children(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """Which children, in a few sentences; and how they are told, say no and are heard. None when nothing is known."""
    known = {fact.name: fact.value for fact in matter.facts.filter(name__in=CHILD_FACTS, state=FactState.VALUE)}
    words = fact_questions(language)
    lines = []
    if "children_count" in known:
        n = int(float(known["children_count"]))
        lines.append(ngettext("About %(n)s child in a year.", "About %(n)s children in a year.", n) % {"n": number(n)})
    if known.get("age_bands"):
        lines.append(_("Ages: %(ages)s.") % {"ages": wording.said_of("age_bands", known["age_bands"], words)})
    if known.get("child_groups"):
        labels = [wording.said_of("child_groups", group, words) for group in known["child_groups"]]
        lines.append(_("Think of in particular: %(groups)s.") % {"groups": ", ".join(label[:1].lower() + label[1:] for label in labels)})
    rows = [[label(), getattr(matter, name)] for name, label in CHILDREN if getattr(matter, name).strip()]
    if not lines and not rows:
        return None
    said = [sections.text(" ".join(lines))] if lines else []
    short = list(said)
    if matter.children_where:
        short.append(sections.text(_("Where: %(places)s") % {"places": matter.children_where}))
    if matter.children_say_no:
        short.append(sections.text(_("Saying no: %(how)s") % {"how": matter.children_say_no}))
    blocks = [*said, sections.table([_("What"), _("Answer")], rows, [1, 2])] if rows else said
    unsaid = [label() for name, label in CHILDREN if not getattr(matter, name).strip()]
    gaps = [_("Not said: %(what)s.") % {"what": "; ".join(label[:1].lower() + label[1:] for label in unsaid)}] if unsaid else []
    return {"heading": _("Which children"), "report": short, "blocks": blocks, "missing": gaps}


def facts(matter: Matter, actor: Actor, language: str, now: datetime) -> dict[str, Any] | None:
    """Every fact with who said it and when, in the order in which it is asked."""
    known = {fact.name: fact for fact in matter.facts.all()}
    if not known:
        return None
    words = fact_questions(language)
    order = [fact.id for fact in current_facts() if fact.id in known]
    names = order + sorted(set(known) - set(order))
    rows = [[words.get(name, name), _value(known[name], words), known[name].said_by, fullday(known[name].said_at)] for name in names]
    return {
        "heading": _("What is known"),
        "blocks": [sections.table([_("Question"), _("Answer"), _("Said by"), _("Date")], rows, [2.2, 1.6, 1.2, 1])],
    }


def _value(fact: Fact, words: wording.FactWords) -> str:
    if fact.state == FactState.VALUE:
        return wording.said_of(fact.name, fact.value, words)
    said = str(fact.get_state_display())
    return f"{said}: {fact.reason}" if fact.reason else said
