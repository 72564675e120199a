"""The picture of rights and groups of children: the worst place is the headline, and it is read without colours and on paper."""

import re
from xml.etree import ElementTree

import pytest
from django.utils import translation

from trygg.apps.assessments import matrix_paper
from trygg.apps.assessments.matrix import picture, picture_of
from trygg.apps.assessments.matrix_svg import MOST_COLUMNS, WIDTH, drawn, mark
from trygg.apps.assessments.questions import Reading
from trygg.engines.depth import Depth
from trygg.packs.catalogue import builtin

IMPACT = builtin().instruments["child-rights-impact-assessment"]


def place(right, group, severity="", reach="", undone=""):
    marks = {"severity": severity, "reach": reach, "reversibility": undone}
    return [f"{right}/{group}/{dimension}={level}" for dimension, level in marks.items() if level]


GRAVE = place("r19", "in_care", "grave", "one", "never")
SOME = [*GRAVE, *place("r31", "all_affected", "annoyance", "everyone", "easy"), *place("r2", "age_0_5", "none"), *place("r2", "minority", "serious")]


def reading(marks, depth=Depth.FULL, **more):
    return Reading(IMPACT, depth, {"harm_matrix": marks, **more})


def shown(marks, language="en", **more):
    with translation.override(language):
        return picture_of(reading(marks, **more))


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        (
            "en",
            "The gravest is “Protection from violence and neglect” for children placed in care: changes a life. "
            "How many? Single children. Can it be undone? No.",
        ),
        (
            "sv",
            "Det allvarligaste är ”Skydd mot våld och vanvård” för placerade barn: förändrar ett liv. "
            "Hur många? Enstaka barn. Går det att göra ogjort? Nej.",
        ),
    ],
)
def test_the_worst_place_is_the_headline_which_right_which_children_how_bad_and_whether_it_can_be_undone(language, headline):
    with translation.override(language):
        assert picture_of(reading(SOME)).headline == headline


def test_how_bad_it_is_decides_not_how_many_it_concerns():
    with translation.override("en"):
        wide = shown(place("r31", "all_affected", "annoyance", "everyone", "never"))
        assert "annoyance" in wide.headline and [cell.step for _line, cell in wide.gravest_first] == [1]
        harmless = shown(place("r31", "all_affected", "none", "everyone", "never"))
        assert harmless.headline == "Where somebody has looked, no harm was seen."


def test_of_two_equally_bad_places_the_one_that_hits_more_and_cannot_be_undone_is_named():
    worse = place("r16", "at_risk", "grave", "everyone", "never")
    with translation.override("en"):
        assert "“Privacy, family and honour” for children exposed to violence" in shown([*SOME, *worse]).headline
        both = shown([*GRAVE, *place("r16", "at_risk", "grave", "one", "never")])
        assert both.headline.endswith("One more place is as grave.") and len(both.worst) == 2


def test_not_looked_at_and_no_harm_seen_are_two_things():
    with translation.override("en"):
        found = shown(SOME)
        cells = {(line.name, cell.group): cell for line in found.lines for cell in line.cells}
        svg = drawn(found)
    none, unseen = cells["Not being treated worse than others", "0-5 years"], cells["Not being treated worse than others", "Children placed in care"]
    assert (none.seen, none.step, none.short) == (True, 0, "No harm seen")
    assert (unseen.seen, unseen.short) == (False, "Not looked at")
    assert svg.count("stroke-dasharray") == 3 * 4 - 4 + 1  # of the rights and groups that somebody has looked at; and the key
    assert found.unseen == len(found.lines) * len(found.groups) - 4
    assert found.unseen_words == "139 places of 143 have not been looked at."
    assert "Health" in found.left_out and "Children with disabilities" in found.left_out


def test_nothing_answered_is_no_picture_and_says_so():
    assert picture_of(reading([])).headline == "Nobody has looked at this yet."
    assert picture_of(Reading(IMPACT, Depth.FULL, {})) is None
    assert picture_of(reading(SOME, Depth.LIGHT)) is None  # not asked at that depth: it does not count


