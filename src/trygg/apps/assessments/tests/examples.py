"""One example call of each public service of assessments: the board's officer owns, the partner answers, the vendor too."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import NOW, People
from trygg.apps.assessments import services
from trygg.apps.assessments.content import Given, answer_mark
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import Answer, AnswerVersion, Assessment, SecondReading, SectionAssignment
from trygg.apps.assessments.tests import every_type, moving
from trygg.apps.assessments.tests.scene import FRAMEWORK, INSTRUMENT, publish
from trygg.kernel.access import Role
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger import Example, example
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter
from trygg.spine.matters.services import add_system, create_matter
from trygg.spine.publication.reusable import Source

READERS = (Role.CONTRIBUTOR, Role.AUDITOR, Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY)
STRANGERS = ("outsider", Role.VENDOR)


def refused(people: People, *who: str | Role) -> tuple:
    return tuple(people.actor(name) for name in who)


def pack() -> PackVersion:
    found = PackVersion.objects.filter(pack_id="small").first()
    if found is None:
        publish(FRAMEWORK)
        found = publish(INSTRUMENT)
    return found


def matter(people: People) -> Matter:
    officer = people.actor(Role.OFFICER)
    system = add_system(actor=officer, now=NOW, owner=people.board, name="Ordstigen", vendor=people.vendor)
    return create_matter(
        actor=officer, now=NOW, owner=people.board, kind="deployment", title="Ordstigen i årskurs 2", system=system
    )


def assessment(people: People) -> Assessment:
    return services.start_assessment(actor=people.actor(Role.OFFICER), now=NOW, matter=matter(people), pack=pack())


def section(people: People, section_id: str = "heard", of: Assessment | None = None) -> SectionAssignment:
    return (of or assessment(people)).sections.get(section_id=section_id)


def sent(which: SectionAssignment, item_id: str, value: object, *, stale: bool = False) -> list[Given]:
    answer = None if stale else Answer.objects.filter(section=which, item_id=item_id).first()
    return [Given(item_id, Content(value), answer_mark(answer))]


def done(people: People) -> Assessment:
    """Both sections done, the technique by the vendor."""
    officer, made = people.actor(Role.OFFICER), assessment(people)
    heard, technique = section(people, "heard", made), section(people, "technique", made)
    services.assign_section(actor=officer, now=NOW, section=technique, organisation=people.vendor)
    services.save_section(actor=officer, now=NOW, section=heard, answers=sent(heard, "who", ["nobody"]))
    services.save_section(
        actor=people.actor(Role.VENDOR), now=NOW, section=technique, answers=sent(technique, "tested", "yes")
    )
    return made


def signed(people: People) -> Assessment:
    made = done(people)
    for who in (Role.OFFICER, Role.VENDOR):
        services.sign_off(actor=people.actor(who), now=NOW, assessment=made)
    return made


@example("assessments.start_assessment")
def start_assessment(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "matter": matter(people), "pack": pack()},
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.assessment_started",),
    )


def shared_piece(found: PackVersion) -> dict:
    """What another municipality shared of its answers to the small questions."""
    answers = [
        {"item": "who", "question": {"en": "Who?"}, "value": ["nobody"], "words": {"en": "nobody"}, "note": "We shall ask them"},
        {"item": "gone", "question": {"en": "Gone?"}, "value": "x", "words": {"en": "x"}, "note": ""},
    ]
    return {
        "of": "assessments", "instrument": "small", "version": found.version, "pack": found.content_hash, "title": found.title,
        "depth": "light", "phase": "", "entries": {}, "locked_on": "2026-09-01", "answers": answers,
    }  # fmt: skip


SOURCE = Source("Lunds kommun", "Ordstigen", 2, date(2026, 9, 2), "a" * 64)


@example("assessments.begin_from_case")
def begin_from_case(people: People) -> Example:
    return Example(
        call={
            "actor": people.actor(Role.OFFICER), "now": NOW, "matter": matter(people), "piece": shared_piece(pack()), "source": SOURCE,
        },
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.assessment_started", "assessments.begun_from_case"),
    )  # fmt: skip


@example("assessments.change_depth")
def change_depth(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "assessment": assessment(people), "depth": "full"},
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.depth_changed",),
    )


@example("assessments.assign_section")
def assign_section(people: People) -> Example:
    return Example(
        call={
            "actor": people.actor(Role.OFFICER),
            "now": NOW,
            "section": section(people),
            "organisation": people.agency,
        },
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.section_assigned",),
    )


@example("assessments.autosave_answers")
def autosave_answers(people: People) -> Example:
    """Records nothing: the section's save does, once, by its hash."""
    which = section(people)
    return Example(
        call={
            "actor": people.actor(Role.OFFICER),
            "now": NOW,
            "section": which,
            "answers": sent(which, "who", ["nobody"]),
        },
        denied=refused(people, Role.AUDITOR, Role.COMMITTEE_MEMBER, *STRANGERS, "partner"),
    )


