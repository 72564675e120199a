"""Forms of bias audits: what is asked, the counts that come in, rows, how long it is good, why it is withdrawn."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trygg.apps.fairness.keeping import ENDINGS
from trygg.apps.fairness.models import RowFile
from trygg.apps.fairness.pages import language
from trygg.apps.fairness.question import Question, measure_named, measure_word
from trygg.engines.fairness import METRICS
from trygg.kernel.ui.forms import DateField, HintedRadioSelect

COLUMN = {"class": "govuk-input--width-20", "spellcheck": "false", "autocapitalize": "none"}


def _column(label: str, help_text: str = "", required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=120, widget=forms.TextInput(attrs=COLUMN)
    )


def _points(label: str) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"class": "govuk-input--width-4", "step": "any"})
    return forms.DecimalField(label=label, min_value=0.1, max_value=99, initial=5, widget=widget)


class DeclareForm(forms.Form):
    """What an audit asks, by the names of columns. Nothing of the data is needed to fill it in."""

    title = forms.CharField(
        label=_("What is examined?"),
        max_length=200,
        help_text=_("For example: Are pupils with another mother tongue flagged wrongly more often?"),
    )
    attributes = forms.CharField(
        label=_("Groups to compare: the columns, one a line"), widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("For example sex, mother_tongue. At most twelve. What is not in the data can't be examined, and the result says so."),
    )  # fmt: skip
    decision = _column(_("Column with what the system decided or flagged"), required=True)
    favourable = _column(
        _("Which value of it is good for the child?"),
        _("To be flagged is seldom good: then it is the value for not flagged, such as 0."),
        required=True,
    )
    outcome = _column(
        _("Column with what turned out to be true"),
        _("Leave empty if nobody knows. Then mistakes can't be counted, only who is selected."),
    )
    outcome_source = forms.CharField(
        label=_("Who decided what turned out to be true, and how?"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A new report about the same family is not the same as harm. This stands beside the result."),
    )  # fmt: skip
    primary = forms.CharField(
        label=_("Comparisons that count, one a line"), widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("What is counted, a colon, and the column: “wrongly flagged: mother_tongue”. Also: “missed”, “flagged”. At most ten."),
    )  # fmt: skip
    fpr = _points(_("Wrongly flagged: how many percentage points are too many?"))
    fnr = _points(_("Missed: how many percentage points are too many?"))
    selection_rate = _points(_("Flagged at all: how many percentage points are too many?"))
    reason = forms.CharField(
        label=_("Why does a difference of this size matter to the children?"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("There is no number in any law. The body that decides stands by it."),
    )  # fmt: skip
    score = _column(_("Column with a score from 0 to 1"))
    within = _column(_("Column to compare within, such as school"))
    id = _column(
        _("Column that is the same for the same child"),
        _("If a child can stand on several rows. Without it the result says that it may look surer than it is."),
    )
    period = _column(_("Column with a date or a month"))

    def clean_attributes(self) -> tuple[str, ...]:
        names = tuple(
            dict.fromkeys(name.strip() for name in re.split(r"[\n,;]", self.cleaned_data["attributes"]) if name.strip())
        )
        if not names:
            raise forms.ValidationError(gettext("Name at least one column."))
        return names

    def clean_primary(self) -> tuple[tuple[str, str], ...]:
        pairs = []
        for line in re.split(r"[\n;]", self.cleaned_data["primary"]):
            if not line.strip():
                continue
            metric, parted, attribute = (part.strip() for part in line.partition(":"))
            if not parted or not attribute:
                raise forms.ValidationError(
                    gettext(
                        "“%(line)s”: write what is counted and the column with a colon between, such as wrongly flagged: sex."
                    )
                    % {"line": line.strip()[:80]}
                )
            named = measure_named(metric)
            if named is None:
                raise forms.ValidationError(
                    gettext("“%(metric)s” can't be counted. These can: %(all)s.")
                    % {"metric": metric[:40], "all": ", ".join(measure_word(each, language()) for each in METRICS)}
                )
            pairs.append((named, attribute))
        if len(pairs) > 10:
            raise forms.ValidationError(
                gettext("At most ten comparisons can be declared: the more there are, the harder each is to show.")
            )
        return tuple(dict.fromkeys(pairs))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = cleaned.get("attributes", ())
        for _metric, attribute in cleaned.get("primary", ()):
            if known and attribute not in known:
                self.add_error(
                    "primary", gettext("“%(column)s” is not among the groups to compare.") % {"column": attribute[:80]}
                )
        if cleaned.get("outcome") and not cleaned.get("outcome_source"):
            self.add_error("outcome_source", gettext("Say who decided what turned out to be true, and how."))
        if not cleaned.get("outcome") and any(
            metric != "selection_rate" for metric, _column in cleaned.get("primary", ())
        ):
            self.add_error(
                "primary",
                gettext("Without a column with what turned out to be true, only “%(flagged)s” can be compared.")
                % {"flagged": measure_word("selection_rate", language())},
            )
        return cleaned

    def question(self) -> Question:
        """What was filled in. Only after is_valid()."""
        cleaned = self.cleaned_data
        measures = ("fpr", "fnr", "selection_rate") if cleaned["outcome"] else ("selection_rate",)
        return Question(
            attributes=cleaned["attributes"],
            primary=cleaned["primary"],
            material={metric: float(cleaned[metric]) / 100 for metric in measures},
            **{
                name: cleaned[name].strip()
                for name in ("decision", "favourable", "outcome", "score", "within", "id", "period")
            },
        )

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        """The form filled with a question that was asked before."""
        found: dict[str, Any] = {
            name: getattr(question, name)
            for name in ("decision", "favourable", "outcome", "score", "within", "id", "period")
        }
        found["attributes"] = "\n".join(question.attributes)
        found["primary"] = "\n".join(
            f"{measure_word(metric, language())}: {attribute}" for metric, attribute in question.primary
        )
        return found | {metric: round(100 * size, 6) for metric, size in question.material.items()}


class DocumentForm(forms.Form):
    file = forms.FileField(
        label=_("The file that the command wrote"), help_text=_("audit.json. It holds counts of groups, no rows.")
    )
    data_from = DateField(label=_("The last day that the data is about"))


class RowsForm(forms.Form):
    """Rows about children: who answers for them, by what right, and when they go."""

    file = forms.FileField(
        label=_("The file with the rows"), help_text=_("Parquet, CSV, Arrow, DuckDB or SQLite, at most 2 GB.")
    )
    data_from = DateField(label=_("The last day that the data is about"))
    controller = forms.CharField(
        label=_("Data controller"), max_length=200, help_text=_("The authority that answers for the personal data.")
    )
    basis = forms.ChoiceField(label=_("Legal basis"), choices=RowFile.Basis.choices, widget=HintedRadioSelect)
    dpia = forms.CharField(
        label=_("Where is the data protection impact assessment?"),
        max_length=300,
        help_text=_("Diary number or address. Without one, rows about children may not be uploaded."),
    )
    delete_on = DateField(
        label=_("The rows are deleted at the latest on"),
        help_text=_("Usually they are gone within minutes, as soon as they are counted. At most 90 days from now."),
    )

    def clean_file(self):
        given = self.cleaned_data["file"]
        if not given.name.lower().endswith(ENDINGS):
            raise forms.ValidationError(
                gettext("“%(name)s” is none of %(endings)s.")
                % {"name": given.name[-80:], "endings": ", ".join(ENDINGS)}
            )
        return given


class UseForm(forms.Form):
    valid_until = DateField(
        label=_("Good until, at the latest"),
        required=False,
        help_text=_("Leave empty to let each claim decide how old an audit may be."),
    )


class WithdrawForm(forms.Form):
    because = forms.CharField(
        label=_("Why is it withdrawn?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays readable, with this reason."),
    )


def last_day(today: date) -> date:
    """What is proposed as the day on which rows go."""
    return today + timedelta(days=7)
