"""The vendor's pages: its dossiers, a draft and its sections, and publishing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments.dossier import services
from trygg.apps.assessments.dossier.access import WRITERS
from trygg.apps.assessments.dossier.forms import BeginForm, DraftForm, DraftItemForm, EntryForm, NamesForm, PublishForm
from trygg.apps.assessments.dossier.models import Dossier, DossierAnswer, DossierText
from trygg.apps.assessments.dossier.selectors import (
    changed_items,
    dossiers_of,
    draft_cards,
    draft_contents,
    draft_mark,
    instrument_for,
    names_to_add,
    needed,
    newest_of,
    products_without,
    reading_of_contents,
)
from trygg.apps.assessments.dossier.services.publishing import to_publish, version_hash
from trygg.apps.assessments.fields import plain_text
from trygg.apps.assessments.forms import ChooseForm, field_name, posted
from trygg.apps.assessments.questions import Reading, said
from trygg.apps.assessments.selectors import written_warnings
from trygg.engines.conditions import ValueType
from trygg.kernel.access import page, restrict
from trygg.kernel.files.uploads import UploadRefused, read_upload
from trygg.kernel.ledger.once import once
from trygg.kernel.people.models import Organisation
from trygg.kernel.ui.words import clock
from trygg.spine.frameworks.answer_words import answer_words
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import marked


def refused(form: Form, error: ValidationError) -> None:
    """A service's refusal beside the field that it names, or above the form."""
    if hasattr(error, "error_dict"):
        for name, problems in error.error_dict.items():
            form.add_error(name if name in form.fields else None, problems)
    else:
        form.add_error(None, error)


@page(roles=WRITERS)
def dossiers(request: HttpRequest) -> HttpResponse:
    """The company's dossiers, and its products that have none."""
    found = dossiers_of(request.actor)
    company = restrict(request.actor, "assessments.begin_dossier").first()
    context = {
        "dossiers": [(dossier, newest_of(dossier.versions.all())) for dossier in found],
        "may_begin": company is not None,
        "without": products_without(company.pk) if company else [],
    }
    return render(request, "assessments/dossier/list.html", context)


@page(roles=WRITERS, methods=("GET", "POST"))
@once
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the dossier of a product."""
    company: Organisation | None = restrict(request.actor, "assessments.begin_dossier").first()
    if company is None:
        messages.info(request, _("Dossiers are written by vendors."))
        return redirect("assessments:dossiers")
    form = BeginForm(posted(request), initial={"title": request.GET.get("product", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.begin_dossier(
                actor=request.actor, now=request.now, vendor=company, title=form.cleaned_data["title"]
            )
        except ValidationError as error:
            refused(form, error)
        else:
            messages.success(request, _("You can begin. Nobody outside your company sees it before you publish it."))
            return redirect("assessments:dossier", dossier_id=made.pk)
    return render(request, "assessments/dossier/begin.html", {"form": form}, status=422 if form.errors else 200)


@page("assessments.edit_dossier", by="dossier_id", related=("vendor", "pack"))
def overview(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The draft's sections, what is left, and the versions that were published."""
    contents = draft_contents(dossier)
    reading = reading_of_contents(dossier, contents)
    open_ones = needed(dossier, contents)
    lines = []
    for section in reading.instrument.sections:
        asked = reading.visible(section.id)
        if asked:
            lines.append(
                {
                    "id": section.id, "title": said(section.title), "asked": len(asked), "answered": reading.answered(section.id),
                    "missing": sum(item.section == section.id for item in open_ones),
                }
            )  # fmt: skip
    versions = list(dossier.versions.all())
    newest = newest_of(versions)
    changed = changed_items(newest.answers, to_publish(dossier)) if newest else None
    newer = PackVersion.objects.filter(pack_id=dossier.pack.pack_id, current=True, organisation=None).exclude(pk=dossier.pack_id).first()
    context = {
        "dossier": dossier,
        "lines": lines,
        "left": sum(line["missing"] for line in lines),
        "next": next((line for line in lines if line["missing"]), None),
        "versions": versions,
        "newest": newest,
        "changed": len(changed) if changed is not None else None,
        "names": dossier.names.all(),
        "names_to_add": names_to_add(dossier),
        "newer": newer,
    }
    return render(request, "assessments/dossier/overview.html", context)


