"""The page of one task that followed from a result: what is asked, by when, and saying that it is done."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trygg.apps.assessments import services
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.obligations import RESULT_FILES
from trygg.apps.assessments.questions import said
from trygg.apps.assessments.services.obliging import MAX_NOTE
from trygg.apps.assessments.waiting import instead_words
from trygg.kernel.access import may, page
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.uploads import UploadRefused, read_upload
from trygg.kernel.ledger.once import once
from trygg.kernel.ui.forms import TextareaWithCount
from trygg.kernel.work.models import Task


class DoneForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What was done"),
        help_text=gettext_lazy("Never write about one child."),
        max_length=MAX_NOTE,
        widget=TextareaWithCount(max_length=MAX_NOTE),
        error_messages={"required": gettext_lazy("Write what was done.")},
    )
    file = forms.FileField(label=gettext_lazy("Evidence"), required=False)
    mark_optional = False

    def __init__(self, *args, evidence: str, **kwargs):
        super().__init__(*args, **kwargs)
        if evidence == "none":
            del self.fields["file"]
        elif evidence == "required":
            self.fields["file"].required = True
            self.fields["file"].error_messages["required"] = _("Add the evidence: this level asks for it.")


@page("assessments.view_obligation", by="task_id", methods=("GET", "POST"))
@once
def obligation(request: HttpRequest, task: Task) -> HttpResponse:
    """What somebody must do because of a level or an answer."""
    may_do = may(request.actor, "assessments.fulfil_obligation", task) and task.done_at is None
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DoneForm(*bound, evidence=task.params.get("evidence", "none"))
    if request.method == "POST" and form.is_valid():
        try:
            upload = read_upload(form.cleaned_data["file"]) if form.cleaned_data.get("file") else None
            services.fulfil_obligation(
                actor=request.actor, now=request.now, task=task, note=form.cleaned_data["note"], upload=upload
            )
        except UploadRefused as refused:
            form.add_error("file", str(refused))
        except ValidationError as error:
            for name, problems in error.message_dict.items():
                form.add_error(name if name in form.fields else None, problems)
        else:
            messages.success(request, _("Done. It is in the record."))
            return redirect("assessments:obligation", task_id=task.pk)
    assessment = Assessment.objects.filter(pk=task.params.get("assessment")).select_related("pack", "matter").first()
    context = {
        "form": form,
        "task": task,
        "may_do": may_do,
        "assessment": assessment,
        "reaches": assessment is not None and may(request.actor, "assessments.view_assessment", assessment),
        "text": said(task.params.get("text")),
        "level": said(task.params.get("level")),
        "title": said(task.params.get("title")),
        "instead": instead_words(task.params),
        "files": StoredFile.objects.filter(
            subject_type=RESULT_FILES, subject_id=str(task.pk), removed_at=None, quarantined_at=None
        ),
    }
    return render(request, "assessments/obligation.html", context, status=422 if form.errors else 200)
