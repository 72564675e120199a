"""What SurveyJS has no word for travels in a property `trygg` beside the standard ones.

`trygg` of a question, a choice, a page or a panel holds what only Trygg knows (depth, evidence, points ...) as it stands in
the pack. What SurveyJS can only say roughly stands under `kept`, with a mark of the standard properties that were made from
it: as long as these are as they were, the native form is used; when somebody edited them, they win.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..load import LANGUAGES, item_rows
from .notes import Report

Row = dict[str, Any]
FEEDS: Mapping[str, tuple[str, ...]] = {
    "id": ("name", "valueName"),
    "key": ("name", "valueName"),
    "type": ("type", "inputType"),
    "required": ("isRequired",),
    "text": ("title", "name"),
    "help": ("description", "help"),
    "min": ("type", "inputType", "min"),
    "max": ("type", "inputType", "max"),
    "matrix": ("type", "choices"),
    "choices": ("type", "choices", "rateValues"),
    "title": ("title", "name"),
    "intro": ("description",),
    "repeat": ("type", "templateTitle", "minPanelCount", "maxPanelCount"),
    "summary": ("description", "title", "name"),
    "label": ("text", "value"),
    "value": ("value",),
    "points": ("value",),
}
"""Field of a pack -> the standard properties that it is made from. All other fields stand as they are."""

_ORDER = (
    "kind", "id", "version", "date", "licence", "languages", "purpose", "convention", "title", "summary", "requires", "sources",
    "phases", "roles", "scales", "sections", "migrations", "tests",
)  # fmt: skip
_ANSWERED = ("items", "sections", "visible_when")


def guard(element: Mapping[str, Any], names: Sequence[str]) -> str:
    """A mark of these properties as they stand."""
    said = json.dumps([element.get(name) for name in names], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _feeds(field: str, kept: Mapping[str, Any], choice: bool) -> tuple[str, ...]:
    if choice and field == "id":
        return FEEDS["value"]
    if field in ("type", "choices") and "matrix" in kept:
        return FEEDS["matrix"]
    return FEEDS[field]


def carried(
    element: Mapping[str, Any], native: Mapping[str, Any], read: Mapping[str, Any], choice: bool = False
) -> Row:
    """What must travel beside the element so that reading it gives `native` and not `read`."""
    found: Row = {}
    kept: Row = {"matrix": [guard(element, FEEDS["matrix"]), native["matrix"]]} if "matrix" in native else {}
    without: Row = {}
    for field, value in native.items():
        if field in _ANSWERED or field == "matrix" or (field == "choices" and "matrix" not in native):
            continue
        if field not in FEEDS:
            found[field] = value
        elif not _same(read.get(field), value) or field not in read:
            kept[field] = [guard(element, _feeds(field, kept, choice)), value]
    for field in read.keys() - native.keys() - set(_ANSWERED):
        without[field] = guard(element, _feeds(field, kept, choice)) if field in FEEDS else ""
    if kept:
        found["kept"] = kept
    if without:
        found["without"] = without
    return found


def overlay(row: Row, element: Any, choice: bool = False) -> None:
    """Puts back into what was read what `carried` put beside it."""
    trygg = element.get("trygg") if isinstance(element, Mapping) else None
    if not isinstance(trygg, Mapping):
        return
    kept, without = _object(trygg, "kept"), _object(trygg, "without")
    for field, mark in without.items():
        if field not in FEEDS or mark == guard(element, _feeds(field, kept, choice)):
            row.pop(field, None)
    for field, pair in kept.items():
        if (
            field in FEEDS
            and isinstance(pair, list)
            and len(pair) == 2
            and pair[0] == guard(element, _feeds(field, kept, choice))
        ):
            row[field] = pair[1]
    for field, value in trygg.items():
        if field not in FEEDS and field not in ("kept", "without", *_ANSWERED):
            row[field] = value


def _object(holder: Mapping[str, Any], word: str) -> Mapping[str, Any]:
    found = holder.get(word)
    return found if isinstance(found, Mapping) else {}


def kept_id(element: Mapping[str, Any]) -> str:
    """The id that the question had, where its name was not edited."""
    row: Row = {}
    overlay(row, element)
    found = row.get("id")
    return found if isinstance(found, str) else ""


def condition_beside(visible_if: str, tree: Any) -> Row:
    """A native condition beside the text made from it."""
    return {"visibleIf": visible_if, "tree": tree}


def condition_of(element: Mapping[str, Any]) -> Any:
    """The native condition, as long as the text made from it is as it was; otherwise None."""
    trygg = element.get("trygg")
    beside = trygg.get("visible_when") if isinstance(trygg, Mapping) else None
    if isinstance(beside, Mapping) and beside.get("visibleIf") == element.get("visibleIf"):
        return beside.get("tree")
    return None


# The pack itself ------------------------------------------------------------------------------------------------------


def pack_of(survey: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The head of the pack that the survey was made from; None when it was made elsewhere."""
    trygg = survey.get("trygg")
    head = trygg.get("pack") if isinstance(trygg, Mapping) else None
    return head if isinstance(head, Mapping) else None