@example("assessments.save_section")
def save_section(people: People) -> Example:
    which = section(people)
    return Example(
        call={
            "actor": people.actor(Role.OFFICER),
            "now": NOW,
            "section": which,
            "answers": sent(which, "who", ["nobody"]),
        },
        denied=refused(people, Role.AUDITOR, Role.COMMITTEE_MEMBER, *STRANGERS, "partner"),
        records=("assessments.section_saved",),
    )


@example("assessments.settle_version")
def settle_version(people: People) -> Example:
    which = section(people)
    for who, text in ((Role.OFFICER, ["nobody"]), (Role.CONTRIBUTOR, ["children"])):
        services.autosave_answers(
            actor=people.actor(who), now=NOW, section=which, answers=sent(which, "who", text, stale=True)
        )
    version = AnswerVersion.objects.get(answer__section=which)
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "version": version, "choice": "kept"},
        denied=refused(people, Role.AUDITOR, *STRANGERS, "partner"),
        records=("assessments.answers_chosen",),
    )


@example("assessments.comment")
def comment(people: People) -> Example:
    return Example(
        call={
            "actor": people.actor(Role.OFFICER),
            "now": NOW,
            "section": section(people),
            "item_id": "who",
            "text": "Vilka frågade vi?",
            "token": "one",
        },
        denied=refused(people, Role.AUDITOR, Role.COMMITTEE_MEMBER, *STRANGERS, "partner"),
        records=("assessments.comment_made",),
    )


@example("assessments.resolve_comment")
def resolve_comment(people: People) -> Example:
    made = services.comment(**comment(people).call)
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "comment": made},
        denied=refused(people, Role.AUDITOR, *STRANGERS, "partner"),
        records=("assessments.comment_resolved",),
    )


@example("assessments.attach_file")
def attach_file(people: People) -> Example:
    upload = read_upload(SimpleUploadedFile("plan.txt", b"En plan"))
    return Example(
        call={
            "actor": people.actor(Role.OFFICER),
            "now": NOW,
            "section": section(people),
            "item_id": "who",
            "upload": upload,
        },
        denied=refused(people, Role.AUDITOR, *STRANGERS, "partner"),
        records=("assessments.file_attached", "files.file_stored"),
    )


@example("assessments.remove_attached_file")
def remove_attached_file(people: People) -> Example:
    stored = services.attach_file(**attach_file(people).call)
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "stored": stored},
        denied=refused(people, Role.AUDITOR, *STRANGERS, "partner"),
        records=("assessments.file_removed", "files.file_removed"),
    )


@example("assessments.sign_off")
def sign_off(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.VENDOR), "now": NOW, "assessment": done(people)},
        denied=refused(people, *READERS, "outsider", "partner"),
        records=("assessments.signed_off",),
    )


@example("assessments.withdraw_sign_off")
def withdraw_sign_off(people: People) -> Example:
    signature = signed(people).signoffs.get(organisation=people.board)
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "signoff": signature},
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.sign_off_withdrawn",),
    )


@example("assessments.lock_assessment")
def lock_assessment(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "assessment": signed(people)},
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.assessment_locked",),
    )


@example("assessments.reopen_assessment")
def reopen_assessment(people: People) -> Example:
    locked = services.lock_assessment(**lock_assessment(people).call)
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "assessment": locked},
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.assessment_reopened",),
    )


def uses(people: People) -> SectionAssignment:
    """The repeated section of the instrument that uses every type."""
    packs = PackVersion.objects.filter(pack_id="every-type")
    found = packs.first() or publish(every_type.data())
    made = services.start_assessment(actor=people.actor(Role.OFFICER), now=NOW, matter=matter(people), pack=found)
    return made.sections.get(section_id="uses")


