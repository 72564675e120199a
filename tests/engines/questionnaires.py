"""Instruments for tests: written small by hand, or drawn at random with every word of the native format."""

from hypothesis import strategies as st

from trygg.engines.conditions import NOT_APPLICABLE, UNKNOWN, Withheld
from trygg.engines.instruments import load_instrument

T = {"en": "x", "sv": "x"}


def t(text):
    return {"en": text, "sv": text}


def item(name, kind="choice", **words):
    base = {"id": name, "type": kind, "depth": "light", "text": t(name), "source": "S", "verified": "yes"}
    if kind in ("choice", "choices", "scale") and "choices" not in words:
        base["choices"] = [{"id": each, "label": t(each)} for each in ("yes", "no", "some")]
    return {**base, **words}


def scored(name, kind="choice", on="risk", **points):
    """A question whose choices give points on one scale: `scored("a", yes=2, no=0)`."""
    return item(name, kind, choices=[{"id": each, "label": t(each), "points": {on: n}} for each, n in points.items()])


def scale(name="risk", rule="sum", **words):
    return {"id": name, "title": t(name), "rule": rule, **words}


def bands(*upto, **words):
    """Bands of these upper bounds and one more: b1, b2 ..."""
    found = [{"id": f"b{n}", "title": t(f"b{n}"), "upto": bound, **words} for n, bound in enumerate(upto, start=1)]
    return [*found, {"id": f"b{len(upto) + 1}", "title": t("last")}]


def pack(*items, scales=(), sections=None, **head):
    """The data of an instrument; `items` are its only section unless `sections` are given."""
    return {
        "kind": "instrument",
        "id": "screening",
        "version": "1.0.0",
        "date": "2026-11-22",
        "licence": "Apache-2.0",
        "title": t("Screening"),
        "summary": t("About"),
        "sources": {"S": {"title": "Own words", "checked": "2026-11-22", "verified": "yes"}},
        "sections": sections or [{"id": "one", "title": t("One"), "items": list(items)}],
        "scales": list(scales),
        "tests": [{"name": "nothing answered", "answers": {}, "expect": {"flags": []}}],
        **head,
    }


def instrument(*items, **words):
    return load_instrument(pack(*items, **words))


# At random ------------------------------------------------------------------------------------------------------------

CHOICES = ("yes", "no", "some", "0-5")
NUMBERS = st.sampled_from([-2, 0, 0, 1, 1, 2, 3, 0.5, 1.25, "1/3", -1.5])
ODD = st.sampled_from(
    ["yes", "other", ["yes", "no"], ["yes", "yes"], [3], 3, 2.5, True, None, "", [], {}, "2026-01-01"]
)
STATES = st.sampled_from([UNKNOWN, NOT_APPLICABLE, Withheld("a reason")])
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)


@st.composite
def texts(draw, languages=("en", "sv"), words=WORDS):
    return {language: draw(words) for language in languages}


def comparisons(draw, asked):
    """One comparison over a question that stands before."""
    one = draw(st.sampled_from(asked))
    name, kind = one["id"], one["type"]
    if kind in ("choice", "scale"):
        ids = [choice["id"] for choice in one["choices"]]
        return draw(
            st.sampled_from(
                [{"item": name, "is": ids[0]}, {"item": name, "in": ids[:2]}, {"item": name, "not_in": [ids[-1]]}]
            )
        )
    if kind == "choices":
        first = one["choices"][0]["id"]
        return draw(st.sampled_from([{"item": name, "includes": first}, {"item": name, "contains": first}]))
    if kind == "number":
        return {"item": name, draw(st.sampled_from(["at_least", "under"])): draw(st.integers(-2, 4))}
    if kind == "date":
        return {"item": name, draw(st.sampled_from(["at_least", "is"])): "2026-01-01"}
    return {"item": name, "known": draw(st.booleans())}


def conditions(draw, asked):
    parts = [comparisons(draw, asked) for _ in range(draw(st.integers(1, 2)))]
    node = parts[0] if len(parts) == 1 else {draw(st.sampled_from(["all", "any"])): parts}
    return draw(st.sampled_from([node, node, {"not": node}]))


KINDS = ["choice", "choice", "choices", "scale", "number", "text", "date", "file", "party", "sign", "rights_matrix"]


def choice_rows(draw, scales, many=CHOICES, say=t):
    rows = []
    for name in many[: draw(st.integers(2, len(many)))]:
        row = {"id": name, "label": say(name)}
        points = {each: draw(NUMBERS) for each in scales if draw(st.booleans())}
        if points:
            row["points"] = points
        flag = draw(st.sampled_from([None, None, None, "stop", "escalate"]))
        if flag:
            row["flag"] = flag
        rows.append(row)
    return rows


def matrices(draw, scales, say=t):
    rows = {word: [{"id": f"{word[0]}{n}", "label": say(word)} for n in range(2)] for word in ("rights", "groups")}
    return {**rows, "dimensions": [
        {"id": name, "label": say(name), "levels": choice_rows(draw, scales, ("low", "middle", "high"), say)}
        for name in ("severity", "reach")[: draw(st.integers(1, 2))]
    ]}  # fmt: skip


