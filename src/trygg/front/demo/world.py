"""The demo world, made through the services as its people would, over the eight weeks before `now`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from importlib.resources import as_file, files

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from trygg.apps.assessments import services as assessments
from trygg.apps.assessments.content import Given
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import Assessment, SectionAssignment
from trygg.apps.committees import services as committees
from trygg.apps.committees.models import AdviceKind, Committee, Decision, Item, Opinion
from trygg.apps.committees.services.voting import ConditionText
from trygg.front.demo import answers, audits, cast, dossier, reuse
from trygg.front.demo.public_texts import PRESCHOOL, READING
from trygg.front.demo.stories import STORIES, Story
from trygg.kernel.access import Actor
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger.checkpoints import make_checkpoint
from trygg.packs.catalogue import read_builtin
from trygg.spine.assurance import services as assurance
from trygg.spine.assurance.models import Claim
from trygg.spine.assurance.selectors import requirement_of
from trygg.spine.frameworks.selectors import current
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters import services as matters
from trygg.spine.matters.imports import jobs, keeping, reading
from trygg.spine.matters.imports import services as imports
from trygg.spine.matters.models import Matter, Share
from trygg.spine.meetings import services as meetings
from trygg.spine.publication import services as publication

INSTRUMENT = "child-rights-screening"
CHARTER = {
    "quorum": {"share": "1/2", "more_than": True, "base": "eligible", "presence": [{"groups": ["children"], "at_least": 1, "share": None}]},
    "rule": {"kind": "double", "groups_needed": 4},
}
DOCUMENTS = {
    "best-interests-assessment": "Prövning av barnets bästa",
    "dpia": "Konsekvensbedömning av dataskydd",
    "complaint-route": "Så klagar barn och föräldrar",
}


@dataclass
class World:
    """What was made, for the command to print and for tests to walk."""

    cast: cast.Cast
    matters: dict[str, Matter] = field(default_factory=dict)
    assessments: dict[str, Assessment] = field(default_factory=dict)
    committee: Committee | None = None
    items: dict[str, Item] = field(default_factory=dict)


def build(now: datetime, say: Callable[[str], None] = lambda line: None) -> World:
    """Make the whole world relative to `now`. The database must be empty of organisations; raises ValidationError otherwise."""
    with translation.override("sv"):
        system = Actor.system("demo")
        publish_packs(actor=system, now=_on(now, 60), packs=read_builtin())
        world = World(cast.make(system, _on(now, 59)))
        say("organisations and people")
        for number, story in enumerate(STORIES):
            _open_matter(world, story, _on(now, 55 - number * 3))
        say("eight matters")
        _assess(world, now)
        say("assessments")
        _advise(world, now)
        say("a committee's advice and a decision")
        _go_on(world, now)
        audits.audit(world.matters, world.cast.actor, _on(now, 20), _on(now, 6), timezone.localdate(_on(now, 40)))
        say("a bias audit")
        _publish(world, now)
        say("public pages")
        reuse.begin_from_lindvika(world.matters, world.cast.actor, _on(now, 4))
        reuse.attach_old_paper(world.matters, world.cast.actor, _on(now, 4))
        say("answers from another municipality, and an older paper")
        dossier.answer_once(
            world.matters["reading"], world.cast.bodies["ordverket"], world.cast.actor, _on(now, 30), _on(now, 12), _on(now, 3)
        )
        say("the vendor's dossier, answers taken over from it, and a newer version")
        _import(world, now)
        say("an imported register file")
        make_checkpoint(now=now)
        return world


def _on(now: datetime, days_ago: int, hour: int = 10) -> datetime:
    """That many days before `now`, at a full hour, never later than `now`."""
    day = timezone.localdate(now) - timedelta(days=days_ago)
    return min(timezone.make_aware(datetime.combine(day, time(hour))), now)


def _ahead(now: datetime, days: int, hour: int = 13) -> datetime:
    """That many days after `now`, at a full hour."""
    return timezone.make_aware(datetime.combine(timezone.localdate(now) + timedelta(days=days), time(hour)))


def _open_matter(world: World, story: Story, at: datetime) -> None:
    people, bodies = world.cast.memberships, world.cast.bodies
    actor = world.cast.actor(story.officer, at)
    new_system = None
    if story.system:
        new_system = dict(story.system)
        if story.vendor:
            new_system["vendor"] = bodies[story.vendor]
    matter = matters.create_matter(
        actor=actor, now=at, owner=bodies[story.owner], kind=story.kind, title=story.title, summary=story.summary,
        new_system=new_system, diary_number=story.diary, facts=story.facts,
    )  # fmt: skip
    matters.edit_matter(
        actor=actor, now=at, matter=matter,
        changes={
            "accountable": people[story.accountable], "overseer": people[story.overseer], "deciding_body": story.decides,
            "deciding_organisation": bodies[story.decides_org], "retention": "Bevaras tills systemet är avvecklat, sedan 5 år",
            **{f"children_{name}": text for name, text in story.children.items()},
        },
    )  # fmt: skip
    matter = Matter.objects.get(pk=matter.pk)
    if story.stage != matter.stage:
        matters.set_stage(actor=actor, now=at, matter=matter, stage=story.stage)
    for document in story.documents:
        claim = _claim_needing(matter, document)
        assurance.add_document(
            actor=actor, now=at, claim=claim, document=document, title=f"{DOCUMENTS[document]}, {story.diary}",
            note=f"Finns i diariet under {story.diary}.",
        )  # fmt: skip
    world.matters[story.key] = Matter.objects.select_related("owner", "system").get(pk=matter.pk)


def _claim_needing(matter: Matter, document: str) -> Claim:
    """The first claim of the case that a document of this kind supports."""
    for claim in Claim.objects.filter(case__matter=matter).select_related("pack", "case__matter__owner"):
        _framework, requirement = requirement_of(claim)
        if requirement and any(need.kind == "document" and need.params["document"] == document for need in requirement.evidence):
            return claim
    raise LookupError(f"no claim of {matter.key} needs {document}")


def _sections(assessment: Assessment) -> dict[str, SectionAssignment]:
    return {section.section_id: section for section in assessment.sections.all()}


def _start(world: World, key: str, officer: str, at: datetime) -> Assessment:
    pack = next(version for version in current("instrument") if version.pack_id == INSTRUMENT)
    matter = world.matters[key]
    assessment = assessments.start_assessment(
        actor=world.cast.actor(officer, at), now=at, matter=matter, pack=pack, depth=matter.case.depth
    )
    world.assessments[key] = assessment
    return assessment


def _answer(
    world: World, assessment: Assessment, who: str, section: str, given: Mapping, at: datetime, notes: Mapping[str, str] | None = None
) -> None:
    notes = notes or {}
    answers_ = [Given(item, Content(value, notes.get(item, ""))) for item, value in given.items()]
    saved = assessments.save_section(
        actor=world.cast.actor(who, at), now=at, section=_sections(assessment)[section], answers=answers_
    )
    if not saved.done:
        raise LookupError(f"the demo leaves questions of {section} open: {', '.join(saved.missing + saved.asked)}")


def _assess(world: World, now: datetime) -> None:
    """The reading tutor whole, with social services and the vendor; the nursery at light depth; the absence score half-way."""
    at = _on(now, 40)
    bodies, people = world.cast.bodies, world.cast.memberships
    reading = _start(world, "reading", "leila", at)
    leila = world.cast.actor("leila", at)
    matters.share_matter(
        actor=leila, now=at, matter=world.matters["reading"], organisation=bodies["lindvika-social"], level=Share.Level.COMMENT,
        purpose="Granska avsnittet om fara för barn", legal_basis="Inga sekretessbelagda uppgifter", ends_at=now + timedelta(days=60),
    )  # fmt: skip
    due = timezone.localdate(at) + timedelta(days=14)
    for section, body, person in (("safe", "lindvika-social", "mikael"), ("vendor", "ordverket", "vera")):
        assessments.assign_section(
            actor=leila, now=at, section=_sections(reading)[section], organisation=bodies[body], membership=people[person], due_on=due
        )
    for section in ("gain", "heard", "fair", "data", "answer"):
        _answer(world, reading, "leila", section, answers.READING[section], _on(now, 36), answers.READING_NOTES)
    _answer(world, reading, "mikael", "safe", answers.READING["safe"], _on(now, 34))
    certificate = SimpleUploadedFile("leverantorsintyg.txt", answers.CERTIFICATE.encode())
    assessments.attach_file(
        actor=world.cast.actor("vera", _on(now, 33)), now=_on(now, 33), section=_sections(reading)["vendor"], item_id="v_supply_shown",
        upload=read_upload(certificate),
    )  # fmt: skip
    _answer(world, reading, "vera", "vendor", answers.READING["vendor"], _on(now, 33))
    assessments.comment(
        actor=world.cast.actor("mikael", _on(now, 33)), now=_on(now, 33), section=_sections(reading)["safe"], item_id="danger_told",
        text="Gör en övning på varje skola före jul, så att larmvägen sitter.", token="demo-1",  # noqa: S106 (marks a form, opens nothing)
    )  # fmt: skip
    for who in ("leila", "mikael", "vera"):
        assessments.sign_off(actor=world.cast.actor(who, _on(now, 32)), now=_on(now, 32), assessment=reading)
    assessments.lock_assessment(actor=world.cast.actor("leila", _on(now, 31)), now=_on(now, 31), assessment=reading)

    preschool = _start(world, "preschool", "priya", _on(now, 30))
    for section, given in answers.PRESCHOOL.items():
        _answer(world, preschool, "priya", section, given, _on(now, 30))

    absence = _start(world, "absence", "sara", _on(now, 25))
    sara = world.cast.actor("sara", _on(now, 25))
    for section, body, person in (("safe", "lindvika-social", "mikael"), ("vendor", "signalita", "simon")):
        assessments.assign_section(
            actor=sara, now=_on(now, 25), section=_sections(absence)[section], organisation=bodies[body], membership=people[person],
            due_on=timezone.localdate(now) + timedelta(days=5),
        )  # fmt: skip
    for section, given in answers.ABSENCE.items():
        _answer(world, absence, "sara", section, given, _on(now, 20))


GROUPS = {
    "ungdom1": "children", "ungdom2": "children", "rut": "parents", "bo": "parents", "ines": "safeguarding", "peter": "safeguarding",
    "linn": "developers", "gustav": "policymakers", "mona": "policymakers", "fredrik": "researchers", "tova": "civil_society",
}  # fmt: skip
FIRST = {
    "ungdom1": Opinion.WITH_CONDITIONS, "ungdom2": Opinion.COME_BACK, "rut": Opinion.SUPPORT, "bo": Opinion.ADVISE_AGAINST,
    "ines": Opinion.WITH_CONDITIONS, "peter": Opinion.SUPPORT, "gustav": Opinion.SUPPORT, "mona": Opinion.WITH_CONDITIONS,
    "fredrik": Opinion.COME_BACK, "tova": Opinion.WITH_CONDITIONS,
}  # fmt: skip
VOTES = {
    "ungdom1": "yes", "ungdom2": "yes", "rut": "yes", "bo": "no", "ines": "yes", "peter": "yes", "gustav": "yes", "mona": "yes",
    "fredrik": "no", "tova": "yes",
}  # fmt: skip


def _advise(world: World, now: datetime) -> None:
    """The ethics committee on the reading tutor: an interest, sealed first opinions, a vote, dissent, and the board's decision."""
    people, bodies = world.cast.memberships, world.cast.bodies
    at = _on(now, 50)
    hanna = world.cast.actor("hanna", at)
    committee = committees.create_committee(
        actor=hanna, now=at, organisation=bodies["lindvika-utbildning"], name="Etiska rådet för barn och AI", slug="etiska-radet",
        charter=CHARTER, owners=[bodies["lindvika-social"], bodies["sandhamra-barn"]], answer_days=21,
        purpose="Råd till nämnderna om AI som berör barn.",
    )  # fmt: skip
    world.committee = committee
    for key, group in GROUPS.items():
        committees.fill_seat(actor=hanna, now=at, committee=committee, membership=people[key], stakeholder_group=group)
    at = _on(now, 28)
    hanna = world.cast.actor("hanna", at)
    meeting = committees.plan_meeting(actor=hanna, now=at, committee=committee, starts_at=_on(now, 21, 13), place="Rum Granen, eller på telefon")
    item = committees.call_item(
        actor=hanna, now=at, meeting=meeting, matter=world.matters["reading"], title="Ska Ordstigen användas i årskurs 1–6 i Lindvika?"
    )
    at = _on(now, 26)
    committees.declare_interest(
        actor=world.cast.actor("linn", at), now=at, item=item, text="Jag har tränat en tidigare version av taligenkänningen.", stand_aside=True
    )
    committees.ask_opinions(actor=world.cast.actor("hanna", at), now=at, item=_fresh(item))
    at = _on(now, 21, 13)
    hanna = world.cast.actor("hanna", at)
    meetings.open_meeting(actor=hanna, now=at, meeting=meeting)
    for who, opinion in FIRST.items():
        committees.give_opinion(actor=world.cast.actor(who, at), now=at, item=_fresh(item), opinion=opinion)
    meetings.note_attendance(
        actor=hanna, now=at, meeting=meeting, present=[people[key].pk for key in GROUPS if key != "linn"]
    )
    if _fresh(item).state == Item.State.OPINIONS:
        committees.open_opinions(actor=hanna, now=at, item=_fresh(item))
    conditions = [
        ConditionText(
            {"sv": "Skillnaden för barn som lär sig svenska mäts varje termin och är högst fem procentenheter."}, people["anna"],
            timezone.localdate(now) + timedelta(days=40),
        ),
        ConditionText(
            {"sv": "Läraren övar larmvägen på varje skola före jul."}, people["jonas"], timezone.localdate(now) + timedelta(days=20)
        ),
    ]  # fmt: skip
    committees.open_voting(
        actor=hanna, now=at, item=_fresh(item), kind=AdviceKind.WITH_CONDITIONS, conditions=conditions,
        proposal="Rådet stödjer att Ordstigen används läsåret ut på de två skolorna, på två villkor.",
    )  # fmt: skip
    for who, ballot in VOTES.items():
        committees.cast_vote(actor=world.cast.actor(who, at), now=at, item=_fresh(item), ballot=ballot)
    committees.close_voting(actor=hanna, now=at, item=_fresh(item))
    meetings.close_meeting(actor=hanna, now=at, meeting=meeting)
    at = _on(now, 20)
    dissent = committees.write_dissent(
        actor=world.cast.actor("fredrik", at), now=at, item=_fresh(item),
        text="Skillnaden mellan grupper är känd och inte åtgärdad. Vänta tills leverantören har tränat om.",
    )  # fmt: skip
    committees.join_dissent(actor=world.cast.actor("bo", at), now=at, dissent=dissent)
    committees.give_advice(
        actor=world.cast.actor("hanna", at), now=at, item=_fresh(item),
        reasons="Nyttan är tydlig och kan följas. Barnen fick ändra hur rösten fungerar. Skillnaden för barn som lär sig svenska måste bli mindre.",
        ways=[
            {"name": "Följ rådet", "pros": "Barnen behåller stödet läsåret ut", "cons": "Skillnaden finns kvar tills vidare"},
            {"name": "Vänta till våren", "pros": "Leverantören hinner träna om", "cons": "640 barn mister stödet"},
            {"name": "Avsluta försöket", "pros": "Inga uppgifter om barn behandlas", "cons": "Nyttan går förlorad"},
        ],
    )  # fmt: skip
    meetings.close_meeting(actor=world.cast.actor("hanna", _on(now, 20)), now=_on(now, 20), meeting=meeting)
    at = _on(now, 12)
    committees.record_decision(
        actor=world.cast.actor("leila", at), now=at, item=_fresh(item), answer=Decision.Answer.FOLLOWS,
        reasons="Nämnden följer rådet. Båda villkoren gäller.", decided_on=timezone.localdate(at), minute_reference="UBN 2026-11 § 114",
        taken=[condition.pk for condition in _fresh(item).conditions.all()],
    )  # fmt: skip
    world.items["reading"] = _fresh(item)
    later = committees.plan_meeting(
        actor=world.cast.actor("hanna", _on(now, 6)), now=_on(now, 6), committee=committee, starts_at=_ahead(now, 11),
        place="Rum Granen, eller på telefon",
    )  # fmt: skip
    at = _on(now, 5)
    matters.share_matter(
        actor=world.cast.actor("sara", at), now=at, matter=world.matters["absence"], organisation=bodies["lindvika-utbildning"],
        level=Share.Level.READ, purpose="Etiska rådets möte", legal_basis="Inga sekretessbelagda uppgifter",
        ends_at=now + timedelta(days=30),
    )  # fmt: skip
    world.items["absence"] = committees.call_item(
        actor=world.cast.actor("hanna", at), now=at, meeting=later, matter=world.matters["absence"],
        title="Kan risktalet för skolfrånvaro användas vidare?",
    )  # fmt: skip
    committees.ask_opinions(actor=world.cast.actor("hanna", at), now=at, item=_fresh(world.items["absence"]))
    committees.give_opinion(
        actor=world.cast.actor("rut", _on(now, 3)), now=_on(now, 3), item=_fresh(world.items["absence"]), opinion=Opinion.COME_BACK
    )



