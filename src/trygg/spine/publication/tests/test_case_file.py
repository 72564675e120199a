"""Cases to start from as files: written and read again; and files that somebody has tampered with, cut off or made to harm."""

import copy

import pytest
from django.core.exceptions import ValidationError

from tests.world import NOW
from trygg.kernel.access import Denied
from trygg.kernel.ledger.models import Entry
from trygg.spine.publication import casefile, services
from trygg.spine.publication.models import OutsideCase
from trygg.spine.publication.tests import scene
from trygg.spine.publication.tests.scene import ANSWER, CASE
from trygg.spine.publication.tests.scene import case_file as file_of

IDENTITY_NUMBER = "670919-9530"  # Skatteverket's own example number
def changed(**answer) -> dict:
    case = copy.deepcopy(CASE)
    case["pieces"][0]["answers"][0] |= answer
    return case


def refusal(data: bytes) -> str:
    with pytest.raises(casefile.CaseRefused) as refused:
        casefile.read_case(data)
    return str(refused.value)


def test_what_is_written_is_read():
    assert casefile.read_case(file_of(CASE)) == CASE
    assert casefile.read_case(b"\xef\xbb\xbf" + file_of(CASE)) == CASE


def test_the_address_is_no_part_of_the_check_sum():
    assert casefile.case_hash(CASE) == casefile.case_hash(CASE | {"address": "https://lund.example/register/x/v/2/"})


@pytest.mark.parametrize("value", ["text", 7, 0.5, True, None, ["a", "b"], []])
def test_every_sort_of_answer_comes_through(value):
    assert casefile.read_case(file_of(changed(value=value)))["pieces"][0]["answers"][0]["value"] == value


def test_one_sign_changed_is_seen():
    data = file_of(CASE).replace("Åk 2".encode(), "Åk 3".encode())
    assert "changed after it was downloaded" in refusal(data)


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_file_that_is_cut_off(cut):
    assert "cut off" in refusal(file_of(CASE)[:-cut])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cannot be read from line 1"),
        (b"null", "not a case to start from"),
        (b"[]", "not a case to start from"),
        (b'{"format": "something else"}', "not a case to start from"),
        (b"\xff\xfe{", "not text that can be read"),
        (b"%PDF-1.7 \x00\x01", "cannot be read from line 1"),
        (b'{"format": "trygg-case", "schema": 99}', "newer version of Trygg"),
        (b'{"format": "trygg-case", "schema": 1, "case": {}}', "What is wrong stands at: the beginning"),
        (b'{"format": "trygg-case", "format": "trygg-case"}', "stands twice"),
        (b'{"format": "trygg-case", "schema": NaN}', "cannot be read exactly"),
        (b'{"format": "trygg-case", "schema": ' + b"9" * 5000 + b"}", "cannot be read exactly"),
        (b"[" * 200_000, "nested deeper"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested deeper"),
        (b" " * (casefile.MOST_BYTES + 1), "larger than 2 MB"),
    ],
    ids=lambda value: repr(value[:24]) if isinstance(value, bytes) else "",
)
def test_what_is_no_case_is_refused_in_words(data, words):
    assert words in refusal(data)


@pytest.mark.parametrize(
    ("case", "place"),
    [
        (changed(value={"a": {"b": []}}), "case → pieces → 1 → answers → 1 → value"),
        (changed(note="x" * 20_001), "note"),
        (changed(item="../../etc"), "item"),
        (changed(item="x'; DROP TABLE"), "item"),
        (CASE | {"owner": "extra"}, "case"),
        (CASE | {"published_on": "yesterday"}, "published_on"),
        (CASE | {"pieces": []}, "pieces"),
        (CASE | {"pieces": CASE["pieces"] * 41}, "pieces"),
        (CASE | {"key": "../x"}, "key"),
        (CASE | {"title": {"<b>": "x"}}, "title"),
    ],
)
def test_what_has_another_form_is_refused_with_the_place(case, place):
    assert place in refusal(file_of(case, content_hash="0" * 64))


def test_too_many_answers():
    case = copy.deepcopy(CASE)
    case["pieces"][0]["answers"] = [ANSWER | {"item": f"i{number}"} for number in range(2001)]
    assert "answers" in refusal(file_of(case))


def test_a_day_that_is_not_in_the_calendar():
    assert "2026-02-30" in refusal(file_of(CASE | {"published_on": "2026-02-30"}))


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud800"])
def test_signs_that_no_database_takes(sign):
    data = file_of(CASE).replace("Åk 2".encode(), sign.encode())
    assert "signs that are no text" in refusal(data) and "note" in refusal(data)


def test_a_number_beyond_measure():
    assert "read exactly" in refusal(file_of(CASE).replace(b'["children"]', b"1e999")) or "no text" in refusal(
        file_of(CASE).replace(b'["children"]', b"1e999")
    )


@pytest.mark.parametrize("place", ["note", "question", "words", "entries", "title"])
def test_an_identity_number_anywhere_stops_it_all(place):
    case = copy.deepcopy(CASE)
    answer = case["pieces"][0]["answers"][0]
    if place == "entries":
        case["pieces"][0]["entries"] = {"uses": [["1", f"Om {IDENTITY_NUMBER}"]]}
    elif place == "title":
        case["title"] = {"sv": f"Om {IDENTITY_NUMBER}"}
    else:
        answer[place] = f"Om {IDENTITY_NUMBER}" if place == "note" else {"sv": f"Om {IDENTITY_NUMBER}"}
    said = refusal(file_of(case))
    assert "personal identity number" in said and IDENTITY_NUMBER not in said


def test_ten_digits_in_a_check_sum_are_nobodys():
    case = copy.deepcopy(CASE)
    case["pieces"][0]["pack"] = "a" * 27 + IDENTITY_NUMBER.replace("-", "") + "b" * 27
    assert casefile.read_case(file_of(case)) == case


@pytest.mark.django_db
def test_it_is_kept_once_for_the_organisation_and_recorded(people):
    call = {"actor": people.actor("officer"), "now": NOW, "matter": scene.matter_of(people), "data": file_of(CASE)}
    one, two = services.read_case_file(**call), services.read_case_file(**call)
    assert one.pk == two.pk and one.content == CASE and one.organisation == "Lunds kommun"
    assert Entry.objects.filter(action="publication.case_file_read").count() == 1


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing(people):
    call = {"actor": people.actor("officer"), "now": NOW, "matter": scene.matter_of(people), "data": file_of(CASE)[:-9]}
    with pytest.raises(ValidationError) as refused:
        services.read_case_file(**call)
    assert "file" in refused.value.message_dict
    assert not OutsideCase.objects.exists() and not Entry.objects.filter(action="publication.case_file_read").exists()


@pytest.mark.django_db
def test_only_who_edits_the_matter_reads_a_file(people):
    matter = scene.matter_of(people)
    for who, actor in people.actors().items():
        if who not in ("officer", "administrator"):
            with pytest.raises(Denied):
                services.read_case_file(actor=actor, now=NOW, matter=matter, data=file_of(CASE))