@example("assessments.add_entry")
def add_entry(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "section": uses(people), "name": "Betyg"},
        denied=refused(people, Role.AUDITOR, Role.COMMITTEE_MEMBER, *STRANGERS, "partner"),
        records=("assessments.entry_added",),
    )


@example("assessments.name_entry")
def name_entry(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "section": uses(people), "entry": "1", "name": "Betyg"},
        denied=refused(people, Role.AUDITOR, Role.COMMITTEE_MEMBER, *STRANGERS, "partner"),
        records=("assessments.entry_named",),
    )


@example("assessments.remove_entry")
def remove_entry(people: People) -> Example:
    which = uses(people)
    services.add_entry(actor=people.actor(Role.OFFICER), now=NOW, section=which, name="Betyg")
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "section": which, "entry": "2"},
        denied=refused(people, Role.AUDITOR, Role.COMMITTEE_MEMBER, *STRANGERS, "partner"),
        records=("assessments.entry_removed",),
    )


@example("assessments.fulfil_obligation")
def fulfil_obligation(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "task": moving.obliged(people), "note": "Told them."},
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.obligation_fulfilled",),
    )


@example("assessments.upgrade_assessment")
def upgrade_assessment(people: People) -> Example:
    made = moving.begun(people)
    return Example(
        call={
            "actor": people.actor(Role.OFFICER),
            "now": NOW,
            "assessment": made,
            "pack": moving.other("moving", "1.1.0"),
        },
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.assessment_upgraded",),
    )


@example("assessments.undo_upgrade")
def undo_upgrade(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "assessment": moving.upgraded(people)},
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.upgrade_undone",),
    )


@example("assessments.begin_next_phase")
def begin_next_phase(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "assessment": moving.locked(people)},
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.phase_begun",),
    )


def second_reading(people: People) -> SecondReading:
    """The administrator reads a second time what the officer answered."""
    return services.ask_second_reader(
        actor=people.actor(Role.OFFICER), now=NOW, assessment=done(people), membership=people.memberships["administrator"]
    )


def second_done(people: People) -> SecondReading:
    """The two differ in `who`."""
    reading, reader = second_reading(people), people.actor(Role.ADMINISTRATOR)
    answers = [Given("who", Content(["children"])), Given("how", Content("By drawing")), Given("tested", Content("yes"))]
    answers.append(Given("deep", Content(3)))  # asked where the case has become deep
    services.save_second_answers(actor=reader, now=NOW, reading=reading, answers=answers)
    return services.finish_second_reading(actor=reader, now=NOW, reading=reading)


@example("assessments.ask_second_reader")
def ask_second_reader(people: People) -> Example:
    return Example(
        call={
            "actor": people.actor(Role.OFFICER),
            "now": NOW,
            "assessment": assessment(people),
            "membership": people.memberships["administrator"],
        },
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.second_reader_asked",),
    )


@example("assessments.save_second_answers")
def save_second_answers(people: People) -> Example:
    """Records nothing: being done does, by its hash."""
    return Example(
        call={
            "actor": people.actor(Role.ADMINISTRATOR),
            "now": NOW,
            "reading": second_reading(people),
            "answers": [Given("who", Content(["children"]))],
        },
        denied=refused(people, Role.OFFICER, *READERS, *STRANGERS, "partner"),
    )


@example("assessments.finish_second_reading")
def finish_second_reading(people: People) -> Example:
    reading = second_reading(people)
    answers = [Given("who", Content(["nobody"])), Given("tested", Content("yes")), Given("deep", Content(3))]
    services.save_second_answers(actor=people.actor(Role.ADMINISTRATOR), now=NOW, reading=reading, answers=answers)
    return Example(
        call={"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, "reading": reading},
        denied=refused(people, Role.OFFICER, *READERS, *STRANGERS, "partner"),
        records=("assessments.second_reading_done",),
    )


@example("assessments.withdraw_second_reading")
def withdraw_second_reading(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "reading": second_reading(people)},
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.second_reading_withdrawn",),
    )


@example("assessments.settle_difference")
def settle_difference(people: People) -> Example:
    return Example(
        call={
            "actor": people.actor(Role.OFFICER),
            "now": NOW,
            "reading": second_done(people),
            "item_id": "who",
            "choice": "second",
            "note": "Vi läste loggen.",
        },
        denied=refused(people, *READERS, *STRANGERS, "partner"),
        records=("assessments.difference_settled",),
    )


from trygg.apps.assessments.tests import examples_dossier  # noqa: E402, F401  (its examples use what stands here)
