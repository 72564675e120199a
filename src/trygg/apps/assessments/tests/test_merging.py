"""Two people at once, as pure values."""

import pytest

from trygg.apps.assessments.merging import NOTHING_YET, Content, Verdict, mark, merge

A, B, C = Content("a"), Content("b"), Content("c")


def verdict(stored, sent, loaded, revision=2, loaded_revision=1):
    return merge(stored=stored, revision=revision, sent=sent, loaded=mark(loaded, loaded_revision))


def test_a_fresh_page_replaces_what_stands():
    found = verdict(A, B, A, revision=1)
    assert (found.verdict, found.result) == (Verdict.TAKE, B)


def test_the_same_text_changes_nothing():
    assert verdict(A, A, C).verdict is Verdict.SAME


def test_who_did_not_touch_it_does_not_undo_what_another_wrote():
    found = verdict(B, A, A)
    assert (found.verdict, found.result) == (Verdict.SAME, B)


def test_both_changed_it_differently():
    assert verdict(B, C, A).verdict is Verdict.CONFLICT


def test_value_and_note_are_merged_apart():
    found = verdict(Content("a", "their note"), Content("mine", "note"), Content("a", "note"))
    assert (found.verdict, found.result) == (Verdict.TAKE, Content("mine", "their note"))


def test_it_went_back_to_what_was_loaded():
    assert verdict(A, B, A, revision=3).verdict is Verdict.TAKE


@pytest.mark.parametrize("broken", ["", "x", "1.2", "1.zzzzzzzzzzzz.000000000000", "9" * 40])
def test_a_broken_mark_never_overwrites(broken):
    assert merge(stored=A, revision=1, sent=B, loaded=broken).verdict is Verdict.CONFLICT
    assert merge(stored=NOTHING_YET, revision=0, sent=B, loaded=broken).verdict is Verdict.TAKE
