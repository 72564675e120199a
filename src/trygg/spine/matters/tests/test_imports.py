"""Importing register files: what is staged, matched, applied, undone; nothing merged silently, nothing twice."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.world import NOW
from trygg.engines.records import shipped_mapping
from trygg.kernel.ledger.models import Entry
from trygg.spine.matters import services as matters
from trygg.spine.matters.imports import exporting, jobs, keeping, matching, reading, selectors, services
from trygg.spine.matters.models import ImportRow, ImportRun, System
from trygg.spine.matters.tests import scene

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
Outcome = ImportRow.Outcome


def counts(run: ImportRun) -> dict[str, int]:
    return {name: n for name, n in services.counts_of(run).items() if n}


@pytest.fixture
def officer(people):
    return people.actor("officer")


def apply(run, officer, now=LATER):
    return services.apply_import(actor=officer, now=now, run=run)


def undo(run, officer, now=LATER):
    return services.undo_import(actor=officer, now=now, run=run)


# Reading --------------------------------------------------------------------------------------------------------------


def test_rows_are_staged_and_nothing_is_in_the_register_yet(people):
    run = scene.staged(people)
    assert (run.state, run.rows_read, run.rows_total, counts(run)) == ("ready", 3, 3, {"create": 3})
    assert not System.objects.exists()


def test_what_was_detected_is_said(people):
    run = scene.begun(people, scene.table(delimiter=";"))
    assert [one["code"] for one in run.detected["notes"]] == ["format", "encoding", "delimiter"]
    assert (run.detected["delimiter"], run.detected["encoding"]) == (";", "UTF-8")


def test_a_row_error_names_row_column_value_and_reason(people):
    run = scene.staged(people, scene.table([scene.CHATBOT, ("A9", "", "Lindvika", "", "", "")]))
    assert counts(run) == {"create": 1, "rejected": 1}
    assert selectors.rejected_of(run) == [
        {"row": 3, "column": "name", "value": "", "reason": "The row has no name. Give the system a name."}
    ]


def test_a_remark_does_not_keep_a_row_out(people):
    wrong = ("A5", "Map", "Lindvika", "", "not an address", "")
    run = scene.staged(people, scene.table([scene.CHATBOT, wrong]))
    row = run.rows.get(number=3)
    assert (row.outcome, row.problems[0]["code"], row.problems[0]["column"]) == (Outcome.CREATE, "not_a_url", "url")


def test_a_source_id_that_is_too_long_is_refused_and_not_cut(people):
    run = scene.staged(people, scene.table([scene.CHATBOT, ("x" * 301, "Long", "", "", "", "")]))
    assert [one["value"] for one in selectors.rejected_of(run)] == ["x" * 80]


def test_a_text_that_cannot_be_stored_is_refused(people):
    content = json.dumps([{"id": "1", "name": "A\x00"}, {"id": "2", "name": "B"}]).encode()
    run = scene.staged(people, content, name="r.json")
    assert counts(run) == {"create": 1, "rejected": 1}
    assert run.rows.get(number=1).raw == {}


def test_a_bad_file_fails_whole_and_says_where(people):
    content = scene.table() + b"A7,too,few\n"
    run = scene.staged(people, content)
    assert (run.state, run.rows.count(), run.report["failure"]["code"]) == ("failed", 0, "ragged")
    assert "row 5" in run.stage_note


def test_a_second_reader_stages_nothing_twice(people):
    run = scene.begun(people)
    reading.stage_rows(run)  # `run` still says that no row was read: a reader that began at the same time
    with pytest.raises(Exception) as caught:
        reading.stage_rows(run)
    assert type(caught.value).__name__ in ("ReadByAnother", "IntegrityError")
    assert run.rows.count() == 3


def test_reading_goes_on_where_it_stopped(people, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 2)
    run = scene.begun(people)
    original, calls = matching.match, []

    def stop_after_one(organisation_id, rows):
        calls.append(len(rows))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(organisation_id, rows)

    monkeypatch.setattr(matching, "match", stop_after_one)
    with pytest.raises(KeyboardInterrupt):
        jobs.read(run)
    run.refresh_from_db()
    assert (run.state, run.rows_read, run.rows.count()) == ("staging", 2, 2)
    assert jobs.read(run).state == "ready"
    assert list(run.rows.values_list("number", flat=True)) == [2, 3, 4]


def test_a_discarded_run_stops_being_read(people, officer):
    run = scene.begun(people)
    services.discard_import(actor=officer, now=NOW, run=ImportRun.objects.get(pk=run.pk))
    assert jobs.read(run).state == "staging"  # the stale instance; the row says discarded
    run.refresh_from_db()
    assert (run.state, run.rows.count()) == ("discarded", 0)


# Matching -------------------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(people, officer):
    apply(scene.staged(people), officer)
    assert counts(scene.staged(people)) == {"unchanged": 3}


def test_a_row_with_the_same_id_changes_the_system(people, officer):
    apply(scene.staged(people), officer)
    changed = ("A2", "Absence forecast", *scene.ABSENCE[2:])
    run = apply(scene.staged(people, scene.table([scene.CHATBOT, changed, scene.MATCHING])), officer)
    assert counts(run) == {"update": 1, "unchanged": 2}
    assert System.objects.get(source_id="A2").name == "Absence forecast"
    assert System.objects.count() == 3


def test_a_row_without_an_id_goes_by_publisher_name_and_address(people, officer):
    apply(scene.staged(people), officer)
    same = ("", "  school MATCHING ", "lindvika", "Places pupils in schools.", "http://www.lindvika.example/m/", "")
    run = scene.staged(people, scene.table([same]))
    assert counts(run) == {"update": 1}
    assert run.rows.get().system == System.objects.get(source_id="", name="School matching")


def test_two_rows_with_one_id_wait_for_a_person(people, officer):
    run = scene.staged(people, scene.table([scene.CHATBOT, scene.ABSENCE, ("A1", "Other", "", "", "", "")]))
    assert counts(run) == {"create": 1, "ambiguous": 2}
    assert selectors.ambiguous_of(run) == [
        {"row": 2, "name": "Chatbot for parents", "source_id": "A1", "systems": [], "rows": [4]},
        {"row": 4, "name": "Other", "source_id": "A1", "systems": [], "rows": [2]},
    ]
    apply(run, officer)
    assert list(System.objects.values_list("name", flat=True)) == ["Absence score"]


def test_a_row_with_an_id_does_not_swallow_one_without(people, officer):
    apply(scene.staged(people), officer)
    with_id = ("A3", *scene.MATCHING[1:])
    run = scene.staged(people, scene.table([with_id]))
    assert counts(run) == {"ambiguous": 1}
    both = scene.staged(people, scene.table([scene.CHATBOT, ("", "New", "X", "", "", ""), ("A8", "New", "X", "", "", "")]))
    assert counts(both) == {"unchanged": 1, "ambiguous": 2}


def test_another_organisation_and_another_source_match_nothing(people, officer):
    apply(scene.staged(people), officer)
    mapping = {**scene.begun(people).mapping, "source": "another-register"}
    kept = keeping.keep("r.csv", [scene.table()])
    found = reading.look_at(kept)
    run = services.begin_import(
        actor=officer, now=NOW, organisation=people.board, kept=kept, detected=found.detected, mapping=mapping
    )
    assert counts(jobs.read(run)) == {"create": 3}


# Choosing -------------------------------------------------------------------------------------------------------------


def choose(row, officer, choice):
    return services.choose_match(actor=officer, now=LATER, row=row, choice=str(choice))


@pytest.fixture
def twins(people, officer):
    """A register with A1, and a file in which two rows say that they are A1."""
    apply(scene.staged(people), officer)
    return scene.staged(people, scene.table([("A1", "First", "L", "", "", ""), ("A1", "Second", "L", "", "", "")]))


def test_a_person_says_which_row_is_the_system_and_which_is_new(twins, officer):
    first, second = twins.rows.order_by("number")
    standing = System.objects.get(source_id="A1")
    choose(first, officer, standing.pk)
    choose(second, officer, services.NEW)
    apply(twins, officer)
    standing.refresh_from_db()
    assert standing.name == "First"
    new = System.objects.get(name="Second")
    assert (new.source_id, new.record["source_id"]) == ("", "A1")  # an id is given once; the record keeps what came


def test_one_system_cannot_be_two_rows(twins, officer):
    first, second = twins.rows.order_by("number")
    standing = System.objects.get(source_id="A1")
    choose(first, officer, standing.pk)
    with pytest.raises(ValidationError, match="Row 2"):
        choose(second, officer, standing.pk)


def test_a_row_may_be_left_out_and_the_choice_changed(twins, officer):
    row = twins.rows.first()
    assert choose(row, officer, services.SKIP).outcome == Outcome.REJECTED
    assert choose(row, officer, services.NEW).problems == []


@pytest.mark.parametrize("choice", ["0", "999999", "x", ""])
def test_only_what_is_listed_can_be_chosen(twins, officer, choice):
    with pytest.raises(ValidationError):
        choose(twins.rows.first(), officer, choice)


def test_there_is_nothing_to_choose_about_a_clear_row(people, officer):
    with pytest.raises(ValidationError):
        choose(scene.staged(people).rows.first(), officer, services.NEW)


# Applying -------------------------------------------------------------------------------------------------------------


def test_applying_twice_applies_once(people, officer):
    run = scene.staged(people)
    apply(run, officer)
    before = Entry.objects.count()
    assert apply(ImportRun.objects.get(pk=run.pk), officer).state == "applied"
    assert (System.objects.count(), Entry.objects.count()) == (3, before)


@pytest.mark.parametrize("act", [services.apply_import, services.undo_import, services.refresh_import])
def test_an_import_that_is_not_there_yet_is_refused(people, officer, act):
    with pytest.raises(ValidationError):
        act(actor=officer, now=NOW, run=scene.begun(people))


def test_the_record_holds_what_came_and_what_no_field_took(people, officer):
    apply(scene.staged(people), officer)
    system = System.objects.get(source_id="A1")
    assert system.raw == dict(zip(scene.COLUMNS, scene.CHATBOT, strict=True))
    assert system.extra == {"own-register": {"note": "<b>ours</b>"}}
    assert (system.name, system.summary, system.origin) == ("Chatbot for parents", "Answers questions.", "imported")


def test_a_system_changed_meanwhile_stops_the_whole_import(people, officer):
    apply(scene.staged(people), officer)
    run = scene.staged(people, scene.table([("A1", "Renamed", "L", "", "", ""), ("A4", "New", "L", "", "", "")]))
    system = System.objects.get(source_id="A1")
    matters.edit_system(actor=officer, now=LATER + timedelta(hours=1), system=system, name="By hand", vendor_name="", summary="")
    with pytest.raises(services.RegisterChanged):
        apply(run, officer)
    run.refresh_from_db()
    assert (run.state, System.objects.count()) == ("ready", 3)
    apply(services.refresh_import(actor=officer, now=LATER, run=run), officer)
    assert System.objects.filter(name="New").exists()


def test_two_imports_of_one_file_at_a_time_do_not_make_systems_twice(people, officer):
    first, second = scene.staged(people), scene.staged(people)
    apply(first, officer)
    with pytest.raises(services.RegisterChanged):
        apply(second, officer)
    second = services.refresh_import(actor=officer, now=LATER, run=second)
    assert counts(second) == {"unchanged": 3}


def test_a_name_typed_by_hand_outlives_the_next_import(people, officer):
    apply(scene.staged(people), officer)
    system = System.objects.get(source_id="A1")
    matters.edit_system(actor=officer, now=LATER, system=system, name="Parents' chatbot", vendor_name="", summary=system.summary)
    apply(scene.staged(people, scene.table([("A1", "Chatbot 2", "Lindvika", "Answers more.", "", "")])), officer)
    system.refresh_from_db()
    assert (system.name, system.summary, system.record["name"]) == ("Parents' chatbot", "Answers more.", "Chatbot 2")


def test_the_file_is_forgotten_when_the_import_is_over(people, officer, django_capture_on_commit_callbacks):
    run = scene.staged(people)
    assert keeping.path_of(run.stored_as).exists()
    with django_capture_on_commit_callbacks(execute=True):
        apply(run, officer)
    assert not keeping.path_of(run.stored_as).exists()


def test_a_stray_upload_is_swept_away(people):
    kept = keeping.keep("x.csv", [b"a,b\n1,2\n"])
    run = scene.begun(people)
    assert keeping.forget_strays(before=NOW - timedelta(days=3650)) == 0
    assert keeping.forget_strays(before=NOW + timedelta(days=3650)) >= 1
    assert (kept.path.exists(), keeping.path_of(run.stored_as).exists()) == (False, True)


# Undoing --------------------------------------------------------------------------------------------------------------


def everything():
    return list(System.objects.order_by("pk").values())


def test_undoing_leaves_the_register_as_it_was(people, officer):
    apply(scene.staged(people), officer, now=NOW)
    before = everything()
    run = apply(scene.staged(people, scene.table([("A1", "Else", "L", "x", "", ""), ("B1", "New", "L", "", "", "")])), officer)
    assert everything() != before
    run = undo(run, officer)
    assert everything() == before
    assert run.report["undo"] == {"deleted": 1, "restored": 1, "kept": []}


def test_what_is_used_or_edited_since_stays_and_is_named(people, officer):
    run = apply(scene.staged(people), officer)
    used, edited = System.objects.get(source_id="A1"), System.objects.get(source_id="A2")
    matters.create_matter(actor=officer, now=LATER, owner=people.board, kind="deployment", title="Chatbot", system=used)
    matters.edit_system(
        actor=officer, now=LATER + timedelta(hours=1), system=edited, name="Mine", vendor_name="", summary=""
    )
    run = undo(run, officer, LATER + timedelta(days=1))
    assert [(one["row"], one["why"]) for one in run.report["undo"]["kept"]] == [(2, "used"), (3, "edited")]
    assert set(System.objects.values_list("name", flat=True)) == {"Chatbot for parents", "Mine"}


def test_a_part_of_another_system_counts_as_used(people, officer):
    run = apply(scene.staged(people), officer)
    whole = scene.system_of(people)
    matters.add_component(actor=officer, now=LATER, whole=whole, part=System.objects.get(source_id="A2"))
    assert [one["why"] for one in undo(run, officer).report["undo"]["kept"]] == ["used"]


def test_undoing_twice_undoes_once(people, officer):
    run = apply(scene.staged(people), officer)
    undo(run, officer)
    before = Entry.objects.count()
    assert undo(run, officer).state == "undone"
    assert Entry.objects.count() == before


def test_later_and_earlier_import_are_undone_in_turn(people, officer):
    first = apply(scene.staged(people), officer, now=NOW)
    second = apply(scene.staged(people, scene.table([("A1", "Else", "L", "", "", "")])), officer)
    undo(second, officer)
    assert undo(first, officer, LATER + timedelta(days=1)).report["undo"] == {"deleted": 3, "restored": 0, "kept": []}


def test_discarding_leaves_nothing_staged_and_an_applied_import_is_not_discarded(people, officer):
    run = services.discard_import(actor=officer, now=NOW, run=scene.staged(people))
    assert (run.state, run.rows.count()) == ("discarded", 0)
    with pytest.raises(ValidationError, match="Undo it"):
        services.discard_import(actor=officer, now=NOW, run=scene.applied(people))


# Mapping and export ---------------------------------------------------------------------------------------------------


def test_the_columns_may_be_chosen_anew_and_all_is_read_again(people, officer):
    run = scene.staged(people)
    mapping = {**run.mapping, "fields": {**run.mapping["fields"], "summary": {"from": "note"}}}
    run = services.choose_mapping(actor=officer, now=NOW, run=run, mapping=mapping)
    assert (run.state, run.rows.count()) == ("staging", 0)
    jobs.read(run)
    assert run.rows.get(number=2).record["summary"] == "<b>ours</b>"


def test_a_mapping_that_makes_no_sense_is_refused(people, officer):
    with pytest.raises(ValidationError, match="no common field"):
        services.choose_mapping(
            actor=officer, now=NOW, run=scene.staged(people),
            mapping={**shipped_mapping("generic").data, "fields": {"name": {"from": "a"}, "nonsense": {"from": "b"}}},
        )  # fmt: skip


def test_a_file_with_known_columns_gets_the_mapping_of_last_time(people, officer):
    run = apply(scene.staged(people), officer)
    assert selectors.mapping_used_before(people.board, list(scene.COLUMNS)) == run.mapping
    assert selectors.mapping_used_before(people.board, ["other"]) is None
    assert selectors.mapping_used_before(people.agency, list(scene.COLUMNS)) is None


def test_export_gives_what_was_imported_and_what_was_typed_since(people, officer, tmp_path):
    apply(scene.staged(people), officer)
    system = System.objects.get(source_id="A2")
    matters.edit_system(actor=officer, now=LATER, system=system, name="Score", vendor_name="Any AB", summary="Typed.")
    scene.system_of(people, "By hand")
    records = exporting.records_for(officer)
    exporting.write_file(records, "json", tmp_path / "all.json")
    out = json.loads((tmp_path / "all.json").read_text())["records"]
    assert [one["name"] for one in out] == ["Chatbot for parents", "Score", "School matching", "By hand"]
    assert out[1]["supplier"] == [{"title": "Any AB"}]
    assert out[1]["raw"]["name"] == "Absence score"
    assert out[3]["source"] == "trygg"


def test_what_the_dutch_standard_refuses_is_said_and_nothing_is_cut(people, officer, tmp_path):
    apply(scene.staged(people, scene.table([("A1", "N" * 101, "Lindvika", "", "", ""), scene.ABSENCE])), officer)
    problems = exporting.write_file(exporting.records_for(officer), "nl-1.0", tmp_path / "nl.json")
    assert ("too_long", "name") in {(one.code, one.column) for one in problems}
    assert json.loads((tmp_path / "nl.json").read_text())[0]["name"] == "N" * 101
    exporting.write_file(exporting.records_for(officer), "nl-1.0", tmp_path / "nl.csv")
    assert "N" * 101 in (tmp_path / "nl.csv").read_text()


def test_a_failed_export_leaves_what_stood_there(people, tmp_path):
    path = tmp_path / "out.json"
    path.write_text("before")
    with pytest.raises(ValueError, match="not one of"):
        exporting.write_file(exporting.records_for(people.actor("officer")), "xml", path)
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]
    assert path.read_text() == "before"


def test_html_of_a_register_is_made_harmless_when_shown():
    dirty = '<p onclick="x()">Hi <b>you</b><script>alert(1)</script><a href="javascript:x()">a</a><img src=x onerror=y></p>'
    rows = selectors.record_rows({"purpose": dirty, "summary": dirty, "html_fields": ["purpose"], "legal_basis": [{"title": "<i>"}]})
    shown = {row.key: row.value for row in rows}
    assert shown["Purpose"] == '<p>Hi <b>you</b><a rel="noopener noreferrer nofollow">a</a></p>'
    assert not hasattr(shown["Summary"], "__html__")
    assert shown["Legal basis"] == ["&lt;i&gt;"]


def test_the_words_are_those_of_the_engine():
    from trygg.engines.records.errors import PROBLEM_REASONS, READ_MESSAGES
    from trygg.engines.records.model import FIELDS
    from trygg.engines.records.rows import NOTES
    from trygg.spine.matters.imports import wording

    assert {code: str(text) for code, text in wording.READ.items()} == READ_MESSAGES
    assert {code: str(text) for code, text in wording.REASONS.items() if code not in ("id_too_long", "skipped")} == PROBLEM_REASONS
    assert {code: str(text) for code, text in wording.NOTES.items()} == NOTES
    assert wording.FIELDS.keys() == FIELDS.keys()
