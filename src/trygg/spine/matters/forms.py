"""Forms of matters, systems and sharing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trygg.kernel.ui.forms import DateField
from trygg.spine.matters.models import DEPLOYMENT_STAGES, PLAN_STAGES, Matter, Share


class NewMatterForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is it about?"), choices=Matter.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("What do you call it?"), max_length=300, help_text=_("A name that colleagues recognise: Reading tutor in years 1 to 6.")
    )
    summary = forms.CharField(
        label=_("What is it for, in two sentences?"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=_("Never write about one child here."),
    )  # fmt: skip
    system = forms.ModelChoiceField(
        queryset=None, label=_("The system, if it is in the register already"), required=False, empty_label=_("It is new here")
    )
    system_name = forms.CharField(label=_("The system's name"), max_length=300, required=False)
    vendor_name = forms.CharField(label=_("Who makes it"), max_length=300, required=False)
    vendor = forms.ModelChoiceField(
        queryset=None, label=_("The company, if it has an account here"), required=False, empty_label=_("It has none, or I do not know"),
        help_text=_("Then you see what it says of its product. It sees the product's name and version, and nothing of your matter."),
    )  # fmt: skip
    version = forms.CharField(label=_("Version"), max_length=80, required=False)
    diary_number = forms.CharField(label=_("Diary number"), max_length=60, required=False)

    def __init__(self, *args, systems, vendors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["system"].queryset = systems
        self.fields["vendor"].queryset = vendors

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("kind") != Matter.Kind.PLAN and not cleaned.get("system") and not cleaned.get("system_name"):
            self.add_error("system_name", _("Give the system's name, or choose it in the list above."))
        return cleaned


class MatterForm(forms.ModelForm):
    """The matter's own fields. Who may be chosen as accountable and overseer is given by the view."""

    class Meta:
        model = Matter
        fields = [
            "title", "summary", "diary_number", "accountable", "overseer", "deciding_body", "deciding_organisation", "secrecy", "retention",
            "children_where", "children_told", "children_say_no", "children_object", "children_human", "children_correct",
        ]  # fmt: skip
        labels = {
            "title": _("Title"),
            "summary": _("What it is for"),
            "diary_number": _("Diary number"),
            "accountable": _("Accountable person"),
            "overseer": _("Who can pause it at once"),
            "deciding_body": _("The body that decides"),
            "deciding_organisation": _("The authority that the body belongs to"),
            "secrecy": _("Secrecy class"),
            "retention": _("How long it is kept"),
            "children_where": _("Where children meet it"),
            "children_told": _("How children are told"),
            "children_say_no": _("How one says no, and reaches the same goal"),
            "children_object": _("How one objects"),
            "children_human": _("How one gets a human"),
            "children_correct": _("How one gets something corrected"),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("summary", "children_where", "children_told", "children_say_no", "children_object", "children_human", "children_correct")
        } | {"title": forms.TextInput}

    def __init__(self, *args, people, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("accountable", "overseer"):
            self.fields[name].queryset = people
            self.fields[name].label_from_instance = lambda m: f"{m.person.shown_name}, {m.title or m.get_role_display()}"
        self.fields["deciding_organisation"].queryset = organisations


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("Stage"), widget=forms.RadioSelect)

    def __init__(self, *args, matter: Matter, **kwargs):
        super().__init__(*args, initial={"stage": matter.stage}, **kwargs)
        known = PLAN_STAGES if matter.kind == Matter.Kind.PLAN else DEPLOYMENT_STAGES
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in known]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, help_text=_("Never write about one child here.")
    )


class ShareForm(forms.Form):
    organisation = forms.ModelChoiceField(label=_("With whom"), queryset=None)
    level = forms.ChoiceField(label=_("What they may do"), choices=Share.Level.choices, widget=forms.RadioSelect)
    purpose = forms.CharField(label=_("For which purpose"), max_length=300)
    legal_basis = forms.CharField(
        label=_("On which ground"), max_length=300, help_text=_("The legal basis, or the opening in the secrecy rules.")
    )
    ends_on = DateField(label=_("Until and including"))

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class VersionForm(forms.Form):
    version = forms.CharField(label=_("The version that is in use now"), max_length=80)


class VendorForm(forms.Form):
    """Which company's product a system is."""

    vendor = forms.ModelChoiceField(
        queryset=None, label=_("The company"), required=False, empty_label=_("None of these"),
        help_text=_("You see what it says of its product. It sees the product's name and version, and nothing of your matters."),
    )  # fmt: skip

    def __init__(self, *args, vendors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["vendor"].queryset = vendors
