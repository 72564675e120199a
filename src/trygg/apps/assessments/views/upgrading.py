"""Pages of newer questions: what moving to them does to each answer, what stayed behind, taking it back; and the next phase."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trygg.apps.assessments import services
from trygg.apps.assessments.carrying import OTHER_PHASE, Move, Plan, everything_in, plan_for
from trygg.apps.assessments.content import load_whole
from trygg.apps.assessments.forms import posted
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.obligations import following_from
from trygg.apps.assessments.questions import instrument_of, said
from trygg.apps.assessments.selectors import newer_pack, overview_of
from trygg.engines.instruments import Fate, Instrument, Why
from trygg.kernel.access import may, page, restrict
from trygg.kernel.ledger.once import once
from trygg.kernel.ui.parts import Row
from trygg.spine.frameworks.answer_words import answer_words
from trygg.spine.frameworks.comparison import compare
from trygg.spine.frameworks.faults import worded
from trygg.spine.frameworks.selectors import engine_pack

LOCKED = Assessment.State.LOCKED
REASONS = {
    str(Why.GONE): gettext_lazy("The question is not asked any more."),
    str(Why.SAID): gettext_lazy("The new version says that the answer does not hold for it."),
    str(Why.DOES_NOT_FIT): gettext_lazy("The question takes another sort of answer, or the choice is gone."),
    str(Why.TWO_ANSWERS): gettext_lazy("Another answer has the place."),
    OTHER_PHASE: gettext_lazy("The question is not asked in this phase."),
}


def notices(request: HttpRequest, assessment: Assessment, manages: bool) -> dict:
    """What the overview says of newer questions and of phases."""
    phases = engine_pack(assessment.pack).phases
    return {
        "phase": next((each for each in phases if each.id == assessment.phase), None),
        "phase_next": services.next_phase_of(assessment) if manages and assessment.state == LOCKED else None,
        "newer": newer_pack(request.actor, assessment) if manages else None,
        "duties": following_from(request.actor, assessment) if may(request.actor, "assessments.view_whole", assessment) else [],
        "undoable": manages and services.may_be_undone(assessment),
    }


@page("assessments.manage_assessment", by="assessment_id", methods=("GET", "POST"))
@once
def upgrade(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """What a newer version of the questions does to each answer; then moving to it."""
    pack = newer_pack(request.actor, assessment)
    following = Assessment.objects.filter(previous=assessment).first()
    if following is not None:
        return redirect("assessments:overview", assessment_id=following.pk)
    if pack is None:
        messages.info(request, _("There is no newer version of these questions."))
        return redirect("assessments:overview", assessment_id=assessment.pk)
    form = Form(posted(request))
    if request.method == "POST":
        try:
            made = services.upgrade_assessment(
                actor=request.actor,
                now=request.now,
                assessment=assessment,
                pack=pack,
                seen=request.POST.get("seen") or "not looked at",
            )
        except ValidationError as error:
            form.is_valid()
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("The answers stand in revision %(number)d. Look at the sections that are begun.") % {"number": made.revision},
            )
            return redirect("assessments:overview", assessment_id=made.pk)
    plan = plan_for(load_whole(assessment), pack)
    context = {
        "form": form,
        "assessment": assessment,
        "overview": overview_of(request.actor, assessment),
        "pack": pack,
        "plan": plan,
        "difference": worded(
            compare(
                engine_pack(assessment.pack), engine_pack(pack), plan.changes, (assessment.pack.content, pack.content)
            )
        ),
        "signed": assessment.signoffs.filter(withdrawn_at=None).exists(),
        "reader": assessment.second_readings.filter(withdrawn_at=None, finished_at=None).exists(),
        **_groups(plan),
    }
    context["counts"] = [
        Row(_("Answers that stay as they are"), str(len(context["kept"]))),
        Row(_("Answers that move"), str(len(context["moved"]))),
        Row(_("Answers that somebody must look at"), str(len(context["look"]))),
        Row(_("Answers that have no place in it"), str(len(context["dropped"]))),
    ]
    return render(request, "assessments/upgrade.html", context, status=422 if form.errors else 200)


def _groups(plan: Plan) -> dict:
    """The moves in four heaps, each answer in words."""
    before = instrument_of(plan.old.assessment)
    held = everything_in(plan.old)

    def line(move: Move) -> dict:
        return _line(before, plan.new, move, held[move.source], plan.typed.get(move.target or ""))

    return {
        "kept": [move for move in plan.moves if move.fate is Fate.KEPT and not move.look],
        "moved": [line(move) for move in plan.moves if move.fate is Fate.MOVED and not move.look],
        "look": [line(move) for move in plan.moves if move.look],
        "dropped": [line(move) for move in plan.moves if move.target is None],
    }


def _line(before: Instrument, after: Instrument | None, move: Move, held: dict, now: dict | None) -> dict:
    old, new = before.items.get(move.source), after.items.get(move.target or "") if after else None
    return {
        "question": old.text if old else {},
        "after": new.text if new and old and new.text != old.text else None,
        "words": answer_words(old, held["value"]) if old else str(held["value"] or ""),
        "now": answer_words(new, now["value"]) if new and now and now["value"] != held["value"] else "",
        "note": held["note"],
        "files": len(held["files"]),
        "reason": REASONS.get(move.why, ""),
    }


@page("assessments.view_assessment", by="assessment_id")
def carried(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """What became of each answer of the revision before: those that stayed behind are read here, as they stand there."""
    if not assessment.carried or assessment.previous is None:
        raise Http404
    old = assessment.previous
    seen = restrict(request.actor, "assessments.view_answer").filter(section__assessment=old)
    answers = {answer.item_id: answer for answer in seen}
    before, after = instrument_of(old), instrument_of(assessment)
    heaps: dict[str, list[dict]] = {"dropped": [], "look": [], "moved": []}
    kept = 0
    for raw in assessment.carried["moves"]:
        answer = answers.get(raw["source"])
        if answer is None:
            continue
        move = Move(raw["source"], raw["target"], Fate(raw["fate"]), raw["why"], raw["look"])
        line = _line(before, after, move, {"value": answer.value, "note": answer.note, "files": ()}, None)
        line |= {"who": answer.answered_by, "when": answer.answered_at, "section": answer.section_id, "item": answer.item_id}
        if move.target is None:
            heaps["dropped"].append(line)
        elif move.look:
            heaps["look"].append(line)
        elif move.fate is Fate.MOVED:
            heaps["moved"].append(line)
        else:
            kept += 1
    context = {"assessment": assessment, "old": old, "overview": overview_of(request.actor, assessment), "kept": kept, **heaps}
    return render(request, "assessments/carried.html", context)


@page("assessments.manage_assessment", by="assessment_id", methods=("POST",))
def undo_upgrade(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    try:
        old = services.undo_upgrade(actor=request.actor, now=request.now, assessment=assessment)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("assessments:overview", assessment_id=assessment.pk)
    messages.success(request, _("Taken back. Everything is as it was before."))
    return redirect("assessments:overview", assessment_id=old.pk)


@page("assessments.manage_assessment", by="assessment_id", methods=("GET", "POST"))
@once
def next_phase(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Begin the next phase, after reading what it asks again."""
    following = Assessment.objects.filter(previous=assessment).first()
    if following is not None:
        return redirect("assessments:overview", assessment_id=following.pk)
    phase = services.next_phase_of(assessment)
    if phase is None:
        messages.info(request, _("There is no phase after this one."))
        return redirect("assessments:overview", assessment_id=assessment.pk)
    form = Form(posted(request))
    if request.method == "POST":
        try:
            made = services.begin_next_phase(actor=request.actor, now=request.now, assessment=assessment)
        except ValidationError as error:
            form.is_valid()
            form.add_error(None, error)
        else:
            messages.success(request, _("The phase “%(phase)s” has begun.") % {"phase": said(phase.title)})
            return redirect("assessments:overview", assessment_id=made.pk)
    plan = plan_for(load_whole(assessment), phase=phase.id)
    asked = set(instrument_of(assessment).items)
    context = {
        "form": form,
        "assessment": assessment,
        "overview": overview_of(request.actor, assessment),
        "phase": phase,
        "new": [item for item in plan.new.items.values() if item.id in asked and item.phases == (phase.id,)],
        **_groups(plan),
    }
    return render(request, "assessments/phase.html", context, status=422 if form.errors else 200)
