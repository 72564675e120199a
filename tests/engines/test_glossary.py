"""Where terms stand in a text: whole words only, the longer first, in one pass."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.language.glossary import Finder, load_glossary


def glossary(*terms):
    rows = [
        {
            "id": name,
            "term": {"en": name, "sv": name},
            "definition": {"en": "D", "sv": "D"},
            "plain": {"en": "P", "sv": "P"},
            "source": "OWN",
            "verified": "no",
            **more,
        }
        for name, more in terms
    ]
    return load_glossary({"id": "g", "version": "1.0.0", "title": {"en": "G", "sv": "G"}, "terms": rows})


WORDS = glossary(
    ("risk", {"aliases": {"sv": ["risken", "risker"], "en": ["risks"]}}),
    ("high-risk", {"aliases": {"sv": ["hög risk"], "en": ["high-risk system"]}}),
    ("best interests", {"aliases": {"sv": ["barnets bästa"]}}),
    ("DPIA", {}),
    ("modell", {}),
    ("case", {"marked": False}),
    ("Oro (social)", {"aliases": {"sv": ["orosanmälan"]}}),
)


def found(text, language="sv"):
    return [(place.term.id, text[place.start : place.end]) for place in Finder(WORDS.terms, language).places(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Risken är liten.", ["Risken"]),
        ("Riskanalysen, riskbedömning och AI-modell", []),
        ("risk- och sårbarhetsanalys", []),
        ("asterisk frisk risk", ["risk"]),
        ("En AI-modell är ingen modell.", ["modell"]),
        ("modellens, modeller", []),
        ("(risk), ”risk”; risk:", ["risk", "risk", "risk"]),
        ("Vad är barnets\n  bästa?", ["barnets\n  bästa"]),
        ("barnets, bästa", []),
        ("barnets allra bästa", []),
        ("DPIA dpia Dpia DPIA:n", ["DPIA", "DPIA"]),
        ("RISK Risk", ["Risk"]),  # a word in capitals is another word: an abbreviation may be spelt like it
        ("hög risk och risk", ["hög risk", "risk"]),
        ("hög\u00a0risk", ["hög\u00a0risk"]),
        ("ett case om oro och orosanmälan", ["orosanmälan"]),
        ("", []),
        ("—", []),
    ],
)
def test_a_term_is_a_whole_word_in_one_of_its_forms(text, expected):
    assert [words for _, words in found(text)] == expected


def test_the_longer_of_two_is_taken_and_languages_are_kept_apart():
    assert found("A high-risk system, a risk", "en") == [("high-risk", "high-risk system"), ("risk", "risk")]
    assert found("risken", "en") == []
    assert found("best interests", "en") == [("best interests", "best interests")]
    assert list(Finder(WORDS.terms, "fi").places("risk")) == []


ALPHABET = "risk högbarnetsbästa DPIA-\n,."


@given(st.text(alphabet=ALPHABET, max_size=60))
def test_what_is_found_stands_there_and_never_inside_a_word(text):
    last = 0
    for place in Finder(WORDS.terms, "sv").places(text):
        assert last <= place.start < place.end <= len(text)
        assert not (text[place.start - 1 : place.start] or " ").isalnum()
        assert not (text[place.end : place.end + 1] or " ").isalnum()
        last = place.end


def test_many_terms_cost_no_more_than_few():
    """A list of alternatives would be tried one by one at every word; a look-up is not."""
    many = glossary(*((f"word{number}", {}) for number in range(3000)))
    text = "Some words that nobody explains, and word7. " * 2000

    def seconds(finder):
        best = 9.0
        for _ in range(3):
            begun = time.perf_counter()
            list(finder.places(text))
            best = min(best, time.perf_counter() - begun)
        return best

    few, all_of_them = seconds(Finder(many.terms[:8], "en")), seconds(Finder(many.terms, "en"))
    assert all_of_them < few * 3
