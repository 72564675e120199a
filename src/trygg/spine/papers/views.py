"""Papers to download, the proposed decision, Word templates, the list as a workbook, the decision package."""

import tempfile
from typing import IO, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from trygg.kernel.access import Role, page
from trygg.kernel.files.uploads import ALLOWED, UploadRefused, read_upload
from trygg.kernel.ledger.checkpoints import LedgerInconsistent
from trygg.kernel.ledger.keys import LedgerKeyMissing
from trygg.kernel.ledger.once import once
from trygg.kernel.ui.word_fields import listed
from trygg.spine.matters.models import Matter
from trygg.spine.matters.selectors import matters_seen, search_matters
from trygg.spine.matters.views import add_errors
from trygg.spine.papers import forms, selectors, services, word
from trygg.spine.papers import package as packages
from trygg.spine.papers import workbook as workbooks
from trygg.spine.papers.assembling import paper_of
from trygg.spine.papers.models import PaperName, WordTemplate

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGES = dict(settings.LANGUAGES)
SPOOLED = 8 * 1024 * 1024  # bytes kept in memory before a file is put on the disk
SHOWN = ("owner", "system__vendor", "accountable__person", "overseer__person")


def _attachment(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@page("matters.view_matter", by="matter_key", field="key", related=SHOWN)
def paper(request: HttpRequest, matter_key: Matter, paper: str, language: str, ending: str) -> HttpResponse:
    """A paper as PDF or Word."""
    matter = matter_key
    if paper not in PaperName.values or language not in LANGUAGES or ending not in ("pdf", "docx"):
        raise Http404
    made = paper_of(matter, request.actor, paper, language, request.now)
    name = f"{slugify(matter.title)[:60] or matter.key}-{paper}-{language}.{ending}"
    if ending == "pdf":
        return _attachment(made.pdf, "application/pdf", name)
    template = selectors.template_bytes(request.actor, matter.owner, paper, language)
    return _attachment(word.word_of(made.data, language, template), WORD, name)


@page("papers.propose_decision", by="matter_key", field="key", methods=("GET", "POST"))
def proposal(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """Write what those who decide are asked to decide."""
    matter = matter_key
    standing = selectors.proposal_of(request.actor, matter)
    form = forms.ProposalForm(request.POST or None, standing=standing.text if standing else {})
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_decision(actor=request.actor, now=request.now, matter=matter, text=form.texts())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Saved. It stands first in the papers."))
            return redirect("matters:case", matter_key=matter.key)
    return render(request, "papers/proposal.html", {"form": form, "matter": matter}, status=422 if form.errors else 200)


@page("matters.view_matter", by="matter_key", field="key", methods=("POST",), related=SHOWN)
def package(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """The decision package. By POST: the record is signed as it is now."""
    matter = matter_key
    target = _spooled()
    try:
        packages.write_package(target, matter, request.actor, request.now)
    except ValidationError as error:
        target.close()
        messages.error(request, " ".join(error.messages))
        return redirect("matters:case", matter_key=matter.key)
    except (LedgerKeyMissing, LedgerInconsistent):
        target.close()
        messages.error(request, _("The record cannot be signed here at the moment, so no package was made. Tell the administrator of Trygg."))
        return redirect("matters:case", matter_key=matter.key)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=packages.file_name(matter), content_type="application/zip")


def _spooled() -> IO[bytes]:
    """A file that goes to the disk when it grows, and is gone once it is sent."""
    return tempfile.SpooledTemporaryFile(max_size=SPOOLED)


@page()
def workbook(request: HttpRequest) -> HttpResponse:
    """The list of matters as it is filtered, as a workbook."""
    text, kind, stage = (request.GET.get(name, "") for name in ("q", "kind", "stage"))
    rows = search_matters(matters_seen(request.actor), text.replace("\0", " "), kind=kind, stage=stage)
    kinds, stages = dict(Matter.Kind.choices), dict(Matter.Stage.choices)
    filters = [(_("Search in matters"), text), (_("Kind"), str(kinds.get(kind, kind))), (_("Stage"), str(stages.get(stage, stage)))]
    target = _spooled()
    workbooks.write_workbook(target, rows, request.actor, request.now, filters)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{slugify(_('Matters'))}.xlsx", content_type=EXCEL)


@page(roles=(Role.ADMINISTRATOR,), methods=("GET", "POST"))
@once
def templates(request: HttpRequest) -> HttpResponse:
    """Word templates of one's own: which count, another one, back to the standard."""
    organisations = selectors.managed_organisations(request.actor)
    form = forms.TemplateForm(request.POST or None, request.FILES or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            upload = read_upload(given.pop("file"), allowed={WORD: ALLOWED[WORD]})
            services.keep_template(actor=request.actor, now=request.now, upload=upload, **given)
        except UploadRefused as error:
            form.add_error("file", str(error))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The template is in use. Look at the preview before the next meeting."))
            return redirect("papers:templates")
    context = {"form": form, "rows": _template_rows(request, list(organisations)), "languages": LANGUAGES.items()}
    return render(request, "papers/templates.html", context, status=422 if form.errors else 200)


def _template_rows(request: HttpRequest, organisations: list) -> list[dict[str, Any]]:
    """Every paper and language of each organisation, with its own template where there is one."""
    rows = []
    for organisation in organisations:
        own = {(t.paper, t.language): t for t in selectors.templates_of(request.actor, organisation)}
        rows += [
            {"organisation": organisation, "paper": label, "language": name, "template": own.get((value, code))}
            for value, label in PaperName.choices
            for code, name in settings.LANGUAGES
            if own.get((value, code))
        ]
    return rows


@page(roles=(Role.ADMINISTRATOR,))
def fields(request: HttpRequest) -> HttpResponse:
    """What a template may name."""
    return render(request, "papers/fields.html", {"rows": word.field_rows(listed(word.fields()))})


@page(roles=(Role.ADMINISTRATOR,))
def standard(request: HttpRequest, language: str) -> HttpResponse:
    """The standard template, to begin with."""
    if language not in LANGUAGES:
        raise Http404
    return _attachment(word.standard_file(language), WORD, f"trygg-standard-{language}.docx")


@page("papers.manage_template", by="template_id")
def preview(request: HttpRequest, template: WordTemplate) -> HttpResponse:
    """The template filled with invented content."""
    content = selectors.template_bytes(request.actor, template.organisation, template.paper, template.language)
    return _attachment(word.word_of(word.sample(template.language), template.language, content), WORD, "preview.docx")


@page("papers.manage_template", by="template_id", methods=("POST",))
def restore(request: HttpRequest, template: WordTemplate) -> HttpResponse:
    services.restore_template(actor=request.actor, now=request.now, template=template)
    messages.success(request, _("The standard template is in use again."))
    return redirect("papers:templates")
