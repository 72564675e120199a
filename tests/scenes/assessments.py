"""An assessment of the matter: one section given to the vendor, one signed, one text that two people wrote."""

from tests.world import NOW, World
from trygg.apps.assessments import services
from trygg.apps.assessments.content import Given
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import AnswerVersion, Assessment, DossierText, Taking
from trygg.apps.assessments.tests import every_type, examples, examples_dossier, moving
from trygg.kernel.access import Actor, Role
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter, System


def add(world: World) -> None:
    people = world.people
    officer = people.actor(Role.OFFICER)
    matter = Matter.objects.get(key=world.arguments["matter_key"])
    pack = PackVersion.objects.get(pack_id="child-rights-screening", current=True)
    made = services.start_assessment(actor=officer, now=NOW, matter=matter, pack=pack)
    first, last = made.sections.order_by("order").first(), made.sections.order_by("order").last()
    services.assign_section(actor=officer, now=NOW, section=last, organisation=people.vendor)
    world.arguments |= {
        "assessment_id": made.pk, "section_id": first.pk, "assessments item_id": pack.content["sections"][0]["items"][0]["id"],
    }  # fmt: skip
    world.queries["people:ask"] = f"?for=/assessments/sections/{first.pk}/"
    _small(world)
    _moving(world)
    _every_type(world)
    _second_readers(world)
    _dossiers(world)
    _theirs(world)
    _buying(world)


def _small(world: World) -> None:
    """The room's own small instrument, on a matter of its own: signed by the vendor, and with two texts for one question."""
    people = world.people
    officer, vendor = people.actor(Role.OFFICER), people.actor(Role.VENDOR)
    made = examples.done(people)
    services.sign_off(actor=vendor, now=NOW, assessment=made)
    heard = made.sections.get(section_id="heard")
    services.save_section(actor=officer, now=NOW, section=heard, answers=examples.sent(heard, "how", "By drawing"))
    other = people.actor(Role.ADMINISTRATOR)
    services.save_section(actor=other, now=NOW, section=heard, answers=examples.sent(heard, "how", "By talking", stale=True))
    world.arguments["signoff_id"] = made.signoffs.get().pk
    world.arguments["assessments:choose version_id"] = AnswerVersion.objects.latest("pk").pk


def _every_type(world: World) -> None:
    """The instrument with every type of question: two uses, one of them taken away, answers that give points."""
    officer = world.people.actor(Role.OFFICER)
    uses = examples.uses(world.people)
    act = {"actor": officer, "now": NOW}
    for name in ("Betyg", "Schema"):
        services.add_entry(**act, section=uses, name=name)
    for item, value in (("decides@1", "helps"), ("decides@3", "alone")):
        services.save_section(**act, section=uses, answers=examples.sent(uses, item, value))
    services.remove_entry(**act, section=uses, entry="3", confirmed=True)
    rights = uses.assessment.sections.get(section_id="rights")
    services.save_section(**act, section=rights, answers=examples.sent(rights, "harm", every_type.MARKS))
    for name in ("add_entry", "entry", "removed_entries"):
        world.arguments[f"assessments:{name} section_id"] = uses.pk
    world.arguments["assessments:entry entry"] = "2"
    world.arguments |= {f"assessments:{name} assessment_id": uses.assessment_id for name in ("score", "score_json", "what_if", "ask_reader")}


def _moving(world: World) -> None:
    """One with newer questions to move to, one that was moved, one whose first phase is locked."""
    people = world.people
    made = moving.begun(people, "waiting")
    moving.other("waiting", "1.1.0")
    world.arguments["assessments:upgrade assessment_id"] = made.pk
    moved = moving.upgraded(people, "moved")
    world.arguments["assessments:undo_upgrade assessment_id"] = world.arguments["assessments:carried assessment_id"] = moved.pk
    world.arguments["assessments:next_phase assessment_id"] = moving.locked(people).pk
    world.arguments["task_id"] = moving.obliged(people).pk


