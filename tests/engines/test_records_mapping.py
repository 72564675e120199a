"""Mappings: the format, what transforms do, what is flagged and refused, guesses, keys. Invented data."""

import csv
from pathlib import Path

import pytest
import yaml

from trygg.engines.records import (
    DEFAULT_LIMITS,
    FIELDS,
    NL_FIELDS,
    RISK_CLASSES,
    SHIPPED,
    STATUSES,
    Item,
    Mapper,
    MappingError,
    Problem,
    RegisterRecord,
    Row,
    build_mapping,
    find_duplicates,
    guess_mapping,
    load_mapping,
    match_key,
    normal_url,
    shipped_mapping,
)
from trygg.engines.records.model import NL
from trygg.engines.records.transforms import MODES, TRANSFORMS


def mapping(**fields):
    fields.setdefault("name", {"from": "name"})
    head = {"format": "trygg-mapping/1", "id": "own", "title": {"en": "Own"}, "source": "own", "standard": "own"}
    return build_mapping({**head, "fields": fields})


def apply(one, values, number=2):
    return Mapper(one, tuple(values)).record(Row(number, values))


def codes(record):
    return [(problem.code, problem.column, problem.value) for problem in record.warnings]


def test_every_shipped_mapping_is_valid_and_uses_known_codes():
    for name in SHIPPED:
        one = shipped_mapping(name)
        for field, known in (("status", STATUSES), ("risk_class", RISK_CLASSES)):
            for part in one.fields.get(field, ()):
                for step, argument in part.do:
                    if step == "choice":
                        assert set(argument.values()) <= set(known), (name, field)


def test_lengths_of_the_common_fields_are_those_of_the_standard():
    for spec in FIELDS.values():
        if NL in spec.max_length and NL in spec.standard_name:
            assert spec.max_length[NL] == NL_FIELDS[spec.standard_name[NL]][0], spec.id
    assert set(FIELDS) <= set(RegisterRecord.__dataclass_fields__)


def test_what_is_not_mapped_goes_to_extra_and_raw_holds_all():
    values = {"name": " A ", "colour": "red", "empty": None, "id": 3}
    record = apply(mapping(), values)
    assert record.name == " A "
    assert record.extra == {"own": {"colour": "red", "id": 3}}
    assert record.raw == values


@pytest.mark.parametrize("name", [None, "", "  ", []])
def test_a_row_without_a_name_is_refused_and_says_why(name):
    problem = apply(mapping(), {"name": name, "x": "y"}, number=7)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.row, problem.column) == ("no_name", 7, "name")
    assert "no name" in problem.reason


def test_a_row_that_cannot_be_decoded_is_refused():
    bad = Problem("cannot_decode", 3, "name", "?", params={"found": "x", "encoding": "UTF-8"})
    assert Mapper(mapping(), ("name",)).record(Row(3, {"name": "A"}, (bad,))) is bad


def test_first_of_takes_the_first_filled_and_paragraphs_all():
    one = mapping(
        summary={"from": ["a", "b"], "do": ["first_of", "strip"]},
        purpose={"from": ["a", "b", "c"], "do": ["paragraphs"]},
    )
    record = apply(one, {"name": "A", "a": "", "b": " x ", "c": "y"})
    assert (record.summary, record.purpose) == ("x", " x \n\ny")


def test_lists_written_as_text_are_read_without_being_run():
    one = mapping(data_used={"from": "data", "do": ["list"]})

    def items(text):
        return [item.text for item in apply(one, {"name": "A", "data": text}).data_used]

    assert items("['a', \"b's\"]") == ["a", "b's"]
    assert items('["a", "b"]') == ["a", "b"]
    assert items("a; b;") == ["a", "b"]
    assert items("[]") == []
    for evil in ("[__import__('os').system('true')]", "['a', ['b']]", "[" * 5000, "['a'"):
        record = apply(one, {"name": "A", "data": evil})
        assert [item.text for item in record.data_used] == [evil]
        assert [code for code, _, _ in codes(record)] == ["unreadable_list"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-05", "2024-05"),
        ("03-04-2024", "2024-04-03"),
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01 00:00:00", "2024-05-01"),
        ("2024-05-01T10:00:00Z", "2024-05-01"),
        ("2024", "2024"),
        ("Apr-03", "2003-04"),
        ("Apr-99", "1999-04"),
    ],
)
def test_dates_are_as_precise_as_they_came(text, found):
    forms = ["YYYY-MM", "DD-MM-YYYY", "YYYY-MM-DD", "YYYY", "Mon-YY"]
    record = apply(mapping(start={"from": "start", "do": [{"date": forms}]}), {"name": "A", "start": text})
    assert record.start == found
    assert record.warnings == ()


