"""The score page tells every step; what-if changes nothing."""

import json
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import translation

from trygg.apps.assessments.content import load_whole
from trygg.apps.assessments.models import Answer
from trygg.apps.assessments.questions import Reading
from trygg.apps.assessments.score import score_words
from trygg.apps.assessments.tests.every_type import MARKS, section, start
from trygg.engines.depth import Depth
from trygg.kernel.ledger.models import Entry
from trygg.packs.catalogue import builtin
from trygg.spine.frameworks.answer_words import exact_words, plain_number

pytestmark = pytest.mark.full


@pytest.fixture
def assessment(world):
    """9.5 points of impact, 5 of 5 of measures: the level falls from 3 to 2."""
    made = start(world)
    world.save(world.officer, section(made, "about"), purpose="Reading", responsible="The school", share="weekly")
    world.save(world.officer, section(made, "uses"), **{"decides@1": "helps", "overrule@1": "always"})
    world.save(world.officer, section(made, "rights"), harm=MARKS, measures=["tested", "told"])
    return made


def words_of(assessment):
    return score_words(load_whole(assessment).reading)


def text(client, name, assessment, **post):
    path = reverse(f"assessments:{name}", args=[assessment.pk])
    return (client.post(path, post) if post else client.get(path)).content.decode()


@pytest.mark.parametrize(
    ("number", "english", "swedish", "plain"),
    [
        (Fraction(17, 2), "8.5", "8,5", "8.5"),
        (Fraction(2, 3), "2/3", "2/3", "2/3"),
        (Fraction(-1, 8), "\u22120.125", "\u22120,125", "-0.125"),
        (Fraction(1, 1000), "0.001", "0,001", "0.001"),
        (Fraction(12000), "12,000", "12\u00a0000", "12000"),
        (Fraction(0), "0", "0", "0"),
    ],
)
def test_numbers_are_exact(number, english, swedish, plain):
    assert (exact_words(number), plain_number(number)) == (english, plain)
    with translation.override("sv"):
        assert exact_words(number) == swedish


def test_the_heading_is_the_level_and_the_arithmetic_stands_under_it(world, assessment, sign_in):
    page = text(sign_in(world.officer), "score", assessment)
    assert "Level 2 of 4: Moderate impact</h1>" in page
    assert "Level 3 of 4: High impact" in page and "9.5 of 13 points" in page  # the raw level beside it
    assert "Needed: 4 points of “Measures”. Reached: 5." in page and "80\u00a0% of the most" in page
    assert "9.5 × 0.85 = 8.075, rounded to a whole number, halves upwards: 8." in page
    assert "over 3 up to and including 8" in page and "All questions that give points are answered." in page
    assert (
        "Be heard, Born abroad. Severity: Grave. <b>4</b>" in page
        and "Only the place with the most points counts." in page
    )
    assert "<svg" in page and "Levels and their bounds" in page and "The same as a table" in page


def test_why_a_question_does_not_count(world, assessment):
    world.save(world.officer, section(assessment, "uses"), **{"decides@1": "no_decision"})
    measures = words_of(assessment).scales[1]
    why = next(line.why for line in measures.lines if line.item == "overrule@1")
    assert why == "Not asked, because “Does it decide something about a child?” is answered with: No."
    assert words_of(assessment).ignored == [("Can a person overrule it? (Use 1)", why)]
    Answer.objects.filter(item_id="decides@1").delete()
    measures = words_of(assessment).scales[1]
    why = next(line.why for line in measures.lines if line.item == "overrule@1")
    assert why == "Not asked yet: it waits for the answer to “Does it decide something about a child?”."


def test_what_is_none_of_the_choices_is_dropped_and_said(world, assessment, sign_in):
    Answer.objects.filter(item_id="measures").update(value=["tested", "prayed"])
    page = text(sign_in(world.officer), "score", assessment)
    assert "Dropped, since it is none of the choices: prayed" in page


def test_an_open_score_says_between_what_it_can_end(world, sign_in):
    made = start(world)
    found = words_of(made)
    assert found.title == "No level yet: nothing that gives points is answered"
    assert "the level can still become anything from 1 to 3" in found.sentence
    world.save(world.officer, section(made, "rights"), harm=[mark.replace("grave", "small") for mark in MARKS])
    assert "So far" in words_of(made).title
    assert "can still become anything from 0 to" in text(sign_in(world.officer), "score", made)


def test_the_range_of_an_open_score_holds_whatever_is_answered(world):
    """Every way of answering what is open ends inside what was said."""
    from itertools import product

    from trygg.apps.assessments.questions import Reading

    made = start(world)
    reading = load_whole(made).reading
    shares, marks = ("seldom", "weekly", "daily"), (["equal/all/severity=none"], MARKS)
    measures = ([], ["tested"], ["tested", "told"])
    low, high = words_of(made).headline.level_low, words_of(made).headline.level_high
    for share, harm, done, decides in product(shares, marks, measures, ("no_decision", "alone")):
        values = {"share": share, "harm": harm, "measures": done, "decides@1": decides}
        then = score_words(Reading(reading.instrument, reading.depth, values))
        assert low <= then.headline.score.level <= high, values


