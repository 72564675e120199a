"""A mapping that names what is not there is refused, with the place; its own tests can fail."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_packs import FRAMEWORK, INSTRUMENT, RULES, head, t
from test_broken_packs import again, both, drop, nonsense, places, put

from trygg.packs.catalogue import builtin, typed
from trygg.packs.check import check_packs
from trygg.packs.loader import Kind, pack_from_data

OTHER = {
    **copy.deepcopy(INSTRUMENT),
    "id": "impact",
    "sections": [
        {
            "id": "one",
            "title": t(),
            "items": [
                {
                    "id": "asked",
                    "type": "choice",
                    "depth": "light",
                    "text": t(),
                    "choices": [
                        {"id": "in_place", "label": t(), "points": {"risk": 1}},
                        {"id": "no", "label": t()},
                    ],
                    "source": "ACT",
                    "verified": "yes",
                },
                {"id": "reason", "type": "text", "depth": "light", "text": t(), "source": "ACT", "verified": "no"},
                {"id": "signed", "type": "sign", "depth": "full", "text": t(), "source": "ACT", "verified": "no"},
            ],
        },
        {
            "id": "each",
            "title": t(),
            "repeat": {"of": t()},
            "items": [
                {"id": "one_each", "type": "text", "depth": "full", "text": t(), "source": "ACT", "verified": "no"}
            ],
        },
    ],
    "tests": [{"name": "nothing", "answers": {}, "expect": {"flags": []}}],
}

MAPPING = {
    **head("mapping", "screening-to-impact"),
    "requires": ["screening", "impact"],
    "from": {"pack": "screening", "version": "1.0.0"},
    "to": {"pack": "impact", "version": "1.0.0"},
    "map": [
        {
            "from": "heard",
            "to": "asked",
            "relation": "equal",
            "choices": {"yes": "in_place"},
            "source": "ACT",
            "verified": "yes",
        },
        {"from": "why_not", "to": "reason", "relation": "subset", "note": t(), "source": "ACT", "verified": "no"},
    ],
    "tests": [
        {
            "name": "there",
            "answers": {"heard": "yes", "why_not": "Because"},
            "existing": {"reason": "Another"},
            "expect": {"offers": {"asked": "in_place"}, "corresponds": {"why_not": ["reason"]}},
        },
        {
            "name": "back",
            "direction": "reverse",
            "answers": {"asked": "in_place"},
            "expect": {"offers": {"heard": "yes"}},
        },
    ],
}

OF_FRAMEWORKS = {
    **head("mapping", "frame-to-frame"),
    "requires": ["frame", "second"],
    "from": {"pack": "frame", "version": "1.0.0"},
    "to": {"pack": "second", "version": "1.0.0"},
    "map": [{"from": "children-heard", "to": "children-heard", "relation": "equal", "source": "ACT", "verified": "no"}],
    "tests": [{"name": "it is the same", "expect": {"corresponds": {"children-heard": ["children-heard"]}}}],
}
SECOND = {**copy.deepcopy(FRAMEWORK), "id": "second"}
BESIDE = [pack_from_data(each) for each in (RULES, INSTRUMENT, FRAMEWORK, OTHER, SECOND)]


def checked(change=lambda data: None, original=MAPPING):
    data = copy.deepcopy(original)
    change(data)
    return check_packs([pack_from_data(data, "m.yaml")], BESIDE)


def test_the_small_mappings_have_no_fault():
    assert checked() == []
    assert checked(original=OF_FRAMEWORKS) == []
    assert check_packs(BESIDE) == []


FAULTS = [
    (put("map/0/from", "gone"), "map[0].from", "unknown_item", "'screening' has no question 'gone'"),
    (put("map/0/to", "gone"), "map[0].to", "unknown_item", "'impact' has no question 'gone'"),
    (put("map/0/choices", {"perhaps": None, "yes": "in_place"}), "map[0].choices.perhaps", "unknown_value", "yes, no"),
    (put("map/0/choices", {"yes": "gone"}), "map[0].choices.yes", "unknown_value", "in_place, no"),
    (drop("map/0/choices"), "map[0].choices", "open_choice", "'yes'"),
    (put("map/1/choices", {"a": "b"}), "map[1].choices", "no_meaning", "text"),
    (put("map/0/relation", "alike"), "map[0].relation", "not_allowed", "equal, subset"),
    (put("map/1/to", "signed"), "map[1]", "wrong_type", "sign"),
    (put("map/1/to", "one_each"), "map[1].to", "repeated_elsewhere", "each"),
    (drop("map/1/note"), "map[1].note", "missing", "subset"),
    (put("map/1/note", {"en": "Only English"}), "map[1].note.sv", "missing_translation", "sv"),
    (drop("map/0/source"), "map[0].source", "missing", "source"),
    (put("map/0/source", "GONE"), "map[0].source", "unknown_source", "GONE"),
    (drop("map/0/verified"), "map[0].verified", "missing", "verified"),
    (again("map/0"), "map[2]", "duplicate", "twice"),
    (put("from/pack", "nowhere"), "from.pack", "unknown_pack", "nowhere"),
    (put("to/version", "9.9.9"), "to.version", "unknown_version", "no version 9.9.9 of 'impact' here, but 1.0.0"),
    (put("requires", ["screening"]), "to.pack", "not_required", "impact"),
    (both(put("to/pack", "law"), put("requires", ["screening", "law"])), "to.pack", "wrong_kind", "rules"),
    (both(put("to/pack", "frame"), put("requires", ["screening", "frame"])), "to.pack", "wrong_kind", "framework"),
    (put("to/pack", "screening"), "to.pack", "same_pack", "itself"),
    (put("tests/0/answers/heard", "perhaps"), "tests[0].answers.heard", "unknown_value", "perhaps"),
    (put("tests/0/existing/gone", "x"), "tests[0].existing.gone", "unknown_item", "gone"),
    (put("tests/0/expect/offers/gone", "x"), "tests[0].expect.offers.gone", "unknown_item", "gone"),
    (put("tests/0/expect/corresponds/gone", ["x"]), "tests[0].expect.corresponds.gone", "unknown_item", "gone"),
    (put("tests/0/expect/offers", {}), "tests[0].expect.offers.asked", "test_failed", "nothing, got in_place"),
    (put("tests/0/expect/offers/asked", "no"), "tests[0].expect.offers.asked", "test_failed", "expected no"),
    (drop("tests/0/existing"), "tests[0].expect.offers.reason", "test_failed", "Because"),
    (put("tests/1/expect/offers/heard", "no"), "tests[1].expect.offers.heard", "test_failed", "got yes"),
    (
        put("tests/0/expect/corresponds/why_not", ["asked"]),
        "tests[0].expect.corresponds.why_not",
        "test_failed",
        "got reason",
    ),
    (drop("tests/0/answers"), "tests[0].answers", "missing", "answers"),
    (put("tests", []), "tests", "empty", "little"),
]


@pytest.mark.parametrize(("change", "path", "code", "said"), FAULTS, ids=[f"{f[2]}-{f[1]}" for f in FAULTS])
def test_a_fault_is_told_with_its_place(change, path, code, said):
    found = checked(change)
    assert (path, code) in [(problem.path, problem.code) for problem in found]
    assert any(said in problem.reason for problem in found if problem.path == path)


def test_a_mapping_outlives_a_version_that_keeps_its_questions():
    newer = {**copy.deepcopy(OTHER), "version": "1.1.0", "migrations": [{"from": "1.0.0", "changes": []}]}
    beside = [pack for pack in BESIDE if pack.id != "impact"]
    assert check_packs([pack_from_data(MAPPING, "m.yaml")], [*beside, pack_from_data(newer)]) == []
    del newer["migrations"]
    (problem,) = check_packs([pack_from_data(MAPPING, "m.yaml")], [*beside, pack_from_data(newer)])
    assert (problem.path, problem.code) == ("to.version", "unknown_version")


def test_a_requirement_that_is_not_there_and_an_answer_to_one():
    (problem,) = checked(put("map/0/to", "gone"), OF_FRAMEWORKS)
    assert (problem.path, problem.code) == ("map[0].to", "unknown_item")
    (problem,) = checked(put("tests/0/answers", {"children-heard": "yes"}), OF_FRAMEWORKS)
    assert (problem.path, problem.code) == ("tests[0].answers.children-heard", "no_meaning")


def test_a_mapping_between_a_faulty_instrument_says_so_and_does_not_crash():
    faulty = copy.deepcopy(OTHER)
    del faulty["sections"][0]["items"][0]["text"]
    beside = [pack for pack in BESIDE if pack.id != "impact"] + [pack_from_data(faulty)]
    (problem,) = check_packs([pack_from_data(MAPPING, "m.yaml")], beside)
    assert (problem.path, problem.code) == ("tests", "test_failed")


def test_mappings_may_lead_in_a_circle():
    turned = {**copy.deepcopy(MAPPING), "id": "impact-to-screening", "from": MAPPING["to"], "to": MAPPING["from"]}
    turned["map"] = [
        {"from": "reason", "to": "why_not", "relation": "intersects", "note": t(), "source": "ACT", "verified": "no"}
    ]
    turned["tests"] = [{"name": "back", "expect": {"corresponds": {"reason": ["why_not"]}}}]
    assert check_packs([pack_from_data(MAPPING), pack_from_data(turned)], BESIDE) == []


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(st.data(), st.sampled_from([MAPPING, OF_FRAMEWORKS]), nonsense)
def test_nonsense_anywhere_in_a_mapping_is_told_and_never_crashes_the_check(data, original, value):
    path = data.draw(st.sampled_from(list(places(original))[1:]))

    def change(pack):
        for step in path[:-1]:
            pack = pack[step]
        pack[path[-1]] = value

    for problem in checked(change, original):
        assert problem.reason


def test_what_is_shipped_is_loaded_and_names_what_is_shipped():
    for pack in builtin().by_kind(Kind.MAPPING):
        found = typed(pack)
        ends = [builtin().get(Kind.INSTRUMENT, end.pack) for end in (found.source, found.target)]
        assert [end.id for end in ends] == [found.source.pack, found.target.pack]
        assert found.lines
        assert builtin().mappings[pack.id] == found