def test_both_questions_about_rights_are_one_picture_under_areas_in_plain_words():
    with translation.override("en"):
        found = shown(GRAVE, more_matrix=place("r23", "disability", "serious", "some", "hard"))
        assert {line.name for line in found.shown.lines} == {"Protection from violence and neglect", "A full life with a disability"}
        assert [area for area, _lines in found.shown.areas] == ["Life, health and a good standard", "Protection from harm"]
        assert not [line for line in found.lines if line.area == "Other rights"]


def test_rights_that_are_strengthened_say_so_and_never_make_up_for_harm():
    with translation.override("en"):
        found = shown(SOME, benefit_rights=["protection"])
        assert [line.name for line in found.shown.lines if line.gains] == ["Protection from violence and neglect"]
        assert found.headline == shown(SOME).headline and "also strengthened" in drawn(found)


@pytest.mark.parametrize("language", ["en", "sv"])
def test_each_mark_has_a_form_of_its_own_and_a_word_and_all_text_stays_inside(language):
    assert len({re.sub(r'(fill|stroke)="[^"]*"', "", mark(step, 0, 0)) for step in range(5)}) == 5
    everything = [
        mark_
        for right in ("r2", "r6", "r16", "r19", "r29")
        for group in IMPACT.items["harm_matrix"].matrix.groups
        for mark_ in place(right, group.id, "serious", "most", "hard")
    ]
    with translation.override(language):
        found = shown(everything, language)
        svg = drawn(found, page=False)
    root = ElementTree.fromstring(svg)
    assert len(found.groups) > MOST_COLUMNS  # more groups than stand beside each other: they go on below
    texts = [each for each in root.iter() if each.tag.endswith("text")]
    height = float(root.attrib["viewBox"].split()[3])
    for each in texts:
        x, size, words = float(each.attrib["x"]), float(each.attrib["font-size"]), each.text or ""
        half = len(words) * size * 0.6 / (2 if each.get("text-anchor") == "middle" else 1)
        assert x + half <= WIDTH + 8 and (each.get("text-anchor") != "middle" or x - half >= -8), words
        assert 0 <= float(each.attrib["y"]) <= height and size >= 12
    words = " ".join(each.text or "" for each in texts)
    assert words.count({"en": "Serious", "sv": "Allvarlig"}[language]) == 5 * 11 + 1
    assert "style=" not in svg and "<script" not in svg and svg.count("<title") == 1


def test_words_from_a_pack_are_escaped():
    from dataclasses import replace

    item = IMPACT.items["harm_matrix"]
    rights = tuple(replace(right, label={"en": "<script>alert(1)</script> & more"}) for right in item.matrix.rights)
    item = replace(item, matrix=replace(item.matrix, rights=rights))
    with translation.override("en"):
        svg = drawn(picture(item, GRAVE))
    assert "<script" not in svg and "&lt;script&gt;" in svg


@pytest.mark.parametrize("language", ["en", "sv"])
def test_papers_get_the_picture_its_headline_and_the_same_as_data(language):
    found = matrix_paper.for_reading(reading(SOME), language)
    assert {"headline", "svg", "rows", "groups", "cells"} <= found.keys()
    assert ElementTree.fromstring(found["svg"]).attrib["role"] == "img" and "t-fill-ink" not in found["svg"]
    worst = [cell for cell in found["cells"] if cell["worst"]]
    assert len(worst) == 1 and worst[0]["step"] == 4 and worst[0]["lasting"]
    assert len(found["cells"]) == len(found["rows"]) * len(found["groups"]) == len(found["table"]["rows"])
    assert matrix_paper.for_reading(Reading(IMPACT, Depth.FULL, {}), language) is None


def test_where_no_harm_was_seen_anywhere_a_sentence_says_so_without_a_page_of_marks():
    from django.template.loader import render_to_string

    item = IMPACT.items["harm_matrix"]
    everywhere = [f"{row.id}/{group.id}/severity=none" for row in item.matrix.rights for group in item.matrix.groups]
    found = shown(everywhere)
    page = render_to_string("assessments/matrix.html", {"matrix": found, "headed": True})
    assert "no harm was seen" in page
    assert "t-rights-figure" not in page
    assert "t-rights-figure" in render_to_string("assessments/matrix.html", {"matrix": shown(SOME), "headed": True})
