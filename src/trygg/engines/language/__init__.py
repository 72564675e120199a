"""Text measured: how hard it is to read."""

from .readability import CHILD, Readability, Target, faults_for, flesch, lix, measure, sentences, syllables, words

__all__ = [
    "CHILD",
    "Readability",
    "Target",
    "faults_for",
    "flesch",
    "lix",
    "measure",
    "sentences",
    "syllables",
    "words",
]