def _second_readers(world: World) -> None:
    """One who is done and differs, one who answers alone."""
    people = world.people
    done = examples.second_done(people)
    reading = services.ask_second_reader(
        actor=people.actor(Role.OFFICER), now=NOW, assessment=done.assessment, membership=people.memberships["data_steward"]
    )
    answers = [Given("who", Content(["children"]))]
    services.save_second_answers(actor=people.actor(Role.DATA_STEWARD), now=NOW, reading=reading, answers=answers)
    world.arguments |= {
        "reading_id": reading.pk, "assessments:differences reading_id": done.pk, "assessments:settle reading_id": done.pk,
        "assessments:settle item_id": "who", "assessments:reading_autosave item_id": "who", "assessments:reading_section section": "heard",
    }  # fmt: skip


def lock_small(matter: Matter, officer: Actor) -> Assessment:
    """The room's small instrument answered, signed and locked for a matter by one officer."""
    act = {"actor": officer, "now": NOW}
    made = services.start_assessment(**act, matter=matter, pack=examples.pack())
    for section_id, item, value in (("heard", "who", ["nobody"]), ("heard", "deep", 4), ("technique", "tested", "yes")):
        section = made.sections.get(section_id=section_id)
        services.save_section(**act, section=section, answers=examples.sent(section, item, value))
    services.sign_off(**act, assessment=made)
    return services.lock_assessment(**act, assessment=made)


def _theirs(world: World) -> None:
    """One that was begun with another municipality's answers."""
    people = world.people
    made = services.begin_from_case(
        actor=people.actor(Role.OFFICER), now=NOW, matter=examples.matter(people), piece=examples.shared_piece(examples.pack()),
        source=examples.SOURCE,
    )  # fmt: skip
    world.arguments["assessments:theirs assessment_id"] = made.pk


def _buying(world: World) -> None:
    """A purchase: its answers choose tender questions and contract clauses."""
    officer = world.people.actor(Role.OFFICER)
    pack = PackVersion.objects.get(pack_id="ai-procurement", current=True)
    made = services.start_assessment(actor=officer, now=NOW, matter=examples.matter(world.people), pack=pack)
    need = made.sections.get(section_id="need")
    services.save_section(actor=officer, now=NOW, section=need, answers=examples.sent(need, "scope", ["talks"]))
    world.arguments |= {f"assessments:{name} assessment_id": made.pk for name in ("tender", "tender_word")}
    world.arguments["assessments:tender_word language"] = "sv"


def _dossiers(world: World) -> None:
    """A dossier in its second version, an answer that was taken over from the first, and a text that two people wrote."""
    people = world.people
    review = examples_dossier.review(people)
    dossier, taken = review.dossier, Taking.objects.get()
    vendor = people.actor(Role.VENDOR)
    other = examples_dossier.draft(people, "Läslyft Lek")
    examples_dossier.make.write(other, vendor, NOW, does="Lyssnar")
    text = DossierText.objects.create(
        answer=other.answers.get(item_id="does"), value="Lyssnar och rättar", written_by="Sol Ek, Läslyft AB", written_by_id="9",
        written_at=NOW, loaded="x",
    )  # fmt: skip
    world.arguments |= {
        "dossier_id": dossier.pk, "assessments:dossier_section section": "about", "assessments:add_dossier_entry section": "inside",
        "assessments:dossier_autosave item_id": "does", "text_id": text.pk, "review_id": review.pk, "taking_id": taken.pk,
        "assessments:dossier_version version_id": review.version_id, "assessments:withdraw_dossier version_id": review.version_id,
        "assessments:reuse assessment_id": taken.assessment_id,
    }  # fmt: skip
    System.objects.create(name="Läslyft Plus", owner=people.board, vendor=people.vendor, created_at=NOW, updated_at=NOW)
    examples_dossier.make.write(dossier, vendor, NOW, limits="Buller")
