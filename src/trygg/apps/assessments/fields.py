"""The input of a question of each type, and what is stored of it."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.apps.assessments.questions import said
from trygg.engines.conditions import ValueCode, ValueProblem, ValueType
from trygg.engines.conditions.kinds import MAX_PARTY
from trygg.engines.instruments import Item, Matrix
from trygg.kernel.ui.forms import DateField
from trygg.spine.frameworks.answer_words import exact_words
from trygg.spine.frameworks.selectors import marked

ONE_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,6})?")
CONFIRMED = "yes"


def plain_text(text: str | None) -> str:
    """Line breaks as one character, so that the same text has one form."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


class NumberField(forms.CharField):
    """A number as people write it: 1 000, 0,5 or 0.5. Returns int or float, None when it is empty."""

    def clean(self, value: Any) -> int | float | None:
        text = re.sub(r"[\s\u00a0\u202f]", "", super().clean(value) or "").replace("\u2212", "-")
        if not text:
            return None
        if not ONE_NUMBER.fullmatch(text):
            raise ValidationError(
                _("“%(text)s” is not a number. Write it with digits, for example 1000 or 0.5.") % {"text": value}
            )
        number = Decimal(text.replace(",", "."))
        return int(number) if number == number.to_integral_value() else float(number)


class PartyInput(forms.TextInput):
    """A line of text with suggestions; the browser shows them, with or without script."""

    template_name = "assessments/widgets/party.html"

    def __init__(self, suggestions: Sequence[str], attrs: dict | None = None):
        super().__init__(attrs)
        self.suggestions = list(suggestions)

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        if self.suggestions:
            context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context | {"suggestions": self.suggestions}


class MatrixWidget(forms.Widget):
    """For each right a block, in it for each group a list to choose from for each dimension. What is sent are the marks
    themselves, all under one name."""

    template_name = "assessments/widgets/matrix.html"
    use_fieldset = True

    def __init__(self, matrix: Matrix, attrs: dict | None = None):
        super().__init__(attrs)
        self.matrix = matrix

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        sent = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [mark for mark in sent if mark]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        held, number, opened = set(value or ()), 0, False
        rights = []
        for right in self.matrix.rights:
            groups, left = [], 0
            for group in self.matrix.groups:
                cells = []
                for dimension in self.matrix.dimensions:
                    marks = [
                        (f"{right.id}/{group.id}/{dimension.id}={level.id}", said(level.label))
                        for level in dimension.levels
                    ]
                    options = [(mark, label, mark in held) for mark, label in marks]
                    left += not any(chosen for _mark, _label, chosen in options)
                    identity = f"{context['widget']['attrs'].get('id', name)}_{number}"
                    cells.append({"id": identity, "label": said(dimension.label), "options": options})
                    number += 1
                groups.append({"label": said(group.label), "cells": cells})
            rights.append({"label": said(right.label), "groups": groups, "open": bool(left) and not opened})
            opened = opened or bool(left)
        return context | {"rights": rights}


class MatrixField(forms.Field):
    """The marks that were chosen, as a list."""

    def __init__(self, matrix: Matrix, **kwargs: Any):
        super().__init__(widget=MatrixWidget(matrix), **kwargs)


def problem_words(problem: ValueProblem) -> str:
    """What is wrong with an answer, and what to do."""
    match problem.code:
        case ValueCode.TOO_SMALL:
            return _("The number must be at least %(limit)s.") % problem.params
        case ValueCode.TOO_LARGE:
            return _("The number must be at most %(limit)s.") % problem.params
        case ValueCode.TOO_LONG:
            return (
                _("The text is longer than %(limit)s characters. Shorten it, or add it as evidence.") % problem.params
            )
        case ValueCode.NOT_A_CHOICE | ValueCode.CHOSEN_TWICE | ValueCode.NOT_A_LIST:
            return _("Choose among the answers that are shown.")
        case _:
            return _("This answer cannot be read. Write it again.")


