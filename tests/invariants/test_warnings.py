"""Whatever a person may write freely is looked at for numbers and addresses of a person, in every form of every room."""

import importlib
import pkgutil

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import models
from django.http import HttpResponse
from django.urls import reverse

import trygg
from trygg.kernel.safeguard.middleware import NOT_FREE, WarnMiddleware

pytestmark = pytest.mark.full

PERSON = "19811228-9874"  # a number made for tests (Skatteverket)
COORDINATION = "701063-2391"
SAMPLES = {
    "identity_number": (PERSON, COORDINATION, "811228-9874", "198112289874"),
    "phone": ("070-174 06 05", "+46 70 174 06 05"),
    "email": ("elsa@skola.example",),
}
SHORT = 100  # a text field of a model under this length is a code, a hash, a version, a number in a register

# Texts of models that nobody writes freely: (model, field): why.
MADE = "the program makes it"
NOT_WRITTEN = {
    "ledger.Entry": MADE, "ledger.Detail": MADE, "ledger.Sent": MADE, "ledger.Checkpoint": "a cosigner's signature", "people.Organisation": "trygg setup",
    "people.Partnership": "trygg setup", "people.Membership.title": "trygg setup and the demo", "people.PurposeLink": MADE,
    "people.Person.password": "a hash", "people.Outbox": MADE, "work.Task": MADE, "work.Notification": MADE, "frameworks.PackVersion": "a pack",
    "matters.Component": "a register file", "matters.Fact.reason": "withheld facts come by the API of services", "matters.ImportRun": MADE,
    "matters.ImportRow": "a register file", "assurance.Claim": "a pack", "assurance.Snapshot": MADE, "publication.PublishedEntry": MADE,
    "people.Person.display_name": "written as `name`", "matters.System.name": "written as `system_name`",
    "matters.System.source_id": "a register file", "assessments.Answer.note": "written as `n-...`", "assessments.Answer.origin_note": MADE,
    "assessments.AnswerVersion.note": "written as `n-...`", "assessments.Comment.text": "written as `c-...`",
    "publication.EntryVersion.to_correct": "written as `reason`", "matters.Matter.pause_reason": "written as `reason`",
    "files.StoredFile.name": "a file's name", "files.StoredFile.quarantine_reason": "written as `reason`", "committees.Item.proposal": "`proposal`",
    "meetings.Meeting.body_name": MADE, "committees.Decision.body_name": MADE, "assurance.Evidence.key": "a pack",
    "assurance.Evidence.title": "written as `title`", "assessments.StartedFrom": "another's published case, read whole or not at all",
    "publication.OutsideCase": "a file, read whole or not at all", "archive.Arrived": "an archive, read whole or not at all",
    "archive.SealedRecord": "an archive, read whole or not at all", "assessments.DossierVersion.withdrawn_reason": "written as `reason`",
    "fairness.Audit.withdrawn_because": "written as `because`", "fairness.RowFile.file_name": "a file's name",
}  # fmt: skip
BY = ("_by", "author_name", "author_organisation", "person_name", "stored_as", "media_type")  # who, in words, and files: made by the program


