"""How one value is written into an archive and read out of it, and links that are no foreign keys.

Database keys never travel: a link is written as the id of the row that it leads to. A link whose row does not travel is written as
{"gone": text} and stays such a word wherever it arrives, so that it can never come to point at another row.
"""

import datetime
import decimal
import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.dateparse import parse_date, parse_datetime

GONE = "gone:"
PERSON = "people.person"
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class WrongValue(ValueError):
    """A value that its column cannot hold. The message says why, for the sentence that names file and line."""


class Unknown(LookupError):
    """A link to a row that is not there (yet)."""

    def __init__(self, label: str, row_id: str):
        super().__init__(f"{label} «{row_id}»")
        self.label, self.row_id = label, row_id


Out = Callable[[str, Any], str | None]  # label, key -> id, None when the row does not travel
Back = Callable[[str, str], Any]  # label, id -> key; Unknown


class Link(Protocol):
    """A column that holds database keys in some way of its own."""

    targets: tuple[str, ...]

    def out(self, value: Any, row: Any, ids: Out) -> Any: ...

    def back(self, value: Any, row: dict[str, Any], keys: Back) -> Any: ...


def write(field: models.Field, value: Any) -> Any:
    """A column's value as JSON; foreign keys are written by the caller."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return {"hex": bytes(value).hex()}
    return value


def read(field: models.Field, value: Any) -> Any:
    """A JSON value as the column takes it. WrongValue when it cannot hold it: another type, too long, not among the choices."""
    if value is None:
        if not field.null:
            raise WrongValue("it must not be null")
        return None
    if isinstance(field, models.JSONField):
        return _storable(value)
    made = _typed(field, value)
    if field.choices and made not in field.empty_values and made not in {choice for choice, _label in field.flatchoices}:
        raise WrongValue(f"«{str(made)[:40]}» is not one of its choices")
    if made not in field.empty_values:
        try:
            field.run_validators(made)
        except ValidationError as error:
            raise WrongValue(" ".join(error.messages)) from error
    return made


def _typed(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.BooleanField):
        return _of(bool, value)
    if isinstance(field, models.DateTimeField):
        made = parse_datetime(_of(str, value))
        if made is None or made.tzinfo is None:
            raise WrongValue("it is no time with a time zone")
        return made
    if isinstance(field, models.DateField):
        made = parse_date(_of(str, value))
        if made is None:
            raise WrongValue("it is no date")
        return made
    if isinstance(field, models.IntegerField):
        if isinstance(value, bool):
            raise WrongValue("it is no number")
        return _of(int, value)
    if isinstance(field, models.FloatField):
        return float(_of((int, float), value))
    if isinstance(field, models.BinaryField):
        try:
            return bytes.fromhex(_of(dict, value)["hex"])
        except (KeyError, TypeError, ValueError):
            raise WrongValue("it is no hexadecimal text") from None
    text = _of(str, value)
    if UNSTORABLE.search(text):
        raise WrongValue("it has a character that no database keeps")
    try:
        return field.to_python(text)
    except ValidationError as error:
        raise WrongValue(" ".join(error.messages)) from error


def _of(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise WrongValue(f"«{str(value)[:40]}» is of another type")
    return value


def _storable(value: Any) -> Any:
    """JSON without what PostgreSQL refuses: NUL and half characters in a text."""
    if any(UNSTORABLE.search(text) for text in _texts(value)):
        raise WrongValue("it has a character that no database keeps")
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


# Links ----------------------------------------------------------------------------------------------------------------


def gone(value: Any) -> Any:
    """How a link is written whose row does not travel."""
    return {"gone": str(value).removeprefix(GONE)}


def is_gone(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"gone"} and isinstance(value["gone"], str)


class Subject:
    """An id beside a type: (`subject_type`, `subject_id`). `needed`: a row whose subject does not travel stays behind as well."""

    targets: tuple[str, ...] = ()
    late = True  # a subject may be any row

    def __init__(self, type_field: str, *, needed: bool = False, of: str = ""):
        self.type_field, self.needed, self.of = type_field, needed, of

    def out(self, value: str, row: Any, ids: Out) -> Any:
        from trygg.kernel.archive.registry import kind_of

        found = kind_of(getattr(row, self.type_field), self.of) if value else None
        if found is None:
            return value if not value else gone(value)
        parts = value.split(found.between) if found.between else [value]
        named = [ids(label, _number(part)) for label, part in zip(found.models, parts, strict=False)]
        if None in named or len(parts) < len(found.models):
            return gone(value)
        return [*named, *parts[len(found.models) :]] if found.between else named[0]

    def back(self, value: Any, row: dict[str, Any], keys: Back) -> str:
        from trygg.kernel.archive.registry import kind_of

        if value == "":
            return ""
        if is_gone(value):
            return GONE + value["gone"][:40]
        found = kind_of(row.get(self.type_field, ""), self.of)
        if found is None:
            raise WrongValue(f"«{str(row.get(self.type_field))[:40]}» is no kind of subject")
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str) for part in parts) or len(parts) < len(found.models) or (len(parts) > len(found.models) and not found.rest):
            raise WrongValue("it does not name its subject")
        named = [str(keys(label, part)) for label, part in zip(found.models, parts, strict=False)]
        return found.between.join([*named, *parts[len(found.models) :]])


class PersonText:
    """The id of an actor, kept as text: `person:12`."""

    targets = (PERSON,)
    prefix = "person:"

    def out(self, value: str, row: Any, ids: Out) -> Any:
        if not value.startswith(self.prefix):
            return value
        return {"person": ids(PERSON, _number(value.removeprefix(self.prefix)))} if ids(PERSON, _number(value.removeprefix(self.prefix))) else gone(value)

    def back(self, value: Any, row: dict[str, Any], keys: Back) -> str:
        if is_gone(value):
            return GONE + value["gone"][:40]
        if isinstance(value, dict) and isinstance(value.get("person"), str):
            return f"{self.prefix}{keys(PERSON, value['person'])}"
        if not isinstance(value, str) or value.startswith(self.prefix):
            raise WrongValue("it does not name its person")
        return value


class Inside:
    """Keys inside JSON: `Inside(("assessment", "assessments.assessment"), ("rows.*.system", "matters.system"))`."""

    def __init__(self, *places: tuple[str, str], paths: tuple[str, ...] = (), text: bool = False):
        self.places, self.paths, self.text = list(places), paths, text
        self.late = bool(paths)

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(label for _place, label in self.places))

    def add(self, place: str, label: str) -> None:
        self.places.append((place, label))

    def out(self, value: Any, row: Any, ids: Out) -> Any:
        for place, label in self.places:
            value = _changed(value, place.split("."), lambda key, label=label: _gone_or(ids(label, _number(key)), key))
        for place in self.paths:
            value = _changed(value, place.split("."), lambda path: Path().out(path, row, ids))
        return value

    def back(self, value: Any, row: dict[str, Any], keys: Back) -> Any:
        for place, label in self.places:
            value = _changed(value, place.split("."), lambda given, label=label: self._key(given, label, keys))
        for place in self.paths:
            value = _changed(value, place.split("."), lambda path: Path().back(path, row, keys))
        return value

    def _key(self, given: Any, label: str, keys: Back) -> Any:
        if is_gone(given):
            return GONE + given["gone"][:40]
        if not isinstance(given, str):
            raise WrongValue("a link inside it is no id")
        return str(keys(label, given)) if self.text else keys(label, given)


class Path:
    """A page of ours. It is written as the name of the page and what it is about, read out of the page's own guard."""

    targets: tuple[str, ...] = ()
    late = True

    def out(self, value: str, row: Any, ids: Out) -> Any:
        if not value:
            return value
        try:
            match = resolve(value.partition("?")[0].partition("#")[0])
        except Resolver404:
            return gone(value)
        target = _target(match.func)
        arguments = dict(match.kwargs)
        if target is not None and target[0] in arguments:
            by, label, field = target
            given = arguments[by] if field == "pk" else _key_of(label, field, arguments[by])
            named = ids(label, given) if given is not None else None
            if named is None:
                return gone(value)
            arguments[by] = {"id": named}
        tail = value[len(value.partition("?")[0].partition("#")[0]) :]
        return {"page": match.view_name, "arguments": arguments, "tail": tail}

    def back(self, value: Any, row: dict[str, Any], keys: Back) -> str:
        if value == "" or is_gone(value):
            return "/home/" if value else ""
        if not isinstance(value, dict) or set(value) != {"page", "arguments", "tail"} or not isinstance(value["arguments"], dict):
            raise WrongValue("it names no page")
        tail = value["tail"]
        if not isinstance(tail, str) or (tail and not re.fullmatch(r"[?#][^\s\\]{0,200}", tail)):
            raise WrongValue("it names no page")
        arguments = {}
        target = _target_of_name(str(value["page"]))
        for name, given in value["arguments"].items():
            if isinstance(given, dict):
                if target is None or target[0] != name or not isinstance(given.get("id"), str):
                    raise WrongValue("it names no page")
                _by, label, field = target
                key = keys(label, given["id"])
                given = key if field == "pk" else _field_of(label, field, key)
            arguments[name] = given
        try:
            return reverse(str(value["page"]), kwargs=arguments) + tail
        except NoReverseMatch:
            raise WrongValue(f"«{str(value['page'])[:60]}» is no page") from None


