"""Forms of committees."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from trygg.apps.committees.models import AdviceKind, Condition, Decision, Item, Opinion, Seat, Vote
from trygg.apps.committees.services import ConditionText
from trygg.apps.committees.services.advising import WAYS, WITHOUT_MAJORITY
from trygg.kernel.people.models import Membership, Organisation, StakeholderGroup
from trygg.kernel.ui.forms import DateField, HintedRadioSelect, TextareaWithCount
from trygg.spine.matters.models import Matter
from trygg.spine.meetings.models import AgendaItem, Meeting

LANGUAGES = ("en", "sv")
SHARES = [("1/2", _("half")), ("1/3", _("one third")), ("2/3", _("two thirds")), ("3/4", _("three quarters")), ("1", _("all"))]
BASES = [("eligible", _("the seats that are not recused")), ("seats", _("all seats"))]


def put_errors(form: forms.Form, error: ValidationError) -> None:
    """Put a service's refusal beside the field that it names, or above the form."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


class MembershipChoice(forms.ModelChoiceField):
    def label_from_instance(self, membership: Membership) -> str:
        return f"{membership.person.distinct_name}, {membership.title or membership.get_role_display()}, {membership.organisation.name}"


class SeatChoice(forms.ModelChoiceField):
    def label_from_instance(self, seat: Seat) -> str:
        return f"{seat.membership.person.distinct_name}, {seat.get_stakeholder_group_display()}"


# --- founding ------------------------------------------------------------------------------------------------------


