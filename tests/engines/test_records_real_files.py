"""Every real register file that the project was given imports and exports again without loss; memory stays small.

The files are not shipped: the tests skip where ../shared is absent. Fixtures of our own cover the same code in the
other test_records files.
"""

import csv
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from trygg.engines.records import (
    Mapper,
    Problem,
    RegisterRecord,
    find_duplicates,
    guess_mapping,
    load_csv,
    load_json,
    open_source,
    write_csv,
    write_json,
    write_nl_json,
    write_source_csv,
    write_source_json,
)

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "register"
pytestmark = [pytest.mark.full, pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/register is not here")]
US_CSV, US_XLSX = "us-federal-2025-individual.csv", "us-federal-2025-individual.xlsx"
FILES = {
    "nl-publicatiestandaard-0.4-config.json": ("generic", 31),
    "nl-publicatiestandaard-1.0-config.json": ("generic", 31),
    "nl-standard-1.0-vendor-templates.json": ("nl-1.0", 16),
    "uk-atrs-records.csv": ("uk-atrs-index", 136),
    "uk-atrs-records.json": ("uk-atrs-index", 136),
    "us-federal-2025-data-dictionary.json": ("generic", 34),
    US_CSV: ("us-federal-2025", 3611),
    US_XLSX: ("us-federal-2025", 3611),
}


def imported(name):
    source = open_source(DATA / name)
    guess = guess_mapping(source.info.columns)
    mapper = Mapper(guess.mapping, source.info.columns)
    rows = list(source.rows())
    return source, guess, rows, [mapper.record(row) for row in rows]


def saved(path, writer, *arguments, **options):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer(*arguments, stream, **options)
    return path


def table(path):
    """The file read by other means than ours: the csv module, openpyxl, json."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    lines = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return [line for line in lines if any(line)]


def test_the_list_of_files_is_whole():
    assert set(FILES) == {path.name for path in DATA.iterdir() if path.name != "README.md"}


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_recognised_and_given_back_without_loss(tmp_path, name):
    source, guess, rows, results = imported(name)
    assert (guess.mapping.id.replace("proposal", "generic"), len(rows)) == FILES[name]
    refused = [one for one in results if isinstance(one, Problem)]
    assert [one.code for one in refused] == (["no_name"] if name in (US_CSV, US_XLSX) else [])
    kept = {one.row: one.raw for one in results if isinstance(one, RegisterRecord)}
    back = [kept.get(row.number, row.values) for row in rows]
    if source.info.format == "json":
        path = saved(tmp_path / "back.json", write_source_json, back, source.info.envelope)
        original = json.loads((DATA / name).read_text("utf-8"))
        assert json.dumps(json.loads(path.read_text("utf-8"))) == json.dumps(original)
    else:
        path = saved(tmp_path / "back.csv", write_source_csv, back, source.info.columns, guarded=False)
        assert table(path) == table(DATA / name)


@pytest.mark.parametrize("name", FILES)
def test_the_records_of_a_real_file_come_back_from_json_and_csv(tmp_path, name):
    records = [one for one in imported(name)[3] if isinstance(one, RegisterRecord)]
    assert load_json(saved(tmp_path / "all.json", write_json, records)) == records
    assert list(load_csv(saved(tmp_path / "all.csv", write_csv, records))) == records


@pytest.mark.parametrize("name", [US_CSV, US_XLSX])
def test_keys_and_duplicates_of_the_federal_inventory(name):
    records = [one for one in imported(name)[3] if isinstance(one, RegisterRecord)]
    assert sum(not one.source_id for one in records) == 704
    ambiguous = find_duplicates(records)
    assert sorted(one.key.parts[1] for one in ambiguous if one.key.kind == "source_id") == [
        "DOJ:DOJ-0160", "DOJ:DOJ-0357", "STB:TBD",
    ]  # fmt: skip
    assert sum(len(one.rows) for one in ambiguous if one.key.kind == "described") == 48


def test_both_forms_of_the_federal_inventory_say_the_same():
    by_form = []
    for name in (US_CSV, US_XLSX):
        records = [one for one in imported(name)[3] if isinstance(one, RegisterRecord) and one.source_id]
        by_form.append({(one.source_id, one.publisher, one.status, one.risk_class) for one in records})
    assert by_form[0] == by_form[1]
    assert {status for _, _, status, _ in by_form[0]} == {"", "in_development", "trial", "in_use", "retired"}


def test_the_vendor_templates_go_out_in_the_standard_as_they_came(tmp_path):
    name = "nl-standard-1.0-vendor-templates.json"
    _, _, _, records = imported(name)
    with (tmp_path / "nl.json").open("w", encoding="utf-8") as stream:
        problems = write_nl_json(records, stream)
    assert json.loads((tmp_path / "nl.json").read_text("utf-8")) == json.loads((DATA / name).read_text("utf-8"))
    assert {one.column for one in problems if one.code == "required"} >= {"organization"}
    tilburg = next(one for one in records if "Gem" in one.name and "tilburg" in one.source_id)
    assert [one.code for one in tilburg.warnings] == ["not_a_url"]


_MEASURE = """
import sys
from trygg.engines.records import DuplicateFinder, Mapper, RegisterRecord, guess_mapping, open_source
source = open_source(sys.argv[1])
mapper = Mapper(guess_mapping(source.info.columns).mapping, source.info.columns)
finder, count = DuplicateFinder(), 0
for chunk in source.chunks(500):
    for row in chunk:
        record = mapper.record(row)
        count += 1
        if isinstance(record, RegisterRecord):
            finder.add(record)
# Not ru_maxrss: that begins with the peak of the process that started this one.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(count, int(peak.split()[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", [US_CSV, US_XLSX])
def test_reading_and_mapping_the_federal_inventory_stays_below_100_mib(name):
    command = [sys.executable, "-c", _MEASURE, str(DATA / name)]
    count, peak = map(int, subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())
    assert count == 3611
    assert peak < 100, f"peak resident memory {peak} MiB"
