"""A glossary with a fault is refused with its place; the shipped one holds what people will look up."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_packs import head, t
from test_broken_packs import again, drop, nonsense, places, put

from trygg.packs.catalogue import builtin, typed
from trygg.packs.check import check_packs
from trygg.packs.loader import Kind, pack_from_data

GLOSSARY = {
    **head("glossary", "words"),
    "terms": [
        {
            "id": "risk",
            "term": t("Risk"),
            "definition": t("What may happen."),
            "plain": t("It may happen."),
            "used_by": [{"who": t("Finance"), "means": t("Loss")}],
            "see_also": ["harm"],
            "aliases": {"en": ["risks"], "sv": ["risken"]},
            "source": "ACT",
            "verified": "partly",
        },
        {"id": "harm", "term": t("Harm"), "definition": t(), "plain": t(), "source": "ACT", "verified": "yes"},
    ],
    "tests": [{"name": "found", "language": "sv", "text": "Risken är harm.", "expect": ["risk", "harm"]}],
}


def checked(change=lambda data: None):
    data = copy.deepcopy(GLOSSARY)
    change(data)
    return check_packs([pack_from_data(data, "g.yaml")])


FAULTS = [
    (drop("terms/0/plain"), "terms[0].plain", "missing"),
    (drop("terms/0/term/sv"), "terms[0].term.sv", "missing_translation"),
    (put("terms/0/used_by/0/means/sv", " "), "terms[0].used_by[0].means.sv", "missing_translation"),
    (drop("terms/0/source"), "terms[0].source", "missing"),
    (put("terms/0/source", "GONE"), "terms[0].source", "unknown_source"),
    (drop("terms/0/verified"), "terms[0].verified", "missing"),
    (put("terms/0/verified", "perhaps"), "terms[0].verified", "not_allowed"),
    (again("terms/0"), "terms[2].id", "duplicate"),
    (again("terms/0"), "terms[2].term.en", "duplicate"),
    (put("terms/1/aliases", {"sv": ["Risken"]}), "terms[1].aliases.sv[0]", "duplicate"),
    (put("terms/1/aliases", {"sv": ["!"]}), "terms[1].aliases.sv[0]", "empty"),
    (put("terms/1/aliases", {"fi": ["haitta"]}), "terms[1].aliases.fi", "unknown_language"),
    (put("terms/0/see_also", ["gone"]), "terms[0].see_also[0]", "unknown_term"),
    (put("terms/0/see_also", ["risk"]), "terms[0].see_also[0]", "refers_to_itself"),
    (put("terms/0/colour", "red"), "terms[0].colour", "unknown_word"),
    (put("tests/0/expect", ["gone"]), "tests[0].expect[0]", "unknown_term"),
    (put("tests/0/language", "fi"), "tests[0].language", "unknown_language"),
    (put("tests/0/expect", ["harm"]), "tests[0].expect", "test_failed"),
    (put("tests/0/text", "Riskanalys"), "tests[0].expect", "test_failed"),
    (put("terms/0/marked", False), "tests[0].expect", "test_failed"),
]


def test_the_small_glossary_has_no_fault():
    assert checked() == []


@pytest.mark.parametrize(("change", "path", "code"), FAULTS, ids=[f"{f[2]}-{f[1]}" for f in FAULTS])
def test_a_fault_is_told_with_its_place(change, path, code):
    assert (path, code) in [(problem.path, problem.code) for problem in checked(change)]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=120)
@given(st.data(), nonsense)
def test_nonsense_anywhere_in_a_glossary_is_told_and_never_crashes_the_check(data, value):
    path = data.draw(st.sampled_from(list(places(GLOSSARY))[1:]))

    def change(pack):
        for step in path[:-1]:
            pack = pack[step]
        pack[path[-1]] = value

    for problem in checked(change):
        assert problem.reason


def test_the_shipped_glossary_explains_what_professions_use_differently():
    (pack,) = builtin().by_kind(Kind.GLOSSARY)
    glossary = typed(pack)
    assert len(glossary.terms) >= 60
    asked = "risk consent assent concern anmalan orosanmalan harm safeguarding case evidence claim best-interests controller deployer"
    asked += " provider overseer secrecy profiling bias hallucination training-data model high-risk dpia fria lundy"
    assert set(asked.split()) <= set(glossary.by_id)
    different = {term.id for term in glossary.terms if term.used_by}
    many = "risk consent concern anmalan harm safeguarding case evidence claim secrecy profiling bias"
    assert set(many.split()) <= different
    assert {row["source"] for row in pack.data["terms"]} == set(pack.data["sources"])
