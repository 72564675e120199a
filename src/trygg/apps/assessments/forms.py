"""Forms made from an instrument's questions; and those that assign, choose and confirm."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trygg.apps.assessments.content import Given
from trygg.apps.assessments.fields import field_for, plain_text, problem_words, shown, stored_value
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.offering import ELSEWHERE, Offer, grouped
from trygg.apps.assessments.questions import said
from trygg.apps.assessments.selectors import Card
from trygg.apps.assessments.services import MAX_COMMENT
from trygg.apps.assessments.services.repeating import MAX_NAME
from trygg.engines.conditions import ValueType
from trygg.engines.conditions.kinds import MAX_TEXT
from trygg.engines.instruments import Item, answer_problems
from trygg.kernel.people.models import Membership, Organisation
from trygg.kernel.ui.forms import DateField, HintedRadioSelect, TextareaWithCount
from trygg.spine.frameworks.selectors import marked


def field_name(kind: str, item_id: str) -> str:
    """Names of the inputs of an item: a-… the answer, n-… the note, m-… the mark, c-… a comment, f-… a file, y-… "this holds
    for us too", of an answer that was taken over."""
    return f"{kind}-{item_id}"


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, also when that is nothing at all."""
    return request.POST if request.method == "POST" else None


class SectionForm(forms.Form):
    """All inputs of the cards of a section. What is typed comes back whole whatever is wrong with it."""

    mark_optional = False
    once = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, cards: Sequence[Card], *args: Any, **kwargs: Any):
        self.cards = list(cards)
        super().__init__(*args, **kwargs)
        for card in self.cards:
            self._add(card)

    def _add(self, card: Card) -> None:
        item, answer = card.item, card.answer
        label = format_html("{}. {}", card.number, marked(item.text))
        if item.type is ValueType.FILE:
            self.fields[field_name("f", item.id)] = field_for(item, label, card.heading_level)
        else:
            self.fields[field_name("a", item.id)] = field_for(item, label, card.heading_level, card.parties)
            self.initial[field_name("a", item.id)] = shown(item, answer.value if answer else None)
            if card.takes_files:
                label = _("Add a file")
                self.fields[field_name("f", item.id)] = forms.FileField(label=label, required=False)
        if item.type is not ValueType.SIGN:  # a confirmation says who and when: nobody writes under another's name
            self.fields[field_name("n", item.id)] = forms.CharField(
                label=_("Note"),
                required=False,
                strip=False,
                max_length=MAX_TEXT,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("What others need to know to understand the answer."),
            )
            self.initial[field_name("n", item.id)] = answer.note if answer else ""
        if card.theirs:
            self.fields[field_name("y", item.id)] = forms.BooleanField(
                label=_("This holds for us too"), required=False, widget=forms.CheckboxInput()
            )
        self.fields[field_name("m", item.id)] = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
        self.initial[field_name("m", item.id)] = card.loaded
        self.fields[field_name("c", item.id)] = forms.CharField(
            label=_("Comment"),
            required=False,
            strip=True,
            max_length=MAX_COMMENT,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("All who can see this section can read it."),
        )

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        for card in self.cards:
            name = field_name("a", card.id)
            if name not in cleaned:
                continue
            cleaned[name] = stored_value(card.item, cleaned[name])
            problems = answer_problems(card.item, cleaned[name])
            if problems:
                self.add_error(name, problem_words(problems[0]))
        return cleaned

    def given(self) -> list[Given]:
        """What was sent and can be stored. Items with something wrong are left out: their text stays on the page."""
        found = []
        for card in self.cards:
            answer, note = field_name("a", card.id), field_name("n", card.id)
            if self.errors.get(answer) or self.errors.get(note) or not self.was_sent(card):
                continue
            value = self.cleaned_data.get(answer)
            loaded = self.cleaned_data.get(field_name("m", card.id)) or ""
            stands = bool(self.cleaned_data.get(field_name("y", card.id)))
            found.append(Given(card.id, Content(value, plain_text(self.cleaned_data.get(note))), loaded, stands))
        return found

    def was_sent(self, card: Card) -> bool:
        """Whether the page that was sent had this question: a follow-up that was not asked there is left alone."""
        return field_name("m", card.id) in self.data

    def comments(self) -> dict[str, str]:
        sent = {card.id: self.cleaned_data.get(field_name("c", card.id)) for card in self.cards}
        return {item_id: text for item_id, text in sent.items() if text}

    def uploads(self) -> dict[str, Any]:
        sent = {card.id: self.cleaned_data.get(field_name("f", card.id)) for card in self.cards}
        return {item_id: upload for item_id, upload in sent.items() if upload}


class ItemForm(SectionForm):
    """The inputs of one card, for autosave."""


class EntryForm(forms.Form):
    """What one entry of a repeated section is called."""

    name = forms.CharField(
        label=gettext_lazy("What is it called?"),
        max_length=MAX_NAME,
        help_text=gettext_lazy("A few words that all who answer understand. Never the name of a child."),
        error_messages={"required": gettext_lazy("Give it a name.")},
    )


class AssignForm(forms.Form):
    """Who answers a section: an organisation, or one person in it."""

    who = forms.ChoiceField(
        label=gettext_lazy("Who is to answer?"),
        widget=forms.RadioSelect(attrs={"data-label-size": "m"}),
        error_messages={"required": gettext_lazy("Choose who is to answer this section.")},
    )
    due_on = DateField(
        label=gettext_lazy("When is it needed?"),
        required=False,
        help_text=gettext_lazy("For example 27 11 2026. You can leave it empty."),
    )

    def __init__(self, organisations: Sequence[Organisation], people: Sequence[Membership], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.organisations = {f"o{organisation.pk}": organisation for organisation in organisations}
        self.people = {f"m{membership.pk}": membership for membership in people}
        groups = []
        for key, organisation in self.organisations.items():
            named = [(k, m.person.shown_name) for k, m in self.people.items() if m.organisation_id == organisation.pk]
            groups.append((organisation.name, [(key, _("Anyone at %(name)s") % {"name": organisation.name}), *named]))
        self.fields["who"].choices = groups

    def chosen(self) -> tuple[Organisation, Membership | None]:
        who = self.cleaned_data["who"]
        if who in self.people:
            return self.people[who].organisation, self.people[who]
        return self.organisations[who], None


class ReadingForm(SectionForm):
    """The inputs of a second reader: answers and notes, nothing else."""

    def _add(self, card: Card) -> None:
        super()._add(card)
        for kind in ("c", "f", "y"):
            self.fields.pop(field_name(kind, card.id), None)


class ReaderForm(forms.Form):
    """Who answers the same questions alone."""

    who = forms.ChoiceField(
        label=gettext_lazy("Who is to answer alone?"),
        widget=forms.RadioSelect(attrs={"data-label-size": "m"}),
        error_messages={"required": gettext_lazy("Choose who is to answer.")},
    )
    due_on = DateField(
        label=gettext_lazy("When is it needed?"),
        required=False,
        help_text=gettext_lazy("For example 27 11 2026. You can leave it empty."),
    )

    def __init__(self, people: Sequence[Membership], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = {str(membership.pk): membership for membership in people}
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, membership in self.people.items():
            groups.setdefault(membership.organisation.name, []).append((key, membership.person.shown_name))
        self.fields["who"].choices = list(groups.items())


class SettleForm(forms.Form):
    """What becomes of a difference between two readers."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Which is to stand?"),
        choices=[
            ("first", gettext_lazy("The first answer stands")),
            ("second", gettext_lazy("The second answer takes its place")),
            ("talk", gettext_lazy("Talk about it first")),
        ],
        widget=forms.RadioSelect(attrs={"data-label-size": "m"}),
        error_messages={"required": gettext_lazy("Choose what is to be done about the difference.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Why, or what you want to talk about"),
        required=False,
        widget=TextareaWithCount(5_000, attrs={"rows": 4}),
        help_text=gettext_lazy("It becomes a comment on the question, for all who see the section."),
    )


