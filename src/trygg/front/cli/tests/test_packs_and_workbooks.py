"""`trygg packs new`, `trygg packs schema`, and instruments and answers to and from Excel: files, words, exit codes."""

import io
import json

import openpyxl
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from trygg.front.cli import app
from trygg.packs.catalogue import read_builtin
from trygg.packs.loader import read_pack

pytestmark = pytest.mark.full


def trygg(*arguments, code=0):
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.fixture
def pack(tmp_path):
    trygg("packs", "new", "mine", "-o", tmp_path)
    return tmp_path / "mine.yaml"


# trygg packs


@pytest.mark.parametrize("kind", ["instrument", "framework", "rules", "mapping", "glossary"])
@pytest.mark.parametrize("languages", ["en,sv", "sv,en,fi"])
def test_a_new_pack_passes_the_check_as_it_is(tmp_path, kind, languages):
    trygg("packs", "new", "mine-2", "--kind", kind, "--languages", languages, "-o", tmp_path / "made")
    text = (tmp_path / "made" / "mine-2.yaml").read_text("utf-8")
    assert text.count("#") > 5
    assert trygg("packs", "check", tmp_path / "made").output == "1 pack: nothing wrong.\n"


@pytest.mark.parametrize("languages", ["en", "sv", "fi", "sv, se", "en,zh-Hant"])
def test_questions_may_begin_in_any_languages(tmp_path, languages):
    trygg("packs", "new", "mine", "--languages", languages, "-o", tmp_path)
    assert ", ".join(read_pack(tmp_path / "mine.yaml").data["languages"]) == languages.replace(" ", "").replace(
        ",", ", "
    )
    trygg("packs", "check", tmp_path)


def test_a_new_pack_says_where_it_stands(tmp_path):
    told = json.loads(trygg("packs", "new", "mine", "-o", tmp_path, "--format", "json").stdout)
    assert told == {
        "written": str(tmp_path / "mine.yaml"),
        "id": "mine",
        "kind": "instrument",
        "languages": ["en", "sv"],
    }


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["Mine"], "lower case"),
        (["a--b"], "lower case"),
        (["../mine"], "lower case"),
        (["mine", "--languages", "english"], "code of a language"),
        (["mine", "--languages", "en,en"], "once"),
        (["mine", "--languages", ","], "once"),
        (["mine", "--languages", "fi", "--kind", "rules"], "en and sv"),
        (["mine", "--kind", "course"], "course"),
    ],
)
def test_wrong_use_of_new_is_said_and_nothing_is_written(tmp_path, arguments, word):
    assert word in trygg("packs", "new", *arguments, "-o", tmp_path, code=2).output
    assert list(tmp_path.iterdir()) == []


def test_new_writes_over_nothing(pack):
    before = pack.read_bytes()
    assert "there already" in trygg("packs", "new", "mine", "-o", pack.parent, code=2).output
    assert "no folder" in trygg("packs", "new", "mine", "-o", pack, code=2).output
    assert pack.read_bytes() == before


@pytest.mark.parametrize("kind", ["instrument", "framework", "rules", "common"])
def test_a_schema_is_printed_in_one_piece(kind):
    schema = json.loads(trygg("packs", "schema", kind).stdout)
    Draft202012Validator.check_schema(schema)
    for shipped in read_builtin():
        if shipped.kind == kind:
            assert [error.message for error in Draft202012Validator(schema).iter_errors(shipped.data)] == []
    if kind != "common":
        assert list(Draft202012Validator(schema).iter_errors({"kind": kind, "title": {"en": "x"}}))
    trygg("packs", "schema", "course", code=2)


# Instruments


def edited(path, sheet, cell, value):
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def test_a_pack_goes_out_and_in(pack, tmp_path):
    trygg("instruments", "export", pack, "--format", "xlsx", "-o", tmp_path / "mine.xlsx")
    told = json.loads(
        trygg("instruments", "import", tmp_path / "mine.xlsx", "-o", tmp_path / "in", "--format", "json").stdout
    )
    assert told == {"written": str(tmp_path / "in" / "mine.yaml"), "id": "mine", "version": "0.1.0"}
    assert read_pack(tmp_path / "in" / "mine.yaml").hash == read_pack(pack).hash
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "mine.xlsx", "mine.yaml"]


