"""Forms of the public register: the texts in one language, asking, sending back, retracting."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trygg.kernel.ui.forms import HintedRadioSelect, TextareaWithCount
from trygg.spine.publication.models import EntryVersion
from trygg.spine.publication.texts import FIELDS


class TextsForm(forms.Form):
    """The texts of one language; names of the fields carry it: `summary_sv`."""

    def __init__(self, *args, language: str, typed: dict[str, str], hints: dict[str, str] | None = None, **kwargs):
        self.language = language
        super().__init__(*args, initial={f"{name}_{language}": text for name, text in typed.items()}, **kwargs)
        self.fields["shared"] = forms.BooleanField(
            label=_("Let others start from this case"),
            required=False,
            help_text=_(
                "Other municipalities may then begin with the answers and notes of your locked assessments. Names of people, "
                "comments and files never go along. You see all of it before it is approved."
            ),
        )
        for field in FIELDS:
            attrs = {"lang": language, "rows": field.rows}
            widget = (
                forms.TextInput(attrs={"lang": language})
                if field.rows == 1
                else TextareaWithCount(max_length=field.limit, attrs=attrs)
            )
            help_text = field.help
            if hints and hints.get(field.name):
                help_text = f"{field.help} {hints[field.name]}"
            # A longer text is refused by the service, so that it stands in the form and is not cut.
            self.fields[f"{field.name}_{language}"] = forms.CharField(
                label=field.label, help_text=help_text, required=False, widget=widget
            )

    def typed(self) -> dict[str, str]:
        """What was typed, by name of the field."""
        return {field.name: self.cleaned_data.get(f"{field.name}_{self.language}", "") for field in FIELDS}

    @property
    def for_parents(self) -> list:
        return [self[f"{field.name}_{self.language}"] for field in FIELDS if not field.child]

    @property
    def for_children(self) -> list:
        return [self[f"{field.name}_{self.language}"] for field in FIELDS if field.child]


class CaseFileForm(forms.Form):
    file = forms.FileField(
        label=_("The file that you downloaded"),
        help_text=_("“Case to start from (JSON)”, from the published page of the other municipality. At most 2 MB."),
        error_messages={
            "required": _("Choose the file."),
            "empty": _("The file is empty. Download it again from the page where it is published."),
        },
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )


class AskForm(forms.Form):
    approver = forms.ModelChoiceField(
        label=_("Who reads and approves it?"), queryset=None, required=False, empty_label=_("Any officer but me"),
        help_text=_("Another person than the one who wrote it."),
    )  # fmt: skip

    def __init__(self, *args, approvers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["approver"].queryset = approvers
        self.fields["approver"].label_from_instance = lambda m: (
            f"{m.person.shown_name}, {m.title or m.get_role_display()}"
        )


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("What should be corrected?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text=_("Only you and your colleagues read this. Never write about one child here."),
    )  # fmt: skip


class RetractForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is the page retracted?"), choices=EntryVersion.Reason.choices, widget=HintedRadioSelect,
        help_text=_("This sentence stands on the page from now on, in both languages."),
    )  # fmt: skip
    everything = forms.BooleanField(
        label=_("Retract the earlier versions as well"), required=False,
        help_text=_("Their permanent addresses then say the same. Do this when they hold something that should not be public."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("A note for the record"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=_("It is not published. Never write about one child here."),
    )  # fmt: skip