class ChooseForm(forms.Form):
    """Which of two texts is to stand; joined by hand when the question is answered in words."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Which is to stand?"),
        widget=forms.RadioSelect(attrs={"data-label-size": "m"}),
        error_messages={"required": gettext_lazy("Choose which text is to stand.")},
    )
    joined = forms.CharField(
        label=gettext_lazy("The text joined from both"),
        required=False,
        strip=False,
        widget=TextareaWithCount(MAX_TEXT, attrs={"rows": 8}),
        help_text=gettext_lazy("It is used when you choose to join the two."),
    )
    joined_note = forms.CharField(
        label=gettext_lazy("The note joined from both"),
        required=False,
        strip=False,
        widget=TextareaWithCount(MAX_TEXT, attrs={"rows": 4}),
    )

    def __init__(self, item: Item, own: bool, *args: Any, notes: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.item, self.notes = item, notes
        kept = _("Keep mine") if own else _("Take the text that was put beside")
        stored = _("Keep theirs") if own else _("Keep the answer that stands")
        choices = [("stored", stored), ("kept", kept)]
        joinable = item.type is ValueType.TEXT or notes
        if joinable:
            choices.append(("joined", _("Join the two")))
        self.fields["choice"].choices = choices
        if item.type is not ValueType.TEXT:
            del self.fields["joined"]
        if not notes:
            del self.fields["joined_note"]

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        texts = [cleaned.get(name) for name in ("joined", "joined_note") if name in self.fields]
        if cleaned.get("choice") == "joined" and not any(text and text.strip() for text in texts):
            first = "joined" if "joined" in self.fields else "joined_note"
            self.add_error(first, _("Write the text that is to stand, made from both."))
        return cleaned

    def content(self, stored: Mapping[str, Any]) -> Content | None:
        """The joined content; parts that are not texts stay as they are stored."""
        if self.cleaned_data["choice"] != "joined":
            return None
        value = plain_text(self.cleaned_data["joined"]) or None if "joined" in self.fields else stored["value"]
        note = plain_text(self.cleaned_data["joined_note"]) if "joined_note" in self.fields else stored["note"]
        return Content(value, note)


class OfferSelect(HintedRadioSelect):
    """Radios under headings; those under `closed` stand in a part of the page that one opens."""

    template_name = "assessments/widgets/offers.html"
    closed = ""

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["closed"] = self.closed
        chosen = {str(each) for each in widget["value"] or ()}
        widget["open"] = any(
            group == self.closed and any(str(option["value"]) in chosen for option in options)
            for group, options, _index in widget["optgroups"]
        )
        return context


class StartForm(forms.Form):
    """Which questions to begin with."""

    pack = forms.ChoiceField(
        label=gettext_lazy("Which questions?"),
        widget=OfferSelect(attrs={"data-label-size": "m", "data-heading": "1"}),
        error_messages={"required": gettext_lazy("Choose which questions to begin with.")},
    )

    def __init__(self, found: Sequence[Offer], depth: str, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.packs = {str(offer.pack.pk): offer.pack for offer in found}
        field = self.fields["pack"]
        field.choices = [
            (heading, [(str(offer.pack.pk), said(offer.pack.title)) for offer in group]) for heading, group in grouped(found)
        ]
        field.widget.closed = str(ELSEWHERE)
        field.widget.choice_hints = {str(offer.pack.pk): offer.hint(depth) for offer in found}

class DepthForm(forms.Form):
    """How much is asked, and why, when it is less."""

    depth = forms.ChoiceField(
        label=gettext_lazy("How much is to be asked?"),
        widget=HintedRadioSelect(attrs={"data-label-size": "m"}),
        error_messages={"required": gettext_lazy("Choose how much is to be asked.")},
    )

    def __init__(self, choices: Sequence[tuple[str, str, str]], lighter: bool, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["depth"].choices = [(depth, words) for depth, words, _hint in choices]
        self.fields["depth"].widget.choice_hints = {depth: hint for depth, _words, hint in choices}
        if lighter:
            self.fields["reason"] = forms.CharField(
                label=gettext_lazy("Why are fewer questions enough?"),
                help_text=gettext_lazy("Only where you choose fewer than now. It stands in the record."),
                required=False,
                max_length=1_000,
                widget=TextareaWithCount(1_000, attrs={"rows": 4}),
            )
