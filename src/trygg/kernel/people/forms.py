"""Forms for invitations, links and one's roles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trygg.kernel.people.models import RoleChoice, StakeholderGroup


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The address where they are reached at work."))
    role = forms.ChoiceField(label=_("Role"), choices=RoleChoice.choices)
    stakeholder_group = forms.ChoiceField(
        label=_("Stakeholder group"), required=False, choices=[("", _("None in particular")), *StakeholderGroup.choices],
        help_text=_("For those who sit on a committee or speak for a group."),
    )  # fmt: skip


class AskForm(forms.Form):
    """Ask someone without an account for one thing."""

    organisation = forms.ModelChoiceField(label=_("In which organisation?"), queryset=None)
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address at work"))

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class AcceptForm(forms.Form):
    name = forms.CharField(label=_("Your name, as colleagues see it"), max_length=120)
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Three or four words that do not belong together are good."),
    )  # fmt: skip


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code from the e-mail"), max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-10"}),
    )  # fmt: skip
