"""Who sees and may do what: the owner's people, another agency, the vendor, an auditor, a stranger."""

from dataclasses import replace
from datetime import timedelta

import pytest

from trygg.apps.assessments import services
from trygg.apps.assessments.access import answers_seen
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment
from trygg.apps.assessments.tests.scene import NOW
from trygg.kernel.access import ANONYMOUS, Actor, Role, may, restrict
from trygg.spine.matters.models import Share


@pytest.fixture
def given(world):
    """`heard` stays the owner's; `technique` is given to the vendor."""
    world.give(world.technique, world.vendor)
    world.save(world.officer, world.heard, who=["nobody"])
    world.save(world.seller, world.technique, tested="yes")
    return world


def sections(actor, action) -> set[str]:
    return set(restrict(actor, f"assessments.{action}").values_list("section_id", flat=True))


@pytest.mark.parametrize(
    ("who", "view", "answer", "comment", "assign"),
    [
        ("officer", "ht", "ht", "ht", "ht"),
        ("colleague", "ht", "ht", "ht", "ht"),
        ("reader", "ht", "h", "ht", ""),
        ("auditor", "ht", "", "", ""),
        ("seller", "t", "t", "t", ""),
        ("nurse", "", "", "", ""),
        ("outsider", "", "", "", ""),
    ],
)
def test_what_each_may_do_in_which_section(given, who, view, answer, comment, assign):
    actor = getattr(given, who)
    found = [sections(actor, f"{verb}_section") for verb in ("view", "answer", "comment", "assign")]
    assert ["".join(sorted(name[0] for name in names)) for names in found] == [view, answer, comment, assign]


@pytest.mark.parametrize(
    ("who", "see", "whole", "sign", "manage"),
    [
        ("officer", True, True, True, True),
        ("reader", True, True, False, False),
        ("auditor", True, True, False, False),
        ("seller", True, False, True, False),
        ("nurse", False, False, False, False),
        ("outsider", False, False, False, False),
    ],
)
def test_what_each_may_do_with_the_assessment(given, who, see, whole, sign, manage):
    actions = ("view_assessment", "view_whole", "sign_off", "manage_assessment")
    assert [may(getattr(given, who), f"assessments.{action}", given.assessment) for action in actions] == [
        see,
        whole,
        sign,
        manage,
    ]


def test_a_section_given_by_name_is_seen_by_that_person_only(world):
    world.give(world.technique, world.health, world.head)
    assert sections(world.head, "view_section") == sections(world.head, "answer_section") == {"technique"}
    assert sections(world.nurse, "view_section") == set()
    assert may(world.head, "assessments.sign_off", world.assessment)
    assert not may(world.head, "assessments.view_whole", world.assessment)


def test_a_section_given_to_an_agency_is_seen_by_those_who_answer_there(world):
    world.give(world.technique, world.health)
    for actor in (world.nurse, world.head):
        assert sections(actor, "answer_section") == {"technique"}
    silent = replace(world.nurse, role=Role.COMMITTEE_MEMBER)
    assert sections(silent, "view_section") == set()


def test_a_guest_sees_what_was_given_by_name_and_signs_nothing(world):
    world.give(world.technique, world.health, world.head)
    world.give(world.heard, world.health)
    guest = replace(world.head, guest=True)
    assert sections(guest, "view_section") == sections(guest, "answer_section") == {"technique"}
    assert not may(guest, "assessments.sign_off", world.assessment)


def test_it_is_gone_when_it_is_given_to_someone_else(world):
    world.give(world.technique, world.vendor)
    world.give(world.technique, world.board)
    assert sections(world.seller, "view_section") == set()
    assert not may(world.seller, "assessments.view_assessment", world.assessment)