@pytest.mark.parametrize("text", ["31-02-2024", "2024-13", "soon", "0000", "2024-05-01T99"])
def test_a_date_that_is_none_is_kept_and_flagged(text):
    one = mapping(start={"from": "start", "do": [{"date": ["YYYY-MM", "DD-MM-YYYY", "YYYY"]}]})
    record = apply(one, {"name": "A", "start": text})
    assert record.start == text
    assert codes(record) == [("unreadable_date", "start", text)]


def test_american_dates_are_read_only_where_the_mapping_says_so():
    one = mapping(start={"from": "start", "do": [{"date": ["MM/DD/YYYY", "MM/YYYY"]}]})
    for text, found in (
        ("09/24/2024 12:00:00 AM", "2024-09-24"),
        ("1/2/2021 0:00", "2021-01-02"),
        ("01/2024", "2024-01"),
    ):
        assert apply(one, {"name": "A", "start": text}).start == found


def test_values_that_are_no_choice_are_kept_and_flagged():
    one = mapping(status={"from": "status", "do": [{"choice": {"In Use": "in_use", "No": "retired"}}]})
    assert apply(one, {"name": "A", "status": " in  use "}).status == "in_use"
    assert apply(one, {"name": "A", "status": "No"}).status == "retired"
    record = apply(one, {"name": "A", "status": "half"})
    assert (record.status, codes(record)) == ("half", [("unknown_choice", "status", "half")])


def test_a_website_that_is_no_address_is_accepted_and_flagged():
    one = mapping(links=[{"from": "website", "kind": "website", "do": ["url"]}])
    record = apply(one, {"name": "A", "website": "Team Assistant"})
    assert record.links == (Item(text="Team Assistant", kind="website"),)
    assert codes(record) == [("not_a_url", "website", "Team Assistant")]
    assert "kept as it came" in record.warnings[0].reason
    assert apply(one, {"name": "A", "website": "https://a.example/x"}).links[0].link == "https://a.example/x"
    for text in ("javascript:alert(1)", "http://", "https://[", "https://a b.example", "www.a.example"):
        assert apply(one, {"name": "A", "website": text}).links[0].link == ""


def test_contacts_are_checked_and_kept():
    one = mapping(contact={"from": "mail", "do": ["contact"]})
    expected = {
        "a@b.example": [],
        "https://b.example/c": [],
        "a@b.example; c@d.example": ["several_values"],
        "Ann": ["not_a_contact"],
    }
    for text, flags in expected.items():
        record = apply(one, {"name": "A", "mail": text})
        assert record.contact == text
        assert [code for code, _, _ in codes(record)] == flags


def test_booleans_know_the_words_of_several_languages():
    one = mapping(data_used=[{"from": "pii", "kind": "personal_data", "as": "status", "do": ["boolean"]}])
    for value, found in (("Ja", "yes"), (False, "no"), ("nej", "no"), ("1", "yes"), ("perhaps", "perhaps")):
        assert apply(one, {"name": "A", "pii": value}).data_used == (Item(status=found, kind="personal_data"),)


def test_lists_of_objects_become_items_also_from_their_json_text():
    one = mapping(legal_basis=[{"from": "law", "do": [{"objects": {"title": "title", "link": "link"}}]}])
    expected = (Item(title="School Act", link="https://law.example/1"), Item(title="GDPR"))
    objects = [{"title": "School Act", "link": "https://law.example/1"}, {"title": "GDPR", "link": None}]
    assert apply(one, {"name": "A", "law": objects}).legal_basis == expected
    text = '[{"title":"School Act","link":"https://law.example/1"},{"title":"GDPR","link":null}]'
    assert apply(one, {"name": "A", "law": text}).legal_basis == expected
    assert apply(one, {"name": "A", "law": "just words"}).legal_basis == (Item(text="just words"),)


