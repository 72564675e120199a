"""The form that takes a file with questions."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File with the questions"),
        help_text=_("A pack in YAML or JSON, a SurveyJS file, or an Excel workbook. At most 5 MB."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose another."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
        },
    )
    mark_optional = False
