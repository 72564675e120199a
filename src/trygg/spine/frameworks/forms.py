"""The form that takes a file with questions."""

from django import forms
from django.utils.translation import gettext_lazy as _

MISSING = _("Choose a file.")


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File with the questions"),
        help_text=_("A pack in YAML or JSON, a SurveyJS file, or an Excel workbook. At most 5 MB."),
        error_messages={
            "required": MISSING, "missing": MISSING, "invalid": MISSING, "empty": _("The file is empty. Choose another."),
        },
    )  # fmt: skip
    pack_id = forms.RegexField(
        r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", label=_("Id, for a SurveyJS file"), required=False, max_length=60,
        help_text=_("Otherwise it is made from the name of the file. The same id makes it a newer version of the same questions."),
        error_messages={"invalid": _("Small letters a to z, digits and hyphens, such as our-questions.")},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    version = forms.RegexField(
        r"^\d{1,6}\.\d{1,6}\.\d{1,6}$", label=_("Version, for a SurveyJS file"), required=False, max_length=20,
        help_text=_("Three numbers, such as 1.2.0. Otherwise the one after the newest."),
        error_messages={"invalid": _("Three numbers with full stops between them, such as 1.2.0.")},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )  # fmt: skip
    mark_optional = False