@st.composite
def packs(draw, words=None, languages=("en", "sv")):
    """The data of a whole instrument of the native convention, at random."""

    def say(text):
        return draw(texts(languages, words)) if words is not None else dict.fromkeys(languages, text)

    ids = list(("risk", "care", "other")[: draw(st.integers(1, 3))])
    asked, sections, number = [], [], 0
    for place in range(draw(st.integers(1, 3))):
        rows = []
        for _ in range(draw(st.integers(1, 4))):
            kind = draw(st.sampled_from(KINDS))
            number += 1
            one = {
                "id": f"q{number}", "type": kind, "depth": draw(st.sampled_from(["light", "light", "standard", "full"])),
                "required": draw(st.booleans()), "text": say(f"Question {number}"), "source": "S", "verified": "yes",
            }  # fmt: skip
            if kind in ("choice", "choices", "scale"):
                one["choices"] = choice_rows(draw, ids, say=say)
            if kind == "rights_matrix":
                one["matrix"] = matrices(draw, ids, say)
            if kind == "number" and draw(st.booleans()):
                one |= {"min": -5, "max": 9.5}
            if draw(st.booleans()):
                one["phases"] = [draw(st.sampled_from(["design", "use"]))]
            if asked and draw(st.booleans()):
                one["visible_when"] = conditions(draw, asked)
            rows.append(one)
        inside = rows if draw(st.booleans()) else [{"id": f"n{place}", "title": say("Nested"), "items": rows}]
        section = {"id": f"s{place}", "title": say(f"Section {place}"), "items": inside}
        if asked and draw(st.booleans()):
            section["visible_when"] = conditions(draw, asked)
        if place and draw(st.integers(0, 3)) == 0:
            section["repeat"] = {"of": say("Use"), "min": 1, "max": 3}
        else:
            asked = asked + rows
        sections.append(section)
    simple = draw(st.booleans())
    scales = [_scale(draw, name, ids, asked, simple, say) for name in ids]
    used = {name for section in sections for name in _points(section)}
    scales = [each for each in scales if each["id"] in used]
    for each in scales:
        each["adjustments"] = [
            row for row in each.get("adjustments", []) if row["when"].get("scale", each["id"]) in used
        ]
        if not each["adjustments"]:
            del each["adjustments"]
    phases = [{"id": name, "title": say(name)} for name in ("design", "use")]
    data = pack(sections=sections, scales=scales, phases=phases, title=say("Title"), summary=say("Summary"))
    return data if languages == ("en", "sv") else {**data, "languages": list(languages)}


def _points(node):
    if isinstance(node, dict):
        yield from node.get("points", ())
        node = list(node.values())
    for child in node if isinstance(node, list) else ():
        yield from _points(child)


def _scale(draw, name, ids, asked, simple, say):
    found = {
        "id": name,
        "title": say(name),
        "rule": "sum" if simple else draw(st.sampled_from(["sum", "max", "mean", "any"])),
    }
    found["maximum"] = draw(st.sampled_from(["asked", "all"]))
    found["rounding"] = draw(st.sampled_from(["none", "half_up", "half_even", "up", "down"]))
    if draw(st.booleans()):
        share = draw(st.booleans())
        found["measure"] = "share" if share else "points"
        found["bands"] = [
            {"id": f"b{n}", "title": say("band"), "upto": upto, "inclusive": draw(st.booleans())}
            for n, upto in enumerate([0.25, "1/2", 0.75] if share else [-1, 2, 4.5])
        ] + [{"id": "b9", "title": say("last")}]
    rows = []
    for n in range(draw(st.integers(0, 2))):
        if asked and not simple and draw(st.booleans()):
            when = conditions(draw, asked)
        else:
            when = {"scale": draw(st.sampled_from(ids)), "at_least": draw(st.sampled_from([1, 0.8, "1/2"]))}
            if draw(st.booleans()):
                when |= {"of": "maximum", "times": draw(st.sampled_from([1, 0.5]))}
        rows.append({
            "id": f"a{n}", "when": when, "multiply": draw(st.sampled_from([1, 0.85, -1])), "add": draw(NUMBERS),
            "rounding": draw(st.sampled_from(["none", "half_up", "half_even"])), "reason": say("reason"),
        })  # fmt: skip
    if rows:
        found["adjustments"] = rows
    return found


def fitting(draw, one):
    """An answer that fits the item, or a state."""
    match one.type.value:
        case "choice" | "scale":
            good = st.sampled_from(one.choice_ids)
        case "choices":
            good = st.lists(st.sampled_from(one.choice_ids), min_size=1, unique=True)
        case "rights_matrix":
            good = st.lists(
                st.sampled_from(one.choice_ids), min_size=1, unique_by=lambda mark: mark.partition("=")[0], max_size=4
            )
        case "number":
            good = st.integers(-5, 9) | st.sampled_from([0.5, 1.25])
        case "date":
            good = st.sampled_from(["2026-01-01", "2025-12-31", "2026-06-30"])
        case "sign":
            good = st.just(True)
        case _:
            good = WORDS
    return draw(st.one_of(good, good, good, STATES))


@st.composite
def answered(draw, questions, odd=True):
    """Answers to some of the questions, fitting ones and, with `odd`, others."""
    found = {}
    for name, one in questions.items.items():
        if draw(st.integers(0, 3)):
            found[name] = draw(ODD) if odd and draw(st.integers(0, 5)) == 0 else fitting(draw, one)
    return found