@page("assessments.edit_dossier", by="dossier_id", methods=("GET", "POST"))
def names(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Other names under which records of the product are kept."""
    form = NamesForm(names_to_add(dossier), posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.name_product(actor=request.actor, now=request.now, dossier=dossier, names=form.cleaned_data["names"])
        except ValidationError as error:
            refused(form, error)
        else:
            messages.success(request, _("Saved. Who uses a system with that name sees what you publish."))
            return redirect("assessments:dossier", dossier_id=dossier.pk)
    context = {"form": form, "dossier": dossier}
    return render(request, "assessments/dossier/names.html", context, status=422 if form.errors else 200)


# A section of the draft ---------------------------------------------------------------------------------------------------


@page("assessments.edit_dossier", by="dossier_id", methods=("GET", "POST"), related=("vendor", "pack"))
def section_page(request: HttpRequest, dossier: Dossier, section: str) -> HttpResponse:
    """The questions of one section. Works whole without script; with script each answer is saved as it is typed."""
    reading = _reading(dossier, section)
    if request.method == "POST":
        return _post_section(request, dossier, section, reading)
    form = DraftForm(draft_cards(dossier, reading, section), initial={"once": get_random_string(32)})
    return _show(request, dossier, section, reading, form)


def _reading(dossier: Dossier, section: str) -> Reading:
    reading = reading_of_contents(dossier, draft_contents(dossier))
    if reading.section(section) is None:
        raise Http404
    return reading


def _show(request: HttpRequest, dossier: Dossier, section: str, reading: Reading, form: DraftForm, status: int = 200) -> HttpResponse:
    shown = reading.section(section)
    kinds = ("a", "n", "m", "f")
    context = {
        "dossier": dossier,
        "section": section,
        "shown": shown,
        "heading": marked(shown.title),
        "intro": marked(shown.intro),
        "form": form,
        "fields": [
            {"card": card} | {kind: form[field_name(kind, card.id)] for kind in kinds if field_name(kind, card.id) in form.fields}
            for card in form.cards
        ],
        "of": said(shown.repeat.of) if shown.repeat else "",
        "entries": [(entry, name or str(n)) for n, (entry, name) in enumerate(reading.instrument.entries.get(section, ()), start=1)],
    }
    return render(request, "assessments/dossier/section.html", context, status=status)


def _post_section(request: HttpRequest, dossier: Dossier, section: str, reading: Reading) -> HttpResponse:
    shown = reading.section(section)
    sent = {item.id for item in shown.items if field_name("m", item.id) in request.POST}
    form = DraftForm(draft_cards(dossier, reading, section, also=sent), request.POST, request.FILES)
    form.is_valid()
    action, _colon, target = request.POST.get("do", "done").partition(":")
    act = {"actor": request.actor, "now": request.now}
    kept: dict[str, DossierText] = {}
    try:
        save = services.save_dossier if action == "done" and not form.errors else services.autosave_dossier
        kept = save(**act, dossier=dossier, answers=form.given())
        for item_id, upload in form.uploads().items():
            try:
                services.attach_dossier_file(**act, dossier=dossier, item_id=item_id, upload=read_upload(upload))
            except UploadRefused as refusal:
                form.add_error(field_name("f", item_id), str(refusal))
        if action == "remove" and target.isdecimal():
            stored = restrict(request.actor, "files.view_file").filter(pk=int(target)).first()
            if stored is not None:
                services.remove_dossier_file(**act, stored=stored)
        elif action == "remove-entry" and target:
            services.remove_dossier_entry(**act, dossier=dossier, section=section, entry=target)
    except ValidationError as error:
        form.add_error(None, error)
    if form.errors:
        return _show_again(request, dossier, section, form)
    if kept:
        messages.warning(request, _("Someone else answered while you wrote. Both texts are kept: choose which is to stand."))
        return redirect("assessments:choose_dossier_text", text_id=next(iter(kept.values())).pk)
    here = reverse("assessments:dossier_section", args=[dossier.pk, section])
    if action == "add-entry":
        return redirect("assessments:add_dossier_entry", dossier_id=dossier.pk, section=section)
    if action != "done":
        return HttpResponseRedirect(f"{here}#q-{target}" if action == "attach" else here)
    return _after_save(request, dossier, section, sent, here)


def _after_save(request: HttpRequest, dossier: Dossier, section: str, sent: set[str], here: str) -> HttpResponse:
    """To questions that the answers opened, else to the next section that lacks something, else to the overview."""
    reading = reading_of_contents(dossier, draft_contents(dossier))
    new = [item.id for item in reading.visible(section) if item.id not in sent]
    if new:
        text = ngettext(
            "Saved. Your answers opened one more question.", "Saved. Your answers opened %(count)d more questions.", len(new)
        )
        messages.info(request, text % {"count": len(new)})
        return HttpResponseRedirect(f"{here}#q-{new[0]}")
    messages.success(request, _("Saved. Nobody outside your company sees it before you publish it."))
    ids = [each.id for each in reading.instrument.sections]
    open_ones = {item.id for item in needed(dossier, draft_contents(dossier))}
    following = next(
        (each for each in ids[ids.index(section) + 1 :] if any(item.id in open_ones for item in reading.missing(each))), None
    )
    if following is not None:
        return redirect("assessments:dossier_section", dossier_id=dossier.pk, section=following)
    return redirect("assessments:dossier", dossier_id=dossier.pk)


def _show_again(request: HttpRequest, dossier: Dossier, section: str, form: DraftForm) -> HttpResponse:
    """The page with what was typed and what is wrong. What could be stored is stored."""
    reading = _reading(dossier, section)
    cards = draft_cards(dossier, reading, section, also=[card.id for card in form.cards])
    data = request.POST.copy()
    stored = {given.item_id for given in form.given()}
    for card in cards:
        if card.id in stored:
            data[field_name("m", card.id)] = card.loaded
    again = DraftForm(cards, data, request.FILES)
    again.is_valid()
    for name, problems in form.errors.items():
        if name not in again.errors:
            again.add_error(None if name == "__all__" or name not in again.fields else name, list(problems))
    return _show(request, dossier, section, reading, again, status=422)


@page("assessments.edit_dossier", by="dossier_id", methods=("POST",), related=("vendor", "pack"))
def autosave(request: HttpRequest, dossier: Dossier, item_id: str) -> HttpResponse:
    """Store one answer of the draft while it is typed."""
    item = instrument_for(dossier).items.get(item_id)
    if item is None:
        raise Http404
    reading = _reading(dossier, item.section)
    card = next(card for card in draft_cards(dossier, reading, item.section, also=[item_id]) if card.id == item_id)
    form = DraftItemForm([card], request.POST)
    form.is_valid()
    given = form.given()
    if not given:
        problems = [str(problem) for found in form.errors.values() for problem in found]
        return JsonResponse({"message": " ".join(problems) or _("There was nothing to save.")}, status=422)
    kept = services.autosave_dossier(actor=request.actor, now=request.now, dossier=dossier, answers=given)
    answer = DossierAnswer.objects.filter(dossier=dossier, item_id=item_id).first()
    then = reading_of_contents(dossier, draft_contents(dossier))
    body = {
        "mark": draft_mark(answer), "asked": [each.id for each in then.visible(item.section)],
        "warnings": written_warnings(item, answer) if answer else [],
    }  # fmt: skip
    if item_id in kept:
        text = _("Someone else answered this while you wrote. Both texts are kept.")
        body |= {"message": text, "mark": given[0].loaded, "choose_text": _("Choose which is to stand")}
        return JsonResponse(body | {"choose": reverse("assessments:choose_dossier_text", args=[kept[item_id].pk])}, status=409)
    return JsonResponse(body | {"message": _("Saved %(time)s") % {"time": clock(request.now)}})


@page("assessments.settle_dossier_text", by="text_id", methods=("GET", "POST"))
def choose(request: HttpRequest, text: DossierText) -> HttpResponse:
    """Two texts side by side: keep mine, keep theirs, or join them."""
    answer = text.answer
    item = instrument_for(answer.dossier).items.get(answer.item_id)
    if item is None or text.settled_at is not None:
        return redirect("assessments:dossier", dossier_id=answer.dossier_id)
    own = text.written_by_id == request.actor.id
    both = "\n\n".join(str(each) for each in (answer.value, text.value) if each) if item.type is ValueType.TEXT else ""
    both_notes = "\n\n".join(dict.fromkeys(each for each in (answer.note, text.note) if each))
    notes = bool(answer.note or text.note) and answer.note != text.note
    form = ChooseForm(item, own, posted(request), notes=notes, initial={"joined": both, "joined_note": both_notes})
    if request.method == "POST" and form.is_valid():
        content = form.content({"value": answer.value, "note": answer.note})
        services.settle_dossier_text(
            actor=request.actor, now=request.now, text=text, choice=form.cleaned_data["choice"], content=content
        )
        messages.success(request, _("Your choice is saved."))
        here = reverse("assessments:dossier_section", args=[answer.dossier_id, item.section])
        return HttpResponseRedirect(f"{here}#q-{item.id}")
    context = {
        "form": form, "text": text, "answer": answer, "dossier": answer.dossier, "question": said(item.text), "own": own,
        "stored_words": plain_text(answer_words(item, answer.value)), "kept_words": plain_text(answer_words(item, text.value)),
    }  # fmt: skip
    return render(request, "assessments/dossier/choose.html", context, status=422 if form.errors else 200)


@page("assessments.edit_dossier", by="dossier_id", methods=("GET", "POST"), related=("vendor", "pack"))
@once
def add_entry(request: HttpRequest, dossier: Dossier, section: str) -> HttpResponse:
    """One more entry of a repeated section."""
    found = next((each for each in instrument_for(dossier).sections if each.id == section and each.repeat), None)
    if found is None:
        raise Http404
    form = EntryForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.add_dossier_entry(
                actor=request.actor, now=request.now, dossier=dossier, section=section, name=form.cleaned_data["name"]
            )
        except ValidationError as error:
            refused(form, error)
        else:
            return redirect("assessments:dossier_section", dossier_id=dossier.pk, section=section)
    context = {"form": form, "dossier": dossier, "section": section, "of": said(found.repeat.of), "title": said(found.title)}
    return render(request, "assessments/dossier/add_entry.html", context, status=422 if form.errors else 200)


# Publishing, newer questions ----------------------------------------------------------------------------------------------


@page("assessments.edit_dossier", by="dossier_id", methods=("GET", "POST"), related=("vendor", "pack"))
@once
def publish(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """What is different from the version before; then publishing it."""
    newest = newest_of(dossier.versions.select_related("pack"))
    form = PublishForm(posted(request), initial={"system_version": newest.system_version if newest else ""})
    if request.method == "POST" and form.is_valid():
        try:
            version = services.publish_dossier(
                actor=request.actor, now=request.now, dossier=dossier, seen=request.POST.get("seen", ""), **form.cleaned_data
            )
        except ValidationError as error:
            refused(form, error)
        else:
            messages.success(request, _("Version %(n)d is published. Everyone who uses the product sees it.") % {"n": version.number})
            return redirect("assessments:dossier_version", version_id=version.pk)
    answers = to_publish(dossier)
    items = instrument_for(dossier).items
    before = instrument_for(newest).items if newest else {}
    changes = [
        {
            "question": said((items.get(name) or before[name]).text),
            "old": answer_words(before[name], newest.answers[name]["value"]) if name in newest.answers and name in before else "",
            "new": answer_words(items[name], answers[name]["value"]) if name in answers else "",
            "files": len(answers[name]["files"]) if name in answers else 0,
        }
        for name in (changed_items(newest.answers, answers) if newest else ())
        if name in items or name in before
    ]
    context = {
        "form": form, "dossier": dossier, "newest": newest, "changes": changes, "count": len(answers),
        "seen": version_hash(dossier, answers),
    }  # fmt: skip
    return render(request, "assessments/dossier/publish.html", context, status=422 if form.errors else 200)


@page("assessments.edit_dossier", by="dossier_id", methods=("POST",))
def upgrade(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Go on with the newest version of the questions."""
    lost = services.upgrade_dossier(actor=request.actor, now=request.now, dossier=dossier)
    if lost:
        text = ngettext(
            "The draft has the newest questions. One answer has no place in them; the versions that you published keep it.",
            "The draft has the newest questions. %(n)d answers have no place in them; the versions that you published keep them.",
            len(lost),
        )
        messages.warning(request, text % {"n": len(lost)})
    else:
        messages.success(request, _("The draft has the newest questions. All answers came along."))
    return redirect("assessments:dossier", dossier_id=dossier.pk)
