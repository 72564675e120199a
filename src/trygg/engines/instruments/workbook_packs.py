"""An instrument as an Excel workbook, for those who write questions and not YAML: a sheet for each sort of thing, a column
for each language. Round trip without loss.

What a person edits stands in columns of its own; trees (conditions, references, own tests) stand as JSON in one cell. What
has no column (nothing of a pack that `packs.check` has passed, but empty lists) stands as JSON in the column `more`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .load import LANGUAGES
from .workbook import WorkbookProblem, WorkbookRefused, Writer, as_json, columns_of
from .workbook_packs_read import pack_from_workbook
from .workbook_tables import HEAD, LISTS, NEEDED, PARTS, TABLES, Column, Row

__all__ = ["pack_from_workbook", "pack_to_workbook"]


def pack_to_workbook(data: Mapping[str, Any]) -> bytes:
    """The workbook of an instrument that `packs.check` has passed.

    Raises WorkbookRefused for texts that no cell can hold, each with its place, and for data that is no such instrument.
    """
    languages = _languages(data)
    try:
        tables = _tables(data, languages)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise WorkbookRefused([WorkbookProblem("", "", "lost")]) from error
    scales = [str(row.get("id")) for row in tables["Scales"]]
    writer = Writer()
    for name, columns in TABLES.items():
        rows = tables[name]
        if rows or name in NEEDED:
            _write(writer, name, columns, rows, languages, scales if name == "Choices" else [])
    raw = writer.done()
    again, problems = pack_from_workbook(raw)
    if problems or _canonical(again) != _canonical(data):
        raise WorkbookRefused([WorkbookProblem("", "", "lost"), *problems])
    return raw


def _canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False)


def _languages(data: Any) -> list[str]:
    """The languages of the pack, then every other one in which some text stands."""
    raw = data.get("languages") if isinstance(data, Mapping) else None
    found = [each for each in raw if isinstance(each, str)] if isinstance(raw, list) else []

    def seek(node: Any, key: str) -> None:
        if isinstance(node, Mapping):
            if key in _TEXTS and all(isinstance(each, str) for each in node.values()):
                found.extend(node)
            for name, child in node.items():
                seek(child, name)
        elif isinstance(node, list):
            for child in node:
                seek(child, "")

    found += [] if found else LANGUAGES
    seek(data, "")
    return list(dict.fromkeys(found))


_TEXTS = {"title", "summary", "text", "help", "plain", "intro", "label", "reason", "of"}


def _tables(data: Mapping[str, Any], languages: Sequence[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    rest = dict(data)
    for key in HEAD:
        if key in rest:
            found["About"].append({"what": key, "value": rest.pop(key)})
    for key in ("title", "summary"):
        text = rest.get(key)
        if isinstance(text, Mapping) and _is_text(text, languages):
            found["About"] += [
                {"what": f"{key} [{language}]", "value": text[language]} for language in languages if language in text
            ]
            del rest[key]
    for key in LISTS:
        if _simple(rest.get(key)):
            found["About"].append({"what": key, "value": ", ".join(rest.pop(key))})
    found["Sources"] = [{"id": name, **row} for name, row in rest.pop("sources", {}).items()]
    for key in ("phases", "roles", "tests"):
        if rest.get(key):
            found[key.title()] = [dict(row) for row in rest.pop(key)]
    for scale in rest.pop("scales") if rest.get("scales") else ():
        _scale(found, dict(scale))
    for section in rest.pop("sections"):
        _section(found, dict(section), "")
    for migration in rest.pop("migrations") if rest.get("migrations") else ():
        rows = [{"version": migration["from"], **change} for change in migration["changes"]]
        found["Migrations"] += rows or [{"version": migration["from"]}]
    found["About"] += [{"what": key, "value": value} for key, value in rest.items()]
    return found


def _scale(found: dict[str, list[Row]], scale: Row) -> None:
    for band in scale.pop("bands") if scale.get("bands") else ():
        band = dict(band)
        for row in band.pop("obligations") if band.get("obligations") else ():
            found["Obligations"].append({"scale": scale["id"], "level": band["id"], **row})
        found["Levels"].append({"scale": scale["id"], **band})
    for row in scale.pop("adjustments") if scale.get("adjustments") else ():
        found["Adjustments"].append({"scale": scale["id"], **row})
    found["Scales"].append(scale)


def _section(found: dict[str, list[Row]], section: Row, inside: str) -> None:
    items = section.pop("items")
    found["Sections"].append({**section, **({"inside": inside} if inside else {})})
    for item in items:
        if "items" in item:
            _section(found, dict(item), section["id"])
        else:
            _question(found, {"section": section["id"], **item})


def _question(found: dict[str, list[Row]], item: Row) -> None:
    for row in item.pop("choices") if item.get("choices") else ():
        found["Choices"].append({"question": item["id"], **row})
    matrix = dict(item.pop("matrix")) if item.get("matrix") else {}
    for key, part in PARTS.items():
        for row in matrix.pop(key, ()):
            row = dict(row)
            levels = row.pop("levels", ())
            found["Choices"].append({"question": item["id"], "part": part, **row})
            found["Choices"] += [
                {"question": item["id"], "part": "level", "dimension": row["id"], **level} for level in levels
            ]
    if matrix:
        raise KeyError("matrix")
    found["Questions"].append(item)


def _write(
    writer: Writer, name: str, columns: Sequence[Column], rows: Sequence[Row], languages: Sequence[str], scales: Sequence[str]
) -> None:  # fmt: skip
    headings, widths = [], []
    for column in columns:
        names = (
            [heading for _, heading in columns_of(languages, column.name)] if column.kind == "text" else [column.name]
        )
        headings += names
        widths += [column.width] * len(names)
    headings += [f"points [{scale}]" for scale in scales]
    if name != "About":
        headings.append("more")
    at = {heading: number for number, heading in enumerate(headings)}
    sheet = writer.sheet(name, headings, widths)
    for number, row in enumerate(rows, start=1):
        about = " ".join(str(row[key]) for key in ("what", "question", "scale", "id", "name", "version") if key in row)
        for heading, value in _cells(dict(row), columns, languages, scales):
            writer.put(sheet, number, at[heading], value, f"'{about}', {heading}")


def _cells(
    row: Row, columns: Sequence[Column], languages: Sequence[str], scales: Sequence[str]
) -> Iterator[tuple[str, Any]]:
    for column in columns:
        *above, key = column.keys
        holder = row
        for step in above:
            holder = dict(holder[step]) if isinstance(holder.get(step), Mapping) else {}
            if holder:
                row[step] = holder
        if key not in holder:
            continue
        value = holder[key]
        match column.kind:
            case "text" if _is_text(value, languages) and value:
                yield from (
                    (heading, value[language])
                    for language, heading in columns_of(languages, column.name)
                    if language in value
                )
            case "list" if _simple(value):
                yield column.name, ", ".join(value)
            case "names" if _names(value):
                yield column.name, value if isinstance(value, str) else ", ".join(value)
            case "json":
                yield column.name, as_json(value)
            case "word" if isinstance(value, str):
                yield column.name, value
            case "number" if isinstance(value, int | float) and not isinstance(value, bool):
                yield column.name, value
            case "flag" if isinstance(value, bool):
                yield column.name, value
            case "value":
                yield column.name, value
            case _:
                continue
        del holder[key]
        if above and not holder:
            del row[above[0]]
    points = row.get("points")
    if scales and isinstance(points, Mapping) and points and points.keys() <= set(scales):
        yield from ((f"points [{scale}]", value) for scale, value in row.pop("points").items())
    if row:
        yield "more", as_json(row)


def _is_text(value: Any, languages: Sequence[str]) -> bool:
    return (
        isinstance(value, Mapping)
        and all(isinstance(each, str) for each in value.values())
        and value.keys() <= set(languages)
    )


def _names(value: Any) -> bool:
    """One name, or a list of at least two: one in a list would be read as one name."""
    return (isinstance(value, str) and _simple([value])) or (_simple(value) and len(value) > 1)


def _simple(value: Any) -> bool:
    """A list of words that can stand behind one another with commas between."""
    good = isinstance(value, list) and bool(value)
    return good and all(
        isinstance(each, str) and each and each == each.strip() and not set(each) & set(',"[]:\n') for each in value
    )
