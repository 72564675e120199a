"""Instruments as Excel workbooks: round trip without loss, and everything that is wrong listed with sheet and cell."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.questionnaires import bands, item, pack, packs, scale, scored, t
from trygg.engines.instruments.workbook import MAX_TEXT, WorkbookRefused, as_cell, from_cell
from trygg.engines.instruments.workbook_packs import pack_from_workbook, pack_to_workbook
from trygg.packs.catalogue import read_builtin
from trygg.packs.loader import Kind, content_hash

pytestmark = pytest.mark.full

SLOW = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
ANYTHING = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20)
NASTY = st.sampled_from(
    [
        "=1+1", "+46 8", "-1", "@SUM(A1)", "'apostrophe", "''", " leading", "trailing ", "\ttab", "line\nbreak", "\r", "a\r\nb", "\x00", "\x07",
        "\x1f", "_x000D_", "_x005F_x000D_", "_xABCD_x000D_x0007_", "x005F_", "_x005F_", "json:1", "json:", "TRUE", "1", "1,5", "0.10",
        "2026-01-01", "#REF!", "<b>&amp;",
        "\ufffe", "\uffff", "\x85", "\u2028", "\U0001f600", "yes, no", "[1]", "{}", "null", "\x7f", "　", "=cmd|' /C calc'!A0",
    ]
)  # fmt: skip
WORDS = (NASTY | ANYTHING).filter(lambda text: text.strip())


def same(data):
    raw = pack_to_workbook(data)
    again, problems = pack_from_workbook(raw)
    assert problems == []
    assert again == data
    assert content_hash(again) == content_hash(data)
    return raw


@SLOW
@given(packs(words=WORDS) | packs(words=WORDS, languages=("sv", "fi", "zh-Hant")))
def test_an_instrument_goes_out_and_in_without_loss(data):
    same(data)


@settings(deadline=None, max_examples=300)
@given(
    NASTY | ANYTHING | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none()
    | st.recursive(st.lists(ANYTHING), lambda inner: st.dictionaries(ANYTHING, inner), max_leaves=3)
)  # fmt: skip
def test_a_value_goes_through_a_cell_without_loss(value):
    again = from_cell(as_cell(value))
    assert again == value
    assert isinstance(again, bool) == isinstance(value, bool)


@pytest.mark.parametrize(
    "shipped", [one for one in read_builtin() if one.kind == Kind.INSTRUMENT], ids=lambda one: one.id
)
def test_what_is_shipped_goes_out_and_in(shipped):
    same(dict(shipped.data))


def everything():
    levels = [
        {"id": each, "label": t(each), "points": {"risk": n}, "flag": "escalate"}
        for n, each in enumerate(("low", "high"))
    ]
    matrix = {
        "rights": [
            {"id": "r1", "label": t("r"), "refs": [{"kind": "crc", "id": "12"}]},
            {"id": "r2", "label": t("r2")},
        ],
        "groups": [{"id": "g", "label": t("g")}],
        "dimensions": [
            {"id": "d1", "label": t("d"), "levels": levels},
            {"id": "d2", "label": t("d2"), "levels": levels[:2]},
        ],
    }
    duty = {"id": "tell", "text": t("Tell"), "role": "officer", "due_days": 14, "evidence": "required"}
    levels_of = [{**bands("1/3")[0], "inclusive": False, "obligations": []}, {**bands()[0], "obligations": [duty]}]
    deduction = {
        "id": "x",
        "when": {"scale": "risk", "at_least": 0.8, "of": "maximum", "times": "1/2"},
        "multiply": 0.85,
        "add": -1,
        "rounding": "half_up",
        "reason": t("r"),
    }
    inner = {
        "id": "in",
        "title": t("In"),
        "intro": t("i"),
        "visible_when": {"item": "a", "is": "yes"},
        "items": [item("b", "number", min=0, max=9.5)],
    }
    use = {
        "id": "use",
        "title": t("Use"),
        "repeat": {"of": t("Use"), "min": 2, "max": 5},
        "items": [item("goal", "text")],
    }
    first = scored("a", yes=0.1, no="1/3") | {
        "required": False, "evidence": "none", "asked_of": ["officer", "vendor"], "phases": ["p"], "refs": [], "help": t("h"), "plain": t("p"), "key": "a-RS",
    }  # fmt: skip
    first["choices"][0] |= {"value": 2}
    first["choices"][1] |= {"value": "2", "points": {}}
    rows = [
        first,
        inner,
        item("m", "rights_matrix", matrix=matrix),
        item("c", choices=[{"id": "0-5", "label": {**t("x"), "fi": "y"}, "value": True}]),
    ]
    return pack(
        sections=[{"id": "one", "title": t("One"), "items": rows}, use],
        scales=[scale(bands=levels_of, adjustments=[deduction], maximum="all", measure="share", rounding="down")],
        languages=["en", "sv"], purpose="cria", convention="trygg", requires=["crc"],
        phases=[{"id": "p", "title": t("P")}], roles=[{"id": "officer", "title": t("O")}],
        migrations=[
            {"from": "0.9.0", "changes": []},
            {"from": "0.8.0", "changes": [
                {"do": "merge", "from": ["x", "y"], "to": "a", "choices": {"ja": "yes"}, "confirm": True},
                {"do": "drop", "from": ["z"], "note": ""},
            ]},
        ],
        tests=[{
            "name": "n", "depth": "full", "mode": "live", "phase": "p", "answers": {"goal@1": "=x"}, "entries": {"use": ["1", "2"]},
            "expect": {"flags": []},
        }],
    )  # fmt: skip


def test_every_word_of_the_format_goes_out_and_in():
    same(everything())
    same({**pack(item("a")), "scales": [], "requires": []})
    nested = {"id": "d", "title": t("d"), "items": [item("x")]}
    same(
        pack(
            {
                "id": "b",
                "title": t("b"),
                "items": [{"id": "c", "title": t("c"), "items": [nested, item("y")]}, item("z")],
            },
            item("last"),
        )
    )


def test_the_sheets_are_for_people():
    book = openpyxl.load_workbook(io.BytesIO(pack_to_workbook(everything())))
    assert book.sheetnames == [
        "About", "Sources", "Phases", "Roles", "Scales", "Levels", "Obligations", "Adjustments", "Sections", "Questions", "Choices", "Migrations", "Tests",
    ]  # fmt: skip
    questions = [[cell.value for cell in row] for row in book["Questions"].iter_rows()]
    assert questions[0][:9] == [
        "section",
        "id",
        "type",
        "text [en]",
        "text [sv]",
        "text [fi]",
        "help [en]",
        "help [sv]",
        "help [fi]",
    ]
    assert questions[1][:5] == ["one", "a", "choice", "a", "a"]
    assert "officer, vendor" in questions[1]
    assert "points [risk]" in [cell.value for cell in book["Choices"][1]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://evil.example")', "\t=1", "'=1"])
def test_a_text_is_never_a_formula(text):
    data = pack(item("a", "text"))
    data["sections"][0]["items"][0]["text"] = t(text)
    raw = same(data)
    page = openpyxl.load_workbook(io.BytesIO(raw))["Questions"]
    (found,) = [cell for row in page.iter_rows() for cell in row if cell.value == text][:1]
    assert (found.data_type, found.quotePrefix) == ("s", True)
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert not [name for name in package.namelist() if b"<f>" in package.read(name)]


def test_what_is_too_long_for_a_cell_is_refused_with_its_place():
    data = pack(item("a", "text"), item("b", "text"))
    for number in range(2):
        data["sections"][0]["items"][number]["help"] = {"en": "x" * MAX_TEXT, "sv": "\U0001f600" * (MAX_TEXT // 2 + 1)}
    with pytest.raises(WorkbookRefused) as caught:
        pack_to_workbook(data)
    assert [(problem.sheet, problem.cell, problem.code) for problem in caught.value.problems] == [
        ("Questions", "G2", "too_long"),
        ("Questions", "G3", "too_long"),
    ]
    assert (
        str(caught.value.problems[0])
        == "Questions: G2: 'a', help [sv] has 32768 characters, a cell of Excel holds at most 32767"
    )
    data["sections"][0]["items"] = [{**item("a", "text"), "help": t("x" * MAX_TEXT)}]
    same(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"sections": 3},
        {"sections": [{"id": 1}]},
        {**pack(item("a")), "sections": [{"id": "x", "items": []}]},
        pack(item("a", "text") | {"text": t("\ud800")}),
    ],
)
def test_what_is_no_instrument_is_refused(data):
    with pytest.raises(WorkbookRefused):
        pack_to_workbook(data)


# Coming in ------------------------------------------------------------------------------------------------------------


def edited(change, data=None):
    """What is said about the workbook after a change in Excel."""
    book = openpyxl.load_workbook(io.BytesIO(pack_to_workbook(data or everything())))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    data, problems = pack_from_workbook(stream.getvalue())
    assert not (data and problems)
    assert all(problem.reason for problem in problems)
    return data, [(problem.sheet, problem.cell, problem.code) for problem in problems]


def put(sheet, cell, value):
    def change(book):
        book[sheet][cell] = value

    return change


def test_saved_by_another_program_it_is_the_same():
    assert edited(lambda book: None) == (everything(), [])


def test_columns_are_found_by_their_heading_and_rows_may_be_blank():
    def move(book):
        page = book["Questions"]
        page.move_range("A1:A20", cols=40)
        page.insert_rows(3)

    assert edited(move) == (everything(), [])


def merge(book):
    book["Questions"].merge_cells("A2:B2")


def remove(name):
    def change(book):
        del book[name]

    return change


def formula(book):
    book["Questions"]["D2"] = "=1+1"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (remove("Questions"), ("Questions", "", "no_sheet")),
        (remove("About"), ("About", "", "no_sheet")),
        (remove("Scales"), ("Levels", "A2", "unknown_row")),
        (lambda book: book.create_sheet("Notes").append(["mine"]), ("Notes", "", "sheet_unknown")),
        (put("Questions", "B1", "ident"), ("Questions", "B1", "heading_unknown")),
        (put("Questions", "B1", "ident"), ("Questions", "", "no_heading")),
        (put("Questions", "C1", "id"), ("Questions", "C1", "heading_twice")),
        (put("Questions", "AZ2", "astray"), ("Questions", "AZ2", "outside")),
        (formula, ("Questions", "D2", "formula")),
        (put("Questions", "D2", "#REF!"), ("Questions", "D2", "cell_error")),
        (merge, ("Questions", "A2", "merged")),
        (put("Questions", "A2", "gone"), ("Questions", "A2", "unknown_section")),
        (put("Sections", "A2", "other"), ("Sections", "A2", "empty_section")),
        (put("Sections", "B2", "in"), ("Sections", "A2", "circle")),
        (put("Sections", "B4", "one"), ("Sections", "A4", "nested_repeat")),
        (put("Sections", "A4", "one"), ("Sections", "A4", "duplicate")),
        (put("Sections", "B3", "gone"), ("Sections", "A3", "unknown_section")),
        (put("Choices", "A2", "gone"), ("Choices", "A2", "unknown_row")),
        (put("Choices", "B4", "wrong"), ("Choices", "A4", "wrong_type")),
        (put("Obligations", "B2", "gone"), ("Obligations", "A2", "unknown_row")),
        (put("Adjustments", "A2", "gone"), ("Adjustments", "A2", "unknown_row")),
        (put("Tests", "E2", "{not json"), ("Tests", "E2", "not_json")),
        (put("Tests", "E2", "NaN"), ("Tests", "E2", "not_json")),
        (put("Obligations", "H2", "soon"), ("Obligations", "H2", "wrong_type")),
        (put("Levels", "G2", "perhaps"), ("Levels", "G2", "wrong_type")),
        (put("About", "A3", "kind"), ("About", "A3", "duplicate")),
        (put("Questions", "C2", True), ("Questions", "C2", "wrong_type")),
    ],
)
def test_what_is_wrong_is_found_at_its_cell_and_nothing_is_taken_over(change, problem):
    data, problems = edited(change)
    assert data == {}
    assert problem in problems


def test_everything_is_listed_at_once():
    def change(book):
        for step in (formula, merge, put("Tests", "E2", "{"), put("Levels", "G2", "perhaps"), remove("Sections")):
            step(book)

    _, problems = edited(change)
    assert {
        ("Questions", "D2", "formula"),
        ("Questions", "A2", "merged"),
        ("Tests", "E2", "not_json"),
        ("Levels", "G2", "wrong_type"),
        ("Sections", "", "no_sheet"),
    } <= set(problems)


def test_what_excel_makes_of_numbers_and_words_is_understood():
    def change(book):
        book["Questions"]["B2"] = 5
        book["Choices"]["A2"] = book["Choices"]["A3"] = 5
        book["Levels"]["G2"] = "nej"

    data, problems = edited(change)
    assert problems == []
    assert data["sections"][0]["items"][0]["id"] == "5"
    assert data["scales"][0]["bands"][0]["inclusive"] is False


def plain(name, content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return stream.getvalue()


GOOD = pack_to_workbook(everything())


def bomb():
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def wide():
    """A single row of very many cells, with enough noise in the package to look harmless."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name in package.namelist():
            if not name.endswith("sheet1.xml"):
                made.writestr(name, package.read(name))
        row = b"<row r='1'>" + b"".join(b"<c r='A%d'/>" % (n * 7919 % 1_048_576) for n in range(1_700_000)) + b"</row>"
        made.writestr("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + row + b"</sheetData></worksheet>")
    return stream.getvalue()


def entities():
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/sharedStrings.xml"] = (
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts["xl/sharedStrings.xml"].partition(b"?>")[2]
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def far_away():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Questions")
        sheet.write_string(0, 0, "id")
        sheet.write_string(1_048_575, 16_383, "far")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_xlsx"),
        (b"section;id;text\none;a;x\n", "not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old_excel"),
        (b"PK\x03\x04 and then nothing", "xlsx_damaged"),
        (plain("hello.txt", "x"), "not_xlsx"),
        (GOOD[: len(GOOD) // 2], "xlsx_damaged"),
        (GOOD[:-30], "xlsx_damaged"),
        (bomb(), "xlsx_bomb"),
        (entities(), "xlsx_entities"),
        (b"PK" + b"\0" * 17_000_000, "too_large"),
        (far_away(), "outside"),
        (wide(), "too_many_cells"),
    ],
    ids=["empty", "csv", "xls", "cut", "zip", "half", "end", "bomb", "entities", "large", "far", "wide"],
)
def test_a_file_that_is_no_workbook_is_refused(raw, code):
    data, problems = pack_from_workbook(raw)
    assert data == {}
    assert code in [problem.code for problem in problems]
    assert all(problem.reason for problem in problems)


@SLOW
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_byte_changed_anywhere_never_crashes(place, byte):
    data, problems = pack_from_workbook(GOOD[:place] + bytes([byte]) + GOOD[place + 1 :])
    assert bool(data) != bool(problems)