class CharterForm(forms.Form):
    """The voting part of a charter, in words."""

    rule = forms.ChoiceField(
        label=_("When is a proposal carried?"),
        choices=[
            ("simple", _("Simple majority")), ("absolute", _("Absolute majority")), ("qualified", _("Qualified majority")),
            ("double", _("Double majority")), ("consensus", _("Consensus")),
        ],
        widget=HintedRadioSelect(choice_hints={
            "simple": _("More vote for than against."),
            "absolute": _("More than half of the seats that are not recused vote for."),
            "qualified": _("At least the share below of the seats that are not recused vote for."),
            "double": _("More vote for than against, and so it is in enough groups: so one large group cannot carry it alone."),
            "consensus": _("Nobody votes against."),
        }),
    )  # fmt: skip
    groups_needed = forms.IntegerField(
        label=_("Double majority: how many groups must agree?"), required=False, min_value=1, max_value=7,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )  # fmt: skip
    named = forms.MultipleChoiceField(
        label=_("Double majority: groups that must always agree"), choices=StakeholderGroup.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Children, for instance: then nothing is carried against them."),
    )  # fmt: skip
    share = forms.ChoiceField(label=_("Qualified majority: which share?"), choices=SHARES[2:], required=False)
    quorum_share = forms.ChoiceField(label=_("Quorum: how large a share must be present?"), choices=SHARES)
    more_than = forms.BooleanField(label=_("More than that share, not just that share"), required=False)
    quorum_base = forms.ChoiceField(label=_("Share of what?"), choices=BASES)
    presence = forms.MultipleChoiceField(
        label=_("Quorum: at least one from each of these groups"), choices=StakeholderGroup.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    answer_days = forms.IntegerField(
        label=_("Days in which those who decide answer an advice"), min_value=1, max_value=365, initial=14,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )  # fmt: skip

    @classmethod
    def initial_of(cls, charter: Mapping[str, Any], answer_days: int) -> dict[str, Any]:
        """What stands in the form for a charter."""
        rule, quorum = charter["rule"], charter["quorum"]
        return {
            "rule": rule["kind"], "groups_needed": rule.get("groups_needed") or None, "named": rule.get("named") or [],
            "share": rule.get("share", "2/3"), "quorum_share": quorum["share"], "more_than": quorum.get("more_than", False),
            "quorum_base": quorum.get("base", "eligible"), "presence": [g for need in quorum.get("presence") or () for g in need["groups"]],
            "answer_days": answer_days,
        }  # fmt: skip

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("rule") == "double" and not (cleaned.get("groups_needed") or cleaned.get("named")):
            self.add_error("groups_needed", _("Say how many groups must agree, or which."))
        if cleaned.get("rule") == "qualified" and not cleaned.get("share"):
            self.add_error("share", _("Say which share must vote for."))
        if cleaned.get("more_than") and cleaned.get("quorum_share") == "1":
            self.add_error("quorum_share", _("More than all can never be present."))
        return cleaned

    def charter(self) -> dict[str, Any]:
        """The charter as `charter.load` reads it."""
        given = self.cleaned_data
        rule: dict[str, Any] = {"kind": given["rule"]}
        if given["rule"] == "qualified":
            rule["share"] = str(Fraction(given["share"]))
        if given["rule"] == "double":
            rule |= {"groups_needed": given["groups_needed"] or 0, "named": given["named"]}
        quorum = {
            "share": given["quorum_share"], "more_than": given["more_than"], "base": given["quorum_base"],
            "presence": [{"groups": [group], "at_least": 1} for group in given["presence"]],
        }  # fmt: skip
        return {"quorum": quorum, "rule": rule}


class CommitteeForm(CharterForm):
    name = forms.CharField(label=_("What is the committee called?"), max_length=200)
    slug = forms.SlugField(label=_("Short name in the address"), max_length=80, help_text=_("Letters a to z, digits and hyphens."))
    purpose = forms.CharField(label=_("What is it for?"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    owners = forms.ModelMultipleChoiceField(
        label=_("Organisations that set it up with yours"), queryset=Organisation.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    field_order = ["name", "slug", "purpose", "owners"]

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owners"].queryset = organisations

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in ("new", "meetings", "items"):
            raise ValidationError(_("That name is used by the site itself. Choose another."))
        return slug


class SeatForm(forms.Form):
    membership = MembershipChoice(label=_("Who takes the seat?"), queryset=Membership.objects.none())
    stakeholder_group = forms.ChoiceField(label=_("For whom?"), choices=StakeholderGroup.choices, widget=forms.RadioSelect)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = people


# --- meetings ------------------------------------------------------------------------------------------------------


class MeetingForm(forms.Form):
    day = DateField(label=_("Which day?"))
    time = forms.TimeField(
        label=_("At what time?"), input_formats=["%H:%M", "%H.%M"], help_text=_("For example 13:00."),
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "govuk-input--width-5"}),
        error_messages={"invalid": _("Write the time with hours and minutes, for example 13:00.")},
    )  # fmt: skip
    place = forms.CharField(label=_("Where?"), max_length=200, required=False, help_text=_("A room, or a link to the video meeting."))

    @staticmethod
    def initial_of(meeting: Meeting) -> dict[str, Any]:
        starts = timezone.localtime(meeting.starts_at)
        return {"day": starts.date(), "time": starts.time(), "place": meeting.place}

    @property
    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"]))


class CallItemForm(forms.Form):
    matter = forms.ModelChoiceField(label=_("Which matter?"), queryset=Matter.objects.none())
    title = forms.CharField(
        label=_("The question to the committee"), max_length=300,
        help_text=_("As a question that a councillor understands: May all schools use the reading tutor from January?"),
    )  # fmt: skip

    def __init__(self, *args, matters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["matter"].queryset = matters


class AttendanceForm(forms.Form):
    present = forms.MultipleChoiceField(
        label=_("Who is present?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Everyone who is not ticked is noted as absent."),
    )  # fmt: skip

    def __init__(self, *args, members: Iterable[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = [(str(m.pk), f"{m.person.distinct_name}, {m.organisation.name}") for m in members]

    def keys(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["present"]]


class MinutesForm(forms.Form):
    minutes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 12}))


class ActionForm(forms.Form):
    item = forms.ModelChoiceField(label=_("Under which item?"), queryset=AgendaItem.objects.none())
    text = forms.CharField(label=_("What is to be done?"), max_length=500)
    owner = MembershipChoice(label=_("By whom?"), queryset=Membership.objects.none())
    due_on = DateField(label=_("By when?"), required=False)

    def __init__(self, *args, items, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items
        self.fields["owner"].queryset = people


# --- an item -------------------------------------------------------------------------------------------------------


class InterestForm(forms.Form):
    text = forms.CharField(
        label=_("What is your interest?"), max_length=500, widget=TextareaWithCount(max_length=500, attrs={"rows": 3}),
        help_text=_("Your job, money, family, or something you have said before. The committee reads it."),
    )  # fmt: skip
    stand_aside = forms.BooleanField(label=_("I stand aside and take no part in this item"), required=False)


class RecusalForm(forms.Form):
    seat = SeatChoice(label=_("Who is recused?"), queryset=Seat.objects.none())
    reason = forms.CharField(label=_("Why?"), max_length=300)

    def __init__(self, *args, seats, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = seats


class OpinionForm(forms.Form):
    opinion = forms.ChoiceField(
        label=_("What do you think, before we have talked?"), choices=Opinion.choices,
        widget=forms.RadioSelect(attrs={"data-label-size": "m", "data-heading": "1"}),
        help_text=_("Nobody sees your answer before all have answered or the secretary opens them. You can change your mind after the discussion."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("The most important reason"), required=False, max_length=1000, widget=TextareaWithCount(max_length=1000, attrs={"rows": 3})
    )


class NotesForm(forms.Form):
    notes = forms.CharField(
        label=_("Notes of the discussion"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What speaks for, what against, what nobody knows yet. No names."),
    )  # fmt: skip


class ProposalForm(forms.Form):
    kind = forms.ChoiceField(label=_("Which advice is proposed?"), choices=AdviceKind.choices, widget=forms.RadioSelect)
    proposal = forms.CharField(
        label=_("The proposal, word by word"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The members vote yes or no to this text, and those who decide read it in a box on page one."),
    )  # fmt: skip


class ConditionForm(forms.Form):
    """One condition; left empty when there is none."""

    text = forms.CharField(label=_("Condition"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    other = forms.CharField(label=_("The same in the other language"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    owner = MembershipChoice(label=_("Who shows that it is met?"), queryset=Membership.objects.none(), required=False)
    due_on = DateField(label=_("By when?"), required=False)

    def __init__(self, *args, people=None, **kwargs):
        super().__init__(*args, **kwargs)
        if people is not None:
            self.fields["owner"].queryset = people

    def clean(self) -> dict:
        cleaned = super().clean()
        if not cleaned.get("text") and any(cleaned.get(name) for name in ("other", "owner", "due_on")):
            self.add_error("text", _("Write the condition, or leave all its fields empty."))
        return cleaned

    def condition(self) -> ConditionText | None:
        given = self.cleaned_data
        if not given.get("text"):
            return None
        own = (get_language() or "en").split("-")[0]
        own = own if own in LANGUAGES else "en"
        other = next(language for language in LANGUAGES if language != own)
        return ConditionText({own: given["text"], other: given["other"]}, given["owner"], given["due_on"])


ConditionFormSet = forms.formset_factory(ConditionForm, extra=0)


class VoteForm(forms.Form):
    ballot = forms.ChoiceField(
        label=_("How do you vote on the proposal?"), choices=Vote.Ballot.choices,
        widget=forms.RadioSelect(attrs={"data-label-size": "m", "data-heading": "1"}),
        help_text=_("Nobody sees how you voted before the vote is closed. You can change your vote until then."),
    )  # fmt: skip


class DissentForm(forms.Form):
    text = forms.CharField(
        label=_("Your dissenting opinion"), max_length=2000, widget=TextareaWithCount(max_length=2000, attrs={"rows": 4}),
        help_text=_("In your own words. It is published beside the advice, signed with the group you sit for, without your name."),
    )  # fmt: skip


class AdviceForm(forms.Form):
    """`kind` is asked only when the proposal was not carried."""

    kind = forms.ChoiceField(
        label=_("The proposal was not carried. What does the committee answer?"), widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in WITHOUT_MAJORITY],
    )  # fmt: skip
    reasons = forms.CharField(
        label=_("The committee's reasons"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What weighed most, what is not known, what children said. Published as it stands."),
    )  # fmt: skip

    def __init__(self, *args, carried: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if carried:
            del self.fields["kind"]


class WayForm(forms.Form):
    name = forms.CharField(label=_("Way"), max_length=120, required=False)
    pros = forms.CharField(label=_("For"), max_length=300, required=False)
    cons = forms.CharField(label=_("Against"), max_length=300, required=False)


WayFormSet = forms.formset_factory(WayForm, extra=0, max_num=WAYS)


class DecisionForm(forms.Form):
    answer = forms.ChoiceField(label=_("Does the body follow the advice?"), choices=Decision.Answer.choices, widget=forms.RadioSelect)
    taken = forms.MultipleChoiceField(
        label=_("Which conditions does it take on?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Each becomes a claim of the case, with its owner and day."),
    )  # fmt: skip
    reasons = forms.CharField(
        label=_("The body's reasons"), widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("As in the minutes. The committee and the public read them."),
    )  # fmt: skip
    decided_on = DateField(label=_("Which day was it decided?"))
    minute_reference = forms.CharField(
        label=_("Reference of the minutes"), max_length=120, help_text=_("For example § 112."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip

    def __init__(self, *args, conditions: Iterable[Condition], language: str, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(str(condition.pk), condition.words(language)) for condition in conditions]
        if choices:
            self.fields["taken"].choices = choices
        else:
            del self.fields["taken"]

    def taken_keys(self) -> list[int]:
        return [int(key) for key in self.cleaned_data.get("taken", [])]


def default_ways(item: Item) -> list[dict[str, str]]:
    """Three empty rows for the ways to decide."""
    return [dict(way) for way in item.ways] + [{} for _way in range(WAYS - len(item.ways))]
