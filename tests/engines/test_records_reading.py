"""Reading register files as CSV: what is detected, what is refused, and how the refusal is worded. Invented data."""

import codecs

import pytest

from trygg.engines.records import Limits, ReadError, open_source

HEADER = "id;name;summary\n"


def write(tmp_path, content, name="register.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path, **options):
    return [row.values for row in open_source(path, **options).rows()]


def refusal(path, **options):
    with pytest.raises(ReadError) as caught:
        open_source(path, **options).check()
    return caught.value


@pytest.mark.parametrize(("delimiter", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "pipe")])
def test_each_delimiter_is_found_and_said(tmp_path, delimiter, word):
    text = delimiter.join(("id", "name")) + "\n" + delimiter.join(("1", "Läsvän")) + "\n"
    source = open_source(write(tmp_path, text))
    assert source.info.delimiter == delimiter
    assert f"Columns are separated by {word}." in source.info.describe()
    assert [row.values for row in source.rows()] == [{"id": "1", "name": "Läsvän"}]


def test_the_delimiter_that_fits_all_rows_wins_over_one_that_stands_in_texts(tmp_path):
    text = 'name;what\nA, b, c;x\nD;y, z\n"E;e";w\n'
    assert read(write(tmp_path, text))[2] == {"name": "E;e", "what": "w"}


def test_excels_own_first_line_names_the_delimiter(tmp_path):
    rows = list(open_source(write(tmp_path, "sep=;\nid;name\n1;A\n")).rows())
    assert [(row.number, row.values) for row in rows] == [(3, {"id": "1", "name": "A"})]


@pytest.mark.parametrize(
    ("data", "label"),
    [
        ("id;name\n1;Åsa\n".encode(), "UTF-8"),
        (codecs.BOM_UTF8 + "id;name\n1;Åsa\n".encode(), "UTF-8 with BOM"),
        ("id;name\n1;Åsa\n".encode("utf-16"), "UTF-16 with BOM"),
        ("id;name\n1;Åsa\n".encode("utf-16-le"), "UTF-16 (little-endian, no BOM)"),
        ("id;name\n1;Åsa\n".encode("utf-16-be"), "UTF-16 (big-endian, no BOM)"),
        ("id;name\n1;Åsa\n".encode("cp1252"), "Windows-1252"),
        ("id;name\n1;Åsa\x81\n".encode("latin-1"), "ISO 8859-1"),
    ],
)
def test_each_encoding_is_found_and_said(tmp_path, data, label):
    source = open_source(write(tmp_path, data))
    assert source.info.encoding == label
    assert source.info.columns == ("id", "name")
    assert next(source.rows()).values["name"].rstrip("\x81") == "Åsa"


def test_a_row_in_another_encoding_is_named_and_the_others_are_read(tmp_path):
    data = "id;name\n1;Åsa\n2;Örjan\n".encode() + "3;Ängla\n".encode("cp1252") + b"4;Eva\n"
    source = open_source(write(tmp_path, data))
    rows = list(source.rows())
    assert any("1 lines are in another encoding" in line and "line 4" in line for line in source.info.describe())
    assert [bool(row.problems) for row in rows] == [False, False, True, False]
    problem = rows[2].problems[0]
    assert (problem.code, problem.row, problem.column, problem.value) == ("cannot_decode", 4, "name", "Ängla")
    assert "Save the file in one encoding" in problem.reason


def test_a_utf8_row_in_a_windows_file_is_the_one_that_is_named(tmp_path):
    data = "id;name\n1;Åsa\n2;Örjan\n".encode("cp1252") + "3;Ängla\n".encode()
    rows = list(open_source(write(tmp_path, data)).rows())
    assert [row.values["name"] for row in rows[:2]] == ["Åsa", "Örjan"]
    assert [bool(row.problems) for row in rows] == [False, False, True]


def test_a_person_may_say_which_encoding_it_is(tmp_path):
    path = write(tmp_path, "id;name\n1;Åsa\n".encode() + "2;Örjan\n".encode("cp1252"))
    assert read(path, encoding="cp1252")[1]["name"] == "Örjan"
    assert refusal(path, encoding="klingon").code == "unknown_encoding"


def test_a_nul_is_refused_in_every_encoding(tmp_path):
    assert refusal(write(tmp_path, "id;name\n1;Å\x00sa\n".encode("utf-16"))).code == "binary"
    assert refusal(write(tmp_path, "id;name\n1;Å\x00sa\n".encode("cp1252")), encoding="cp1252").code == "binary"


def test_text_cut_off_inside_a_character_is_refused(tmp_path):
    error = refusal(write(tmp_path, "id;name\n1;Åsa\n2;Ör".encode()[:-2]))
    assert error.code == "truncated"
    assert refusal(write(tmp_path, "id;name\n1;Åsa\n".encode("utf-16")[:-1])).code == "truncated"


def test_line_breaks_and_delimiters_inside_quotes_stay_in_the_value(tmp_path):
    assert read(write(tmp_path, 'id,name\n1,"a\r\nb, ""c"""\n')) == [{"id": "1", "name": 'a\r\nb, "c"'}]


def test_empty_cells_are_left_out_and_blank_rows_skipped_but_counted(tmp_path):
    rows = list(open_source(write(tmp_path, HEADER + "1;A;\n\n;;\n2;;x\n")).rows())
    assert [(row.number, row.values) for row in rows] == [
        (2, {"id": "1", "name": "A"}),
        (5, {"id": "2", "summary": "x"}),
    ]


