"""Findings and warnings in plain words, English and Swedish, from the audit's own data: for people without statistics.

Sentences say what was found, about whom, how large and how sure; nothing is said of a cause.
"""

from collections.abc import Mapping
from typing import Any

from .words_en import ENGLISH
from .words_sv import SWEDISH

LANGUAGES = ("en", "sv")
NO_BREAK = "\u00a0"


def words(language: str) -> Mapping[str, Any]:
    """The words of a language."""
    return SWEDISH if language == "sv" else ENGLISH


def number(value: float, language: str, decimals: int = 1) -> str:
    """8.4 or 8,4; a real minus sign; thousands parted."""
    text = f"{abs(value):,.{decimals}f}"
    if language == "sv":
        text = text.replace(",", NO_BREAK).replace(".", ",")
    return ("−" if value < 0 and float(f"{abs(value):.{decimals}f}") else "") + text


def whole(value: int | None, language: str) -> str:
    """1,234 or 1 234; a dash where nothing may be told."""
    return words(language)["hidden"] if value is None else number(value, language, 0)


def points(value: float, language: str) -> str:
    """A difference in percentage points, without the unit; as many decimals as it needs not to look like none."""
    return number(100 * value, language, 2 if 0 < abs(value) < 0.0005 else 1)


def percent(value: float | None, language: str) -> str:
    """A rate for tables."""
    return words(language)["none"] if value is None else number(100 * value, language) + NO_BREAK + "%"


def metric_name(metric: str, document: Mapping[str, Any], language: str) -> str:
    """What a metric is called for this use: the word hangs on whether the decision is good or bad for the child."""
    return str(words(language)["metrics"][_side(document)].get(metric, metric))


def _side(document: Mapping[str, Any]) -> str:
    decision = document["method"]["decision"]
    return "good" if decision["event"] == decision["favourable"] else "bad"


def group_name(attributes: Mapping[str, str | None], language: str) -> str:
    """sex F, origin not recorded; everybody where nothing is named."""
    said = words(language)
    if not attributes:
        return str(said["everybody"])
    return ", ".join(f"{name} {said['not_recorded'] if value is None else value}" for name, value in attributes.items())


def reference_name(row: Mapping[str, Any], language: str) -> str:
    """What the group is compared with."""
    said = words(language)
    if row["reference"] is not None:
        return group_name(row["reference"], language)
    return str(said["everyone_else"] if row["reference_kind"] == "everyone_else" else said["recorded"])


def finding(row: Mapping[str, Any], document: Mapping[str, Any], language: str) -> str:
    """One comparison in one or two sentences."""
    said = words(language)
    fills: dict[str, Any] = {
        "group": group_name(row["group"], language),
        "reference": reference_name(row, language),
        "metric": metric_name(row["metric"], document, language),
        "event": said["per_1000"][_side(document)][row["metric"]],
        "material": points(row["material"], language),
    }
    fills["Group"] = fills["group"][:1].upper() + fills["group"][1:]
    fills["Metric"] = fills["metric"][:1].upper() + fills["metric"][1:]
    if row["reason"] in ("suppressed", "coverage", "undefined"):
        return str(said["findings"][row["reason"]].format(**fills))
    fills |= {
        "more": said["more"] if row["difference"] > 0 else said["fewer"],
        "size": points(abs(row["difference"]), language),
        "low": points(row["low"], language),
        "high": points(row["high"], language),
        "rate": number(1000 * row["rate"], language, 0),
        "reference_rate": number(1000 * row["reference_rate"], language, 0),
        "children": whole(row["more_children"], language) if row["more_children"] is not None else "",
    }
    fills["event"] = str(fills["event"]).format(**fills)
    key = row["verdict"]
    if key == "not_enough_data":
        key = (
            "missing"
            if row["reason"] == "missing"
            else "too_few"
            if row["more_children"] is not None
            else "too_few_open"
        )
    if key == "disparity_shown" and not row["primary"]:
        key = "look_into"
    if key == "shown_below_material" and row["equivalent"]:
        key = "shown_small"
    return str(said["findings"][key].format(**fills))


def verdict_word(row: Mapping[str, Any], language: str) -> str:
    """The verdict in a few words; what was shown without having been declared beforehand is only to look into."""
    key = "look_into" if row["verdict"] == "disparity_shown" and not row["primary"] else row["verdict"]
    return str(words(language)["verdicts"][key])


def order(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What should be read first: declared comparisons, the gravest verdict first, then the largest difference."""
    grave = ("disparity_shown", "shown_below_material", "not_enough_data", "no_material_disparity")
    return sorted(rows, key=lambda row: (not row["primary"], grave.index(row["verdict"]), -abs(row["difference"] or 0)))


def findings(document: Mapping[str, Any], language: str, most: int = 40) -> list[str]:
    """What the audit found: each declared comparison, and of the others those in which something was shown."""
    rows = [row for row in document["comparisons"] if row["primary"] or row["verdict"] == "disparity_shown"]
    return [finding(row, document, language) for row in order(rows)[:most]]


def headline(document: Mapping[str, Any], language: str) -> str:
    """The audit in one sentence."""
    said = words(language)["headline"]
    primary = [row for row in document["comparisons"] if row["primary"]]
    shown = [row for row in primary if row["verdict"] == "disparity_shown"]
    if not primary:
        return str(said["nothing"])
    if shown:
        first = order(shown)[0]
        fills = {
            "others": len(shown) - 1,
            "all": len(primary),
            "metric": metric_name(first["metric"], document, language),
            "group": group_name(first["group"], language),
            "reference": reference_name(first, language),
            "More": str(words(language)["more"] if first["difference"] > 0 else words(language)["fewer"]).capitalize(),
        }
        return str(said["shown_one" if len(shown) == 1 else "shown"].format(**fills))
    open_ = sum(row["verdict"] == "not_enough_data" for row in primary)
    below = sum(row["verdict"] == "shown_below_material" for row in primary)
    key = "all_clear" if not open_ and not below else "open" if open_ else "below"
    return str(said[key].format(open=open_, below=below, all=len(primary)))


def warning(code: str, params: Mapping[str, Any], language: str) -> str:
    """A warning in one sentence."""
    said = words(language)
    fills: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, float):
            fills[name] = percent(value, language)
        elif isinstance(value, int):
            fills[name] = number(value, language, 0)
        elif isinstance(value, list | tuple):
            fills[name] = ", ".join(str(one) for one in value)
        else:
            fills[name] = value
    return str(said["warnings"][code].format(**fills))