def _bounds(item: Item) -> str:
    """Between what a number must be."""
    low = None if item.minimum is None else exact_words(item.minimum)
    high = None if item.maximum is None else exact_words(item.maximum)
    if low is not None and high is not None:
        return _("Between %(low)s and %(high)s.") % {"low": low, "high": high}
    if low is not None:
        return _("At least %(low)s.") % {"low": low}
    return _("At most %(high)s.") % {"high": high} if high is not None else ""


def field_for(item: Item, label: str, level: int = 2, parties: Sequence[str] = ()) -> forms.Field:
    """The form field of a question. `level`: of its heading; `parties`: suggestions for who has a task."""
    attrs = {"data-label-size": "m", "data-heading": str(level)}
    choices = [(choice.id, marked(choice.label)) for choice in item.choices]
    common = {"label": label, "required": False}
    match item.type:
        case ValueType.CHOICE:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect(attrs=attrs), **common)
        case ValueType.SCALE:
            hint = _("The answers stand in order, from “%(first)s” to “%(last)s”.") % {
                "first": said(item.choices[0].label) if choices else "",
                "last": said(item.choices[-1].label) if choices else "",
            }
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect(attrs=attrs), help_text=hint, **common)
        case ValueType.CHOICES:
            return _boxes(choices, attrs, help_text=_("Choose all that apply."), **common)
        case ValueType.SIGN:
            hint = _("Your name and the time are shown beside it.")
            return _boxes([(CONFIRMED, _("I confirm this"))], attrs, help_text=hint, **common)
        case ValueType.RIGHTS_MATRIX:
            hint = _("Open one right at a time. Leave empty what nobody has looked at.")
            field = MatrixField(item.matrix, help_text=hint, **common)
            field.widget.attrs.update(attrs)
            return field
        case ValueType.PARTY:
            hint = _("An organisation or a role, for example “the head of the school”. Never the name of a child.")
            widget = PartyInput(parties, attrs={**attrs, "autocomplete": "off"})
            return forms.CharField(strip=False, widget=widget, max_length=MAX_PARTY, help_text=hint, **common)
        case ValueType.NUMBER:
            widget = forms.TextInput(attrs={**attrs, "inputmode": "decimal", "class": "govuk-input--width-10"})
            return NumberField(widget=widget, max_length=40, help_text=_bounds(item), **common)
        case ValueType.DATE:
            field = DateField(**common)
            field.widget.attrs.update(attrs)
            return field
        case ValueType.FILE:
            return forms.FileField(widget=forms.FileInput(attrs=attrs), **common)
    # The limit is the engine's: a longer text comes back whole, with words about it. Nothing is cut.
    return forms.CharField(strip=False, widget=forms.Textarea(attrs={**attrs, "rows": 5}), **common)


def _boxes(choices: list[tuple[str, str]], attrs: dict, **more: Any) -> forms.MultipleChoiceField:
    # Named here too: to Django such boxes are a kind of radios, and kernel/ui gives them the class of those.
    widget = forms.CheckboxSelectMultiple(attrs={**attrs, "class": "govuk-checkboxes__input"})
    return forms.MultipleChoiceField(choices=choices, widget=widget, **more)


def shown(item: Item, value: Any) -> Any:
    """A stored value as the field takes it."""
    match item.type:
        case ValueType.DATE if isinstance(value, str):
            return date.fromisoformat(value)
        case ValueType.SIGN:
            return [CONFIRMED] if value is True else []
    return value


def stored_value(item: Item, cleaned: Any) -> Any:
    """A cleaned input as it is stored: JSON data, None when there is nothing."""
    if isinstance(cleaned, date):
        return cleaned.isoformat()
    match item.type:
        case ValueType.TEXT:
            return plain_text(cleaned) or None
        case ValueType.PARTY:
            return " ".join(plain_text(cleaned).split()) or None
        case ValueType.SIGN:
            return True if CONFIRMED in (cleaned or ()) else None
        case ValueType.CHOICES:
            return [choice.id for choice in item.choices if choice.id in cleaned] or None
        case ValueType.RIGHTS_MATRIX:
            order = {mark: place for place, mark in enumerate(item.choice_ids)}
            return sorted(cleaned or (), key=lambda mark: order.get(mark, len(order))) or None
    return None if cleaned in ("", [], None) else cleaned
