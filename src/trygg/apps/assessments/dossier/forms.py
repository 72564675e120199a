"""Forms of dossiers, of answers to take over, and of a review."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trygg.apps.assessments.dossier.offers import Offers
from trygg.apps.assessments.dossier.reviews import Changed
from trygg.apps.assessments.dossier.services.publishing import MAX_CHANGES
from trygg.apps.assessments.dossier.services.reviewing import CLEAR, KEEP, TAKE
from trygg.apps.assessments.forms import SectionForm, field_name
from trygg.apps.assessments.selectors import Card
from trygg.kernel.ui.forms import TextareaWithCount


class DraftForm(SectionForm):
    """The inputs of a section of the draft: answers, notes and files; nobody comments in it."""

    def _add(self, card: Card) -> None:
        super()._add(card)
        for kind in ("c", "y"):
            self.fields.pop(field_name(kind, card.id), None)


class DraftItemForm(DraftForm):
    """The inputs of one card of the draft, for autosave."""


class BeginForm(forms.Form):
    """Which product the dossier is about."""

    title = forms.CharField(
        label=gettext_lazy("What is the product called?"),
        max_length=200,
        help_text=gettext_lazy(
            "As your customers know it. Municipalities that have a system of yours with this name see the dossier when it is published."
        ),
        error_messages={"required": gettext_lazy("Write what the product is called.")},
    )


class NamesForm(forms.Form):
    """Other names under which the product is kept in records."""

    names = forms.MultipleChoiceField(
        label=gettext_lazy("Which of these are the same product?"),
        widget=forms.CheckboxSelectMultiple(attrs={"data-label-size": "m", "class": "govuk-checkboxes__input"}),
        help_text=gettext_lazy("Systems of yours that no dossier is about, as they are called in records."),
        error_messages={"required": gettext_lazy("Tick at least one name, or go back.")},
    )

    def __init__(self, names: Sequence[str], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["names"].choices = [(name, name) for name in names]


class EntryForm(forms.Form):
    """What one more entry of a repeated section is called."""

    name = forms.CharField(
        label=gettext_lazy("What is it called?"), max_length=100, error_messages={"required": gettext_lazy("Give it a name.")}
    )


class PublishForm(forms.Form):
    """What a new version is about."""

    system_version = forms.CharField(
        label=gettext_lazy("Which version of the product is this about?"),
        max_length=80,
        help_text=gettext_lazy("As you write it yourselves, for example 5.0 or 2026.2."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        error_messages={"required": gettext_lazy("Say which version of the product it is about.")},
    )
    changes = forms.CharField(
        label=gettext_lazy("What is different, in your own words"),
        required=False,
        widget=TextareaWithCount(MAX_CHANGES, attrs={"rows": 4}),
        help_text=gettext_lazy("Those who use the product read this first. Which answers are different is shown by itself."),
    )
    in_use = forms.BooleanField(
        label=gettext_lazy("Everybody uses this version from now on"),
        required=False,
        help_text=gettext_lazy(
            "What was shown for the version before then no longer counts, at everyone who uses the product. "
            "Leave it empty when your customers choose themselves when to change."
        ),
    )


class WithdrawForm(forms.Form):
    """Why a version does not hold."""

    reason = forms.CharField(
        label=gettext_lazy("Why does it not hold?"),
        widget=TextareaWithCount(MAX_CHANGES, attrs={"rows": 4}),
        help_text=gettext_lazy("Everyone who uses the product reads it."),
        error_messages={"required": gettext_lazy("Say why it does not hold.")},
    )


class TakeForm(forms.Form):
    """Which of the offered answers are taken over: a tick for each, drawn by the page beside the answer."""

    take = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": gettext_lazy("One of the answers is not offered any more. Look through the list again.")},
    )

    def __init__(self, offers: Offers, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.fields["take"].choices = [(each.key, each.key) for each in offers.given]

    def ticked(self) -> set[str]:
        """What is ticked on the page: what was sent, else the first whole answer to each question."""
        if self.is_bound:
            return set(self.data.getlist("take"))
        return {given[0].key for given in self.offers.by_item.values() if not given[0].look}


class ReviewForm(forms.Form):
    """What is to stand at each answer that the vendor changed."""

    def __init__(self, changed: Sequence[Changed], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for each in changed:
            choices = [(KEEP, _("Keep what stands here"))]
            if each.answerable:
                if each.new is not None:
                    choices.append((TAKE, _("Take the vendor's new answer")))
                choices.append((CLEAR, _("Clear it: we answer it ourselves")))
            self.fields[f"choice-{each.key}"] = forms.ChoiceField(
                label=_("What is to stand here?"),
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Say what is to stand at “%(question)s”.") % {"question": each.question},
                    "invalid_choice": _("Say what is to stand at “%(question)s”.") % {"question": each.question},
                },
            )

    def choices(self) -> dict[str, str]:
        return {name.removeprefix("choice-"): value for name, value in self.cleaned_data.items()}
