"""Django forms in GOV.UK patterns: label, hint, error, summary; the renderer is FORM_RENDERER, so any form gets them by itself."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

FIELDSET_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.MultiWidget)


class TryggBoundField(BoundField):
    """A field together with what the templates ask of it."""

    @property
    def plain_widget(self) -> forms.Widget:
        return self.field.widget

    @property
    def is_checkbox(self) -> bool:
        """One box: its label stands after it."""
        return isinstance(self.plain_widget, forms.CheckboxInput)

    @property
    def has_counter(self) -> bool:
        return isinstance(self.plain_widget, TextareaWithCount) and bool(self.plain_widget.limit)

    @property
    def label_size(self) -> str:
        return self.plain_widget.attrs.get("data-label-size", "")

    @property
    def label_is_heading(self) -> bool:
        return bool(self.plain_widget.attrs.get("data-heading"))

    @property
    def heading_tag(self) -> str:
        """The element of a heading: h2, or what `data-heading` says where the page has more levels."""
        level = str(self.plain_widget.attrs.get("data-heading", ""))
        return f"h{level}" if level in ("3", "4", "5", "6") else "h2"

    @property
    def says_optional(self) -> bool:
        """Optional questions say so; a form of which nothing is asked for (a search) sets `mark_optional = False`."""
        return not self.field.required and not self.is_checkbox and getattr(self.form, "mark_optional", True)

    @property
    def summary_target(self) -> str:
        """The id that the error summary leads to: the first control."""
        first = isinstance(self.plain_widget, FIELDSET_WIDGETS)
        return f"{self.auto_id}_0" if first else self.id_for_label

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if self.has_counter and described is not None:
            described = f"{described} {self.auto_id}-info".strip()
        return described

    @property
    def shown_errors(self) -> list[str]:
        """The messages, with Django's "This field is required." said of which field and what to do."""
        plain = forms.Field.default_error_messages["required"]
        data = self.errors.as_data() if self.errors else []
        shown = []
        for fault, messages in ((fault, fault.messages) for fault in data):
            asked = fault.code == "required" and messages == [str(plain)]
            shown += [str(self.required_message % {"label": self.label})] if asked else messages
        return shown

    @property
    def required_message(self) -> str:
        widget = self.plain_widget
        if isinstance(widget, forms.CheckboxInput):
            return _("Tick the box: %(label)s")
        if isinstance(widget, (*FIELDSET_WIDGETS, forms.Select)):
            return _("Choose an answer: %(label)s")
        if isinstance(widget, forms.FileInput):
            return _("Choose a file: %(label)s")
        return _("Fill in: %(label)s")

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        ours = control_class(widget, bool(self.errors))
        theirs = attrs.get("class") or widget.attrs.get("class", "")
        if ours and not widget.is_hidden:
            attrs["class"] = f"{ours} {theirs}".strip()
        if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
            attrs.pop("aria-invalid", None)  # not allowed on one radio; the fieldset names the error
        return attrs


def control_class(widget: forms.Widget, wrong: bool) -> str:
    """The govuk-frontend class of a control."""
    if isinstance(widget, (forms.CheckboxSelectMultiple, forms.CheckboxInput)):  # before radios: the one is a kind of the other
        return "govuk-checkboxes__input"
    if isinstance(widget, forms.RadioSelect):
        return "govuk-radios__input"
    if isinstance(widget, forms.MultiWidget):
        return ""
    if isinstance(widget, forms.PasswordInput):
        return "govuk-input govuk-password-input__input govuk-js-password-input-input" + (
            " govuk-input--error" if wrong else ""
        )
    for kind, name in (
        (forms.Textarea, "textarea"),
        (forms.Select, "select"),
        (forms.FileInput, "file-upload"),
        (forms.widgets.Input, "input"),
    ):
        if isinstance(widget, kind):
            counted = " govuk-js-character-count" if isinstance(widget, TextareaWithCount) and widget.limit else ""
            return f"govuk-{name}{f' govuk-{name}--error' if wrong else ''}{counted}"
    return ""


class TryggRenderer(TemplatesSetting):
    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = TryggBoundField


# Widgets and fields that Django does not have -----------------------------------------------------


class TextareaWithCount(forms.Textarea):
    """A text box that says how many characters are left. Nothing is cut: a text that is too long is answered with an error."""

    template_name = "ui/forms/textarea_with_count.html"

    def __init__(self, max_length: int | None = None, attrs: dict | None = None):
        self.own_limit = max_length
        super().__init__({"rows": 5, **(attrs or {})})

    @property
    def limit(self) -> int | None:
        return self.own_limit or self.attrs.get("maxlength")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("maxlength", None)
        context["widget"]["limit"] = int(self.limit) if self.limit else None
        return context


class HintMixin:
    """Choices with a line of explanation each: `choice_hints={value: text}`."""

    def __init__(self, attrs: dict | None = None, choices=(), choice_hints: Mapping[str, str] | None = None):
        super().__init__(attrs, choices)
        self.choice_hints = dict(choice_hints or {})

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        hint = self.choice_hints.get(str(value))
        if hint and option["attrs"].get("id"):
            option["hint"] = hint
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class HintedRadioSelect(HintMixin, forms.RadioSelect):
    pass


class HintedCheckboxSelectMultiple(HintMixin, forms.CheckboxSelectMultiple):
    pass


class DateWidget(forms.MultiWidget):
    """Day, month and year as three short text inputs: quicker and easier to understand than a calendar."""

    template_name = "ui/forms/date.html"
    labels = (_("Day"), _("Month"), _("Year"))

    def __init__(self, attrs: dict | None = None):
        def part(width: int) -> forms.TextInput:
            return forms.TextInput(
                {"class": f"govuk-input govuk-date-input__input govuk-input--width-{width}", "inputmode": "numeric"}
            )

        super().__init__({"day": part(2), "month": part(2), "year": part(4)}, attrs)

    def decompress(self, value) -> list:
        return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]

    def get_context(self, name, value, attrs):
        wrong = bool(attrs and attrs.pop("aria-invalid", None))
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], self.labels, strict=True):
            part["label"] = label
            if wrong:
                part["attrs"]["class"] += " govuk-input--error"
                part["attrs"]["aria-invalid"] = "true"
        return context


class DateField(forms.Field):
    """A date from three inputs. Returns a `date` or None."""

    widget = DateWidget
    default_error_messages: ClassVar = {
        "required": _("Write the date with day, month and year."),
        "incomplete": _("The date must have a day, a month and a year, for example 27 11 2026."),
        "invalid": _("There is no such date. Check day, month and year, for example 27 11 2026."),
    }

    def clean(self, value):
        day, month, year = ((part or "").strip() for part in (value or ("", "", "")))
        if not (day or month or year):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not (day and month and year):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        try:
            found = date(int(year), int(month), int(day))
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if len(year) != 4:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        self.run_validators(found)
        return found

    def has_changed(self, initial, data) -> bool:
        before = [str(part or "") for part in self.widget.decompress(initial)]
        return before != [(part or "").strip().lstrip("0") for part in (data or ("", "", ""))]
