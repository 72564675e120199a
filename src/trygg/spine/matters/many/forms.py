"""What is common to all matters that are opened at once."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trygg.spine.matters.many.services import KINDS


class OpenManyForm(forms.Form):
    kind = forms.ChoiceField(label=_("What are they?"), choices=[(kind.value, kind.label) for kind in KINDS], widget=forms.RadioSelect)
    accountable = forms.ModelChoiceField(
        label=_("Who is accountable for them?"), queryset=None, empty_label=_("Choose a person"),
        help_text=_("The same person for all. It can be changed for each matter afterwards."),
    )  # fmt: skip

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accountable"].queryset = people
        self.fields["accountable"].label_from_instance = lambda m: f"{m.person.shown_name}, {m.title or m.get_role_display()}"
