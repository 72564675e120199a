"""How much is asked: what is not asked says why, more can be asked at any time, and nothing is lost by it."""

import copy

import pytest
from django.core.exceptions import ValidationError

from trygg.apps.assessments import services
from trygg.apps.assessments.content import load_whole
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment
from trygg.apps.assessments.not_asked import not_asked
from trygg.apps.assessments.tests.scene import INSTRUMENT, LATER, NOW, choices, item, publish
from trygg.engines.instruments import HiddenWhy
from trygg.kernel.access import Denied
from trygg.kernel.ledger.models import Entry
from trygg.kernel.work.models import Task
from trygg.spine.assurance.models import Case, Evidence
from trygg.spine.frameworks.models import PackVersion

State = SectionAssignment.State


@pytest.fixture
def deep(world):
    """The small questions with something to ask at each depth, and a phase."""
    data = copy.deepcopy(INSTRUMENT) | {"version": "1.1.0"}
    data["sections"][0]["items"] += [
        item("more", "choice", choices=choices("yes", "no"), depth="standard"),
        item("only_if", "text", visible_when={"item": "more", "is": "yes"}, required=False),
    ]
    PackVersion.objects.filter(pack_id="small").update(current=False)
    world.pack = publish(data)
    Case.objects.filter(matter=world.matter).update(depth="light")
    world.matter = type(world.matter).objects.get(pk=world.matter.pk)
    return world


def fresh(world) -> Assessment:
    return Assessment.objects.select_related("matter__case", "pack").get(pk=world.assessment.pk)


def deepen(world, depth, who=None, reason="", now=LATER):
    return services.change_depth(actor=who or world.officer, now=now, assessment=world.assessment, depth=depth, reason=reason)


def test_every_question_is_asked_or_says_why_not(deep):
    deep.save(deep.officer, deep.heard, who=["nobody"])
    found = not_asked(load_whole(fresh(deep)).reading)
    said = {question: why for _section, rows in found.groups for question, why in rows}
    assert found.asked + len(said) == found.total == 7
    assert "full review" in said["Question deep?"] and "standard review" in said["Question more?"]
    assert said["Question how?"] == "Not asked, because “Question who?” is answered with: nobody."
    assert "waits for the answer to “Question more?”" in said["Question only_if?"]
    assert found.counts == {HiddenWhy.DEPTH: 2, HiddenWhy.NOT_MET: 1, HiddenWhy.NOT_YET: 1} and found.deeper
    assert found.sentence == (
        "3 of 7 questions are asked. Not asked: 2 that belong to a deeper assessment, as this is a light review; "
        "1 that another answer rules out; 1 that waits for another answer."
    )


def test_going_deeper_asks_more_keeps_every_answer_and_is_recorded(deep):
    deep.finish()
    before = dict(Answer.objects.values_list("item_id", "value"))
    made = deepen(deep, "full")
    assert made.depth == "full" and dict(Answer.objects.values_list("item_id", "value")) == before
    assert deep.heard.state == State.BEGUN and deep.technique.state == State.DONE  # only where something more is asked
    entry = Entry.objects.filter(action="assessments.depth_changed").get()
    assert entry.public["depth"] == "full" and entry.public["was"] == "light"
    deepen(deep, "full")
    assert Entry.objects.filter(action="assessments.depth_changed").count() == 1


def test_less_needs_a_reason_and_never_goes_below_the_matter(deep):
    deep.save(deep.officer, deep.heard, who=["children"], how="In class")
    deepen(deep, "full")
    deep.save(deep.officer, deep.heard, now=LATER, more="no", deep=4)
    with pytest.raises(ValidationError, match="Say why fewer"):
        deepen(deep, "light")
    deepen(deep, "light", reason="The full one is made next year, with the school.")
    assert not_asked(load_whole(fresh(deep)).reading).asked == 4
    answers = dict(Answer.objects.values_list("item_id", "value"))
    assert answers["deep"] == 4  # kept, and it counts no more
    assert "deep" not in Evidence.objects.get(key="small", withdrawn_at=None).params["answers"]
    deepen(deep, "full")
    assert Evidence.objects.get(key="small", withdrawn_at=None).params["answers"]["deep"] == 4
    Case.objects.filter(matter=deep.matter).update(depth="standard")
    with pytest.raises(ValidationError, match="no fewer questions are asked"):
        deepen(deep, "light", reason="Short of time.")
    assert fresh(deep).depth == "full"


def test_a_signed_section_that_would_change_holds_it_back_and_names_who_signed(deep):
    deep.finish()
    services.sign_off(actor=deep.officer, now=NOW, assessment=deep.assessment)
    with pytest.raises(ValidationError, match=r"“Heard” \(Board\)"):
        deepen(deep, "full")
    assert fresh(deep).depth == "light" and not Entry.objects.filter(action="assessments.depth_changed").exists()


def test_a_signed_section_in_which_nothing_more_is_asked_stays_signed(deep):
    deep.finish()
    services.sign_off(actor=deep.seller, now=NOW, assessment=deep.assessment)
    deepen(deep, "standard")
    assert deep.technique.state == State.SIGNED and deep.heard.state == State.BEGUN


def test_who_answered_the_section_is_asked_again(deep):
    deep.give(deep.heard, deep.health, deep.nurse)
    deep.save(deep.nurse, deep.heard, who=["nobody"])
    assert not Task.objects.filter(code="assessments.answer_section", done_at=None).exists()
    deepen(deep, "standard")
    task = Task.objects.get(code="assessments.answer_section", done_at=None)
    assert task.assignee_id == deep.nurse.membership_id


def test_neither_a_locked_one_nor_one_that_is_not_ones_own(deep):
    with pytest.raises(Denied):
        deepen(deep, "full", who=deep.nurse)
    with pytest.raises(ValidationError, match="Choose how much"):
        deepen(deep, "abyss")
    deep.finish()
    for actor in (deep.officer, deep.seller):
        services.sign_off(actor=actor, now=NOW, assessment=deep.assessment)
    services.lock_assessment(actor=deep.officer, now=LATER, assessment=deep.assessment)
    with pytest.raises(ValidationError, match="It is locked"):
        deepen(deep, "full")


def test_the_pages_say_it_and_lead_there(deep, sign_in):
    path = f"/assessments/{deep.assessment.pk}/"
    client = sign_in(deep.officer)
    page = client.get(path).content.decode()
    assert "3 of 7 questions are asked" in page and f"{path}depth/" in page and "Question deep?" in page
    page = client.get(f"{path}depth/").content.decode()
    assert "Light review, as now" in page and "Full review" in page and 'name="reason"' not in page
    assert client.post(f"{path}depth/", {}).status_code == 422
    assert client.post(f"{path}depth/", {"depth": "standard"}).status_code == 302
    page = client.get(f"{path}depth/").content.decode()
    assert 'name="reason"' in page
    sent = client.post(f"{path}depth/", {"depth": "light", "reason": " "})
    assert sent.status_code == 422 and "Say why fewer questions are enough here" in sent.content.decode()
    assert client.post(f"{path}depth/", {"depth": "light", "reason": "Enough for a trial."}).status_code == 302
    assert fresh(deep).depth == "light"
    assert sign_in(deep.nurse).get(f"{path}depth/").status_code == 404
