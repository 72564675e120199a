"""How hard a text is to read: LIX for Swedish, Flesch's reading ease for English, and the longest sentence.

LIX: Björnsson, C. H. (1968), Läsbarhet, Liber: words per sentence + 100 x long words (more than six letters) per word.
Under 30 is very easy, 30-40 easy, 40-50 medium, 50-60 hard, over 60 very hard.
Flesch, R. (1948), A new readability yardstick, Journal of Applied Psychology 32(3), 221-233:
206.835 - 1.015 x words per sentence - 84.6 x syllables per word. 90-100 very easy, 60-70 plain, under 30 very hard.
Both measure the surface only: a text with a good figure can still be hard to understand.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

LONG = 6  # a long word has more letters than this (Björnsson)
WORD = re.compile(r"[^\W_]+(?:['’:\-][^\W_]+)*")
# A sentence ends at . ! ? : or a line break; not inside 3.5 or kl.13.
END = re.compile(r"(?:[.!?…:]+[\"”’»)]*(?=\s|$))|\n+")
VOWELS = re.compile(r"[aeiouy]+")


class Fault(StrEnum):
    HARD = "hard"
    LONG_SENTENCE = "long_sentence"


@dataclass(frozen=True, slots=True)
class Readability:
    """`value` is LIX (higher is harder) or Flesch's reading ease (higher is easier), by `scale`; `longest` counts words."""

    scale: str  # lix | flesch
    value: float
    words: int
    sentences: int
    longest: int


@dataclass(frozen=True, slots=True)
class Target:
    """The hardest that is fine for a reader."""

    lix: float
    flesch: float
    longest: int


CHILD = Target(lix=25, flesch=80, longest=15)


def words(text: str) -> list[str]:
    """The words of `text`; AI-system and don't are one word each."""
    return WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of `text` that have a word in them."""
    return [part.strip() for part in END.split(text) if part and WORD.search(part)]


def lix(text: str) -> float | None:
    """LIX of `text`, one decimal; None when there is no word in it."""
    found, parts = words(text), sentences(text)
    if not found:
        return None
    long = sum(sum(letter.isalpha() for letter in word) > LONG for word in found)
    return round(len(found) / len(parts) + 100 * long / len(found), 1)


def syllables(word: str) -> int:
    """Syllables of an English word, by groups of vowels: near enough for a mean over a text, wrong for single words."""
    plain = "".join(letter for letter in word.lower() if letter.isalpha())
    if len(plain) <= 3:
        return 1
    if plain.endswith(("es", "ed")) and not plain.endswith(
        ("ses", "zes", "xes", "ches", "shes", "ges", "ces", "ted", "ded", "les", "ies", "ied")
    ):
        plain = plain[:-2]
    elif plain.endswith("e") and not (plain.endswith("le") and plain[-3] not in "aeiouy"):
        plain = plain[:-1]
    return max(1, len(VOWELS.findall(plain)))


def flesch(text: str) -> float | None:
    """Flesch's reading ease of an English text, one decimal; None when there is no word in it."""
    found, parts = words(text), sentences(text)
    if not found:
        return None
    count = sum(syllables(word) for word in found)
    return round(206.835 - 1.015 * len(found) / len(parts) - 84.6 * count / len(found), 1)


def measure(text: str, language: str) -> Readability | None:
    """How hard `text` is in its language: Flesch for 'en', LIX for any other (it was made for Swedish; it needs no syllables).

    None when there is no word in it.
    """
    found, parts = words(text), sentences(text)
    if not found:
        return None
    english = language.split("-")[0] == "en"
    value = flesch(text) if english else lix(text)
    longest = max(len(words(part)) for part in parts)
    return Readability("flesch" if english else "lix", value or 0.0, len(found), len(parts), longest)


def faults_for(target: Target, found: Readability | None) -> list[Fault]:
    """What makes a text too hard for a reader; empty when nothing does."""
    if found is None:
        return []
    hard = found.value < target.flesch if found.scale == "flesch" else found.value > target.lix
    long = found.longest > target.longest
    return [fault for fault, there in ((Fault.HARD, hard), (Fault.LONG_SENTENCE, long)) if there]
