"""What the JSON Schemas say about a pack, worded for its author."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from trygg.engines.conditions import parse_date
from trygg.engines.instruments import LANGUAGES

from .loader import Kind, Pack, Problem

CONDITION_WORDS = frozenset({"when", "met_when", "applies_when", "visible_when"})
"""Keys that hold a condition. What is wrong inside is said by the parser of conditions, which says it better."""

_formats = FormatChecker(formats=())


@_formats.checks("date")
def _is_day(value: object) -> bool:
    return not isinstance(value, str) or parse_date(value) is not None


@cache
def schema(name: str) -> Mapping[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind, or `common`."""
    return json.loads((files("trygg.packs") / "schemas" / f"{name}.json").read_text(encoding="utf-8"))


def published(name: str) -> dict[str, Any]:
    """The JSON Schema of a kind in one piece: what all kinds share is a part of it, under its own `$id`."""
    found = dict(schema(name))
    if name != "common":
        found["$defs"] = {**found.get("$defs", {}), "common": schema("common")}
    return found


def schema_problems(pack: Pack) -> list[Problem]:
    """Everything in the pack that its schema does not allow."""
    if pack.kind not in set(Kind):
        reason = f"'{pack.kind}' is no kind of pack; there are {', '.join(Kind)}"
        return [Problem(pack.file, "kind", "unknown_kind", reason)]
    found = []
    for error in _validator(pack.kind, languages_of(pack.data)).iter_errors(pack.data):
        for leaf in _leaves(error):
            if not CONDITION_WORDS & set(list(leaf.absolute_path)[:-1]) and not _at_condition(leaf):
                found += [Problem(pack.file, *worded) for worded in _words(leaf)]
    return found


def path_text(path: Iterator[str | int] | list[str | int]) -> str:
    """`rules[0].title.sv`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def languages_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages in which every text of the pack must stand: those that it names, otherwise English and Swedish."""
    raw = data.get("languages")
    named = tuple(dict.fromkeys(each for each in raw if isinstance(each, str))) if isinstance(raw, list) else ()
    return named or LANGUAGES


@lru_cache(maxsize=64)
def _validator(kind: str, languages: tuple[str, ...]) -> Draft202012Validator:
    common = json.loads(json.dumps(schema("common")))
    common["$defs"]["text"]["required"] = list(languages)
    registry = Registry().with_resource(common["$id"], Resource.from_contents(common))
    return Draft202012Validator(schema(kind), registry=registry, format_checker=_formats)


def _at_condition(error: ValidationError) -> bool:
    """At the condition itself: the parser says so too, unless it is not there at all."""
    path = list(error.absolute_path)
    return bool(path) and path[-1] in CONDITION_WORDS


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Of alternatives, the one whose complaint lies deepest."""
    if error.context and error.validator in ("anyOf", "oneOf"):
        yield max(error.context, key=lambda inner: (len(inner.absolute_path), inner.validator != "type"))
    else:
        yield error


def _words(error: ValidationError) -> list[tuple[str, str, str]]:
    """(path, code, reason) for one violation; one for each word that is too many."""
    path = path_text(list(error.absolute_path))
    value = error.instance
    match error.validator:
        case "required":
            name = next((n for n in error.validator_value if n not in value and repr(n) in error.message), "?")
            below = f"{path}.{name}" if path else name
            if error.schema.get("description", "").startswith("A text that a person reads"):
                return [(below, "missing_translation", f"the text in '{name}' is missing")]
            return [(below, "missing", f"'{name}' is missing")]
        case "additionalProperties" if error.validator_value is False:
            allowed = set(error.schema.get("properties", {}))
            extras = sorted(str(key) for key in value if key not in allowed)
            return [
                (
                    f"{path}.{key}" if path else key,
                    "unknown_word",
                    f"'{key}' has no meaning here; allowed: {', '.join(sorted(allowed))}",
                )
                for key in extras
            ]
        case "enum":
            allowed_values = ", ".join(str(v).lower() if isinstance(v, bool) else str(v) for v in error.validator_value)
            return [(path, "not_allowed", f"{value!r} is not one of {allowed_values}")]
        case "const":
            return [(path, "not_allowed", f"{value!r} is not {error.validator_value!r}")]
        case "type":
            return [(path, "wrong_type", f"{value!r} is not of type {error.validator_value}")]
        case "format":
            return [(path, "not_a_date", f"{value!r} is not a day as YYYY-MM-DD")]
        case "pattern" if error.validator_value == "\\S":
            return [(path, "missing_translation", "the text is empty")]
        case "pattern":
            return [(path, "wrong_form", f"{value!r} does not have the form {error.validator_value}")]
        case "minItems" | "minLength" | "minProperties":
            return [(path, "empty", "too little stands here")]
        case "maxItems" | "maxLength" | "maximum" | "minimum":
            sort = "too_many" if error.validator == "maxItems" else "out_of_range"
            least = "at least" if error.validator == "minimum" else "at most"
            return [(path, sort, f"{least} {error.validator_value}")]
        case "uniqueItems":
            return [(path, "duplicate", "something stands twice in this list")]
        case _:
            return [(path, str(error.validator), error.message[:300])]
