"""Every text of a pack with what it rests on: for proof-reading, and for the test that nothing stands without a source.

A statement is the smallest part of a pack with a `source` and a `verified` of its own: a rule, a question, a requirement, a line of
a mapping, a term. Its texts rest on that source. What only names or arranges (titles, sections, scales, groups, and the facts that
rules ask about) is wording: it is proof-read, and rests on nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from trygg.engines.language.readability import CHILD, Readability, Target, faults_for, measure

from .loader import Kind, Pack
from .schema import languages_of, path_text

WORDING: Mapping[str, frozenset[str]] = {
    Kind.RULES: frozenset({"title", "summary", "facts"}),
    Kind.FRAMEWORK: frozenset({"title", "summary", "groups"}),
    Kind.INSTRUMENT: frozenset({"title", "summary", "phases", "roles", "scales"}),
    Kind.MAPPING: frozenset({"title", "summary"}),
    Kind.GLOSSARY: frozenset({"title", "summary"}),
}
"""By kind: parts at the top of a pack that are wording. Sections, too, where they only hold questions."""
ARRANGES = frozenset({"title", "intro", "repeat"})

PLAIN = Target(lix=35, flesch=65, longest=20)
"""Plain words: for anybody, children of twelve among them."""
WORK = Target(lix=55, flesch=30, longest=35)
"""What people read at work."""
FEWEST = 8
"""A figure over fewer words says nothing: then only the length of a sentence counts."""


@dataclass(frozen=True)
class Statement:
    """One text in all its languages. `path`: its place in the file; `part`: its last word (text, help, claim, child ...);
    `owner`: the path of the statement that it belongs to, "" for wording."""

    pack: Pack
    path: str
    part: str
    owner: str
    texts: Mapping[str, str]
    source: str
    verified: str

    @property
    def about(self) -> Mapping[str, Any]:
        """The source as the pack gives it; empty when there is none."""
        sources = self.pack.data.get("sources")
        found = sources.get(self.source) if isinstance(sources, Mapping) else None
        return found if isinstance(found, Mapping) else {}

    @property
    def reader(self) -> str:
        return {"child": "child", "plain": "plain"}.get(self.part, "work")

    @property
    def target(self) -> Target:
        return {"child": CHILD, "plain": PLAIN}.get(self.part, WORK)

    @cached_property
    def measured(self) -> Mapping[str, Readability]:
        found = {language: measure(text, language) for language, text in self.texts.items()}
        return {language: each for language, each in found.items() if each is not None}

    @cached_property
    def hard(self) -> tuple[str, ...]:
        """Languages in which it is harder to read than its reader can be asked to."""
        return tuple(
            language
            for language, found in self.measured.items()
            if (faults_for(self.target, found) if found.words >= FEWEST else found.longest > self.target.longest)
        )

    @property
    def fingerprint(self) -> str:
        """Changes when a word, the source or the flag does."""
        parts = [*(f"{language}={text}" for language, text in sorted(self.texts.items())), self.source, self.verified]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def reviewer(self) -> str:
        return reviewer(self)


def statements(packs: Iterable[Pack]) -> list[Statement]:
    """Every text of these packs, in the order in which it stands."""
    return [each for pack in packs for each in _texts(pack, pack.data, [], None, [])]


def _texts(
    pack: Pack, node: Any, path: list[str | int], holder: Mapping[str, Any] | None, at: list[str | int]
) -> Iterator[Statement]:
    if isinstance(node, Mapping):
        if _is_text(node, pack):
            source, verified = (str(holder.get(word, "")) for word in ("source", "verified")) if holder else ("", "")
            owner = path_text(at) if holder else ""
            yield Statement(pack, path_text(path), _part(path), owner, node, source, verified)
            return
        if path and ("source" in node or "verified" in node):
            holder, at = node, path
        for key, value in node.items():
            if not (len(path) == 0 and key in ("sources", "tests")):
                yield from _texts(pack, value, [*path, str(key)], holder, at)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(pack, value, [*path, index], holder, at)


def _is_text(node: Mapping[str, Any], pack: Pack) -> bool:
    first = languages_of(pack.data)[0]
    return first in node and all(isinstance(value, str) for value in node.values())


def _part(path: Sequence[str | int]) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def is_wording(statement: Statement) -> bool:
    """Whether it only names or arranges."""
    if statement.owner:
        return False
    steps = statement.path.replace("]", "").replace("[", ".").split(".")
    if steps[0] in WORDING.get(statement.pack.kind, ()):
        return True
    below = [step for step in steps if not step.isdigit()]
    # The title of a section, also of one inside another: sections, items, title.
    return steps[0] == "sections" and set(below[1:]) <= {"items", *ARRANGES, "of"} and below[-1] != "items"


@dataclass(frozen=True, slots=True)
class Lack:
    """A text that rests on nothing."""

    file: str
    path: str
    reason: str


def lacks(pack: Pack) -> list[Lack]:
    """Every text of the pack that is no wording and has no source, no flag, or a source that says too little of itself."""
    found = []
    for each in statements([pack]):
        if is_wording(each):
            continue
        if not each.owner:
            found.append(Lack(pack.file, each.path, "it belongs to nothing that has a source and a flag"))
        elif not each.source or not each.about:
            found.append(Lack(pack.file, each.path, f"its source '{each.source}' does not stand under 'sources'"))
        elif each.verified not in ("yes", "partly", "no"):
            found.append(Lack(pack.file, each.path, "it has no flag: verified yes, partly or no"))
        elif not (each.about.get("title") and each.about.get("checked") and each.about.get("verified")):
            found.append(Lack(pack.file, each.path, f"its source '{each.source}' has no title, day or flag"))
    return found


# Who should read it -----------------------------------------------------------------------------------------------------

CHILDREN = "Children aged 8 to 12, with a facilitator"
ANYBODY = "Somebody outside the work, and a child of twelve"
BY_PACK = {
    "crc": "Lawyer (child rights)",
    "eu-ai-act": "Lawyer (AI Act)",
    "gdpr": "Lawyer (data protection)",
    "se-law": "Swedish municipal lawyer",
    "uk-law": "Solicitor for an English council",
    "child-rights-and-ai": "Child-rights strategist",
    "child-rights-screening": "Child-rights strategist; safeguarding lead: danger and reporting",
    "child-rights-impact-assessment": "Child-rights strategist; safeguarding lead: stops",
    "best-interests-assessment": "Child-rights strategist; board secretary",
    "eu-ai-act-deployer": "Lawyer (AI Act); data protection officer",
    "gdpr-dpia": "Data protection officer; lawyer",
    "bias-by-stage": "Statistician; disability and minority organisations",
    "collaboration-readiness": "Coordinator of a partnership; lawyer: sharing",
    "ico-childrens-code": "Solicitor or data protection officer (UK)",
    "schools-england": "Designated safeguarding lead (England)",
    "unicef-requirements": "Child-rights strategist; analyst: indicators",
    "vendor-dossier": "Procurement officer; a supplier",
    "ai-procurement": "Procurement lawyer",
    "ai-policy-check": "Municipal lawyer; child-rights strategist",
    "glossary": "Somebody of each profession and country named; lawyer: terms of law",
}
BY_KIND = {
    Kind.RULES: "Lawyer",
    Kind.FRAMEWORK: "Child-rights strategist",
    Kind.INSTRUMENT: "Somebody who does this work",
    Kind.MAPPING: "Whoever answers for the questions that are led to",
    Kind.GLOSSARY: "Somebody of each profession named",
}


def reviewer(statement: Statement) -> str:
    """Who should read it, besides a native reader of each language, who reads everything."""
    if statement.part == "child":
        return CHILDREN
    if statement.part == "plain":
        return ANYBODY
    if is_wording(statement):
        return "A native reader of each language"
    kind = statement.pack.kind
    return BY_PACK.get(statement.pack.id) or BY_KIND.get(Kind(kind), "A native reader of each language")
