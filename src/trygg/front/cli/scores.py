"""What `trygg instruments score` reads, and what it says of one record."""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from trygg.engines.conditions import is_missing, normalise
from trygg.engines.depth import Depth
from trygg.engines.instruments import Hidden, Instrument, Mode, Scorer, Visibility, assess, load_instrument, visibility
from trygg.engines.instruments.points import counts_on
from trygg.engines.instruments.surveyjs import Options, Record, SurveyErrors, parse_json, read_survey, record, too_large
from trygg.front.cli.common import problem, wrong
from trygg.packs.loader import MAX_BYTES, Pack, PackUnreadable, pack_from_data, read_pack

MAX_ANSWERS = 500_000_000
RISK, MITIGATION = "risk", "mitigation"


# The questions --------------------------------------------------------------------------------------------------------


def pack_from(name: str) -> Pack:
    """The instrument's pack: a file, a folder that holds one, a SurveyJS file, or the id of a shipped one. Ends the command
    when there is none, or it cannot be read."""
    path = Path(name)
    try:
        if path.is_dir():
            return _in_folder(path)
        if path.is_file():
            return _survey(path) if path.suffix.lower() == ".json" else _instrument(read_pack(path))
    except PackUnreadable as error:
        problem(str(error.problem))
    from trygg.packs.catalogue import read_builtin

    shipped = {pack.id: pack for pack in read_builtin() if pack.kind == "instrument"}
    if name not in shipped:
        wrong(
            f"{name}: there is no such file, folder or shipped pack of questions. Shipped: {', '.join(sorted(shipped))}."
        )
    return shipped[name]


def _in_folder(folder: Path) -> Pack:
    found = [pack for pack in map(read_pack, sorted(folder.glob("*.yaml"))) if pack.kind == "instrument"]
    if len(found) != 1:
        files = ", ".join(Path(pack.file).name for pack in found) or "none"
        wrong(f"{folder}: one pack of questions is expected in the folder; there are {len(found)}: {files}.")
    return found[0]


def _instrument(pack: Pack) -> Pack:
    if pack.kind != "instrument":
        wrong(f"{pack.file}: the pack is of the kind «{pack.kind}»; only an instrument has questions to score.")
    return pack


def _survey(path: Path) -> Pack:
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            raise too_large(size, MAX_BYTES)
        data = parse_json(path.read_bytes())
        if isinstance(data, dict) and data.get("kind") == "instrument" and "sections" in data:
            return pack_from_data(data, str(path))
        return pack_from_data(read_survey(data, Options(file=path.name)).data, str(path))
    except SurveyErrors as errors:
        problem("\n".join(f"{path}: {one}" for one in errors.problems))


def sound(pack: Pack) -> None:
    """Ends the command with everything that is wrong with the pack, if anything is."""
    from trygg.packs.catalogue import builtin
    from trygg.packs.check import check_packs

    beside = builtin().packs if pack.requires else ()  # what it requires are packs that come with Trygg
    if found := check_packs([pack], beside):
        problem("\n".join(map(str, found)))


def instrument_from(name: str) -> Instrument:
    """The questions. Ends the command when there are none, or something is wrong with them."""
    pack = pack_from(name)
    sound(pack)
    return load_instrument(pack.data)


# The answers ----------------------------------------------------------------------------------------------------------


