"""Texts of a survey: which languages it is written in, what is said where one is missing, words that SurveyJS adds itself."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from .notes import Report

TEXT_KEYS = frozenset(
    {
        "title", "description", "help", "text", "html", "commentText", "otherText", "noneText", "refuseText", "dontKnowText",
        "labelTrue", "labelFalse", "minRateDescription", "maxRateDescription", "templateTitle", "completedHtml",
    }
)  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?\Z")
_MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
_BLOCK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/ul|/ol)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,24});")
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)

WORDS: Mapping[str, Mapping[str, str]] = {
    "yes": {"en": "Yes", "sv": "Ja", "fr": "Oui", "de": "Ja", "da": "Ja", "nb": "Ja", "no": "Ja", "nl": "Ja", "es": "Sí", "fi": "Kyllä"},
    "no": {"en": "No", "sv": "Nej", "fr": "Non", "de": "Nein", "da": "Nej", "nb": "Nei", "no": "Nei", "nl": "Nee", "es": "No", "fi": "Ei"},
    "other": {"en": "Other (describe)", "sv": "Annat (beskriv)", "fr": "Autre (préciser)"},
    "none": {"en": "None", "sv": "Inget av dem", "fr": "Aucun"},
    "refused": {"en": "Refuse to answer", "sv": "Vill inte svara", "fr": "Refus de répondre"},
    "dontknow": {"en": "Don't know", "sv": "Vet inte", "fr": "Ne sait pas"},
    "comment": {"en": "Comment", "sv": "Kommentar", "fr": "Commentaire"},
    "entry": {"en": "Entry", "sv": "Post", "fr": "Entrée"},
    "risk": {"en": "Raw impact", "sv": "Påverkan före åtgärder", "fr": "Incidence brute"},
    "mitigation": {"en": "Mitigation", "sv": "Åtgärder", "fr": "Atténuation"},
    "level": {"en": "Level {}", "sv": "Nivå {}", "fr": "Niveau {}"},
    "reduced": {
        "en": "At least 80 % of the mitigation points of one phase are reached: 15 % are taken off.",
        "sv": "Minst 80 % av en fas åtgärdspoäng är uppnådda: 15 % dras av.",
        "fr": "Au moins 80 % des points d'atténuation d'une phase sont atteints : 15 % sont retranchés.",
    },
}  # fmt: skip


def plain(text: str) -> str:
    """The text without markup and control characters; lines stay lines."""
    if "<" in text and (_MARKUP.search(text) or _UNSEEN.search(text)):
        text = _MARKUP.sub("", _BLOCK.sub("\n", _UNSEEN.sub("", text)))
    if "&" in text:
        text = _ENTITY.sub(lambda found: unescape(found[0]), text)
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).replace("\t", " ")
        return "\n".join(line for line in (" ".join(part.split()) for part in text.split("\n")) if line)
    return text.strip()


class Texts:
    """Reads texts into every language of the survey. `languages`: the first is that of reference."""

    def __init__(self, survey: Mapping[str, Any], report: Report, languages: tuple[str, ...] = ()) -> None:
        self.report = report
        locale = survey.get("locale")
        self.default = locale if isinstance(locale, str) and _LANGUAGE.match(locale) else "en"
        self.languages = languages or self._choose(survey)
        if languages and "locale" not in survey:
            self.default = languages[0]

    def _choose(self, survey: Mapping[str, Any]) -> tuple[str, ...]:
        """The language of the survey, and each other in which at least half of the translated texts stand."""
        found: Counter[str] = Counter()
        total = 0
        for raw in _localised(survey):
            total += 1
            found.update({self._named(key) for key in raw})
        chosen = [self.default]
        for language, count in found.items():
            if language == self.default:
                continue
            if not _LANGUAGE.match(language):
                self.report.note(
                    "", "language_left_out", f"'{language}' is no code of a language: its texts are left out"
                )
            elif 2 * count >= total:
                chosen.append(language)
            else:
                self.report.note(
                    "",
                    "language_partial",
                    f"only {count} of {total} texts stand in '{language}': it is kept, not offered",
                )
        if total and not found[self.default]:  # a survey that names its languages, and not the one it should begin with
            chosen = chosen[1:] or chosen
            self.default = chosen[0]
        return tuple(chosen)

    def _named(self, key: str) -> str:
        return self.default if key == "default" else key

    def read(self, raw: Any, path: str, fallback: Mapping[str, str] | str = "", quiet: bool = False) -> dict[str, str]:
        """The text in every language. What is missing in one is taken from the first, with a note; `fallback` where there
        is none at all."""
        spoken = self._spoken(raw, path)
        if not spoken:
            if isinstance(fallback, str):
                return dict.fromkeys(self.languages, fallback.strip() or "–")
            return {language: fallback.get(language) or next(iter(fallback.values())) for language in self.languages}
        first = next((spoken[each] for each in (self.default, *self.languages) if each in spoken), None)
        first = first or next(iter(spoken.values()))
        missing = [each for each in self.languages if each not in spoken]
        if missing and not quiet and any(c.isalpha() for c in first):
            self.report.note(
                path,
                "not_translated",
                f"the text is missing in {', '.join(missing)}: it stands there in {self.default}",
            )
        spoken |= dict.fromkeys(missing, first)
        return spoken

    def _spoken(self, raw: Any, path: str) -> dict[str, str]:
        if isinstance(raw, bool) or raw is None:
            return {}
        if isinstance(raw, int | float):
            raw = str(raw)
        if isinstance(raw, str):
            raw = {self.default: raw}
        if not isinstance(raw, Mapping):
            self.report.note(path, "text_left_out", "a text is text, or an object with one for each language: left out")
            return {}
        found: dict[str, str] = {}
        for key in sorted(raw, key=lambda key: key != "default"):  # a language named outranks `default`
            language, words = self._named(str(key)), raw[key]
            if isinstance(words, str) and _LANGUAGE.match(language):
                simple = plain(words)
                if "<" in words and simple != words.strip():
                    self.report.note(path, "markup", "markup was taken out of the text")
                if simple:
                    found[language] = simple
        return found

    def said(self, raw: Any) -> bool:
        """Whether any words stand there."""
        words = raw.values() if isinstance(raw, Mapping) else [raw]
        return any(isinstance(each, str) and bool(plain(each)) for each in words)

    def word(self, name: str, *values: object) -> dict[str, str]:
        """A word of our own in every language; English where we have none."""
        words = WORDS[name]
        return {each: words.get(each.partition("-")[0], words["en"]).format(*values) for each in self.languages}


def _localised(data: Any) -> Iterator[Mapping[str, Any]]:
    """Every text of the survey that is given by language."""
    below: list[Any] = [data]
    while below:
        each = below.pop()
        if isinstance(each, list):
            below += each
        elif isinstance(each, Mapping):
            for key, value in each.items():
                if key == "trygg":
                    continue
                if (
                    key in TEXT_KEYS
                    and isinstance(value, Mapping)
                    and value
                    and all(isinstance(v, str) for v in value.values())
                ):
                    yield value
                elif isinstance(value, list | Mapping):
                    below.append(value)
