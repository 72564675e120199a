"""`trygg instruments`: convert, score, export; exit codes, everything listed, nothing half written."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trygg.front.cli import app
from trygg.packs.check import check_paths
from trygg.packs.loader import read_pack

SURVEY = Path(__file__).parents[5] / "tests" / "engines" / "surveys" / "impact.json"
RECORD = {"projectDetailsPhase": "item1", "riskProfile1": "item3-30", "consultationDesign1": "item2-10"}
EASED = {
    **RECORD,
    "consultationDesign2": ["item2-4.5", "item3-5.5"],
    "consultationImplementation1": "item2-10",
    "nobody knows": 1,
}


def trygg(*arguments, code=0):
    done = CliRunner().invoke(app, ["instruments", *map(str, arguments)])
    assert done.exit_code == code, (done.output, done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def pack(tmp_path):
    trygg("convert", SURVEY, "-o", tmp_path / "packs")
    return tmp_path / "packs" / "impact.yaml"


@pytest.fixture
def write(tmp_path):
    def written(content, name="file.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return written


# ---- convert


def test_convert_writes_a_pack_that_can_be_published(pack):
    assert check_paths([pack]) == []
    data = read_pack(pack).data
    assert (data["id"], data["version"], data["convention"], data["languages"]) == (
        "impact",
        "1.0.0",
        "aia",
        ["en", "fr"],
    )


def test_convert_says_what_it_did(tmp_path):
    done = trygg("convert", SURVEY, "-o", tmp_path, "--id", "own", "--version", "2.0.1", "--format", "json")
    told = json.loads(done.stdout)
    assert Path(told["written"]) == tmp_path / "own.yaml" and (told["questions"], told["scored"]) == (14, 8)
    assert {"path": "", "code": "left_out", "reason": "left out: showProgressBar"} in told["notes"]
    assert read_pack(tmp_path / "own.yaml").version == "2.0.1"
    assert "14 questions, 8 of them scored" in trygg("convert", SURVEY, "-o", tmp_path).stdout


def test_convert_lists_everything_that_is_wrong_and_writes_nothing(tmp_path, write):
    survey = write(
        {"elements": [{"type": "hologram", "name": "a"}, {"name": "b", "visibleIf": "{gone} = 1"}, {"name": "b"}]}
    )
    done = trygg("convert", survey, "-o", tmp_path / "packs", code=1)
    assert done.stderr.count("\n") == 4 and done.stdout == ""
    for part in ("elements[0].type", "elements[1].visibleIf", "elements[2]", "3 problems: nothing was written"):
        assert part in done.stderr
    assert not (tmp_path / "packs").exists()
    told = json.loads(trygg("convert", survey, "-o", tmp_path / "packs", "--format", "json", code=1).stdout)
    assert [one["code"] for one in told["problems"]] == ["unknown_type", "duplicate_name", "unknown_question"]


def test_an_earlier_pack_stays_when_something_is_wrong(pack, write):
    before = pack.read_bytes()
    trygg("convert", write("{", "impact.json"), "-o", pack.parent, code=1)
    assert pack.read_bytes() == before and [path.name for path in pack.parent.iterdir()] == ["impact.yaml"]


def test_a_survey_that_is_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    done = trygg("convert", path, "-o", tmp_path / "packs", code=1)
    assert "50000000 bytes; at most 5000000" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("gone.json", "-o", "x"),
        (SURVEY, "-o", SURVEY),
        (SURVEY, "-o", "x", "--id", "No id"),
        (SURVEY, "-o", "x", "--version", "one"),
    ],
)
def test_convert_used_wrongly(arguments):
    trygg("convert", *arguments, code=2)


# ---- score


def scores(*arguments):
    return json.loads(trygg("score", *arguments, "--format", "json").stdout)


def test_a_score_in_both_modes(pack, write):
    answers = write([RECORD, EASED])
    plain, eased = scores(pack, answers, "--mode", "completed")
    assert [plain[key] for key in ("raw", "max_raw", "mitigation", "max_mitigation", "current", "level")] == [
        30,
        120,
        10,
        50,
        30,
        1,
    ]
    assert [eased[key] for key in ("raw", "mitigation", "current", "level")] == [30, 20, 26, 1]
    assert eased["points"] == {
        "projectDetailsSector-RS": 0, "riskProfile1": 30, "aboutSystem3": 0, "aboutSystem4": 0, "consultationDesign1": 10,
        "consultationDesign2": 10, "consultationImplementation1": 0, "consultationImplementation2": 0,
    }  # fmt: skip
    assert eased["dropped"] == [{"question": "consultationImplementation1", "why": "hidden_not_met"}]
    assert eased["unknown"] == ["nobody knows"] and eased["scales"]["risk"]["applied"] == ["mitigated"]
    live = scores(pack, answers, "--mode", "live")[1]
    assert (live["mitigation"], live["dropped"], live["points"]["consultationImplementation1"]) == (30, [], 10)


def test_values_that_are_no_choices_are_dropped_with_the_reason(pack, write):
    [found] = scores(pack, write({"aboutSystem3": ["item4-4", "item9-9"], "riskProfile1": "x-7"}))
    assert found["raw"] == 4
    assert found["dropped"] == [
        {"question": "riskProfile1", "why": "no_such_choice", "values": ["x-7"]},
        {"question": "aboutSystem3", "why": "no_such_choice", "values": ["item9-9"]},
    ]


def test_numbers_are_exact(pack, write):
    [found] = scores(
        pack,
        write({"projectDetailsSector-RS": "item2-1.5", "aboutSystem3": ["item1-0.1", "item1-0.2"]}),
        "--mode",
        "live",
    )
    assert (
        found["raw"] == 1.8
        and '"raw": 1.8,'
        in trygg("score", pack, write({"projectDetailsSector-RS": 1.8}), "--mode", "live", "--format", "json").stdout
    )


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (json.dumps(EASED), "a.json"),
        (json.dumps([EASED]), "a.json"),
        (json.dumps({"data": EASED}), "a.json"),
        (json.dumps({"version": "1.0.1", "currentPage": 2, "data": EASED, "translationsOnResult": {}}), "a.json"),
        (json.dumps(EASED) + "\n\n", "a.jsonl"),
        ("\ufeff" + json.dumps({"data": EASED}), "a.jsonl"),
    ],
)
def test_records_in_every_form(pack, write, content, name):
    assert [one["current"] for one in scores(pack, write(content, name))] == [26]


def test_lines_under_any_name(pack, write):
    assert [one["raw"] for one in scores(pack, write("{}\n" + json.dumps(RECORD), "a.txt"))] == [0, 30]


def test_a_pack_in_every_form(pack, write):
    answers = write(RECORD)
    expected = scores(pack, answers)
    assert scores(pack.parent, answers) == scores(SURVEY, answers) == expected
    [shipped] = scores("child-rights-screening", answers)
    assert (shipped["mitigation"], shipped["max_mitigation"]) == (None, None)
    assert "riskProfile1" in shipped["unknown"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ('{"a": NaN}', "a.json", "line 1, column 7: no JSON: NaN"),
        ('{"a": Infinity}', "a.json", "Infinity"),
        ('{}\n{"a":\n{}\n[1]\n{"b": NaN}', "a.jsonl", ["line 2", "line 4: no object of answers, but a list", "line 5"]),
        ("[{}, 3]", "a.json", "record 2 is no object of answers, but a number"),
        ('"text"', "a.json", "but a text"),
        ("{", "a.json", "line 1, column 2"),
        ("[" * 200 + "]" * 200, "a.json", "deep"),
    ],
)
def test_broken_answers_are_named_and_nothing_is_printed(pack, write, content, name, said):
    done = trygg("score", pack, write(content, name), "--format", "json", code=1)
    assert done.stdout == ""
    for part in [said] if isinstance(said, str) else said:
        assert part in done.stderr


def test_score_used_wrongly(pack, write, tmp_path):
    answers = write(RECORD)
    for arguments in (
        ("gone", answers),
        (pack, "gone.json"),
        (pack, answers, "--phase", "design"),
        (tmp_path, answers),
    ):
        trygg("score", *arguments, code=2)
    assert "child-rights-screening" in trygg("score", "gone", answers, code=2).stderr


def test_a_faulty_pack_is_refused_with_every_reason(pack, write):
    faulty = write(
        pack.read_text("utf-8").replace("scale: mitigation", "scale: gone").replace("depth: light", "depth: deep", 1),
        "faulty.yaml",
    )
    done = trygg("score", faulty, write(RECORD), code=1)
    assert "gone" in done.stderr and "deep" in done.stderr


def test_scores_in_words(pack, write):
    done = trygg("score", pack, write([RECORD, EASED]))
    assert (
        done.stdout.splitlines()[1] == "2. risk: 30 of 120 -> 26, level 1; mitigation: 20 of 50; 1 dropped; 1 unknown"
    )


# ---- export


def test_export_and_convert_give_the_same_pack(pack, tmp_path):
    target = tmp_path / "survey.json"
    trygg("export", pack, "--format", "surveyjs", "-o", target)
    trygg("convert", target, "-o", tmp_path / "again")
    assert (tmp_path / "again" / "impact.yaml").read_bytes() == pack.read_bytes()
    trygg("export", "child-rights-screening", "-o", target)
    trygg("convert", target, "-o", tmp_path / "again")
    from trygg.packs.catalogue import builtin

    assert (
        read_pack(tmp_path / "again" / "child-rights-screening.yaml").hash
        == builtin().get("instrument", "child-rights-screening").hash
    )


def test_what_travelled_beside_a_survey_is_checked(pack, tmp_path):
    target = tmp_path / "survey.json"
    trygg("export", pack, "-o", target)
    survey = json.loads(target.read_text("utf-8"))
    survey["trygg"]["pack"]["scales"][0]["rule"] = "guess"
    target.write_text(json.dumps(survey), encoding="utf-8")
    assert "guess" in trygg("convert", target, "-o", tmp_path / "again", code=1).stderr


def test_export_used_wrongly(pack, tmp_path):
    trygg("export", pack, "-o", tmp_path, code=2)
    trygg("export", pack, "-o", tmp_path / "no" / "folder.json", code=2)
