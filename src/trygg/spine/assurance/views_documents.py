"""Pages of documents that were written before: upload, attach to many claims, undo."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.kernel.access import may, page
from trygg.kernel.files.selectors import files_of
from trygg.kernel.files.uploads import UploadRefused, read_upload
from trygg.kernel.ledger.once import once
from trygg.spine.assurance import forms, services
from trygg.spine.assurance.documents import SOURCE, claims_to_attach, ended_words
from trygg.spine.assurance.models import CaseDocument
from trygg.spine.assurance.selectors import documents_of, places_of
from trygg.spine.assurance.views import add_errors
from trygg.spine.matters.models import Matter


@page("assurance.attach_documents", by="matter_key", field="key", methods=("GET", "POST"))
@once
def documents(request: HttpRequest, matter_key: Matter) -> HttpResponse:
    """The matter's documents, and an upload of one or several."""
    matter = matter_key
    form = forms.DocumentsForm(request.POST, request.FILES) if request.method == "POST" else forms.DocumentsForm()
    if request.method == "POST" and form.is_valid():
        uploads = []
        for upload in form.cleaned_data["files"]:
            try:
                uploads.append(read_upload(upload))
            except UploadRefused as refused:
                form.add_error("files", str(refused))
        if not form.errors:
            try:
                made = services.add_case_documents(actor=request.actor, now=request.now, matter=matter, uploads=uploads)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("Uploaded. Now say which claims it is about."))
                return redirect("case:attach", document_id=made[0].pk)
    context = {"matter": matter, "form": form, "documents": documents_of(request.actor, matter)}
    return render(request, "assurance/documents.html", context, status=422 if form.errors else 200)


@page("assurance.manage_document", by="document_id", methods=("GET", "POST"), related=("case__matter__owner", "case__matter__system"))
def attach(request: HttpRequest, document: CaseDocument) -> HttpResponse:
    """One page: what the document is, and all claims that it may be about; saved as one act."""
    matter = document.case.matter
    standing = places_of(document)
    asked = claims_to_attach(document, standing)
    form = forms.AttachForm(request.POST if request.method == "POST" else None, document=document, asked=asked, standing=standing)
    if request.method == "POST" and form.is_valid():
        try:
            services.attach_document(actor=request.actor, now=request.now, document=document, places=form.places(), **form.about())
        except ValidationError as error:
            form.refused(error)
        else:
            return _attached(request, document, form)
    files = files_of(request.actor, SOURCE, [str(document.pk)]).get(str(document.pk), [])
    context = {
        "matter": matter, "document": document, "form": form, "file": files[0] if files else None, "rows": form.rows(),
        "others": [other for other in documents_of(request.actor, matter) if other.pk != document.pk and other.attached_at is None],
    }  # fmt: skip
    return render(request, "assurance/attach.html", context, status=422 if form.errors else 200)


def _attached(request: HttpRequest, document: CaseDocument, form: forms.AttachForm) -> HttpResponse:
    """What became of it, in words; on to the next document that is attached nowhere, else to the list."""
    places, dated_on = form.places(), form.cleaned_data["dated_on"]
    today = timezone.localdate(request.now)
    text = ngettext("Attached to one claim.", "Attached to %(n)d claims.", len(places)) % {"n": len(places)}
    messages.success(request, text)
    old = [place for place in places if ended_words(place.claim, place.kind, dated_on, today)]
    if old:
        text = ngettext(
            "For one of them it is too old: that claim is stale, not supported.",
            "For %(n)d of them it is too old: those claims are stale, not supported.",
            len(old),
        )
        messages.info(request, text % {"n": len(old)})
    waiting = next((other for other in documents_of(request.actor, document.case.matter) if other.attached_at is None), None)
    if waiting is not None:
        return redirect("case:attach", document_id=waiting.pk)
    return redirect("case:documents", matter_key=document.case.matter.key)


@page("assurance.manage_document", by="document_id", methods=("GET", "POST"), related=("case__matter",))
def detach(request: HttpRequest, document: CaseDocument) -> HttpResponse:
    """Undo an attachment, or take away a document that is attached nowhere, after one look."""
    matter = document.case.matter
    if not may(request.actor, "assurance.attach_documents", matter):
        raise Http404
    if request.method == "POST":
        if document.attached_at is not None:
            count = services.detach_document(actor=request.actor, now=request.now, document=document)
            text = ngettext("Undone. One claim no longer has it.", "Undone. %(n)d claims no longer have it.", count)
            messages.success(request, text % {"n": count})
        else:
            services.remove_document(actor=request.actor, now=request.now, document=document)
            messages.success(request, _("The document is taken away."))
        return redirect("case:documents", matter_key=matter.key)
    return render(request, "assurance/detach.html", {"matter": matter, "document": document, "places": places_of(document)})
