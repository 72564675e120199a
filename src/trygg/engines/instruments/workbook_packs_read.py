"""From an Excel workbook back to the data of an instrument, with everything that is wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .workbook import Cell, Sheet, WorkbookProblem, from_cell, named, no_constant, read_sheets, shown, written
from .workbook_tables import HEAD, LISTS, NEEDED, PARTS, TABLES, Column, Row


def pack_from_workbook(raw: bytes) -> tuple[dict[str, Any], list[WorkbookProblem]]:
    """(data of the instrument, everything that is wrong with the workbook). The data are empty when something is.

    Only what a workbook can get wrong is found here; `packs.check` says the rest about the data. Never raises for any bytes.
    """
    sheets, problems = read_sheets(raw)
    if not sheets:
        return {}, problems
    found = named(sheets, {name: (name,) for name in TABLES}, problems)
    there = ", ".join(sheet.name for sheet in sheets)
    for name in NEEDED:
        if name not in found:
            problems.append(WorkbookProblem(name, "", "no_sheet", {"there": there}))
    reader = _Reader(problems)
    tables = {name: reader.table(found[name], name) if name in found else [] for name in TABLES}
    data = _Assembly(tables, problems).data()
    return ({}, problems) if problems else (data, [])


class _Reader:
    """From sheets to rows. Each row keeps the cell where it begins under the key "" (taken out when it is used)."""

    def __init__(self, problems: list[WorkbookProblem]) -> None:
        self.problems = problems
        self.sheet = ""

    def wrong(self, place: str, code: str, **params: Any) -> None:
        self.problems.append(WorkbookProblem(self.sheet, place, code, params))

    def table(self, sheet: Sheet, name: str) -> list[tuple[str, Row]]:
        self.sheet = sheet.name
        columns = {column.name: column for column in TABLES[name]}
        plan: dict[str, tuple[Column, str]] = {}
        for heading, place in sheet.headings.items():
            base, _, tail = heading.partition(" [")
            language = tail[:-1] if tail.endswith("]") else ""
            if heading in columns and columns[heading].kind != "text":
                plan[heading] = (columns[heading], "")
            elif base in columns and columns[base].kind == "text" and language:
                plan[heading] = (columns[base], language)
            elif name == "Choices" and base == "points" and language:
                plan[heading] = (Column("points", "points"), language)
            elif heading == "more" and name != "About":
                plan[heading] = (Column("more", "more"), "")
            elif heading:
                known = ", ".join(
                    f"{each.name} [en]" if each.kind == "text" else each.name for each in columns.values()
                )
                self.wrong(place, "heading_unknown", value=heading[:60], known=known)
        must = "what" if name == "About" else "name" if name == "Tests" else "version" if name == "Migrations" else "id"
        if must not in plan:
            self.wrong("", "no_heading", value=must)
            return []
        return [(f"A{number}", self.row(cells, plan)) for number, cells in sheet.rows]

    def row(self, cells: Mapping[str, Cell], plan: Mapping[str, tuple[Column, str]]) -> Row:
        row: Row = {}
        for heading, cell in cells.items():
            if heading not in plan:
                continue
            column, part = plan[heading]
            try:
                value = self.value(column.kind, cell)
            except ValueError as error:
                self.wrong(cell.place, "not_json", value=shown(cell.value), detail=str(error)[:120])
                continue
            if value is None:
                continue
            if column.kind == "more":
                _merge(row, value)
                continue
            holder = row
            *above, key = column.keys
            for step in above:
                holder = holder.setdefault(step, {})
            if part:
                holder.setdefault(key, {})[part] = value
            else:
                holder[key] = value
        return row

    def value(self, kind: str, cell: Cell) -> Any:
        raw = cell.value
        match kind:
            case "json" | "more":
                value = json.loads(raw, parse_constant=no_constant) if isinstance(raw, str) else raw
                if kind == "more" and not isinstance(value, dict):
                    self.wrong(cell.place, "wrong_type", value=shown(raw), wanted="a JSON object")
                    return None
                return value
            case "value" | "points":
                return from_cell(raw)
            case "flag":
                return self.flag(cell)
            case "number":
                return self.number(cell)
        if isinstance(raw, bool):
            self.wrong(cell.place, "wrong_type", value=shown(raw), wanted="text")
            return None
        text = from_cell(raw) if isinstance(raw, str) else written(raw)
        if kind in ("list", "names"):
            parts = [each.strip() for each in str(text).split(",") if each.strip()]
            return parts[0] if kind == "names" and len(parts) == 1 else parts
        return text

    def flag(self, cell: Cell) -> bool | None:
        words = {
            "true": True,
            "yes": True,
            "ja": True,
            "sant": True,
            "false": False,
            "no": False,
            "nej": False,
            "falskt": False,
        }
        if isinstance(cell.value, bool):
            return cell.value
        value = words.get(str(cell.value).strip().casefold())
        if value is None:
            self.wrong(cell.place, "wrong_type", value=shown(cell.value), wanted="TRUE or FALSE")
        return value

    def number(self, cell: Cell) -> int | float | None:
        value = from_cell(cell.value)
        if isinstance(value, str):
            try:
                number = float(value.strip().replace(",", "."))
            except ValueError:
                number = float("nan")
            value = int(number) if number == number and number.is_integer() and abs(number) < 10**15 else number
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or value != value
            or abs(value) == float("inf")
        ):
            self.wrong(cell.place, "wrong_type", value=shown(cell.value), wanted="a number")
            return None
        return value


def _merge(row: Row, more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(row.get(key), dict) and isinstance(value, Mapping):
            _merge(row[key], value)
        else:
            row[key] = value


class _Assembly:
    """From rows to the tree of an instrument."""

    def __init__(self, tables: Mapping[str, list[tuple[str, Row]]], problems: list[WorkbookProblem]) -> None:
        self.tables, self.problems = tables, problems

    def wrong(self, on: str, place: str, code: str, /, **params: Any) -> None:
        self.problems.append(WorkbookProblem(on, place, code, params))

    def data(self) -> dict[str, Any]:
        found = self.head()
        sources: dict[str, Row] = {}
        for place, row in self.tables["Sources"]:
            name = str(row.pop("id", ""))
            if name in sources:
                self.wrong("Sources", place, "duplicate", value=name)
            sources[name] = row
        if sources:
            found["sources"] = sources
        for key in ("phases", "roles", "tests"):
            if self.tables[key.title()]:
                found[key] = [row for _, row in self.tables[key.title()]]
        if self.tables["Scales"]:
            found["scales"] = self.scales()
        else:
            for sheet in ("Levels", "Obligations", "Adjustments"):
                self.below(sheet, "scale", {}, "", "Scales")
        found["sections"] = self.sections()
        self.migrations(found)
        return found

    def head(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for place, row in self.tables["About"]:
            what, value = str(row.get("what", "")).strip(), row.get("value")
            if value is None:
                continue
            if what in HEAD:
                value = written(value)
            elif what in LISTS and isinstance(value, str):
                value = [each.strip() for each in value.split(",") if each.strip()]
            key, _, language = what.partition(" [")
            if language and key in ("title", "summary"):
                found.setdefault(key, {})[language.removesuffix("]")] = value
            elif what in found:
                self.wrong("About", place, "duplicate", value=what)
            else:
                found[what] = value
        return found

    def below(self, sheet: str, key: str, holders: Mapping[Any, Row], into: str, where: str) -> None:
        """Rows of a sheet, put into those that their column names."""
        for place, row in self.tables[sheet]:
            name = row.pop(key, None)
            holder = holders.get(name)
            if holder is None:
                self.wrong(sheet, place, "unknown_row", value=name if name is not None else "", sheet=where)
            else:
                holder.setdefault(into, []).append(row)

    def scales(self) -> list[Row]:
        scales = {row.get("id"): row for _, row in self.tables["Scales"]}
        levels: dict[Any, Row] = {(row.get("scale"), row.get("id")): row for _, row in self.tables["Levels"]}
        for place, row in self.tables["Obligations"]:
            name = (row.pop("scale", None), row.pop("level", None))
            if name not in levels:
                self.wrong("Obligations", place, "unknown_row", value=" ".join(map(str, name)), sheet="Levels")
            else:
                levels[name].setdefault("obligations", []).append(row)
        self.below("Levels", "scale", scales, "bands", "Scales")
        self.below("Adjustments", "scale", scales, "adjustments", "Scales")
        return [row for _, row in self.tables["Scales"]]

    def sections(self) -> list[Row]:
        rows: dict[Any, tuple[str, Row]] = {}
        inside: dict[Any, Any] = {}
        for place, row in self.tables["Sections"]:
            name = row.get("id")
            if name in rows:
                self.wrong("Sections", place, "duplicate", value=name)
                continue
            inside[name] = row.pop("inside", None)
            rows[name] = (place, row)
        for name, above in inside.items():
            seen, step = {name}, above
            while step is not None and step in inside and step not in seen:
                seen.add(step)
                step = inside[step]
            if step in seen:
                self.wrong("Sections", rows[name][0], "circle", value=name)
                inside[name] = None
            elif above is not None and above not in rows:
                self.wrong("Sections", rows[name][0], "unknown_section", value=above)
                inside[name] = None
            elif above is not None and "repeat" in rows[name][1]:
                self.wrong("Sections", rows[name][0], "nested_repeat", value=name)
        top: list[Row] = []
        for place, row in self.questions():
            name = row.pop("section", None)
            if name not in rows:
                self.wrong("Questions", place, "unknown_section", value=name if name is not None else "")
                continue
            self.place(name, rows, inside, top)
            rows[name][1]["items"].append(row)
        for name, (place, row) in rows.items():
            if "items" not in row:
                self.wrong("Sections", place, "empty_section", value=name)
        return top

    def place(self, name: Any, rows: Mapping[Any, tuple[str, Row]], inside: Mapping[Any, Any], top: list[Row]) -> None:
        """Puts the section where it begins: before its first question, in the section around it."""
        waiting = []
        while name is not None and "items" not in rows[name][1]:
            waiting.append(name)
            name = inside[name]
        for each in reversed(waiting):
            row = rows[each][1]
            row["items"] = []
            (top if inside[each] is None else rows[inside[each]][1]["items"]).append(row)

    def questions(self) -> list[tuple[str, Row]]:
        found = self.tables["Questions"]
        by_id = {row.get("id"): row for _, row in found}
        for place, row in self.tables["Choices"]:
            item, part, dimension = (
                by_id.get(row.pop("question", None)),
                row.pop("part", None),
                row.pop("dimension", None),
            )
            if item is None:
                self.wrong("Choices", place, "unknown_row", value=row.get("id", ""), sheet="Questions")
                continue
            if part is None:
                item.setdefault("choices", []).append(row)
                continue
            matrix = item.setdefault("matrix", {})
            key = next((key for key, word in PARTS.items() if word == part), None)
            if key is not None:
                matrix.setdefault(key, []).append(row)
            elif part == "level":
                holder = next((each for each in matrix.get("dimensions", ()) if each.get("id") == dimension), None)
                if holder is None:
                    self.wrong("Choices", place, "unknown_row", value=dimension or "", sheet="Choices")
                else:
                    holder.setdefault("levels", []).append(row)
            else:
                self.wrong(
                    "Choices", place, "wrong_type", value=shown(part), wanted="right, group, dimension, level, or empty"
                )
        return found

    def migrations(self, found: dict[str, Any]) -> None:
        by_version: dict[Any, Row] = {}
        for _, row in self.tables["Migrations"]:
            version = row.pop("version", None)
            holder = by_version.setdefault(version, {"from": version, "changes": []})
            if row:
                holder["changes"].append(row)
        if by_version:
            found["migrations"] = list(by_version.values())
