"""Forms of the import: the file, which column is what, what an ambiguous row is."""

import copy
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from trygg.engines.records import FIELDS, Kind, MappingError, build_mapping, shipped_mapping
from trygg.engines.records.mapping import find_columns
from trygg.kernel.ui.forms import HintedRadioSelect
from trygg.spine.matters.imports import selectors, services, wording

GENERIC = shipped_mapping("generic").source
FIRST = ("name", "publisher", "summary", "status", "purpose", "supplier")
ASKED = [name for name in FIELDS if name not in ("certificates", "visibility", "standard_version", "risk_justification")]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Register file"), help_text=_("CSV, Excel (.xlsx) or JSON. It is read and shown to you; nothing comes in before you say so.")
    )
    encoding = forms.ChoiceField(
        label=_("Text encoding"), required=False,
        choices=[
            ("", _("Find out")), ("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252"), ("latin-1", "ISO 8859-1"),
        ],
    )  # fmt: skip
    delimiter = forms.ChoiceField(
        label=_("Between the columns"), required=False,
        choices=[("", _("Find out")), (",", _("Comma")), (";", _("Semicolon")), ("tab", _("Tab")), ("|", _("Vertical bar"))],
    )  # fmt: skip
    sheet = forms.CharField(label=_("Sheet"), required=False, max_length=31, help_text=_("Of a workbook with several sheets."))
    header_row = forms.IntegerField(
        label=_("Row with the column names"), required=False, min_value=1, max_value=1000,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )  # fmt: skip

    mark_optional = False
    reading = ("encoding", "delimiter", "sheet", "header_row")

    def options(self) -> dict[str, Any]:
        """How the person says the file is to be read."""
        given = {name: self.cleaned_data[name] for name in self.reading if self.cleaned_data.get(name)}
        return given | ({"delimiter": "\t"} if given.get("delimiter") == "tab" else {})

    @property
    def corrected(self) -> bool:
        """True when the part on how to read the file is to be open."""
        return self.is_bound and bool(self.errors or any(self.data.get(name) for name in self.reading))


class MappingForm(forms.Form):
    """Target field <- column. What is left as it was keeps its transforms; what is changed gets those of the generic mapping."""

    source = forms.CharField(
        label=_("Name of the register"), max_length=80,
        help_text=_("Rows of later files from the same register are recognised by it. Use the same name each time."),
    )  # fmt: skip
    key = forms.ChoiceField(label=_("Column with the register's own id"), required=False)
    html = forms.BooleanField(label=_("Texts in the file may hold HTML"), required=False)

    mark_optional = False

    def __init__(self, *args, columns: Sequence[str], mapping: dict[str, Any] | None, name: str = "", **kwargs):
        self.columns, self.start = list(columns), mapping or {}
        self.standing = {name: _first_column(self.start, name, self.columns) for name in ASKED}
        key = next((one[0] for one in self.start.get("key", ()) if len(one) == 1 and one[0] in self.columns), "")
        source = self.start.get("source", "")
        initial = {"source": name if source in ("", GENERIC) else source, "key": key, **{f"to_{name}": column for name, column in self.standing.items()}}
        super().__init__(*args, initial=initial, **kwargs)
        choices = [("", _("No column")), *((column, column) for column in self.columns)]
        self.fields["key"].choices = choices
        for name in ASKED:
            self.fields[f"to_{name}"] = forms.ChoiceField(label=wording.field(name), choices=choices, required=name == "name")

    def shown(self) -> list[BoundField]:
        """The fields that most registers have, those that have a column, and those with an error; the others are folded away."""
        return [self[name] for name in self.fields if not name.startswith("to_") or self._is_shown(name)]

    def folded(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("to_") and not self._is_shown(name)]

    def _is_shown(self, name: str) -> bool:
        return name[3:] in FIRST or bool(self[name].value()) or name in self.errors

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            try:
                build_mapping(self.mapping(), "mapping")
            except MappingError as error:
                raise ValidationError(str(error)) from error
        return cleaned

    def mapping(self) -> dict[str, Any]:
        """The mapping as plain data."""
        given = self.cleaned_data
        generic = shipped_mapping("generic").data["fields"]
        name = re.sub(r"[^a-z0-9.-]+", "-", given["source"].lower()).strip("-.")[:60] or "own-register"
        fields = {field: part for field, part in self.start.get("fields", {}).items() if field not in ASKED}
        for field in ASKED:
            column = given[f"to_{field}"]
            if not column:
                continue
            if column == self.standing[field]:
                fields[field] = copy.deepcopy(self.start["fields"][field])
            else:
                fields[field] = _part(generic.get(field), column, field)
            if given["html"] and FIELDS[field].kind in (Kind.TEXT, Kind.ITEMS) and field not in ("name", "publisher", "links"):
                _with_html(fields[field])
        kept = {k: v for k, v in self.start.items() if k in ("language", "aliases")}
        keys = self.start.get("key", []) if given["key"] == self.initial["key"] else [[given["key"]]] if given["key"] else []
        return {
            "format": "trygg-mapping/1", "id": name, "title": {"en": given["source"]}, "source": given["source"],
            "standard": self.start.get("standard", name), "key": keys, "fields": fields, **kept,
        }  # fmt: skip


def _first_column(mapping: dict[str, Any], field: str, columns: list[str]) -> str:
    """The column of the file that fills a field first, empty when none does."""
    parts = mapping.get("fields", {}).get(field)
    if parts is None:
        return ""
    found = find_columns(build_mapping(mapping, "mapping"), columns)
    for part in parts if isinstance(parts, list) else [parts]:
        names = part.get("from", [])
        for name in [names] if isinstance(names, str) else names:
            if found.get(name) in columns:
                return found[name]
    return ""


def _part(generic: Any, column: str, field: str) -> Any:
    first = copy.deepcopy((generic[0] if isinstance(generic, list) else generic) or {})
    part = {**first, "from": column}
    return [part] if FIELDS[field].kind is Kind.ITEMS else part


def _with_html(parts: Any) -> None:
    for part in parts if isinstance(parts, list) else [parts]:
        if "from" in part and "html" not in part.get("do", ()):
            part["do"] = [*part.get("do", ()), "html"]


class ChoiceForm(forms.Form):
    choice = forms.ChoiceField(label=_("What is this row?"), widget=HintedRadioSelect)

    def __init__(self, *args, choice: selectors.Choice, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["choice"]
        field.choices = [
            *((str(system.pk), _("It is «%(name)s», which is in the register") % {"name": system.name}) for system in choice.systems),
            (services.NEW, _("It is another system: add it")),
            (services.SKIP, _("Leave it out")),
        ]
        field.widget.choice_hints = {
            str(system.pk): ", ".join(part for part in (system.vendor_name[:80], system.source, system.source_id) if part)
            for system in choice.systems
        }
