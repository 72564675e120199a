"""What an audit asks: columns, which decision is good for the child, which comparisons count, and how large is too large.

It is declared before anyone looks. What is chosen afterwards finds what it looks for.
"""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from trygg.engines.fairness import METRICS, AuditError, Spec
from trygg.engines.fairness.wording import words
from trygg.spine.assurance.evidence import content_digest

LANGUAGES = ("en", "sv")
TEXTS = ("decision", "favourable", "outcome", "score", "within", "id", "period")


@dataclass(frozen=True, slots=True)
class Question:
    """As it is stored. `material`: metric -> size as a share (0.05 is five points). `primary`: (metric, attribute)."""

    attributes: tuple[str, ...]
    decision: str
    favourable: str
    outcome: str = ""
    score: str = ""
    within: str = ""
    id: str = ""
    period: str = ""
    primary: tuple[tuple[str, str], ...] = ()
    material: Mapping[str, float] = field(default_factory=dict)

    def spec(self) -> Spec:
        """The same for the engine. AuditError for what can be seen without the table."""
        texts = {name: getattr(self, name) or None for name in TEXTS}
        return Spec(attributes=self.attributes, primary=self.primary, material=dict(self.material), **texts)  # type: ignore[arg-type]

    def data(self) -> dict[str, Any]:
        """Plain data, for the database."""
        found = asdict(self)
        return found | {
            "attributes": list(self.attributes),
            "primary": [list(pair) for pair in self.primary],
            "material": dict(self.material),
        }

    def digest(self) -> str:
        """SHA-256 of the question."""
        return content_digest(self.data())

    def command(self, data: str = "DATA", output: str = "audit.json") -> str:
        """The line that answers this question inside the agency; what it writes may leave."""
        said = ["trygg", "fairness", "audit", data, "--attributes", ",".join(self.attributes)]
        for name in TEXTS:
            if getattr(self, name):
                said += [f"--{name}", getattr(self, name)]
        for metric, attribute in self.primary:
            said += ["--primary", f"{metric}:{attribute}"]
        for metric, size in self.material.items():
            said += ["--material", f"{metric}={size:g}"]
        return shlex.join([*said, "--disclosure", "public", "--format", "json", "-o", output])

    def differs(self, document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """(what, as declared, as in the document) wherever an audit answers another question than this one."""
        method = document["method"]
        columns, wanted = method["columns"], self.spec()
        pairs = [
            (name, getattr(self, name), columns.get(name) or "")
            for name in ("decision", "outcome", "score", "within", "id", "period")
        ]
        pairs += [
            ("attributes", ", ".join(self.attributes), ", ".join(columns["attributes"])),
            (
                "favourable",
                self.favourable.strip().casefold(),
                str(method["decision"]["favourable"]).strip().casefold(),
            ),
            (
                "primary",
                _listed(f"{metric}:{attribute}" for metric, attribute in self.primary),
                _listed(method["declared_primary"]),
            ),
            (
                "material",
                _sizes({metric: wanted.delta(metric) for metric in wanted.metrics}),
                _sizes(method["material"]),
            ),
        ]
        return [(what, declared, found) for what, declared, found in pairs if declared != found]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _sizes(material: Mapping[str, float]) -> str:
    return _listed(f"{metric} {100 * size:g} %" for metric, size in material.items())


def measure_word(metric: str, language: str) -> str:
    """What a measure is called before there is a result: as one speaks of being flagged, which is seldom good for a child."""
    return str(words(language)["metrics"]["bad"].get(metric, metric))


def measure_named(text: str) -> str | None:
    """The measure that is meant by its short name or by its words in any language. None for another text."""
    wanted = " ".join(text.split()).casefold()
    if wanted in METRICS:
        return wanted
    called = (
        metric
        for language in LANGUAGES
        for side in words(language)["metrics"].values()
        for metric, word in side.items()
        if word.casefold() == wanted
    )
    return next(called, None)


def question_of(data: Mapping[str, Any]) -> Question:
    """The question as it was stored."""
    primary = tuple((metric, attribute) for metric, attribute in data["primary"])
    return Question(**{**data, "attributes": tuple(data["attributes"]), "primary": primary})


__all__ = ["AuditError", "Question", "measure_named", "measure_word", "question_of"]
