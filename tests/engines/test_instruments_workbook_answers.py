"""Answers as Excel workbooks: round trip without loss, words in the reader's language, and everything that is wrong listed."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.questionnaires import answered, instrument, item, packs, t
from tests.engines.test_instruments_workbook import NASTY
from trygg.engines.conditions import NOT_APPLICABLE, UNANSWERED, UNKNOWN, Withheld, normalise
from trygg.engines.depth import Depth
from trygg.engines.instruments import expand, load_instrument
from trygg.engines.instruments.workbook import MAX_TEXT, WorkbookRefused
from trygg.engines.instruments.workbook_answers import Filled, answers_from_workbook, answers_to_workbook


def plain(questions, answers):
    """Answers in one form: no empty ones, several choices as a set."""
    found = {}
    for name, value in answers.items():
        value = normalise(value)
        if value is not UNANSWERED:
            found[name] = (
                frozenset(value) if isinstance(value, tuple) else str(value) if isinstance(value, date) else value
            )
    return found


def same(questions, answers, languages=(), notes=None, **words):
    filled, problems = answers_from_workbook(
        answers_to_workbook(questions, answers, languages, notes=notes, **words), questions
    )
    assert [str(problem) for problem in problems] == []
    assert plain(questions, filled.answers) == plain(questions, answers)
    assert filled.notes == (notes or {})
    return filled


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    packs(words=NASTY.filter(str.strip) | st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)),
    st.data(),
)
def test_answers_go_out_and_in_without_loss_whatever_the_words(data, draw):
    questions = expand(load_instrument(data), {"s1": [("a", ""), ("b", "=Second")]})
    answers = draw.draw(answered(questions, odd=False))
    names = list(questions.items)
    notes = draw.draw(st.dictionaries(st.sampled_from(names), NASTY.filter(str.strip), max_size=3))
    same(questions, answers, draw.draw(st.sampled_from([(), ("sv",), ("sv", "en"), ("fi",)])), notes)


MATRIX = {
    "rights": [{"id": "art12", "label": t("To be heard")}, {"id": "art16", "label": t("Privacy")}],
    "groups": [{"id": "small", "label": t("Small children")}],
    "dimensions": [
        {
            "id": "d",
            "label": t("Severity"),
            "levels": [
                {"id": "low", "label": {"en": "Low", "sv": "Låg"}},
                {"id": "high", "label": {"en": "High", "sv": "Hög"}},
            ],
        }
    ],
}
YES_NO = [{"id": "yes", "label": {"en": "Yes", "sv": "Ja"}}, {"id": "no", "label": {"en": "No", "sv": "Nej"}}]
FORM = instrument(
    item("one", choices=YES_NO), item("many", "choices", choices=YES_NO), item("n", "number", min=0, max=10), item("words", "text"),
    item("day", "date"), item("who", "party"), item("ok", "sign"), item("rights", "rights_matrix", matrix=MATRIX),
    item("later", "text", visible_when={"item": "one", "is": "no"}), item("twins", choices=[{"id": "a", "label": t("Same")}, {"id": "b", "label": t("Same")}]),
)  # fmt: skip
ANSWERS = {
    "one": "yes", "many": ["yes", "no"], "n": 0.1, "words": "=1+1\r\n", "day": "2026-01-01", "who": "+46 8", "ok": True,
    "rights": ["art16/small/d=high"], "later": "kept", "twins": "b",
}  # fmt: skip
RAW = answers_to_workbook(FORM, ANSWERS, ["sv", "en"])


def rows_of(raw, sheet):
    page = openpyxl.load_workbook(io.BytesIO(raw))[sheet]
    first, *rest = [[cell.value for cell in row] for row in page.iter_rows()]
    return [dict(zip(first, row, strict=True)) for row in rest]


def test_every_kind_of_question_goes_out_and_in():
    for languages in ([], ["sv"], ["en", "sv"]):
        same(FORM, ANSWERS, languages)
    same(
        FORM,
        {
            "one": UNKNOWN,
            "many": NOT_APPLICABLE,
            "rights": Withheld("=secret"),
            "n": Withheld("x"),
            "words": " ",
            "day": date(2026, 1, 1),
            "later": UNANSWERED,
        },
    )
    assert same(FORM, {}).answers == {}


def test_a_row_speaks_the_readers_language():
    rows = {(row["id"], row["del"]): row for row in rows_of(RAW, "Svar")}
    assert rows["one", None]["svar"] == "Ja"
    assert (rows["many", "yes"]["alternativ"], rows["many", "yes"]["svar"]) == ("Ja", "ja")
    assert (rows["rights", "art16/small/d"]["alternativ"], rows["rights", "art16/small/d"]["svar"]) == (
        "Privacy / Small children / Severity",
        "Hög",
    )
    assert rows["twins", None]["svar"] == "Same [b]"
    assert (rows["one", None]["ställs"], rows["later", None]["ställs"], rows["later", None]["svar"]) == (
        "ja",
        "nej",
        "kept",
    )
    assert (rows["one", None]["fråga [sv]"], rows["one", None]["slag"], rows["one", None]["avsnitt"]) == (
        "one",
        "ett val",
        "One",
    )


def test_where_one_chooses_there_is_a_list():
    book = openpyxl.load_workbook(io.BytesIO(RAW))
    page = book["Svar"]
    ranges = {str(each.sqref).split()[0]: each.formula1 for each in page.data_validations.dataValidation}
    heads = [cell.value for cell in page[1]]
    answer = openpyxl.utils.get_column_letter(heads.index("svar") + 1)
    sheet, _, span = ranges[f"{answer}2"].strip("'").partition("!")
    assert [cell.value for (cell,) in book["Listor"][span.replace("$", "")]] == ["Ja", "Nej"]
    assert book["Listor"].sheet_state == "hidden"


def test_questions_of_another_depth_or_phase_are_marked():
    phases = [{"id": "p", "title": t("p")}, {"id": "u", "title": t("u")}]
    questions = instrument(
        item("a", "text", phases=["p"]), item("b", "text", depth="full"), item("c", "text"), phases=phases
    )
    rows = rows_of(answers_to_workbook(questions, {}, ["en"], depth=Depth.LIGHT, phase="u"), "Answers")
    assert [row["asked"] for row in rows] == ["no", "no", "yes"]


def test_entries_of_a_repeated_section_stand_apart():
    data = {"id": "use", "title": t("Uses"), "items": [item("goal", "text")], "repeat": {"of": t("Use")}}
    questions = expand(instrument(sections=[data]), {"use": [("a", ""), ("b", "Timetable")]})
    same(questions, {"goal@a": "=1", "goal@b": "2"})
    rows = rows_of(answers_to_workbook(questions, {}, ["en"]), "Answers")
    assert [(row["section"], row["id"]) for row in rows] == [
        ("Uses / Use 1", "goal@a"),
        ("Uses / Use 2: Timetable", "goal@b"),
    ]


def test_no_answer_is_a_formula():
    for row in openpyxl.load_workbook(io.BytesIO(RAW))["Svar"].iter_rows():
        for cell in row:
            assert cell.data_type != "f"
    with zipfile.ZipFile(io.BytesIO(RAW)) as package:
        assert not [name for name in package.namelist() if b"<f>" in package.read(name)]


def test_what_no_cell_can_hold_is_refused_with_its_place():
    with pytest.raises(WorkbookRefused) as caught:
        answers_to_workbook(FORM, {"words": "x" * (MAX_TEXT + 1), "many": ["yes", "yes"], "who": "\ud800"}, ["en"])
    assert [(each.code, each.params.get("place", each.cell)) for each in caught.value.problems] == [
        ("duplicate", "many"), ("too_long", "'words', answer"), ("half_sign", "'who', answer"),
    ]  # fmt: skip


# Coming in ------------------------------------------------------------------------------------------------------------

AT = {name: number for number, name in enumerate(rows_of(RAW, "Svar")[0], start=1)}
ROW = {(row["id"], row["del"]): number for number, row in enumerate(rows_of(RAW, "Svar"), start=2)}


def edited(*changes, form=FORM):
    """What is read after changes in Excel: ("one", None, "svar", value) puts a value, a function does anything."""
    book = openpyxl.load_workbook(io.BytesIO(RAW))
    for change in changes:
        if callable(change):
            change(book)
        else:
            name, part, column, value = change
            book["Svar"].cell(ROW[name, part], AT[column]).value = value
    stream = io.BytesIO()
    book.save(stream)
    filled, problems = answers_from_workbook(stream.getvalue(), form)
    assert not problems or filled == Filled()
    assert all(problem.reason for problem in problems)
    return filled, {(problem.sheet, problem.cell, problem.code) for problem in problems}


def place(name, part, column):
    return f"{openpyxl.utils.get_column_letter(AT[column])}{ROW[name, part]}"


def test_saved_by_another_program_the_answers_are_the_same():
    filled, problems = edited()
    assert problems == set()
    assert plain(FORM, filled.answers) == plain(FORM, ANSWERS)


@pytest.mark.parametrize(
    ("name", "part", "value", "answer"),
    [
        ("one", None, "Nej", "no"), ("one", None, " nej ", "no"), ("one", None, "No", "no"), ("one", None, "no", "no"), ("one", None, None, None),
        ("n", None, "1,5", 1.5), ("n", None, 7, 7), ("n", None, "7", 7), ("n", None, 1.0, 1), ("n", None, "json:3", 3),
        ("day", None, datetime(2026, 3, 1), "2026-03-01"), ("words", None, 12, "12"), ("words", None, 0.5, "0.5"),
        ("ok", None, "x", True), ("ok", None, True, True), ("many", "no", "nej", ("yes",)), ("many", "no", None, ("yes",)),
        ("twins", None, "Same [a]", "a"), ("twins", None, "a", "a"), ("rights", "art12/small/d", "Low", ("art12/small/d=low", "art16/small/d=high")),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(name, part, value, answer):
    filled, problems = edited((name, part, "svar", value))
    assert problems == set()
    assert filled.answers.get(name) == answer


def test_rows_may_be_sorted_or_taken_away_and_columns_moved_or_added():
    def change(book):
        page = book["Svar"]
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        page.delete_rows(2, len(rows))
        for row in sorted(rows, key=str)[3:]:
            page.append(row)
            for cell in page[page.max_row]:
                cell.data_type = (
                    "s" if cell.data_type == "f" else cell.data_type
                )  # this program takes "=" for a formula
        page.move_range("A1:A20", cols=30)
        page.cell(1, 1).value = "my own remarks"
        page.cell(2, 1).value = "ask Anna"

    filled, problems = edited(change)
    assert problems == set()
    found, wanted = plain(FORM, filled.answers), plain(FORM, ANSWERS)
    assert 5 < len(found) < len(wanted)
    assert all(found[name] <= wanted[name] if name == "many" else found[name] == wanted[name] for name in found)


def merge(book):
    book["Svar"].merge_cells("A2:C2")


def rename(old, new):
    def change(book):
        book[old].title = new

    return change


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ([("one", None, "svar", "Kanske")], ("Svar", place("one", None, "svar"), "not_a_choice")),
        ([("one", None, "svar", 3)], ("Svar", place("one", None, "svar"), "not_a_choice")),
        ([("twins", None, "svar", "Same")], ("Svar", place("twins", None, "svar"), "which_choice")),
        ([("many", "yes", "svar", "perhaps")], ("Svar", place("many", "yes", "svar"), "not_an_answer")),
        ([("many", "yes", "del", "gone")], ("Svar", place("many", "yes", "svar"), "not_a_choice")),
        ([("many", "yes", "del", "no")], ("Svar", place("many", "no", "id"), "duplicate")),
        ([("rights", "art16/small/d", "svar", "Värst")], ("Svar", place("rights", "art16/small/d", "svar"), "not_a_choice")),
        ([("rights", "art16/small/d", "del", "art99/small/d")], ("Svar", place("rights", "art16/small/d", "svar"), "not_a_choice")),
        ([("n", None, "svar", 11)], ("Svar", place("n", None, "svar"), "not_an_answer")),
        ([("n", None, "svar", "many")], ("Svar", place("n", None, "svar"), "not_an_answer")),
        ([("n", None, "svar", True)], ("Svar", place("n", None, "svar"), "not_an_answer")),
        ([("day", None, "svar", "1/3 2026")], ("Svar", place("day", None, "svar"), "not_an_answer")),
        ([("day", None, "svar", datetime(2026, 1, 1, 12))], ("Svar", place("day", None, "svar"), "not_an_answer")),
        ([("ok", None, "svar", "nej")], ("Svar", place("ok", None, "svar"), "not_an_answer")),
        ([("words", None, "svar", "=1+1")], ("Svar", place("words", None, "svar"), "formula")),
        ([("words", None, "svar", "#DIV/0!")], ("Svar", place("words", None, "svar"), "cell_error")),
        ([("words", None, "svar", "json:{")], ("Svar", place("words", None, "svar"), "not_json")),
        ([("one", None, "om inget svar", "vi vet inte")], ("Svar", place("one", None, "om inget svar"), "state_and_answer")),
        ([("one", None, "svar", None), ("one", None, "om inget svar", "jaså")], ("Svar", place("one", None, "om inget svar"), "unknown_state")),
        ([("one", None, "svar", None), ("one", None, "om inget svar", "withheld")], ("Svar", place("one", None, "om inget svar"), "no_reason")),
        ([("one", None, "skäl", "because")], ("Svar", place("one", None, "skäl"), "reason_alone")),
        ([("one", None, "id", "gone")], ("Svar", place("one", None, "id"), "unknown_item")),
        ([("words", None, "id", "one")], ("Svar", place("words", None, "id"), "duplicate")),
        ([("one", None, "id", None)], ("Svar", "A2", "missing")),
        ([merge], ("Svar", "A2", "merged")),
        ([rename("Svar", "Blad1")], ("Answers", "", "no_sheet")),
        ([rename("Svar", "Blad1")], ("Blad1", "", "sheet_unknown")),
        ([rename("Om", "Blad2")], ("About", "", "no_sheet")),
        ([lambda book: book["Om"].cell(3, 2, "2.0.0")], ("Om", "B3", "other_instrument")),
        ([lambda book: book["Svar"].cell(1, AT["id"], "ident")], ("Svar", "", "no_heading")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_at_its_cell_and_nothing_is_taken_over(changes, problem):
    _, problems = edited(*changes)
    assert problem in problems


def test_everything_is_listed_at_once():
    _, problems = edited(
        ("one", None, "svar", "Kanske"),
        ("n", None, "svar", 11),
        ("day", None, "svar", "x"),
        ("words", None, "id", "gone"),
        merge,
    )
    assert {code for _, _, code in problems} == {"not_a_choice", "not_an_answer", "unknown_item", "merged"}
    assert len(problems) == 5


def test_a_state_with_its_reason_is_understood_in_both_languages():
    for state, value in [
        ("vi vet inte", UNKNOWN),
        ("does not apply", NOT_APPLICABLE),
        ("Lämnas inte ut", Withheld("why")),
        ("unknown", UNKNOWN),
    ]:
        reason = [("one", None, "skäl", "why")] if isinstance(value, Withheld) else []
        filled, problems = edited(("one", None, "svar", None), ("one", None, "om inget svar", state), *reason)
        assert (problems, filled.answers["one"]) == (set(), value)


@pytest.mark.parametrize(
    "raw", [b"", b"id;answer\none;yes\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", RAW[:2000], RAW[:-40]]
)
def test_a_file_that_is_no_workbook_is_refused(raw):
    filled, problems = answers_from_workbook(raw, FORM)
    assert filled == Filled()
    assert problems


@settings(deadline=None, max_examples=40)
@given(st.integers(0, len(RAW) - 1), st.integers(0, 255))
def test_a_byte_changed_anywhere_never_crashes(at, byte):
    filled, problems = answers_from_workbook(RAW[:at] + bytes([byte]) + RAW[at + 1 :], FORM)
    assert filled.answers or problems
