"""Who may see, answer, sign and lock an assessment. A section shows itself to those who answer it, and nothing beside it."""

import re

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from trygg.apps.assessments.models import (
    Answer,
    AnswerVersion,
    Assessment,
    Comment,
    SecondAnswer,
    SecondReading,
    SectionAssignment,
    SignOff,
)
from trygg.kernel.access import NOTHING, Actor, Role, reached, restrict, rule
from trygg.kernel.people.models import PurposeLink
from trygg.spine.matters.access import shared_with
from trygg.spine.matters.models import Matter, Share

# Who answers for an organisation that a section was given to. Committee roles and auditors never do.
ANSWERERS = (
    Role.OFFICER,
    Role.ADMINISTRATOR,
    Role.CONTRIBUTOR,
    Role.VENDOR,
    Role.SAFEGUARDING_LEAD,
    Role.DATA_STEWARD,
    Role.ANALYST,
)
SIGNERS = (Role.OFFICER, Role.ADMINISTRATOR, Role.VENDOR, Role.SAFEGUARDING_LEAD)
OPEN = Assessment.State.OPEN
UNDER_WAY = Q(finished_at=None, withdrawn_at=None) & ~Q(assessment__state=Assessment.State.SUPERSEDED)  # a second reading
DONE = Q(finished_at__isnull=False, withdrawn_at=None)
LINKED = re.compile(r"/assessments/(?:sections/(?P<section>\d+)|(?P<assessment>\d+))/")


def _matters(actor: Actor, action: str, *levels: str) -> Q:
    """Assessments of the matters on which the actor may do `action`, or that are shared with it at one of `levels`."""
    found = reached(actor, action, "matter_id")
    if levels and actor.has_role(Role.OFFICER, Role.CONTRIBUTOR):
        found |= Q(matter__in=Matter.objects.filter(shared_with(actor, *levels)))
    return found


def _by_link(actor: Actor) -> Q:
    """Of the sections given to the organisation, those that a guest's own links lead to: what the guest was asked for."""
    paths = PurposeLink.objects.filter(
        membership_id=actor.membership_id, withdrawn_at=None, expires_at__gt=actor.at
    ).values_list("path", flat=True)
    found = [match for path in paths if (match := LINKED.match(path))]
    sections = [int(match["section"]) for match in found if match["section"]]
    assessments = [int(match["assessment"]) for match in found if match["assessment"]]
    return Q(organisation_id=actor.organisation_id) & (Q(pk__in=sections) | Q(assessment_id__in=assessments))


def _given_to(actor: Actor) -> Q:
    """Sections given to the actor: by name, to anyone who answers for the actor's organisation, or asked for by a link."""
    if not actor.signed_in or actor.has_role(Role.AUDITOR, Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY):
        return NOTHING
    given = Q(membership_id=actor.membership_id)
    if actor.guest:
        given |= _by_link(actor)
    elif actor.has_role(*ANSWERERS):
        given |= Q(membership=None, organisation_id=actor.organisation_id)
    return given


def _sighted(actor: Actor, field: str = "pk") -> Q:
    """Not what the actor, as a second reader who is not done, must not see: the answers of the others, in any revision. `field`: where
    the id of the assessment stands. Whatever other role the same person has, it does not open them."""
    readings = SecondReading.objects.filter(
        UNDER_WAY,
        membership__person_id=actor.person_id,
        assessment__matter=OuterRef("matter"),
        assessment__instrument_id=OuterRef("instrument_id"),
    )
    return ~Q(**{f"{field}__in": Assessment.objects.filter(Exists(readings)).values("pk")})


def _sections_of(assessments: Q) -> Q:
    return Q(assessment__in=Assessment.objects.filter(assessments))


@rule("assessments.view_whole", Assessment)
def view_whole(actor: Actor) -> Q:
    """All sections, and the matter's name: whoever sees the matter."""
    if actor.is_system:
        return Q()
    return _matters(actor, "matters.view_matter") & _sighted(actor) if actor.signed_in else NOTHING