def answers_from(path: Path) -> list[dict[str, Any]]:
    """The records of a file: JSON (one object, or a list of objects) or JSON lines. Ends the command when any is none."""
    if (size := path.stat().st_size) > MAX_ANSWERS:
        problem(f"{path}: the file has {size} bytes; at most {MAX_ANSWERS} are read.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem(f"{path}: the file is not UTF-8 (byte {error.start}).")
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return _lines(path, text)
    try:
        found = parse_json(text, MAX_ANSWERS)
    except SurveyErrors as errors:
        # Lines of JSON under any name: more than one, and the first is whole.
        first, _, rest = text.strip().partition("\n")
        if rest.strip() and _is_object(first):
            return _lines(path, text)
        _unreadable(path, errors)
    rows = found if isinstance(found, list) else [found]
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            problem(f"{path}: record {number} is no object of answers, but {_kind(row)}.")
    return rows


def _lines(path: Path, text: str) -> list[dict[str, Any]]:
    found, faults = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = parse_json(line, MAX_ANSWERS)
        except SurveyErrors as errors:
            said = [
                one.reason + (f" ({one.path.partition(', ')[2]})" if "column" in one.path else "")
                for one in errors.problems
            ]
            faults += [f"{path}: line {number}: {each}." for each in said]
            continue
        if isinstance(row, dict):
            found.append(row)
        else:
            faults.append(f"{path}: line {number}: no object of answers, but {_kind(row)}.")
    if faults:
        problem("\n".join(faults))
    return found


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _unreadable(path: Path, errors: SurveyErrors) -> NoReturn:
    problem("\n".join(f"{path}: {one}" for one in errors.problems))


def _kind(row: Any) -> str:
    names = {
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        type(None): "null",
    }
    return names.get(type(row), "something else")


# The result -----------------------------------------------------------------------------------------------------------


class Scores:
    """Results of many records of one instrument."""

    def __init__(self, instrument: Instrument, mode: str, phase: str = "", depth: str = "full") -> None:
        self.instrument, self.mode, self.phase, self.depth = instrument, Mode(mode), phase, Depth(depth)
        items = instrument.items.values()
        # Flags, matrices and entries need the explained way, which is ten times slower.
        plain = not any(item.matrix or item.repeat or any(choice.flag for choice in item.choices) for item in items)
        self.scorer = Scorer(instrument, self.mode, self.depth, phase) if plain else None
        self.scored = {
            scale.id: [item.id for item in items if counts_on(item, scale.id)] for scale in instrument.scales
        }
        self.names = {item.id: item.key or item.id for item in items}

    def __call__(self, raw: dict[str, Any]) -> dict[str, Any]:
        """The score of one record, exactly, with the points of each question under its name in the answers."""
        one = record(self.instrument, raw)
        if self.scorer is not None and self.instrument.scales:
            return self._result(one, *self._fast(self.scorer, one))
        return self._result(one, *self._explained(one))

    def _fast(self, scorer: Scorer, one: Record) -> tuple[dict[str, Any], dict[str, Any], list[Any], list[Any]]:
        found = scorer(one.answers)
        asked = visibility(one.instrument, one.answers, self.depth, self.phase)
        scales = {}
        for scale, conclusion in found.conclusions.items():
            total = found.totals[scale]
            scales[scale] = _scale(
                total.points, total.out_of, conclusion.current, conclusion.band.id if conclusion.band else None,
                conclusion.level, self._complete(scale, one, asked), conclusion.applied,
            )  # fmt: skip
        points: dict[str, Any] = {}
        for rows in found.points.values():
            for item, value in rows.items():
                name = self.names[item]
                points[name] = points[name] + value if name in points else value
        hidden = {item: why for item, why in asked.hidden.items() if one.answers.get(item) not in (None, "", [])}
        return scales, points, [], self._dropped(one.instrument, hidden, asked)

    def _complete(self, scale: str, one: Record, asked: Visibility) -> bool:
        answers = asked.answers if self.mode is Mode.COMPLETED else one.answers
        for item in self.scored[scale]:
            value = normalise(answers.get(item))
            if is_missing(value) and item not in asked.hidden:
                return False
        return True

    def _explained(self, one: Record) -> tuple[dict[str, Any], dict[str, Any], list[Any], list[Any]]:
        found = assess(one.instrument, one.answers, self.depth, self.phase, self.mode)
        scales, points = {}, {}
        for score in found.scores:
            scales[score.scale] = _scale(
                score.points, score.out_of, score.current, score.band, score.level, score.complete, score.applied
            )
            for line in score.lines:
                name = _name(one.instrument, line.item)
                points[name] = points.get(name, 0) + line.points
        flags = [
            {"question": _name(one.instrument, each.item), "choice": each.choice, "flag": each.flag.value}
            for each in found.flags
        ]
        return scales, points, flags, self._dropped(one.instrument, found.not_counted, found.visibility)

    def _dropped(self, instrument: Instrument, hidden: Mapping[str, Hidden], asked: Visibility) -> list[dict[str, Any]]:
        if self.mode is Mode.LIVE:
            return []
        return [
            *(
                {"question": _name(instrument, item), "why": f"hidden_{each.why.value}"}
                for item, each in hidden.items()
            ),
            *(
                {"question": _name(instrument, item), "why": "no_such_choice", "values": list(values)}
                for item, values in asked.outside.items()
            ),
        ]

    def _result(
        self, one: Record, scales: dict[str, Any], points: dict[str, Any], flags: list[Any], dropped: list[Any]
    ) -> dict[str, Any]:
        headline = self.instrument.headline
        main = scales.get(RISK) or (scales.get(headline.id) if headline else None) or next(iter(scales.values()), {})
        eased = scales.get(MITIGATION, {})
        return {
            "raw": main.get("points"),
            "max_raw": main.get("maximum"),
            "mitigation": eased.get("points"),
            "max_mitigation": eased.get("maximum"),
            "current": main.get("current"),
            "level": main.get("level"),
            "points": {name: number(value) for name, value in points.items()},
            "scales": scales,
            "flags": flags,
            "dropped": dropped,
            "unknown": list(one.unknown),
        }


def _scale(
    points: Fraction,
    maximum: Fraction,
    current: Fraction,
    band: str | None,
    level: int | None,
    complete: bool,
    applied: Any,
) -> dict[str, Any]:
    return {
        "points": number(points),
        "maximum": number(maximum),
        "current": number(current),
        "band": band,
        "level": level,
        "complete": complete,
        "applied": [each.adjustment for each in applied if each.held],
    }


def _name(instrument: Instrument, item_id: str) -> str:
    """What the question is called in the answers."""
    item = instrument.items[item_id]
    if item.key and item.entry:
        head, _, rest = item.key.partition("[].")
        return f"{head}[{item.entry}].{rest}"
    return item.key or item.id


def number(value: Fraction | int) -> int | float | str:
    """A whole number as it is, a finite decimal as one, anything else as a fraction in text: never rounded."""
    if value.denominator == 1:
        return value.numerator
    try:
        plain = float(value)
    except OverflowError:
        return str(value)
    return plain if Fraction(repr(plain)) == value else str(value)
