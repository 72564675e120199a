"""Beginning with the answers of another municipality's published case: each stands there unconfirmed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from trygg.apps.assessments.content import load_whole
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment, StartedFrom
from trygg.apps.assessments.questions import instrument_of
from trygg.apps.assessments.services.shared import State, settle_sign_off_tasks
from trygg.apps.assessments.services.starting import begin
from trygg.apps.assessments.theirs import Plan, plan_of
from trygg.kernel.access import Actor, require
from trygg.kernel.ledger import UnitOfWork, service, unit_of_work
from trygg.spine.matters.models import Matter
from trygg.spine.publication.reusable import Source


@service("assessments.begin_from_case")
def begin_from_case(
    *, actor: Actor, now: datetime, matter: Matter, piece: Mapping[str, Any], source: Source
) -> Assessment:
    """Begin an instrument with the answers that another municipality published: the open assessment gets them where nothing is
    answered yet, else one begins. None of them counts until somebody here confirms or changes it. What cannot come along is kept
    as a list. The same case taken over twice is taken over once; ValidationError, in words, when nothing can begin."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "assessments.start_assessment", matter)
        matter = Matter.objects.select_for_update(of=("self",)).select_related("owner", "system").get(pk=matter.pk)
        same = StartedFrom.objects.filter(matter=matter, instrument_id=piece["instrument"], content_hash=source.content_hash).first()
        newest = Assessment.objects.filter(matter=matter, instrument_id=piece["instrument"]).order_by("-revision").first()
        if same is not None and newest is not None:
            work.nothing_happened()
            return newest
        plan = plan_of(matter, piece)
        if plan.refused:
            raise ValidationError(plan.refused)
        depth = matter.case.depth if hasattr(matter, "case") else "light"
        assessment = plan.running or begin(work, matter, plan.pack, depth, now, entries=dict(plan.entries))
        count = _put(work, assessment, plan, source, now)
        StartedFrom.objects.create(
            matter=matter,
            instrument_id=plan.pack.pack_id,
            organisation=source.organisation[:200],
            title=source.title,
            number=source.number,
            published_on=source.published_on,
            address=source.address,
            version=piece["version"],
            content_hash=source.content_hash,
            answers={name: dict(content) for name, content in plan.theirs.items()},
            left=[left.as_data() for left in plan.left],
            taken_by=", ".join(part for part in (actor.name, actor.organisation_name) if part)[:330],
            taken_at=now,
        )
        settle_sign_off_tasks(work, load_whole(assessment), now)
        work.record(
            "assessments.begun_from_case",
            assessment,
            organisation=matter.owner_id,
            instrument=plan.pack.pack_id,
            answers=count,
            number=source.number,
            hash=source.content_hash,
            details={"from": source.note},
        )
    return assessment


def _put(work: UnitOfWork, assessment: Assessment, plan: Plan, source: Source, now: datetime) -> int:
    """Their answers, unconfirmed, where none stands; an answer that has only a file gets none beside it. Returns how many."""
    sections = {section.section_id: section for section in SectionAssignment.objects.select_for_update().filter(assessment=assessment)}
    items = instrument_of(assessment).items
    there = {answer.item_id for answer in Answer.objects.filter(section__assessment=assessment)}
    made = [
        Answer(
            section=sections[items[name].section],
            item_id=name,
            value=content["value"],
            note=content["note"],
            revision=1,
            origin=Answer.Origin.REUSED,
            origin_note=source.note[:300],
            unconfirmed=True,
            answered_by=source.organisation[:330],
            answered_at=now,
        )
        for name, content in plan.answers.items()
        if name in items and name not in there
    ]
    Answer.objects.bulk_create(made)
    touched = {answer.section.pk for answer in made}
    SectionAssignment.objects.filter(pk__in=touched, state__in=(State.TODO, State.DONE)).update(state=State.BEGUN)
    return len(made)


def begin_from_piece(*, actor: Actor, now: datetime, matter: Matter, piece: Mapping[str, Any], source: Source) -> str:
    """For the pages of the public register: begins, and says where."""
    made = begin_from_case(actor=actor, now=now, matter=matter, piece=piece, source=source)
    return reverse("assessments:overview", args=[made.pk])
