"""Every text field that the public can fill has its safeguarding route; a new one without fails."""

import pytest
from django import forms as django_forms
from django.test import Client

from trygg.front.public import forms
from trygg.front.public.tests.test_pages import pages
from trygg.kernel.safeguard import FIELDS
from trygg.spine.publication.tests import scene

TYPED = (django_forms.CharField, django_forms.FileField)


def without_route(module) -> list[str]:
    """Names of typed fields of the module's forms that are not registered."""
    found = []
    for name, form in vars(module).items():
        if isinstance(form, type) and issubclass(form, django_forms.BaseForm):
            found += [f"public.{name}.{field}" for field, kind in form.base_fields.items() if isinstance(kind, TYPED)]
    return [name for name in found if name not in FIELDS]


def test_every_field_of_a_public_form_has_a_route():
    assert without_route(forms) == []


def test_a_new_field_without_a_route_is_found(monkeypatch):
    class ReportForm(django_forms.Form):
        what = django_forms.CharField()

    monkeypatch.setattr(forms, "ReportForm", ReportForm, raising=False)
    assert without_route(forms) == ["public.ReportForm.what"]


@pytest.mark.django_db
def test_every_text_input_on_a_public_page_is_a_field_with_a_route(people):
    registered = {name.rpartition(".")[2] for name in FIELDS if name.startswith("public.")}
    for path, page in pages(scene.published(people)).items():
        assert page.inputs <= registered, path
    assert Client().get("/register/").status_code == 200
