"""Mappings: YAML files that say which column of a register file fills which common field, and their application.

The format is described by mapping.schema.json and in docs/import.md. A mapping is plain data: no code, no aliases,
keys always text (so `No:` in a choice map is the word, not a boolean).
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jsonschema
import yaml

from .errors import MappingError, Problem, shown
from .model import FIELDS, Item, Kind, RegisterRecord
from .rows import Row
from .transforms import MODES, TRANSFORMS, as_text, fold, is_empty

MAX_MAPPING_CHARACTERS = 200_000
SHIPPED = ("nl-1.0", "uk-atrs-index", "us-federal-2025", "generic")


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases, booleans spelled yes/no, dates or repeated keys; keys are always the text as written."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None or key in found:
                reason = "a key must be a text" if key is None else "a key stands twice"
                raise yaml.constructor.ConstructorError(None, None, f"{reason}: {key}", key_node.start_mark)
            found[key] = self.construct_object(value_node, deep=True)
        return found


_PlainLoader.yaml_implicit_resolvers = {}


@dataclass(frozen=True, slots=True)
class Part:
    """One way into a common field: columns (or a fixed value), transforms, and for items which slot is filled."""

    columns: tuple[str, ...]
    do: tuple[tuple[str, Any], ...] = ()
    value: str | None = None
    kind: str = ""
    slot: str = "text"
    paragraphs: bool = False
    html: bool = False


@dataclass(frozen=True)
class Mapping:
    """A checked mapping. `data` is the mapping as it stands in YAML."""

    id: str
    title: dict[str, str]
    source: str
    standard: str
    fields: dict[str, tuple[Part, ...]]
    key: tuple[tuple[str, ...], ...]
    aliases: dict[str, tuple[str, ...]]
    recognise: tuple[str, ...]
    language: str
    data: dict[str, Any]

    @property
    def html_fields(self) -> tuple[str, ...]:
        """Common fields that may hold HTML."""
        return tuple(name for name, parts in self.fields.items() if any(part.html for part in parts))


@cache
def _schema() -> jsonschema.Draft202012Validator:
    text = resources.files(__package__).joinpath("mapping.schema.json").read_text("utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def load_mapping(text: str, name: str = "mapping") -> Mapping:
    """Read a mapping from YAML text; raises `MappingError` with all that is wrong."""
    if len(text) > MAX_MAPPING_CHARACTERS:
        raise MappingError(name, [("", f"longer than {MAX_MAPPING_CHARACTERS} characters")])
    try:
        data = yaml.load(text, Loader=_PlainLoader)  # a SafeLoader with less  # noqa: S506 (a SafeLoader of our own)
    except yaml.YAMLError as error:
        raise MappingError(name, [("", f"no valid YAML: {shown(error, 300)}")]) from error
    except RecursionError as error:
        raise MappingError(name, [("", "nested too deep")]) from error
    return build_mapping(data, name)


def build_mapping(data: Any, name: str = "mapping") -> Mapping:
    """A mapping from plain data (as `Mapping.data`); raises `MappingError`."""
    problems = [
        ("/".join(map(str, error.absolute_path)), shown(error.message, 200))
        for error in sorted(_schema().iter_errors(data), key=lambda error: list(map(str, error.absolute_path)))
    ]
    if not problems:
        problems = [
            (f"fields/{field}", "is no common field; known are " + ", ".join(FIELDS))
            for field in data["fields"]
            if field not in FIELDS
        ]
    if problems:
        raise MappingError(name, problems)
    fields = {}
    for field, parts in data["fields"].items():
        parts = parts if isinstance(parts, list) else [parts]
        if len(parts) > 1 and FIELDS[field].kind is not Kind.ITEMS:
            raise MappingError(name, [(f"fields/{field}", "takes one entry; only list fields take several")])
        fields[field] = tuple(_part(part) for part in parts)
    return Mapping(
        id=data["id"],
        title=data["title"],
        source=data["source"],
        standard=data["standard"],
        fields=fields,
        key=tuple(map(tuple, data.get("key", ()))),
        aliases={column: tuple(names) for column, names in data.get("aliases", {}).items()},
        recognise=tuple(data.get("recognise", ())),
        language=data.get("language", ""),
        data=data,
    )


def _part(data: dict[str, Any]) -> Part:
    columns = data.get("from", ())
    do: list[tuple[str, Any]] = []
    modes = set()
    for step in data.get("do", ()):
        name, argument = (step, None) if isinstance(step, str) else next(iter(step.items()))
        if name in MODES:
            modes.add(name)
        elif isinstance(argument, dict) and name == "choice":
            do.append((name, {fold(key): code for key, code in argument.items()}))
        else:
            do.append((name, tuple(argument) if isinstance(argument, list) else argument))
    return Part(
        columns=(columns,) if isinstance(columns, str) else tuple(columns),
        do=tuple(do),
        value=data.get("value"),
        kind=data.get("kind", ""),
        slot=data.get("as", "text"),
        paragraphs="paragraphs" in modes,
        html="html" in modes,
    )


@cache
def shipped_mapping(name: str) -> Mapping:
    """A mapping that comes with Trygg: one of `SHIPPED`."""
    if name not in SHIPPED:
        raise MappingError(name, [("", "no such mapping; there are " + ", ".join(SHIPPED))])
    text = resources.files(__package__).joinpath("mappings", f"{name}.yaml").read_text("utf-8")
    return load_mapping(text, name)


def find_columns(mapping: Mapping, columns: tuple[str, ...] | list[str]) -> dict[str, str]:
    """{column of the mapping: header in the file}: by the same text, else ignoring case and blanks, else an alias."""
    by_fold: dict[str, str] = {}
    for header in columns:
        by_fold.setdefault(fold(header), header)
    wanted = dict.fromkeys(mapping.recognise)
    wanted.update(dict.fromkeys(mapping.aliases))
    wanted.update(dict.fromkeys(column for alternative in mapping.key for column in alternative))
    for parts in mapping.fields.values():
        wanted.update(dict.fromkeys(column for part in parts for column in part.columns))
    exact = set(columns)
    found: dict[str, str] = {}
    for column in wanted:
        names = [fold(name) for name in (column, *mapping.aliases.get(column, ()))]
        if column in exact:
            found[column] = column
        elif match := next((name for name in names if name in by_fold), None):
            found[column] = by_fold[match]
        elif "." in column and fold(column.split(".")[0]) in by_fold:
            found[column] = column
    return found


class Mapper:
    """A mapping applied to one file's columns. `record` is pure: the same row gives the same record."""

    def __init__(self, mapping: Mapping, columns: tuple[str, ...] | list[str], *, source: str | None = None) -> None:
        self.mapping = mapping
        self.source = source or mapping.source
        self.found = find_columns(mapping, columns)
        used = {column for parts in mapping.fields.values() for part in parts for column in part.columns}
        used |= {column for alternative in mapping.key for column in alternative if len(alternative) == 1}
        self._used = {self.found[column].split(".")[0] for column in used if column in self.found}
        self._used |= {self.found[column] for column in used if column in self.found}
        self._standard_name = {header: column for column, header in self.found.items()}

    @property
    def missing(self) -> tuple[str, ...]:
        """Common fields of the mapping that no column of this file can fill."""
        return tuple(
            field
            for field, parts in self.mapping.fields.items()
            if not any(part.value is not None or any(c in self.found for c in part.columns) for part in parts)
        )

    def record(self, row: Row) -> RegisterRecord | Problem:
        """The common record of a row, or the problem for which the row is refused (no name, cannot be decoded)."""
        for problem in row.problems:
            if problem.code in ("cannot_decode", "not_storable"):
                return problem
        warnings = list(row.problems)
        filled: dict[str, Any] = {}
        for field, parts in self.mapping.fields.items():
            if FIELDS[field].kind is Kind.ITEMS:
                filled[field] = tuple(item for part in parts for item in self._items(field, part, row, warnings))
            else:
                filled[field] = self._text(field, parts[0], row, warnings)
        if not filled["name"].strip():
            column = self.found.get(next(iter(self.mapping.fields["name"][0].columns), ""), "name")
            return Problem("no_name", row.number, column, shown(row.values.get(column) or ""), "name")
        filled["language"] = filled.get("language") or self.mapping.language
        return RegisterRecord(
            source=self.source,
            standard=self.mapping.standard,
            source_id=self._source_id(row),
            raw=row.values,
            extra=self._extra(row),
            warnings=tuple(warnings),
            html_fields=self.mapping.html_fields,
            row=row.number,
            **filled,
        )

    def _get(self, column: str, row: Row) -> Any:
        header = self.found.get(column)
        if header is None:
            return None
        if header in row.values or "." not in header:
            return row.values.get(header)
        value: Any = row.values
        for key in header.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def _values(self, part: Part, row: Row) -> list[tuple[str, Any]]:
        if part.value is not None:
            return [("", part.value)]
        pairs = ((self.found.get(column, column), self._get(column, row)) for column in part.columns)
        return [(header, value) for header, value in pairs if not is_empty(value)]

    def _changed(self, field: str, part: Part, header: str, value: Any, row: Row, warnings: list[Problem]) -> Any:
        original = value

        def remark(code: str) -> None:
            warnings.append(Problem(code, row.number, header, shown(original), field))

        for name, argument in part.do:
            if is_empty(value):
                break
            value = TRANSFORMS[name][0](value, argument, remark)
        return value

    def _text(self, field: str, part: Part, row: Row, warnings: list[Problem]) -> str:
        texts = []
        for header, value in self._values(part, row):
            text = as_text(self._changed(field, part, header, value, row, warnings))
            if text.strip():
                texts.append(text)
                if not part.paragraphs:
                    break
        return "\n\n".join(texts)

    def _items(self, field: str, part: Part, row: Row, warnings: list[Problem]) -> list[Item]:
        items = []
        for header, value in self._values(part, row):
            value = self._changed(field, part, header, value, row, warnings)
            for one in value if isinstance(value, list | tuple) else [value]:
                if is_empty(one):
                    continue
                item = one if isinstance(one, Item) else Item(**{part.slot: as_text(one)})
                if part.kind and not item.kind:
                    item = Item(**{**item.as_dict(), "kind": part.kind})
                items.append(item)
        return items

    def _source_id(self, row: Row) -> str:
        for alternative in self.mapping.key:
            values = [as_text(value).strip() for c in alternative if not is_empty(value := self._get(c, row))]
            if len(values) == len(alternative) and all(values):
                return ":".join(values)
        return ""

    def _extra(self, row: Row) -> dict[str, dict[str, Any]]:
        left = {
            self._standard_name.get(header, header): value
            for header, value in row.values.items()
            if header not in self._used and not is_empty(value)
        }
        return {self.mapping.standard: left} if left else {}