def _target(view: Any) -> tuple[str, str, str] | None:
    from trygg.kernel.access.pages import guard_of
    from trygg.kernel.access.rules import RULES
    from trygg.kernel.archive.registry import registered

    guard = guard_of(view)
    if guard is None or guard.action is None or guard.by is None:
        return None
    label = RULES[guard.action].model._meta.label_lower
    return (guard.by, label, guard.field) if label in registered() else None


def _target_of_name(name: str) -> tuple[str, str, str] | None:
    """What a page is about, by the page's name."""
    from django.urls import get_resolver

    *spaces, last = name.split(":")
    resolver = get_resolver()
    for space in spaces:
        if space not in resolver.namespace_dict:
            return None
        _prefix, resolver = resolver.namespace_dict[space]
    found = next((pattern for pattern in _patterns(resolver) if pattern.name == last), None)
    return _target(found.callback) if found is not None else None


def _patterns(resolver: Any) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern)
        else:
            yield pattern


def _key_of(label: str, field: str, value: Any) -> Any:
    from trygg.kernel.archive.registry import registered

    return registered()[label].model._base_manager.filter(**{field: value}).values_list("pk", flat=True).first()


def _field_of(label: str, field: str, key: Any) -> Any:
    from trygg.kernel.archive.registry import registered

    if key is None or not isinstance(key, int):  # checked without a database
        return "x"
    return registered()[label].model._base_manager.filter(pk=key).values_list(field, flat=True).first()


def _number(text: Any) -> Any:
    try:
        return int(text)
    except (TypeError, ValueError):
        return None


def _gone_or(found: str | None, key: Any) -> Any:
    return gone(key) if found is None else found


def _changed(value: Any, steps: list[str], change: Callable[[Any], Any]) -> Any:
    """`value` with `change` done at a place; a place that is not there, or holds nothing, stays as it is."""
    if not steps:
        return value if value in (None, "") else change(value)
    step, *rest = steps
    if step == "*" and isinstance(value, list):
        return [_changed(member, rest, change) for member in value]
    if isinstance(value, dict) and step in value:
        return {**value, step: _changed(value[step], rest, change)}
    return value
