"""The form of facts, made from their declarations in the packs: each is asked once, and "we do not know yet" is an answer."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from trygg.engines.assurance import FactDeclaration
from trygg.engines.conditions import ValueType
from trygg.kernel.ui.forms import DateField
from trygg.spine.matters.models import Fact, FactState
from trygg.spine.matters.services import FactAnswer

UNKNOWN, NOT_APPLICABLE = "~unknown", "~na"
NO_VALUE = [(UNKNOWN, _("We do not know yet")), (NOT_APPLICABLE, _("Does not apply"))]


class FactsForm(forms.Form):
    """One field a fact. Leaving a question without an answer leaves the fact as it is."""

    mark_optional = False  # every question may be left, and the page says so once

    def __init__(self, *args, facts: Iterable[FactDeclaration], standing: Mapping[str, Fact], language: str, **kwargs):
        self.facts = list(facts)
        initial = {}
        for fact in self.facts:
            if fact.id in standing:
                initial |= _initial(fact, standing[fact.id])
        super().__init__(*args, initial=initial, **kwargs)
        for fact in self.facts:
            for name, field in _fields(fact, language).items():
                self.fields[name] = field
            self.fields[fact.id].widget.attrs["data-label-size"] = "s"

    def clean(self) -> dict:
        cleaned = super().clean()
        for fact in self.facts:
            if fact.type == ValueType.CHOICES:
                chosen = cleaned.get(fact.id) or []
                if len(chosen) > 1 and (UNKNOWN in chosen or NOT_APPLICABLE in chosen):
                    self.add_error(fact.id, _("Choose either answers, or that you do not know."))
        return cleaned

    def answers(self) -> dict[str, FactAnswer]:
        """What was answered, by name of the fact."""
        given = {}
        for fact in self.facts:
            answer = _answer(fact, self.cleaned_data)
            if answer is not None:
                given[fact.id] = answer
        return given


def _words(text: Mapping[str, str], language: str) -> str:
    return text.get(language) or text.get("en") or ""


def _fields(fact: FactDeclaration, language: str) -> dict[str, forms.Field]:
    said = {"label": _words(fact.question, language), "help_text": _words(fact.help, language), "required": False}
    choices = [(choice.id, _words(choice.label, language)) for choice in fact.choices]
    match fact.type:
        case ValueType.BOOLEAN:
            yes_no = [("yes", _("Yes")), ("no", _("No")), *NO_VALUE]
            return {fact.id: forms.ChoiceField(choices=yes_no, widget=forms.RadioSelect, **said)}
        case ValueType.CHOICE:
            return {fact.id: forms.ChoiceField(choices=[*choices, *NO_VALUE], widget=forms.RadioSelect, **said)}
        case ValueType.CHOICES:
            return {fact.id: forms.MultipleChoiceField(choices=[*choices, *NO_VALUE], widget=forms.CheckboxSelectMultiple, **said)}
        case ValueType.NUMBER:
            value = forms.DecimalField(min_value=0, max_digits=12, **said)
        case ValueType.DATE:
            value = DateField(**said)
        case _:
            value = forms.CharField(max_length=300, **said)
    without = forms.BooleanField(label=_("We do not know yet"), required=False)
    return {fact.id: value, f"{fact.id}~unknown": without}


def _initial(fact: FactDeclaration, standing: Fact) -> dict:
    simple = fact.type in (ValueType.NUMBER, ValueType.DATE, ValueType.TEXT)
    if standing.state != FactState.VALUE:
        if simple:
            return {f"{fact.id}~unknown": True}
        word = UNKNOWN if standing.state == FactState.UNKNOWN else NOT_APPLICABLE
        return {fact.id: [word] if fact.type == ValueType.CHOICES else word}
    value = standing.value
    if fact.type == ValueType.BOOLEAN:
        value = "yes" if value else "no"
    elif fact.type == ValueType.DATE and isinstance(value, str):
        value = date.fromisoformat(value)
    return {fact.id: value}


def _answer(fact: FactDeclaration, cleaned: Mapping) -> FactAnswer | None:
    value = cleaned.get(fact.id)
    if cleaned.get(f"{fact.id}~unknown") and value in (None, ""):
        return FactAnswer(FactState.UNKNOWN)
    if value in (None, "", []):
        return None
    if value in (UNKNOWN, [UNKNOWN]):
        return FactAnswer(FactState.UNKNOWN)
    if value in (NOT_APPLICABLE, [NOT_APPLICABLE]):
        return FactAnswer(FactState.NOT_APPLICABLE)
    if fact.type == ValueType.BOOLEAN:
        return FactAnswer(FactState.VALUE, value == "yes")
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    elif isinstance(value, date):
        value = value.isoformat()
    return FactAnswer(FactState.VALUE, value)
