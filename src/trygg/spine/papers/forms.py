"""Forms of papers: the proposed decision, a Word template of one's own."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from trygg.kernel.ui.forms import TextareaWithCount
from trygg.spine.papers.models import PaperName

MOST = 4000


class ProposalForm(forms.Form):
    """One text for each language; one of them is enough."""

    def __init__(self, *args, standing: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Proposed decision (%(language)s)") % {"language": name}, required=False, max_length=MOST,
                initial=standing.get(code, ""), widget=TextareaWithCount(max_length=MOST, attrs={"rows": 6}),
            )  # fmt: skip

    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"text_{code}", "") for code, _name in settings.LANGUAGES}


class TemplateForm(forms.Form):
    """For which papers, and the file."""

    organisation = forms.ModelChoiceField(label=_("For whose papers"), queryset=None)
    paper = forms.ChoiceField(label=_("Paper"), choices=PaperName.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    file = forms.FileField(label=_("Word file (.docx)"), help_text=_("Begin with the standard template and change what you like."))

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["organisation"].empty_label = None
