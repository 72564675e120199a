"""`trygg fairness`: what it writes, what it refuses, and that a refusal writes nothing."""

import json

import pytest
from typer.testing import CliRunner

from tests.engines.fairness_tables import STUDENT, made, of_counts, parquet, student, text
from trygg.front.cli import app

ASKED = ["--attributes", "sex,age,origin", "--decision", "flagged", "--outcome", "harm", "--favourable", "0"]


def run(*arguments):
    return CliRunner().invoke(app, ["fairness", *map(str, arguments)])


def audit(path, *more, asked=ASKED):
    done = run("audit", path, *asked, *more)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture
def path(tmp_path):
    return parquet(tmp_path / "decisions.parquet", made(gap=0.25))


def test_an_audit_has_what_is_promised(path):
    found = audit(
        path,
        "--primary",
        "fnr:sex",
        "--material",
        "fnr=0.1",
        "--disclosure",
        "restricted",
        "--reference",
        "sex=M",
        "--score",
        "score",
    )
    assert found["rows"] == 4000 and {row["name"]: row["coverage"] for row in found["attributes"]} == {
        "sex": 1,
        "age": 1,
        "origin": 1,
    }
    everybody = found["groups"][0]
    assert everybody["attributes"] == {} and sum(everybody["counts"].values()) == everybody["n"] == 4000
    assert set(everybody["metrics"]["fpr"]) >= {"value", "low", "high", "state"}
    declared = [row for row in found["comparisons"] if row["primary"]]
    assert len(declared) == 1 and declared[0]["group"] == {"sex": "F"} and declared[0]["reference"] == {"sex": "M"}
    assert (
        declared[0]["verdict"] == "disparity_shown"
        and declared[0]["difference"] > 0.15
        and declared[0]["material"] == 0.1
    )
    assert set(declared[0]) >= {
        "metric",
        "group",
        "reference",
        "difference",
        "low",
        "high",
        "p_adjusted",
        "verdict",
        "needed_n",
    }
    assert set(found["method"]) >= {"versions", "seed", "input_hash", "cube_hash"} and found["warnings"]
    assert found["calibration"] and found["auc"] and found["thresholds"]


def test_what_is_printed_is_safe_to_publish_unless_one_says_otherwise(path):
    found = audit(path)
    assert found["method"]["disclosure"] == "public"
    assert all(row["n"] is None or row["n"] % 5 == 0 for row in found["groups"])


@pytest.mark.parametrize(
    ("format", "language", "said"),
    [("md", "en", "# "), ("html", "sv", "<!doctype html>"), ("html", "en", "Disparity shown")],
)
def test_reports_in_words(format, language, said, path, tmp_path):
    done = run("audit", path, *ASKED, "--format", format, "--language", language, "-o", tmp_path / "report")
    assert done.exit_code == 0, done.output
    written = (tmp_path / "report").read_text("utf-8")
    assert said in written and ("missade" if language == "sv" else "missed") in written


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_paper_is_a_tagged_pdf_and_the_same_bytes_again(language, path, tmp_path):
    from pypdf import PdfReader

    for name in ("a.pdf", "b.pdf"):
        done = run("audit", path, *ASKED, "--format", "pdf", "--language", language, "-o", tmp_path / name)
        assert done.exit_code == 0, done.output
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    reader = PdfReader(tmp_path / "a.pdf")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] and reader.trailer["/Root"]["/Lang"] == language
    words = " ".join(page.extract_text() for page in reader.pages)
    assert ("Skillnad påvisad" if language == "sv" else "Disparity shown") in words


def test_the_cube_travels_and_is_audited_elsewhere(path, tmp_path):
    cube = tmp_path / "cube.json"
    done = run("cube", path, *ASKED, "-o", cube)
    assert done.exit_code == 0 and "No row of the table is in it" in done.output
    again = run("audit", cube, "--primary", "fnr:sex")
    assert again.exit_code == 0, again.output
    found = json.loads(again.stdout)
    assert next(row for row in found["comparisons"] if row["primary"])["verdict"] == "disparity_shown"
    later = run("cube", path, *ASKED, "-o", tmp_path / "later.json", "--earlier", cube)
    assert later.exit_code == 0 and not [
        row for row in json.loads((tmp_path / "later.json").read_text())["warnings"] if row["code"] == "differencing"
    ]