def languages_of(pack: Mapping[str, Any] | None) -> tuple[str, ...]:
    if pack is None:
        return ()
    raw = pack.get("languages")
    named = [each for each in raw if isinstance(each, str)] if isinstance(raw, list) else []
    return tuple(dict.fromkeys(named)) or LANGUAGES


def stands_in(survey: Any) -> bool:
    """Whether any object of the survey has something beside it."""
    below = [survey]
    while below:
        each = below.pop()
        if isinstance(each, Mapping):
            if "trygg" in each:
                return True
            below += each.values()
        elif isinstance(each, list):
            below += each
    return False


def head_beside(survey: Mapping[str, Any], native: Mapping[str, Any], read: Mapping[str, Any]) -> Row:
    """`trygg` of the survey: all of the pack but its sections, and its texts where SurveyJS can't say them."""
    head = {field: value for field, value in native.items() if field not in ("sections", "title", "summary")}
    texts = {field: native[field] for field in ("title", "summary") if field in native}
    said = {field: read[field] for field in texts if field in read}
    return {"pack": head, **carried(survey, texts, said)}


def restored(survey: Mapping[str, Any], read: Mapping[str, Any], options: Any, report: Report) -> Row:
    """The pack with the head that travelled beside the survey. Options that were given win."""
    head = dict(pack_of(survey) or {})
    texts = {field: read[field] for field in ("title", "summary")}
    overlay(texts, {**survey, "trygg": {k: v for k, v in (survey.get("trygg") or {}).items() if k != "pack"}})
    data: Row = {**head, **texts, "sections": read["sections"]}
    for field in ("kind", "id", "version", "date", "licence", "sources"):
        data.setdefault(field, read[field])
    if options.id:
        data["id"] = read["id"]
    if options.version:
        data["version"] = options.version
    rows = [row for section in data["sections"] for _, row, _ in item_rows(section, "")]
    if (
        isinstance(data["sources"], Mapping)
        and "survey" not in data["sources"]
        and any(row.get("source") == "survey" for row in rows)
    ):
        data["sources"] = {**data["sources"], **read["sources"]}
    known = {row["id"] for row in rows}
    tests = [test for test in data.get("tests") or () if isinstance(test, Mapping)]
    fitting = [test for test in tests if _names_of(test) <= known]
    if len(fitting) != len(tests):
        report.note(
            "", "test_left_out", f"{len(tests) - len(fitting)} tests name questions that are no longer there: left out"
        )
    data["tests"] = fitting or [first_test(data)]
    return {field: data[field] for field in dict.fromkeys((*_ORDER, *data)) if field in data}


def _names_of(test: Mapping[str, Any]) -> set[str]:
    answers, expect = test.get("answers"), test.get("expect")
    named = list(answers) if isinstance(answers, Mapping) else []
    for word in ("visible", "hidden"):
        raw = expect.get(word) if isinstance(expect, Mapping) else None
        named += [each for each in raw if isinstance(each, str)] if isinstance(raw, list) else []
    return {name.partition("@")[0] for name in named}


def first_test(data: Mapping[str, Any]) -> Row:
    """A test that holds of what was just read: without answers nothing scores, and what depends on nothing is asked."""
    free = [
        row["id"]
        for section in data["sections"]
        if "visible_when" not in section and "repeat" not in section
        for _, row, above in item_rows(section, "")
        if "visible_when" not in row and not any("visible_when" in holder for _, holder in above)
    ]
    expect: Row = {"flags": []}
    if free:
        expect["visible"] = free[:5]
    if data.get("scales") and data.get("convention") == "aia":
        expect["scores"] = {scale["id"]: 0 for scale in data["scales"]}
    return {"name": "Nothing is answered", "answers": {}, "expect": expect}


def _same(left: Any, right: Any) -> bool:
    """Equal as JSON: 1, 1.0 and true are three things."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
