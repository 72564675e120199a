"""Repeated sections: another entry, its name, one taken away with its answers kept; several at once."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from trygg.apps.assessments import services
from trygg.apps.assessments.content import answer_mark, load_whole
from trygg.apps.assessments.models import Answer
from trygg.apps.assessments.questions import instrument_of
from trygg.apps.assessments.repeated import repeated
from trygg.apps.assessments.tests.every_type import MARKS, section, start
from trygg.apps.assessments.tests.scene import LATER, NOW
from trygg.kernel.access import Denied
from trygg.kernel.ledger.models import Entry


@pytest.fixture
def uses(world):
    return section(start(world), "uses")


def add(world, uses, name):
    return services.add_entry(actor=world.officer, now=NOW, section=uses, name=name)


def remove(world, uses, entry, **more):
    services.remove_entry(actor=world.officer, now=NOW, section=uses, entry=entry, **more)


def items(uses):
    uses.refresh_from_db()
    uses.assessment.refresh_from_db()
    return [item.id for item in instrument_of(uses.assessment).items.values() if item.repeat]


def test_one_more_use_has_questions_of_its_own(world, uses):
    assert items(uses) == ["decides@1", "overrule@1"]
    assert add(world, uses, " Grading ") == "2"
    assert items(uses) == ["decides@1", "overrule@1", "decides@2", "overrule@2"]
    found = repeated(uses)
    assert found.title("1") == "Use 1" and found.title("2") == "Use 2: Grading"
    world.save(world.officer, uses, **{"decides@1": "no_decision", "decides@2": "helps", "overrule@2": "always"})
    counting = load_whole(uses.assessment).reading.counting
    assert counting == {"decides@1": "no_decision", "decides@2": "helps", "overrule@2": "always"}
    entry = Entry.objects.get(action="assessments.entry_added")
    assert "Grading" not in str(bytes(entry.leaf))  # a name is free text: in the details, not in the public part


def test_names_and_limits(world, uses):
    with pytest.raises(ValidationError):
        add(world, uses, "  ")
    with pytest.raises(ValidationError):
        add(world, uses, "x" * 101)
    for number in range(4):
        add(world, uses, f"Number {number}")
    with pytest.raises(ValidationError, match="no more"):
        add(world, uses, "Too many")
    services.name_entry(actor=world.officer, now=NOW, section=uses, entry="3", name="Planning")
    uses.refresh_from_db()
    assert repeated(uses).title("3") == "Use 3: Planning"
    with pytest.raises(ValidationError, match="taken away already"):
        services.name_entry(actor=world.officer, now=NOW, section=uses, entry="9", name="Planning")


def test_the_least_there_must_be_stays(world, uses):
    with pytest.raises(ValidationError, match="at least 1"):
        remove(world, uses, "1")


def test_an_empty_one_goes_at_once_and_one_with_answers_when_confirmed(world, uses):
    add(world, uses, "Grading")
    add(world, uses, "Planning")
    world.save(world.officer, uses, **{"decides@1": "no_decision", "decides@2": "alone", "overrule@2": "never"})
    remove(world, uses, "3")
    with pytest.raises(ValidationError, match="answers about it"):
        remove(world, uses, "2")
    remove(world, uses, "2", confirmed=True)
    assert items(uses) == ["decides@1", "overrule@1"]
    assert Answer.objects.get(section=uses, item_id="decides@2").value == "alone"  # kept
    assert repeated(uses).removed == [("2", "Grading")]
    assert "decides@2" not in load_whole(uses.assessment).reading.counting
    # An id is never used again: old answers would come back under another name.
    assert add(world, uses, "Meals") == "3" and items(uses)[-1] == "overrule@3"


def test_only_who_answers_the_section(world, uses):
    for actor in (world.auditor, world.nurse, world.seller, world.outsider):
        with pytest.raises(Denied):
            services.add_entry(actor=actor, now=NOW, section=uses, name="Grading")
    world.give(uses, world.vendor)
    assert services.add_entry(actor=world.seller, now=NOW, section=uses, name="Grading") == "2"


def test_a_section_that_is_answered_once_has_no_entries(world, uses, sign_in):
    about = section(uses.assessment, "about")
    with pytest.raises(ValidationError, match="answered once"):
        add(world, about, "Grading")
    assert sign_in(world.officer).get(reverse("assessments:add_entry", args=[about.pk])).status_code == 404


def test_the_pages_without_script(world, uses, sign_in):
    client = sign_in(world.officer)
    here = reverse("assessments:section", args=[uses.pk])
    sent = {"a-decides@1": "helps", "m-decides@1": answer_mark(None), "do": "add-entry"}
    answer = client.post(here, sent)
    assert answer.url == reverse("assessments:add_entry", args=[uses.pk])
    assert Answer.objects.get(section=uses, item_id="decides@1").value == "helps"  # nothing typed is lost on the way
    assert "Add one more: Use" in client.get(answer.url).content.decode()
    assert client.post(answer.url, {"name": ""}).status_code == 422
    answer = client.post(answer.url, {"name": "Grading"})
    assert answer.url == f"{here}#h-uses@2"
    page = client.get(here).content.decode()
    assert "Use 2: Grading" in page and 'id="h-uses@2"' in page and 'value="entry:2"' in page
    client.post(here, {"a-decides@2": "helps", "m-decides@2": answer_mark(None), "do": "done"})
    one = reverse("assessments:entry", args=[uses.pk, "2"])
    page = client.get(one).content.decode()
    assert "It helps someone who decides" in page and "Take it away although there are answers" in page
    assert client.post(one, {"do": "remove"}).status_code == 422
    assert client.post(one, {"name": "Marks"}).url == f"{here}#h-uses@2"
    assert client.post(one, {"do": "remove", "confirmed": "1"}).url == here
    assert "Read what was taken away" in client.get(here).content.decode()
    page = client.get(reverse("assessments:removed_entries", args=[uses.pk])).content.decode()
    assert "Use: Marks" in page and "It helps someone who decides" in page
    assert client.get(one).status_code == 404


def test_a_new_revision_keeps_the_entries_and_what_is_locked_names_them(world, uses):
    assessment = uses.assessment
    add(world, uses, "Grading")
    about, rights, stand = (section(assessment, name) for name in ("about", "rights", "stand"))
    world.save(world.officer, about, purpose="Reading", responsible="The school", share="daily")
    world.save(world.officer, uses, **{"decides@1": "no_decision", "decides@2": "no_decision"})
    world.save(world.officer, rights, harm=MARKS)
    world.save(world.officer, stand, confirmed=True)
    services.sign_off(actor=world.officer, now=NOW, assessment=assessment)
    locked = services.lock_assessment(actor=world.officer, now=LATER, assessment=assessment)
    assert locked.locked_content["entries"] == {"uses": [["1", ""], ["2", "Grading"]]}
    made = services.reopen_assessment(actor=world.officer, now=LATER, assessment=locked)
    assert "decides@2" in load_whole(made).reading.counting
