"""From the data of a pack to an instrument."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..conditions import All, Node, Subject, ValueType, parse
from ..depth import Depth
from .model import (
    EVERYBODY,
    Adjustment,
    Band,
    Basis,
    Choice,
    Convention,
    Dimension,
    EvidenceRule,
    Flag,
    Heading,
    Instrument,
    InstrumentError,
    Item,
    Matrix,
    Measure,
    Named,
    Obligation,
    Repeat,
    Rounding,
    Row,
    Rule,
    Scale,
    Section,
    Threshold,
)

LANGUAGES = ("en", "sv")
"""What a pack is written in unless it says so itself."""


_WRITTEN = re.compile(r"-?\d{1,400}(?:\.\d{1,400})?(?:/0*[1-9]\d{0,400})?\Z", re.ASCII)
"""A number in text. No exponent: "1e999999999" would take a processor for hours."""


def load_instrument(data: Mapping[str, Any]) -> Instrument:
    """The instrument from the data of its file. A repeated section stands in it once; `expand` makes its entries.

    Raises InstrumentError, KeyError, ValueError or ConditionErrors on data that the check would have refused.
    """
    instrument = Instrument(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        sections=tuple(_section(raw, f"sections[{index}]") for index, raw in enumerate(data["sections"])),
        scales=tuple(_scale(raw, f"scales[{index}]") for index, raw in enumerate(data.get("scales") or ())),
        languages=tuple(data.get("languages") or LANGUAGES),
        phases=_named(data.get("phases")),
        roles=_named(data.get("roles")),
        convention=Convention(data.get("convention", "trygg")),
        applies_when=parse(data["applies_when"], "applies_when") if "applies_when" in data else EVERYBODY,
    )
    if len(instrument.items) != sum(len(section.items) for section in instrument.sections):
        raise InstrumentError("an item's id stands twice")
    _ = instrument.order
    return instrument


def exact(number: Any) -> Fraction:
    """A number as it is written: 0.1 is one tenth, "1/3" a third. Raises ValueError for what is no number."""
    if isinstance(number, str) and not _WRITTEN.match(number):
        raise ValueError(f"{number[:40]!r} is no number")
    return Fraction(str(number))


def item_rows(section: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any], tuple[Any, ...]]]:
    """(path, data, nested sections that it stands in) of each question of a section as it stands in the file.

    Whatever is no object is passed over: the schema says so.
    """
    yield from _rows(section, path, ())


def _rows(section: Any, path: str, above: tuple[Any, ...]) -> Iterator[tuple[str, Mapping[str, Any], tuple[Any, ...]]]:
    raw = section.get("items") if isinstance(section, Mapping) else None
    for index, row in enumerate(raw if isinstance(raw, list | tuple) else ()):
        place = f"{path}.items[{index}]"
        if not isinstance(row, Mapping):
            continue
        if "items" in row:
            yield from _rows(row, place, (*above, (place, row)))
        else:
            yield place, row, above


def _named(raw: Any) -> tuple[Named, ...]:
    return tuple(Named(row["id"], row["title"]) for row in raw or ())


def _condition(raw: Any, path: str) -> Node:
    return parse(raw, path, subjects=(Subject.ITEM,), allow_date=False)


# Scales ---------------------------------------------------------------------------------------------------------------


def _scale(raw: Mapping[str, Any], path: str) -> Scale:
    return Scale(
        id=raw["id"],
        title=raw["title"],
        rule=Rule(raw["rule"]),
        bands=tuple(_band(band) for band in raw.get("bands") or ()),
        basis=Basis(raw.get("maximum", "asked")),
        measure=Measure(raw.get("measure", "points")),
        rounding=Rounding(raw.get("rounding", "none")),
        adjustments=tuple(
            _adjustment(row, f"{path}.adjustments[{index}]") for index, row in enumerate(raw.get("adjustments") or ())
        ),
    )


def _band(raw: Mapping[str, Any]) -> Band:
    return Band(
        id=raw["id"],
        title=raw["title"],
        upto=exact(raw["upto"]) if "upto" in raw else None,
        inclusive=raw.get("inclusive", True),
        obligations=tuple(
            Obligation(
                row["id"], row["text"], row["role"], row.get("due_days"), EvidenceRule(row.get("evidence", "none"))
            )
            for row in raw.get("obligations") or ()
        ),
    )


def _adjustment(raw: Mapping[str, Any], path: str) -> Adjustment:
    when = raw["when"]
    return Adjustment(
        id=raw["id"],
        when=Threshold(
            when["scale"], exact(when["at_least"]), when.get("of", "points") == "maximum", exact(when.get("times", 1))
        )
        if "scale" in when
        else _condition(when, f"{path}.when"),
        multiply=exact(raw.get("multiply", 1)),
        add=exact(raw.get("add", 0)),
        rounding=Rounding(raw.get("rounding", "none")),
        reason=raw["reason"],
    )


# Sections and items ---------------------------------------------------------------------------------------------------


def _section(raw: Mapping[str, Any], path: str) -> Section:
    rows = list(item_rows(raw, path))
    nested = {id(row): row for _, _, above in rows for _, row in above}
    repeat = raw.get("repeat")
    return Section(
        id=raw["id"],
        title=raw["title"],
        intro=raw.get("intro"),
        items=tuple(_item(row, raw, place, path, above) for place, row, above in rows),
        headings=tuple(Heading(row["id"], row["title"], row.get("intro")) for row in nested.values()),
        repeat=Repeat(repeat["of"], repeat.get("min", 1), repeat.get("max", 20)) if repeat else None,
    )


def _item(
    raw: Mapping[str, Any], section: Mapping[str, Any], path: str, section_path: str, above: tuple[Any, ...]
) -> Item:
    conditions = [
        _condition(holder["visible_when"], f"{place}.visible_when")
        for place, holder in ((section_path, section), *above, (path, raw))
        if holder.get("visible_when") is not None
    ]
    return Item(
        id=raw["id"],
        section=section["id"],
        type=ValueType(raw["type"]),
        depth=Depth(raw["depth"]),
        required=raw.get("required", False),
        text=raw["text"],
        help=raw.get("help"),
        plain=raw.get("plain"),
        choices=tuple(_choice(choice) for choice in raw.get("choices") or ()),
        visible_when=None if not conditions else conditions[0] if len(conditions) == 1 else All(tuple(conditions)),
        evidence=EvidenceRule(raw.get("evidence", "none")),
        asked_of=tuple(raw.get("asked_of") or ()),
        refs=tuple(raw.get("refs") or ()),
        source=raw["source"],
        verified=raw["verified"],
        minimum=raw.get("min"),
        maximum=raw.get("max"),
        matrix=_matrix(raw["matrix"]) if "matrix" in raw else None,
        phases=tuple(raw.get("phases") or ()),
        key=raw.get("key", ""),
        headings=tuple(row["id"] for _, row in above),
        repeat=section["id"] if section.get("repeat") else "",
    )


def _choice(raw: Mapping[str, Any]) -> Choice:
    points = {scale: exact(number) for scale, number in (raw.get("points") or {}).items()}
    return Choice(raw["id"], raw["label"], points, Flag(raw["flag"]) if "flag" in raw else None, raw.get("value"))


def _matrix(raw: Mapping[str, Any]) -> Matrix:
    def rows(key: str) -> tuple[Row, ...]:
        return tuple(Row(row["id"], row["label"], tuple(row.get("refs") or ())) for row in raw[key])

    dimensions = tuple(
        Dimension(row["id"], row["label"], tuple(_choice(level) for level in row["levels"]))
        for row in raw["dimensions"]
    )
    return Matrix(rows("rights"), rows("groups"), dimensions)