@pytest.mark.parametrize(("level", "answer", "comment"), [("read", 0, 0), ("comment", 0, 2), ("work", 2, 2)])
def test_a_share_of_the_matter_opens_all_sections_as_far_as_it_goes(given, level, answer, comment):
    Share.objects.create(
        matter=given.matter,
        organisation=given.health,
        level=level,
        purpose="Together",
        legal_basis="Agreement",
        starts_at=NOW,
        ends_at=NOW + timedelta(days=1),
        shared_by="Olle",
    )
    assert sections(given.nurse, "view_section") == {"heard", "technique"}
    assert len(sections(given.nurse, "answer_section")) == answer
    assert len(sections(given.nurse, "comment_section")) == comment
    later = replace(given.nurse, at=NOW + timedelta(days=2))
    assert sections(later, "view_section") == sections(later, "answer_section") == set()


def test_files_follow_the_section(given):
    ids = {str(pk) for pk in Answer.objects.filter(item_id="tested").values_list("pk", flat=True)}
    assert set(answers_seen(given.seller).values_list("text_id", flat=True)) == ids
    assert answers_seen(given.auditor).count() == 2
    assert answers_seen(given.outsider).count() == 0


def test_a_signed_section_and_a_locked_assessment_are_closed(given):
    services.sign_off(actor=given.seller, now=NOW, assessment=given.assessment)
    assert sections(given.seller, "answer_section") == set()
    assert sections(given.officer, "answer_section") == {"heard"}
    assert sections(given.seller, "view_section") == {"technique"}
    services.sign_off(actor=given.officer, now=NOW, assessment=given.assessment)
    services.lock_assessment(actor=given.officer, now=NOW, assessment=given.assessment)
    assert sections(given.officer, "comment_section") == sections(given.officer, "assign_section") == set()


def test_nobody_sees_nothing_and_the_system_sees_all(given):
    for rule, model in (
        ("view_assessment", Assessment),
        ("view_whole", Assessment),
        ("view_section", SectionAssignment),
        ("view_answer", Answer),
    ):
        assert restrict(ANONYMOUS, f"assessments.{rule}").count() == 0
        assert restrict(Actor.system("tests"), f"assessments.{rule}").count() == model.objects.count()
    for rule in ("answer_section", "comment_section", "assign_section", "sign_off", "manage_assessment", "answer_item",
                 "settle_version", "resolve_comment", "withdraw_sign_off", "start_assessment"):  # fmt: skip
        assert restrict(ANONYMOUS, f"assessments.{rule}").count() == 0


def test_several_assessments_are_read_in_as_many_queries_as_one(world, django_assert_num_queries):
    from trygg.apps.assessments.selectors import overviews_of
    from trygg.apps.assessments.services import start_assessment
    from trygg.apps.assessments.tests.scene import INSTRUMENT, NOW, publish

    world.save(world.officer, world.heard, who=["children"])
    start_assessment(actor=world.officer, now=NOW, matter=world.matter, pack=publish(INSTRUMENT | {"id": "second"}))
    first, second = Assessment.objects.select_related("pack", "matter__case").order_by("pk")
    for reader in (world.officer, world.seller, world.outsider):
        with django_assert_num_queries(4):
            alone = overviews_of(reader, [first])
        with django_assert_num_queries(4):
            both = overviews_of(reader, [first, second])
        assert [line.section.pk for line in both[0].lines] == [line.section.pk for line in alone[0].lines]
        assert both[1].whole == (reader is world.officer) and bool(both[1].lines) == both[1].whole


def test_what_may_be_done_is_one_question_with_the_answers_of_many(world, django_assert_num_queries):
    from trygg.kernel.access import ANONYMOUS, allowed, may

    asked = ("matters.view_matter", "matters.edit_matter", "matters.pause_matter", "assessments.start_assessment", "publication.draft_entry")
    people = (world.officer, world.reader, world.auditor, world.nurse, world.seller, world.outsider, ANONYMOUS)
    for actor in people:
        with django_assert_num_queries(1):
            found = allowed(actor, world.matter, *asked)
        assert found == {action for action in asked if may(actor, action, world.matter)}
    with pytest.raises(TypeError):
        allowed(world.officer, world.matter, "matters.view_system")