def test_nested_objects_are_reached_by_a_dotted_path_unless_a_column_has_that_name():
    one = mapping(contact={"from": "contact.mail"})
    assert apply(one, {"name": "A", "contact": {"mail": "a@b.example"}}).contact == "a@b.example"
    assert apply(one, {"name": "A", "contact.mail": "c@d.example"}).contact == "c@d.example"


def test_html_is_kept_as_it_came_and_its_field_is_named():
    one = mapping(purpose={"from": "goal", "do": ["html"]})
    record = apply(one, {"name": "A", "goal": "<p onclick=x>a</p>"})
    assert (record.purpose, record.html_fields) == ("<p onclick=x>a</p>", ("purpose",))


def test_headers_match_despite_case_and_line_breaks_and_by_alias():
    one = build_mapping({**mapping().data, "aliases": {"name": ["What is it\n\n called?"]}})
    record = apply(one, {"WHAT IS IT called?": "A", "Other": "x"})
    assert record.name == "A"
    assert record.extra == {"own": {"Other": "x"}}


def test_the_key_is_the_first_alternative_whose_columns_are_all_filled():
    one = build_mapping({**mapping().data, "key": [["lars"], ["organisation", "no"]]})
    assert apply(one, {"name": "A", "lars": " 12 ", "organisation": "X", "no": 1}).source_id == "12"
    assert apply(one, {"name": "A", "lars": None, "organisation": "X", "no": 1}).source_id == "X:1"
    assert apply(one, {"name": "A", "lars": None, "organisation": "", "no": 1}).source_id == ""


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("fields: {name: {from: a}}", "'format' is a required property"),
        ("a: 1\na: 2", "a key stands twice"),
        ("a: &x [b]\nc: *x", "aliases are not allowed"),
        ("[a, b", "no valid YAML"),
        ("? [a]\n: b", "a key must be a text"),
        ("!!python/object/apply:os.system ['true']", "no valid YAML"),
        ("x" * 300_000, "longer than"),
        ("[" * 20_000, "nested too deep"),
    ],
)
def test_a_broken_mapping_says_what_is_wrong(text, part):
    with pytest.raises(MappingError) as caught:
        load_mapping(text, "mine.yaml")
    assert part in str(caught.value)
    assert "mine.yaml" in str(caught.value)


def test_a_mapping_with_unknown_fields_or_transforms_lists_them_all():
    data = mapping().data
    with pytest.raises(MappingError) as caught:
        build_mapping({**data, "fields": {"name": {"from": "a", "do": ["eval"]}, "start": {"do": []}}})
    assert len(caught.value.problems) == 2
    with pytest.raises(MappingError, match="is no common field"):
        build_mapping({**data, "fields": {"name": {"from": "a"}, "shoe_size": {"from": "b"}}})


def test_words_like_no_and_yes_stay_words_in_yaml():
    data = mapping().data | {
        "fields": {"name": {"from": "name"}, "status": {"from": "s", "do": [{"choice": {"No": "retired"}}]}}
    }
    text = yaml.safe_dump(data, sort_keys=False).replace("'No'", "No")
    assert "  No: retired" in text
    text = text + "  standard_version: {value: 2025}\nchecked: 2026-11-22\n"
    record = apply(load_mapping(text), {"name": "A", "s": "no"})
    assert (record.status, record.standard_version) == ("retired", "2025")


def test_a_known_file_is_recognised_and_another_gets_a_proposal():
    us = guess_mapping(("agency", "agency_name", "id", "use_case_name", "development_stage"))
    assert (us.mapping.id, us.sure) == ("us-federal-2025", True)
    assert guess_mapping(("publishing_body", "tool_name", "url")).mapping.id == "uk-atrs-index"
    assert guess_mapping(("name", "description_short", "publication_category", "lang")).mapping.id == "nl-1.0"
    own = guess_mapping(("Nummer", "System_namn", "Systemnamn", "Kort beskrivning", "Färg"))
    assert (own.sure, own.mapped, own.unmapped) == (
        False,
        ("Systemnamn", "Kort beskrivning"),
        ("Nummer", "System_namn", "Färg"),
    )
    record = apply(own.mapping, {"Nummer": "4", "Systemnamn": "A", "Kort beskrivning": "b", "Färg": "röd"})
    assert (record.name, record.summary, record.source_id) == ("A", "b", "4")


