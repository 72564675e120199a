"""What is asked of an audit: columns, which decision is favourable, what counts as material, what was declared beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from .errors import AuditError

METRICS = ("fpr", "fnr", "ppv", "for", "selection_rate", "base_rate", "accuracy")
WITHOUT_OUTCOME = ("selection_rate",)
HEADLINE = ("fpr", "fnr")
DEFAULT_MATERIAL = 0.05
MAX_ATTRIBUTES = 12
MAX_VALUES = 200
FORMULA_STARTS = ("=", "@")


@dataclass(frozen=True, slots=True)
class Spec:
    """One audit. Only `attributes`, `decision` and `favourable` must be given; see docs/fairness-method.md."""

    attributes: tuple[str, ...]
    decision: str
    favourable: str
    outcome: str | None = None
    score: str | None = None
    value: str | None = None
    true_value: str | None = None
    band: float = 1.0
    rank: str | None = None
    top_k: int | None = None
    within: str | None = None
    id: str | None = None
    period: str | None = None
    positive: str | None = None
    outcome_positive: str | None = None
    references: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    primary: tuple[tuple[str, str], ...] = ()
    material: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    depth: int = 3
    min_coverage: float = 0.8
    missing: tuple[str, ...] = ()
    bins: int = 100
    seed: int = 20261122
    draws: int = 1000

    def __post_init__(self) -> None:
        """Raises AuditError for what can be seen without the table."""
        if not self.attributes:
            raise AuditError("no_attributes")
        if len(self.attributes) > MAX_ATTRIBUTES:
            raise AuditError(
                "too_many_attributes",
                count=len(self.attributes),
                columns=", ".join(self.attributes),
                limit=MAX_ATTRIBUTES,
            )
        self._check_columns()
        self._check_primary()
        for column, value in self.references.items():
            if column not in self.attributes:
                raise AuditError("reference_attribute", column=column, value=value, choices=", ".join(self.attributes))
        for metric, size in self.material.items():
            known_metric(metric)
            if not 0 < size < 1:
                raise AuditError("material", value=f"{metric}={size:g}")
        if (self.rank is None) != (self.top_k is None):
            raise AuditError("top_k")
        if self.top_k is not None and self.top_k < 1:
            raise AuditError("number", option="--top-k", what="a whole number of at least 1", value=self.top_k)
        if self.depth < 1:
            raise AuditError("number", option="--depth", what="a whole number of at least 1", value=self.depth)
        if self.bins % 20 or not 20 <= self.bins <= 1000:
            raise AuditError("bins", value=self.bins)
        if self.draws < 200:
            raise AuditError("number", option="draws", what="a whole number of at least 200", value=self.draws)

    def _check_columns(self) -> None:
        parts = [("an attribute", name) for name in self.attributes]
        single = ("decision", "outcome", "score", "value", "rank", "within", "id", "period")
        parts += [(f"--{part}", getattr(self, part)) for part in single if getattr(self, part) is not None]
        seen: dict[str, str] = {}
        numbers = {"--score", "--value", "--rank"}  # one column of numbers may serve as score and as rank
        for part, name in parts:
            if name in seen and not {part, seen[name]} <= numbers:
                raise AuditError("twice", column=name, first=seen[name], second=part)
            seen.setdefault(name, part)

    def _check_primary(self) -> None:
        for metric, attribute in self.primary:
            known_metric(metric)
            if attribute not in self.attributes:
                raise AuditError(
                    "primary_attribute",
                    value=f"{metric}:{attribute}",
                    column=attribute,
                    choices=", ".join(self.attributes),
                )
            if self.outcome is None and metric not in WITHOUT_OUTCOME:
                raise AuditError("primary_outcome", value=f"{metric}:{attribute}", metric=metric)

    def delta(self, metric: str) -> float:
        """The material difference of a metric: declared, or five percentage points."""
        return self.material.get(metric, DEFAULT_MATERIAL)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that these columns can give."""
        return METRICS if self.outcome is not None else WITHOUT_OUTCOME


def known_metric(metric: str) -> str:
    """The metric; AuditError with the nearest when it is none."""
    if metric not in METRICS:
        raise AuditError("metric", value=metric, nearest=nearest(metric, METRICS), choices=", ".join(METRICS))
    return metric


def nearest(value: str, choices: tuple[str, ...] | list[str]) -> str:
    """` (did you mean 'x'?)`, or nothing."""
    near = get_close_matches(value.casefold(), [choice.casefold() for choice in choices], n=1, cutoff=0.5)
    found = next((choice for choice in choices if near and choice.casefold() == near[0]), None)
    return f" (did you mean {found!r}?)" if found else ""
