"""Reading register files as JSON. Invented data."""

import json

import pytest

from trygg.engines.records import Limits, ReadError, open_source


def write(tmp_path, content, name="register.json"):
    path = tmp_path / name
    if not isinstance(content, str | bytes):
        content = json.dumps(content, ensure_ascii=False)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path, **options):
    with pytest.raises(ReadError) as caught:
        open_source(path, **options).check()
    return caught.value


def test_a_list_of_objects_is_read_as_it_is(tmp_path):
    items = [{"name": "A", "tags": ["x"], "none": None, "empty": ""}, {"name": "B", "deep": {"a": [1, 2.5, True]}}]
    source = open_source(write(tmp_path, items))
    assert [row.values for row in source.rows()] == items
    assert source.info.columns == ("name", "tags", "none", "empty", "deep")


def test_an_object_that_holds_the_list_says_where(tmp_path):
    source = open_source(write(tmp_path, {"meta": {"n": 1}, "records": [{"name": "A"}]}))
    assert [row.values for row in source.rows()] == [{"name": "A"}]
    assert source.info.envelope.around == {"meta": {"n": 1}, "records": None}
    assert "The list of records is 'records' in the file." in source.info.describe()


def test_a_nested_list_is_found_and_may_be_chosen(tmp_path):
    path = write(tmp_path, {"export": {"tools": [{"name": "A"}], "people": [{"name": "P"}]}})
    error = refusal(path)
    assert error.code == "json_choose_list"
    assert "export.tools" in str(error)
    assert [row.values["name"] for row in open_source(path, list_path="export.tools").rows()] == ["A"]
    assert refusal(path, list_path="export.nothing").code == "json_no_list"


def test_one_record_that_has_lists_of_its_own_is_one_record(tmp_path):
    record = {"name": "A", "lawful_basis_grouping": [{"title": "Law", "link": None}]}
    rows = list(open_source(write(tmp_path, record)).rows())
    assert [row.values for row in rows] == [record]


def test_named_objects_become_rows_with_their_name(tmp_path):
    rows = list(open_source(write(tmp_path, {"a": {"x": 1}, "b": {"x": 2}})).rows())
    assert [row.values for row in rows] == [{"@key": "a", "x": 1}, {"@key": "b", "x": 2}]


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ('[{"name": "A"}, {"name": "B', "bad_json", "cut off"),
        ('[{"name": "A"}, {"name": "B"}', "bad_json", "cut off"),
        ('{"name": "A"}\n{"name": "B"}\n', "bad_json", "JSON Lines"),
        ("[{'name': 'A'}]", "bad_json", "line 1"),
        ('[{"name": "A", "name": "B"}]', "json_duplicate_key", "'name'"),
        ('[{"name": NaN}]', "json_number", "NaN"),
        ('[{"name": 1e999}]', "json_number", "1e999"),
        ('["A", "B"]', "json_not_object", "item 1"),
        ('{"x": 1}', "json_no_list", "list"),
        ("[]", "empty", "no rows"),
        ("[" * 100_000, "json_too_deep", "deeper"),
        ('[{"a":' * 40 + "1" + "}]" * 40, "json_too_deep", "deeper"),
    ],
)
def test_broken_json_says_where_and_what_to_do(tmp_path, text, code, part):
    error = refusal(write(tmp_path, text))
    assert error.code == code
    assert part in str(error)


def test_mixed_encodings_name_the_line(tmp_path):
    data = '[{"name": "Åsa"},\n{"name": "Örjan"},\n'.encode() + '{"name": "Ängla"}]'.encode("cp1252")
    error = refusal(write(tmp_path, data))
    assert error.code == "cannot_decode"
    assert "line 3" in str(error)


def test_texts_that_no_database_can_store_are_problems_of_their_row(tmp_path):
    rows = list(
        open_source(write(tmp_path, r'[{"name": "a\ud800"}, {"name": "b\u0000"}, {"name": "\ud83d\ude00"}]')).rows()
    )
    assert [[problem.code for problem in row.problems] for row in rows] == [["not_storable"], ["not_storable"], []]


def test_json_beyond_its_limit_is_refused(tmp_path):
    assert refusal(write(tmp_path, [{"name": "A"}]), limits=Limits(json_bytes=5)).code == "too_large"
