"""What goes out comes back: everything as JSON and CSV, the source file itself, the Dutch standard. Invented data."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.records import (
    Item,
    Mapper,
    RegisterRecord,
    Row,
    guess_mapping,
    load_csv,
    load_json,
    open_source,
    shipped_mapping,
    to_nl,
    write_csv,
    write_json,
    write_nl_csv,
    write_nl_json,
    write_source_csv,
    write_source_json,
)
from trygg.engines.records.guard import from_cell, guard, to_cell, unguard

DUTCH = [
    {
        "lars": "90000001",
        "name": "Leeshulp",
        "organization": "'s-Voorbeeld",
        "description_short": "Oefent lezen.",
        "contact_email": "lezen@voorbeeld.example",
        "status": "In gebruik",
        "publication_category": "Impactvolle algoritmes",
        "goal": "<p>Lezen &amp; oefenen</p><ul><li>a</li></ul>",
        "lawful_basis": "<p>Onderwijswet</p>",
        "lawful_basis_grouping": [
            {"title": "Onderwijswet", "link": "https://wet.example/1"},
            {"title": "AVG", "link": None},
        ],
        "category": ["Onderwijs en wetenschap"],
        "begin_date": "2025-02",
        "end_date": None,
        "website": "Team Lezen",
        "tags": "",
        "lang": "NLD",
        "standard_version": "1.0",
        "own_field": {"deep": [1, 2.5, None, True]},
    },
    {
        "name": "=1+1",
        "organization": None,
        "description_short": "-dash",
        "publication_category": "x" * 10,
        "lang": "nld",
    },
]


def dutch_records():
    columns = tuple(dict.fromkeys(key for row in DUTCH for key in row))
    mapper = Mapper(shipped_mapping("nl-1.0"), columns)
    return [mapper.record(Row(number, row)) for number, row in enumerate(DUTCH, 1)]


def saved(tmp_path, name, writer, *arguments, **options):
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as stream:
        result = writer(*arguments, stream, **options)
    return tmp_path / name, result


cell_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
spiky = st.text("'=+-@\t\r\njson:a ＝", max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | cell_texts | spiky,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(cell_texts, inner, max_size=3),
    max_leaves=6,
)


@given(cell_texts | spiky)
def test_the_guard_can_be_taken_off_every_text_and_no_formula_begins_a_cell(text):
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_the_guard_leaves_names_with_an_apostrophe_alone():
    assert guard("'s-Hertogenbosch") == "'s-Hertogenbosch"
    assert guard("=cmd()") == "'=cmd()"
    assert guard("'=cmd()") == "''=cmd()"


@given(json_values)
def test_every_value_comes_back_from_its_cell_and_is_never_an_empty_cell(value):
    cell = to_cell(value)
    assert cell
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert json.dumps(from_cell(cell)) == json.dumps(value)


def test_records_come_back_whole_from_json(tmp_path):
    records = dutch_records()
    path, count = saved(tmp_path, "all.json", write_json, records)
    assert count == 2
    assert load_json(path) == records


def test_records_come_back_whole_from_csv(tmp_path):
    records = dutch_records()
    path, count = saved(tmp_path, "all.csv", write_csv, records)
    assert count == 2
    assert list(load_csv(path)) == records


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_csv_of_everything_is_one_table_that_holds_no_formula(tmp_path, delimiter):
    path, _ = saved(tmp_path, "all.csv", write_csv, dutch_records(), delimiter=delimiter)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=delimiter))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert "raw.own_field" in rows[0]
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    assert list(load_csv(path)) == dutch_records()


@pytest.mark.parametrize(
    "data",
    [
        DUTCH,
        {"meta": {"n": 2}, "records": DUTCH, "after": [1, 2]},
        {"outer": {"before": 1, "tools": DUTCH}, "x": None},
        {"name": "One", "grouping": [{"title": "t"}]},
        {"about": "x", "properties": {"b": {"title": "B"}, "a": {"title": "A", "z": None}}},
        {"b": {"x": 1}, "a": {"x": 2}},
    ],
)
def test_a_json_file_is_given_back_as_it_came(tmp_path, data):
    path = tmp_path / "in.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    source = open_source(path)
    rows = [row.values for row in source.rows()]
    back, _ = saved(tmp_path, "out.json", write_source_json, rows, source.info.envelope)
    assert json.dumps(json.loads(back.read_text("utf-8"))) == json.dumps(data)


def test_a_csv_file_is_given_back_cell_by_cell(tmp_path):
    text = 'id;name;"a;b";last\r\n1;"x\ny ""q""; ";=2+2;\r\n2;  b ;\'s-H;\'=3\r\n'
    path = tmp_path / "in.csv"
    path.write_bytes(text.encode())
    source = open_source(path)
    rows = [row.values for row in source.rows()]
    plain, _ = saved(tmp_path, "out.csv", write_source_csv, rows, source.info.columns, delimiter=";", guarded=False)
    assert list(csv.reader(io.StringIO(plain.read_text("utf-8"), newline=""), delimiter=";")) == list(
        csv.reader(io.StringIO(text, newline=""), delimiter=";")
    )
    safe, _ = saved(tmp_path, "safe.csv", write_source_csv, rows, source.info.columns, delimiter=";")
    assert ";'=2+2;" in safe.read_text("utf-8")
    again = open_source(safe, guarded=True)
    assert [row.values for row in again.rows()] == rows


def test_a_dutch_record_goes_out_in_the_standard_as_it_came(tmp_path):
    path, _ = saved(tmp_path, "nl.json", write_nl_json, dutch_records())
    assert json.loads(path.read_text("utf-8")) == DUTCH


def test_only_the_fields_changed_since_are_written_anew():
    record = dutch_records()[0]
    record.summary = "Nieuw."
    record.status = "retired"
    record.legal_basis = (Item(title="Jeugdwet", link="https://wet.example/2"), Item(text="Omdat 1 < 2"))
    row = to_nl(record).row
    assert (row["description_short"], row["status"], row["goal"]) == ("Nieuw.", "Buiten gebruik", DUTCH[0]["goal"])
    assert row["lawful_basis_grouping"] == [{"title": "Jeugdwet", "link": "https://wet.example/2"}]
    assert row["lawful_basis"] == "Omdat 1 < 2"
    assert row["own_field"] == DUTCH[0]["own_field"]


def test_dutch_csv_comes_back_by_its_own_mapping(tmp_path):
    records = dutch_records()
    path, _ = saved(tmp_path, "nl.csv", write_nl_csv, records)
    assert "'=1+1" in path.read_text("utf-8")
    source = open_source(path, guarded=True)
    guess = guess_mapping(source.info.columns)
    assert (guess.mapping.id, guess.sure) == ("nl-1.0", True)
    mapper = Mapper(guess.mapping, source.info.columns)
    for before, after in zip(records, map(mapper.record, source.rows()), strict=True):
        for field in (
            "name",
            "publisher",
            "summary",
            "status",
            "purpose",
            "legal_basis",
            "links",
            "start",
            "source_id",
        ):
            assert getattr(after, field) == getattr(before, field), field


def test_a_record_from_elsewhere_is_put_into_the_standard_and_what_is_lost_is_listed():
    record = RegisterRecord(
        name="N" * 101,
        source="own",
        source_id="17",
        status="trial",
        start="2025-03-04",
        risk_class="high",
        purpose="a < b\nc",
        legal_basis=(Item(title="School Act", link="https://law.example"), Item(text="Because.")),
        data_used=(Item(text="Marks", kind="description"), Item(kind="open_data", link="https://d.example")),
        supplier=(Item(title="Acme"),),
        links=(Item(link="https://a.example", kind="website"), Item(link="https://b.example", kind="website")),
        training="Two days",
        language="sv",
    )
    export = to_nl(record)
    assert export.row["goal"] == "a &lt; b<br>c"
    assert export.row["begin_date"] == "2025-03"
    assert export.row["publication_category"] == "Hoog-risico AI-systeem"
    assert export.row["lawful_basis"] == "Because."
    assert export.row["lawful_basis_grouping"] == [{"title": "School Act", "link": "https://law.example"}]
    assert export.row["source_data_grouping"] == [{"title": "open_data", "link": "https://d.example"}]
    assert export.row["name"] == "N" * 101
    assert {(one.code, one.column) for one in export.problems} == {
        ("too_long", "name"),
        ("less_precise", "begin_date"),
        ("not_permitted", "status"),
        ("not_permitted", "lang"),
        ("required", "organization"),
        ("required", "contact_email"),
        ("required", "description_short"),
        ("no_place", "links (website)"),
        ("no_place", "training"),
    }
    too_long = next(one for one in export.problems if one.code == "too_long")
    assert too_long.reason == "101 characters; The Dutch standard 1.0 allows 100. Nothing was cut."
    assert too_long.params["source_id"] == "17"


def test_no_records_make_valid_files(tmp_path):
    path, _ = saved(tmp_path, "nl.json", write_nl_json, [])
    assert json.loads(path.read_text("utf-8")) == []
    path, _ = saved(tmp_path, "all.json", write_json, [])
    assert json.loads(path.read_text("utf-8"))["records"] == []
