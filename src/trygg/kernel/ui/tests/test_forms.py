"""Any Django form gets labels, hints, errors and their links by the renderer alone."""

import re
from datetime import date

import pytest
from django import forms
from django.utils import translation

from trygg.kernel.ui.forms import DateField, HintedRadioSelect, TextareaWithCount


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As it is written")
    note = forms.CharField(label="Note", required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "A"), ("b", "B")], widget=HintedRadioSelect(choice_hints={"b": "The second"})
    )
    until = DateField(label="Until")
    text = forms.CharField(label="Text", max_length=20, widget=TextareaWithCount())
    sure = forms.BooleanField(label="Sure")
    evidence = forms.FileField(label="File", required=False)
    secret = forms.CharField(label="Secret", widget=forms.PasswordInput, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, initial="h")


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


def wrong() -> Sample:
    return Sample({"until_day": "31", "until_month": "2", "until_year": "2027", "text": "x" * 30})


def test_every_control_has_a_label_or_legend():
    html = str(Sample())
    for control in re.findall(r'<(?:input|textarea|select)\b(?![^>]*type="hidden")[^>]*\sid="([^"]+)"', html):
        assert f'for="{control}"' in html, control
    assert html.count("<legend") == 2


def test_a_hint_belongs_to_its_control():
    html = str(Sample()["name"].as_field_group())
    assert 'aria-describedby="id_name_helptext"' in html
    assert '<div class="govuk-hint" id="id_name_helptext">As it is written</div>' in html


def test_an_error_belongs_to_its_control_and_is_said():
    html = str(wrong()["name"].as_field_group())
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert "govuk-input--error" in html
    assert "Fill in: Name" in html


@pytest.mark.parametrize("form", [Sample(), wrong()], ids=["new", "wrong"])
def test_ids_are_unique_and_everything_described_exists(form):
    html = str(form)
    found = ids(html)
    assert len(found) == len(set(found))
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        assert set(described.split()) <= set(found)


def test_every_link_of_the_summary_leads_to_a_control(render):
    form = wrong()
    targets = re.findall(r'href="#([^"]+)"', render("{% error_summary form %}", form=form))
    assert len(targets) == 5
    assert set(targets) <= set(ids(str(form)))
    assert {"id_kind_0", "id_until_0", "id_name"} <= set(targets)


def test_a_form_without_errors_has_no_summary(render):
    assert render("{% error_summary form %}{% error_summary nothing %}", form=Sample()).strip() == ""


def test_radios_carry_no_aria_that_they_may_not_carry():
    html = str(wrong()["kind"].as_field_group())
    assert "aria-invalid" not in html
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_kind_error">' in html
    assert 'aria-describedby="id_kind_1_hint"' in html


def test_an_optional_question_says_so_but_a_search_does_not():
    assert "(optional)" in str(Sample()["note"].as_field_group())
    assert "(optional)" not in str(Sample()["name"].as_field_group())
    form = Sample()
    form.mark_optional = False
    assert "(optional)" not in str(form["note"].as_field_group())


def test_a_text_that_is_too_long_is_not_cut_but_answered():
    html = str(wrong()["text"].as_field_group())
    assert "maxlength=" not in html.replace("data-maxlength=", "")
    assert 'data-maxlength="20"' in html
    assert "x" * 30 in html
    assert "At most 20 characters" in html


def test_what_was_typed_comes_back():
    html = str(wrong()["until"].as_field_group())
    assert all(f'value="{part}"' in html for part in ("31", "2", "2027"))


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        ("27", "11", "2026", date(2026, 11, 27)),
        (" 7", "1", "2027 ", date(2027, 1, 7)),
        ("31", "2", "2027", "There is no such date"),
        ("1", "", "2027", "must have a day"),
        ("", "", "", "Write the date"),
        ("1", "1", "27", "There is no such date"),
        ("x", "1", "2027", "There is no such date"),
        ("1", "1", "99999999999", "There is no such date"),
    ],
)
def test_dates(day, month, year, expected):
    with translation.override("en"):
        form = Sample({"until_day": day, "until_month": month, "until_year": year})
        if isinstance(expected, date):
            assert "until" not in form.errors
            assert form.cleaned_data["until"] == expected
        else:
            assert expected in form.errors["until"][0]


def test_messages_are_in_the_language_of_the_page():
    with translation.override("sv"):
        assert "Fyll i: Name" in str(wrong()["name"].as_field_group())


def test_html_in_a_label_or_choice_is_escaped():
    class Bad(forms.Form):
        one = forms.ChoiceField(label="<b>", choices=[("a", "<script>")], widget=forms.RadioSelect, help_text="<i>")

    html = str(Bad())
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html
