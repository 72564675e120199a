"""A section and its questions: answering, autosave, and choosing between two texts."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trygg.apps.assessments import services
from trygg.apps.assessments.content import answer_mark, with_all
from trygg.apps.assessments.fields import plain_text
from trygg.apps.assessments.forms import ChooseForm, ItemForm, SectionForm, field_name, posted
from trygg.apps.assessments.merging import digest
from trygg.apps.assessments.models import Answer, AnswerVersion, SectionAssignment
from trygg.apps.assessments.questions import instrument_of, said
from trygg.apps.assessments.repeated import repeated
from trygg.apps.assessments.selectors import Card, Overview, cards_of, overview_of, worded, written_warnings
from trygg.apps.assessments.views.refusing import of_another_version
from trygg.engines.conditions import ValueType
from trygg.kernel.access import Denied, allowed, may, page, restrict
from trygg.kernel.files.uploads import UploadRefused, read_upload
from trygg.kernel.ui.views import error as error_page
from trygg.kernel.ui.views import kept_text
from trygg.kernel.ui.words import clock
from trygg.spine.frameworks.selectors import marked


def text_kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For guarded pages where people write: whoever does not see the thing any more gets the own text back, and nothing else."""

    @wraps(view)
    def kept(request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except (Http404, Denied) as refusal:
            if request.method != "POST" or not (kept_now := kept_text(request)):
                raise
            status = 404 if isinstance(refusal, Http404) else 409
            return error_page(
                request, status, _("The section was closed while you wrote"), str(CLOSED), str(MOVED), kept=kept_now
            )

    return kept


MOVED = gettext_lazy(
    "If it was moved to newer questions, or taken up again, open the assessment from the matter and put your text there."
)
CLOSED = gettext_lazy("It was signed, locked, or given to someone else. Your text is not lost: copy it from here.")


@text_kept
@page("assessments.view_section", by="section_id", methods=("GET", "POST"))
def section_page(request: HttpRequest, section: SectionAssignment) -> HttpResponse:
    """One section: a card a question. Works whole without script; with script each answer is saved as it is typed."""
    section.assessment = with_all(section.assessment_id)
    view = overview_of(request.actor, section.assessment)
    if request.method == "POST":
        return _post_section(request, section, view)
    cards = cards_of(request.actor, section, view.reading, held=view.held)
    form = SectionForm(cards, initial={"once": get_random_string(32)})
    return _show_section(request, section, view, form)


def _show_section(
    request: HttpRequest, section: SectionAssignment, view: Overview, form: SectionForm, status: int = 200
) -> HttpResponse:
    line = next((line for line in view.lines if line.section.pk == section.pk), None)
    if line is None:
        raise Http404
    rules = ("assessments.comment_section", "assessments.assign_section")
    can = allowed(request.actor, section, *rules)
    context = {
        "overview": view,
        "assessment": section.assessment,
        "section": line.section,
        "line": line,
        "position": view.lines.index(line) + 1,
        "intro": marked(view.reading.section(section.section_id).intro),
        "heading": marked(view.reading.section(section.section_id).title),
        "form": form,
        "fields": [_fields(form, card) for card in form.cards],
        "repeated": repeated(section, view.reading),
        "may_answer": line.answerable,
        "may_comment": "assessments.comment_section" in can,
        "may_assign": "assessments.assign_section" in can,
        "saved_text": _("Saved %(time)s") % {"time": clock(line.section.saved_at)} if line.section.saved_at else "",
        "next_line": view.next_line(section),
    }
    return render(request, "assessments/section.html", context, status=status)


def _fields(form: SectionForm, card: Card) -> dict:
    """A card with its bound inputs and its answer in words."""
    found = {
        kind: form[field_name(kind, card.id)]
        for kind in ("a", "n", "m", "c", "f", "y")
        if field_name(kind, card.id) in form.fields
    }
    value = worded(card.item, card.answer.value) if card.answer else ""
    return {"card": card, "words": value, **found}


def _post_section(request: HttpRequest, section: SectionAssignment, view: Overview) -> HttpResponse:
    if strange := of_another_version(request, view.reading.instrument):
        return strange
    sent = {
        item.id for item in view.reading.section(section.section_id).items if field_name("m", item.id) in request.POST
    }
    form = SectionForm(cards_of(request.actor, section, view.reading, also=sent), request.POST, request.FILES)
    form.is_valid()
    may_answer = may(request.actor, "assessments.answer_section", section)
    if not may_answer and sent:
        raise Denied("assessments.answer_section")  # answered with the own text
    action, _colon, target = request.POST.get("do", "done").partition(":")
    done = action == "done" and not form.errors
    uploads = _read_uploads(form) if may_answer else {}
    act = {"actor": request.actor, "now": request.now}
    saved = None
    try:
        if may_answer and not (done and not form.errors and not uploads and not form.comments()):
            saved = services.autosave_answers(**act, section=section, answers=form.given())
        for item_id, text in form.comments().items():
            services.comment(
                **act,
                section=section,
                item_id=item_id,
                text=text,
                token=f"{form.cleaned_data['once'][:20]}:{digest(item_id)}",
            )
        for item_id, upload in uploads.items():
            services.attach_file(**act, section=section, item_id=item_id, upload=upload)
        _small_acts(request, section, action, target)
        if done and may_answer and not form.errors:
            kept = saved.kept if saved else None
            saved = services.save_section(**act, section=section, answers=() if kept else form.given())
            if kept:
                saved.kept.conflicts.update(kept.conflicts)
    except ValidationError as error:
        form.add_error(None, error)
    if form.errors:
        return _show_again(request, section, form)
    if action in ("add-entry", "entry") and may_answer:
        return _to_entry(section, action, target)
    if not done or saved is None:
        anchor = f"#q-{target}" if action in ("comment", "attach") and target else ""
        if request.POST.get("at") in sent:
            anchor = f"#q-{request.POST['at']}"
        return HttpResponseRedirect(reverse("assessments:section", args=[section.pk]) + anchor)
    return _after_save(request, section, saved, sent)


def _to_entry(section: SectionAssignment, action: str, target: str) -> HttpResponse:
    """What was typed is stored: on to the page that adds an entry of a repeated section, or that names one or takes it away."""
    if action == "add-entry":
        return redirect("assessments:add_entry", section_id=section.pk)
    return redirect("assessments:entry", section_id=section.pk, entry=target or "1")


def _read_uploads(form: SectionForm) -> dict:
    """Uploads by item, read outside any transaction. What is refused becomes an error beside its question."""
    found = {}
    for item_id, upload in form.uploads().items():
        try:
            found[item_id] = read_upload(upload)
        except UploadRefused as refused:
            form.add_error(field_name("f", item_id), str(refused))
    return found


def _small_acts(request: HttpRequest, section: SectionAssignment, action: str, target: str) -> None:
    """Acts of small buttons inside a card: a comment is dealt with, evidence is taken away."""
    act = {"actor": request.actor, "now": request.now}
    if action == "resolve" and target.isdecimal():
        comment = section.comments.filter(pk=int(target)).first()
        if comment is not None:
            services.resolve_comment(**act, comment=comment)
    elif action == "remove" and target.isdecimal():
        stored = restrict(request.actor, "files.view_file").filter(pk=int(target)).first()
        if stored is not None:
            services.remove_attached_file(**act, stored=stored)


def _show_again(request: HttpRequest, section: SectionAssignment, form: SectionForm) -> HttpResponse:
    """The page with what was typed and what is wrong. What could be stored is stored: its mark is that of the stored answer."""
    view = overview_of(request.actor, section.assessment)
    cards = cards_of(request.actor, section, view.reading, also=[card.id for card in form.cards])
    data = request.POST.copy()
    stored = {given.item_id for given in form.given()}
    for card in cards:
        data[field_name("m", card.id)] = (
            card.loaded if card.id in stored else data.get(field_name("m", card.id), card.loaded)
        )
        if not form.errors.get(field_name("c", card.id)):
            data[field_name("c", card.id)] = ""  # the comment was made
    again = SectionForm(cards, data, request.FILES)
    again.is_valid()
    for name, problems in form.errors.items():
        if name not in again.errors:
            again.add_error(None if name == "__all__" or name not in again.fields else name, list(problems))
    return _show_section(request, section, view, again, status=422)


def _after_save(
    request: HttpRequest, section: SectionAssignment, saved: services.Saved, sent: set[str]
) -> HttpResponse:
    """Where one goes after a save: to a choice between two texts, to new questions, to the next section, to the overview."""
    if saved.kept.conflicts:
        version = next(iter(saved.kept.conflicts.values()))
        messages.warning(
            request, _("Someone else answered while you wrote. Both texts are kept: choose which is to stand.")
        )
        return redirect("assessments:choose", version_id=version.pk)
    here = reverse("assessments:section", args=[section.pk])
    new = [item_id for item_id in saved.asked if item_id not in sent]
    if new:
        text = ngettext(
            "Saved. Your answers opened one more question.",
            "Saved. Your answers opened %(count)d more questions.",
            len(new),
        )
        messages.info(request, text % {"count": len(new)})
        return HttpResponseRedirect(f"{here}#q-{new[0]}")
    view = overview_of(request.actor, section.assessment)
    line = next(line for line in view.lines if line.section.pk == section.pk)
    if saved.done:
        messages.success(request, _("“%(section)s” is done.") % {"section": line.title})
    else:
        left = len(saved.missing)
        text = ngettext(
            "“%(section)s” is saved. One question still needs an answer or evidence.",
            "“%(section)s” is saved. %(count)d questions still need an answer or evidence.",
            left,
        )
        if not left:
            text = _("“%(section)s” is saved. Two texts wait for a choice.")
        messages.info(request, text % {"section": line.title, "count": left})
    following = view.next_line(line.section)
    if following is not None:
        return redirect("assessments:section", section_id=following.section.pk)
    return redirect("assessments:overview", assessment_id=section.assessment_id)


# Autosave -----------------------------------------------------------------------------------------


@page("assessments.view_section", by="section_id", methods=("POST",))
def autosave(request: HttpRequest, section: SectionAssignment, item_id: str) -> HttpResponse:
    """Store one answer while it is typed. Answers in JSON what the page has to say: the time, a new mark, warnings."""
    view = overview_of(request.actor, section.assessment)
    if item_id not in {item.id for item in view.reading.section(section.section_id).items}:
        raise Http404
    card = next(card for card in cards_of(request.actor, section, view.reading, also=[item_id]) if card.id == item_id)
    form = ItemForm([card], request.POST)
    form.is_valid()
    given = form.given()
    if not given:
        problems = [str(problem) for found in form.errors.values() for problem in found]
        return JsonResponse({"message": " ".join(problems) or _("There was nothing to save.")}, status=422)
    try:
        saved = services.autosave_answers(actor=request.actor, now=request.now, section=section, answers=given)
    except Denied:
        text = _("Not saved: the section was signed, locked or given to someone else. Copy your text.")
        return JsonResponse({"message": text}, status=403)
    answer = Answer.objects.filter(section=section, item_id=item_id).first()
    body = {"mark": answer_mark(answer), "asked": saved.asked, "warnings": _warnings(card, answer)}
    body["theirs"] = answer is not None and answer.unconfirmed
    conflict = saved.kept.conflicts.get(item_id)
    if conflict is not None:
        text = _("Someone else answered this while you wrote. Both texts are kept.")
        # The mark stays the page's own: what is typed on goes into the text that is kept beside.
        body |= {"message": text, "mark": given[0].loaded, "choose": reverse("assessments:choose", args=[conflict.pk])}
        return JsonResponse(body | {"choose_text": _("Choose which is to stand")}, status=409)
    return JsonResponse(body | {"message": _("Saved %(time)s") % {"time": clock(request.now)}})


def _warnings(card: Card, answer: Answer | None) -> list[str]:
    return written_warnings(card.item, answer) if answer is not None else []


# Two texts ----------------------------------------------------------------------------------------


@text_kept
@page("assessments.settle_version", by="version_id", methods=("GET", "POST"))
def choose(request: HttpRequest, version: AnswerVersion) -> HttpResponse:
    """Two texts side by side: keep mine, keep theirs, or join them."""
    answer, section = version.answer, version.answer.section
    item = instrument_of(section.assessment).items[answer.item_id]
    if version.settled_at is not None:
        return redirect("assessments:section", section_id=section.pk)
    own = version.written_by_id == request.actor.id
    notes = bool(answer.note or version.note) and answer.note != version.note
    both = (
        "\n\n".join(str(text) for text in (answer.value, version.value) if text) if item.type is ValueType.TEXT else ""
    )
    both_notes = "\n\n".join(dict.fromkeys(text for text in (answer.note, version.note) if text))
    form = ChooseForm(item, own, posted(request), notes=notes, initial={"joined": both, "joined_note": both_notes})
    if request.method == "POST" and form.is_valid():
        stored = {"value": answer.value, "note": answer.note}
        services.settle_version(
            actor=request.actor,
            now=request.now,
            version=version,
            choice=form.cleaned_data["choice"],
            content=form.content(stored),
        )
        waiting = AnswerVersion.objects.filter(answer__section=section, settled_at=None).first()
        if waiting is not None:
            messages.success(request, _("Your choice is saved. There is one more."))
            return redirect("assessments:choose", version_id=waiting.pk)
        messages.success(request, _("Your choice is saved. Save the section, so that it counts."))
        return HttpResponseRedirect(f"{reverse('assessments:section', args=[section.pk])}#q-{item.id}")
    context = {
        "form": form,
        "version": version,
        "answer": answer,
        "section": section,
        "overview": overview_of(request.actor, section.assessment),
        "question": said(item.text),
        "stored_words": plain_text(worded(item, answer.value)),
        "own": own,
        "kept_words": plain_text(worded(item, version.value)),
    }
    return render(request, "assessments/choose.html", context, status=422 if form.errors else 200)


@page("assessments.view_section", by="section_id")
def earlier(request: HttpRequest, section: SectionAssignment, item_id: str) -> HttpResponse:
    """The answer that stands, and every text that was kept beside it."""
    item = instrument_of(section.assessment).items.get(item_id)
    if item is None or item.section != section.section_id:
        raise Http404
    answer = restrict(request.actor, "assessments.view_answer").filter(section=section, item_id=item_id).first()
    versions = AnswerVersion.objects.filter(answer=answer) if answer else AnswerVersion.objects.none()
    context = {
        "section": section,
        "overview": overview_of(request.actor, section.assessment),
        "question": said(item.text),
        "answer": answer,
        "words": worded(item, answer.value) if answer else "",
        "versions": [(version, worded(item, version.value)) for version in versions],
    }
    return render(request, "assessments/earlier.html", context)
