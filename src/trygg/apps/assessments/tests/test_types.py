"""Every type of question: what its page sends is stored, read back, saved, locked and told in words."""

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import translation

from trygg.apps.assessments import matrix_paper, paper, services
from trygg.apps.assessments.content import answer_mark
from trygg.apps.assessments.matrix import picture
from trygg.apps.assessments.models import Answer
from trygg.apps.assessments.questions import instrument_of
from trygg.apps.assessments.selectors import worded
from trygg.apps.assessments.tests.every_type import MARKS, section, start
from trygg.apps.assessments.tests.scene import LATER, NOW, given

pytestmark = pytest.mark.full


@pytest.fixture
def assessment(world):
    return start(world)


def url(which):
    return reverse("assessments:section", args=[which.pk])


def page(client, which) -> str:
    return client.get(url(which)).content.decode()


def post(client, which, **sent):
    stored = {answer.item_id: answer for answer in Answer.objects.filter(section=which)}
    items = {name[2:] for name in sent if name[:2] in ("a-", "n-")}
    items |= {name.rsplit("_", 1)[0][2:] for name in sent if name.endswith(("_day", "_month", "_year"))}
    return client.post(url(which), sent | {f"m-{item}": answer_mark(stored.get(item)) for item in items})


def value(which, item_id):
    return Answer.objects.get(section=which, item_id=item_id).value


def test_party_number_scale_and_date(world, assessment, sign_in):
    client, which = sign_in(world.officer), section(assessment, "about")
    shown = page(client, which)
    assert '<option value="The head of the school">' in shown and '<option value="Board">' in shown
    assert "Never the name of a child" in shown and "Between 0 and 100,000." in shown
    assert "from “Seldom” to “Every day”" in shown
    sent = {"a-purpose": "Reading", "a-responsible": "  The head\n of the school ", "a-children": "1 200,5", "a-share": "weekly"}
    post(client, which, **sent, do="done")
    assert value(which, "responsible") == "The head of the school"
    assert value(which, "children") == 1200.5 and value(which, "share") == "weekly"
    answer = post(client, which, **{"a-children": "-1", "do": "done"})
    assert answer.status_code == 422 and "The number must be at least 0." in answer.content.decode()
    answer = post(client, which, **{"a-responsible": "x" * 301, "do": "done"})
    assert answer.status_code == 422 and value(which, "responsible") == "The head of the school"


def test_suggestions_do_not_tell_a_vendor_who_else_takes_part(world, assessment, sign_in):
    which = section(assessment, "about")
    world.give(which, world.vendor)
    world.give(section(assessment, "stand"), world.health)
    shown = page(sign_in(world.seller), which)
    assert '<option value="Vendor">' in shown and '<option value="The head of the school">' in shown
    assert "Health" not in shown


def test_nested_sections_are_headings_over_their_questions(world, assessment, sign_in):
    shown = page(sign_in(world.officer), section(assessment, "about"))
    assert shown.index("Who answers for the use?") < shown.index("How many it reaches") < shown.index("How many children?")
    assert "Counted for one school year." in shown
    assert '<h2 class="govuk-heading-m">How many it reaches</h2>' in shown and '<h3 class="govuk-label-wrapper">' in shown
    # What stands after the nested section stands under it no more.
    assert "<h2" in shown.split("When does it begin?")[0].rsplit('class="t-question"', 1)[1]


def test_a_confirmation_says_who_and_when_and_nobody_else_touches_it(world, assessment, sign_in):
    which = section(assessment, "stand")
    client = sign_in(world.officer)
    shown = page(client, which)
    assert 'name="n-confirmed"' not in shown and "I confirm this" in shown
    post(client, which, **{"a-confirmed": ["yes"], "do": "done"})
    assert value(which, "confirmed") is True
    shown = page(client, which)
    assert "Confirmed by Olle, Board" in shown
    other = sign_in(world.colleague)
    post(other, which, **{"a-confirmed": ["yes"], "n-confirmed": "A note", "do": "done"})
    answer = Answer.objects.get(section=which, item_id="confirmed")
    assert answer.answered_by == "Olle, Board" and answer.note == ""
    which.refresh_from_db()
    held = which.saved_answers["confirmed"]
    assert held["value"] is True and held["by"] == "Olle, Board" and held["at"] == answer.answered_at.isoformat()
    post(other, which, **{"a-confirmed": [], "do": "done"})
    assert value(which, "confirmed") is None


def test_a_matrix_is_sent_as_its_marks(world, assessment, sign_in):
    client, which = sign_in(world.officer), section(assessment, "rights")
    shown = page(client, which)
    assert shown.count('name="a-harm"') == 3 * 3 * 2 and "Not looked at" in shown
    assert "Severity<span class=\"govuk-visually-hidden\">: All children, Be heard</span>" in shown
    post(client, which, **{"a-harm": ["", *reversed(MARKS), ""], "do": "done"})
    assert value(which, "harm") == MARKS
    answer = post(client, which, **{"a-harm": [*MARKS, "heard/abroad/severity=small"], "do": "done"})
    assert answer.status_code == 422  # two levels of one dimension
    answer = post(client, which, **{"a-harm": ["heard/nobody/severity=small"], "do": "done"})
    assert answer.status_code == 422 and value(which, "harm") == MARKS


def test_a_matrix_is_read_as_a_picture_and_a_table(world, assessment, sign_in):
    which = section(assessment, "rights")
    world.save(world.officer, which, harm=MARKS)
    world.give(which, world.health)
    shown = page(sign_in(world.auditor), which)
    assert "The gravest is “Be heard” for born abroad: grave. How many: many. 7 places of 9 have not been looked at." in shown
    assert shown.count("<svg") and shown.count("t-rights-picture") == 1 and "Groups that nobody has looked at: Under 6." in shown
    assert "Every level as a table" in shown and "<select" not in shown


