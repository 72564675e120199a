"""Readability: the formulas on texts counted by hand, and texts that have no words."""

import pytest

from trygg.engines.language import CHILD, faults_for, flesch, lix, measure, sentences, syllables, words
from trygg.engines.language.readability import Fault

EASY = "Du läser högt. Programmet lyssnar. Sedan väljer det en text som passar dig."
HARD = "Utbildningsförvaltningen ansvarar för personuppgiftsbehandlingen enligt dataskyddsförordningens bestämmelser."


def test_lix_is_words_a_sentence_and_the_share_of_long_words():
    # 13 words, 3 sentences; longer than six letters: Programmet, lyssnar
    assert lix(EASY) == round(13 / 3 + 100 * 2 / 13, 1)


def test_a_hard_text_has_a_higher_lix():
    assert lix(HARD) > 60 > 30 > lix(EASY)


def test_flesch_of_a_text_counted_by_hand():
    # 6 words, 1 sentence, 6 syllables
    assert flesch("The cat sat on the mat.") == round(206.835 - 1.015 * 6 - 84.6 * 1, 1)


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("reading", 2), ("table", 2), ("used", 1), ("listens", 2), ("computer", 3), ("place", 1)],
)
def test_syllables(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize("text", ["", "   ", "...", "!?", "—"])
def test_a_text_without_words_has_no_measure(text):
    assert lix(text) is None and flesch(text) is None and measure(text, "sv") is None
    assert faults_for(CHILD, measure(text, "sv")) == []


def test_a_decimal_number_does_not_end_a_sentence():
    assert len(sentences("It is 3.5 km. Then stop.")) == 2


def test_hyphens_and_apostrophes_stay_inside_words():
    assert words("AI-systemet don't it’s") == ["AI-systemet", "don't", "it’s"]


def test_line_breaks_end_sentences_without_a_full_stop():
    assert len(sentences("Ett\nTvå\n\nTre")) == 3


def test_what_is_too_hard_for_a_child_is_said():
    assert faults_for(CHILD, measure(EASY, "sv")) == []
    assert faults_for(CHILD, measure(HARD, "sv")) == [Fault.HARD]
    long = "Du får se en bok och du kan ta den i din hand när du vill ha den hos dig nu."
    assert faults_for(CHILD, measure(long, "sv")) == [Fault.LONG_SENTENCE]


def test_english_is_measured_by_flesch_where_more_is_easier():
    assert measure("You read aloud. The program hears you.", "en-GB").scale == "flesch"
    assert Fault.HARD in faults_for(
        CHILD, measure("Municipal administrations evaluate organisational accountability.", "en")
    )
