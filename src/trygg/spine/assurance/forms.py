"""Forms of claims and evidence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trygg.kernel.ui.forms import DateField


class DocumentForm(forms.Form):
    document = forms.ChoiceField(label=_("What kind of document is it?"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("What is it called?"), max_length=300)
    file = forms.FileField(
        label=_("The file"), required=False,
        help_text=_("PDF, Word, Excel, text or picture. Never upload anything about one child, and never material that shows abuse: call the police instead."),
    )  # fmt: skip
    note = forms.CharField(label=_("Or where it can be read"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    valid_until = DateField(label=_("Holds until"), required=False)

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        if len(kinds) == 1:
            self.fields["document"].widget = forms.HiddenInput()
            self.fields["document"].initial = kinds[0][0]
        self.fields["document"].choices = kinds


class ContestForm(forms.Form):
    title = forms.CharField(label=_("What does not hold, in one sentence?"), max_length=300, help_text=_("Never write about one child here."))
    note = forms.CharField(label=_("How do you know?"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class SettleForm(forms.Form):
    answer = forms.CharField(label=_("What was found, and what was done?"), widget=forms.Textarea(attrs={"rows": 4}))


class AssignForm(forms.Form):
    owner = forms.ModelChoiceField(label=_("Who shows that it holds?"), queryset=None, required=False, empty_label=_("Nobody yet"))
    due_on = DateField(label=_("By when?"), required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people
        self.fields["owner"].label_from_instance = lambda m: f"{m.person.distinct_name}, {m.organisation.name}"