def test_flags_stand_beside_the_score(world, assessment, sign_in):
    world.save(world.officer, section(assessment, "uses"), **{"decides@1": "alone", "overrule@1": "never"})
    page = text(sign_in(world.officer), "score", assessment)
    top = page[: page.index("Before adjustments")]
    assert "Stop:" in top and "Yes, alone" in top and "Take it further:" in top
    page = text(sign_in(world.officer), "overview", assessment)
    assert "One answer says stop." in page and "Read how it is counted" in page


def test_as_data(world, assessment, sign_in):
    answer = sign_in(world.reader).get(reverse("assessments:score_json", args=[assessment.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    data = json.loads(answer.content)
    impact = data["scales"][0]
    assert (impact["points"], impact["current"], impact["raw_level"], impact["level"]) == ("9.5", "8", 3, 2)
    assert impact["adjustments"][0]["needed"] == "4" and data["instrument"] == "every-type"
    assert sum(Fraction(line["points"]) for line in impact["lines"]) == Fraction(impact["points"])


def test_only_who_sees_all_of_it(world, assessment, sign_in):
    world.give(section(assessment, "stand"), world.vendor)
    world.give(section(assessment, "about"), world.health, world.nurse)
    for actor in (world.seller, world.nurse, world.outsider):
        client = sign_in(actor)
        for name in ("score", "score_json", "what_if"):
            assert client.get(reverse(f"assessments:{name}", args=[assessment.pk])).status_code == 404
    assert "Read how it is counted" not in text(sign_in(world.seller), "overview", assessment)
    assert sign_in(world.auditor).get(reverse("assessments:score", args=[assessment.pk])).status_code == 200


def test_an_instrument_without_points_says_so(world, sign_in):
    page = text(sign_in(world.officer), "score", world.assessment)
    assert "These questions give no points" in page
    assert "Read how it is counted" not in text(sign_in(world.officer), "overview", world.assessment)


def test_what_would_change_it(world, assessment, sign_in):
    world.save(world.officer, section(assessment, "uses"), **{"decides@1": "alone", "overrule@1": "never"})
    world.save(
        world.officer,
        section(assessment, "rights"),
        harm=[MARKS[0], "heard/abroad/severity=small"],
        measures=["tested"],
    )
    page = text(sign_in(world.officer), "what_if", assessment)
    assert (
        "is lifted" in page
        and "It helps someone who decides" in page
        and "Nothing that you choose here is saved" in page
    )


def test_the_shortest_way_is_named(world, assessment, sign_in):
    assert "Answers that would raise the level" in text(sign_in(world.officer), "what_if", assessment)
    world.save(world.officer, section(assessment, "uses"), **{"decides@1": "helps", "overrule@1": "never"})
    page = text(sign_in(world.officer), "what_if", assessment)
    assert "These measures, taken together, lead to Level 2 of 4: Moderate impact." in page
    assert "Now: Never. Instead: <b>Always</b>." in page and "Can a person overrule it? (Use 1)" in page


def test_trying_stores_nothing(world, assessment, sign_in):
    before = (list(Answer.objects.values_list("pk", "value", "revision")), Entry.objects.count())
    sent = {"a-share": "daily", "a-decides@1": "alone", "a-overrule@1": "never", "a-measures": ["told"]}
    client = sign_in(world.auditor)
    page = text(client, "what_if", assessment, **sent)
    assert "What the answers that you tried lead to" in page and "Nothing is saved." in page
    assert "Level 2 of 4: Moderate impact" in page and "<b>Level 3 of 4: High impact</b>" in page
    assert "tried as <b>Yes, alone</b>" in page
    assert (list(Answer.objects.values_list("pk", "value", "revision")), Entry.objects.count()) == before
    page = text(client, "what_if", assessment, **(sent | {"a-decides@1": "no_decision"}))
    assert "Questions that would not be asked" in page
    assert client.post(reverse("assessments:what_if", args=[assessment.pk]), {"a-share": "never"}).status_code == 422


def test_what_waits_for_other_answers_is_no_reason_to_call_something_low():
    """An empty assessment of data protection asks one question; what gives points waits for its answer."""
    reading = Reading(builtin().instruments["gdpr-dpia"], Depth.FULL, {})
    found = score_words(reading)
    assert found.headline.complete and not found.headline.settled
    assert found.title == "No level yet: nothing that gives points is answered"
    assert "wait for other answers" in found.sentence
