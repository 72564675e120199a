"""What is wrong with an instrument is told with file, place and reason, everything at once."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.questionnaires import bands, item, pack, packs, scale, scored, t
from trygg.packs.catalogue import read_builtin
from trygg.packs.check import check_packs, check_paths
from trygg.packs.loader import MAX_BYTES, pack_from_data
from trygg.packs.schema import languages_of


def wrong(data):
    """(path, code) of everything that is wrong; each problem names the file and a reason."""
    found = check_packs([pack_from_data(copy.deepcopy(data), "mine.yaml")], [])
    assert all(problem.file == "mine.yaml" and problem.reason for problem in found)
    return [(problem.path, problem.code) for problem in found]


def section(name, *items, **words):
    return {"id": name, "title": t(name), "items": list(items), **words}


ONE = scored("a", yes=2, no=0)
CARE = {"id": "care", "title": t("c"), "rule": "sum"}
LEVELS = [{"id": each, "label": t(each), "points": {"risk": n}} for n, each in enumerate(("low", "high"))]
MATRIX = {
    "rights": [{"id": "r", "label": t("r")}],
    "groups": [{"id": "g", "label": t("g")}],
    "dimensions": [{"id": "d", "label": t("d"), "levels": LEVELS}],
}


def row(when, **words):
    return {"id": "x", "when": when, "reason": t("why"), **words}


def risk(**words):
    return pack(ONE, scales=[scale(**words)])


def repeat(*before, **words):
    rows = [section("one", item("first"), *before), section("use", item("goal"), repeat={"of": t("Use")})]
    return pack(sections=rows, **words)


def test_the_base_of_these_tests_has_no_fault():
    assert wrong(risk(bands=bands(1), adjustments=[row({"scale": "risk", "at_least": 1})])) == []
    assert wrong(pack(item("m", "rights_matrix", matrix=MATRIX), scales=[scale()])) == []
    assert wrong(repeat()) == []


ITEM = "sections[0].items[0]"
DUTY = {"id": "o", "text": t("o"), "role": "chief"}
MANY = [{"id": f"x{number}", "label": t("x")} for number in range(150)]
FAULTS = {
    "unknown type": (pack(item("a", "slider")), f"{ITEM}.type", "not_allowed"),
    "unknown convention": (pack(item("a"), convention="surveyjs"), "convention", "not_allowed"),
    "id from a place": (pack(item("1st")), f"{ITEM}.id", "wrong_form"),
    "id twice": (pack(item("a"), item("a")), "sections[0].items[1].id", "duplicate"),
    "id twice, nested": (
        pack(item("a"), section("in", section("deeper", item("a")))), "sections[0].items[1].items[0].items[0].id", "duplicate",
    ),
    "section twice, nested": (pack(section("one", item("a"))), f"{ITEM}.id", "duplicate"),
    "id twice, another section": (
        pack(sections=[section("s", item("a")), section("u", item("a"))]), "sections[1].items[0].id", "duplicate",
    ),
    "condition on nothing": (pack(item("a", visible_when={"item": "gone", "is": "yes"})), f"{ITEM}.visible_when", "unknown_item"),
    "condition of a section on nothing": (
        pack(sections=[section("s", item("a"), visible_when={"item": "gone", "is": 1})]), "sections[0].visible_when", "unknown_item",
    ),
    "condition on no choice": (
        pack(item("b"), item("a", visible_when={"any": [{"item": "b", "in": ["yes", "maybe"]}]})),
        "sections[0].items[1].visible_when.any[0]", "unknown_value",
    ),
    "condition over facts": (
        pack(item("a", visible_when={"fact": "children", "is": True})), f"{ITEM}.visible_when", "condition_wrong_subject",
    ),
    "condition on the day": (
        pack(item("a", visible_when={"date": "before", "value": "2027-01-01"})), f"{ITEM}.visible_when", "condition_date_not_allowed",
    ),
    "circle through a section": (
        pack(sections=[section("s", item("a"), visible_when={"item": "b", "is": "yes"}), section("u", item("b", visible_when={"item": "a", "is": "yes"}))]),
        "sections[0].items[0]", "circle",
    ),
    "circle with itself": (pack(item("a", visible_when={"item": "a", "known": True})), f"{ITEM}.visible_when", "circle"),
    "no choices": (pack(item("a") | {"choices": []}), f"{ITEM}.choices", "missing"),
    "choices of a text": (pack(item("a", "text", choices=item("x")["choices"])), f"{ITEM}.choices", "no_meaning"),
    "choice twice": (pack(item("a", choices=[LEVELS[0], LEVELS[0]]), scales=[scale()]), f"{ITEM}.choices[1].id", "duplicate"),
    "points on nothing": (pack(scored("a", on="gone", yes=1, no=0)), f"{ITEM}.choices[0].points.gone", "unknown_scale"),
    "points that are no number": (pack(scored("a", yes="1/0", no=0), scales=[scale()]), f"{ITEM}.choices[0].points.risk", "wrong_form"),
    "bound that takes hours": (risk(bands=bands("1e999999999")), "scales[0].bands[0].upto", "wrong_form"),
    "scale without points": (pack(item("a"), scales=[scale()]), "scales[0]", "unused_scale"),
    "scale twice": (pack(ONE, scales=[scale(), scale()]), "scales[1].id", "duplicate"),
    "unknown rule": (risk(rule="median"), "scales[0].rule", "not_allowed"),
    "unknown rounding": (risk(rounding="half_down"), "scales[0].rounding", "not_allowed"),
    "unknown flag": (
        pack(item("a", choices=[{"id": "y", "label": t("y"), "flag": "pause"}])), f"{ITEM}.choices[0].flag", "not_allowed",
    ),
    "bands with a gap above": (risk(bands=bands(1)[:1]), "scales[0].bands[0].upto", "band_gap"),
    "bands with a gap between": (risk(bands=[*bands(1), *bands(3)[1:]]), "scales[0].bands[1].upto", "band_gap"),
    "bands overlap": (risk(bands=bands(3, 2)), "scales[0].bands[1].upto", "band_gap"),
    "bands overlap at one bound": (risk(bands=bands(2, 2)), "scales[0].bands[1].upto", "band_gap"),
    "band twice": (risk(bands=[*bands(1)[:1], {**bands(1)[1], "id": "b1"}]), "scales[0].bands[1].id", "duplicate"),
    "band that is no share": (risk(bands=bands(25), measure="share"), "scales[0].bands[0].upto", "not_a_share"),
    "unknown phase": (pack(item("a", phases=["use"])), f"{ITEM}.phases[0]", "unknown_name"),
    "unknown role": (pack(item("a", asked_of=["chief"]), roles=[{"id": "r", "title": t("r")}]), f"{ITEM}.asked_of[0]", "unknown_name"),
    "unknown role of an obligation": (
        pack(ONE, roles=[{"id": "r", "title": t("r")}], scales=[scale(bands=[{**bands()[0], "obligations": [DUTY]}])]),
        "scales[0].bands[0].obligations[0].role", "unknown_name",
    ),
    "phase twice": (pack(item("a"), phases=[{"id": "p", "title": t("p")}] * 2), "phases[1].id", "duplicate"),
    "threshold on nothing": (risk(adjustments=[row({"scale": "gone", "at_least": 1})]), "scales[0].adjustments[0].when.scale", "unknown_scale"),
    "threshold without a number": (risk(adjustments=[row({"scale": "risk"})]), "scales[0].adjustments[0].when.at_least", "missing"),
    "threshold that is no number": (
        risk(adjustments=[row({"scale": "risk", "at_least": "many"})]), "scales[0].adjustments[0].when.at_least", "wrong_type",
    ),
    "threshold of something else": (
        risk(adjustments=[row({"scale": "risk", "at_least": 1, "of": "minimum"})]), "scales[0].adjustments[0].when.of", "not_allowed",
    ),
    "threshold with a word too many": (
        risk(adjustments=[row({"scale": "risk", "at_least": 1, "is": 3})]), "scales[0].adjustments[0].when.is", "unknown_word",
    ),
    "adjustment over a missing answer": (
        risk(adjustments=[row({"item": "gone", "is": "yes"})]), "scales[0].adjustments[0].when", "unknown_item",
    ),
    "adjustment without when": (risk(adjustments=[{"id": "x", "reason": t("r")}]), "scales[0].adjustments[0].when", "missing"),
    "adjustment twice": (
        risk(adjustments=[row({"scale": "risk", "at_least": 1})] * 2), "scales[0].adjustments[1].id", "duplicate",
    ),
    "no matrix": (pack(item("m", "rights_matrix")), f"{ITEM}.matrix", "missing"),
    "matrix of a choice": (pack(item("a", matrix=MATRIX), scales=[scale()]), f"{ITEM}.matrix", "no_meaning"),
    "right twice": (
        pack(item("m", "rights_matrix", matrix={**MATRIX, "rights": MATRIX["rights"] * 2}), scales=[scale()]),
        f"{ITEM}.matrix.rights[1].id", "duplicate",
    ),
    "level twice": (
        pack(item("m", "rights_matrix", matrix={**MATRIX, "dimensions": [{**MATRIX["dimensions"][0], "levels": [LEVELS[0]] * 2}]}), scales=[scale()]),
        f"{ITEM}.matrix.dimensions[0].levels[1].id", "duplicate",
    ),
    "one level": (
        pack(item("m", "rights_matrix", matrix={**MATRIX, "dimensions": [{**MATRIX["dimensions"][0], "levels": LEVELS[:1]}]}), scales=[scale()]),
        f"{ITEM}.matrix.dimensions[0].levels", "empty",
    ),
    "huge matrix": (
        pack(item("m", "rights_matrix", matrix={**MATRIX, "rights": MANY, "groups": MANY}), scales=[scale()]),
        f"{ITEM}.matrix", "too_many",
    ),
    "limits of a text": (pack(item("a", "text", min=1)), ITEM, "no_meaning"),
    "a repeated item asked from outside": (
        repeat(item("a", visible_when={"item": "goal", "is": "yes"})), "sections[0].items[1].visible_when", "repeated_elsewhere",
    ),
    "a repeated item asked by another section": (
        repeat(section("in", item("a"), visible_when={"not": {"item": "goal", "known": True}})),
        "sections[0].items[1].visible_when", "repeated_elsewhere",
    ),
    "a repeated item asked by an adjustment": (
        repeat(ONE, scales=[scale(adjustments=[row({"item": "goal", "is": "yes"})])]),
        "scales[0].adjustments[0].when", "repeated_elsewhere",
    ),
    "repeats the wrong way": (
        pack(sections=[section("use", item("a"), repeat={"of": t("Use"), "min": 4, "max": 2})]), "sections[0].repeat.min", "wrong_order",
    ),
    "too many repeats": (
        pack(sections=[section("use", item("a"), repeat={"of": t("Use"), "max": 51})]), "sections[0].repeat.max", "out_of_range",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_an_instrument_is_found_at_its_place(name):
    data, path, code = FAULTS[name]
    assert (path, code) in wrong(data)


def migrated(*changes, version="0.9.0"):
    return pack(item("a"), item("b"), item("t", "text"), migrations=[{"from": version, "changes": list(changes)}])


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"do": "move", "from": "x"}, ".do", "not_allowed"),
        ({"do": "rename", "from": "x"}, ".to", "missing"),
        ({"do": "rename", "to": "a"}, ".from", "missing"),
        ({"do": "rename", "from": "x", "to": "gone"}, ".to", "unknown_item"),
        ({"do": "rename", "from": "x", "to": ["a", "b"]}, "", "wrong_type"),
        ({"do": "split", "from": "x", "to": ["a"]}, "", "wrong_type"),
        ({"do": "split", "from": ["x", "y"], "to": ["a", "b"]}, "", "wrong_type"),
        ({"do": "merge", "from": "x", "to": "a"}, "", "wrong_type"),
        ({"do": "merge", "from": ["x", "y"], "to": ["a", "b"]}, "", "wrong_type"),
        ({"do": "keep", "from": "gone"}, ".from", "unknown_item"),
        ({"do": "keep", "from": "a", "to": "b"}, ".to", "no_meaning"),
        ({"do": "drop", "from": "x", "to": "b"}, ".to", "no_meaning"),
        ({"do": "drop"}, ".from", "missing"),
        ({"do": "rename", "from": "x", "to": "a", "choices": {"old": "gone"}}, ".choices", "unknown_value"),
        ({"do": "rename", "from": "x", "to": "t", "choices": {"old": "yes"}}, ".choices", "unknown_value"),
        ({"do": "rename", "from": "x", "to": "a", "when": "later"}, ".when", "unknown_word"),
    ],
)
def test_a_fault_of_a_migration_map_is_found_at_its_place(change, place, code):
    assert (f"migrations[0].changes[0]{place}", code) in wrong(migrated(change))


def test_a_map_that_is_right_has_no_fault():
    changes = [
        {"do": "rename", "from": "old", "to": "a", "choices": {"ja": "yes"}, "confirm": True, "note": "why"},
        {"do": "merge", "from": ["x", "y"], "to": "b"}, {"do": "drop", "from": "z"}, {"do": "keep", "from": "t"},
    ]  # fmt: skip
    assert wrong(migrated(*changes)) == []


def test_faults_between_changes_and_versions_are_found():
    twice = migrated(
        {"do": "rename", "from": "x", "to": "a"},
        {"do": "rename", "from": "x", "to": "b"},
        {"do": "rename", "from": "y", "to": "a"},
    )
    assert wrong(twice) == [
        ("migrations[0].changes[1].from", "duplicate"),
        ("migrations[0].changes[2].to", "duplicate"),
    ]
    assert wrong(migrated(version="1.0.0")) == [("migrations[0].from", "same_version")]
    assert wrong(migrated(version="1.10.0")) == [("migrations[0].from", "wrong_order")]
    again = migrated()
    again["migrations"] *= 2
    assert ("migrations[1].from", "duplicate") in wrong(again)


@pytest.mark.parametrize(
    ("words", "path", "code"),
    [
        ({"answers": {"goal": "yes"}}, "answers.goal", "unknown_entry"),
        ({"answers": {"goal@2": "yes"}}, "answers.goal@2", "unknown_entry"),
        ({"answers": {"first@1": "yes"}}, "answers.first@1", "unknown_entry"),
        ({"answers": {"gone@1": "yes"}}, "answers.gone@1", "unknown_item"),
        ({"answers": {"goal@1": "maybe"}}, "answers.goal@1", "unknown_value"),
        ({"entries": {"one": ["a"]}}, "entries.one", "unknown_section"),
        ({"entries": {"use": ["a", "a"]}}, "entries.use[1]", "duplicate"),
        ({"entries": {"use": ["a-b"]}}, "entries.use[0]", "wrong_form"),
        ({"expect": {"visible": ["goal@9"]}}, "expect.visible[0]", "unknown_entry"),
        ({"phase": "use"}, "phase", "unknown_name"),
        ({"mode": "quick"}, "mode", "not_allowed"),
        ({"expect": {"levels": {"gone": 1}}}, "expect.levels.gone", "unknown_scale"),
        ({"expect": {}}, "expect", "empty"),
    ],
)
def test_a_fault_of_an_own_test_is_found_at_its_place(words, path, code):
    test = {"name": "n", "answers": {}, "expect": {"flags": []}, **words}
    assert (f"tests[0].{path}", code) in wrong(repeat(tests=[test]))


def test_own_tests_speak_of_entries():
    expect = {"visible": ["goal@1", "goal@2"], "flags": []}
    test = {"name": "n", "entries": {"use": ["1", "2"]}, "answers": {"goal@2": "yes"}, "expect": expect}
    assert wrong(repeat(tests=[test])) == []


def test_everything_is_told_at_once_circles_too():
    rows = [
        item("a", visible_when={"item": "b", "is": "yes"}), item("b", visible_when={"item": "a", "is": "yes"}),
        item("c", visible_when={"item": "gone", "is": "yes"}), item("d", visible_when={"item": "e", "is": "yes"}),
        item("e", visible_when={"item": "d", "is": "nothing"}), item("f", "slider"), item("f"),
    ]  # fmt: skip
    assert set(wrong(pack(*rows, scales=[scale(bands=bands(2, 1))]))) == {
        ("sections[0].items[0].visible_when", "circle"), ("sections[0].items[3].visible_when", "circle"),
        ("sections[0].items[2].visible_when", "unknown_item"), ("sections[0].items[4].visible_when", "unknown_value"),
        ("sections[0].items[5].type", "not_allowed"), ("sections[0].items[6].id", "duplicate"),
        ("scales[0]", "unused_scale"), ("scales[0].bands[1].upto", "band_gap"),
    }  # fmt: skip


# Languages


def texts_in(node, path=""):
    if isinstance(node, dict):
        if {"label", "title", "text"} & node.keys() or "of" in node:
            yield from (
                (f"{path}.{word}".lstrip("."), node[word])
                for word in ("label", "title", "text", "of", "help", "reason")
                if isinstance(node.get(word), dict)
            )
        for key, value in node.items():
            yield from texts_in(value, f"{path}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from texts_in(value, f"{path}[{number}]")


@pytest.mark.parametrize(
    "languages", [["en"], ["sv"], ["sv", "fi"], ["en", "sv"], ["en", "zh-Hant"], ["se", "sv", "fi"]]
)
def test_a_pack_is_whole_in_the_languages_that_it_names(languages):
    data = pack(scored("a", yes=1, no=0), item("m", "rights_matrix", matrix=MATRIX), scales=[scale(bands=bands(1))])
    data = pack_in(data, languages) | {"languages": languages}
    assert wrong(data) == []
    places = dict(texts_in(data))
    assert {
        f"{ITEM}.choices[1].label",
        "sections[0].items[1].matrix.dimensions[0].levels[0].label",
        "title",
    } <= places.keys()
    for place, text in places.items():
        for language in languages:
            kept = text.pop(language)
            assert wrong(data) == [(f"{place}.{language}", "missing_translation")]
            text[language] = " "
            assert wrong(data) == [(f"{place}.{language}", "missing_translation")]
            text[language] = kept


def pack_in(node, languages):
    """The same with every text in these languages."""
    if isinstance(node, dict):
        if node.keys() == {"en", "sv"}:
            return dict.fromkeys(languages, node["en"])
        return {key: pack_in(value, languages) for key, value in node.items()}
    return [pack_in(each, languages) for each in node] if isinstance(node, list) else node


def test_a_translation_more_than_those_named_may_be_partial():
    data = pack(item("a")) | {"languages": ["en"]}
    data["title"] = {"en": "x", "fi": "y"}
    assert wrong(data) == []
    data["title"]["English"] = "z"
    assert wrong(data) == [("title", "wrong_form")]


@pytest.mark.parametrize(
    ("languages", "path"), [([], "languages"), (["en", "en"], "languages"), (["English"], "languages[0]")]
)
def test_languages_are_named_each_once(languages, path):
    assert path in [where for where, _ in wrong(pack(item("a")) | {"languages": languages})]


@pytest.mark.parametrize("shipped", read_builtin(), ids=lambda one: one.id)
def test_what_is_shipped_stands_in_english_and_swedish(shipped):
    assert {"en", "sv"} <= set(languages_of(shipped.data))


# Files, and anything at all


def test_a_pack_of_fifty_megabytes_is_refused_by_its_size_before_it_is_read(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.write(b"kind: instrument\nid: [")
        stream.truncate(50_000_000)
    (problem,) = check_paths([path], [])
    assert (problem.file, problem.code) == (str(path), "too_large")
    assert str(MAX_BYTES) in problem.reason


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(packs() | packs(languages=("sv", "fi")))
def test_instruments_at_random_have_no_fault(data):
    assert wrong(data) == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(packs(), st.data())
def test_nonsense_in_an_instrument_is_told_and_never_crashes_the_check(data, draw):
    steps = [data]
    while isinstance(steps[-1], dict | list) and steps[-1] and (len(steps) < 2 or draw.draw(st.integers(0, 5))):
        keys = sorted(steps[-1]) if isinstance(steps[-1], dict) else range(len(steps[-1]))
        key, holder = draw.draw(st.sampled_from(list(keys))), steps[-1]
        steps.append(holder[key])
    holder[key] = draw.draw(
        st.sampled_from([None, True, -1, 1.5, "", "x", [], ["x"], [[]], {}, {"id": "x"}, {"item": []}])
    )
    wrong(data)