def test_papers_and_the_case_page_lead_with_the_worst_place(world, assessment, sign_in):
    which = section(assessment, "rights")
    headline = "The gravest is “Be heard” for born abroad: grave. How many: many."
    assert matrix_paper.for_matter(assessment.matter, "en") is None and matrix_paper.matrix_picture(assessment, "en") == ""
    world.save(world.officer, which, harm=MARKS)
    found = matrix_paper.for_matter(assessment.matter, "en")
    assert found["headline"] == headline and found["svg"].startswith("<svg")
    assert matrix_paper.matrix_picture(assessment, "sv") != matrix_paper.matrix_picture(assessment, "en")
    section_of_paper = paper.worst(assessment.matter, world.officer, "en", NOW)
    pictures = [block for block in section_of_paper["blocks"] if block["kind"] == "picture"]
    assert [each["alt"] for each in pictures] == [f"{headline} 7 places of 9 have not been looked at."]
    assert section_of_paper["report"][0]["text"].startswith(headline)
    client = sign_in(world.officer)
    assert headline in client.get(f"/matters/{assessment.matter.key}/").content.decode()
    score = client.get(f"/assessments/{assessment.pk}/score/").content.decode()
    assert f"<h2 class=\"govuk-heading-m\">{headline}</h2>" in score and "t-rights-picture" in score


def test_a_matrix_in_words_and_in_swedish(world, assessment):
    item = instrument_of(assessment).items["harm"]
    assert worded(item, MARKS) == (
        "Not be discriminated against, All children. Severity: Small.\nBe heard, Born abroad. Severity: Grave; How many: Many."
    )
    with translation.override("sv"):
        assert picture(item, MARKS).sentence.startswith("Det allvarligaste är ”Komma till tals” för födda utomlands: allvarlig")


def test_how_grave_a_place_is_follows_its_points(assessment):
    found = picture(instrument_of(assessment).items["harm"], [
        "equal/all/severity=none", "equal/young/severity=small", "equal/abroad/severity=noticeable", "equal/abroad/reach=many",
        "heard/all/severity=grave", "heard/young/severity=grave", "heard/young/reach=some", "heard/abroad/reach=many",
    ])  # fmt: skip
    cells = [cell for line in found.lines for cell in line.cells if cell.worst]
    # Many children, and nobody has said how grave: not the gravest place.
    assert [cell.step for cell in cells] == [0, 1, 2, 4, 4, 2]
    assert [cell.word for cell in cells] == ["No impact", "Small", "Noticeable", "Grave", "Grave", "Many"]


def test_without_points_the_order_of_the_levels_decides(assessment):
    item = instrument_of(assessment).items["harm"]
    dimensions = tuple(
        replace(each, levels=tuple(replace(level, points={}) for level in each.levels)) for each in item.matrix.dimensions
    )
    item = replace(item, matrix=replace(item.matrix, dimensions=dimensions))
    marks = [f"{place}={level}" for place, level in (
        ("equal/all/severity", "none"), ("equal/young/severity", "small"), ("equal/abroad/severity", "noticeable"),
        ("heard/all/severity", "grave"), ("heard/young/reach", "some"),
    )]  # fmt: skip
    assert [cell.step for line in picture(item, marks).lines for cell in line.cells if cell.worst] == [0, 2, 3, 4, 2]


def test_two_comments_in_one_form_on_two_uses_are_both_kept(world, assessment, sign_in):
    which = section(assessment, "uses")
    services.add_entry(actor=world.officer, now=NOW, section=which, name="Grading")
    sent = {"c-decides@1": "One", "c-decides@2": "Two", "a-decides@1": "helps", "a-decides@2": "helps", "once": "o" * 32}
    post(sign_in(world.officer), which, **sent, do="comment:decides@1")
    assert sorted(which.comments.values_list("item_id", "text")) == [("decides@1", "One"), ("decides@2", "Two")]


def test_what_is_locked_holds_every_type(world, assessment):
    about, uses, rights, stand = (section(assessment, name) for name in ("about", "uses", "rights", "stand"))
    world.save(world.officer, about, purpose="Reading", responsible="The school", children=30, share="daily", begins="2027-01-08")
    world.save(world.officer, uses, **{"decides@1": "no_decision"})
    world.save(world.officer, rights, harm=MARKS, measures=["tested"])
    world.save(world.officer, stand, confirmed=True)
    services.sign_off(actor=world.officer, now=NOW, assessment=assessment)
    locked = services.lock_assessment(actor=world.officer, now=LATER, assessment=assessment)
    answers = locked.locked_content["answers"]
    assert answers["harm"]["value"] == MARKS and answers["confirmed"]["by"] == "Olle, Board"
    assert answers["decides@1"]["value"] == "no_decision" and answers["responsible"]["value"] == "The school"


def test_autosave_and_comments_of_a_question_about_one_use(world, assessment, sign_in):
    client, which = sign_in(world.officer), section(assessment, "uses")
    path = reverse("assessments:autosave", args=[which.pk, "decides@1"])
    answer = client.post(path, {"a-decides@1": "helps", "m-decides@1": answer_mark(None)})
    assert answer.status_code == 200 and "overrule@1" in answer.json()["asked"]
    shown = page(client, which)
    assert "Use 1" in shown and 'id="q-overrule@1"' in shown and "Oversight" in shown
    post(client, which, **{"a-decides@1": "helps", "c-decides@1": "Which?", "once": "o" * 32, "do": "comment:decides@1"})
    assert which.comments.get().item_id == "decides@1"
    assert given(which, **{"decides@1": "helps"})[0].loaded