def all_forms() -> list[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(trygg.__path__, "trygg."):
        if module.name.endswith((".forms", ".views", "fact_forms")) or ".views." in module.name:
            importlib.import_module(module.name)

    def below(kind):
        for sub in kind.__subclasses__():
            yield sub
            yield from below(sub)

    return sorted({kind for kind in below(forms.BaseForm) if kind.__module__.startswith("trygg.")}, key=lambda kind: (kind.__module__, kind.__name__))


def is_free(field: forms.Field) -> bool:
    """Whether a person writes words in it."""
    fixed = forms.EmailField | forms.SlugField | forms.URLField | forms.UUIDField | forms.RegexField
    hidden = isinstance(field.widget, forms.HiddenInput | forms.PasswordInput)
    return isinstance(field, forms.CharField) and not isinstance(field, fixed) and not hidden


def passed_over(kinds) -> list[str]:
    """Free-text fields that are not looked at."""
    return [
        f"{kind.__module__}.{kind.__name__}.{name}" for kind in kinds for name, field in kind.base_fields.items()
        if is_free(field) and name in NOT_FREE - {"code"}
    ]  # fmt: skip


def test_no_form_has_free_text_that_is_passed_over():
    found = all_forms()
    assert len(found) > 40
    assert passed_over(found) == []


def test_a_form_that_would_be_passed_over_is_found():
    class Letter(forms.Form):
        next = forms.CharField(widget=forms.Textarea)
        email = forms.EmailField()

    assert [name.rpartition(".")[2] for name in passed_over([Letter])] == ["next"]


def typed_texts() -> set[str]:
    """Free-text fields of models, as `app.Model.field`, but for those that nobody writes."""
    from django.apps import apps

    found = set()
    for model in apps.get_models():
        for field in model._meta.fields if model.__module__.startswith("trygg.") else ():
            long = isinstance(field, models.TextField) or (isinstance(field, models.CharField) and (field.max_length or 0) >= SHORT)
            fixed = isinstance(field, models.EmailField | models.SlugField | models.URLField) or field.choices or not field.editable
            name = f"{model._meta.label}.{field.name}"
            if long and not fixed and not field.name.endswith(BY) and not {name, model._meta.label} & NOT_WRITTEN.keys():
                found.add(name)
    return found


def test_every_text_that_is_kept_is_written_in_a_form_or_named_here():
    """A new text field of a model stands in a form under its own name, or in NOT_WRITTEN with the reason."""
    in_forms = {name for kind in all_forms() for name, field in kind.base_fields.items() if is_free(field)}
    assert sorted(name for name in typed_texts() if name.rpartition(".")[2] not in in_forms) == []


def sent(rf, data: dict, status: int = 302) -> list[str]:
    """What the writer of a form is told, when it was answered with `status`."""
    request = rf.post("/", data)
    request.session = {}
    request._messages = FallbackStorage(request)
    WarnMiddleware(lambda _request: HttpResponse(status=status))(request)
    return [str(message) for message in get_messages(request)]


@pytest.mark.parametrize("name", ["reason", "reasons", "text", "notes", "c-heard", "summary_sv", "conditions-0-text", "a_field_of_tomorrow"])
@pytest.mark.parametrize("text", [text for texts in SAMPLES.values() for text in texts])
def test_whatever_it_is_called_it_warns(rf, name, text):
    assert len(sent(rf, {name: f"It is about {text}, who said so."})) == 1


def test_what_is_no_free_text_does_not_warn(rf):
    assert sent(rf, {"email": SAMPLES["email"][0], "content_hash": "0" * 20 + "4" * 44, "csrfmiddlewaretoken": PERSON}) == []
    assert sent(rf, {"reason": "The board weighed it on 2026-11-22, § 112, BUN 2026/0417."}) == []


def test_a_form_that_is_not_taken_says_nothing_yet(rf):
    assert sent(rf, {"reason": PERSON}, status=422) == []


# Through the rooms: the texts that were missed once ---------------------------------------------------------------------------


@pytest.fixture
def scene(db, monkeypatch):
    from trygg.apps.committees.tests.scene import MEETS, make_scene

    monkeypatch.setattr("django.utils.timezone.now", lambda: MEETS)
    return make_scene()


def tell(client, scene, who: str, path: str, data: dict) -> str:
    """The page after the form was sent."""
    from tests.world import sign_in

    sign_in(client, scene.actor(who))
    answer = client.post(path, data, follow=True)
    assert answer.redirect_chain, answer.status_code
    return answer.content.decode()


FORMSETS = {
    f"{name}-{key}_FORMS": value for name in ("conditions", "ways")
    for key, value in (("TOTAL", 3), ("INITIAL", 3), ("MIN_NUM", 0), ("MAX_NUM", 3))
}  # fmt: skip
COMMITTEE = {  # state of the item, who, page, form
    "opinion": ("asked", "elsa", "opinion", {"opinion": "support", "reason": PERSON}),
    "interest": ("called", "bo", "interest", {"text": PERSON}),
    "notes": ("discussed", "committee_secretary", "notes", {"notes": PERSON}),
    "proposal": ("discussed", "committee_secretary", "propose", {"kind": "support", "proposal": PERSON} | FORMSETS),
    "condition": (
        "discussed", "committee_secretary", "propose",
        {"kind": "support_with_conditions", "proposal": "Yes.", "conditions-0-text": PERSON} | FORMSETS,
    ),
    "dissent": ("counted", "elsa", "dissent", {"text": PERSON}),
    "reasons": ("counted", "committee_secretary", "advise", {"reasons": PERSON} | FORMSETS),
    "decision": (
        "advised", "officer", "decision",
        {"answer": "not", "reasons": PERSON, "minute_reference": "§ 9", "decided_on_day": 29, "decided_on_month": 11, "decided_on_year": 2026},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COMMITTEE)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_texts_of_a_committee_warn(case, language, scene, client):
    state, who, name, data = COMMITTEE[case]
    item = getattr(scene, state)()
    if name == "propose":
        scene.open_meeting()
    client.cookies["django_language"] = language
    page = tell(client, scene, who, reverse(f"committees:{name}", args=[item.pk]), data)
    assert {"en": "This looks like a personal identity number.", "sv": "Det här ser ut som ett personnummer."}[language] in page
