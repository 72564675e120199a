"""What is asked before an organisation's archive is written."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ExportForm(forms.Form):
    purpose = forms.CharField(
        label=_("What is the archive for?"), max_length=300,
        help_text=_("For instance: moving to another host, the city archives, an audit. It is recorded."),
    )  # fmt: skip
    understood = forms.BooleanField(
        label=_("I know that the file holds everything, and I have decided where it will be kept and who may open it"),
        error_messages={"required": _("Decide where the file will be kept and who may open it, then tick the box.")},
    )