def test_everything_wrong_with_a_workbook_is_listed_and_nothing_written(pack, tmp_path):
    path = tmp_path / "mine.xlsx"
    trygg("instruments", "export", pack, "--format", "xlsx", "-o", path)
    edited(path, "Questions", "C2", "=1+1")
    edited(path, "Questions", "A3", "gone")
    done = trygg("instruments", "import", path, "-o", tmp_path / "in", code=1)
    assert f"{path}: Questions: C2: a formula stands here" in done.output
    assert f"{path}: Questions: A3: there is no section 'gone'" in done.output
    told = json.loads(trygg("instruments", "import", path, "-o", tmp_path / "in", "--format", "json", code=1).stdout)
    assert [(row["cell"], row["code"]) for row in told["problems"]] == [("C2", "formula"), ("A3", "unknown_section")]
    assert told["written"] is None
    assert not (tmp_path / "in").exists()


def test_what_the_check_finds_in_a_workbook_is_said_with_its_path(pack, tmp_path):
    path = tmp_path / "mine.xlsx"
    trygg("instruments", "export", pack, "--format", "xlsx", "-o", path)
    edited(path, "Questions", "C2", "slider")
    assert (
        "sections[0].items[0].type: 'slider' is not one of"
        in trygg("instruments", "import", path, "-o", tmp_path, code=1).output
    )


def test_files_that_are_not_there_are_wrong_use(pack, tmp_path):
    trygg("instruments", "import", tmp_path / "gone.xlsx", "-o", tmp_path, code=2)
    trygg("instruments", "export", "no-such-pack", "--format", "xlsx", "-o", tmp_path / "x.xlsx", code=2)
    trygg("instruments", "export", pack, "--format", "xlsx", "-o", tmp_path / "no" / "x.xlsx", code=2)
    trygg("instruments", "answers", "import", pack, tmp_path / "gone.xlsx", code=2)
    trygg("instruments", "import", pack, "-o", tmp_path / "in", code=1)


# Answers


def test_answers_go_out_in_and_are_scored(pack, tmp_path):
    given, form, back = tmp_path / "given.json", tmp_path / "form.xlsx", tmp_path / "back.json"
    record = {"data": {"heard": "no_not_asked", "why_not": "=1+1"}, "notes": {"heard": "ask again"}}
    given.write_text(json.dumps(record), "utf-8")
    trygg("instruments", "answers", "export", pack, "-o", form, "--answers", given, "--language", "sv")
    assert openpyxl.load_workbook(form)["Svar"]["E2"].value == "Nej"
    assert "2 answers" in trygg("instruments", "answers", "import", pack, form, "-o", back).output
    assert json.loads(back.read_text("utf-8")) == {"instrument": "mine", "version": "0.1.0", **record}
    assert json.loads(trygg("instruments", "answers", "import", pack, form).stdout) == json.loads(
        back.read_text("utf-8")
    )
    (result,) = json.loads(trygg("instruments", "score", pack, back, "--format", "json").stdout)
    assert (result["scales"]["risk"]["points"], result["level"]) == (2, 2)


def test_states_go_out_and_in(pack, tmp_path):
    form = tmp_path / "form.xlsx"
    (tmp_path / "given.json").write_text(json.dumps({"heard": {"state": "withheld", "reason": "=secret"}}), "utf-8")
    trygg("instruments", "answers", "export", pack, "-o", form, "--answers", tmp_path / "given.json")
    told = json.loads(trygg("instruments", "answers", "import", pack, form).stdout)
    assert told["data"] == {"heard": {"state": "withheld", "reason": "=secret"}}