def test_two_audits_are_compared_in_words(path, tmp_path):
    before = parquet(tmp_path / "before.parquet", made(gap=0.0, seed=8))
    for name, data in (("old.json", before), ("new.json", path)):
        assert run("audit", data, *ASKED, "-o", tmp_path / name).exit_code == 0
    done = run("compare", tmp_path / "old.json", tmp_path / "new.json")
    assert done.exit_code == 0 and "→ Disparity shown" in done.output and "verdicts changed" in done.output
    found = json.loads(run("compare", tmp_path / "old.json", tmp_path / "new.json", "--format", "json").stdout)
    assert found["verdicts_changed"] > 0


def test_a_plan(path):
    done = run(
        "plan", "--rate", "0.1", "--material", "0.05", "--share", "0.2", "--counted", "0.3", "--comparisons", "4"
    )
    assert done.exit_code == 0 and "children in all" in done.output
    found = json.loads(run("plan", "--rate", "0.1", "--format", "json").stdout)
    assert found["children"] > 1000 and len(found["sizes"]) > 4


@pytest.mark.skipif(not STUDENT.is_dir(), reason="the shared student data are not on this machine")
@pytest.mark.parametrize("name", ["mat", "por"])
def test_the_pupils(name, tmp_path):
    path = student(name, tmp_path / "pupils.csv")
    asked = ["--attributes", "sex,address,school", "--decision", "flag", "--outcome", "failed", "--favourable", "0"]
    found = audit(path, "--disclosure", "restricted", asked=asked)
    assert found["rows"] == {"mat": 395, "por": 649}[name] and found["groups"][0]["n"] == found["rows"]
    open_ = [row for row in found["comparisons"] if row["primary"] and row["verdict"] == "not_enough_data"]
    assert open_ and all(
        row["more_children"] > 0 for row in open_ if row["reason"] == "too_few"
    )  # so few pupils cannot tell
    published = audit(path, asked=asked)
    assert {row["state"] for group in published["groups"] for row in group["metrics"].values()} >= {
        "defined",
        "suppressed",
    }


# Wrong use ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--attributes", "sex,agee", "--decision", "flagged", "--favourable", "0"], "did you mean 'age'"),
        (["--attributes", "sex", "--favourable", "0"], "--decision"),
        (["--attributes", "", "--decision", "flagged", "--favourable", "0"], "No attribute is named"),
        (["--attributes", "sex", "--decision", "flagged"], "--favourable"),
        (
            ["--attributes", "sex", "--decision", "age", "--favourable", "0"],
            "'age' must hold two kinds of decision, but has 3: '0-5', '13-17', '6-12'",
        ),
        ([*ASKED, "--primary", "fnr"], "METRIC:ATTRIBUTE"),
        ([*ASKED, "--primary", "fnr:school"], "'school' is not one of the attributes"),
        ([*ASKED, "--material", "fnr=five"], "must be a number above 0 and below 1"),
        ([*ASKED, "--material", "fnr=1.5"], "must be a number above 0 and below 1"),
        ([*ASKED, "--reference", "sex"], "NAME=VALUE"),
        ([*ASKED, "--reference", "sex=X"], "no value 'X'"),
        ([*ASKED, "--rank", "place"], "--rank and --top-k go together"),
        ([*ASKED, "--id", "sex"], "'sex' is named as an attribute and as --id"),
        ([*ASKED, "--depth", "0"], "--depth"),
        ([*ASKED, "--format", "pdf"], "-o FILE"),
        ([*ASKED, "--earlier", "nowhere.json"], "no such file"),
    ],
)
def test_wrong_use_is_said_in_a_sentence_with_exit_code_2(more, said, path, tmp_path):
    done = run("audit", path, *more, *([] if "pdf" in more else ["-o", tmp_path / "never.json"]))
    assert done.exit_code == 2 and said in done.output and "Traceback" not in done.output
    assert sorted(each.name for each in tmp_path.iterdir()) == [path.name]


def test_bad_data_writes_nothing_and_leaves_what_was_there(tmp_path):
    bad = text(tmp_path / "bad.csv", {**of_counts(a=(9, 9, 9, 9), b=(9, 9, 9, 9)), "s": ["nan"] * 72})
    target = tmp_path / "report.json"
    target.write_text("before")
    done = run("audit", bad, "--attributes", "g", "--decision", "d", "--favourable", "0", "--score", "s", "-o", target)
    assert done.exit_code == 2 and "'s' has the value 'nan'" in done.output and target.read_text() == "before"
    assert run("audit", tmp_path / "nowhere.csv", *ASKED).exit_code == 2
    assert run("audit", bad, *ASKED, "-o", tmp_path / "no" / "such").exit_code == 2
    assert run("compare", target, target).exit_code == 2
    assert run("plan", "--rate", "2").exit_code == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad.csv", "report.json"]