def _fresh(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def _go_on(world: World, now: datetime) -> None:
    """Afterwards: a parent's objection, a new version of the absence score, and a companion-bot worry."""
    at = _on(now, 8)
    reading = Claim.objects.filter(case__matter=world.matters["reading"], requirement_id="children-heard").get()
    assurance.contest_claim(
        actor=world.cast.actor("sara", at), now=at, claim=reading, title="Två barn fick inte frågorna på teckenspråk",
        note="En vårdnadshavare skrev till kommunen. Rektor vet.",
    )  # fmt: skip
    at = _on(now, 7)
    languages = Claim.objects.filter(case__matter=world.matters["reading"], requirement_id="works-for-all").get()
    bias = Claim.objects.filter(case__matter=world.matters["reading"], requirement_id="errors-by-group").get()
    leila = world.cast.actor("leila", at)
    for claim, days in ((reading, 5), (bias, -2), (languages, 20)):
        _framework, requirement = requirement_of(claim)
        assurance.assign_claim(
            actor=leila, now=at, claim=claim, owner=world.cast.memberships["leila"], due_on=timezone.localdate(now) + timedelta(days=days),
            wording=dict(requirement.claim),
        )  # fmt: skip
    matters.announce_version(
        actor=world.cast.actor("simon", at), now=at, system=world.matters["absence"].system, version="2.5"
    )


def _publish(world: World, now: datetime) -> None:
    """Two public pages: the reading tutor with advice, decision and dissent, and the nursery's story helper."""
    for key, maker, approver, texts in (("reading", "leila", "lotta", READING), ("preschool", "priya", "tom", PRESCHOOL)):
        at = _on(now, 5)
        matter = Matter.objects.get(pk=world.matters[key].pk)
        version = publication.draft_entry(actor=world.cast.actor(maker, at), now=at, matter=matter, texts=texts, shared=key == "reading")
        version = publication.ask_for_approval(
            actor=world.cast.actor(maker, at), now=at, version=version, approver=world.cast.memberships[approver]
        )
        version = publication.approve_entry(
            actor=world.cast.actor(approver, at), now=at, version=version, content_hash=version.content_hash
        )
        publication.publish_entry(actor=world.cast.actor(maker, at), now=at, version=version)


def _import(world: World, now: datetime) -> None:
    """A register file in the Dutch publication standard, made up for the demo."""
    at = _on(now, 4)
    with as_file(files("trygg.front.demo") / "data" / "register-nl-1.0.json") as path:
        kept = keeping.keep_copy(path)
    found = reading.look_at(kept)
    erik = world.cast.actor("erik", at)
    run = imports.begin_import(
        actor=erik, now=at, organisation=world.cast.bodies["sandhamra-barn"], kept=kept, detected=found.detected, mapping=found.mapping
    )
    run = jobs.read(run)
    imports.apply_import(actor=erik, now=at, run=run)
