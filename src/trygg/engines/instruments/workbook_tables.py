"""The sheets of an instrument's workbook, and their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: word, text (one column a language), value (text or number), number, flag, list, names (one or a list), json."""

    name: str
    kind: str = "word"
    width: int = 18
    key: str = ""  # what it is in the data, where that is not its name; `repeat.min` lies deeper

    @property
    def keys(self) -> list[str]:
        return (self.key or self.name).split(".")


def _words(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


TABLES: Mapping[str, tuple[Column, ...]] = {
    "About": (Column("what"), Column("value", "value", 60)),
    "Sources": (*_words("id"), Column("title", width=50), Column("url", width=40), *_words("checked", "verified"), Column("note", width=50)),
    "Phases": (*_words("id"), Column("title", "text", 40)),
    "Roles": (*_words("id"), Column("title", "text", 40)),
    "Scales": (*_words("id"), Column("title", "text", 40), *_words("rule", "maximum", "measure", "rounding")),
    "Levels": (*_words("scale", "id"), Column("title", "text", 40), Column("upto", "value"), Column("inclusive", "flag")),
    "Obligations": (
        *_words("scale", "level", "id"), Column("text", "text", 50), Column("role"), Column("due_days", "number"), Column("evidence"),
    ),
    "Adjustments": (
        *_words("scale", "id"), Column("when", "json", 40), Column("multiply", "value"), Column("add", "value"), Column("rounding"),
        Column("reason", "text", 50),
    ),
    "Sections": (
        *_words("id", "inside"), Column("title", "text", 40), Column("intro", "text", 50), Column("visible_when", "json", 40),
        Column("repeat of", "text", 24, "repeat.of"), Column("repeat min", "number", 12, "repeat.min"),
        Column("repeat max", "number", 12, "repeat.max"),
    ),
    "Questions": (
        *_words("section", "id", "type"), Column("text", "text", 60), Column("help", "text", 60), Column("plain", "text", 40), *_words("depth"),
        Column("required", "flag"), Column("evidence"), Column("asked_of", "list"), Column("phases", "list"),
        Column("visible_when", "json", 40), Column("min", "number"), Column("max", "number"), Column("refs", "json", 40),
        *_words("source", "verified", "key"),
    ),
    "Choices": (*_words("question", "part", "dimension", "id"), Column("label", "text", 50), Column("flag"), Column("value", "value"), Column("refs", "json")),
    "Migrations": (
        *_words("version", "do"), Column("from", "names"), Column("to", "names"), Column("choices", "json", 40), Column("confirm", "flag"),
        Column("note", width=40),
    ),
    "Tests": (
        Column("name", width=50), *_words("depth", "mode", "phase"), Column("answers", "json", 60), Column("entries", "json", 30),
        Column("expect", "json", 60),
    ),
}  # fmt: skip
HEAD = ("kind", "id", "version", "date", "licence", "purpose", "convention")
LISTS = ("languages", "requires", "applies")
PARTS = {"rights": "right", "groups": "group", "dimensions": "dimension"}
NEEDED = ("About", "Questions", "Sections")