def test_one_column_says_which_delimiter_it_looks_like(tmp_path):
    path = write(tmp_path, "id;name\n1;A\n")
    error = refusal(path, delimiter=",")
    assert error.code == "one_column"
    assert "looks like semicolon" in str(error)
    assert "id;name" in str(error)
    assert refusal(write(tmp_path, "name\nA\nB\n")).code == "one_column"
    assert refusal(path, delimiter="#").code == "unknown_delimiter"


def test_ragged_rows_name_file_row_column_value_and_what_to_do(tmp_path):
    path = write(tmp_path, HEADER + "1;A;x\n2;B;y;extra;more\n3;C\n4;D;z\n")
    error = refusal(path)
    assert error.code == "ragged"
    assert {key: error.params[key] for key in ("file", "row", "column", "value", "found", "expected")} == {
        "file": "register.csv", "row": 3, "column": "summary", "value": "extra", "found": 5, "expected": 3,
    }  # fmt: skip
    assert "Mend the row" in str(error)
    assert [one.params["row"] for one in error.errors] == [3, 4]


def test_nothing_is_yielded_after_a_ragged_row(tmp_path):
    path = write(tmp_path, HEADER + "1;A;x\n2;B\n3;C;z\n")
    seen = []
    with pytest.raises(ReadError):
        for row in open_source(path).rows():
            seen.append(row.values["id"])
    assert seen == ["1"]


def test_ragged_rows_are_listed_up_to_a_limit(tmp_path):
    path = write(tmp_path, HEADER + "1;A;x\n" * 200 + "2;B\n" * 90)
    assert len(refusal(path).errors) == 50


def test_empty_cells_beyond_the_header_do_no_harm(tmp_path):
    assert read(write(tmp_path, HEADER + "1;A;x;;\n")) == [{"id": "1", "name": "A", "summary": "x"}]


def test_a_file_that_ends_inside_a_row_or_a_quote_is_called_cut_off(tmp_path):
    assert refusal(write(tmp_path, HEADER + "1;A;x\n2;B")).code == "truncated"
    error = refusal(write(tmp_path, HEADER + '1;A;x\n2;B;"and then'))
    assert error.code == "truncated"
    assert "row 3" in str(error)


def test_a_missing_line_end_at_the_end_is_said(tmp_path):
    source = open_source(write(tmp_path, HEADER + "1;A;x"))
    assert any("not cut off" in line for line in source.info.describe())


def test_quotes_that_do_not_add_up_name_the_row(tmp_path):
    error = refusal(write(tmp_path, 'id,name\n1,"A" b\n2,C\n'))
    assert (error.code, error.params["row"]) == ("bad_quotes", 2)


def test_a_quote_never_closed_in_a_long_file_names_where_it_began(tmp_path):
    error = refusal(write(tmp_path, 'id,name\n1,A\n2,"B\n' + "3,C is a name\n" * 20_000))
    assert (error.code, error.params["row"]) == ("cell_too_long", 3)


def test_two_columns_of_one_name_are_refused_and_nameless_ones_get_a_name(tmp_path):
    error = refusal(write(tmp_path, "name;id;name\nA;1;B\n"))
    assert (error.code, error.params["column"]) == ("duplicate_column", "name")
    source = open_source(write(tmp_path, "name;;id\nA;x;1\n"))
    assert source.info.columns == ("name", "column 2", "id")
    assert any("column 2" in line for line in source.info.describe())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"   \n \n", "empty"),
        (b"id,name\n", "no_rows"),
        (b"id,name\n1,a\x00b\n", "binary"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_excel"),
        (b"\x1f\x8b\x08\x00abc", "compressed"),
        (b"\n<!DOCTYPE html><html><body>Log in</body></html>", "html"),
        (b"PK\x03\x04 not a zip", "xlsx_damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_its_own_reason(tmp_path, data, code):
    error = refusal(write(tmp_path, data))
    assert error.code == code
    assert "register.csv" in str(error)


def test_a_file_that_is_not_there_is_said(tmp_path):
    assert refusal(tmp_path / "gone.csv").code == "file_missing"


def test_limits_are_kept(tmp_path):
    path = write(tmp_path, HEADER + "1;A;x\n" * 20)
    assert refusal(path, limits=Limits(rows=10)).code == "too_many_rows"
    assert refusal(path, limits=Limits(csv_bytes=30)).code == "too_large"
    assert refusal(path, limits=Limits(columns=2)).code == "too_many_columns"


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = write(tmp_path, HEADER + "1;A;x\n")
    source = open_source(path)
    path.write_bytes((HEADER + "1;A;x\n2;B;y\n").encode())
    with pytest.raises(ReadError, match="changed while"):
        source.check()


def test_the_header_row_may_be_said(tmp_path):
    path = write(tmp_path, "Our register;;\n" + HEADER + "1;A;x\n")
    source = open_source(path, header_row=2)
    assert source.info.columns == ("id", "name", "summary")
    assert [row.number for row in source.rows()] == [3]
    assert refusal(path, header_row=9).code == "no_such_header"


def test_chunks_hold_all_rows_in_order(tmp_path):
    path = write(tmp_path, HEADER + "".join(f"{n};A;x\n" for n in range(25)))
    chunks = list(open_source(path).chunks(10))
    assert [len(chunk) for chunk in chunks] == [10, 10, 5]
    assert [row.values["id"] for chunk in chunks for row in chunk] == [str(n) for n in range(25)]