def test_without_a_column_for_the_name_nothing_is_proposed():
    guess = guess_mapping(("colour", "size"))
    assert (guess.mapping, guess.unmapped) == (None, ("colour", "size"))


def record(**values):
    return RegisterRecord(**{"name": "Läsvän", "source": "own", "publisher": "Exempelby", **values})


def test_records_match_on_source_and_id_or_on_what_describes_them():
    assert match_key(record(source_id="1", name="A")) == match_key(record(source_id="1", name="B"))
    assert match_key(record(source_id="1")) != match_key(record(source_id="1", source="other"))
    assert match_key(record(name=" LÄSVÄN ")) == match_key(record(name="La\u0308svän"))
    assert match_key(record()) != match_key(record(publisher="Annanby"))
    assert match_key(record()) != match_key(record(links=(Item(link="https://a.example", kind="website"),)))
    assert match_key(record(source_id="1")).digest != match_key(record(source_id="2")).digest


def test_addresses_are_compared_without_what_makes_no_difference():
    same = ("https://www.A.example/x/", "http://a.example:80/x", "a.example/x#top", " https://a.example/x ")
    assert {normal_url(url) for url in same} == {"a.example/x"}
    assert normal_url("https://a.example/X") != normal_url("https://a.example/x")


def test_duplicates_are_listed_with_their_rows_and_never_merged():
    records = [
        record(row=2),
        record(row=3, source_id="7"),
        record(row=4),
        record(row=5, source_id="7", name="Other"),
        record(row=6, name="Z"),
    ]
    found = find_duplicates(records)
    assert [(one.key.kind, one.rows, one.names) for one in found] == [
        ("described", (2, 4), ("Läsvän", "Läsvän")),
        ("source_id", (3, 5), ("Läsvän", "Other")),
    ]


def test_the_guide_states_the_limits_and_names_every_field_and_transform():
    guide = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
    mib = 1024 * 1024
    stated = [
        f"| CSV file | {DEFAULT_LIMITS.csv_bytes // mib} MiB |",
        f"| XLSX file | {DEFAULT_LIMITS.xlsx_bytes // mib} MiB |",
        f"| XLSX unpacked | {DEFAULT_LIMITS.xlsx_unpacked_bytes // mib} MiB |",
        f"| XLSX shared texts | {DEFAULT_LIMITS.xlsx_shared_strings_bytes // mib} MiB |",
        f"| XLSX other parts, each | {DEFAULT_LIMITS.xlsx_other_part_bytes // mib} MiB |",
        f"| XLSX parts | {DEFAULT_LIMITS.xlsx_entries} |",
        f"| JSON file | {DEFAULT_LIMITS.json_bytes // mib} MiB |",
        f"| rows | {DEFAULT_LIMITS.rows} |",
        f"| columns | {DEFAULT_LIMITS.columns} |",
        f"| characters in one CSV cell | {csv.field_size_limit()} |",
    ]
    words = [f"`{word}`" for word in (*FIELDS, *STATUSES, *RISK_CLASSES, *SHIPPED[:-1])]
    transforms = [*TRANSFORMS, *MODES]
    assert [part for part in stated + words if part not in guide] == []
    assert [name for name in transforms if f"`{name}`" not in guide and f"`{{{name}:" not in guide] == []


def test_the_example_in_the_guide_is_a_valid_mapping():
    guide = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
    one = load_mapping(guide.split("```yaml\n")[1].split("```")[0])
    record = apply(one, {"Systemets namn": "A", "diarienummer": "KS 2026/1", "läge": "I drift", "från": "03-2026"})
    assert (record.name, record.source_id, record.status, record.start) == ("A", "KS 2026/1", "in_use", "03-2026")
