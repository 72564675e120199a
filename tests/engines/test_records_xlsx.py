"""Reading register files as XLSX: values, sheets, and attacks. Invented data."""

import datetime
import zipfile

import openpyxl
import pytest
import xlsxwriter

from trygg.engines.records import Limits, ReadError, open_source


def workbook(tmp_path, rows, **sheets):
    book = openpyxl.Workbook()
    book.active.title = "Register"
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        page = book.create_sheet(title)
        for row in more:
            page.append(row)
    path = tmp_path / "register.xlsx"
    book.save(path)
    return path


def refusal(path, **options):
    with pytest.raises(ReadError) as caught:
        open_source(path, **options).check()
    return caught.value


def change(path, part, edit, compression=zipfile.ZIP_DEFLATED):
    """Write the package again with one part changed (or added)."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = edit(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", compression) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def test_values_keep_their_kind_and_dates_are_text(tmp_path):
    path = workbook(
        tmp_path, [["id", "name", "when", "yes"], [7, "A", datetime.datetime(2024, 5, 1), True], [1.5, "B"]]
    )
    rows = [row.values for row in open_source(path).rows()]
    assert rows == [{"id": 7, "name": "A", "when": "2024-05-01 00:00:00", "yes": True}, {"id": 1.5, "name": "B"}]


def test_the_header_below_a_title_and_blank_rows_is_found_and_said(tmp_path):
    path = workbook(tmp_path, [["Our register 2026"], [], ["id", "name", "what"], [1, "A", "x"]])
    source = open_source(path)
    assert source.info.columns == ("id", "name", "what")
    assert [row.number for row in source.rows()] == [4]
    assert any("stand in row 3" in line for line in source.info.describe())


def test_the_first_sheet_with_rows_is_read_and_another_may_be_chosen(tmp_path):
    path = workbook(tmp_path, [], Tools=[["id", "name"], [1, "A"]], Old=[["id", "name"], [2, "B"]])
    source = open_source(path)
    assert (source.info.sheet, source.info.sheets) == ("Tools", ("Register", "Tools", "Old"))
    assert next(open_source(path, sheet="Old").rows()).values["name"] == "B"
    error = refusal(path, sheet="Nope")
    assert error.code == "no_such_sheet"
    assert "Tools" in str(error)


def test_formulas_stay_text_and_are_flagged(tmp_path):
    path = workbook(tmp_path, [["id", "name"], [1, '=HYPERLINK("http://evil.example","A")'], [2, "=1+1"]])
    rows = list(open_source(path).rows())
    assert [row.values["name"] for row in rows] == ['=HYPERLINK("http://evil.example","A")', "=1+1"]
    assert [row.problems[0].code for row in rows] == ["formula", "formula"]
    assert (rows[1].problems[0].row, rows[1].problems[0].column) == (3, "name")


def test_error_cells_are_kept_and_flagged(tmp_path):
    path = workbook(tmp_path, [["id", "name"], [1, "#REF!"]])
    row = next(open_source(path).rows())
    assert row.values["name"] == "#REF!"
    assert row.problems[0].code == "cell_error"


def test_a_cell_outside_the_named_columns_is_named(tmp_path):
    error = refusal(workbook(tmp_path, [["id", "name"], [1, "A"], [2, "B", None, "note"]]))
    assert error.code == "ragged"
    assert (error.params["row"], error.params["column"], error.params["value"]) == (3, "D3", "note")


def test_one_column_and_no_rows_are_refused(tmp_path):
    assert refusal(workbook(tmp_path, [["id,name"], ["1,A"]])).code == "one_column"
    assert refusal(workbook(tmp_path, [])).code == "empty"
    assert refusal(workbook(tmp_path, [["id", "name"]])).code == "no_rows"


def test_a_cut_off_workbook_is_called_damaged(tmp_path):
    path = workbook(tmp_path, [["id", "name"], [1, "A"]])
    path.write_bytes(path.read_bytes()[:-300])
    assert refusal(path).code == "xlsx_damaged"


def test_a_sheet_cut_off_inside_a_sound_package_is_called_damaged(tmp_path):
    path = workbook(tmp_path, [["id", "name"], [1, "A"], [2, "B"]])
    change(path, "xl/worksheets/sheet1.xml", lambda data: data[: data.index(b'<row r="3"') + 20])
    assert refusal(path).code == "xlsx_damaged"


def test_a_packed_file_that_is_no_workbook_is_said(tmp_path):
    path = tmp_path / "register.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("letter.txt", "hello")
    assert refusal(path).code == "not_xlsx"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = workbook(tmp_path, [["id", "name"], [1, "A"]])
    change(
        path, "xl/worksheets/sheet1.xml", lambda data: data.replace(b"<sheetData>", b"<sheetData>" + b" " * 40_000_000)
    )
    assert path.stat().st_size < 100_000
    error = refusal(path)
    assert error.code == "xlsx_bomb"
    assert "times its size" in str(error)


@pytest.mark.parametrize(
    ("limits", "part"),
    [
        (Limits(xlsx_entries=3), "parts"),
        (Limits(xlsx_unpacked_bytes=1000), "bytes"),
        (Limits(xlsx_shared_strings_bytes=10), "shared texts"),
        (Limits(xlsx_other_part_bytes=10), "bytes in"),
    ],
)
def test_each_limit_of_the_package_is_kept(tmp_path, limits, part):
    path = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["id", "name"])
    error = refusal(path, limits=limits)
    assert error.code == "xlsx_bomb"
    assert part in str(error)


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
def test_entities_in_any_part_are_refused(tmp_path, part):
    path = workbook(tmp_path, [["id", "name"], [1, "A"]])
    error = refusal(change(path, part, lambda _: LAUGHS))
    assert error.code == "xlsx_entities"
    assert error.params["part"] == part


def test_entities_hidden_by_utf16_or_a_long_comment_are_refused(tmp_path):
    path = workbook(tmp_path, [["id", "name"], [1, "A"]])
    wide = LAUGHS.decode().replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16")
    assert refusal(change(path, "xl/worksheets/sheet1.xml", lambda _: wide)).code == "xlsx_entities"
    late = LAUGHS.replace(b"<!DOCTYPE", b"<!--" + b"x" * 20_000 + b"--><!DOCTYPE")
    assert refusal(change(path, "xl/worksheets/sheet1.xml", lambda _: late)).code == "xlsx_entities"


def test_a_document_type_without_entities_is_refused_too(tmp_path):
    path = workbook(tmp_path, [["id", "name"], [1, "A"]])
    outside = b'<!DOCTYPE worksheet SYSTEM "http://evil.example/x.dtd"><worksheet/>'
    assert refusal(change(path, "xl/worksheets/sheet1.xml", lambda _: outside)).code == "xlsx_entities"


def test_a_row_number_in_the_billions_does_not_hang(tmp_path):
    path = workbook(tmp_path, [["id", "name"], [1, "A"]])
    change(path, "xl/worksheets/sheet1.xml", lambda data: data.replace(b'r="2"', b'r="999999999999"', 1))
    assert refusal(path).code in ("too_many_rows", "xlsx_damaged")


def test_an_encrypted_workbook_is_said(tmp_path):
    path = tmp_path / "register.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1024)
    assert "password" in str(refusal(path))


def test_a_workbook_is_known_by_its_content_whatever_it_is_called(tmp_path):
    path = workbook(tmp_path, [["id", "name"], [1, "A"]])
    kept = path.rename(tmp_path / "0f3c")
    source = open_source(kept, name="upload.csv")
    assert (source.info.format, source.check()) == ("xlsx", 1)