@rule("assessments.view_assessment", Assessment)
def view_assessment(actor: Actor) -> Q:
    """Whoever sees the matter, and whoever a section was given to (who then sees that section only)."""
    if actor.is_system:
        return Q()
    given = _given_to(actor)
    if given is NOTHING:
        return view_whole(actor)
    sections = SectionAssignment.objects.filter(given).values("assessment_id")
    return view_whole(actor) | (Q(pk__in=sections) & _sighted(actor))


@rule("assessments.view_section", SectionAssignment)
def view_section(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    whole, given = _sections_of(view_whole(actor)), _given_to(actor)
    return whole if given is NOTHING else whole | (given & _sighted(actor, "assessment_id"))


@rule("assessments.answer_section", SectionAssignment)
def answer_section(actor: Actor) -> Q:
    """While it is open and not signed: who edits the matter, who works in it by a share, and whom it was given to."""
    if actor.is_system:
        return Q(assessment__state=OPEN) & ~Q(state=SectionAssignment.State.SIGNED)
    given = _given_to(actor)
    if given is NOTHING:
        return NOTHING
    may = _sections_of(_matters(actor, "matters.edit_matter", Share.Level.WORK)) | given
    open_ones = Q(assessment__state=OPEN) & ~Q(state=SectionAssignment.State.SIGNED)
    return may & open_ones & _sighted(actor, "assessment_id")


@rule("assessments.comment_section", SectionAssignment)
def comment_section(actor: Actor) -> Q:
    """While it is open: who may answer, who was asked to comment, and colleagues of the owner. Auditors only read."""
    if actor.is_system:
        return Q(assessment__state=OPEN)
    given = _given_to(actor)
    if given is NOTHING:
        return NOTHING
    asked = _matters(actor, "matters.edit_matter", Share.Level.WORK, Share.Level.COMMENT)
    if not actor.has_role(Role.VENDOR) and not actor.guest:
        asked |= Q(matter__owner_id=actor.organisation_id)
    return (_sections_of(asked) | given) & Q(assessment__state=OPEN) & _sighted(actor, "assessment_id")


@rule("assessments.assign_section", SectionAssignment)
def assign_section(actor: Actor) -> Q:
    """Who edits the matter, until the section is signed."""
    if not actor.is_system and not actor.signed_in:
        return NOTHING
    open_ones = Q(assessment__state=OPEN) & ~Q(state=SectionAssignment.State.SIGNED)
    if actor.is_system:
        return open_ones
    return _sections_of(_matters(actor, "matters.edit_matter") & _sighted(actor)) & open_ones


@rule("assessments.start_assessment", Matter)
def start_assessment(actor: Actor) -> Q:
    """Who edits the matter."""
    if actor.is_system:
        return Q()
    return reached(actor, "matters.edit_matter", "pk") if actor.signed_in else NOTHING


@rule("assessments.sign_off", Assessment)
def sign_off(actor: Actor) -> Q:
    """For the own organisation, when a section is its: officers, leads, the vendor, or the person who was asked by name.
    Not a guest: the organisation has not vouched for who came by a link."""
    if not actor.signed_in or actor.guest:
        return NOTHING
    mine = Q(membership_id=actor.membership_id)
    if actor.has_role(Role.AUDITOR, Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY):
        return NOTHING
    if actor.guest:
        mine |= _by_link(actor)
    elif actor.has_role(*SIGNERS):
        mine |= Q(membership=None, organisation_id=actor.organisation_id)
    # Who edits the matter signs for its owner also where the sections were given to colleagues by name.
    editors = Q(sections__organisation_id=actor.organisation_id) & _matters(actor, "matters.edit_matter")
    signs = Q(pk__in=SectionAssignment.objects.filter(mine).values("assessment_id")) | editors
    return signs & Q(state=OPEN) & _sighted(actor)


@rule("assessments.manage_assessment", Assessment)
def manage_assessment(actor: Actor) -> Q:
    """Lock, and take up again: who edits the matter."""
    if actor.is_system:
        return Q()
    return _matters(actor, "matters.edit_matter") & _sighted(actor) if actor.signed_in else NOTHING


@rule("assessments.view_answer", Answer)
def view_answer(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    condition = view_section(actor)
    return NOTHING if condition is NOTHING else Q(section__in=SectionAssignment.objects.filter(condition))


@rule("assessments.answer_item", Answer)
def answer_item(actor: Actor) -> Q:
    condition = answer_section(actor)
    return NOTHING if condition is NOTHING else Q(section__in=SectionAssignment.objects.filter(condition))


@rule("assessments.resolve_comment", Comment)
def resolve_comment(actor: Actor) -> Q:
    """Whoever may comment there."""
    condition = comment_section(actor)
    return NOTHING if condition is NOTHING else Q(section__in=SectionAssignment.objects.filter(condition))


@rule("assessments.settle_version", AnswerVersion)
def settle_version(actor: Actor) -> Q:
    """Whoever may answer the item chooses between two answers to it."""
    condition = answer_section(actor)
    return NOTHING if condition is NOTHING else Q(answer__section__in=SectionAssignment.objects.filter(condition))


@rule("assessments.withdraw_sign_off", SignOff)
def withdraw_sign_off(actor: Actor) -> Q:
    """The organisation that signed, as long as the assessment is open: whoever may sign for it."""
    condition = sign_off(actor)
    if condition is NOTHING:
        return NOTHING
    return Q(
        organisation_id=actor.organisation_id, withdrawn_at=None, assessment__in=Assessment.objects.filter(condition)
    )


# A second reader ---------------------------------------------------------------------------------


@rule("assessments.ask_second_reader", Assessment)
def ask_second_reader(actor: Actor) -> Q:
    """Who edits the matter, while the assessment is open."""
    condition = manage_assessment(actor)
    return NOTHING if condition is NOTHING else condition & Q(state=OPEN)


@rule("assessments.see_reading", SecondReading)
def see_reading(actor: Actor) -> Q:
    """That there is one, who reads and whether it is done: the reader, and who sees all of the assessment."""
    if actor.is_system:
        return Q()
    if not actor.signed_in:
        return NOTHING
    return Q(membership_id=actor.membership_id) | Q(assessment__in=Assessment.objects.filter(view_whole(actor)))


@rule("assessments.answer_reading", SecondReading)
def answer_reading(actor: Actor) -> Q:
    """The reader and nobody else, until it is done."""
    if not actor.signed_in or actor.membership_id is None:
        return NOTHING
    return Q(membership_id=actor.membership_id) & UNDER_WAY


@rule("assessments.withdraw_reading", SecondReading)
def withdraw_reading(actor: Actor) -> Q:
    """Until it is done: the reader, who may say no, and who edits the matter. Also when the assessment has gone on without it."""
    if not actor.signed_in:
        return NOTHING
    managed = Q(assessment__in=Assessment.objects.filter(manage_assessment(actor)))
    return (Q(membership_id=actor.membership_id) | managed) & Q(finished_at=None, withdrawn_at=None)


@rule("assessments.compare_reading", SecondReading)
def compare_reading(actor: Actor) -> Q:
    """Both answers beside each other, when the second reader is done: the reader, and who sees all of the assessment."""
    condition = see_reading(actor)
    # One who is a second reader of the same questions too, and not done, waits.
    sighted = Q() if actor.is_system else _sighted(actor, "assessment_id")
    return NOTHING if condition is NOTHING else condition & DONE & sighted


@rule("assessments.settle_reading", SecondReading)
def settle_reading(actor: Actor) -> Q:
    """Who edits the matter, while the assessment is open."""
    condition = manage_assessment(actor)
    if condition is NOTHING:
        return NOTHING
    return Q(assessment__in=Assessment.objects.filter(condition, state=OPEN)) & DONE


@rule("assessments.view_second_answer", SecondAnswer)
def view_second_answer(actor: Actor) -> Q:
    """The reader's own; of others when the reading is done."""
    condition = compare_reading(actor)
    if condition is NOTHING:
        return NOTHING
    seen = condition | (Q() if actor.is_system else Q(membership_id=actor.membership_id))
    return Q(reading__in=SecondReading.objects.filter(seen))


def answers_seen(actor: Actor) -> QuerySet:
    """Ids, as text, of the answers whose files the actor may download."""
    return restrict(actor, "assessments.view_answer").annotate(text_id=Cast("pk", CharField())).values("text_id")


def packs_asked(actor: Actor) -> QuerySet:
    """Ids of the versions of questions that the actor was asked to answer, or sees answered."""
    return restrict(actor, "assessments.view_assessment").values("pack_id")
