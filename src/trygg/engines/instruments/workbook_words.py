"""The words of a workbook of answers, in English and Swedish. A language without words of its own has the English ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..conditions import ValueType
from .model import Choice, Text
from .workbook import columns_of

Both = Mapping[str, Mapping[str, str]]  # what -> language -> word

SHEETS: Both = {
    "answers": {"en": "Answers", "sv": "Svar"},
    "about": {"en": "About", "sv": "Om"},
    "lists": {"en": "Lists", "sv": "Listor"},
}
HEADINGS: Both = {
    "section": {"en": "section", "sv": "avsnitt"},
    "question": {"en": "question", "sv": "fråga"},
    "kind": {"en": "kind", "sv": "slag"},
    "choice": {"en": "choice", "sv": "alternativ"},
    "answer": {"en": "answer", "sv": "svar"},
    "note": {"en": "note", "sv": "anteckning"},
    "state": {"en": "if no answer", "sv": "om inget svar"},
    "reason": {"en": "reason", "sv": "skäl"},
    "asked": {"en": "asked", "sv": "ställs"},
    "id": {"en": "id", "sv": "id"},
    "part": {"en": "part", "sv": "del"},
}
STATES: Both = {
    "unknown": {"en": "we do not know", "sv": "vi vet inte"},
    "not_applicable": {"en": "does not apply", "sv": "gäller inte"},
    "withheld": {"en": "withheld", "sv": "lämnas inte ut"},
}
KINDS: Both = {
    ValueType.CHOICE: {"en": "one choice", "sv": "ett val"},
    ValueType.SCALE: {"en": "a step", "sv": "ett steg"},
    ValueType.CHOICES: {"en": "several choices", "sv": "flera val"},
    ValueType.NUMBER: {"en": "a number", "sv": "ett tal"},
    ValueType.TEXT: {"en": "text", "sv": "text"},
    ValueType.DATE: {"en": "a day, YYYY-MM-DD", "sv": "en dag, ÅÅÅÅ-MM-DD"},
    ValueType.FILE: {"en": "a file", "sv": "en fil"},
    ValueType.PARTY: {"en": "who", "sv": "vem"},
    ValueType.SIGN: {"en": "confirmed", "sv": "bekräftat"},
    ValueType.RIGHTS_MATRIX: {"en": "a level for each cell", "sv": "en nivå för varje ruta"},
}
YES: Mapping[str, str] = {"en": "yes", "sv": "ja"}
NO: Mapping[str, str] = {"en": "no", "sv": "nej"}


class Words:
    """Words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._spoken = language if language in YES else "en"
        self.yes, self.no = YES[self._spoken], NO[self._spoken]

    @property
    def states(self) -> dict[str, str]:
        return {name: words[self._spoken] for name, words in STATES.items()}

    def sheet(self, what: str) -> str:
        return SHEETS[what][self._spoken]

    def heading(self, what: str) -> str:
        return HEADINGS[what][self._spoken]

    def kind(self, kind: ValueType) -> str:
        return KINDS[kind][self._spoken]

    def question(self, language: str, spoken: Sequence[str]) -> str:
        """The heading of the questions in a language; with only one language, the language is not said."""
        word = self.heading("question")
        return word if len(spoken) == 1 else dict(columns_of(spoken, word))[language]

    def headings(self, spoken: Sequence[str]) -> list[str]:
        """All of them, in their order."""
        found: list[str] = []
        for what in HEADINGS:
            found += [self.question(each, spoken) for each in spoken] if what == "question" else [self.heading(what)]
        return found


def say(text: Text, language: str) -> str:
    """The text in that language, or in the first in which it stands."""
    return text.get(language) or next(iter(text.values()), "")


def label_of(choice: Choice, among: Sequence[Choice], language: str) -> str:
    """What a choice is called; where two are called the same, with its id."""
    label = say(choice.label, language)
    same = [each for each in among if say(each.label, language).strip().casefold() == label.strip().casefold()]
    return label if len(same) == 1 and units_fit(label) else f"{label[:200]} [{choice.id}]"


def units_fit(label: str) -> bool:
    """Whether Excel takes the word in a drop-down list: at most 255 characters."""
    return len(label) <= 255
