"""Forms of claims and evidence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from trygg.kernel.ui.forms import DateField
from trygg.spine.assurance.documents import BACKGROUND, Place
from trygg.spine.assurance.pagerefs import pages_in, pages_text


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


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files under one name. Each is checked by what takes it."""

    def clean(self, data, initial=None) -> list:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(ManyFilesField, self).clean(each, initial) for each in given]


class DocumentsForm(forms.Form):
    files = ManyFilesField(
        label=_("The documents"), widget=ManyFilesInput,
        help_text=_("PDF or Word, one or several. Never upload anything about one child, and never material that shows abuse: call the police instead."),
        error_messages={"required": _("Choose at least one file.")},
    )  # fmt: skip


class AttachForm(forms.Form):
    """What a document is, and for each claim whether it is about it, as what, and on which pages."""

    mark_optional = False
    title = forms.CharField(label=_("What is it called?"), max_length=300, help_text=_("For example: Child impact assessment 2023"))
    dated_on = DateField(
        label=_("Which day is it from?"), help_text=_("The day it was signed or decided. How old it may be is counted from it."),
        error_messages={"required": _("Write which day the document is from.")},
    )  # fmt: skip
    valid_until = DateField(
        label=_("Until when does it hold?"), required=False,
        help_text=_("You can leave it empty. For a claim that asks for a newer one it holds no longer than the claim allows."),
    )  # fmt: skip
    system_version = forms.CharField(
        label=_("Which version of the system is it about?"), required=False, max_length=80,
        help_text=_("Leave it empty when it does not depend on the version."), widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip

    def __init__(self, *args, document, asked, standing, **kwargs):
        about = {name: getattr(document, name) for name in ("title", "dated_on", "valid_until", "system_version")}
        super().__init__(*args, initial=about, **kwargs)
        self.asked = list(asked)
        if document.case.matter.system_id is None:
            del self.fields["system_version"]
        for row in self.asked:
            piece, pk = standing.get(row.claim.pk), row.claim.pk
            kinds = [*((kind, label) for kind, label, _days in row.kinds), (BACKGROUND, _("Background only"))]
            held = (piece.key or (BACKGROUND if piece.kind == BACKGROUND else "condition")) if piece else kinds[0][0]
            self.fields[f"claim-{pk}"] = forms.BooleanField(
                label=row.title, required=False, initial=piece is not None, widget=forms.CheckboxInput()
            )
            self.fields[f"kind-{pk}"] = forms.ChoiceField(
                label=_("As what?"), choices=kinds, initial=held, required=False, widget=forms.Select(attrs={"class": "govuk-!-width-full"})
            )
            if len(kinds) == 1:
                self.fields[f"kind-{pk}"].widget = forms.HiddenInput()
            self.fields[f"pages-{pk}"] = forms.CharField(
                label=_("On which pages?"), required=False, max_length=200, initial=pages_text(piece.params.get("pages", [])) if piece else "",
                widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
            )  # fmt: skip

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        for row in self.asked:
            name = f"pages-{row.claim.pk}"
            try:
                cleaned[name] = pages_in(cleaned.get(name) or "")
            except forms.ValidationError as error:
                self.add_error(name, error)
        if not any(cleaned.get(f"claim-{row.claim.pk}") for row in self.asked):
            self.add_error(None, _("Tick at least one claim that the document says something about."))
        return cleaned

    def about(self) -> dict:
        return {
            "title": self.cleaned_data["title"], "dated_on": self.cleaned_data["dated_on"],
            "valid_until": self.cleaned_data["valid_until"], "system_version": self.cleaned_data.get("system_version", ""),
        }  # fmt: skip

    def places(self) -> list[Place]:
        """The claims that were ticked, each with what it is attached as."""
        return [
            Place(row.claim, self.cleaned_data.get(f"kind-{pk}") or BACKGROUND, self.cleaned_data[f"pages-{pk}"])
            for row in self.asked
            for pk in [row.claim.pk]
            if self.cleaned_data.get(f"claim-{pk}")
        ]

    def rows(self) -> list[dict]:
        """For the page: each claim with its three inputs."""
        return [
            {"asked": row, "tick": self[f"claim-{row.claim.pk}"], "kind": self[f"kind-{row.claim.pk}"], "pages": self[f"pages-{row.claim.pk}"]}
            for row in self.asked
        ]

    def refused(self, error: forms.ValidationError) -> None:
        """A service's refusal beside the field or claim that it names."""
        for name, found in error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]:
            self.add_error(name if name in self.fields else None, found)


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
