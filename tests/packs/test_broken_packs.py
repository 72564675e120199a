"""A pack with one fault is refused with the place and the reason; all faults are told at once."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_packs import FRAMEWORK, INSTRUMENT, RULES, broken, t

from trygg.packs.check import check_packs, check_paths
from trygg.packs.loader import pack_from_data


def at(data, path):
    """The holder and the last step of a path such as `rules/0/title`."""
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in steps:
        data = data[step]
    return data, last


def put(path, value):
    def change(data):
        holder, last = at(data, path)
        holder[last] = value

    return change


def drop(path):
    def change(data):
        holder, last = at(data, path)
        del holder[last]

    return change


def again(path):
    """Let the thing at `path` stand twice in its list."""

    def change(data):
        holder, last = at(data, path)
        holder.append(copy.deepcopy(holder[last]))

    return change


def both(*changes):
    def change(data):
        for each in changes:
            each(data)

    return change


def one_of(*others):
    """Make the first need one of several: itself, and these."""

    def change(data):
        needs = data["requirements"][0]["needs"]
        needs[0] = {"id": "n1", "any_of": [{**needs[0], "id": "n1-first"}, *others]}

    return change


ALTERNATIVES = "requirements[0].needs[0].any_of"
RULE, ITEM, NEED = "rules/0", "sections/0/items/1", "requirements/0/needs/0"
LONG = "This is a sentence that goes on and on until nobody who is eight years old remembers how it began."

FAULTS = [
    # (kind, change, path of the problem, code)
    ("rules", drop("title/sv"), "title.sv", "missing_translation"),
    ("rules", put("rules/0/statement/sv", " "), "rules[0].statement.sv", "missing_translation"),
    ("rules", drop("rules/0/next/en"), "rules[0].next.en", "missing_translation"),
    ("rules", drop("rules/0/verified"), "rules[0].verified", "missing"),
    ("rules", put("rules/0/verified", "maybe"), "rules[0].verified", "not_allowed"),
    ("rules", drop("rules/0/source"), "rules[0].source", "missing"),
    ("rules", put("rules/0/source", "GONE"), "rules[0].source", "unknown_source"),
    ("rules", drop("sources/ACT/checked"), "sources.ACT.checked", "missing"),
    ("rules", drop("sources/ACT/verified"), "sources.ACT.verified", "missing"),
    ("rules", drop("date"), "date", "missing"),
    ("rules", put("date", "2026-13-01"), "date", "not_a_date"),
    ("rules", put("rules/0/from", "20271202"), "rules[0].from", "not_a_date"),
    ("rules", put("version", "1"), "version", "wrong_form"),
    ("rules", put("id", "Law Book"), "id", "wrong_form"),
    ("rules", put("kind", "recipe"), "kind", "unknown_kind"),
    ("rules", put("rules/0/colour", "red"), "rules[0].colour", "unknown_word"),
    ("rules", put("rules/0/outcome", "forbidden"), "rules[0].outcome", "not_allowed"),
    ("rules", drop("rules/0/when"), "rules[0].when", "missing"),
    ("rules", again("rules/1"), "rules[2].id", "duplicate"),
    ("rules", again("facts/0"), "facts[3].id", "duplicate"),
    ("rules", again("facts/1/choices/0"), "facts[1].choices[2].id", "duplicate"),
    ("rules", again("tests/0"), "tests[2]", "duplicate"),
    ("rules", put("facts/0/id", "date"), "facts[0].id", "reserved"),
    ("rules", drop("facts/1/choices"), "facts[1].choices", "missing"),
    (
        "rules",
        put("facts/0/choices", [{"id": "a", "label": t()}, {"id": "b", "label": t()}]),
        "facts[0].choices",
        "no_meaning",
    ),
    ("rules", put("rules/0/when", {"fact": "gone", "is": True}), "rules[0].when", "unknown_fact"),
    ("rules", put("rules/0/when/all/1/includes", "99"), "rules[0].when.all[1]", "unknown_value"),
    ("rules", put("rules/0/when/all/1", {"fact": "ages", "is": "0-5"}), "rules[0].when.all[1]", "wrong_comparison"),
    ("rules", put("rules/0/when/all/0/is", "yes"), "rules[0].when.all[0]", "unknown_value"),
    ("rules", put("rules/0/when", {"all": []}), "rules[0].when.all", "condition_wrong_type"),
    ("rules", put("rules/0/when", {"item": "heard", "is": "yes"}), "rules[0].when", "condition_wrong_subject"),
    ("rules", put("rules/1/when", {"fact": "children", "known": True}), "rules[1].when", "ignorance_decides"),
    (
        "rules",
        put("rules/1/when", {"not": {"fact": "children", "known": False}}),
        "rules[1].when.not",
        "ignorance_decides",
    ),
    ("rules", put("rules/0/until", "2026-01-01"), "rules[0].until", "ends_before_it_begins"),
    ("rules", put("rules/1/early", "advice"), "rules[1].early", "no_meaning"),
    ("rules", both(put("rules/0/outcome", "prohibited")), "rules[0].met_when", "no_meaning"),
    ("rules", put("requires", ["nowhere"]), "requires[0]", "unknown_pack"),
    ("rules", put("requires", ["law"]), "requires[0]", "requires_itself"),
    ("rules", put("tests/0/expect", {"R9": "duty"}), "tests[0].expect.R9", "unknown_rule"),
    ("rules", put("tests/0/expect", {"R2": "perhaps"}), "tests[0].expect.R2", "not_allowed"),
    ("rules", put("tests/0/facts/ages", ["99"]), "tests[0].facts.ages", "unknown_value"),
    ("rules", put("tests/0/facts/children", "unknown"), "tests[0].facts.children", "unknown_value"),
    ("rules", put("tests/0/facts/gone", True), "tests[0].facts.gone", "unknown_fact"),
    ("rules", put("tests/0/expect/R2", "advice"), "tests[0].expect.R2", "test_failed"),
    ("rules", put("tests", []), "tests", "empty"),
    ("instrument", put("scales/0/bands/0", {"id": "low", "title": t()}), "scales[0].bands[0].upto", "band_gap"),
    ("instrument", put("scales/0/bands/1/upto", 9), "scales[0].bands[1].upto", "band_gap"),
    ("instrument", again("scales/0/bands/0"), "scales[0].bands[1].upto", "band_gap"),
    ("instrument", put("scales/0/rule", "average"), "scales[0].rule", "not_allowed"),
    (
        "instrument",
        put("sections/0/items/0/choices/0/points", {"gone": 1}),
        "sections[0].items[0].choices[0].points.gone",
        "unknown_scale",
    ),
    ("instrument", again(ITEM), "sections[0].items[2].id", "duplicate"),
    ("instrument", put(f"{ITEM}/visible_when/item", "gone"), "sections[0].items[1].visible_when", "unknown_item"),
    ("instrument", put(f"{ITEM}/visible_when/is", "perhaps"), "sections[0].items[1].visible_when", "unknown_value"),
    (
        "instrument",
        put(f"{ITEM}/visible_when", {"date": "before", "value": "2027-01-01"}),
        "sections[0].items[1].visible_when",
        "condition_date_not_allowed",
    ),
    (
        "instrument",
        put(f"{ITEM}/visible_when", {"item": "why_not", "is": "x"}),
        "sections[0].items[1].visible_when",
        "circle",
    ),
    ("instrument", put(f"{ITEM}/min", 3), "sections[0].items[1]", "no_meaning"),
    ("instrument", put("sections/0/items/0/verified", "partly"), "sections[0].items[0].choices[1].flag", "unverified_stop"),
    ("framework", one_of({"kind": "decision"}), f"{ALTERNATIVES}[1].id", "missing"),
    ("framework", one_of({"id": "n1-first", "kind": "decision"}), f"{ALTERNATIVES}[1].id", "duplicate"),
    ("framework", one_of({"id": "paper", "kind": "document"}), f"{ALTERNATIVES}[1].document", "missing"),
    ("framework", one_of({"id": "other", "kind": "answers", "instrument": "gone", "items": ["x"]}), f"{ALTERNATIVES}[1].instrument", "unknown_pack"),
    ("framework", one_of({"id": "deep", "kind": "decision", "depth": "abyss"}), f"{ALTERNATIVES}[1].depth", "not_allowed"),
    ("framework", one_of(), ALTERNATIVES, "empty"),
    ("instrument", put("unverified_stops", "escalate"), "unverified_stops", "no_meaning"),
    ("instrument", put("unverified_stops", "ignore"), "unverified_stops", "not_allowed"),
    ("instrument", put("applies_when", {"fact": "gone", "is": True}), "applies_when", "unknown_fact"),
    ("instrument", put("applies_when", {"item": "heard", "is": "yes"}), "applies_when", "condition_wrong_subject"),
    ("instrument", drop(f"{ITEM}/source"), "sections[0].items[1].source", "missing"),
    ("instrument", put("tests/0/answers/heard", "perhaps"), "tests[0].answers.heard", "unknown_value"),
    ("instrument", put("tests/0/expect/visible", ["gone"]), "tests[0].expect.visible[0]", "unknown_item"),
    ("instrument", put("tests/0/expect/scores/risk", 4), "tests[0].expect.scores.risk", "test_failed"),
    ("instrument", put("tests/0/expect/flags", []), "tests[0].expect.flags", "test_failed"),
    (
        "instrument",
        put("tests/0/expect/flags", [{"item": "why_not", "flag": "stop"}]),
        "tests[0].expect.flags",
        "test_failed",
    ),
    ("instrument", put("tests/1/expect/hidden", ["heard"]), "tests[1].expect.hidden", "test_failed"),
    ("framework", put(f"{NEED}/items", ["gone"]), "requirements[0].needs[0].items[0]", "unknown_item"),
    ("framework", put(f"{NEED}/instrument", "gone"), "requirements[0].needs[0].instrument", "unknown_pack"),
    ("framework", put(f"{NEED}/when/item", "gone"), "requirements[0].needs[0].when", "unknown_item"),
    ("framework", put(f"{NEED}/when/is", "perhaps"), "requirements[0].needs[0].when", "unknown_value"),
    ("framework", drop("requirements/0/needs/1/document"), "requirements[0].needs[1].document", "missing"),
    ("framework", put("requirements/0/needs/1/metric", "x"), "requirements[0].needs[1].metric", "unknown_word"),
    ("framework", put("requirements/0/needs", []), "requirements[0].needs", "empty"),
    ("framework", again(NEED), "requirements[0].needs[2].id", "duplicate"),
    ("framework", put("requirements/0/group", "gone"), "requirements[0].group", "unknown_group"),
    ("framework", put("requirements/0/child/en", LONG), "requirements[0].child.en", "long_sentence"),
    ("framework", drop("requirements/0/child"), "requirements[0].child", "missing"),
    ("framework", put("requires", ["screening"]), "applies_when", "not_required"),
    ("framework", put("applies_when", {"fact": "children", "known": True}), "applies_when", "ignorance_decides"),
    ("framework", put("depth/0/level", "standard"), "depth[1].level", "depth_order"),
    ("framework", put("tests/0/documents/protocol", "lately"), "tests[0].documents.protocol", "not_a_date"),
    ("framework", put("tests/0/answers/screening/heard", "x"), "tests[0].answers.screening.heard", "unknown_value"),
    ("framework", put("tests/0/expect/applies", "maybe"), "tests[0].expect.applies", "not_allowed"),
    ("framework", put("tests/0/expect/applies", False), "tests[0].expect.applies", "test_failed"),
    ("framework", put("tests/0/expect/depth", "full"), "tests[0].expect.depth", "test_failed"),
    (
        "framework",
        put("tests/0/expect/claims", {"gone": "stale"}),
        "tests[0].expect.claims.gone",
        "unknown_requirement",
    ),
    (
        "framework",
        put("tests/0/expect/claims/children-heard", "stale"),
        "tests[0].expect.claims.children-heard",
        "test_failed",
    ),
]


@pytest.mark.parametrize("kind", ["rules", "instrument", "framework"])
def test_the_small_packs_have_no_fault(kind):
    assert broken(kind, lambda data: None) == []


@pytest.mark.parametrize(("kind", "change", "path", "code"), FAULTS, ids=[f"{f[0]}-{f[3]}-{f[2]}" for f in FAULTS])
def test_a_fault_is_found_at_its_place(kind, change, path, code):
    found = [(problem.path, problem.code) for problem in broken(kind, change)]
    assert (path, code) in found
    assert all(problem.reason for problem in broken(kind, change))


def test_every_fault_is_told_at_once():
    change = both(drop("title/sv"), drop("rules/0/source"), put("rules/1/when", {"fact": "gone", "is": 1}))
    assert {problem.path for problem in broken("rules", change)} == {"title.sv", "rules[0].source", "rules[1].when"}


def test_a_problem_reads_as_a_line():
    (problem,) = broken("rules", drop("title/sv"))
    assert str(problem) == "rules.yaml: title.sv: the text in 'sv' is missing"


def test_a_fact_is_declared_once_in_the_whole_catalogue():
    other = {**copy.deepcopy(RULES), "id": "other-law"}
    found = check_packs([pack_from_data(RULES), pack_from_data(other, "other.yaml")])
    places = [(problem.file, problem.path) for problem in found if problem.code == "declared_twice"]
    assert places == [("other.yaml", f"facts[{number}].id") for number in range(3)]


def test_two_packs_may_not_share_an_id():
    renamed = {**copy.deepcopy(INSTRUMENT), "id": "law"}
    found = check_packs([pack_from_data(RULES, "a.yaml"), pack_from_data(renamed, "b.yaml")])
    assert ("b.yaml", "duplicate_pack") in [(problem.file, problem.code) for problem in found]


def test_a_new_version_replaces_the_one_beside_it():
    newer = {**copy.deepcopy(RULES), "version": "1.1.0"}
    assert check_packs([pack_from_data(newer)], [pack_from_data(RULES)]) == []


def test_a_framework_whose_instrument_is_faulty_says_so_and_does_not_crash():
    faulty = copy.deepcopy(INSTRUMENT)
    del faulty["sections"][0]["items"][0]["text"]
    found = check_packs([pack_from_data(FRAMEWORK, "f.yaml")], [pack_from_data(RULES), pack_from_data(faulty)])
    assert [(problem.path, problem.code) for problem in found] == [("tests", "test_failed")]


def test_a_file_lies_where_its_kind_and_id_say(tmp_path):
    folder = tmp_path / "framework"
    folder.mkdir()
    (folder / "wrong.yaml").write_text("kind: rules\nid: law\n")
    codes = [(problem.path, problem.code) for problem in check_paths([tmp_path], [])]
    assert ("id", "wrong_place") in codes
    assert ("kind", "wrong_place") in codes


def test_files_that_cannot_be_read_are_told_beside_the_others(tmp_path):
    (tmp_path / "a.yaml").write_text("a: [")
    (tmp_path / "b.yaml").write_text("kind: rules\n")
    found = check_paths([tmp_path, tmp_path / "gone.yaml"], [])
    assert {problem.file.rsplit("/", 1)[-1] for problem in found} == {"a.yaml", "b.yaml", "gone.yaml"}


# ---- anything at all

nonsense = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=4)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "en", "fact", "is", "x"]), inner)
    ),
    max_leaves=4,
)


def places(data, path=()):
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    if isinstance(data, list):
        for index, value in enumerate(data):
            yield from places(value, (*path, index))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=120)
@given(st.data(), st.sampled_from(["rules", "instrument", "framework"]), nonsense)
def test_nonsense_anywhere_is_told_and_never_crashes_the_check(data, kind, value):
    original = {"rules": RULES, "instrument": INSTRUMENT, "framework": FRAMEWORK}[kind]
    path = data.draw(st.sampled_from(list(places(original))[1:]))

    def change(pack):
        for step in path[:-1]:
            pack = pack[step]
        pack[path[-1]] = value

    for problem in broken(kind, change):
        assert problem.reason
