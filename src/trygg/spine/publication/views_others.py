"""Starting from another's published case: the list, a file, the preview, and the start. What goes along, for who approves it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.kernel.access import page
from trygg.kernel.ledger.once import once
from trygg.spine.matters.models import Matter
from trygg.spine.matters.views import add_errors
from trygg.spine.publication import forms, others, services
from trygg.spine.publication.casefile import MOST_BYTES
from trygg.spine.publication.checks import Problem, place, problems_in
from trygg.spine.publication.models import EntryVersion
from trygg.spine.publication.others import Nearness, OtherCase
from trygg.spine.publication.reusable import Look, room_of
from trygg.spine.publication.texts import words_of

PER_PAGE = 20
YEAR = 365


@page("publication.start_from_other", by="matter_key", field="key")
def others_list(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """Cases of others that this matter may start from, the nearest first."""
    matter = matter_key
    page_obj = Paginator(others.others_for(request.actor, matter), PER_PAGE).get_page(request.GET.get("page"))
    headings = {
        Nearness.SAME_SYSTEM: _("About the same system"),
        Nearness.SIMILAR: _("About something similar, for children of the same ages or in the same setting"),
        Nearness.OTHER: _("Others"),
    }
    groups: list[tuple[str, list[OtherCase]]] = []
    for other in page_obj.object_list:
        if not groups or groups[-1][0] != headings[other.nearness]:
            groups.append((headings[other.nearness], []))
        groups[-1][1].append(other)
    return render(request, "publication/others.html", {"matter": matter, "groups": groups, "page_obj": page_obj})


@page("publication.start_from_other", by="matter_key", field="key", methods=("GET", "POST"))
@once
def read_file(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """Read another installation's published case from its file."""
    matter = matter_key
    form = forms.CaseFileForm(request.POST, request.FILES) if request.method == "POST" else forms.CaseFileForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        # One byte more than any case has, so that a larger one is seen to be larger.
        data = upload.read(MOST_BYTES + 1)
        try:
            read = services.read_case_file(actor=request.actor, now=request.now, matter=matter, data=data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The file is whole. See what comes along before you begin."))
            return redirect("publication:other_outside", matter_key=matter.key, outside_id=read.pk)
    return render(request, "publication/case_file.html", {"matter": matter, "form": form}, status=422 if form.errors else 200)


@page("publication.start_from_other", by="matter_key", field="key", methods=("GET", "POST"))
@once
def other_here(request: HttpRequest, matter_key: Matter, version_id: int) -> HttpResponse:
    """What would come along from a case that is published here; and the start."""
    return _other(request, matter_key, others.other_here(request.actor, matter_key, version_id))


@page("publication.start_from_other", by="matter_key", field="key", methods=("GET", "POST"))
@once
def other_outside(request: HttpRequest, matter_key: Matter, outside_id: int) -> HttpResponse:
    """What would come along from a case that was read from a file; and the start."""
    return _other(request, matter_key, others.other_outside(request.actor, matter_key, outside_id))


def _other(request: HttpRequest, matter: Matter, other: OtherCase | None) -> HttpResponse:
    if other is None:
        raise Http404
    looks = [_look(request, matter, piece) for piece in other.case["pieces"]]
    error = ""
    if request.method == "POST":
        number = request.POST.get("piece", "")
        chosen = int(number) if number.isdecimal() and len(number) < 4 else -1
        if not 0 <= chosen < len(looks):
            error = _("Choose which questions to begin with.")
        elif looks[chosen].refused:
            error = looks[chosen].refused
        else:
            piece = other.case["pieces"][chosen]
            room = room_of(piece)
            try:
                path = room.begin(actor=request.actor, now=request.now, matter=matter, piece=piece, source=other.source)
            except ValidationError as refused:
                error = " ".join(refused.messages)
            else:
                messages.success(request, _("You can begin. Each answer is theirs until somebody here confirms or changes it."))
                return redirect(path)
    age = (timezone.localdate(request.now) - other.published_on).days
    context = {
        "matter": matter, "other": other, "looks": list(enumerate(looks)), "error": error, "old": age > YEAR, "years": age // YEAR,
    }  # fmt: skip
    return render(request, "publication/other.html", context, status=422 if error else 200)


def _look(request: HttpRequest, matter: Matter, piece: dict) -> Look:
    room = room_of(piece)
    if room is None:
        return Look(words_of(piece["title"]), "", refused=_("This installation has no room that can take this over."))
    return room.look(request.actor, matter, piece)


@page("publication.view_version", by="version_id")
def goes_along(request: HttpRequest, version: EntryVersion) -> HttpResponse:
    """Every answer and note that others get with a version, exactly as it goes along; and what should be looked at in it."""
    pieces = version.content.get("reusable", [])
    problems: list[Problem] = []
    if version.is_open and pieces:
        problems = [problem for problem in problems_in(version.content) if problem.where == place(("reusable",))]
    context = {
        "version": version,
        "matter": version.entry.matter,
        "pieces": [
            {
                "title": words_of(piece["title"]),
                "version": piece["version"],
                "answers": [
                    {"question": words_of(answer["question"]), "words": words_of(answer["words"]), "note": answer["note"]}
                    for answer in piece["answers"]
                ],
            }
            for piece in pieces
        ],
        "problems": problems,
    }
    return render(request, "publication/goes_along.html", context)
