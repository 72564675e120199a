"""A second reader: asking one, answering alone, being done; then the two answers beside each other and what is chosen."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments import services
from trygg.apps.assessments.forms import ReaderForm, ReadingForm, SettleForm, field_name, posted
from trygg.apps.assessments.models import Assessment, SecondReading
from trygg.apps.assessments.questions import said
from trygg.apps.assessments.score import score_words
from trygg.apps.assessments.second import compare, own_reading, readable, second_cards, second_mark
from trygg.apps.assessments.selectors import (
    organisations_to_ask,
    overview_of,
    people_to_ask,
    written_warnings,
)
from trygg.kernel.access import may, page, restrict
from trygg.kernel.ledger.once import once
from trygg.kernel.people.models import Organisation
from trygg.kernel.ui.words import clock


def _about(reading: SecondReading) -> str:
    """The title and the system: what a reader from another agency may know of the matter."""
    system = reading.assessment.matter.system
    title = said(reading.assessment.pack.title)
    return f"{title}: {system.name}" if system else title


@page("assessments.ask_second_reader", by="assessment_id", methods=("GET", "POST"))
@once
def ask_reader(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Ask someone to answer the same questions alone."""
    organisations = [
        each for each in organisations_to_ask(request.actor, assessment) if each.kind != Organisation.Kind.VENDOR
    ]
    people = [
        each
        for each in people_to_ask(request.actor, organisations, now=request.now)
        if each.person_id != request.actor.person_id
    ]
    form = ReaderForm(people, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_second_reader(
                actor=request.actor,
                now=request.now,
                assessment=assessment,
                membership=form.people[form.cleaned_data["who"]],
                due_on=form.cleaned_data["due_on"],
            )
        except ValidationError as error:
            form.add_error(None if not hasattr(error, "error_dict") else "who", error.messages)
        else:
            messages.success(request, _("%(name)s was asked.") % {"name": made.membership.person.shown_name})
            return redirect("assessments:overview", assessment_id=assessment.pk)
    context = {
        "form": form,
        "assessment": assessment,
        "overview": overview_of(request.actor, assessment),
        "people": people,
    }
    return render(request, "assessments/ask_reader.html", context, status=422 if form.errors else 200)


@page("assessments.see_reading", by="reading_id", methods=("GET", "POST"))
def reading(request: HttpRequest, reading: SecondReading) -> HttpResponse:
    """The reader's own page: sections, how far one has come, and being done. For others only whether it is done."""
    own = may(request.actor, "assessments.answer_reading", reading)
    problem = ""
    if request.method == "POST":
        try:
            services.finish_second_reading(actor=request.actor, now=request.now, reading=reading)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            messages.success(request, _("You are done. Now both of you see both answers."))
            return redirect("assessments:differences", reading_id=reading.pk)
    lines = []
    if own:
        found = own_reading(reading)
        asked = {item.id for item in readable(found.instrument)}
        for section in found.instrument.sections:
            items = [item for item in found.visible(section.id) if item.id in asked]
            if items:
                answered = sum(item.id in found.asked.answers for item in items)
                lines.append((section.id, said(section.title), answered, len(items)))
    context = {
        "reading": reading,
        "about": _about(reading),
        "own": own,
        "lines": lines,
        "problem": problem,
        "may_withdraw": may(request.actor, "assessments.withdraw_reading", reading),
        "may_compare": may(request.actor, "assessments.compare_reading", reading),
    }
    return render(request, "assessments/reading.html", context, status=422 if problem else 200)


@page("assessments.answer_reading", by="reading_id", methods=("GET", "POST"))
def reading_section(request: HttpRequest, reading: SecondReading, section: str) -> HttpResponse:
    """One section, answered alone."""
    found = own_reading(reading)
    shown = found.section(section)
    if shown is None:
        raise Http404
    sent = frozenset(item.id for item in shown.items if field_name("m", item.id) in request.POST)
    form = ReadingForm(second_cards(reading, found, section, sent), posted(request))
    if request.method == "POST":
        form.is_valid()
        services.save_second_answers(actor=request.actor, now=request.now, reading=reading, answers=form.given())
        if not form.errors:
            return _after_save(request, reading, section, sent)
        data = request.POST.copy()
        stored = {given.item_id for given in form.given()}
        cards = second_cards(reading, found, section, sent)
        for card in cards:
            if card.id in stored:
                data[field_name("m", card.id)] = card.loaded
        form = ReadingForm(cards, data)
        form.is_valid()
    context = {
        "reading": reading,
        "about": _about(reading),
        "section": shown,
        "title": said(shown.title),
        "intro": said(shown.intro),
        "form": form,
        "fields": [
            {
                "card": card,
                "a": form[field_name("a", card.id)],
                "m": form[field_name("m", card.id)],
                "n": form[field_name("n", card.id)] if field_name("n", card.id) in form.fields else None,
            }
            for card in form.cards
        ],
    }
    return render(request, "assessments/reading_section.html", context, status=422 if form.errors else 200)


def _after_save(request: HttpRequest, reading: SecondReading, section: str, sent: frozenset[str]) -> HttpResponse:
    """To questions that the answers opened, else to the next section that has open questions, else to the reader's page."""
    found = own_reading(reading)
    here = reverse("assessments:reading_section", args=[reading.pk, section])
    new = [card.id for card in second_cards(reading, found, section) if card.id not in sent]
    if new:
        text = ngettext(
            "Saved. Your answers opened one more question.",
            "Saved. Your answers opened %(count)d more questions.",
            len(new),
        )
        messages.info(request, text % {"count": len(new)})
        return redirect(f"{here}#q-{new[0]}")
    ids = [each.id for each in found.instrument.sections]
    for other in ids[ids.index(section) + 1 :]:
        open_ones = [card for card in second_cards(reading, found, other) if card.id not in found.asked.answers]
        if open_ones:
            return redirect("assessments:reading_section", reading_id=reading.pk, section=other)
    return redirect("assessments:reading", reading_id=reading.pk)


@page("assessments.answer_reading", by="reading_id", methods=("POST",))
def reading_autosave(request: HttpRequest, reading: SecondReading, item_id: str) -> HttpResponse:
    """Store one answer while it is typed."""
    found = own_reading(reading)
    item = found.instrument.items.get(item_id)
    if item is None or item not in readable(found.instrument):
        raise Http404
    cards = second_cards(reading, found, item.section, frozenset({item_id}))
    card = next(card for card in cards if card.id == item_id)
    form = ReadingForm([card], request.POST)
    form.is_valid()
    given = form.given()
    if not given:
        problems = [str(problem) for errors in form.errors.values() for problem in errors]
        return JsonResponse({"message": " ".join(problems) or _("There was nothing to save.")}, status=422)
    services.save_second_answers(actor=request.actor, now=request.now, reading=reading, answers=given)
    answer = reading.answers.filter(item_id=item_id).first()
    then = own_reading(reading)
    asked = [item.id for item in then.visible(item.section) if item in readable(then.instrument)]
    return JsonResponse(
        {
            "mark": second_mark(answer),
            "asked": asked,
            "warnings": written_warnings(item, answer) if answer else [],
            "message": _("Saved %(time)s") % {"time": clock(request.now)},
        }
    )


@page("assessments.withdraw_reading", by="reading_id", methods=("GET", "POST"))
def withdraw_reading(request: HttpRequest, reading: SecondReading) -> HttpResponse:
    """Take the request back, or say no to it."""
    own = reading.membership_id == request.actor.membership_id
    if request.method == "POST":
        services.withdraw_second_reading(actor=request.actor, now=request.now, reading=reading)
        messages.success(request, _("The request is taken back."))
        if may(request.actor, "assessments.view_assessment", reading.assessment):
            return redirect("assessments:overview", assessment_id=reading.assessment_id)
        return redirect("/")
    return render(
        request, "assessments/withdraw_reading.html", {"reading": reading, "about": _about(reading), "own": own}
    )


@page("assessments.compare_reading", by="reading_id")
def differences(request: HttpRequest, reading: SecondReading) -> HttpResponse:
    """Where the two differ, side by side, and where they agree."""
    found = compare(reading)
    assessment = reading.assessment
    whole = may(request.actor, "assessments.view_whole", assessment)
    levels = None
    if own_reading(reading).instrument.headline is not None:
        levels = (score_words(overview_of(request.actor, assessment).reading), score_words(own_reading(reading)))
    context = {
        "reading": reading,
        "about": _about(reading),
        "found": found,
        "levels": levels,
        "whole": whole,
        "may_settle": may(request.actor, "assessments.settle_reading", reading),
    }
    return render(request, "assessments/differences.html", context)


@page("assessments.settle_reading", by="reading_id", methods=("GET", "POST"))
def settle(request: HttpRequest, reading: SecondReading, item_id: str) -> HttpResponse:
    """One difference: the first, the second, or a talk."""
    pair = compare(reading).by_item.get(item_id)
    if pair is None:
        raise Http404
    if not pair.open:
        return redirect("assessments:differences", reading_id=reading.pk)
    form = SettleForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_difference(
                actor=request.actor, now=request.now, reading=reading, item_id=item_id, **form.cleaned_data
            )
        except ValidationError as error:
            fields = error.error_dict if hasattr(error, "error_dict") else {None: error.messages}
            for name, problems in fields.items():
                form.add_error(name if name in form.fields else None, problems)
        else:
            messages.success(request, _("It is written down. Save the section, so that a taken-over answer counts."))
            return redirect("assessments:differences", reading_id=reading.pk)
    context = {"reading": reading, "about": _about(reading), "pair": pair, "form": form}
    return render(request, "assessments/settle.html", context, status=422 if form.errors else 200)


def readings_of(request: HttpRequest, assessment: Assessment) -> list[SecondReading]:
    """The readings of an assessment that the actor may know of."""
    rows = restrict(request.actor, "assessments.see_reading").filter(assessment=assessment, withdrawn_at=None)
    return list(rows.select_related("membership__person", "membership__organisation"))
