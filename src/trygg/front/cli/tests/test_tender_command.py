"""`trygg instruments tender`: a Word file that the answers choose, and bad input in words."""

import json

import docx
import pytest
from typer.testing import CliRunner

from trygg.front.cli import app

pytestmark = pytest.mark.full


def trygg(*arguments, code=0):
    done = CliRunner().invoke(app, ["instruments", "tender", *map(str, arguments)])
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def headings(path):
    return [each.text for each in docx.Document(path).paragraphs if each.style.name.startswith("Heading")]


def test_a_file_with_everything_where_there_are_no_answers(tmp_path):
    said = trygg("ai-procurement", "-o", tmp_path / "all.docx")
    assert (
        "A lawyer must read them" in said and "31 questions" not in said
    )  # one hangs on a question that is not asked yet
    assert any("No training on children's data" in each for each in headings(tmp_path / "all.docx"))


def test_answers_names_and_language_decide(tmp_path):
    given = tmp_path / "answers.json"
    given.write_text(json.dumps({"scope": ["staff"], "ai_class": "not_eu"}), "utf-8")
    said = trygg(
        "ai-procurement", "--answers", given, "--language", "sv", "--buyer", "Lunds kommun", "--system", "Läslus",
        "--depth", "standard", "-o", tmp_path / "some.docx",
    )  # fmt: skip
    assert "left out because of your answers" in said
    found = headings(tmp_path / "some.docx")
    assert "Upphandlingsfrågor och avtalsklausuler: Läslus" in found
    assert not any("AI-förordningen" in each or "Barn i fara" in each for each in found)
    text = "\n".join(each.text for each in docx.Document(tmp_path / "some.docx").paragraphs)
    assert "Lunds kommun får när som helst" in text and "[diarienummer]" in text


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"scope": ["dances"]}, "is no answer to «scope». Choices: talks, pictures"),
        ({"colour": "red"}, "there is no question «colour» in ai-procurement"),
        ([{}, {}], "one record of answers is expected, there are 2"),
    ],
)
def test_wrong_answers_are_named(tmp_path, answers, words):
    given = tmp_path / "answers.json"
    given.write_text(json.dumps(answers), "utf-8")
    code = 2 if isinstance(answers, list) else 1
    assert words in trygg("ai-procurement", "--answers", given, "-o", tmp_path / "no.docx", code=code)
    assert not (tmp_path / "no.docx").exists()


def test_a_pack_without_any_says_which_has(tmp_path):
    assert "«ai-procurement» has" in trygg("gdpr-dpia", "-o", tmp_path / "no.docx", code=2)
    assert "there is no such file" in trygg(
        "ai-procurement", "--answers", tmp_path / "gone.json", "-o", tmp_path / "no.docx", code=2
    )
    assert "in a folder that is there" in trygg("ai-procurement", "-o", tmp_path / "gone" / "no.docx", code=2)
