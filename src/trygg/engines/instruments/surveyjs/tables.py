"""Matrices and lists of texts: one item for each row, or each row and column. The key says which: `name.row.column`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .conditions import Asked
from .questions import MATRICES, Questions, Row, written

_CELLS = frozenset({"dropdown", "radiogroup", "checkbox", "tagbox", "boolean", "text", "comment", "rating", "file"})
_MOST_CELLS = 2_000


class Tables:
    """Reads questions that are tables, as nested sections."""

    types = MATRICES

    def __init__(self, questions: Questions) -> None:
        self.questions, self.texts, self.report = questions, questions.texts, questions.report

    def read(self, element: Mapping[str, Any], path: str, scope: str) -> Iterator[Row]:
        """The nested section of a table; nothing when it has no rows, which is said."""
        name = self.questions.name_of(element, path, scope)
        if name is None:
            return
        value_name = element.get("valueName")
        base = value_name if isinstance(value_name, str) and value_name and len(value_name) < 100 else name
        kind = self.questions.type_of(element)
        items: list[Row] = []
        for part, text, cell, place in self._cells(element, kind, path):
            key = f"{scope}[].{base}.{part}" if scope else f"{base}.{part}"
            if len(key) > 200:
                self.report.problem(place, "name_too_long", f"the name '{key[:60]}...' has {len(key)} characters")
                continue
            own = f"{scope}-{name}-{part}" if scope else f"{name}-{part}"
            row = self.questions.item(cell, place, own.replace(".", "-"), key, "")
            if row is None:
                self.questions.left_out[f"{base}.{part}"] = "it is left out"
                continue
            row["text"] = text
            items.append(row)
            self.questions.remember((f"{base}.{part}", f"{name}.{part}"), row, scope)
        if not items:
            self.questions.left_out[name] = "it has no rows"
            self.report.note(path, "left_out", f"the table '{name}' has no rows: left out")
            return
        whole = [Asked(row["id"], "file") for row in items]  # of the table as a whole one may ask whether it is empty
        for each in {name, base}:
            self.questions.asked.setdefault((scope, each), whole)
        section: Row = {
            "id": "",
            "title": self.texts.read(element.get("title"), f"{path}.title", name),
        }
        if self.texts.said(element.get("description")):
            section["intro"] = self.texts.read(element["description"], f"{path}.description")
        section["items"] = items
        self.questions.unread(element, path)
        self.report.note(path, "changed", f"the table '{name}' becomes {len(items)} questions")
        yield section

    def columns(self, element: Mapping[str, Any], path: str) -> list[Any]:
        """The columns of a table with any number of rows, as questions."""
        raw = element.get("columns")
        return [
            self._cell(element, column, f"{path}.columns[{number}]") if isinstance(column, Mapping) else column
            for number, column in enumerate(raw if isinstance(raw, list) else [])
        ]

    def _cells(
        self, element: Mapping[str, Any], kind: str, path: str
    ) -> Iterator[tuple[str, dict[str, str], Mapping[str, Any], str]]:
        """(last part of the key, text, the question as an element of its own, path) of each item."""
        required = element.get("isAllRowRequired") is True or element.get("eachRowRequired") is True
        seen: set[str] = set()
        for number, (row, label, place) in enumerate(self._rows(element, kind, path)):
            if row in seen or number > _MOST_CELLS:
                self.report.problem(place, "duplicate_name", f"the row '{row}' stands twice, or there are too many")
                continue
            seen.add(row)
            if kind == "matrix":
                columns = element.get("columns")
                several = "checkbox" if element.get("cellType") == "checkbox" else "radiogroup"
                cell = {"type": several, "name": row, "choices": columns if isinstance(columns, list) else []}
                yield row, label, {**cell, **({"isRequired": True} if required else {})}, f"{path}.columns"
            elif kind == "multipletext":
                source = element["items"][number]
                source = source if isinstance(source, Mapping) else {}
                words = ("name", "title", "inputType", "isRequired", "min", "max")
                yield row, label, {"type": "text", **{word: source[word] for word in words if word in source}}, place
            else:
                yield from self._row_of_cells(element, row, label, path)

    def _row_of_cells(
        self, element: Mapping[str, Any], row: str, label: Mapping[str, str], path: str
    ) -> Iterator[tuple[str, dict[str, str], Mapping[str, Any], str]]:
        columns = element.get("columns")
        seen: set[str] = set()
        for number, column in enumerate(columns if isinstance(columns, list) else []):
            place = f"{path}.columns[{number}]"
            if isinstance(column, str):
                column = {"name": column}
            if not isinstance(column, Mapping) or not isinstance(column.get("name"), str) or not column["name"]:
                self.report.problem(place, "no_name", "the column has no name")
                continue
            name = column["name"]
            if name in seen:
                self.report.problem(place, "duplicate_name", f"the column '{name}' stands twice")
                continue
            seen.add(name)
            head = self.texts.read(column.get("title"), f"{place}.title", name, quiet=True)
            text = {each: f"{label[each]}: {head[each]}" for each in self.texts.languages}
            yield f"{row}.{name}", text, self._cell(element, column, place), place

    def _cell(self, element: Mapping[str, Any], column: Mapping[str, Any], path: str) -> dict[str, Any]:
        """A column as a question."""
        kind = column.get("cellType", "default")
        kind = element.get("cellType", "dropdown") if kind in ("default", None) else kind
        if kind not in _CELLS:
            self.report.note(path, "changed", f"cells of the type '{kind}' become texts")
            kind = "text"
        if "visibleIf" in column and element.get("type") != "matrixdynamic":
            self.report.note(
                f"{path}.visibleIf", "rule_left_out", "the condition of a column is left out: it is always asked"
            )
        cell = {word: value for word, value in column.items() if word not in ("cellType", "trygg")}
        if element.get("type") != "matrixdynamic":
            cell.pop("visibleIf", None)
        if kind in ("dropdown", "radiogroup", "checkbox", "tagbox") and not cell.get("choices"):
            cell["choices"] = element.get("choices", [])
        return {**cell, "type": kind}

    def _rows(self, element: Mapping[str, Any], kind: str, path: str) -> Iterator[tuple[str, dict[str, str], str]]:
        """(value, label, path) of each row."""
        word = "items" if kind == "multipletext" else "rows"
        raw = element.get(word)
        for number, each in enumerate(raw if isinstance(raw, list) else []):
            place = f"{path}.{word}[{number}]"
            value, text = each, None
            if isinstance(each, Mapping):
                value = each.get("name") if kind == "multipletext" else each.get("value")
                text = each.get("title") if kind == "multipletext" else each.get("text")
            elif kind == "multipletext":
                value = None
            if not isinstance(value, str | int | float) or value == "":
                self.report.problem(place, "no_name", "the row has no name")
                # Rows are counted by place where texts are read: keep the count.
                value = f"row without a name {number}"
            yield written(value), self.texts.read(text, place, written(value)), place