def test_entries_are_those_that_the_answers_and_the_workbook_speak_of(pack, tmp_path):
    text = pack.read_text("utf-8").replace("  - id: first\n", "  - id: first\n    repeat: {of: {en: Use, sv: Bruk}}\n")
    text = text[: text.index("# The pack's own tests")] + "tests:\n  - {name: none, answers: {}, expect: {flags: []}}\n"
    pack.write_text(text, "utf-8")
    given, form = tmp_path / "given.json", tmp_path / "form.xlsx"
    given.write_text(json.dumps({"heard@a": "yes_asked", "heard@b": "no_not_asked"}), "utf-8")
    assert "4 questions" in trygg("instruments", "answers", "export", pack, "-o", form, "--answers", given).output
    assert json.loads(trygg("instruments", "answers", "import", pack, form).stdout)["data"] == json.loads(
        given.read_text("utf-8")
    )


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["--language", "fi"], 2, "does not stand in"),
        (["--phase", "use"], 2, "no phase"),
        (["--answers", "GIVEN"], 1, "no question gone"),
    ],
)
def test_answers_that_cannot_go_out_are_said(pack, tmp_path, arguments, code, word):
    given = tmp_path / "given.json"
    given.write_text(json.dumps({"gone": 1}), "utf-8")
    arguments = [given if each == "GIVEN" else each for each in arguments]
    assert (
        word
        in trygg("instruments", "answers", "export", pack, "-o", tmp_path / "form.xlsx", *arguments, code=code).output
    )
    assert not (tmp_path / "form.xlsx").exists()


def test_answers_that_are_wrong_are_listed_with_their_cells(pack, tmp_path):
    form = tmp_path / "form.xlsx"
    trygg("instruments", "answers", "export", pack, "-o", form, "--language", "en")
    edited(form, "Answers", "E2", "Perhaps")
    done = trygg("instruments", "answers", "import", pack, form, "-o", tmp_path / "back.json", code=1)
    assert f"{form}: Answers: E2: 'Perhaps' is no choice of 'heard'" in done.output
    assert not (tmp_path / "back.json").exists()
    form.write_bytes(b"section;answer\n")
    assert "no Excel workbook" in trygg("instruments", "answers", "import", pack, form, code=1).output
    assert openpyxl.load_workbook(io.BytesIO(_form(pack, tmp_path)))["Answers"]["E2"].value is None


def _form(pack, folder):
    trygg("instruments", "answers", "export", pack, "-o", folder / "again.xlsx", "--language", "en")
    return (folder / "again.xlsx").read_bytes()


# trygg packs report


@pytest.mark.parametrize(("name", "begins"), [("r.html", b"<!doctype html>"), ("r.csv", b"\xef\xbb\xbfpack,"), ("r.xlsx", b"PK")])
def test_a_report_is_written_in_three_forms(tmp_path, name, begins):
    said = trygg("packs", "report", "-o", tmp_path / name, "--pack", "crc").output
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert "statements (" in said and "verified" in said and "too hard" in said


def test_a_report_of_what_changed_needs_an_earlier_one(tmp_path):
    earlier, now = tmp_path / "earlier.csv", tmp_path / "now.csv"
    trygg("packs", "report", "-o", earlier, "--pack", "crc")
    trygg("packs", "report", "-o", now, "--pack", "crc", "--only", "changed", "--since", earlier)
    assert len(now.read_text("utf-8-sig").splitlines()) == 1
    rows = earlier.read_text("utf-8-sig").splitlines(keepends=True)
    earlier.write_text("".join(rows[:-1]), "utf-8")
    trygg("packs", "report", "-o", now, "--pack", "crc", "--only", "changed", "--since", earlier)
    assert len(now.read_text("utf-8-sig").splitlines()) > 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "r.pdf"], "say --format"),
        (["--pack", "gone"], "«gone» is no pack"),
        (["--only", "changed"], "belong together"),
        (["--since", "LICENCE"], "belong together"),
        (["--only", "changed", "--since", "LICENCE"], "is no content report"),
    ],
)
def test_a_report_that_cannot_be_made_says_why(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "LICENCE").write_text("Words\n")
    assert said in trygg("packs", "report", *arguments, code=2).output
    assert not list(tmp_path.glob("content-report*"))
