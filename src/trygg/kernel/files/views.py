"""Download through an access check, and quarantine."""

from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from trygg.kernel.access import page
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.services import quarantine_file


@page("files.view_file", by="file_id")
def download(request: HttpRequest, file: StoredFile) -> HttpResponse:
    """Always as an attachment, never shown inside a page of ours."""
    path = Path(settings.TRYGG_FILES) / file.stored_as
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=file.name, content_type=file.media_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@page("files.view_file", by="file_id")
def read(request: HttpRequest, file: StoredFile) -> HttpResponse:
    """A PDF in the browser's own reader, alone in its window, so that a link can open it at a page (#page=12). Anything else is
    downloaded. A browser's reader does not open in a sandbox, and PDF reaches no page of ours from there: nothing else is let in."""
    response = download(request, file_id=file.pk)
    if file.media_type == "application/pdf":
        response["Content-Disposition"] = response["Content-Disposition"].replace("attachment", "inline", 1)
        response["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return response


class QuarantineForm(forms.Form):
    reason = forms.CharField(label=_("Why should nobody open it?"), max_length=300, widget=forms.Textarea)


@page("files.quarantine_file", by="file_id", methods=("GET", "POST"))
def quarantine(request: HttpRequest, file: StoredFile) -> HttpResponse:
    form = QuarantineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        quarantine_file(actor=request.actor, now=request.now, stored=file, reason=form.cleaned_data["reason"])
        messages.success(request, _("The file is in quarantine. Nobody can open it. It has not been shown to you either."))
        return redirect("home")
    return render(request, "files/quarantine.html", {"form": form, "file": file}, status=422 if form.errors else 200)
