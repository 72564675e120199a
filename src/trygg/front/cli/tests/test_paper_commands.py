"""`trygg papers` and `trygg package`: what they write, and what they say when there is no such matter."""

import pytest
from docx import Document
from pypdf import PdfReader
from typer.testing import CliRunner

from trygg.front.cli import app
from trygg.kernel.ledger import keys
from trygg.spine.papers.tests.scene import matter_with_case

pytestmark = pytest.mark.full


@pytest.fixture
def matter(people, clock):
    return matter_with_case(people)


def test_the_command_line_writes_it(matter, tmp_path):
    run = CliRunner().invoke
    pdf, word = tmp_path / "a.pdf", tmp_path / "a.docx"
    assert run(app, ["papers", matter.key, "--language", "sv", "-o", str(pdf)]).exit_code == 0
    assert len(PdfReader(pdf).pages) <= 2
    assert run(app, ["papers", matter.key, "--paper", "full", "--format", "docx", "-o", str(word)]).exit_code == 0
    assert any(p.text == matter.title for p in Document(word).paragraphs)
    missing = run(app, ["papers", "no-such-matter", "-o", str(pdf)])
    assert (missing.exit_code, "There is no matter «no-such-matter»" in missing.output) == (2, True)
    assert run(app, ["papers", matter.key, "-o", str(tmp_path)]).exit_code == 2


def test_the_command_line_writes_a_package(matter, tmp_path):
    keys.make_key()
    target = tmp_path / "package.zip"
    done = CliRunner().invoke(app, ["package", matter.key, "-o", str(target)])
    assert done.exit_code == 0, done.output
    assert target.read_bytes()[:2] == b"PK"
    assert not list(tmp_path.glob(".*"))
