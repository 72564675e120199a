"""Two steps by two people, versions that never change, retraction, and what must not go out."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.world import NOW, add
from trygg.kernel.access import Denied, Role
from trygg.kernel.ledger.models import Entry
from trygg.kernel.work.models import Task
from trygg.spine.matters.services import edit_matter, set_stage
from trygg.spine.publication import sections, services, tasks
from trygg.spine.publication.content import content_hash
from trygg.spine.publication.models import EntryVersion, PublishedEntry
from trygg.spine.publication.selectors import differences
from trygg.spine.publication.tests import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    """A section of another room, for as long as a test lasts."""
    made = []

    def register(name, build, **more):
        sections.register(name, 10, build, **more)
        made.append(name)

    yield register
    for name in made:
        del sections.SECTIONS[name]


def open_tasks(code):
    return Task.objects.filter(code=code, done_at=None)


def test_the_one_who_wrote_it_cannot_approve_it(people):
    version = scene.asked(people)
    with pytest.raises(Denied):
        services.approve_entry(
            actor=people.actor("officer"), now=NOW, version=version, content_hash=version.content_hash
        )
    assert EntryVersion.objects.get().state == "draft"


def test_not_even_in_another_role(people):
    version = scene.asked(people)
    add(people.board, "Leila Nordin", Role.ADMINISTRATOR)  # the same address is the same person
    other = people.person("officer").memberships.get(role="administrator")
    from trygg.kernel.people.selectors import actor_from_membership

    with pytest.raises(Denied):
        services.approve_entry(
            actor=actor_from_membership(other, now=NOW), now=NOW, version=version, content_hash=version.content_hash
        )


def test_the_database_itself_refuses_an_approval_by_the_maker(people):
    version = scene.approved(people)
    version.approved_by_id = version.made_by_id
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


def test_nothing_is_published_that_is_not_approved(people):
    version = scene.asked(people)
    with pytest.raises(Denied):
        services.publish_entry(actor=people.actor("administrator"), now=NOW, version=version)
    assert not PublishedEntry.objects.exists()


def test_nobody_approves_what_was_not_asked_for(people):
    version = scene.drafted(people)
    with pytest.raises(Denied):
        services.approve_entry(
            actor=people.actor("administrator"), now=NOW, version=version, content_hash=version.content_hash
        )


def test_who_edits_the_draft_becomes_the_one_who_wrote_it(people):
    version = scene.asked(people)
    changed = scene.drafted(
        people, version.entry.matter, texts={"sv": {"summary": "En annan text."}}, by="administrator"
    )
    assert changed.pk == version.pk and changed.asked_at is None
    services.ask_for_approval(actor=people.actor("officer"), now=NOW, version=changed)
    with pytest.raises(Denied):
        services.approve_entry(
            actor=people.actor("administrator"), now=NOW, version=changed, content_hash=changed.content_hash
        )
    services.approve_entry(actor=people.actor("officer"), now=NOW, version=changed, content_hash=changed.content_hash)


def test_an_approval_is_of_the_text_that_was_read(people):
    version = scene.asked(people)
    with pytest.raises(ValidationError, match="changed after you opened"):
        services.approve_entry(actor=people.actor("administrator"), now=NOW, version=version, content_hash="0" * 64)


def test_changing_an_approved_draft_ends_the_approval(people):
    version = scene.approved(people)
    changed = scene.drafted(people, version.entry.matter, texts={"sv": {"summary": "En annan text."}})
    assert (changed.state, changed.approved_by, changed.asked_at) == ("draft", None, None)


def test_the_system_never_publishes(people):
    from tests.world import SYSTEM

    version = scene.approved(people)
    with pytest.raises(Denied):
        services.publish_entry(actor=SYSTEM, now=NOW, version=version)


def test_a_secret_matter_is_not_published(people):
    version = scene.approved(people)
    edit_matter(actor=people.actor("officer"), now=NOW, matter=version.entry.matter, changes={"secrecy": "secret"})
    with pytest.raises(Denied):
        services.publish_entry(actor=people.actor("officer"), now=NOW, version=version)
    with pytest.raises(Denied):
        scene.drafted(people, version.entry.matter)


def test_tasks_follow_the_steps(people):
    version = scene.asked(people)
    task = open_tasks(tasks.APPROVE).get()
    assert (task.role, task.assignee, task.path) == ("officer", None, f"/publication/versions/{version.pk}/")
    services.return_draft(actor=people.actor("administrator"), now=NOW, version=version, reason="Say who decides.")
    assert not open_tasks(tasks.APPROVE).exists()
    assert open_tasks(tasks.CORRECT).get().assignee == people.memberships["officer"]
    version = scene.approved(people, version.entry.matter, texts={"sv": {"summary": "Läraren bestämmer."}})
    assert not open_tasks(tasks.CORRECT).exists()
    assert open_tasks(tasks.PUBLISH).get().assignee == people.memberships["officer"]
    services.publish_entry(actor=people.actor("officer"), now=NOW, version=version)
    assert not Task.objects.filter(code__startswith="publication", done_at=None).exists()


def test_one_may_ask_a_certain_person_but_not_oneself(people):
    version = scene.drafted(people)
    with pytest.raises(ValidationError, match="another person"):
        services.ask_for_approval(
            actor=people.actor("officer"), now=NOW, version=version, approver=people.memberships["officer"]
        )
    with pytest.raises(ValidationError, match="may edit"):
        services.ask_for_approval(
            actor=people.actor("officer"), now=NOW, version=version, approver=people.memberships["analyst"]
        )
    services.ask_for_approval(
        actor=people.actor("officer"), now=NOW, version=version, approver=people.memberships["administrator"]
    )
    assert open_tasks(tasks.APPROVE).get().assignee == people.memberships["administrator"]


def test_a_published_version_is_never_changed_by_a_new_one(people):
    first = scene.published(people)
    before = EntryVersion.objects.filter(pk=first.pk).values().get()
    matter = set_stage(actor=people.actor("officer"), now=NOW, matter=first.entry.matter, stage="trial")
    second = scene.published(people, matter, texts={"sv": {"summary": "En ny text."}})
    assert (first.number, second.number) == (1, 2)
    assert EntryVersion.objects.filter(pk=first.pk).values().get() == before
    assert content_hash(before["content"]) == before["content_hash"]
    assert PublishedEntry.objects.get().number == 2


def test_saving_the_same_draft_again_records_nothing(people):
    version = scene.drafted(people)
    count = Entry.objects.count()
    assert scene.drafted(people, version.entry.matter).pk == version.pk
    assert Entry.objects.count() == count


def test_the_hash_of_what_was_published_stands_in_the_ledger(people):
    version = scene.published(people)
    entry = Entry.objects.get(action="publication.entry_published")
    assert entry.public["hash"] == version.content_hash == content_hash(version.content)


def test_retracting_takes_it_out_of_the_list_and_keeps_the_earlier_versions(people):
    first = scene.published(people)
    second = scene.published(people, first.entry.matter, texts={"sv": {"summary": "En ny text."}})
    services.retract_entry(actor=people.actor("officer"), now=NOW, entry=second.entry, reason="wrong")
    assert not PublishedEntry.objects.exists()
    assert list(EntryVersion.objects.order_by("number").values_list("state", "reason")) == [
        ("published", ""),
        ("retracted", "wrong"),
    ]


def test_retracting_everything(people):
    first = scene.published(people)
    second = scene.published(people, first.entry.matter, texts={"sv": {"summary": "En ny text."}})
    services.retract_entry(
        actor=people.actor("officer"), now=NOW, entry=second.entry, reason="personal", everything=True
    )
    assert set(EntryVersion.objects.values_list("state", flat=True)) == {"retracted"}
    assert Entry.objects.get(action="publication.entry_retracted").public["numbers"] == [1, 2]


def test_retracting_needs_a_reason_that_was_read_beforehand(people):
    version = scene.published(people)
    with pytest.raises(ValidationError):
        services.retract_entry(
            actor=people.actor("officer"), now=NOW, entry=version.entry, reason="Because Leila said so"
        )


def test_after_retracting_a_new_version_can_be_published(people):
    version = scene.published(people)
    services.retract_entry(actor=people.actor("officer"), now=NOW, entry=version.entry, reason="wrong")
    scene.published(people, version.entry.matter, texts={"sv": {"summary": "Nu är det rätt."}})
    assert PublishedEntry.objects.get().number == 2


@pytest.mark.parametrize(
    "text", ["Fråga Leila Nordin om det.", "Barnet har nummer 20121212-1212.".replace("20121212-1212", "640823-3234")]
)
def test_names_and_identity_numbers_are_refused_in_what_is_typed(people, text):
    matter = scene.matter_of(people)
    with pytest.raises(ValidationError) as refused:
        scene.drafted(people, matter, texts={"sv": {"summary": text}})
    assert list(refused.value.error_dict) == ["summary_sv"]


def test_a_name_from_the_case_hinders_asking(people):
    version = scene.drafted(people, scene.matter_of(people, children_human="Ring Leila Nordin."))
    with pytest.raises(ValidationError, match="Leila Nordin"):
        services.ask_for_approval(actor=people.actor("officer"), now=NOW, version=version)


def test_a_young_members_name_is_found_even_without_a_surname(people, section):
    young = people.person("committee_member")
    young.display_name, young.youth = "Alva", True
    young.save()
    section(
        "advice",
        lambda matter, now: {
            "heading": {"sv": "Råd"},
            "quotes": [{"text": {"und": "Jag håller inte med."}, "by": {"und": "Alva"}}],
        },
    )
    with pytest.raises(ValidationError, match="Alva"):
        scene.asked(people)


def test_the_content_holds_roles_and_no_names(people):
    text = str(scene.published(people).content)
    assert not [name for name in (m.person.display_name for m in people.memberships.values()) if name in text]
    assert "Officer" in text and "Handläggare" in text


def test_sections_are_kept_as_they_were_said_and_gaps_are_named(people, section):
    section("advice", lambda matter, now: None, missing=lambda: "No committee has given advice here.")
    version = scene.published(people)
    gap = {"en": "No committee has given advice here.", "sv": "No committee has given advice here."}
    assert version.content["sections"] == [] and gap in version.content["gaps"]


def test_a_section_with_a_key_that_no_page_shows_is_a_mistake(people, section):
    section("advice", lambda matter, now: {"heading": {"sv": "Råd"}, "votes": 3})
    with pytest.raises(ValueError, match="votes"):
        scene.drafted(people)


def test_it_is_told_what_differs_from_the_case(people):
    version = scene.published(people)
    matter = version.entry.matter
    assert differences(version, matter, NOW) == []
    set_stage(actor=people.actor("officer"), now=NOW, matter=matter, stage="trial")
    edit_matter(actor=people.actor("officer"), now=NOW, matter=matter, changes={"children_where": "Ekskolan"})
    assert differences(version, matter, NOW) == ["the stage", "how children meet it and are told"]


def test_texts_that_do_not_exist_are_a_mistake(people):
    with pytest.raises(ValueError, match="no such text"):
        scene.drafted(people, texts={"sv": {"heading": "x"}})


def test_a_text_that_is_too_long_is_refused_and_not_cut(people):
    with pytest.raises(ValidationError) as refused:
        scene.drafted(people, texts={"sv": {"headline": "a" * 121}})
    assert "121" in str(refused.value)
