"""What of each table travels with an organisation. Every model of Trygg is registered here or left out with a reason (a test asks)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Field, Model, Q

from trygg.kernel.archive.fields import Link

Rows = Callable[[Any], Q]  # organisation -> which rows are its own


@dataclass(frozen=True)
class Reference:
    """How a row of another organisation is named in an archive: these fields and no others.

    `find(values, found)` looks for what stands here already (None: nothing, or it must not be linked); `make(values, found, host, now)`
    gives an unsaved row for what is not. `found(label, id)` is the key here of another reference; `host` the organisation that arrives.
    """

    fields: tuple[str, ...]
    make: Callable[[Mapping[str, Any], Callable[[str, str], Any], Any, Any], Model]
    find: Callable[[Mapping[str, Any], Callable[[str, str], Any]], Model | None] = lambda values, found: None
    values: Callable[[Model], dict[str, Any]] = lambda row: {}  # in place of a field's own value
    id: Callable[[Model], str] | None = None  # in place of the registered key
    check: Callable[[dict[str, Any]], str | None] | None = None
    obstacle: Callable[[Mapping[str, Any]], str | None] = lambda values: None  # why what is not here cannot be made; a sentence
    consent: Callable[[Mapping[str, Any]], str | None] = lambda values: None  # what the host must agree to first, in a word or two


@dataclass(frozen=True)
class HeldBack:
    """Rows that are the organisation's and still do not travel (a vote before it is counted). `why` is shown before the export."""

    rows: Q
    why: Any  # a lazy text


@dataclass(frozen=True)
class Registered:
    """One model and how it travels."""

    model: type[Model]
    rows: Rows
    owner: str  # the path that leads to the organisation, "" when `rows` was given by hand
    key: tuple[str | Callable[[Model], str], ...] | Callable[[Model], str]
    never: Mapping[str, Any]  # fields that never travel, and what stands there after an import
    links: Mapping[str, Link]
    reference: Reference | None
    held_back: tuple[HeldBack, ...]
    renamed: tuple[str, ...]  # unique names: when taken, a number is added
    noted: tuple[str, ...]  # values whose like stands here already are listed before the import
    check: Callable[[dict[str, Any]], str | None] | None
    fit: Callable[[Model], None] | None  # a last change before it is written: what depends on the new organisation's key
    computed: bool = False  # the product may make such rows by itself
    found_by: tuple[str, ...] = ()  # an existing row with the same values is taken instead (people by e-mail)

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def file(self) -> str:
        return f"data/{self.label}.jsonl"

    @property
    def fields(self) -> list[Field]:
        """The columns that travel: all but the database key and what never does."""
        return [each for each in self.model._meta.concrete_fields if not _is_own_key(each) and each.name not in self.never]

    @property
    def many(self) -> list[Any]:
        return list(self.model._meta.many_to_many)


@dataclass
class _Registry:
    models: dict[str, Registered] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    left_out_apps: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, "Kind"] = field(default_factory=dict)
    afterwards: list[tuple[int, Callable[..., None]]] = field(default_factory=list)


@dataclass(frozen=True)
class Kind:
    """What a subject type names: rows of these models, their keys joined by `between`; what follows the last one stays as it is."""

    models: tuple[str, ...]
    between: str = ""
    rest: bool = False


REGISTRY = _Registry()


def register(
    model: type[Model], *, owner: str = "", rows: Rows | None = None, key: tuple[str | Callable[[Model], str], ...] | Callable[[Model], str] = (),
    never: Mapping[str, Any] | None = None, links: Mapping[str, Link] | None = None, reference: Reference | None = None,
    held_back: Iterable[HeldBack] = (), renamed: Iterable[str] = (), noted: Iterable[str] = (),
    check: Callable[[dict[str, Any]], str | None] | None = None, fit: Callable[[Model], None] | None = None,
    computed: bool = False, found_by: Iterable[str] = (),
) -> None:  # fmt: skip
    """Say how the rows of `model` travel.

    Whose they are: `owner`, the path of foreign keys to the organisation, or `rows(organisation)`. `key`: the fields (or a function)
    that make a row's id in the archive; rows with the same key are numbered. `reference`: how one that another organisation keeps is
    named where a row that travels needs it; without it such a link is emptied, or the row stays behind.
    """
    label = model._meta.label_lower
    if label in REGISTRY.models or label in REGISTRY.left_out:
        raise ValueError(f"{label} is registered with the archive already")
    if bool(owner) == (rows is not None):
        raise ValueError(f"{label}: give either owner or rows")
    REGISTRY.models[label] = Registered(
        model=model, rows=rows or (lambda organisation: Q(**{owner: organisation})), owner=owner, key=key or ("pk",), never=never or {},
        links=links or {}, reference=reference, held_back=tuple(held_back), renamed=tuple(renamed), noted=tuple(noted), check=check,
        fit=fit, computed=computed, found_by=tuple(found_by),
    )  # fmt: skip


def leave_out(model: type[Model], *, why: str) -> None:
    """Say why no row of `model` travels."""
    REGISTRY.left_out[model._meta.label_lower] = why


def leave_out_app(label: str, *, why: str) -> None:
    """The same of all models of a library."""
    REGISTRY.left_out_apps[label] = why


def kind(subject_type: str, *models: str, between: str = "", rest: bool = False, of: str = "") -> None:
    """Say which models a subject type names, where it is not the label of one (`subject_type`, `source_type` beside an id).

    `of`: the word means this in one table only (`files`, `tasks`), which its `Subject` says of itself.
    """
    name = f"{of}:{subject_type}"
    if name in REGISTRY.kinds:
        raise ValueError(f"two meanings for the subject type {subject_type}")
    REGISTRY.kinds[name] = Kind(tuple(models), between, rest)


def kind_of(subject_type: str, of: str = "") -> Kind | None:
    """What a subject type names; None when it names no table that travels."""
    found = REGISTRY.kinds.get(f"{of}:{subject_type}") or REGISTRY.kinds.get(f":{subject_type}")
    if found is None and subject_type in REGISTRY.models:
        found = Kind((subject_type,))
    return found


def inside(model: type[Model], column: str, place: str, label: str) -> None:
    """Say that a room keeps a database key in another's JSON (`Task.params`): `place` leads to it, `label` is what it names."""
    REGISTRY.models[model._meta.label_lower].links[column].add(place, label)  # type: ignore[attr-defined]


def afterwards(order: int, function: Callable[..., None]) -> None:
    """Call `function(work, organisation, now)` in the last transaction of an import, for what is worked out from the rows."""
    REGISTRY.afterwards.append((order, function))


def registered() -> dict[str, Registered]:
    """All registered models by label."""
    return REGISTRY.models


def not_covered() -> list[str]:
    """Models that nobody registered and nobody left out: the test of all models asks."""
    through = {each.remote_field.through._meta.label_lower for one in REGISTRY.models.values() for each in one.many}
    known = REGISTRY.models.keys() | REGISTRY.left_out.keys() | through
    return sorted(
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in known and model._meta.app_label not in REGISTRY.left_out_apps
    )


def _is_own_key(each: Field) -> bool:
    return each.primary_key and not each.is_relation
