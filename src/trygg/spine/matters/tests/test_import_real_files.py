"""Every real register file that the project was given goes through the database and comes out again without loss."""

import json
import sys
from pathlib import Path

import pytest

from tests.benchmarks import bench_import
from tests.world import NOW
from trygg.engines.records import load_csv, load_json, open_source
from trygg.spine.matters.imports import exporting, jobs, keeping, reading, services
from trygg.spine.matters.models import ImportRow, System

DATA = Path(__file__).parents[5].parent / "shared" / "data" / "register"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/register is not here"),
]
# rows refused, rows that wait for a person
FILES = {
    "nl-publicatiestandaard-0.4-config.json": (0, 0),
    "nl-publicatiestandaard-1.0-config.json": (0, 0),
    "nl-standard-1.0-vendor-templates.json": (0, 0),
    "uk-atrs-records.csv": (0, 0),
    "uk-atrs-records.json": (0, 0),
    "us-federal-2025-data-dictionary.json": (0, 0),
    "us-federal-2025-individual.csv": (1, 54),
    "us-federal-2025-individual.xlsx": (1, 54),
}


def imported(people, name):
    officer = people.actor("officer")
    kept = keeping.keep_copy(DATA / name)
    found = reading.look_at(kept)
    run = jobs.read(
        services.begin_import(
            actor=officer, now=NOW, organisation=people.board, kept=kept, detected=found.detected, mapping=found.mapping
        )
    )
    for row in run.rows.filter(outcome=ImportRow.Outcome.AMBIGUOUS).select_related("run"):
        services.choose_match(actor=officer, now=NOW, row=row, choice=services.NEW)
    return run, officer


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_real_file_comes_in_and_goes_out_without_loss(people, tmp_path, name):
    run, officer = imported(people, name)
    assert run.state == "ready", run.stage_note
    refused, waiting = FILES[name]
    assert (run.report["counts"]["rejected"], run.report["counts"]["ambiguous"]) == (refused, waiting)
    services.apply_import(actor=officer, now=NOW, run=run)

    lost = set(run.rows.filter(outcome=ImportRow.Outcome.REJECTED).values_list("number", flat=True))
    came = [row.values for row in open_source(DATA / name).rows() if row.number not in lost]
    records = exporting.records_for(officer)
    exporting.write_file(records, "json", tmp_path / "all.json")
    exporting.write_file(records, "csv", tmp_path / "all.csv")
    as_json, as_table = load_json(tmp_path / "all.json"), list(load_csv(tmp_path / "all.csv"))
    assert as_json == as_table
    assert sorted(json.dumps(one.raw, sort_keys=True) for one in as_json) == sorted(json.dumps(one, sort_keys=True) for one in came)
    assert System.objects.count() == len(came)


def test_the_vendor_templates_go_out_in_the_dutch_standard_as_they_came(people, tmp_path):
    name = "nl-standard-1.0-vendor-templates.json"
    run, officer = imported(people, name)
    services.apply_import(actor=officer, now=NOW, run=run)
    exporting.write_file(exporting.records_for(officer), "nl-1.0", tmp_path / "nl.json")
    in_order = lambda rows: sorted(json.dumps(row, sort_keys=True) for row in rows)  # noqa: E731
    assert in_order(json.loads((tmp_path / "nl.json").read_text("utf-8"))) == in_order(json.loads((DATA / name).read_text("utf-8")))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", bench_import.FILES)
def test_the_federal_inventory_takes_at_most_200_mb(name):
    assert bench_import.measure(DATA / name)["MB"] <= bench_import.BAR
